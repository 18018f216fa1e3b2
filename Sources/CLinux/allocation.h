// Memory for C++ with an end to it.
#pragma once
#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/// What `operator new` does, and `std::bad_alloc` for more than `limit` bytes in one piece. For a
/// program that replaces `operator new`.
static inline void *clinux_new(size_t size, size_t limit) {
  if (size <= limit) {
    void *memory = malloc(size > 0 ? size : 1);
    if (memory != NULL) return memory;
  }
  // The library's own, asked for what nobody can have, throws.
  void *(*original)(size_t);
  *(void **)&original = dlsym((void *)-1L /* RTLD_NEXT */, "_Znwm");
  return original(PTRDIFF_MAX);
}
