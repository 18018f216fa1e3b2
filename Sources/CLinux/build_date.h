#pragma once

// Every build has a date of its own, also as a module: that is the purpose.
#pragma clang diagnostic ignored "-Wpch-date-time"

/// The day this was compiled, as `Mmm dd yyyy` (or that of SOURCE_DATE_EPOCH, where a build sets it).
static inline const char *clinux_build_date(void) { return __DATE__; }
