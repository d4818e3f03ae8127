#pragma once
// One HTTP request and its reply, as the rooms and the router see them.

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/task.hpp"

namespace localcloud::wire::http {

using Headers = std::vector<std::pair<std::string, std::string>>;

// The first header of that name, whatever its case.
std::optional<std::string_view> find_header(const Headers& headers, std::string_view name);

struct Request {
  std::string method;
  std::string path;   // as it came, percent-encoded; begins with '/'
  std::string query;  // as it came, without the '?'
  Headers headers;    // in the order they came
  std::string source_ip;
  std::optional<std::uint64_t> content_length;  // nothing where the body is chunked

  std::optional<std::string_view> header(std::string_view name) const { return find_header(headers, name); }
};

std::optional<std::string> percent_decode(std::string_view text);  // nothing where a %xx is malformed; '+' stays
std::string percent_encode(std::string_view text);                 // all but A-Z a-z 0-9 - _ . ~

// The query's parameters in order, decoded ('+' is a space); nothing where a %xx is malformed.
std::optional<std::vector<std::pair<std::string, std::string>>> parse_query(std::string_view query);

// The server holds as much in memory as it may. Nothing was done; trying again later may succeed.
class Overloaded : public std::runtime_error {
 public:
  Overloaded() : std::runtime_error("too many bytes of requests are in memory") {}
};

// A request's body as it arrives. One coroutine reads it.
class Body {
 public:
  virtual ~Body() = default;
  // The next bytes, or nothing at the body's end. The view holds until the next call. Answers an error where the body
  // ends early (IncompleteBody) or breaks a rule of its coding; a dead connection is an error too.
  virtual Task<Result<std::string_view>> next() = 0;
  // Asks for room to keep `bytes` more of it in memory until the request is answered; false where there is none.
  virtual bool hold(std::size_t bytes);
  // The headers that came behind the body, once it has ended.
  virtual const Headers& trailers() const;
};

// The whole body, or RequestEntityTooLarge past `size_max` bytes. Throws Overloaded.
Task<Result<std::string>> read_all(Body& body, std::size_t size_max);

// A body that is there already.
class StringBody final : public Body {
 public:
  explicit StringBody(std::string bytes) : bytes_(std::move(bytes)) {}
  std::size_t size() const { return bytes_.size(); }
  Task<Result<std::string_view>> next() override;

 private:
  std::string bytes_;
  bool read_ = false;
};

// A reply's body as it is read from where it lies; for what doesn't fit memory.
class BodySource {
 public:
  virtual ~BodySource() = default;
  // The next bytes; empty at the end. May block for a disk read, never longer. Throws where the data is damaged: the
  // connection is then cut, so that the client sees a short body.
  virtual std::string_view next() = 0;
};

// A payload that is read as it is sent. Without a source, `size` is what a HEAD's GET would send.
struct Stream {
  std::unique_ptr<BodySource> source;
  std::uint64_t size = 0;
};

struct Reply {
  int status = 200;
  Headers headers;  // without Content-Length, Date and Connection, which the listener writes
  std::string body;
  std::unique_ptr<BodySource> stream;           // instead of `body`, with content_length
  std::optional<std::uint64_t> content_length;  // of `stream`, or of what a HEAD's GET would send
};

}  // namespace localcloud::wire::http
