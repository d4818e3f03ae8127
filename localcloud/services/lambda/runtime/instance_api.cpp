// The Runtime API, as one instance's process sees it.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "localcloud/services/lambda/runtime/instance.hpp"
#include "localcloud/services/lambda/runtime/peer.hpp"

namespace localcloud::lambda {

namespace {

constexpr std::size_t kConnectionsMax = 16;
constexpr std::string_view kApi = "/2018-06-01/runtime/";

std::string reply(std::string_view status, std::string_view body) {
  std::string text = "HTTP/1.1 ";
  text.append(status).append("\r\nContent-Type: application/json\r\nContent-Length: ");
  text.append(std::to_string(body.size())).append("\r\n\r\n").append(body);
  return text;
}

std::string refusal(std::string_view status, std::string_view type, std::string_view message) {
  std::string body = "{\"errorMessage\":\"";
  body.append(message).append("\",\"errorType\":\"").append(type).append("\"}\n");
  return reply(status, body);
}

const std::string kAccepted = reply("202 Accepted", "{\"status\":\"OK\"}\n");

}  // namespace

void Instance::listen() {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (listener_ < 0 || bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::listen(listener_, 16) != 0 || getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    const int error = errno;
    if (listener_ >= 0) close(listener_);
    listener_ = -1;
    throw std::system_error(error, std::generic_category(), "cannot listen for a function");
  }
  port_ = ntohs(address.sin_port);
  loop_.watch(listener_, [this](std::uint32_t) { accept_connection(); });
}

void Instance::accept_connection() {
  sockaddr_in peer{};
  socklen_t size = sizeof peer;
  const int fd = accept4(listener_, reinterpret_cast<sockaddr*>(&peer), &size, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (fd < 0) return;
  if (!process_ || connections_.size() >= kConnectionsMax ||
      !holds_connection(process_->pid(), ntohs(peer.sin_port), port_)) {
    close(fd);
    return;
  }
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  connections_.emplace(fd, Connection{fd, HttpReader(kResponseBytesMax), {}});
  loop_.watch(fd, [this, fd](std::uint32_t events) { serve(fd, events); });
}

void Instance::serve(int fd, std::uint32_t events) {
  const auto found = connections_.find(fd);
  if (found == connections_.end()) return;
  Connection& connection = found->second;
  if (events & EPOLLOUT) flush(connection);
  char bytes[64 * 1024];
  const ssize_t count = recv(fd, bytes, sizeof bytes, 0);
  if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) return close_connection(fd);
  if (count < 0) return;
  connection.reader.feed({bytes, static_cast<std::size_t>(count)});
  while (auto request = connection.reader.next()) {
    handle(connection, *request);
    // The instance may have ended, and its connections with it, by what the request said.
    if (!connections_.contains(fd)) return;
  }
  if (connection.reader.failed()) return close_connection(fd);
  if (connection.reader.take_expects_continue()) send(connection, "HTTP/1.1 100 Continue\r\n\r\n");
}

void Instance::handle(Connection& connection, const RuntimeRequest& request) {
  const std::string_view path = request.path;
  if (!path.starts_with(kApi)) {
    return send(connection, refusal("404 Not Found", "NotFound", "There is no such resource in the Runtime API."));
  }
  const std::string_view resource = path.substr(kApi.size());
  if (request.method == "GET" && resource == "invocation/next") return handle_next(connection);
  if (request.method == "POST" && resource == "init/error") return handle_init_error(connection, request);
  if (request.method == "POST" && resource.starts_with("invocation/")) return handle_result(connection, request);
  send(connection, refusal("404 Not Found", "NotFound", "There is no such resource in the Runtime API."));
}

void Instance::handle_next(Connection& connection) {
  if (waiting_ >= 0 || state_ == State::busy) {
    return send(connection, refusal("403 Forbidden", "InvalidStateTransition", "State transition is not allowed"));
  }
  waiting_ = connection.fd;
  if (state_ == State::starting) first_next_ = std::chrono::steady_clock::now();
  read_output();
  state_ = State::idle;
  idle_since_ = std::chrono::steady_clock::now();
  watcher_.became_idle(*this);
}

void Instance::send_event() {
  Connection& connection = connections_.at(waiting_);
  waiting_ = -1;
  const auto left = std::chrono::duration_cast<base::Duration>(deadline_ - job_started_);
  std::string head =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nLambda-Runtime-Aws-Request-Id: " + job_->request_id;
  head += "\r\nLambda-Runtime-Deadline-Ms: " + std::to_string(base::to_unix_ms(clock_.now() + left));
  head += "\r\nLambda-Runtime-Invoked-Function-Arn: " + version_->arn;
  head += "\r\nLambda-Runtime-Trace-Id: " + job_->trace_id;
  head += "\r\nContent-Length: " + std::to_string(job_->payload.size()) + "\r\n\r\n";
  head += job_->payload;
  job_->payload.clear();
  send(connection, head);
}

void Instance::handle_result(Connection& connection, const RuntimeRequest& request) {
  const std::string_view resource = std::string_view(request.path).substr(kApi.size());
  const std::string_view rest = resource.substr(std::string_view("invocation/").size());
  const std::size_t slash = rest.find('/');
  const std::string_view what = slash == std::string_view::npos ? "" : rest.substr(slash + 1);
  if (what != "response" && what != "error") {
    return send(connection, refusal("404 Not Found", "NotFound", "There is no such resource in the Runtime API."));
  }
  if (state_ != State::busy || rest.substr(0, slash) != job_->request_id) {
    return send(connection, refusal("400 Bad Request", "InvalidRequestID", "Invalid request ID"));
  }
  read_output();  // what it wrote before it answered belongs before END
  const int fd = connection.fd;
  const bool too_large = request.too_large;
  if (too_large) {
    fail(response_too_large(kResponseBytesMax));
  } else if (what == "response") {
    finish(Answer::Outcome::succeeded, request.body, "", "");
  } else {
    const std::string_view type = request.header("lambda-runtime-function-error-type");
    finish(Answer::Outcome::function_error, request.body, "error", type.empty() ? "Runtime.UnknownReason" : type);
  }
  const auto found = connections_.find(fd);
  if (found == connections_.end()) return;
  send(found->second, too_large ? refusal("413 Payload Too Large", "RequestEntityTooLarge",
                                          "Exceeded maximum allowed payload size (6291556 bytes).")
                                : kAccepted);
}

void Instance::handle_init_error(Connection& connection, const RuntimeRequest& request) {
  if (state_ != State::starting) {
    return send(connection, refusal("403 Forbidden", "InvalidStateTransition", "State transition is not allowed"));
  }
  init_error_payload_ = request.body.empty() || request.too_large
                            ? R"({"errorType":"Runtime.Unknown","errorMessage":"The function could not start."})"
                            : request.body;
  send(connection, kAccepted);
  process_->kill();
}

void Instance::send(Connection& connection, std::string_view bytes) {
  if (connection.unsent.empty()) {
    const ssize_t sent = ::send(connection.fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
    if (bytes.empty()) return;
    loop_.watch_writable(connection.fd);
  }
  connection.unsent.append(bytes);
}

void Instance::flush(Connection& connection) {
  const ssize_t sent = ::send(connection.fd, connection.unsent.data(), connection.unsent.size(), MSG_NOSIGNAL);
  if (sent > 0) connection.unsent.erase(0, static_cast<std::size_t>(sent));
  if (connection.unsent.empty() || (sent < 0 && errno != EAGAIN)) loop_.unwatch_writable(connection.fd);
}

void Instance::close_connection(int fd) {
  if (waiting_ == fd) {
    waiting_ = -1;
    // A shell that gave up its long poll asks again; until then it can't be given an event.
    if (state_ == State::idle) {
      state_ = State::answered;
      deadline_ = std::chrono::steady_clock::now() + version_->timeout;
      watcher_.lost_idle(*this);
    }
  }
  loop_.forget(fd);
  close(fd);
  connections_.erase(fd);
}

}  // namespace localcloud::lambda
