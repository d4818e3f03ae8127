// clone ▶ sandbox ▶ exec, and the end of a process.

#include "localcloud/services/lambda/runtime/process.hpp"

#include <fcntl.h>
#include <linux/close_range.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <system_error>

namespace localcloud::lambda {

namespace {

constexpr std::size_t kStackBytes = 64 * 1024;
constexpr int kNamespaces = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC;

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

// What the child needs. It shares our memory until exec, so it may only make system calls and set `failed`.
struct Child {
  const Sandbox& sandbox;
  const char* folder;
  char* const* environment;
  int output;
  int null;
  std::uint64_t data_bytes_max;
  bool in_namespaces;
  pid_t parent;
  const char* failed_at = nullptr;
  int error = 0;
};

void limit(int resource, rlim_t value) {
  const rlimit limits{value, value};
  setrlimit(static_cast<__rlimit_resource>(resource), &limits);
}

int stop_at(Child& child, const char* where) {
  child.error = errno;
  child.failed_at = where;
  return 127;
}

int run_child(void* argument) {
  Child& child = *static_cast<Child*>(argument);
  if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) return stop_at(child, "prctl");
  if (!child.in_namespaces && getppid() != child.parent) return stop_at(child, "parent");
  if (setsid() < 0) return stop_at(child, "setsid");
  for (int signal = 1; signal < NSIG; ++signal) {
    struct sigaction standard{};
    standard.sa_handler = SIG_DFL;
    sigaction(signal, &standard, nullptr);
  }
  if (dup2(child.null, 0) < 0 || dup2(child.output, 1) < 0 || dup2(child.output, 2) < 0) return stop_at(child, "dup2");
  if (child.in_namespaces && !child.sandbox.enter_namespaces()) return stop_at(child, "namespaces");
  if (chdir(child.folder) != 0) return stop_at(child, "chdir");
  if (!child.sandbox.enter()) return stop_at(child, "landlock");
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_NOFILE, 1024);
  limit(RLIMIT_DATA, child.data_bytes_max);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  // Every other descriptor of ours closes at exec, whoever opened it and however.
  if (syscall(SYS_close_range, 3, ~0U, CLOSE_RANGE_CLOEXEC) != 0) return stop_at(child, "close_range");
  char name[] = "./bootstrap";
  char* arguments[] = {name, nullptr};
  execve("bootstrap", arguments, child.environment);
  return stop_at(child, "exec");
}

std::string describe(const Child& child, const Launch& launch) {
  if (std::strcmp(child.failed_at, "exec") != 0 && std::strcmp(child.failed_at, "chdir") != 0) {
    errno = child.error;
    fail(child.failed_at);  // our own sandbox, not the function's fault
  }
  if (child.error == ENOENT && ::access((launch.code_folder / "bootstrap").c_str(), F_OK) != 0) {
    return "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]";
  }
  std::string reason = std::strerror(child.error);
  if (!reason.empty() && reason[0] >= 'A' && reason[0] <= 'Z') reason[0] = static_cast<char>(reason[0] - 'A' + 'a');
  return "fork/exec /var/task/bootstrap: " + reason;
}

// Signals stay blocked meanwhile: a handler of ours must not run in the child, which shares our memory.
pid_t clone_child(Child& child) {
  void* const stack =
      mmap(nullptr, kStackBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  if (stack == MAP_FAILED) fail("mmap");
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const int flags = CLONE_VM | CLONE_VFORK | SIGCHLD | (child.in_namespaces ? kNamespaces : 0);
  const pid_t pid = clone(run_child, static_cast<char*>(stack) + kStackBytes, flags, &child);
  const int error = errno;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  munmap(stack, kStackBytes);
  errno = error;
  return pid;
}

std::uint64_t field_kib(std::string_view status, std::string_view name) {
  const std::size_t at = status.find(name);
  return at == std::string_view::npos ? 0 : std::strtoull(status.data() + at + name.size(), nullptr, 10);
}

}  // namespace

std::expected<Process, std::string> Process::start(const Launch& launch) {
  const std::string folder = task_root(launch.code_folder, launch.namespaces);
  const Sandbox sandbox(launch.code_folder, launch.temp_folder, launch.namespaces);
  int pipe_ends[2];
  if (pipe2(pipe_ends, O_CLOEXEC) != 0) fail("pipe2");
  const int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
  std::vector<char*> environment;
  for (const std::string& variable : launch.environment) environment.push_back(const_cast<char*>(variable.c_str()));
  environment.push_back(nullptr);

  Child child{.sandbox = sandbox,
              .folder = folder.c_str(),
              .environment = environment.data(),
              .output = pipe_ends[1],
              .null = null,
              .data_bytes_max = launch.data_bytes_max,
              .in_namespaces = launch.namespaces == Namespaces::own,
              .parent = getpid()};
  const pid_t pid = clone_child(child);
  const int clone_error = errno;
  close(pipe_ends[1]);
  if (null >= 0) close(null);
  if (pid < 0 || child.failed_at) {
    close(pipe_ends[0]);
    if (pid < 0) {
      errno = clone_error;
      fail("clone");
    }
    int status;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
    return std::unexpected(describe(child, launch));
  }
  fcntl(pipe_ends[0], F_SETFL, O_NONBLOCK);
  const int pidfd = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
  const int status = open(("/proc/" + std::to_string(pid) + "/status").c_str(), O_RDONLY | O_CLOEXEC);
  Process process(pid, launch.namespaces, pidfd, pipe_ends[0], status);
  if (pidfd < 0) fail("pidfd_open");
  return process;
}

Process::Process(Process&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      namespaces_(other.namespaces_),
      pidfd_(std::exchange(other.pidfd_, -1)),
      output_(std::exchange(other.output_, -1)),
      status_(std::exchange(other.status_, -1)),
      reaped_(other.reaped_) {}

Process::~Process() {
  if (pid_ > 0 && !reaped_) {
    kill();
    reap();
  }
  for (const int fd : {pidfd_, output_, status_}) {
    if (fd >= 0) close(fd);
  }
}

Memory Process::memory() const {
  char text[4096];
  const ssize_t count = pread(status_, text, sizeof text - 1, 0);
  if (count <= 0) return {};
  text[count] = 0;
  const std::string_view status(text, static_cast<std::size_t>(count));
  return {.now_bytes = field_kib(status, "VmRSS:") * 1024, .peak_bytes = field_kib(status, "VmHWM:") * 1024};
}

// The group first: without a process namespace, descendants outlive their parent.
void Process::kill() {
  if (reaped_) return;
  ::kill(-pid_, SIGKILL);
  ::kill(pid_, SIGKILL);
}

std::string Process::reap() {
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) continue;
  reaped_ = true;
  // The leader is gone, its group may not be: nobody else has its id while a member lives.
  if (namespaces_ == Namespaces::shared) ::kill(-pid_, SIGKILL);
  if (WIFEXITED(status)) return WEXITSTATUS(status) == 0 ? "" : "exit status " + std::to_string(WEXITSTATUS(status));
  if (!WIFSIGNALED(status)) return "";
  std::string name = strsignal(WTERMSIG(status));
  for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return "signal: " + name;
}

}  // namespace localcloud::lambda
