// Checks what the kernels promise against plain loops in double, at every level that the processor can run. `script/check-arm64`
// runs this where Swift's tests can't run; they check more.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks.h"

const int64_t counts[COUNT_OF_COUNTS] = {1, 3, 4, 7, 8, 16, 17, 31, 64, 65, 130, 300};
const double roundoff = 0x1p-24;

enum { SHOWN_FAULTS = 20 };

static const char *level, *check;
static int64_t faults;
static uint64_t state;

void begin(const rk_kernels *kernels, const char *name) {
  level = kernels->name;
  check = name;
}

int64_t fault_count(void) { return faults; }

void expect(double value, double exact, double bound, const char *what, int64_t place) {
  if (fabs(value - exact) <= bound || value == exact || (isnan(value) && isnan(exact))) return;
  if (faults++ < SHOWN_FAULTS) {
    printf("%s, %s: %s, number %lld is %.9g, expected %.9g ± %.3g\n", level, check, what, (long long)place, value, exact, bound);
  }
}

void expect_same(const float *a, const float *b, int64_t count, const char *what) {
  for (int64_t i = 0; i < count; i++) {
    if (memcmp(a + i, b + i, sizeof *a) != 0) expect(a[i], b[i], -1, what, i);
  }
}

float *array(int64_t count) {
  float *memory = aligned_alloc(64, (size_t)(count + 16) / 16 * 64);
  if (!memory) {
    printf("there is no memory for %lld floats\n", (long long)count);
    exit(1);
  }
  return memory;
}

void draw_from(uint64_t seed) { state = seed + 0x9e3779b97f4a7c15; }

uint32_t random_bits(void) {
  state = state * 6364136223846793005 + 1442695040888963407;
  uint64_t mixed = (state ^ (state >> 33)) * 0xff51afd7ed558ccd;
  return (uint32_t)(mixed >> 32);
}

float *numbers(int64_t count, float scale) {
  float *memory = array(count);
  for (int64_t i = 0; i < count; i++) memory[i] = (float)(int32_t)random_bits() * 0x1p-31f * scale;
  return memory;
}

float *copy(const float *from, int64_t count) { return memcpy(array(count), from, (size_t)count * sizeof *from); }

int main(void) {
  // The same for all levels.
  check_work_sharing(rk_level(0));
  for (int32_t i = 0; i < rk_level_count(); i++) {
    const rk_kernels *kernels = rk_level(i);
    if (!kernels) {
      printf("%s: this processor can't run it\n", rk_level_name(i));
      continue;
    }
    int64_t before = faults;
    check_products(kernels);
    check_outer_products(kernels);
    check_primitives(kernels);
    check_sums(kernels);
    check_softmax(kernels);
    check_optimizers(kernels);
    printf("%s: %s\n", kernels->name, faults == before ? "all kernels keep what they promise" : "FAILED");
  }
  if (faults > SHOWN_FAULTS) printf("and %lld more\n", (long long)(faults - SHOWN_FAULTS));
  return faults > 0;
}
