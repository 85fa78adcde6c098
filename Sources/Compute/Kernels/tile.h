// How much of a pointwise program runs at once.
#ifndef RECURRENT_KERNELS_TILE_H
#define RECURRENT_KERNELS_TILE_H

#include <stdint.h>

enum {
  // 24 KB of registers leave a quarter of a 32 KB first-level cache to the buffers that stream through.
  RK_TILE_FLOATS = 6144,
  // Programs with few registers still read and write buffers: their tiles are as large as if they had these many.
  RK_TILE_FEWEST_REGISTERS = 4,
  // Floats of a tile of a matrix in scratch memory: as many as the widest level has in registers.
  RK_MATRIX_TILE = 256,
  // Floats of a cache line.
  RK_LINE = 16,
};

// Elements of one register of a tile.
static inline int64_t rk_tile_elements(int32_t registers) {
  int64_t sharers = registers > RK_TILE_FEWEST_REGISTERS ? registers : RK_TILE_FEWEST_REGISTERS;
  int64_t elements = RK_TILE_FLOATS / sharers / RK_LINE * RK_LINE;
  return elements > RK_LINE ? elements : RK_LINE;
}

// Floats between one register of a tile and the next: whole cache lines, an odd number of them. Were it a multiple of
// 4 KB, a load from one register would look to the processor like one from the store just made to another.
static inline int64_t rk_register_stride(int64_t elements) {
  int64_t lines = (elements + RK_LINE - 1) / RK_LINE;
  return (lines | 1) * RK_LINE;
}

#endif
