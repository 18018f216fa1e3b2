// What the Glibc module leaves out. Headers are included without _GNU_SOURCE: with it, glibc's own
// enums differ from those in the Glibc module and the two cannot be imported together.
#pragma once
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

/// An anonymous file that never reaches a disk (memfd_create(2) is variadic-free but _GNU_SOURCE only).
static inline int clinux_memfd(const char *name) {
  return (int)syscall(SYS_memfd_create, name, 0x0001U | 0x0002U /* CLOEXEC | ALLOW_SEALING */);
}

/// Forbids every later change of a memfd: grow, shrink, write, and further seals.
static inline int clinux_seal(int fd) {
  return fcntl(fd, 1033 /* F_ADD_SEALS */, 0x0001 | 0x0002 | 0x0004 | 0x0008);
}

/// Whether nobody can write to, shorten or lengthen a memfd any more (fcntl(2) is variadic).
static inline int clinux_is_sealed(int file) {
  const int needed = 0x0002 | 0x0004 | 0x0008;  // SHRINK, GROW, WRITE
  int seals = fcntl(file, 1034 /* F_GET_SEALS */);
  return seals >= 0 && (seals & needed) == needed;
}

/// Asks the kernel to keep these pages out of core dumps.
static inline int clinux_dont_dump(void *address, size_t length) {
  return madvise(address, length, 16 /* MADV_DONTDUMP */);
}

/// Zeroes memory in a way that the optimiser may not remove.
static inline void clinux_wipe(void *address, size_t length) {
  volatile unsigned char *p = (volatile unsigned char *)address;
  while (length--) *p++ = 0;
}

/// Names the calling thread, as `ps -L` shows it; prctl(2) is variadic.
static inline int clinux_name_thread(const char *name) {
  return prctl(PR_SET_NAME, name, 0, 0, 0);
}

/// A descriptor that becomes readable when the process ends; -1 on kernels before 5.3.
static inline int clinux_pidfd(int pid) { return (int)syscall(434 /* pidfd_open */, pid, 0); }

/// A pipe whose ends no other child inherits by accident; pipe2(2) is _GNU_SOURCE only.
static inline int clinux_pipe(int *ends) { return (int)syscall(SYS_pipe2, ends, O_CLOEXEC); }

/// Closes everything from `first` up in a child that is being started.
static inline int clinux_spawn_close_from(posix_spawn_file_actions_t *actions, int first) {
  return posix_spawn_file_actions_addclosefrom_np(actions, first);
}

#include "allocation.h"
#include "build_date.h"
#include "clock.h"
#include "confinement.h"
#include "landlock.h"

/// A connection of a listening socket, closed at exec and never blocking; -1 and errno otherwise.
static inline int clinux_accept(int listener) {
  int reader = (int)syscall(SYS_accept4, listener, 0, 0, 02000000 | 04000);
  return reader;
}
