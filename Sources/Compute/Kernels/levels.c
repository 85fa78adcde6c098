// Which levels there are, what this processor can run, and what has the same answer at every level.
#if defined(__linux__)
#define _GNU_SOURCE
#include <sched.h>
#endif
#include <string.h>
#include <unistd.h>

#include "level.h"
#include "outer.h"
#include "primitives.h"
#include "tile.h"

static const rk_kernels *const levels[] = {
    &rk_baseline,
#if defined(__x86_64__)
    &rk_avx2,
    &rk_avx512,
#endif
};

int32_t rk_level_count(void) { return sizeof levels / sizeof levels[0]; }

static int processor_can_run(const rk_kernels *level) {
#if defined(__x86_64__)
  if (level == &rk_avx2) return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
  if (level == &rk_avx512) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("fma");
  }
#endif
  return level == &rk_baseline;
}

const rk_kernels *rk_level(int32_t level) {
  if (level < 0 || level >= rk_level_count()) return NULL;
  return processor_can_run(levels[level]) ? levels[level] : NULL;
}

const char *rk_level_name(int32_t level) { return level < 0 || level >= rk_level_count() ? NULL : levels[level]->name; }

int32_t rk_processor_count(void) {
#if defined(__linux__)
  // A container or `taskset` may allow fewer than there are.
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0 && CPU_COUNT(&allowed) > 0) return CPU_COUNT(&allowed);
#endif
  long online = sysconf(_SC_NPROCESSORS_ONLN);
  return online > 0 ? (int32_t)online : 1;
}

#define NAME(name, value) #name,
static const char *const operation_names[] = {RK_PRIMITIVES(NAME, NAME, NAME, NAME, NAME, NAME)};
#undef NAME

int32_t rk_operation_count(void) { return sizeof operation_names / sizeof operation_names[0]; }

int32_t rk_operation(const char *name) {
  for (int32_t i = 0; i < rk_operation_count(); i++) {
    if (strcmp(operation_names[i], name) == 0) return i;
  }
  return -1;
}

int64_t rk_quantized_size(int32_t k) { return 1 + ((int64_t)k + RK_LINE - 1) / RK_LINE * RK_LINE / 4; }

int64_t rk_scratch_size(int32_t width, int32_t registers) {
  // Rows that run at once without being cut may fill up to a line more.
  int64_t elements = rk_tile_elements(registers) + RK_LINE - 1;
  return registers * rk_register_stride(width > elements ? width : elements);
}

int64_t rk_matrix_scratch_size(int32_t tiles) { return (int64_t)tiles * RK_MATRIX_TILE; }

int64_t rk_outer_scratch_size(int32_t shards, int32_t source_count, int64_t n, int64_t k) {
  int64_t stacked = rk_tree_height(shards) + rk_tree_height(source_count);
  int64_t panels = RK_OUTER_ROWS * rk_outer_columns(k), strips = RK_OUTER_STRIPS * RK_STRIP_STRIDE(RK_OUTER_TALLEST);
  return panels + strips + stacked * rk_outer_part(n, k);
}
