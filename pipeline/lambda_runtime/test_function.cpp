// The function that the tests run: its event is a JSON string of a word and what it needs.

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "pipeline/lambda_runtime/lambda_runtime.hpp"

using pipeline::lambda_runtime::FunctionError;
using pipeline::lambda_runtime::Invocation;
using pipeline::lambda_runtime::Outcome;

namespace {

std::string quoted(const std::string& text) {
  return '"' + text + '"';
}
std::string said(bool done) {
  return quoted(done ? "done" : std::strerror(errno));
}

std::string read_file(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY);
  char byte;
  const ssize_t count = fd < 0 ? -1 : read(fd, &byte, 1);
  return said(count >= 0);
}

std::string write_file(const std::string& path) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT, 0600);
  return said(fd >= 0 && write(fd, "x", 1) == 1);
}

std::string list(const std::string& path) {
  return said(opendir(path.c_str()) != nullptr);
}

// Whether somebody answers at another function's Runtime API.
std::string steal(const std::string& port) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(std::atoi(port.c_str())));
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return said(false);
  const std::string request = "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: x\r\n\r\n";
  send(fd, request.data(), request.size(), MSG_NOSIGNAL);
  char bytes[64];
  return quoted(recv(fd, bytes, sizeof bytes, 0) > 0 ? "stolen" : "hung up");
}

std::string allocate(std::size_t mb) {
  std::vector<char*> kept;
  for (std::size_t i = 0; i < mb; ++i) {
    kept.push_back(static_cast<char*>(std::malloc(1 << 20)));
    if (!kept.back()) return quoted("refused");
    std::memset(kept.back(), 1, 1 << 20);
    usleep(200);
  }
  return quoted("allocated");
}

Outcome handle(Invocation invocation) {
  std::string text = invocation.payload;
  if (text.size() < 2 || text[0] != '"') return invocation.payload;
  text = text.substr(1, text.size() - 2);
  const std::size_t space = text.find(' ');
  const std::string word = text.substr(0, space);
  const std::string rest = space == std::string::npos ? "" : text.substr(space + 1);
  if (word == "sleep") usleep(1000 * std::atoi(rest.c_str()));
  if (word == "exit") _exit(std::atoi(rest.c_str()));
  if (word == "crash") *static_cast<volatile int*>(nullptr) = 1;
  if (word == "kill") return said(kill(std::atoi(rest.c_str()), SIGKILL) == 0);
  if (word == "trace") return said(ptrace(PTRACE_ATTACH, std::atoi(rest.c_str()), nullptr, nullptr) == 0);
  if (word == "read") return read_file(rest);
  if (word == "write") return write_file(rest);
  if (word == "list") return list(rest);
  if (word == "truncate") return said(truncate(rest.c_str(), 0) == 0);
  if (word == "chmod") return said(chmod(rest.c_str(), 0777) == 0);
  if (word == "steal") return steal(rest);
  if (word == "allocate") return allocate(std::atoi(rest.c_str()));
  if (word == "error") return std::unexpected(FunctionError{"Test.Error", rest});
  if (word == "large") return quoted(std::string(std::atoi(rest.c_str()), 'x'));
  if (word == "log") std::printf("%s\n", rest.c_str());
  if (word == "warn") std::fprintf(stderr, "%s", rest.c_str());
  if (word == "pid") return std::to_string(getpid());
  if (word == "linger" && fork() == 0) {
    setsid();
    for (;;) pause();
  }
  if (word == "env") {
    const char* const value = std::getenv(rest.c_str());
    return quoted(value ? value : "");
  }
  std::fflush(stdout);
  return invocation.payload;
}

}  // namespace

int main() {
  if (const char* const init = std::getenv("INIT")) {
    if (std::strcmp(init, "exit") == 0) return 7;
    if (std::strcmp(init, "error") == 0) {
      return pipeline::lambda_runtime::report_init_error({"Test.Init", "not today"});
    }
  }
  return pipeline::lambda_runtime::run(handle);
}
