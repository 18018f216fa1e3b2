// The set-up calls of zlib are macros, which Swift does not import; they are made functions here.
#pragma once
#include <zlib.h>

/// A stream that inflates gzip (RFC 1952) and nothing else; 0 (`Z_OK`) when it is ready.
static inline int zlib_gunzip_begin(z_stream *stream) {
  return inflateInit2(stream, 16 + MAX_WBITS);
}

/// A stream that writes gzip.
static inline int zlib_gzip_begin(z_stream *stream) {
  return deflateInit2(
      stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
}
