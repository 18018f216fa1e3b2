#pragma once
#include <malloc.h>
#include <stddef.h>

/// Bytes that malloc has given and nobody has freed, in all arenas: it grows with a leak of any size,
/// which the pages of the process do not.
static inline size_t cheap_bytes_in_use(void) {
  struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}
