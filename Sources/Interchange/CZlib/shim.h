// zlib, and that of its macros which Swift can't see, as a function.
#pragma once

#include <zlib.h>

/// Begins to inflate bytes of the deflate format.
///
/// form: what stands round them: 0 for nothing, 1 for zlib's header and checksum, 2 for gzip's.
static inline int zlib_begin_inflating(z_stream *stream, int form) {
  return inflateInit2(stream, form == 0 ? -MAX_WBITS : form == 1 ? MAX_WBITS : 16 + MAX_WBITS);
}
