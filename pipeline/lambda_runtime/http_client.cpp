// The Runtime API's client: writes a request, reads a reply with Content-Length or chunks.

#include "pipeline/lambda_runtime/http_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>

namespace pipeline::lambda_runtime {

namespace {

constexpr std::size_t kHeadBytesMax = 64 * 1024;
constexpr std::size_t kBodyBytesMax = 64 * 1024 * 1024;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

template <class Number>
bool parse_number(std::string_view text, Number& number, int base) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  return error == std::errc{} && end != text.data();
}

}  // namespace

std::string_view HttpReply::header(std::string_view lower_name) const {
  for (const auto& [name, value] : headers) {
    if (name == lower_name) return value;
  }
  return {};
}

HttpClient::HttpClient(std::string host_and_port) : host_and_port_(std::move(host_and_port)) {}
HttpClient::~HttpClient() {
  disconnect();
}

std::expected<HttpReply, std::string> HttpClient::call(std::string_view method, std::string_view path,
                                                       std::string_view headers, std::string_view body) {
  std::string head;
  head.reserve(256 + path.size() + headers.size());
  head.append(method).append(" ").append(path).append(" HTTP/1.1\r\nHost: ").append(host_and_port_).append("\r\n");
  head.append(headers);
  if (method != "GET") head.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
  head.append("\r\n");

  HttpReply reply;
  Attempt result = fd_ >= 0 ? attempt(head, body, reply) : Attempt::stale;
  if (result == Attempt::stale) {
    disconnect();
    if (!connect_now()) return std::unexpected(error_);
    reply = {};
    result = attempt(head, body, reply);
  }
  if (result != Attempt::done) {
    disconnect();
    return std::unexpected(error_.empty() ? "the Runtime API closed the connection" : error_);
  }
  return reply;
}

// A connection that ends before the first byte of a reply was closed while it was idle: the request may go again.
HttpClient::Attempt HttpClient::attempt(std::string_view head, std::string_view body, HttpReply& reply) {
  error_.clear();
  buffer_.clear();
  position_ = 0;
  if (!send_all(head, body) || !receive()) return Attempt::stale;
  if (!read_head(reply) || !read_body(reply)) return Attempt::failed;
  std::string connection(reply.header("connection"));
  for (char& c : connection) c = lower(c);
  if (connection == "close") disconnect();
  return Attempt::done;
}

bool HttpClient::connect_now() {
  const std::size_t colon = host_and_port_.rfind(':');
  std::string host = host_and_port_.substr(0, colon);
  if (host == "localhost") host = "127.0.0.1";
  std::uint16_t port = 80;
  if (colon != std::string::npos && !parse_number(std::string_view(host_and_port_).substr(colon + 1), port, 10)) {
    error_ = "AWS_LAMBDA_RUNTIME_API has no valid port: " + host_and_port_;
    return false;
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  if (inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1) {
    error_ = "AWS_LAMBDA_RUNTIME_API is not an IPv4 address and port: " + host_and_port_;
    return false;
  }
  fd_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd_ < 0 || connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    error_ = "cannot connect to the Runtime API at " + host_and_port_ + ": " + std::strerror(errno);
    disconnect();
    return false;
  }
  const int on = 1;
  setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return true;
}

void HttpClient::disconnect() {
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
}

bool HttpClient::send_all(std::string_view head, std::string_view body) {
  while (!head.empty() || !body.empty()) {
    iovec parts[2] = {{const_cast<char*>(head.data()), head.size()}, {const_cast<char*>(body.data()), body.size()}};
    msghdr message{};
    message.msg_iov = parts;
    message.msg_iovlen = 2;
    const ssize_t sent = sendmsg(fd_, &message, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) {
      error_ = std::string("cannot send to the Runtime API: ") + std::strerror(errno);
      return false;
    }
    const std::size_t of_head = std::min<std::size_t>(sent, head.size());
    head.remove_prefix(of_head);
    body.remove_prefix(sent - of_head);
  }
  return true;
}

bool HttpClient::receive() {
  if (position_ == buffer_.size()) {
    buffer_.clear();
    position_ = 0;
  }
  char bytes[16 * 1024];
  for (;;) {
    const ssize_t count = recv(fd_, bytes, sizeof bytes, 0);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      if (count < 0) error_ = std::string("cannot receive from the Runtime API: ") + std::strerror(errno);
      return false;
    }
    buffer_.append(bytes, static_cast<std::size_t>(count));
    return true;
  }
}

bool HttpClient::read_line(std::string& line) {
  for (;;) {
    const std::size_t end = buffer_.find('\n', position_);
    if (end != std::string::npos) {
      line = trim(std::string_view(buffer_).substr(position_, end - position_));
      position_ = end + 1;
      return true;
    }
    if (buffer_.size() - position_ > kHeadBytesMax) {
      error_ = "the Runtime API sent a line that is too long";
      return false;
    }
    if (!receive()) return false;
  }
}

bool HttpClient::read_head(HttpReply& reply) {
  std::string line;
  if (!read_line(line)) return false;
  if (!line.starts_with("HTTP/1.") || line.size() < 12 ||
      !parse_number(std::string_view(line).substr(9, 3), reply.status, 10)) {
    error_ = "the Runtime API sent no HTTP status line";
    return false;
  }
  std::size_t bytes = 0;
  for (;;) {
    if (!read_line(line)) return false;
    if (line.empty()) return true;
    bytes += line.size();
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos || bytes > kHeadBytesMax) {
      error_ = "the Runtime API sent a malformed header";
      return false;
    }
    std::string name = line.substr(0, colon);
    for (char& c : name) c = lower(c);
    reply.headers.emplace_back(std::move(name), trim(std::string_view(line).substr(colon + 1)));
  }
}

bool HttpClient::read_body(HttpReply& reply) {
  if (reply.status == 204 || reply.status == 304) return true;
  if (reply.header("transfer-encoding").find("chunked") != std::string_view::npos) return read_chunks(reply.body);
  std::size_t length = 0;
  const std::string_view content_length = reply.header("content-length");
  if (!content_length.empty() && (!parse_number(content_length, length, 10) || length > kBodyBytesMax)) {
    error_ = "the Runtime API sent a wrong Content-Length";
    return false;
  }
  return read_exactly(length, reply.body);
}

bool HttpClient::read_chunks(std::string& body) {
  std::string line;
  for (;;) {
    std::size_t length = 0;
    if (!read_line(line)) return false;
    if (!parse_number(line, length, 16) || length > kBodyBytesMax - body.size()) {
      error_ = "the Runtime API sent a wrong chunk";
      return false;
    }
    if (length == 0) break;
    if (!read_exactly(length, body) || !read_line(line)) return false;
  }
  do {
    if (!read_line(line)) return false;
  } while (!line.empty());
  return true;
}

bool HttpClient::read_exactly(std::size_t count, std::string& out) {
  out.reserve(out.size() + count);
  while (count > 0) {
    if (position_ == buffer_.size() && !receive()) return false;
    const std::size_t taken = std::min(count, buffer_.size() - position_);
    out.append(buffer_, position_, taken);
    position_ += taken;
    count -= taken;
  }
  return true;
}

}  // namespace pipeline::lambda_runtime
