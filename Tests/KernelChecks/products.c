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
  float *x, *bias, *panels, *scales;
  double *weights;  // what the packed ones stand for
  rk_matrix matrix;
} product_case;

// Draws weights of a kind and packs them.
static void draw_weights(const rk_kernels *kernels, product_case *c, int32_t kind) {
  const int64_t count = c->n * c->k;
  c->weights = malloc((size_t)count * sizeof *c->weights);
  c->scales = numbers(kind == RK_INT8 ? c->n : c->k, 1);
  float *floats = numbers(count, 1);
  uint16_t *halves = malloc((size_t)count * sizeof *halves);
  int8_t *bytes = malloc((size_t)count);
  for (int64_t i = 0; i < c->n; i++) {
    for (int64_t j = 0; j < c->k; j++) {
      const int64_t place = i * c->k + j;
      const uint32_t bits = random_bits();
      bytes[place] = (int8_t)bits;
      c->weights[place] = floats[place];
      if (kind == RK_FLOAT16) {
        // Any finite half but those that would let a sum overflow; a quarter of them are denormals.
        const int exponent = bits % 4 ? (int)(bits >> 8 & 15) + 1 : 0, fraction = (int)(bits >> 16 & 1023);
        halves[place] = (uint16_t)((bits >> 31) << 15 | (uint32_t)exponent << 10 | (uint32_t)fraction);
        c->weights[place] = (bits >> 31 ? -1 : 1) * (exponent ? ldexp(1024 + fraction, exponent - 25) : ldexp(fraction, -24));
      } else if (kind == RK_BFLOAT16) {
        uint32_t word;
        memcpy(&word, floats + place, sizeof word);
        halves[place] = (uint16_t)(word >> 16);
        word &= 0xffff0000;
        float number;
        memcpy(&number, &word, sizeof number);
        c->weights[place] = number;
      } else if (kind != RK_FLOAT32) {
        c->weights[place] = (double)bytes[place] * (double)c->scales[kind == RK_INT8 ? i : j];
      }
    }
  }
  const void *stored = kind == RK_FLOAT32 ? (void *)floats : kind == RK_FLOAT16 || kind == RK_BFLOAT16 ? (void *)halves : bytes;
  c->panels = array(kernels->packed_size(kind, c->n, c->k));
  kernels->pack(kind, c->panels, stored, c->k, 1, c->n, c->k);
  c->matrix = (rk_matrix){c->panels, c->scales, kind, (int32_t)c->k, (int32_t)c->n};
  free(floats);
  free(halves);
  free(bytes);
}

static void check_product(const rk_kernels *kernels, const product_case *c, const float *bias, int32_t accumulate) {
  int64_t count = c->rows * c->out_stride;
  float *out = numbers(count, 1), *before = copy(out, count), *alone = copy(out, count);
  kernels->product(&c->matrix, bias, c->x, c->x_stride, out, c->out_stride, c->rows, accumulate);
  for (int64_t row = 0; row < c->rows; row++) {
    for (int64_t i = 0; i < c->out_stride; i++) {
      int64_t place = row * c->out_stride + i;
      if (i >= c->n) {
        expect_same(out + place, before + place, 1, "what lies between the rows");
        continue;
      }
      double exact = accumulate ? before[place] : bias ? bias[i] : 0, magnitude = fabs(exact);
      for (int64_t j = 0; j < c->k; j++) {
        double term = (double)c->x[row * c->x_stride + j] * c->weights[i * c->k + j];
        exact += term;
        magnitude += fabs(term);
      }
      // The scale of a byte is rounded once for each term or for the sum, and so is what it gives.
      expect(out[place], exact, growth(c->k + 2) * magnitude, "a product", place);
    }
    kernels->product(&c->matrix, bias, c->x + row * c->x_stride, 0, alone + row * c->out_stride, 0, 1, accumulate);
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
      for (int32_t kind = 0; kind < RK_WEIGHTS_COUNT; kind++) {
        product_case c = {.n = counts[a], .k = counts[b], .rows = 1 + (counts[a] + 3 * counts[b]) % 20};
        c.x_stride = c.k + 3;
        c.out_stride = c.n + 2;
        draw_from((uint64_t)(c.n * 1000 + c.k));
        c.x = numbers(c.rows * c.x_stride, 1);
        c.bias = numbers(c.n, 1);
        draw_weights(kernels, &c, kind);
        check_product(kernels, &c, NULL, 0);
        check_product(kernels, &c, c.bias, 0);
        check_product(kernels, &c, c.bias, 1);
        free(c.x);
        free(c.bias);
        free(c.panels);
        free(c.scales);
        free(c.weights);
      }
    }
  }
}

typedef struct {
  int64_t n, k, left_stride, right_stride, out_stride;
  rk_outer_source sources[4];
  int32_t source_count, shards;
  int32_t ends[16];
  int32_t *rows;
} outer_case;

static void sum_outer_products(const rk_kernels *kernels, const outer_case *c, float *out) {
  rk_outer_sum sum = {.out = out,
                      .out_stride = c->out_stride,
                      .sources = c->sources,
                      .source_count = c->source_count,
                      .shards = c->shards,
                      .rows = c->rows,
                      .ends = c->ends,
                      .n = c->n,
                      .k = c->k};
  float *scratch = array(rk_outer_scratch_size(c->shards, c->source_count, c->n, c->k));
  kernels->sum_outer_products(&sum, scratch);
  free(scratch);
}

static void add_row(const rk_kernels *kernels, const outer_case *c, int32_t source, const int32_t *row, int32_t accumulate,
                    float *out) {
  const int32_t one = 1;
  rk_outer_sum sum = {.out = out,
                      .out_stride = c->out_stride,
                      .sources = c->sources + source,
                      .source_count = 1,
                      .shards = 1,
                      .rows = row,
                      .ends = &one,
                      .accumulate = accumulate,
                      .n = c->n,
                      .k = c->k};
  float *scratch = array(rk_outer_scratch_size(1, 1, c->n, c->k));
  kernels->sum_outer_products(&sum, scratch);
  free(scratch);
}

enum { LEAVES_OF_SHARD = 4 };

// The leaves from `first` on, `count` of them, row by row and added up in a tree by hand; NULL if they have no rows.
static float *summed_by_hand(const rk_kernels *kernels, const outer_case *c, int32_t first, int32_t count) {
  const int64_t size = c->n * c->out_stride;
  if (count == 1) {
    const int32_t shard = first / LEAVES_OF_SHARD, source = first % LEAVES_OF_SHARD;
    if (shard >= c->shards || source >= c->source_count) return NULL;
    const int32_t begin = shard ? c->ends[shard - 1] : 0, end = c->ends[shard];
    if (begin == end) return NULL;
    float *sum = numbers(size, 1);
    for (int32_t i = begin; i < end; i++) add_row(kernels, c, source, c->rows + i, i > begin, sum);
    return sum;
  }
  float *left = summed_by_hand(kernels, c, first, count / 2), *right = summed_by_hand(kernels, c, first + count / 2, count / 2);
  if (!left || !right) return left ? left : right;
  for (int64_t i = 0; i < size; i++) left[i] += right[i];
  free(right);
  return left;
}

static void check_outer_sums(const rk_kernels *kernels, const outer_case *c, const float *out, const float *before) {
  const int32_t count = c->ends[c->shards - 1];
  float *by_hand = summed_by_hand(kernels, c, 0, 16 * LEAVES_OF_SHARD);
  for (int64_t place = 0; place < c->n * c->out_stride; place++) {
    int64_t i = place / c->out_stride, j = place % c->out_stride;
    if (j >= c->k) {
      expect_same(out + place, before + place, 1, "what lies between the rows");
      continue;
    }
    double exact = 0, magnitude = 0;
    for (int32_t source = 0; source < c->source_count; source++) {
      for (int64_t row = 0; row < count; row++) {
        const rk_outer_source *s = &c->sources[source];
        double term = (double)s->left[row * c->left_stride + i] * (double)s->right[row * c->right_stride + j];
        exact += term;
        magnitude += fabs(term);
      }
    }
    expect(out[place], exact, growth(c->source_count * (count + c->shards)) * magnitude, "a sum", place);
    const float zero = 0;
    expect_same(out + place, by_hand ? by_hand + place : &zero, 1, "shards one by one");
  }
  free(by_hand);
}

// Rows of shards stand anywhere; some shards have none.
static void check_outer_product(const rk_kernels *kernels, int32_t shards, int32_t sources, int64_t most, int64_t n, int64_t k,
                                int64_t gap) {
  outer_case c = {.n = n, .k = k, .left_stride = n + gap, .right_stride = k + 5, .out_stride = k + 2};
  c.shards = shards;
  c.source_count = sources;
  draw_from((uint64_t)(most * 10000 + n * 100 + k));
  int32_t count = 0;
  for (int32_t shard = 0; shard < shards; shard++) {
    count += shard % 3 == 1 ? 0 : (int32_t)(random_bits() % (uint32_t)most) + 1;
    c.ends[shard] = count;
  }
  c.rows = malloc((size_t)count * sizeof *c.rows);
  for (int32_t i = 0; i < count; i++) {
    const int32_t j = (int32_t)(random_bits() % (uint32_t)(i + 1));
    c.rows[i] = c.rows[j];
    c.rows[j] = i;
  }
  float *left = numbers(sources * count * c.left_stride, 1), *right = numbers(sources * count * c.right_stride, 1);
  for (int32_t i = 0; i < sources; i++) {
    c.sources[i] = (rk_outer_source){.left = left + i * count * c.left_stride,
                                     .left_stride = c.left_stride,
                                     .right = right + i * count * c.right_stride,
                                     .right_stride = c.right_stride};
  }
  float *out = numbers(n * c.out_stride, 1), *before = copy(out, n * c.out_stride);
  sum_outer_products(kernels, &c, out);
  check_outer_sums(kernels, &c, out, before);
  free(left);
  free(right);
  free(c.rows);
  free(out);
  free(before);
}

void check_outer_products(const rk_kernels *kernels) {
  begin(kernels, "sums of outer products");
  for (int32_t a = 0; a < COUNT_OF_COUNTS; a++) {
    for (int32_t b = 0; b < COUNT_OF_COUNTS; b++) {
      check_outer_product(kernels, 1 + (a + b) % 10, 1 + a * b % 4, 1 + (counts[a] * counts[b]) % 13, counts[a], counts[b], 3);
    }
  }
  // Several blocks of rows, of columns and of results; rows far apart.
  check_outer_product(kernels, 1, 1, 300, 1, 300, 3);
  check_outer_product(kernels, 3, 1, 600, 20, 40, 1019);
  check_outer_product(kernels, 8, 2, 60, 290, 300, 300);
  check_outer_product(kernels, 16, 1, 5, 65, 530, 0);
}
