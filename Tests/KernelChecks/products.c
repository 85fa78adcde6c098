// Products with packed weights and sums of outer products. A start and `terms` products, each product and each sum rounded (or
// both at once), are off by at most (terms + 1) u / (1 - (terms + 1) u) of the sum of the magnitudes (Higham, Accuracy and
// Stability, 3.1); u is the roundoff.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "checks.h"

static double growth(int64_t terms) {
  double u = (double)(terms + 1) * roundoff;
  return u / (1 - u);
}

typedef struct {
  int64_t rows, n, k, x_stride, out_stride;
  float *x, *weights, *bias, *panels;
} product_case;

static void check_product(const rk_kernels *kernels, const product_case *c, const float *bias, int32_t accumulate) {
  int64_t count = c->rows * c->out_stride;
  float *out = numbers(count, 1), *before = copy(out, count), *alone = copy(out, count);
  kernels->product(c->panels, bias, c->x, c->x_stride, out, c->out_stride, c->rows, c->k, c->n, accumulate);
  for (int64_t row = 0; row < c->rows; row++) {
    for (int64_t i = 0; i < c->out_stride; i++) {
      int64_t place = row * c->out_stride + i;
      if (i >= c->n) {
        expect_same(out + place, before + place, 1, "what lies between the rows");
        continue;
      }
      double exact = accumulate ? before[place] : bias ? bias[i] : 0, magnitude = fabs(exact);
      for (int64_t j = 0; j < c->k; j++) {
        double term = (double)c->x[row * c->x_stride + j] * (double)c->weights[i * c->k + j];
        exact += term;
        magnitude += fabs(term);
      }
      expect(out[place], exact, growth(c->k) * magnitude, "a product", place);
    }
    kernels->product(c->panels, bias, c->x + row * c->x_stride, 0, alone + row * c->out_stride, 0, 1, c->k, c->n, accumulate);
  }
  expect_same(out, alone, count, "a row that runs beside others");
  free(out);
  free(before);
  free(alone);
}

void check_products(const rk_kernels *kernels) {
  begin(kernels, "products");
  for (int32_t a = 0; a < COUNT_OF_COUNTS; a++) {
    for (int32_t b = 0; b < COUNT_OF_COUNTS; b++) {
      product_case c = {.n = counts[a], .k = counts[b], .rows = 1 + (counts[a] + 3 * counts[b]) % 20};
      c.x_stride = c.k + 3;
      c.out_stride = c.n + 2;
      draw_from((uint64_t)(c.n * 1000 + c.k));
      c.x = numbers(c.rows * c.x_stride, 1);
      c.weights = numbers(c.n * c.k, 1);
      c.bias = numbers(c.n, 1);
      c.panels = array(kernels->packed_size(c.n, c.k));
      kernels->pack(c.panels, c.weights, c.k, 1, c.n, c.k);
      check_product(kernels, &c, NULL, 0);
      check_product(kernels, &c, c.bias, 0);
      check_product(kernels, &c, c.bias, 1);
      free(c.x);
      free(c.weights);
      free(c.bias);
      free(c.panels);
    }
  }
}

static void check_outer_product(const rk_kernels *kernels, int64_t rows, int64_t n, int64_t k, int64_t gap) {
  int64_t left_stride = n + gap, right_stride = k + 5, out_stride = k + 2;
  draw_from((uint64_t)(rows * 10000 + n * 100 + k));
  float *left = numbers(rows * left_stride, 1), *right = numbers(rows * right_stride, 1);
  float *out = numbers(n * out_stride, 1), *before = copy(out, n * out_stride), *scratch = array(RK_OUTER_SCRATCH);
  kernels->add_outer_products(out, out_stride, left, left_stride, right, right_stride, rows, n, k, scratch);
  for (int64_t place = 0; place < n * out_stride; place++) {
    int64_t i = place / out_stride, j = place % out_stride;
    if (j >= k) {
      expect_same(out + place, before + place, 1, "what lies between the rows");
      continue;
    }
    double exact = before[place], magnitude = fabs(exact);
    for (int64_t row = 0; row < rows; row++) {
      double term = (double)left[row * left_stride + i] * (double)right[row * right_stride + j];
      exact += term;
      magnitude += fabs(term);
    }
    expect(out[place], exact, growth(rows) * magnitude, "a sum", place);
  }
  float *whole = copy(out, n * out_stride);
  memcpy(out, before, (size_t)(n * out_stride) * sizeof *out);
  for (int64_t row = 0; row < rows; row++) {
    kernels->add_outer_products(
        out, out_stride, left + row * left_stride, left_stride, right + row * right_stride, right_stride, 1, n, k, scratch);
  }
  expect_same(out, whole, n * out_stride, "rows one by one");
  free(left);
  free(right);
  free(out);
  free(before);
  free(scratch);
  free(whole);
}

void check_outer_products(const rk_kernels *kernels) {
  begin(kernels, "sums of outer products");
  for (int32_t a = 0; a < COUNT_OF_COUNTS; a++) {
    for (int32_t b = 0; b < COUNT_OF_COUNTS; b++) {
      check_outer_product(kernels, 1 + (counts[a] * counts[b]) % 23, counts[a], counts[b], 3);
    }
  }
  // Several blocks of rows, of columns and of results; rows far apart.
  check_outer_product(kernels, 140, 129, 300, 300);
  check_outer_product(kernels, 257, 70, 40, 1019);
}
