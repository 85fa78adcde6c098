// How threads that share the steps of a schedule wait for each other.
#ifndef RECURRENT_KERNELS_BARRIER_H
#define RECURRENT_KERNELS_BARRIER_H

#include "kernels.h"

/// Waits until all `count` threads have come here.
void rk_barrier_wait(rk_barrier *barrier, int32_t count);

#endif
