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
#define CLINUX_PERMIT(call) \
  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (call), 0, 1), \
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define CLINUX_DENY(call) \
  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (call), 0, 1), \
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)

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
      CLINUX_LOAD(arch),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, CLINUX_AUDIT_ARCH, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
      CLINUX_LOAD(nr),
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
      CLINUX_PERMIT(SYS_tgkill),
      CLINUX_PERMIT(SYS_rt_sigaction),
      CLINUX_PERMIT(SYS_rt_sigprocmask),
      CLINUX_PERMIT(SYS_rt_sigreturn),
      CLINUX_PERMIT(SYS_exit),
      CLINUX_PERMIT(SYS_exit_group),
      // The document comes over the socket on descriptor 0, and its seals are looked at.
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_recvmsg, 0, 4),
      CLINUX_LOAD(args[0]),
      CLINUX_PERMIT(0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_fcntl, 0, 3),
      CLINUX_LOAD(args[1]),
      CLINUX_PERMIT(1034 /* F_GET_SEALS */),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
  };
  return clinux_install_filter(filter, sizeof filter / sizeof filter[0]);
#else
  return clinux_install_filter(NULL, 0);
#endif
}

/// For a renderer that is executed afterwards: it may open files to read (fonts, libraries), but
/// nothing to write, has no network, starts no process and looks into none.
static inline int clinux_confine_to_reading(void) {
#ifdef CLINUX_AUDIT_ARCH
  // O_WRONLY, O_RDWR, O_CREAT, O_TRUNC
  const uint32_t writing = 01 | 02 | 0100 | 01000;
  struct sock_filter filter[] = {
      CLINUX_LOAD(arch),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, CLINUX_AUDIT_ARCH, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
      CLINUX_LOAD(nr),
#if defined(__x86_64__)
      // The x32 numbers are a second way to every call.
      BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
      CLINUX_DENY(SYS_open),
      CLINUX_DENY(SYS_creat),
      CLINUX_DENY(SYS_fork),
      CLINUX_DENY(SYS_vfork),
      CLINUX_DENY(SYS_unlink),
      CLINUX_DENY(SYS_rename),
      CLINUX_DENY(SYS_mkdir),
      CLINUX_DENY(SYS_link),
      CLINUX_DENY(SYS_symlink),
      CLINUX_DENY(SYS_chmod),
#endif
      CLINUX_DENY(SYS_socket),
      CLINUX_DENY(SYS_socketpair),
      CLINUX_DENY(SYS_connect),
      CLINUX_DENY(SYS_bind),
      CLINUX_DENY(SYS_openat2),
      CLINUX_DENY(SYS_unlinkat),
      CLINUX_DENY(SYS_renameat),
      CLINUX_DENY(SYS_renameat2),
      CLINUX_DENY(SYS_mkdirat),
      CLINUX_DENY(SYS_linkat),
      CLINUX_DENY(SYS_symlinkat),
      CLINUX_DENY(SYS_fchmod),
      CLINUX_DENY(SYS_fchmodat),
      CLINUX_DENY(SYS_truncate),
      CLINUX_DENY(SYS_clone),
      CLINUX_DENY(SYS_clone3),
      CLINUX_DENY(SYS_ptrace),
      CLINUX_DENY(SYS_process_vm_readv),
      CLINUX_DENY(SYS_process_vm_writev),
      CLINUX_DENY(SYS_kill),
      CLINUX_DENY(SYS_mount),
      CLINUX_DENY(SYS_bpf),
      CLINUX_DENY(SYS_io_uring_setup),
      CLINUX_DENY(SYS_keyctl),
      CLINUX_DENY(SYS_memfd_create),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 0, 3),
      CLINUX_LOAD(args[2]),
      BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, writing, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  return clinux_install_filter(filter, sizeof filter / sizeof filter[0]);
#else
  return clinux_install_filter(NULL, 0);
#endif
}
