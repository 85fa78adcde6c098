// Bytes times bytes with the instructions for sums of products of bytes, in vectors of 512 bits.
#if defined(__x86_64__)
#include <immintrin.h>

#include "product.h"
#include "tile.h"

#define VL 16
#define HAS_FMA 1
#define REGISTERS 32
#define BYTE_DOTS 1
#define BYTE_DOTS_OF(sum, x, w) (vi)_mm512_dpbusd_epi32((__m512i)(sum), (__m512i)(x), (__m512i)(w))

#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512vl,avx512bw,avx512vnni,fma"))), apply_to = function)
#include "vector.inc"
#include "tiles.inc"
#include "bytes.inc"

NARROW_TILES(TILE_OF_BYTES)

#define ENTRY(mr, nv) [mr][nv] = tile_RK_INT8_BY_INT8_##mr##_##nv,
const rk_byte_tiles rk_byte_tiles_512 = {NARROW_TILES(ENTRY)};
#pragma clang attribute pop
#endif
