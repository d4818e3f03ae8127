#pragma once
// One connection to an endpoint, plain or TLS. Blocking, with a deadline for each call; sockets and OpenSSL stay in
// connection.cpp.

#include <expected>
#include <memory>
#include <mutex>
#include <string>

#include "base/clock.hpp"
#include "pipeline/aws_client/http.hpp"
#include "pipeline/aws_client/settings.hpp"

struct ssl_ctx_st;

namespace pipeline::aws_client {

// Why no answer came.
struct Broken {
  std::string message;
  // The connection was closed before the first byte of an answer, as happens to one that lay idle for too long.
  bool is_stale = false;
};

// The certificate authorities that TLS connections trust: those of the file, or Amazon's alone. They are loaded when
// the first connection is opened. Thread-safe.
class Trust {
 public:
  explicit Trust(std::string ca_file);  // empty: Amazon's
  ~Trust();

 private:
  friend class Connection;
  ssl_ctx_st* context();  // nullptr where there are none

  const std::string ca_file_;
  std::mutex mutex_;
  ssl_ctx_st* context_ = nullptr;
};

// One thread at a time.
class Connection {
 public:
  static std::expected<std::unique_ptr<Connection>, Broken> open(const Endpoint& endpoint, Trust& trust,
                                                                 base::Time deadline);
  ~Connection();

  // Sends the request and waits for its answer. After an error the connection is of no more use.
  std::expected<HttpResponse, Broken> exchange(const HttpRequest& request, base::Time deadline);
  bool is_reusable() const;

 private:
  struct State;
  explicit Connection(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace pipeline::aws_client
