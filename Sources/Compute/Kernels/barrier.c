// Threads that meet wait for less than a microsecond as a rule, a hundredth of what the system takes to put one to sleep and to
// wake it. So they spin, and when the others keep them waiting, since there are more threads than free processors, they let these
// have theirs.
#include "barrier.h"

#include <sched.h>

static void pause_briefly(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

enum {
  // Some 100 µs: a sleeping thread has woken by then if a processor is free.
  JOIN_PAUSES = 4096,
  // Some 10 µs: longer than any difference between fair parts of a phase.
  PHASE_PAUSES = 512,
};

int32_t rk_barrier_join(rk_barrier *barrier, int32_t count) {
  int32_t joined = __atomic_load_n(&barrier->joined, __ATOMIC_RELAXED);
  do {
    if (joined < 0) return RK_GONE;
  } while (!__atomic_compare_exchange_n(&barrier->joined, &joined, joined + 1, 0, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED));
  const int32_t number = joined++;
  for (int32_t i = 0; i < JOIN_PAUSES && joined >= 0 && joined < count; i++) {
    pause_briefly();
    joined = __atomic_load_n(&barrier->joined, __ATOMIC_ACQUIRE);
  }
  // The first one to lose patience closes the barrier, unless the last one has come meanwhile.
  while (joined >= 0 && joined < count) {
    if (__atomic_compare_exchange_n(&barrier->joined, &joined, RK_GONE, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) return RK_ALONE;
  }
  return joined < 0 ? RK_GONE : number;
}

// Waits a moment, the longer the caller has waited already.
static void wait_a_moment(int32_t moments) {
  if (moments < PHASE_PAUSES) {
    pause_briefly();
  } else {
    sched_yield();
  }
}

int32_t rk_queue_take(rk_queue *queue, int32_t parts) {
  // Looked at first, so that the count can't run over however often one asks.
  if (__atomic_load_n(&queue->taken, __ATOMIC_RELAXED) >= parts) return -1;
  const int32_t part = __atomic_fetch_add(&queue->taken, 1, __ATOMIC_RELAXED);
  return part < parts ? part : -1;
}

void rk_queue_finish(rk_queue *queue) { __atomic_fetch_add(&queue->finished, 1, __ATOMIC_RELEASE); }

void rk_queue_wait(rk_queue *queue, int32_t parts) {
  for (int32_t i = 0; __atomic_load_n(&queue->finished, __ATOMIC_ACQUIRE) < parts; i += i < PHASE_PAUSES) wait_a_moment(i);
}

void rk_barrier_wait(rk_barrier *barrier, int32_t count) {
  int32_t generation = __atomic_load_n(&barrier->generation, __ATOMIC_RELAXED);
  if (__atomic_add_fetch(&barrier->arrived, 1, __ATOMIC_ACQ_REL) == count) {
    __atomic_store_n(&barrier->arrived, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&barrier->generation, generation + 1, __ATOMIC_RELEASE);
    return;
  }
  for (int32_t i = 0; __atomic_load_n(&barrier->generation, __ATOMIC_ACQUIRE) == generation; i += i < PHASE_PAUSES) {
    wait_a_moment(i);
  }
}
