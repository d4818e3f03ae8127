// How fast is the pipeline? Starts a server of its own and prints acknowledged events a second (single, and in batches
// of 100), how long an answer takes, how long an answered event takes to be found in the table, how long a start takes,
// and the memory that is used: with every write durable, every call signed and authorized.
//
//   build/release/bin/pipeline_bench [SECONDS] [CONNECTIONS]

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "aws/crypto.hpp"
#include "aws/sigv4.hpp"
#include "base/clock.hpp"
#include "base/text.hpp"
#include "json/parse.hpp"

namespace {

constexpr std::string_view kHelp =
    "How fast is the pipeline? Starts a server of its own, with its data in a throwaway folder, and prints\n"
    "events a second, how long answers and starts take, and the memory that is used.\n\n"
    "Usage: pipeline_bench [SECONDS] [CONNECTIONS]\n"
    "  SECONDS      of each measurement; 10 unless said\n"
    "  CONNECTIONS  that send at once, 1 to 1000; 32 unless said\n";

struct Options {
  double seconds = 10;
  int connections = 32;
};

// Nothing where the arguments aren't what kHelp says.
std::optional<Options> parse_arguments(int argc, char** argv) {
  Options options;
  const auto seconds = argc > 1 ? base::to_number<double>(argv[1]) : options.seconds;
  const auto connections = argc > 2 ? base::to_number<int>(argv[2]) : options.connections;
  if (argc > 3 || !seconds || !connections) return std::nullopt;
  if (!(*seconds > 0 && *seconds <= 3600) || *connections < 1 || *connections > 1000) return std::nullopt;
  return Options{*seconds, *connections};
}

using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

// A host and port out of http://127.0.0.1:4566.
struct Place {
  std::string host;
  int port = 0;

  explicit Place(std::string_view url) {
    url.remove_prefix(std::min(url.size(), std::string_view("http://").size()));
    const std::size_t colon = url.rfind(':');
    host = url.substr(0, colon);
    port = std::stoi(std::string(url.substr(colon + 1)));
  }
};

// One kept-alive connection, blocking.
class Connection {
 public:
  explicit Connection(const Place& place) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{.sin_family = AF_INET, .sin_port = htons(static_cast<std::uint16_t>(place.port))};
    ::inet_pton(AF_INET, place.host.c_str(), &address.sin_addr);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
      throw std::runtime_error("no connection");
    const int one = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { ::close(socket_); }

  // Sends a whole request and reads the whole answer; its status. The body is in body().
  int exchange(std::string_view request) {
    for (std::size_t sent = 0; sent < request.size();) {
      const ssize_t n = ::send(socket_, request.data() + sent, request.size() - sent, MSG_NOSIGNAL);
      if (n <= 0) throw std::runtime_error("the server closed the connection");
      sent += static_cast<std::size_t>(n);
    }
    std::size_t head_end = 0;
    while ((head_end = received_.find("\r\n\r\n")) == std::string::npos) receive();
    const std::string head = received_.substr(0, head_end);
    const std::size_t length = content_length(head);
    while (received_.size() < head_end + 4 + length) receive();
    body_ = received_.substr(head_end + 4, length);
    received_.erase(0, head_end + 4 + length);
    return std::stoi(head.substr(9, 3));
  }
  const std::string& body() const { return body_; }

 private:
  void receive() {
    char buffer[16384];
    const ssize_t n = ::recv(socket_, buffer, sizeof buffer, 0);
    if (n <= 0) throw std::runtime_error("the server closed the connection");
    received_.append(buffer, static_cast<std::size_t>(n));
  }
  static std::size_t content_length(std::string head) {
    std::transform(head.begin(), head.end(), head.begin(), [](unsigned char c) { return std::tolower(c); });
    const std::size_t at = head.find("content-length:");
    return at == std::string::npos ? 0 : std::stoul(head.substr(at + 15));
  }

  int socket_;
  std::string received_, body_;
};

// A server in a folder of its own, gone at the end.
class Server {
 public:
  Server() : folder_(std::filesystem::temp_directory_path() / fmt::format("event-pipeline-bench-{}", ::getpid())) {
    std::filesystem::create_directories(folder_);
    start();
  }
  ~Server() {
    stop();
    std::filesystem::remove_all(folder_);
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  void start() {
    const auto begin = Clock::now();
    int out[2];
    if (::pipe(out) != 0) throw std::runtime_error("no pipe");
    const std::string program = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "event-pipeline";
    const std::string data = folder_ / "data", log = folder_ / "log";
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(out[1], 1);
      ::close(out[0]);
      if (::freopen(log.c_str(), "a", stderr) == nullptr) ::_exit(126);
      ::execl(program.c_str(), program.c_str(), "serve", "--data", data.c_str(), "--port", "0", "--events-port", "0",
              "--json", nullptr);
      ::_exit(127);
    }
    ::close(out[1]);
    std::string line;
    for (char c = 0; ::read(out[0], &c, 1) == 1 && c != '\n';) line += c;
    ::close(out[0]);
    auto parsed = json::parse(line);
    if (!parsed) throw std::runtime_error("the server did not start: see " + log);
    start_ms_ = ms_since(begin);
    ready_ = std::move(*parsed);
    std::ifstream profile(text("credentials"));
    while (std::getline(profile, line)) {
      if (const auto at = line.find('='); at != std::string::npos) {
        const std::string value = line.substr(line.find_first_not_of(' ', at + 1));
        if (line.starts_with("aws_access_key_id")) credentials_.access_key_id = value;
        if (line.starts_with("aws_secret_access_key")) credentials_.secret_access_key = value;
      }
    }
  }
  void stop() {
    ::kill(pid_, SIGINT);
    ::waitpid(pid_, nullptr, 0);
  }
  double start_ms() const { return start_ms_; }
  const aws::Credentials& credentials() const { return credentials_; }
  std::string text(std::string_view name) const { return std::string(ready_.get_string(name).value_or("")); }

  // Of the server and of all its children, in MiB.
  double resident_mib() const {
    double kib = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
      std::ifstream file(entry.path() / "status");
      std::string line;
      long parent = 0, pages = 0;
      while (std::getline(file, line)) {
        if (line.starts_with("PPid:")) parent = std::stol(line.substr(5));
        if (line.starts_with("VmRSS:")) pages = std::stol(line.substr(6));
      }
      if (parent == pid_ || entry.path().filename() == std::to_string(pid_)) kib += static_cast<double>(pages);
    }
    return kib / 1024;
  }

 private:
  std::filesystem::path folder_;
  pid_t pid_ = 0;
  double start_ms_ = 0;
  json::Value ready_;
  aws::Credentials credentials_;
};

std::string event(std::uint64_t number, std::string_view user) {
  return fmt::format(
      R"({{"event_id":"bench-{0:016x}","type":"page_view","user_id":"{1}","timestamp":"2026-11-22T12:{2:02}:{3:02}.{4:03}Z",)"
      R"("properties":{{"url":"https://shop.example/products/{0}","title":"A product","referrer":"https://search.example/"}}}})",
      number, user, number / 60000 % 60, number / 1000 % 60, number % 1000);
}

std::string post(const Place& place, std::string_view key, std::string_view body) {
  return fmt::format(
      "POST /v1/events HTTP/1.1\r\nhost: {}:{}\r\nx-write-key: {}\r\ncontent-type: application/json\r\ncontent-length: "
      "{}\r\n\r\n{}",
      place.host, place.port, key, body.size(), body);
}

double percentile(std::vector<double>& sorted, double part) {
  return sorted.empty()
             ? 0
             : sorted[std::min(sorted.size() - 1, static_cast<std::size_t>(part * static_cast<double>(sorted.size())))];
}

std::atomic<std::uint64_t> next_number{1};

// Sends batches over several connections for that long and prints what was acknowledged.
void measure(const Server& server, int batch, int connections, double seconds) {
  const Place place(server.text("events"));
  const std::string key = server.text("write_key");
  std::vector<std::vector<double>> times(static_cast<std::size_t>(connections));
  std::atomic<long> refused{0};
  const auto begin = Clock::now();
  std::vector<std::thread> senders;
  for (int number = 0; number < connections; ++number) {
    senders.emplace_back([&, number] {
      Connection connection(place);
      while (ms_since(begin) < seconds * 1000) {
        std::string body = batch == 1 ? "" : "[";
        for (int i = 0; i < batch; ++i) {
          if (i) body += ',';
          const std::uint64_t id = next_number++;
          body += event(id, fmt::format("user-{}", id % 1000));
        }
        if (batch != 1) body += ']';
        const auto sent = Clock::now();
        const int status = connection.exchange(post(place, key, body));
        if (status == 200) {
          times[static_cast<std::size_t>(number)].push_back(ms_since(sent));
        } else {
          ++refused;
        }
      }
    });
  }
  for (auto& sender : senders) sender.join();
  const double took_s = ms_since(begin) / 1000;
  std::vector<double> all;
  for (const auto& part : times) all.insert(all.end(), part.begin(), part.end());
  std::sort(all.begin(), all.end());
  fmt::print("{:<22} {:>9.0f} events/s acknowledged   answer p50 {:.1f} ms, p99 {:.1f} ms   {} connections{}\n",
             batch == 1 ? "single events" : fmt::format("batches of {}", batch),
             static_cast<double>(all.size()) * batch / took_s, percentile(all, 0.5), percentile(all, 0.99), connections,
             refused ? fmt::format(", {} refused", refused.load()) : "");
}

// A signed Query that counts the user's events.
int count_rows(Connection& connection, const Server& server, const Place& place, aws::SigningKeys& keys,
               std::string_view user) {
  const std::string body = fmt::format(
      R"({{"TableName":"events","Select":"COUNT","KeyConditionExpression":"pk = :p","ExpressionAttributeValues":{{":p":{{"S":"user#{}"}}}}}})",
      user);
  aws::Headers headers = {{"host", fmt::format("{}:{}", place.host, place.port)},
                          {"content-type", "application/x-amz-json-1.0"},
                          {"x-amz-target", "DynamoDB_20120810.Query"}};
  const std::string hash = aws::sha256_hex(body);
  const aws::Headers added = aws::sign({"POST", "/", "", headers, hash}, server.credentials(),
                                       {server.text("region"), "dynamodb", base::SystemClock().now(), {}}, keys);
  std::string request = "POST / HTTP/1.1\r\n";
  headers.insert(headers.end(), added.begin(), added.end());
  for (const auto& [name, value] : headers) {
    request += fmt::format("{}: {}\r\n", name, value);
  }
  request += fmt::format("content-length: {}\r\n\r\n{}", body.size(), body);
  if (connection.exchange(request) != 200) throw std::runtime_error("Query was refused: " + connection.body());
  const auto answer = json::parse(connection.body());
  return answer ? static_cast<int>(answer->get_int64("Count").value_or(0)) : 0;
}

// How long after its answer an event is found by a query of its user.
void measure_queryable(const Server& server, int events) {
  const Place events_place(server.text("events")), services(server.text("endpoint"));
  Connection sender(events_place), reader(services);
  aws::SigningKeys keys;
  std::vector<double> times;
  for (int number = 0; number < events; ++number) {
    const std::string user = fmt::format("queryable-{}", number);
    if (sender.exchange(post(events_place, server.text("write_key"), event(next_number++, user))) != 200) continue;
    const auto answered = Clock::now();
    while (count_rows(reader, server, services, keys, user) == 0 && ms_since(answered) < 10000) {
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
    times.push_back(ms_since(answered));
  }
  std::sort(times.begin(), times.end());
  fmt::print("{:<22} p50 {:.1f} ms, p99 {:.1f} ms after its answer ({} events, one at a time)\n", "queryable",
             percentile(times, 0.5), percentile(times, 0.99), times.size());
}

// Waits until the events sent so far have reached the table, so that one measurement doesn't pay for another.
void settle(const Server& server) {
  const Place place(server.text("events")), services(server.text("endpoint"));
  Connection sender(place), reader(services);
  aws::SigningKeys keys;
  const auto begin = Clock::now();
  const std::string user = fmt::format("settled-{}", next_number++);
  sender.exchange(post(place, server.text("write_key"), event(next_number++, user)));
  while (count_rows(reader, server, services, keys, user) == 0 && ms_since(begin) < 300000)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  fmt::print("{:<22} {:.1f} s until an event sent afterwards is in the table\n", "  the backlog",
             ms_since(begin) / 1000);
}

}  // namespace

int main(int argc, char** argv) try {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  if (argc == 2 && (std::strcmp(argv[1], "--help") == 0 || std::strcmp(argv[1], "-h") == 0)) {
    fmt::print("{}", kHelp);
    return 0;
  }
  const std::optional<Options> options = parse_arguments(argc, argv);
  if (!options) {
    fmt::print(stderr, "{}", kHelp);
    return 2;
  }
  const auto [seconds, connections] = *options;
  Server server;
  fmt::print("{:<22} {:.0f} ms with deployment\n", "first start", server.start_ms());
  measure_queryable(server, 200);
  measure(server, 1, 1, seconds / 2);
  measure(server, 1, connections, seconds);
  settle(server);
  measure(server, 100, std::min(connections, 8), seconds);
  settle(server);
  fmt::print("{:<22} {:.0f} MiB, functions included\n", "resident memory", server.resident_mib());
  server.stop();
  server.start();
  fmt::print("{:<22} {:.0f} ms with what was stored\n", "second start", server.start_ms());
  return 0;
} catch (const std::exception& error) {
  fmt::print(stderr, "{}\n", error.what());
  return 1;
}
