// The C++ library's `operator new`, for a program that replaces it.
#pragma once
#include <dlfcn.h>
#include <stddef.h>

/// What would be called if the program did not replace it.
static inline void *clinux_original_new(size_t size) {
  static void *(*original)(size_t);
  if (original == NULL) *(void **)&original = dlsym((void *)-1L /* RTLD_NEXT */, "_Znwm");
  return original(size);
}
