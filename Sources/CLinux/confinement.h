// Walls around a process that reads hostile bytes: resource limits and a system-call filter.
#pragma once
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define CLINUX_AUDIT_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define CLINUX_AUDIT_ARCH AUDIT_ARCH_AARCH64
#endif

/// Address space in bytes, processor seconds, and no core file. 0, or -1 with errno.
static inline int clinux_limit(uint64_t addressSpace, uint64_t processorSeconds) {
  struct rlimit memory = {addressSpace, addressSpace};
  struct rlimit processor = {processorSeconds, processorSeconds};
  struct rlimit none = {0, 0};
  if (setrlimit(RLIMIT_AS, &memory) != 0) return -1;
  if (setrlimit(RLIMIT_CPU, &processor) != 0) return -1;
  return setrlimit(RLIMIT_CORE, &none);
}

/// No set-user-ID program, no file capability, from here on.
static inline int clinux_no_new_privileges(void) {
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

#define CLINUX_LOAD(field) \
  BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offsetof(struct seccomp_data, field))
#define CLINUX_REFUSE(code) BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (code))
#define CLINUX_PERMIT(call) \
  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (call), 0, 1), \
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
// Looks at the lower half of the argument: these arguments are ints, the kernel drops the upper.
#define CLINUX_PERMIT_WITH(call, argument, value) \
  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (call), 0, 4), CLINUX_LOAD(args[argument]), \
      CLINUX_PERMIT(value), CLINUX_REFUSE(EPERM)
#define CLINUX_PERMIT_WITHOUT(call, argument, bits) \
  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (call), 0, 4), CLINUX_LOAD(args[argument]), \
      BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (bits), 0, 1), CLINUX_REFUSE(EPERM), \
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
// Another architecture's call numbers would mean other calls.
#define CLINUX_OWN_ARCHITECTURE \
  CLINUX_LOAD(arch), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, CLINUX_AUDIT_ARCH, 1, 0), \
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS), CLINUX_LOAD(nr)

static inline int clinux_install_filter(struct sock_filter *filter, unsigned short count) {
#ifdef CLINUX_AUDIT_ARCH
  struct sock_fprog program = {count, filter};
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
#else
  (void)filter;
  (void)count;
  errno = ENOSYS;
  return -1;
#endif
}

/// Only calculation, memory, and reading and writing what is already open. Everything else
/// (opening files, network, processes) fails with EPERM. Needs clinux_no_new_privileges before.
static inline int clinux_confine_to_calculation(void) {
#ifdef CLINUX_AUDIT_ARCH
  struct sock_filter filter[] = {
      CLINUX_OWN_ARCHITECTURE,
      CLINUX_PERMIT(SYS_read),
      CLINUX_PERMIT(SYS_write),
      CLINUX_PERMIT(SYS_writev),
      CLINUX_PERMIT(SYS_close),
      CLINUX_PERMIT(SYS_fstat),
      CLINUX_PERMIT(SYS_newfstatat),
      CLINUX_PERMIT(SYS_lseek),
      CLINUX_PERMIT(SYS_mmap),
      CLINUX_PERMIT(SYS_munmap),
      CLINUX_PERMIT(SYS_mremap),
      CLINUX_PERMIT(SYS_mprotect),
      CLINUX_PERMIT(SYS_madvise),
      CLINUX_PERMIT(SYS_brk),
      CLINUX_PERMIT(SYS_futex),
      CLINUX_PERMIT(SYS_clock_gettime),
      CLINUX_PERMIT(SYS_getrandom),
      CLINUX_PERMIT(SYS_getpid),
      CLINUX_PERMIT(SYS_gettid),
      // abort() signals its own process and may reach no other.
      CLINUX_PERMIT_WITH(SYS_tgkill, 0, (uint32_t)getpid()),
      CLINUX_PERMIT(SYS_rt_sigaction),
      CLINUX_PERMIT(SYS_rt_sigprocmask),
      CLINUX_PERMIT(SYS_rt_sigreturn),
      CLINUX_PERMIT(SYS_exit),
      CLINUX_PERMIT(SYS_exit_group),
      // The document comes over the socket on descriptor 0, and its seals are looked at.
      CLINUX_PERMIT_WITH(SYS_recvmsg, 0, 0),
      CLINUX_PERMIT_WITH(SYS_fcntl, 1, 1034 /* F_GET_SEALS */),
      CLINUX_REFUSE(EPERM),
  };
  return clinux_install_filter(filter, sizeof filter / sizeof filter[0]);
#else
  return clinux_install_filter(NULL, 0);
#endif
}

/// For a renderer that is executed afterwards: what the loader, the C library, fontconfig and
/// poppler need to read files and to write to what is open already. Everything else fails with
/// EPERM (nothing is opened for writing, no network, no process or thread, no word to another
/// process), so that a library that tries more goes on without it. Needs clinux_no_new_privileges
/// before, and holds for this process's number, which exec keeps.
static inline int clinux_confine_to_reading(void) {
#ifdef CLINUX_AUDIT_ARCH
  // O_WRONLY, O_RDWR, O_CREAT, O_TRUNC
  const uint32_t writing = 01 | 02 | 0100 | 01000;
  struct sock_filter filter[] = {
      CLINUX_OWN_ARCHITECTURE,
      // The page itself, and files by their descriptor.
      CLINUX_PERMIT(SYS_write),
      CLINUX_PERMIT(SYS_read),
      CLINUX_PERMIT(SYS_readv),
      CLINUX_PERMIT(SYS_pread64),
      CLINUX_PERMIT(SYS_writev),
      CLINUX_PERMIT(SYS_close),
      CLINUX_PERMIT(SYS_lseek),
      CLINUX_PERMIT(SYS_fstat),
      CLINUX_PERMIT(SYS_fstatfs),
      CLINUX_PERMIT(SYS_fadvise64),
      CLINUX_PERMIT(SYS_getdents64),
      CLINUX_PERMIT(SYS_dup),
      CLINUX_PERMIT(SYS_dup3),
      // Files by their path.
      CLINUX_PERMIT_WITHOUT(SYS_openat, 2, writing),
      CLINUX_PERMIT(SYS_newfstatat),
      CLINUX_PERMIT(SYS_statx),
      CLINUX_PERMIT(SYS_statfs),
      CLINUX_PERMIT(SYS_faccessat),
      CLINUX_PERMIT(SYS_faccessat2),
      CLINUX_PERMIT(SYS_readlinkat),
      CLINUX_PERMIT(SYS_getcwd),
      CLINUX_PERMIT(SYS_execve),
      // Memory.
      CLINUX_PERMIT(SYS_mmap),
      CLINUX_PERMIT(SYS_munmap),
      CLINUX_PERMIT(SYS_mremap),
      CLINUX_PERMIT(SYS_mprotect),
      CLINUX_PERMIT(SYS_madvise),
      CLINUX_PERMIT(SYS_brk),
      // Time, chance, and questions about itself and the machine.
      CLINUX_PERMIT(SYS_getrandom),
      CLINUX_PERMIT(SYS_clock_gettime),
      CLINUX_PERMIT(SYS_clock_getres),
      CLINUX_PERMIT(SYS_clock_nanosleep),
      CLINUX_PERMIT(SYS_nanosleep),
      CLINUX_PERMIT(SYS_gettimeofday),
      CLINUX_PERMIT(SYS_getpid),
      CLINUX_PERMIT(SYS_getppid),
      CLINUX_PERMIT(SYS_gettid),
      CLINUX_PERMIT(SYS_getuid),
      CLINUX_PERMIT(SYS_geteuid),
      CLINUX_PERMIT(SYS_getgid),
      CLINUX_PERMIT(SYS_getegid),
      CLINUX_PERMIT(SYS_getrlimit),
      CLINUX_PERMIT(SYS_uname),
      CLINUX_PERMIT(SYS_sysinfo),
      CLINUX_PERMIT(SYS_sched_getaffinity),
      CLINUX_PERMIT(SYS_sched_yield),
      // The C library's start, locks, signals and end.
      CLINUX_PERMIT(SYS_futex),
      CLINUX_PERMIT(SYS_set_tid_address),
      CLINUX_PERMIT(SYS_set_robust_list),
      CLINUX_PERMIT(SYS_rseq),
      CLINUX_PERMIT(SYS_rt_sigaction),
      CLINUX_PERMIT(SYS_rt_sigprocmask),
      CLINUX_PERMIT(SYS_rt_sigreturn),
      CLINUX_PERMIT(SYS_restart_syscall),
      CLINUX_PERMIT(SYS_sigaltstack),
      CLINUX_PERMIT(SYS_exit),
      CLINUX_PERMIT(SYS_exit_group),
#if defined(__x86_64__)
      // The older forms of calls above.
      CLINUX_PERMIT_WITHOUT(SYS_open, 1, writing),
      CLINUX_PERMIT(SYS_stat),
      CLINUX_PERMIT(SYS_lstat),
      CLINUX_PERMIT(SYS_access),
      CLINUX_PERMIT(SYS_readlink),
      CLINUX_PERMIT(SYS_dup2),
      CLINUX_PERMIT(SYS_time),
      CLINUX_PERMIT(SYS_arch_prctl),
#endif
      // Itself (0) only: another process of this user would lose its processor time.
      CLINUX_PERMIT_WITH(SYS_prlimit64, 0, 0),
      // abort() signals its own process and may reach no other.
      CLINUX_PERMIT_WITH(SYS_tgkill, 0, (uint32_t)getpid()),
      // Not F_SETOWN, F_SETSIG and F_SETFL, with which the kernel signals others.
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_fcntl, 0, 12),
      CLINUX_LOAD(args[1]),
      CLINUX_PERMIT(0 /* F_DUPFD */),
      CLINUX_PERMIT(1030 /* F_DUPFD_CLOEXEC */),
      CLINUX_PERMIT(1 /* F_GETFD */),
      CLINUX_PERMIT(2 /* F_SETFD */),
      CLINUX_PERMIT(3 /* F_GETFL */),
      CLINUX_REFUSE(EPERM),
      // stdio asks whether a file is a terminal: none is.
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_ioctl, 0, 1),
      CLINUX_REFUSE(ENOTTY),
      // Calls since Linux 5.1 (and x32's numbers): a C library tries an older one on ENOSYS alone.
      BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 424, 0, 1),
      CLINUX_REFUSE(ENOSYS),
      CLINUX_REFUSE(EPERM),
  };
  return clinux_install_filter(filter, sizeof filter / sizeof filter[0]);
#else
  return clinux_install_filter(NULL, 0);
#endif
}
