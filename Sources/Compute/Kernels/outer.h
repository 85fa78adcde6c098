// How much of a sum of outer products is summed up at once.
#ifndef RECURRENT_KERNELS_OUTER_H
#define RECURRENT_KERNELS_OUTER_H

#include <stdint.h>

#include "tile.h"

enum {
  RK_OUTER_ROWS = 256,     // of a block, at most
  RK_OUTER_COLUMNS = 256,  // of a part of the matrix, at most
  RK_OUTER_HEIGHTS = 64,   // of such a part, in tiles above each other
  RK_OUTER_STRIPS = 8,     // of left that are copied together
  RK_OUTER_TALLEST = 8,    // results of a tile, at most
};

// Columns of a part of a matrix, at most, in whole lines.
static inline int64_t rk_outer_columns(int64_t k) {
  int64_t columns = (k + RK_LINE - 1) / RK_LINE * RK_LINE;
  return columns < RK_OUTER_COLUMNS ? columns : RK_OUTER_COLUMNS;
}

// Floats of a part of a matrix, at most.
static inline int64_t rk_outer_part(int64_t n, int64_t k) {
  int64_t most = RK_OUTER_HEIGHTS * RK_OUTER_TALLEST;
  return (n < most ? n : most) * rk_outer_columns(k);
}

// Floats from one strip of left to the next, for tiles of some height: a line more than the rows fill, so that strips lie in
// different sets of the cache.
#define RK_STRIP_STRIDE(height) (RK_OUTER_ROWS * (height) + RK_LINE)

// How many levels a balanced binary tree has above `leaves` leaves.
static inline int32_t rk_tree_height(int32_t leaves) {
  int32_t height = 0;
  while (((int64_t)1 << height) < leaves) height++;
  return height;
}

#endif
