// Counts the allocations of each thread, for tests of code that must make none.
#ifndef ALLOCATION_COUNTER_H
#define ALLOCATION_COUNTER_H

#include <stdbool.h>
#include <stdint.h>

/// Whether allocations are counted: with glibc, unless a sanitizer has functions of its own for them.
bool ac_counts(void);

/// How often the calling thread has asked for memory since it began: by malloc and all functions of its kind, by whatever
/// language. Memory given back is not counted.
int64_t ac_allocations(void);

/// How many bytes the calling thread has asked for since it began.
int64_t ac_bytes(void);

#endif
