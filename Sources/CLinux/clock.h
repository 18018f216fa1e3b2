#pragma once
#include <stdint.h>
#include <time.h>

/// What a clock says, in milliseconds. Here, because an optimised build of a room that sees several
/// modules with a `timespec` cannot tell them apart.
static inline int64_t clinux_clock_milliseconds(clockid_t clock) {
  struct timespec time = {0, 0};
  clock_gettime(clock, &time);
  return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}
