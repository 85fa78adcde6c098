// How threads that share the steps of a schedule wait for each other.
#ifndef RECURRENT_KERNELS_MEETING_H
#define RECURRENT_KERNELS_MEETING_H

#include "kernels.h"

/// Waits until all `count` threads have come here.
void rk_wait(rk_meeting *meeting, int32_t count);

#endif
