// zlib, and that of its macros which Swift can't see, as a function.
#pragma once

#include <stdbool.h>
#include <zlib.h>

/// Begins to inflate bytes of the deflate format, alone or with zlib's header and checksum round them.
static inline int zlib_begin_inflating(z_stream *stream, bool is_wrapped) {
  return inflateInit2(stream, is_wrapped ? MAX_WBITS : -MAX_WBITS);
}
