// Sums over rows, softmax and optimisers. Each bound counts the roundings of the formula, operation by operation, times the
// magnitude that they act on; why they are what they are stands beside the tests in Swift.
#include <math.h>
#include <stdlib.h>

#include "checks.h"

void check_sums(const rk_kernels *kernels) {
  begin(kernels, "sums");
  for (int32_t c = 0; c < COUNT_OF_COUNTS; c++) {
    const int32_t list[] = {12, 3, 4, 11, 0, 7, 7, 9};
    int64_t n = counts[c], rows = sizeof list / sizeof *list, stride = n + 3;
    draw_from((uint64_t)n);
    float *matrix = numbers(13 * stride, 1), *sums = numbers(n, 1), *before = copy(sums, n);
    kernels->add_column_sums(sums, matrix, stride, list, rows, n);
    double squares = 0;
    for (int64_t i = 0; i < n; i++) {
      double exact = before[i], magnitude = fabs(exact);
      for (int64_t row = 0; row < rows; row++) {
        exact += matrix[list[row] * stride + i];
        magnitude += fabs(matrix[list[row] * stride + i]);
      }
      expect(sums[i], exact, (double)rows * roundoff * magnitude, "a column's sum", i);
      squares += (double)before[i] * (double)before[i];
    }
    expect(kernels->sum_of_squares(before, n), squares, 2 * (double)n * 0x1p-53 * squares, "a sum of squares", n);
    float *scaled = copy(before, n);
    kernels->scale(scaled, 0.3f, n);
    for (int64_t i = 0; i < n; i++) expect(scaled[i], before[i] * 0.3f, 0, "a scaled number", i);
    free(matrix);
    free(sums);
    free(before);
    free(scaled);
  }
}

typedef struct {
  double largest, range, sum;
} row_facts;

static row_facts facts(const float *row, int64_t n) {
  double largest = -INFINITY, smallest = INFINITY, sum = 0;
  for (int64_t i = 0; i < n; i++) {
    largest = fmax(largest, row[i]);
    smallest = fmin(smallest, row[i]);
  }
  for (int64_t i = 0; i < n; i++) sum += exp(row[i] - largest);
  return (row_facts){largest, largest - smallest, sum};
}

void check_softmax(const rk_kernels *kernels) {
  begin(kernels, "softmax");
  const float scale = 0.37f;
  for (int32_t c = 0; c < COUNT_OF_COUNTS; c++) {
    int64_t n = counts[c], rows = 5, stride = n + 2;
    draw_from((uint64_t)n);
    float *before = numbers(rows * stride, 20), *probabilities = copy(before, rows * stride);
    float *gradients = copy(before, rows * stride);
    int32_t targets[5];
    for (int32_t row = 0; row < 5; row++) targets[row] = row == 2 ? -1 : (int32_t)(row * 31 % n);
    kernels->softmax(probabilities, stride, rows, n);
    double loss = kernels->softmax_cross_entropy(gradients, stride, targets, rows, n, scale), exact_loss = 0, loss_bound = 0;
    for (int64_t row = 0; row < rows; row++) {
      row_facts row_facts = facts(before + row * stride, n);
      double bound = (12 + 2 * row_facts.range) * roundoff;
      for (int64_t i = 0; i < n; i++) {
        int64_t place = row * stride + i;
        double p = exp(before[place] - row_facts.largest) / row_facts.sum;
        expect(probabilities[place], p, bound * p + 0x1p-149, "a probability", place);
        double gradient = targets[row] < 0 ? 0 : (p - (i == targets[row])) * scale;
        expect(gradients[place], gradient, targets[row] < 0 ? 0 : (bound * p + 2 * roundoff) * scale, "a gradient", place);
      }
      if (targets[row] >= 0) {
        exact_loss += row_facts.largest + log(row_facts.sum) - before[row * stride + targets[row]];
        loss_bound += (6 + row_facts.range) * roundoff;
      }
      expect_same(gradients + row * stride + n, before + row * stride + n, 2, "what lies between the rows");
    }
    expect(loss, exact_loss, loss_bound, "the loss", n);
    free(before);
    free(probabilities);
    free(gradients);
  }
}

// Weights, their gradient, and what an optimiser remembers, before and after.
typedef struct {
  int64_t count;
  float *w, *g, *m, *s, *w0, *m0, *s0;
} weights_case;

static weights_case weights_of(int64_t count) {
  draw_from((uint64_t)count);
  weights_case c = {.count = count, .w = numbers(count, 1), .g = numbers(count, 0.1f), .m = numbers(count, 0.1f)};
  c.s = numbers(count, 0.01f);
  for (int64_t i = 0; i < count; i++) c.s[i] = fabsf(c.s[i]);
  c.w0 = copy(c.w, count);
  c.m0 = copy(c.m, count);
  c.s0 = copy(c.s, count);
  return c;
}

static void free_weights(weights_case c) {
  float *arrays[] = {c.w, c.g, c.m, c.s, c.w0, c.m0, c.s0};
  for (int32_t i = 0; i < 7; i++) free(arrays[i]);
}

static void check_sgd(const rk_kernels *kernels, int64_t count) {
  const float rate = 0.1f, momentum = 0.9f;
  weights_case c = weights_of(count);
  kernels->sgd(c.w, c.g, c.m, count, rate, momentum);
  for (int64_t i = 0; i < count; i++) {
    double v = (double)momentum * c.m0[i] + c.g[i], magnitude = fabs((double)momentum * c.m0[i]) + fabs(c.g[i]);
    expect(c.m[i], v, 2 * roundoff * magnitude, "a velocity", i);
    expect(c.w[i], c.w0[i] - rate * v, 1.001 * roundoff * (fabs(c.w0[i]) + 4 * rate * magnitude), "a weight", i);
  }
  free_weights(c);
}

static void check_rmsprop(const rk_kernels *kernels, int64_t count) {
  const float rate = 0.01f, decay = 0.99f, epsilon = 1e-8f;
  weights_case c = weights_of(count);
  kernels->rmsprop(c.w, c.g, c.s, count, rate, decay, epsilon);
  for (int64_t i = 0; i < count; i++) {
    double s = (double)decay * c.s0[i] + (1 - (double)decay) * c.g[i] * c.g[i];
    expect(c.s[i], s, 4 * roundoff * s, "a mean square", i);
    double step = (double)rate * c.g[i] / (sqrt(s) + epsilon);
    expect(c.w[i], c.w0[i] - step, 1.001 * roundoff * (fabs(c.w0[i]) + 8 * fabs(step)), "a weight", i);
  }
  free_weights(c);
}

static void check_adam(const rk_kernels *kernels, int64_t count, int64_t step) {
  const float rate = 0.01f, epsilon = 1e-8f;
  const double b1 = 0.9f, b2 = 0.999f;
  weights_case c = weights_of(count);
  kernels->adam(c.w, c.g, c.m, c.s, count, step, rate, (float)b1, (float)b2, epsilon);
  for (int64_t i = 0; i < count; i++) {
    double m = b1 * c.m0[i] + (1 - b1) * c.g[i], magnitude = fabs(b1 * c.m0[i]) + fabs((1 - b1) * c.g[i]);
    double s = b2 * c.s0[i] + (1 - b2) * c.g[i] * c.g[i];
    expect(c.m[i], m, 3 * roundoff * magnitude, "a mean", i);
    expect(c.s[i], s, 4 * roundoff * s, "a mean square", i);
    double factor = rate / (1 - pow(b1, (double)step)) / (sqrt(s / (1 - pow(b2, (double)step))) + epsilon);
    double bound = 1.001 * roundoff * (fabs(c.w0[i]) + 12 * factor * magnitude);
    expect(c.w[i], c.w0[i] - factor * m, bound, "a weight", i);
  }
  free_weights(c);
}

void check_optimizers(const rk_kernels *kernels) {
  for (int32_t c = 0; c < COUNT_OF_COUNTS; c++) {
    begin(kernels, "gradient descent");
    check_sgd(kernels, counts[c]);
    begin(kernels, "rmsprop");
    check_rmsprop(kernels, counts[c]);
    begin(kernels, "adam");
    for (int64_t step = 1; step <= 10000; step *= 100) check_adam(kernels, counts[c], step);
  }
}
