// What the levels and the code that chooses among them know of each other.
#ifndef RECURRENT_KERNELS_LEVEL_H
#define RECURRENT_KERNELS_LEVEL_H

#include "kernels.h"

extern const rk_kernels rk_baseline;
#if defined(__x86_64__)
extern const rk_kernels rk_avx2;
extern const rk_kernels rk_avx512;
#endif

#endif
