// Starts, asks and stops the server that is measured.

#include "bench/server.hpp"

#include <fmt/core.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "aws/crypto.hpp"
#include "base/clock.hpp"
#include "json/parse.hpp"

namespace bench {

Server::Server(std::vector<std::string> options)
    : folder_(std::filesystem::temp_directory_path() / fmt::format("event-pipeline-bench-{}", ::getpid())),
      options_(std::move(options)) {
  std::filesystem::create_directories(folder_);
  start();
}

Server::~Server() {
  stop();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void Server::start() {
  const auto begin = std::chrono::steady_clock::now();
  int out[2];
  if (::pipe(out) != 0) throw std::runtime_error("no pipe");
  const std::string program = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "event-pipeline";
  const std::string log = folder_ / "log";
  std::vector<std::string> arguments = {program, "serve", "--data", folder_ / "data", "--port", "0", "--json"};
  arguments.insert(arguments.end(), options_.begin(), options_.end());
  pid_ = ::fork();
  if (pid_ == 0) {
    ::dup2(out[1], 1);
    ::close(out[0]);
    if (::freopen(log.c_str(), "a", stderr) == nullptr) ::_exit(126);
    std::vector<char*> pointers;
    for (std::string& argument : arguments) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    ::execv(program.c_str(), pointers.data());
    ::_exit(127);
  }
  ::close(out[1]);
  std::string line;
  for (char c = 0; ::read(out[0], &c, 1) == 1 && c != '\n';) line += c;
  ::close(out[0]);
  auto parsed = json::parse(line);
  if (!parsed) throw std::runtime_error("the server did not start: see " + log);
  start_ms_ = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
  ready_ = std::move(*parsed);
  std::ifstream profile(text("credentials"));
  while (std::getline(profile, line)) {
    const auto at = line.find('=');
    if (at == std::string::npos) continue;
    const std::string value = line.substr(line.find_first_not_of(' ', at + 1));
    if (line.starts_with("aws_access_key_id")) credentials_.access_key_id = value;
    if (line.starts_with("aws_secret_access_key")) credentials_.secret_access_key = value;
  }
}

void Server::stop() {
  if (pid_ == 0) return;
  ::kill(pid_, SIGINT);
  ::waitpid(pid_, nullptr, 0);
  pid_ = 0;
}

std::string Server::text(std::string_view name) const {
  return std::string(ready_.get_string(name).value_or(""));
}

template <typename Visit>
void Server::each_process(Visit&& visit) const {
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    std::ifstream file(entry.path() / "stat");
    std::string line;
    if (!std::getline(file, line)) continue;
    // Fields count from behind the name, which may hold anything: state, parent, …
    std::istringstream fields(line.substr(line.rfind(')') + 1));
    std::vector<std::string> values{std::istream_iterator<std::string>(fields), {}};
    if (values.size() > 21 && (entry.path().filename() == std::to_string(pid_) || values[1] == std::to_string(pid_)))
      visit(values);
  }
}

double Server::resident_mib() const {
  double pages = 0;
  each_process([&](const std::vector<std::string>& stat) { pages += std::stod(stat[21]); });
  return pages * static_cast<double>(::sysconf(_SC_PAGESIZE)) / (1 << 20);
}

double Server::cpu_s() const {
  double ticks = 0;
  each_process([&](const std::vector<std::string>& stat) { ticks += std::stod(stat[11]) + std::stod(stat[12]); });
  return ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double Server::restart_ms(int times) {
  std::vector<double> all_ms;
  for (int i = 0; i < times; ++i) {
    stop();
    start();
    all_ms.push_back(start_ms_);
  }
  std::sort(all_ms.begin(), all_ms.end());
  return all_ms[all_ms.size() / 2];
}

double Server::stored_mib() const {
  double bytes = 0;
  std::error_code gone;  // files come and go
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_ / "data", gone)) {
    if (entry.is_regular_file(gone)) bytes += static_cast<double>(entry.file_size(gone));
  }
  return bytes / (1 << 20);
}

std::string Server::head(const Call& call, std::string_view payload_hash, std::size_t length) const {
  aws::Headers headers = {{"host", place().text()}};
  headers.insert(headers.end(), call.headers.begin(), call.headers.end());
  const aws::SigningContext context{text("region"), call.service, base::SystemClock().now(),
                                    aws::signing_options_for(call.service)};
  const aws::Headers added =
      aws::sign({call.method, call.path, "", headers, payload_hash}, credentials_, context, keys_);
  headers.insert(headers.end(), added.begin(), added.end());
  std::string head = fmt::format("{} {} HTTP/1.1\r\n", call.method, call.path);
  for (const auto& [name, value] : headers) head += fmt::format("{}: {}\r\n", name, value);
  return head + fmt::format("content-length: {}\r\n\r\n", length);
}

std::string Server::request(const Call& call) const {
  return head(call, aws::sha256_hex(call.body), call.body.size()) + call.body;
}

Call json_call(std::string_view target, std::string body) {
  return {.service = target.starts_with("DynamoDB") ? "dynamodb" : "states",
          .headers = {{"content-type", "application/x-amz-json-1.0"}, {"x-amz-target", std::string(target)}},
          .body = std::move(body)};
}

}  // namespace bench
