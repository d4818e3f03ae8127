#pragma once
// What a function's process may touch: its own code, its own scratch folder, the system's libraries, and nothing else.
//
// Landlock (Linux 5.13 and later) does it without privileges: files outside the list cannot be opened, and processes
// outside the function cannot be traced or have their /proc/PID/environ read. User, mount and process namespaces, where
// the kernel lets us have them, add a /tmp of its own, hide all other processes, and end every descendant with the
// first.

#include <filesystem>
#include <optional>
#include <string>

namespace localcloud::lambda {

// Why functions can't be confined on this machine and what to do about it; nothing where they can.
std::optional<std::string> why_no_sandbox();

// Whether a process gets user, mount and process namespaces of its own.
enum class Namespaces { own, shared };

// Its own where the kernel lets us; found out once, by trying.
Namespaces best_namespaces();

// Where the process finds its code and its scratch folder.
std::string task_root(const std::filesystem::path& code_folder, Namespaces namespaces);
std::string temp_root(const std::filesystem::path& temp_folder, Namespaces namespaces);

// The rules for one process. Build it before the process is cloned; enter() then runs in the child.
class Sandbox {
 public:
  Sandbox(const std::filesystem::path& code_folder, const std::filesystem::path& temp_folder, Namespaces namespaces);
  ~Sandbox();
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  // Async-signal-safe; between clone and exec. False (with errno) where the process must not go on.
  bool enter_namespaces() const;  // only in a process that was cloned into them
  bool enter() const;

 private:
  std::string code_folder_;
  std::string temp_folder_;
  Namespaces namespaces_;
  std::string task_root_;
  std::string uid_map_;
  std::string gid_map_;
  int ruleset_ = -1;
};

}  // namespace localcloud::lambda
