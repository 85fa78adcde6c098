// The primitives, within the units in the last place that the project's table of primitives gives each.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "checks.h"

static double logistic(double a) { return a >= 0 ? 1 / (1 + exp(-a)) : exp(a) / (1 + exp(a)); }
static double larger(double a, double b) { return isnan(a) ? a : isnan(b) ? b : a > b ? a : b; }
static double smaller(double a, double b) { return isnan(a) ? a : isnan(b) ? b : a < b ? a : b; }

typedef struct {
  const char *name;
  double ulps;
  double (*value)(double a, double b, double c);
} primitive;

// Those of rows and not of elements have checks of their own.
#define PRIMITIVES(P)                                                         \
  P(add, 0.5, a + b)                                                          \
  P(subtract, 0.5, a - b)                                                     \
  P(multiply, 0.5, a *b)                                                      \
  P(divide, 0.5, a / b)                                                       \
  P(negate, 0, -a)                                                            \
  P(sigmoid, 2.5, logistic(a))                                                \
  P(tanh, 3, tanh(a))                                                         \
  P(exp, 1.5, exp(a))                                                         \
  P(log, 1, log(a))                                                           \
  P(softplus, 2, larger(a, 0) + log1p(exp(-fabs(a))))                         \
  P(softsign, 1.5, isinf(a) ? copysign(1, a) : a / (1 + fabs(a)))             \
  P(sqrt, 0.5, sqrt(a))                                                       \
  P(sin, 2, sin(a))                                                           \
  P(cos, 2, cos(a))                                                           \
  P(erf, 2, erf(a))                                                           \
  P(relu, 0, larger(a, 0))                                                    \
  P(abs, 0, fabs(a))                                                          \
  P(sign, 0, a > 0 ? 1 : a < 0 ? -1 : a)                                      \
  P(step, 0, isnan(a) ? a : a > 0)                                            \
  P(floor, 0, floor(a))                                                       \
  P(identity, 0, a)                                                           \
  P(max, 0, larger(a, b))                                                     \
  P(min, 0, smaller(a, b))                                                    \
  P(clip, 0, smaller(larger(a, b), c))                                        \
  P(multiply_add, 1, fma(a, b, c))                                            \
  P(subtract_product, 1, fma(-a, b, c))

#define VALUE(name, ulps, value)                           \
  static double value_of_##name(double a, double b, double c) { \
    (void)b, (void)c;                                      \
    return value;                                          \
  }
PRIMITIVES(VALUE)
#define ROW(name, ulps, value) {#name, ulps, value_of_##name},
static const primitive primitives[] = {PRIMITIVES(ROW)};

// In units in the last place of the exact result; below the normal numbers the unit is that of the least normal number, and
// infinity counts as the power of two behind the largest number.
static double error_in_ulps(float value, double exact) {
  if (isnan(value) || isnan(exact)) return isnan(value) && isnan(exact) ? 0 : INFINITY;
  if (value == exact) return 0;
  double wide = isinf(value) ? copysign(0x1p128, value) : value;
  double bounded = exact > 0x1p128 ? 0x1p128 : exact < -0x1p128 ? -0x1p128 : exact;
  int exponent;
  frexp(bounded, &exponent);
  if (exponent < -125) exponent = -125;
  if (exponent > 128) exponent = 128;
  return fabs(wide - bounded) / ldexp(1, exponent - 24);
}

static const float special[] = {
    0,          -0.0f,      0x1p-149f,  -0x1p-149f, 0x1p-126f, -0x1p-126f, 1e-10f,       -1e-10f,    0.25f,  0.41421357f,
    0.5f,       0.70710677f, 1,         -1,         1.5707964f, 2,         -2,           3.1415927f, 9.0109f, -9.0109f,
    16.635532f, 20,         -20,        88.72283f,  88.72284f, -87.33654f, -103.97208f,  -104,       105,    1048577,
    1e20f,      -1e20f,     3.4028e38f, -3.4028e38f, INFINITY, -INFINITY,  NAN,
};
enum { SPECIALS = sizeof special / sizeof special[0] };

// Special numbers in all pairs, floats of all exponents, and the range where functions bend.
static int64_t fill(float *a, float *b, float *c) {
  int64_t count = 0;
  for (int64_t i = 0; i < SPECIALS * SPECIALS; i++, count++) {
    a[count] = special[i / SPECIALS];
    b[count] = special[i % SPECIALS];
    c[count] = (float)(int32_t)random_bits() * 0x1p-31f;
  }
  for (int64_t i = 0; i < 50000; i++, count += 2) {
    for (int32_t operand = 0; operand < 3; operand++) {
      float *to = (float *[]){a, b, c}[operand] + count;
      uint32_t bits = random_bits();
      memcpy(to, &bits, sizeof bits);
      to[1] = (float)(int32_t)random_bits() * 0x1p-31f * 30;
    }
  }
  return count;
}

static void check_elements(const rk_kernels *kernels) {
  enum { MOST = SPECIALS * SPECIALS + 100000 };
  draw_from(1);
  float *a = array(MOST), *b = array(MOST), *c = array(MOST), *out = array(MOST), *alone = array(MOST);
  int64_t count = fill(a, b, c);
  for (size_t p = 0; p < sizeof primitives / sizeof primitives[0]; p++) {
    int32_t operation = rk_operation(primitives[p].name);
    kernels->apply(operation, out, 0, a, 0, b, 0, c, 0, 1, count);
    for (int64_t i = 0; i < count; i++) {
      double exact = primitives[p].value(a[i], b[i], c[i]);
      // The exact value is rounded too, by 2^-29 of a float's unit for each of its operations.
      double allowed = primitives[p].ulps + 0x1p-26;
      if (!(error_in_ulps(out[i], exact) <= allowed)) expect(out[i], exact, -1, primitives[p].name, i);
    }
    // An element's value depends on nothing but the element: rows of other widths, with a gap between them.
    for (int32_t w = 0; w < COUNT_OF_COUNTS; w++) {
      int64_t width = counts[w], stride = width + 3;
      memset(alone, 0, MOST * sizeof *alone);
      kernels->apply(operation, alone, stride, a, stride, b, stride, c, stride, 4, width);
      for (int64_t row = 0; row < 4; row++) {
        expect_same(alone + row * stride, out + row * stride, width, primitives[p].name);
        for (int64_t i = width; i < stride; i++) expect(alone[row * stride + i], 0, 0, "what lies between the rows", i);
      }
    }
  }
  free(a);
  free(b);
  free(c);
  free(out);
  free(alone);
}

// Summed in double: as good as correctly rounded.
static void check_mean(const rk_kernels *kernels) {
  for (int32_t w = 0; w < COUNT_OF_COUNTS; w++) {
    int64_t width = counts[w];
    float *a = numbers(width, 1), *out = array(width);
    kernels->apply(rk_operation("mean"), out, width, a, width, a, width, a, width, 1, width);
    double sum = 0;
    for (int64_t i = 0; i < width; i++) sum += a[i];
    for (int64_t i = 0; i < width; i++) {
      if (!(error_in_ulps(out[i], sum / (double)width) <= 1)) expect(out[i], sum / (double)width, -1, "mean", i);
    }
    free(a);
    free(out);
  }
}

// The same, also where a row is its own result.
static void check_sums_of_rows(const rk_kernels *kernels) {
  static const char *const names[] = {"sum", "cumsum", "reverse_cumsum"};
  for (int32_t w = 0; w < COUNT_OF_COUNTS * 3; w++) {
    int64_t width = counts[w / 3];
    float *a = numbers(width, 1), *out = array(width);
    kernels->apply(rk_operation(names[w % 3]), out, width, a, width, a, width, a, width, 1, width);
    for (int64_t i = 0; i < width; i++) {
      double sum = 0;
      for (int64_t j = w % 3 == 2 ? i : 0; j < (w % 3 == 1 ? i + 1 : width); j++) sum += a[j];
      // Double sums in another order differ by some 2^-50 of their terms.
      if (!(fabs(out[i] - sum) <= fabs(sum) * 0x1p-24 + (double)width * 0x1p-45)) expect(out[i], sum, -1, names[w % 3], i);
    }
    kernels->apply(rk_operation(names[w % 3]), a, width, a, width, a, width, a, width, 1, width);
    expect_same(a, out, width, names[w % 3]);
    free(a);
    free(out);
  }
}

static void check_softmax_of_rows(const rk_kernels *kernels) {
  for (int32_t w = 0; w < COUNT_OF_COUNTS; w++) {
    int64_t width = counts[w];
    float *a = numbers(width, 5), *out = array(width);
    kernels->apply(rk_operation("softmax"), out, width, a, width, a, width, a, width, 1, width);
    double largest = -INFINITY, sum = 0, highest = 0;
    for (int64_t i = 0; i < width; i++) largest = larger(largest, a[i]);
    for (int64_t i = 0; i < width; i++) sum += exp(a[i] - largest);
    for (int64_t i = 0; i < width; i++) highest = larger(highest, exp(a[i] - largest) / sum);
    for (int64_t i = 0; i < width; i++) {
      double exact = exp(a[i] - largest) / sum;
      if (!(fabs(out[i] - exact) <= 4 * 0x1p-23 * highest)) expect(out[i], exact, -1, "softmax", i);
    }
    kernels->apply(rk_operation("softmax"), a, width, a, width, a, width, a, width, 1, width);
    expect_same(a, out, width, "softmax");
    free(a);
    free(out);
  }
}

// Reads the first element and nothing past it.
static void check_spread(const rk_kernels *kernels) {
  for (int32_t w = 0; w < COUNT_OF_COUNTS; w++) {
    int64_t width = counts[w];
    float *a = numbers(1, 5), *out = array(3 * width);
    kernels->apply(rk_operation("spread"), out, width, a, 0, a, 0, a, 0, 3, width);
    for (int64_t i = 0; i < 3 * width; i++) expect(out[i], a[0], 0, "spread", i);
    free(a);
    free(out);
  }
}

// Against the definition in double. The bounds are those of the table, times the largest terms there are.
static void check_layer_norm(const rk_kernels *kernels) {
  for (int32_t w = 0; w < COUNT_OF_COUNTS; w++) {
    int64_t width = counts[w];
    float *a = numbers(width, 1), *b = numbers(width, 1), *out = array(width), *gradient = array(width);
    kernels->apply(rk_operation("layer_norm"), out, width, a, width, a, width, a, width, 1, width);
    kernels->apply(rk_operation("layer_norm_gradient"), gradient, width, a, width, b, width, a, width, 1, width);
    double mean = 0, squares = 0, mean_of_b = 0, slope = 0, largest = 0;
    for (int64_t i = 0; i < width; i++) mean += a[i] / (double)width;
    for (int64_t i = 0; i < width; i++) squares += (a[i] - mean) * (a[i] - mean);
    double deviation = sqrt(squares / (double)width + 1e-5);
    for (int64_t i = 0; i < width; i++) {
      mean_of_b += b[i] / (double)width;
      slope += b[i] * (a[i] - mean) / deviation / (double)width;
      largest = larger(largest, fabs(b[i]));
    }
    for (int64_t i = 0; i < width; i++) {
      double value = (a[i] - mean) / deviation, scale = 1 + fabs(mean) / deviation;
      double exact = (b[i] - mean_of_b - value * slope) / deviation;
      if (!(fabs(out[i] - value) <= 3 * 0x1p-23 * (1 + fabs(value)) * scale)) expect(out[i], value, -1, "layer_norm", i);
      double bound = 11 * 0x1p-23 * (1 + fabs(value)) * largest / deviation * scale;
      if (!(fabs(gradient[i] - exact) <= bound)) expect(gradient[i], exact, -1, "layer_norm_gradient", i);
    }
    free(a);
    free(b);
    free(out);
    free(gradient);
  }
}

// What makes a matrix of a vector is a copy; what adds up a matrix goes on from what is there.
static void check_matrix_maps(const rk_kernels *kernels) {
  enum { ROWS = 5 };
  for (int32_t w = 0; w < COUNT_OF_COUNTS; w++) {
    int64_t width = counts[w];
    float *matrix = numbers(ROWS * width, 1), *out = array(ROWS * width), *row = numbers(width, 1), *column = numbers(ROWS, 1);
    kernels->apply(rk_operation("as_rows"), out, width, row, 0, row, 0, row, 0, ROWS, width);
    for (int64_t i = 0; i < ROWS * width; i++) expect(out[i], (double)row[i % width], 0, "as_rows", i);
    kernels->apply(rk_operation("as_columns"), out, width, column, 1, column, 1, column, 1, ROWS, width);
    for (int64_t i = 0; i < ROWS * width; i++) expect(out[i], (double)column[i / width], 0, "as_columns", i);
    kernels->apply(rk_operation("as_matrix"), out, width, column, 0, column, 0, column, 0, ROWS, width);
    for (int64_t i = 0; i < ROWS * width; i++) expect(out[i], (double)column[0], 0, "as_matrix", i);

    float *sums = array(width), *totals = array(ROWS), all = 0.5f;
    memcpy(sums, row, (size_t)width * sizeof(float));
    kernels->apply(rk_operation("sum_of_rows"), sums, 0, matrix, width, matrix, 0, matrix, 0, ROWS, width);
    kernels->apply(rk_operation("sum_of_columns"), totals, 1, matrix, width, matrix, 0, matrix, 0, ROWS, width);
    kernels->apply(rk_operation("sum_of_all"), &all, 0, matrix, width, matrix, 0, matrix, 0, ROWS, width);
    double whole = 0.5, sizes = 0.5;
    for (int64_t r = 0; r < ROWS; r++) {
      double total = 0, size = 0;
      for (int64_t i = 0; i < width; i++) total += matrix[r * width + i], size += fabs(matrix[r * width + i]);
      expect(totals[r], total, size * 0x1p-23, "sum_of_columns", r);
      whole += total;
      sizes += size;
    }
    expect(all, whole, sizes * 0x1p-23, "sum_of_all", 0);
    for (int64_t i = 0; i < width; i++) {
      double total = row[i], size = fabs(row[i]);
      for (int64_t r = 0; r < ROWS; r++) total += matrix[r * width + i], size += fabs(matrix[r * width + i]);
      expect(sums[i], total, size * ROWS * 0x1p-24, "sum_of_rows", i);
    }
    free(matrix);
    free(out);
    free(row);
    free(column);
    free(sums);
    free(totals);
  }
}

void check_primitives(const rk_kernels *kernels) {
  begin(kernels, "primitives");
  expect(rk_operation_count(), sizeof primitives / sizeof primitives[0] + 8, 0, "how many primitives there are to check", 0);
  check_elements(kernels);
  check_mean(kernels);
  check_layer_norm(kernels);
  check_sums_of_rows(kernels);
  check_softmax_of_rows(kernels);
  check_spread(kernels);
  check_matrix_maps(kernels);
}
