// Threads that share work: its queue, and the barrier of those that share a step. The emulator shows whether the order of memory
// that a processor other than x86 takes liberties with is what they promise.
#include <pthread.h>
#include <stdint.h>

#include "checks.h"

enum { THREADS = 3, PARTS = 5, ROUNDS = 2000 };

static rk_queue queues[ROUNDS];
static int32_t written[ROUNDS][PARTS], seen[THREADS][ROUNDS];

static void *take_parts(void *memory) {
  const intptr_t self = (intptr_t)memory;
  for (int32_t round = 0; round < ROUNDS; round++) {
    for (int32_t part; (part = rk_queue_take(&queues[round], PARTS)) >= 0; rk_queue_finish(&queues[round])) {
      written[round][part] += 1 + part;
    }
    rk_queue_wait(&queues[round], PARTS);
    for (int32_t part = 0; part < PARTS; part++) seen[self][round] += written[round][part];
  }
  return NULL;
}

static rk_barrier barriers[ROUNDS];
static int32_t places[THREADS][ROUNDS];

static void *meet(void *memory) {
  const intptr_t self = (intptr_t)memory;
  for (int32_t round = 0; round < ROUNDS; round++) places[self][round] = rk_barrier_join(&barriers[round], THREADS);
  return NULL;
}

static int on_threads(void *(*work)(void *)) {
  pthread_t threads[THREADS];
  for (intptr_t i = 0; i < THREADS; i++) {
    if (pthread_create(&threads[i], NULL, work, (void *)i)) return 0;
  }
  for (int32_t i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
  return 1;
}

void check_work_sharing(const rk_kernels *kernels) {
  begin(kernels, "work sharing");
  expect(on_threads(take_parts) && on_threads(meet), 1, 0, "threads", THREADS);
  for (int32_t round = 0; round < ROUNDS; round++) {
    int32_t complete = 0, alone = 0, gone = 0;
    for (int32_t i = 0; i < THREADS; i++) {
      expect(seen[i][round], PARTS * (PARTS + 1) / 2, 0, "what a thread sees of all parts", round);
      complete += places[i][round] >= 0;
      alone += places[i][round] == RK_ALONE;
      gone += places[i][round] == RK_GONE;
    }
    int met = complete == THREADS, left = alone == 1 && gone == THREADS - 1;
    expect(met || left, 1, 0, "all threads together or one alone", round);
  }
}
