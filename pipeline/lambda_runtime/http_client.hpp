#pragma once
// One keep-alive HTTP/1.1 connection to the Runtime API, over a blocking socket. Small enough to link statically.

#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pipeline::lambda_runtime {

struct HttpReply {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;

  std::string_view header(std::string_view lower_name) const;  // empty where it is missing
};

// Not thread-safe. Each call() reconnects where the server has closed the connection since the last one.
class HttpClient {
 public:
  explicit HttpClient(std::string host_and_port);  // "127.0.0.1:9001"
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // `headers` are whole lines, each ending with CRLF. The error says what went wrong.
  std::expected<HttpReply, std::string> call(std::string_view method, std::string_view path, std::string_view headers,
                                             std::string_view body);

 private:
  enum class Attempt { done, stale, failed };

  Attempt attempt(std::string_view head, std::string_view body, HttpReply& reply);
  bool connect_now();
  void disconnect();
  bool send_all(std::string_view head, std::string_view body);
  bool receive();  // more bytes into buffer_
  bool read_head(HttpReply& reply);
  bool read_body(HttpReply& reply);
  bool read_chunks(std::string& body);
  bool read_line(std::string& line);
  bool read_exactly(std::size_t count, std::string& out);

  std::string host_and_port_;
  std::string error_;
  std::string buffer_;        // received, not yet read
  std::size_t position_ = 0;  // of the first unread byte in buffer_
  int fd_ = -1;
};

}  // namespace pipeline::lambda_runtime
