// A seccomp filter, put together by hand: there are two dozen numbers to compare.

#include "localcloud/services/lambda/runtime/system_calls.hpp"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace localcloud::lambda {

namespace {

#if defined(__x86_64__)
constexpr unsigned kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr unsigned kArchitecture = AUDIT_ARCH_AARCH64;
#else
#error "the numbers of this architecture's system calls are not known here"
#endif

constexpr unsigned kFirstOfX32 = 0x40000000;  // x86-64's other numbering of the same calls
constexpr unsigned kFchmodat2 = 452;          // newer than Debian 12's headers

constexpr unsigned kRefused[] = {
#if defined(__x86_64__)
    SYS_chmod,
    SYS_chown,
    SYS_lchown,
    SYS_utime,
    SYS_utimes,
    SYS_futimesat,
#endif
    SYS_truncate,
    SYS_fchmodat,
    kFchmodat2,
    SYS_fchownat,
    SYS_utimensat,
    SYS_setxattr,
    SYS_lsetxattr,
    SYS_removexattr,
    SYS_lremovexattr,
    SYS_process_vm_readv,
    SYS_process_vm_writev,
    SYS_ptrace,
    SYS_kcmp,
    SYS_pidfd_getfd};
constexpr unsigned kSignalsByOtherMeans[] = {SYS_tkill, SYS_pidfd_send_signal};
constexpr unsigned kSignals[] = {SYS_kill, SYS_tgkill, SYS_rt_sigqueueinfo, SYS_rt_tgsigqueueinfo};

constexpr sock_filter kAllow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
constexpr sock_filter kRefuse = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
constexpr sock_filter kKill = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);

// Grows on the stack: nothing may be allocated here.
struct Program {
  sock_filter lines[128];
  unsigned short length = 0;

  void add(sock_filter line) { lines[length++] = line; }
  void load(unsigned offset) { add(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset)); }
  // The next line is skipped unless the loaded word is `value`.
  void where_equal(unsigned value) { add(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1)); }
  void refuse(unsigned number) {
    where_equal(number);
    add(kRefuse);
  }
};

}  // namespace

bool filter_system_calls(Signals signals) {
  Program program;
  program.load(offsetof(seccomp_data, arch));
  program.add(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kArchitecture, 1, 0));
  program.add(kKill);
  program.load(offsetof(seccomp_data, nr));
  program.add(BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, kFirstOfX32, 0, 1));
  program.add(kRefuse);
  for (const unsigned number : kRefused) program.refuse(number);
  if (signals == Signals::to_itself_only) {
    for (const unsigned number : kSignalsByOtherMeans) program.refuse(number);
    for (const unsigned number : kSignals) {
      program.add(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 6));
      program.load(offsetof(seccomp_data, args));  // the process; its low word, on little-endian machines
      program.where_equal(static_cast<unsigned>(getpid()));
      program.add(kAllow);
      program.where_equal(0);  // its own group
      program.add(kAllow);
      program.add(kRefuse);
    }
  }
  program.add(kAllow);
  const sock_fprog filter{program.length, program.lines};
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) == 0;
}

}  // namespace localcloud::lambda
