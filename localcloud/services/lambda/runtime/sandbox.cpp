// Landlock by its system calls (Debian 12 has no library for it), and the preparation of the namespaces.

#include "localcloud/services/lambda/runtime/sandbox.hpp"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "localcloud/services/lambda/runtime/system_calls.hpp"

namespace localcloud::lambda {

namespace {

// Debian 12's header ends at version 2; a newer kernel's further rights are named here.
constexpr std::uint64_t kAccessRefer = 1ULL << 13;         // version 2
constexpr std::uint64_t kAccessTruncate = 1ULL << 14;      // version 3
constexpr std::uint64_t kAccessIoctlDevice = 1ULL << 15;   // version 5
constexpr std::uint64_t kScopeAbstractSocket = 1ULL << 0;  // version 6
constexpr std::uint64_t kScopeSignal = 1ULL << 1;

struct RulesetAttributes {
  std::uint64_t handled_access_fs;
  std::uint64_t handled_access_net;
  std::uint64_t scoped;
};

constexpr std::uint64_t kReadFile = LANDLOCK_ACCESS_FS_READ_FILE;
constexpr std::uint64_t kRead = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr std::uint64_t kReadAndExecute = kRead | LANDLOCK_ACCESS_FS_EXECUTE;
constexpr std::uint64_t kVersion1 = (1ULL << 13) - 1;

int landlock_version() {
  static const int version =
      static_cast<int>(syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION));
  return version;
}

std::uint64_t handled_access() {
  std::uint64_t access = kVersion1;
  if (landlock_version() >= 2) access |= kAccessRefer;
  if (landlock_version() >= 3) access |= kAccessTruncate;
  if (landlock_version() >= 5) access |= kAccessIoctlDevice;
  return access;
}

// Async-signal-safe. A path that isn't there needs no rule. A file (unlike a folder) takes only rights that files have.
bool allow(int ruleset, const char* path, std::uint64_t access) {
  const int fd = open(path, O_PATH | O_CLOEXEC);
  if (fd < 0) return errno == ENOENT || errno == EACCES || errno == ENOTDIR;
  landlock_path_beneath_attr rule{};
  rule.allowed_access = access;
  rule.parent_fd = fd;
  const bool added = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
  close(fd);
  return added;
}

bool write_file(const char* path, const std::string& text) {
  const int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool written = write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  close(fd);
  return written;
}

constexpr const char* kReadOnlyFolders[] = {"/lib",
                                            "/lib64",
                                            "/usr",
                                            "/bin",
                                            "/sbin",
                                            "/etc/ssl",
                                            "/etc/pki",
                                            "/etc/ca-certificates",
                                            "/etc/alternatives",
                                            "/etc/crypto-policies"};
constexpr const char* kReadOnlyFiles[] = {"/etc/resolv.conf",
                                          "/etc/hosts",
                                          "/etc/nsswitch.conf",
                                          "/etc/host.conf",
                                          "/etc/localtime",
                                          "/etc/ld.so.cache",
                                          "/etc/gai.conf",
                                          "/etc/services",
                                          "/etc/passwd",
                                          "/etc/group",
                                          "/etc/protocols",
                                          "/dev/urandom",
                                          "/dev/random",
                                          "/proc/meminfo",
                                          "/proc/cpuinfo",
                                          "/proc/stat",
                                          "/proc/sys/kernel/cap_last_cap",
                                          "/proc/filesystems"};

bool set_mount(const char* path, unsigned flags, std::uint64_t set, std::uint64_t clear) {
  mount_attr attributes{.attr_set = set, .attr_clr = clear, .propagation = 0, .userns_fd = 0};
  return syscall(SYS_mount_setattr, AT_FDCWD, path, flags, &attributes, sizeof attributes) == 0;
}

// Where a function's code is seen when its own /tmp covers the folder that it lies in.
constexpr const char* kTaskMount = "/mnt";

int probe_child(void*) {
  return 0;
}

bool probe_namespaces() {
  alignas(16) static char stack[16 * 1024];
  const pid_t child = clone(probe_child, stack + sizeof stack,
                            CLONE_VM | CLONE_VFORK | CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | SIGCHLD, nullptr);
  if (child < 0) return false;
  int status;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  return ::access(kTaskMount, F_OK) == 0;
}

}  // namespace

std::optional<std::string> why_no_sandbox() {
  if (landlock_version() >= 1) return std::nullopt;
  return "localcloud runs no function without a sandbox, and this kernel offers no Landlock: it needs Linux 5.13 or "
         "later with \"landlock\" among the modules of /sys/kernel/security/lsm (add lsm=landlock,... to the kernel's "
         "command line), and in a container a seccomp profile that allows landlock_create_ruleset, landlock_add_rule "
         "and landlock_restrict_self.";
}

Namespaces best_namespaces() {
  static const Namespaces best = probe_namespaces() ? Namespaces::own : Namespaces::shared;
  return best;
}

std::string task_root(const std::filesystem::path& code_folder, Namespaces namespaces) {
  const bool covered = namespaces == Namespaces::own && code_folder.native().starts_with("/tmp/");
  return covered ? kTaskMount : code_folder.native();
}

std::string temp_root(const std::filesystem::path& temp_folder, Namespaces namespaces) {
  return namespaces == Namespaces::own ? "/tmp" : temp_folder.native();
}

Sandbox::Sandbox(const std::filesystem::path& code_folder, const std::filesystem::path& temp_folder,
                 Namespaces namespaces)
    : code_folder_(code_folder),
      temp_folder_(temp_folder),
      namespaces_(namespaces),
      task_root_(task_root(code_folder, namespaces)),
      uid_map_("993 " + std::to_string(geteuid()) + " 1\n"),
      gid_map_("990 " + std::to_string(getegid()) + " 1\n") {
  RulesetAttributes attributes{.handled_access_fs = handled_access(), .handled_access_net = 0, .scoped = 0};
  std::size_t size = sizeof attributes.handled_access_fs;
  if (landlock_version() >= 6) {
    attributes.scoped = kScopeAbstractSocket | kScopeSignal;
    size = sizeof attributes;
  }
  ruleset_ = static_cast<int>(syscall(SYS_landlock_create_ruleset, &attributes, size, 0));
  if (ruleset_ < 0) throw std::system_error(errno, std::generic_category(), "landlock_create_ruleset");
  bool allowed = allow(ruleset_, code_folder.c_str(), kReadAndExecute) &&
                 allow(ruleset_, temp_folder_.c_str(),
                       handled_access() & ~LANDLOCK_ACCESS_FS_MAKE_CHAR & ~LANDLOCK_ACCESS_FS_MAKE_BLOCK);
  for (const char* folder : kReadOnlyFolders) allowed = allowed && allow(ruleset_, folder, kReadAndExecute);
  for (const char* file : kReadOnlyFiles) allowed = allowed && allow(ruleset_, file, kReadFile);
  for (const char* device : {"/dev/null", "/dev/zero"}) {
    allowed = allowed && allow(ruleset_, device, kReadFile | LANDLOCK_ACCESS_FS_WRITE_FILE);
  }
  if (!allowed) throw std::system_error(errno, std::generic_category(), "landlock_add_rule");
}

Sandbox::~Sandbox() {
  if (ruleset_ >= 0) close(ruleset_);
}

bool Sandbox::enter_namespaces() const {
  if (!write_file("/proc/self/setgroups", "deny") || !write_file("/proc/self/uid_map", uid_map_) ||
      !write_file("/proc/self/gid_map", gid_map_)) {
    return false;
  }
  if (mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return false;
  if (task_root_ != code_folder_ && mount(code_folder_.c_str(), kTaskMount, nullptr, MS_BIND, nullptr) != 0)
    return false;
  if (mount(temp_folder_.c_str(), "/tmp", nullptr, MS_BIND, nullptr) != 0) return false;
  // Landlock's first versions don't know truncate(), none knows chmod(): all but the scratch folder is read-only.
  if (!set_mount("/", AT_RECURSIVE, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID, 0)) return false;
  if (!set_mount("/tmp", 0, 0, MOUNT_ATTR_RDONLY)) return false;
  // In a container whose /proc is partly covered this is not allowed; Landlock still hides the other processes.
  mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr);
  return true;
}

bool Sandbox::enter() const {
  // Only in the child is /proc/self its own folder.
  if (!allow(ruleset_, "/proc/self", kRead)) return false;
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return false;
  if (syscall(SYS_landlock_restrict_self, ruleset_, 0) != 0) return false;
  if (namespaces_ == Namespaces::own) return true;
  return filter_system_calls(landlock_version() >= 6 ? Signals::as_landlock_says : Signals::to_itself_only);
}

}  // namespace localcloud::lambda
