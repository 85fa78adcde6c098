// zlib, and that of its macros which Swift can't see, as a function.
#pragma once

#include <zlib.h>

/// Begins to inflate bytes of the deflate format without a header.
static inline int zlib_begin_inflating(z_stream *stream) { return inflateInit2(stream, -MAX_WBITS); }
