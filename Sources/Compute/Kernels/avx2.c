// AVX2 with fused multiply-add and conversions of halves, which all processors with AVX2 have.
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

#define LEVEL rk_avx2
#define LEVEL_NAME "avx2"
#define VL 8
#define HAS_FMA 1
#define REGISTERS 16
#define BYTE_TILES rk_byte_tiles_256
#define HAS_BYTE_TILES __builtin_cpu_supports("avxvnni")

#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#include "level.inc"
#pragma clang attribute pop
#endif
