// AVX-512 as all processors since the first server ones have it.
#if defined(__x86_64__)
#include <immintrin.h>
#include <math.h>
#include <string.h>

#include "level.h"
#include "barrier.h"
#include "outer.h"
#include "primitives.h"
#include "tile.h"

#define LEVEL rk_avx512
#define LEVEL_NAME "avx512"
#define VL 16
#define HAS_FMA 1
#define REGISTERS 32

#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512vl,avx512bw,fma"))), apply_to = function)
#include "level.inc"
#pragma clang attribute pop
#endif
