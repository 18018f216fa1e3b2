// Landlock: the kernel forbids this process files (and TCP, signals, abstract sockets) that it was
// not given, whatever system call it tries. The headers of older systems do not know all of it, so
// the numbers of linux/landlock.h are written here.
#pragma once
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
  CLINUX_LANDLOCK_CREATE = 444,
  CLINUX_LANDLOCK_ADD = 445,
  CLINUX_LANDLOCK_RESTRICT = 446,
};

/// A set of rules that so far forbids everything the kernel's Landlock can; -1 and errno where it
/// has none.
static inline int clinux_landlock_begin(void) {
  // LANDLOCK_CREATE_RULESET_VERSION
  long version = syscall(CLINUX_LANDLOCK_CREATE, NULL, (size_t)0, 1U);
  if (version < 1) {
    if (version == 0) errno = ENOSYS;
    return -1;
  }
  // Rights to files by version: 13 in the first, then REFER, TRUNCATE, and (5) IOCTL_DEV.
  static const uint64_t files[] = {0x1fff, 0x3fff, 0x7fff, 0x7fff, 0xffff};
  struct {
    uint64_t files, network, scope;
  } all = {files[version < 5 ? version - 1 : 4], version >= 4 ? 3 : 0, version >= 6 ? 3 : 0};
  size_t size = version >= 6 ? 24 : version >= 4 ? 16 : 8;
  return (int)syscall(CLINUX_LANDLOCK_CREATE, &all, size, 0U);
}

/// Lets a file, or everything below a folder, be read and run. A path that is not there is nothing
/// to allow. 0, or -1 with errno.
static inline int clinux_landlock_allow_reading(int rules, const char *path) {
  struct __attribute__((packed)) {
    uint64_t rights;
    int32_t place;
  } rule;
  rule.place = open(path, 010000000 /* O_PATH */ | O_CLOEXEC);
  if (rule.place < 0) return errno == ENOENT ? 0 : -1;
  // EXECUTE, READ_FILE, and READ_DIR, which a plain file does not take.
  rule.rights = 1 | 4 | 8;
  int result = (int)syscall(CLINUX_LANDLOCK_ADD, rules, 1 /* PATH_BENEATH */, &rule, 0U);
  if (result != 0 && errno == EINVAL) {
    rule.rights = 1 | 4;
    result = (int)syscall(CLINUX_LANDLOCK_ADD, rules, 1, &rule, 0U);
  }
  int code = errno;
  close(rule.place);
  errno = code;
  return result;
}

/// From here on the rules hold, for what is executed later, too. Needs clinux_no_new_privileges
/// before. Closes the set. 0, or -1 with errno.
static inline int clinux_landlock_enter(int rules) {
  int result = (int)syscall(CLINUX_LANDLOCK_RESTRICT, rules, 0U);
  int code = errno;
  close(rules);
  errno = code;
  return result;
}
