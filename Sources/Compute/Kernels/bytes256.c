// Bytes times bytes with the instructions for sums of products of bytes, in vectors of 256 bits.
#if defined(__x86_64__)
#include <immintrin.h>

#include "product.h"
#include "tile.h"

#define VL 8
#define HAS_FMA 1
#define REGISTERS 16
#define BYTE_DOTS 1
#define BYTE_DOTS_OF(sum, x, w) (vi)_mm256_dpbusd_avx_epi32((__m256i)(sum), (__m256i)(x), (__m256i)(w))

#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,avxvnni"))), apply_to = function)
#include "vector.inc"
#include "tiles.inc"
#include "bytes.inc"

NARROW_TILES(TILE_OF_BYTES)

#define ENTRY(mr, nv) [mr][nv] = tile_RK_INT8_BY_INT8_##mr##_##nv,
const rk_byte_tiles rk_byte_tiles_256 = {NARROW_TILES(ENTRY)};
#pragma clang attribute pop
#endif
