// The level that every processor of its kind has: SSE2 on x86-64, NEON on arm64.
#include <math.h>
#include <string.h>

#include "level.h"
#include "barrier.h"
#include "outer.h"
#include "primitives.h"
#include "product.h"
#include "tile.h"

#define LEVEL rk_baseline
#define LEVEL_NAME "baseline"
#define VL 4
#if defined(__aarch64__)
#define HAS_FMA 1
#define REGISTERS 32
#else
#define HAS_FMA 0
#define REGISTERS 16
#endif

#include "level.inc"
