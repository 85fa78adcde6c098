// AVX-512 as all processors since the first server ones have it.
#if defined(__x86_64__)
#include <immintrin.h>
#include <math.h>
#include <string.h>

#include "level.h"
#include "barrier.h"
#include "outer.h"
#include "primitives.h"
#include "product.h"
#include "tile.h"

#define LEVEL rk_avx512
#define LEVEL_NAME "avx512"
#define VL 16
#define HAS_FMA 1
#define REGISTERS 32
#define BYTE_TILES rk_byte_tiles_512
#define HAS_BYTE_TILES __builtin_cpu_supports("avx512vnni")

#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512vl,avx512bw,fma"))), apply_to = function)
#include "level.inc"
#pragma clang attribute pop
#endif
