// What the tiles of a product read and write.
#ifndef RECURRENT_KERNELS_PRODUCT_H
#define RECURRENT_KERNELS_PRODUCT_H

#include "kernels.h"

// The sources of a product and the panels of a tile.
typedef struct {
  const float *panels;
  int64_t panel_stride;
  const float *scales;  // of the sources, or from the tile's first result on
  const float *x;
  int64_t x_stride;  // from row to row
  int64_t k;         // 0: there is no such product
} tile_sources;

// What a tile reads and writes. The sums of a product that adds to what another one has written go on in registers.
typedef struct {
  tile_sources sources, added;
  const float *bias;  // at the tile's first result, or NULL
  float *out;
  int64_t out_stride;
  int64_t results;  // (nv - 1) VL < results <= nv VL
  int32_t accumulate;
} tile_arguments;

typedef void (*tile_function)(const tile_arguments *) RK_NONBLOCKING;

enum { RK_MOST_BYTE_ROWS = 4, RK_MOST_BYTE_PANELS = 8 };

// Tiles of bytes times bytes by rows and panels, for processors with sums of products of bytes.
typedef tile_function rk_byte_tiles[RK_MOST_BYTE_ROWS + 1][RK_MOST_BYTE_PANELS + 1];
#if defined(__x86_64__)
extern const rk_byte_tiles rk_byte_tiles_512, rk_byte_tiles_256;
#endif

#endif
