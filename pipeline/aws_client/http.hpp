#pragma once
// HTTP/1.1 as a client speaks it: requests to bytes, bytes to responses. Pure.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pipeline::aws_client {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
  std::string method;
  std::string target;   // path and query
  HttpHeaders headers;  // Host and Content-Length among them
  std::string body;

  std::string head() const;  // everything before the body
};

struct HttpResponse {
  int status = 0;
  HttpHeaders headers;  // names in lower case
  std::string body;

  std::string_view header(std::string_view name) const;  // empty where there is none
};

// Reads a response as its bytes arrive.
class ResponseReader {
 public:
  enum class State { wants_more, whole, malformed };

  explicit ResponseReader(std::size_t body_bytes_max) : body_bytes_max_(body_bytes_max) {}

  State feed(std::string_view bytes);
  State end();  // the peer closed the connection
  bool has_begun() const { return !buffer_.empty() || phase_ != Phase::head; }

  // Once it is whole.
  HttpResponse& response() { return response_; }
  // Whether another request may follow on the connection.
  bool keeps_alive() const { return keeps_alive_; }

 private:
  enum class Phase { head, sized_body, chunk_size, chunk_data, trailer, until_close, done, malformed };

  bool step();  // false: wants more, or has ended
  bool read_head();
  bool read_chunk_size();
  bool fail();
  std::optional<std::string> take_line();

  const std::size_t body_bytes_max_;
  Phase phase_ = Phase::head;
  std::string buffer_;
  std::size_t rest_ = 0;  // of the body, or of the chunk with its line end
  HttpResponse response_;
  bool keeps_alive_ = true;
};

}  // namespace pipeline::aws_client
