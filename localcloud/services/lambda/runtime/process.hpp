#pragma once
// A function's process: its bootstrap, started in its sandbox with nothing of ours but its environment.

#include <sys/types.h>

#include <cstdint>
#include <expected>
#include <filesystem>
#include <string>
#include <vector>

#include "localcloud/services/lambda/runtime/sandbox.hpp"

namespace localcloud::lambda {

struct Launch {
  std::filesystem::path code_folder;     // holds `bootstrap`; the working folder
  std::filesystem::path temp_folder;     // the only one it may write to
  std::vector<std::string> environment;  // "NAME=value"
  Namespaces namespaces = best_namespaces();
  std::uint64_t data_bytes_max = 0;  // RLIMIT_DATA: private memory it may map at all
};

struct Memory {
  std::uint64_t now_bytes = 0;
  std::uint64_t peak_bytes = 0;
};

// Owns the process: destroying it kills the process with its descendants, and reaps it. The process also dies with the
// thread that started it. Not thread-safe.
class Process {
 public:
  // What the program is, or why it could not be started, in the words of Lambda's logs.
  static std::expected<Process, std::string> start(const Launch& launch);

  Process(Process&& other) noexcept;
  Process& operator=(Process&&) = delete;
  ~Process();

  pid_t pid() const { return pid_; }
  int pidfd() const { return pidfd_; }    // readable once the process has ended
  int output() const { return output_; }  // its stdout and stderr; not blocking
  Memory memory() const;                  // zeros once it has ended
  void kill();
  // Once pidfd() is readable: "exit status 3", "signal: killed", or nothing for status 0.
  std::string reap();

 private:
  Process(pid_t pid, Namespaces namespaces, int pidfd, int output, int status)
      : pid_(pid), namespaces_(namespaces), pidfd_(pidfd), output_(output), status_(status) {}

  pid_t pid_;
  Namespaces namespaces_;
  int pidfd_;
  int output_;
  int status_;  // /proc/PID/status
  bool reaped_ = false;
};

}  // namespace localcloud::lambda
