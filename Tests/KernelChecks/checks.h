// What the checks of the kernels share: numbers, arrays, and how a fault is told.
#ifndef KERNEL_CHECKS_H
#define KERNEL_CHECKS_H

#include <stdint.h>

#include "kernels.h"

enum { COUNT_OF_COUNTS = 12 };
/// Lengths below, at and beyond those of vectors.
extern const int64_t counts[COUNT_OF_COUNTS];

/// The relative error of one rounding.
extern const double roundoff;

/// Begins a check; faults are told under its name.
void begin(const rk_kernels *kernels, const char *check);
/// Notes a fault unless `value` is within `bound` of `exact`, or both are NaN.
void expect(double value, double exact, double bound, const char *what, int64_t place);
/// Notes a fault unless two arrays have the same bits.
void expect_same(const float *a, const float *b, int64_t count, const char *what);
/// Faults noted so far.
int64_t fault_count(void);

/// `count` floats aligned to a cache line, to be freed by their owner.
float *array(int64_t count);
/// The same between -scale and scale, drawn from a generator that starts anew with `draw_from`.
float *numbers(int64_t count, float scale);
void draw_from(uint64_t seed);
uint32_t random_bits(void);
/// A copy of an array.
float *copy(const float *from, int64_t count);

/// Serves once.
void check_work_sharing(const rk_kernels *kernels);
void check_products(const rk_kernels *kernels);
void check_outer_products(const rk_kernels *kernels);
void check_primitives(const rk_kernels *kernels);
void check_sums(const rk_kernels *kernels);
void check_softmax(const rk_kernels *kernels);
void check_optimizers(const rk_kernels *kernels);

#endif
