#pragma once
// Reads HTTP/1.1 requests, as a function's runtime sends them, from bytes as they arrive. Pure.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace localcloud::lambda {

struct RuntimeRequest {
  std::string method;
  std::string path;                                          // as it came, without the query
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;
  bool keep_alive = true;
  bool too_large = false;  // the body was larger than allowed: it was read over and dropped

  std::string_view header(std::string_view lower_name) const;  // empty where it is missing
};

class HttpReader {
 public:
  explicit HttpReader(std::size_t body_bytes_max) : body_bytes_max_(body_bytes_max) {}

  void feed(std::string_view bytes);
  // The next whole request, if it is there.
  std::optional<RuntimeRequest> next();
  // What came is not HTTP: the connection can't go on.
  bool failed() const { return state_ == State::failed; }
  // True once, where the client waits for "100 Continue".
  bool take_expects_continue();

 private:
  enum class State { head, body, chunk_size, chunk, chunk_end, trailer, failed };

  bool read_head();
  bool read_headers(std::string_view lines);
  bool read_chunk_size();
  bool read_trailer();
  std::optional<std::string_view> line();
  bool take_body_bytes();
  void fail() { state_ = State::failed; }

  std::size_t body_bytes_max_;
  State state_ = State::head;
  std::string buffer_;
  std::size_t position_ = 0;
  std::size_t left_ = 0;  // of the body or the chunk
  bool expects_continue_ = false;
  RuntimeRequest request_;
};

}  // namespace localcloud::lambda
