/*
 * The disk of a machine whose power may fail, as a library to preload.
 *
 * A killed process leaves the page cache behind, and with it everything it ever wrote: no test of
 * synchronisation can fail. Here every change to a file of the watched folders is noted, with what
 * was there before, in a log; fsync and fdatasync note that a file (or folder) is safe. After the
 * process was killed, powerloss.py takes back what was not safe.
 *
 * POWER_LOSS_FOLDERS   folders to watch, separated by ':'
 * POWER_LOSS_LOG       the log, appended to
 * POWER_LOSS_COUNTER   a file of 16 bytes: how many operations from now the process is killed (0:
 *                      never), and how many there were; both 64 bits, this machine's byte order
 * POWER_LOSS_BOOT      a file that is read in place of the kernel's name for this start of the machine:
 *                      a power loss is followed by another
 * POWER_LOSS_SYNCHRONOUS=OFF   SQLite is told so whenever it is told otherwise: the control run
 *
 * A watched file is not really synchronised: what is tested is when it is asked for.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { FILES = 4096, PATH_LIMIT = 512, MAGIC = 0x504c4f53 };

struct record {
  uint32_t magic, kind, path_bytes, other_bytes;
  uint64_t offset, length, old_size, data_bytes;
};

static char *watched[FILES]; /* by descriptor: the path, where it is ours to watch */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int log_file = -1;
static _Atomic(uint64_t) *counter;
static unsigned backups;

static long raw_write(int fd, const void *data, size_t n, off_t at) {
  return syscall(SYS_pwrite64, fd, data, n, at);
}

static int watches(const char *path) {
  const char *folders = getenv("POWER_LOSS_FOLDERS");
  if (!folders || !path || path[0] != '/' || strlen(path) >= PATH_LIMIT) return 0;
  const char *name = strrchr(path, '/') + 1;
  size_t n = strlen(name);
  /* Shared memory is made anew after a power loss. */
  if (n > 4 && !strcmp(name + n - 4, "-shm")) return 0;
  for (const char *at = folders; *at;) {
    size_t length = strcspn(at, ":");
    if (length && !strncmp(path, at, length) && (path[length] == '/' || path[length] == 0)) return 1;
    /* The folder that holds their names. */
    size_t parent = strlen(path);
    if (parent < length && !strncmp(path, at, parent) && at[parent] == '/' && !memchr(at + parent + 1, '/', length - parent - 1))
      return 1;
    at += length + (at[length] == ':');
  }
  return 0;
}

/* With the lock held; opens log and counter when they are first needed. */
static void prepare(void) {
  if (log_file >= 0) return;
  const char *path = getenv("POWER_LOSS_LOG"), *count = getenv("POWER_LOSS_COUNTER");
  if (!path || !count) abort();
  /* Far above the descriptors that anybody closes by number. */
  int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  log_file = (int)syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 900);
  syscall(SYS_close, fd);
  fd = (int)syscall(SYS_openat, AT_FDCWD, count, O_RDWR | O_CLOEXEC, 0600);
  void *page = mmap(NULL, 16, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  syscall(SYS_close, fd);
  if (log_file < 0 || page == MAP_FAILED) abort();
  counter = page;
}

/* With the lock held: one operation more; at the chosen one the power goes. */
static void count_operation(void) {
  prepare();
  atomic_fetch_add(&counter[1], 1);
  uint64_t left = atomic_load(&counter[0]);
  if (left == 1) syscall(SYS_kill, getpid(), SIGKILL);
  if (left) atomic_store(&counter[0], left - 1);
}

static void note(char kind, const char *path, const char *other, uint64_t offset, uint64_t length,
                 uint64_t old_size, const void *data, size_t data_bytes) {
  struct record head = {MAGIC, (uint32_t)kind, (uint32_t)strlen(path), other ? (uint32_t)strlen(other) : 0,
                        offset, length, old_size, data_bytes};
  struct iovec parts[] = {{&head, sizeof head}, {(void *)path, head.path_bytes},
                          {(void *)(other ? other : ""), head.other_bytes}, {(void *)data, data_bytes}};
  /* In one call, so that a record is whole or at the end. */
  ssize_t wanted = (ssize_t)(sizeof head + head.path_bytes + head.other_bytes + data_bytes);
  if (syscall(SYS_writev, log_file, parts, 4) != wanted) abort();
}

static const char *path_of(int fd) { return fd >= 0 && fd < FILES ? watched[fd] : NULL; }

static void remember(int fd, const char *path) {
  if (fd < 0 || fd >= FILES) return;
  pthread_mutex_lock(&lock);
  free(watched[fd]);
  watched[fd] = watches(path) ? strdup(path) : NULL;
  pthread_mutex_unlock(&lock);
}

/* Notes what a range of a file holds before it changes. */
static void note_range(char kind, int fd, uint64_t offset, uint64_t length) {
  struct stat info;
  if (fstat(fd, &info) != 0) abort();
  uint64_t size = (uint64_t)info.st_size, have = 0;
  if (offset < size) have = length < size - offset ? length : size - offset;
  char *old = malloc(have ? have : 1);
  if (!old) abort();
  /* A descriptor that was opened for writing alone cannot be read. */
  char name[64];
  snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
  int reader = have ? (int)syscall(SYS_openat, AT_FDCWD, name, O_RDONLY | O_CLOEXEC, 0) : -1;
  if (have && syscall(SYS_pread64, reader, old, have, offset) != (long)have) abort();
  if (reader >= 0) syscall(SYS_close, reader);
  note(kind, watched[fd], NULL, offset, length, size, old, have);
  free(old);
}

/* -- files come and go */

static int open_any(int folder, const char *path, int flags, mode_t mode) {
  int is_new = 0;
  const char *boot = getenv("POWER_LOSS_BOOT");
  if (boot && path && !strcmp(path, "/proc/sys/kernel/random/boot_id")) path = boot;
  if (watches(path) && (flags & (O_CREAT | O_TRUNC))) {
    struct stat info;
    is_new = (flags & O_CREAT) && syscall(SYS_newfstatat, AT_FDCWD, path, &info, 0) != 0;
    if ((flags & O_TRUNC) && !is_new) { /* as ftruncate, which is noted */
      int fd = open_any(folder, path, flags & ~O_TRUNC, mode);
      if (fd >= 0 && ftruncate(fd, 0) != 0) return -1;
      return fd;
    }
    pthread_mutex_lock(&lock);
    count_operation();
    if (is_new) note('C', path, NULL, 0, 0, 0, NULL, 0);
    pthread_mutex_unlock(&lock);
  }
  int fd = (int)syscall(SYS_openat, folder, path, flags, mode);
  remember(fd, path);
  return fd;
}

#define MODE_OF(flags)                                             \
  mode_t mode = 0;                                                 \
  if ((flags) & (O_CREAT | __O_TMPFILE)) {                         \
    va_list more;                                                  \
    va_start(more, flags);                                         \
    mode = va_arg(more, mode_t);                                   \
    va_end(more);                                                  \
  }

int open(const char *path, int flags, ...) { MODE_OF(flags) return open_any(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE_OF(flags) return open_any(AT_FDCWD, path, flags, mode); }
int openat(int folder, const char *path, int flags, ...) { MODE_OF(flags) return open_any(folder, path, flags, mode); }
int openat64(int folder, const char *path, int flags, ...) { MODE_OF(flags) return open_any(folder, path, flags, mode); }
int creat(const char *path, mode_t mode) { return open_any(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }

int close(int fd) {
  if (path_of(fd)) {
    pthread_mutex_lock(&lock);
    free(watched[fd]);
    watched[fd] = NULL;
    pthread_mutex_unlock(&lock);
  }
  return (int)syscall(SYS_close, fd);
}

int unlinkat(int folder, const char *path, int flags) {
  if (!watches(path) || (flags & AT_REMOVEDIR)) return (int)syscall(SYS_unlinkat, folder, path, flags);
  pthread_mutex_lock(&lock);
  count_operation();
  char kept[PATH_LIMIT + 32];
  snprintf(kept, sizeof kept, "%s.gone-%d-%u", path, (int)getpid(), ++backups);
  note('U', path, kept, 0, 0, 0, NULL, 0);
  int status = (int)syscall(SYS_renameat2, AT_FDCWD, path, AT_FDCWD, kept, 0);
  pthread_mutex_unlock(&lock);
  return status;
}
int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }

static int move(int from_folder, const char *from, int to_folder, const char *to, unsigned flags) {
  if (!watches(from) && !watches(to))
    return (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
  struct stat info;
  if (syscall(SYS_newfstatat, AT_FDCWD, to, &info, 0) == 0) unlinkat(AT_FDCWD, to, 0);
  pthread_mutex_lock(&lock);
  count_operation();
  note('R', from, to, 0, 0, 0, NULL, 0);
  int status = (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
  for (int fd = 0; fd < FILES; fd++)
    if (watched[fd] && !strcmp(watched[fd], from)) {
      free(watched[fd]);
      watched[fd] = strdup(to);
    }
  pthread_mutex_unlock(&lock);
  return status;
}
int rename(const char *from, const char *to) { return move(AT_FDCWD, from, AT_FDCWD, to, 0); }
int renameat(int a, const char *from, int b, const char *to) { return move(a, from, b, to, 0); }
int renameat2(int a, const char *from, int b, const char *to, unsigned flags) { return move(a, from, b, to, flags); }

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags) {
  if (!watches(to)) return (int)syscall(SYS_linkat, from_folder, from, to_folder, to, flags);
  pthread_mutex_lock(&lock);
  count_operation();
  int status = (int)syscall(SYS_linkat, from_folder, from, to_folder, to, flags);
  if (status == 0) note('L', to, from, 0, 0, 0, NULL, 0);
  pthread_mutex_unlock(&lock);
  return status;
}
int link(const char *from, const char *to) { return linkat(AT_FDCWD, from, AT_FDCWD, to, 0); }

int mkdirat(int folder, const char *path, mode_t mode) {
  if (!watches(path)) return (int)syscall(SYS_mkdirat, folder, path, mode);
  pthread_mutex_lock(&lock);
  count_operation();
  int status = (int)syscall(SYS_mkdirat, folder, path, mode);
  if (status == 0) note('M', path, NULL, 0, 0, 0, NULL, 0);
  pthread_mutex_unlock(&lock);
  return status;
}
int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }

/* -- what is in them */

static ssize_t write_at(int fd, const void *data, size_t n, off_t at) {
  if (!path_of(fd)) return raw_write(fd, data, n, at);
  pthread_mutex_lock(&lock);
  count_operation();
  note_range('W', fd, (uint64_t)at, n);
  ssize_t done = raw_write(fd, data, n, at);
  pthread_mutex_unlock(&lock);
  return done;
}
ssize_t pwrite(int fd, const void *data, size_t n, off_t at) { return write_at(fd, data, n, at); }
ssize_t pwrite64(int fd, const void *data, size_t n, off64_t at) { return write_at(fd, data, n, at); }

ssize_t write(int fd, const void *data, size_t n) {
  if (!path_of(fd)) return syscall(SYS_write, fd, data, n);
  struct stat info;
  off_t at = lseek(fd, 0, SEEK_CUR);
  if ((syscall(SYS_fcntl, fd, F_GETFL) & O_APPEND) && fstat(fd, &info) == 0) at = info.st_size;
  pthread_mutex_lock(&lock);
  count_operation();
  note_range('W', fd, (uint64_t)at, n);
  ssize_t done = syscall(SYS_write, fd, data, n);
  pthread_mutex_unlock(&lock);
  return done;
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  if (!path_of(fd)) return syscall(SYS_writev, fd, parts, count);
  ssize_t done = 0;
  for (int i = 0; i < count; i++) {
    ssize_t now = write(fd, parts[i].iov_base, parts[i].iov_len);
    if (now < 0) return done ? done : now;
    done += now;
  }
  return done;
}

static int cut(int fd, off_t size) {
  if (!path_of(fd)) return (int)syscall(SYS_ftruncate, fd, size);
  pthread_mutex_lock(&lock);
  count_operation();
  note_range('T', fd, (uint64_t)size, UINT64_MAX / 2);
  int status = (int)syscall(SYS_ftruncate, fd, size);
  pthread_mutex_unlock(&lock);
  return status;
}
int ftruncate(int fd, off_t size) { return cut(fd, size); }
int ftruncate64(int fd, off64_t size) { return cut(fd, size); }

/* -- and when it is safe */

static int sync_file(int fd, int call) {
  if (!path_of(fd)) return (int)syscall(call, fd);
  pthread_mutex_lock(&lock);
  count_operation();
  note('S', watched[fd], NULL, 0, 0, 0, NULL, 0);
  pthread_mutex_unlock(&lock);
  return 0;
}
int fsync(int fd) { return sync_file(fd, SYS_fsync); }
int fdatasync(int fd) { return sync_file(fd, SYS_fdatasync); }

/* -- the control run: the same kiosk, with a store that never asks the disk to be sure */

typedef int prepare_call(void *, const char *, int, unsigned, void **, const char **);

int sqlite3_prepare_v3(void *db, const char *sql, int n, unsigned flags, void **statement, const char **tail) {
  static prepare_call *real;
  if (!real) {
    /* Where it was loaded late and for itself, it is not behind us. */
    void *library = dlopen("libsqlite3.so.0", RTLD_LAZY | RTLD_NOLOAD);
    *(void **)&real = dlsym(library ? library : RTLD_NEXT, "sqlite3_prepare_v3");
  }
  static const char full[] = "synchronous = FULL", off[] = "synchronous =  OFF";
  const char *wish = getenv("POWER_LOSS_SYNCHRONOUS");
  if (!wish || strcmp(wish, "OFF")) return real(db, sql, n, flags, statement, tail);
  size_t length = n < 0 ? strlen(sql) : strnlen(sql, (size_t)n);
  char *changed = strndup(sql, length), *at;
  if (!changed) abort();
  if ((at = strcasestr(changed, full))) memcpy(at, off, sizeof off - 1);
  const char *rest = NULL;
  int status = real(db, changed, -1, flags, statement, &rest);
  if (tail) *tail = sql + (rest ? rest - changed : 0);
  free(changed);
  return status;
}

int sqlite3_prepare_v2(void *db, const char *sql, int n, void **statement, const char **tail) {
  return sqlite3_prepare_v3(db, sql, n, 0, statement, tail);
}
