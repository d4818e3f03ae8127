// Sockets that don't block, poll with what is left of the time, and OpenSSL on top.

#include "pipeline/aws_client/connection.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "pipeline/aws_client/amazon_roots.hpp"

namespace pipeline::aws_client {

namespace {

constexpr std::size_t kBodyBytesMax = 64 << 20;
constexpr base::Duration kConnectMax = std::chrono::seconds(3);

struct FreeSslContext {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
struct FreeSsl {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};
struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
struct FreeCertificate {
  void operator()(X509* certificate) const { X509_free(certificate); }
};

// The kernel's clock, not an injected one: these are real sockets.
base::Time now() {
  return base::SystemClock().now();
}

enum class Direction { read, write };

bool wait_for(int socket, Direction direction, base::Time deadline) {
  while (true) {
    const auto rest_ms = std::chrono::ceil<std::chrono::milliseconds>(deadline - now()).count();
    if (rest_ms <= 0) return false;
    pollfd entry{
        .fd = socket, .events = static_cast<short>(direction == Direction::read ? POLLIN : POLLOUT), .revents = 0};
    const int ready = ::poll(&entry, 1, static_cast<int>(std::min<std::int64_t>(rest_ms, 3'600'000)));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

std::string errno_text() {
  return std::strerror(errno);
}

std::string ssl_error_text() {
  char text[256] = "TLS failed";
  if (const unsigned long code = ERR_get_error(); code != 0) ERR_error_string_n(code, text, sizeof text);
  ERR_clear_error();
  return text;
}

int connect_socket(const addrinfo& address, base::Time deadline, std::string& problem) {
  const int socket = ::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, address.ai_protocol);
  if (socket < 0) {
    problem = errno_text();
    return -1;
  }
  const int one = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (::connect(socket, address.ai_addr, address.ai_addrlen) == 0) return socket;
  if (errno == EINPROGRESS) {
    if (wait_for(socket, Direction::write, deadline)) {
      int error = 0;
      socklen_t length = sizeof error;
      ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &length);
      if (error == 0) return socket;
      errno = error;
    } else {
      errno = ETIMEDOUT;
    }
  }
  problem = errno_text();
  ::close(socket);
  return -1;
}

bool trust_amazon(SSL_CTX* context) {
  const std::unique_ptr<BIO, FreeBio> pem(BIO_new_mem_buf(kAmazonRoots.data(), static_cast<int>(kAmazonRoots.size())));
  int count = 0;
  while (const std::unique_ptr<X509, FreeCertificate> root{PEM_read_bio_X509(pem.get(), nullptr, nullptr, nullptr)}) {
    count += X509_STORE_add_cert(SSL_CTX_get_cert_store(context), root.get());
  }
  return count > 0;
}

}  // namespace

Trust::Trust(std::string ca_file) : ca_file_(std::move(ca_file)) {}
Trust::~Trust() {
  SSL_CTX_free(context_);
}

SSL_CTX* Trust::context() {
  const std::lock_guard lock(mutex_);
  if (context_) return context_;
  std::unique_ptr<SSL_CTX, FreeSslContext> made(SSL_CTX_new(TLS_client_method()));
  if (!made) return nullptr;
  SSL_CTX_set_min_proto_version(made.get(), TLS1_2_VERSION);
  SSL_CTX_set_verify(made.get(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_mode(made.get(),
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_AUTO_RETRY);
  const bool is_trusting = ca_file_.empty() ? trust_amazon(made.get())
                                            : SSL_CTX_load_verify_locations(made.get(), ca_file_.c_str(), nullptr) == 1;
  if (is_trusting) context_ = made.release();
  ERR_clear_error();
  return context_;
}

struct Connection::State {
  int socket = -1;
  std::unique_ptr<SSL, FreeSsl> ssl;
  bool is_reusable = true;

  ~State() {
    if (socket >= 0) ::close(socket);
  }

  // Waits for what OpenSSL asks for after `code`. False where it failed or time is up.
  bool wait_for_ssl(int code, base::Time deadline) const {
    switch (SSL_get_error(ssl.get(), code)) {
      case SSL_ERROR_WANT_READ:
        return wait_for(socket, Direction::read, deadline);
      case SSL_ERROR_WANT_WRITE:
        return wait_for(socket, Direction::write, deadline);
      default:
        return false;
    }
  }

  std::expected<void, Broken> start_tls(const Endpoint& endpoint, Trust& trust, base::Time deadline) {
    SSL_CTX* context = trust.context();
    if (!context) return std::unexpected(Broken{"no certificate authorities could be loaded"});
    ssl.reset(SSL_new(context));
    SSL_set_fd(ssl.get(), socket);
    in6_addr ignored;
    const bool is_address = ::inet_pton(AF_INET, endpoint.host.c_str(), &ignored) == 1 ||
                            ::inet_pton(AF_INET6, endpoint.host.c_str(), &ignored) == 1;
    if (is_address) {
      X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl.get()), endpoint.host.c_str());
    } else {
      SSL_set_tlsext_host_name(ssl.get(), endpoint.host.c_str());
      SSL_set1_host(ssl.get(), endpoint.host.c_str());
    }
    while (true) {
      const int code = SSL_connect(ssl.get());
      if (code == 1) return {};
      if (!wait_for_ssl(code, deadline)) return std::unexpected(Broken{"TLS: " + ssl_error_text()});
    }
  }

  bool send_all(std::string_view bytes, base::Time deadline) const {
    while (!bytes.empty()) {
      if (ssl) {
        const int sent =
            SSL_write(ssl.get(), bytes.data(), static_cast<int>(std::min<std::size_t>(bytes.size(), 1 << 20)));
        if (sent > 0) {
          bytes.remove_prefix(static_cast<std::size_t>(sent));
        } else if (!wait_for_ssl(sent, deadline)) {
          return false;
        }
        continue;
      }
      const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent > 0) {
        bytes.remove_prefix(static_cast<std::size_t>(sent));
      } else if (errno == EAGAIN) {
        if (!wait_for(socket, Direction::write, deadline)) return false;
      } else if (errno != EINTR) {
        return false;
      }
    }
    return true;
  }

  enum class Received { bytes, closed, failed, late };
  Received receive(char* buffer, std::size_t size, std::size_t& count, base::Time deadline) const {
    while (true) {
      if (ssl) {
        const int got = SSL_read(ssl.get(), buffer, static_cast<int>(size));
        if (got > 0) {
          count = static_cast<std::size_t>(got);
          return Received::bytes;
        }
        const int error = SSL_get_error(ssl.get(), got);
        if (error == SSL_ERROR_ZERO_RETURN) return Received::closed;
        if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) return Received::failed;
        if (!wait_for_ssl(got, deadline)) return Received::late;
        continue;
      }
      const ssize_t got = ::recv(socket, buffer, size, 0);
      if (got > 0) {
        count = static_cast<std::size_t>(got);
        return Received::bytes;
      }
      if (got == 0) return Received::closed;
      if (errno == EINTR) continue;
      if (errno != EAGAIN) return Received::failed;
      if (!wait_for(socket, Direction::read, deadline)) return Received::late;
    }
  }
};

Connection::Connection(std::unique_ptr<State> state) : state_(std::move(state)) {}
Connection::~Connection() = default;
bool Connection::is_reusable() const {
  return state_->is_reusable;
}

std::expected<std::unique_ptr<Connection>, Broken> Connection::open(const Endpoint& endpoint, Trust& trust,
                                                                    base::Time deadline) {
  deadline = std::min(deadline, now() + kConnectMax);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* addresses = nullptr;
  const int code = ::getaddrinfo(endpoint.host.c_str(), std::to_string(endpoint.port).c_str(), &hints, &addresses);
  if (code != 0) return std::unexpected(Broken{endpoint.host + ": " + ::gai_strerror(code)});
  auto state = std::make_unique<State>();
  std::string problem;
  for (const addrinfo* address = addresses; address && state->socket < 0; address = address->ai_next) {
    state->socket = connect_socket(*address, deadline, problem);
  }
  ::freeaddrinfo(addresses);
  if (state->socket < 0) return std::unexpected(Broken{endpoint.authority() + ": " + problem});
  if (endpoint.scheme == Scheme::https) {
    if (auto started = state->start_tls(endpoint, trust, deadline); !started) return std::unexpected(started.error());
  }
  return std::unique_ptr<Connection>(new Connection(std::move(state)));
}

std::expected<HttpResponse, Broken> Connection::exchange(const HttpRequest& request, base::Time deadline) {
  state_->is_reusable = false;
  // A small request goes in one piece, and so in one packet.
  constexpr std::size_t kSmall = 16 * 1024;
  std::string head = request.head();
  const bool is_small = request.body.size() <= kSmall;
  if (is_small) head += request.body;
  bool is_sent = state_->send_all(head, deadline);
  if (is_sent && !is_small) is_sent = state_->send_all(request.body, deadline);
  // A server that refuses early answers before it has read everything: look for that answer in any case.
  ResponseReader reader(kBodyBytesMax);
  char buffer[16 * 1024];
  while (true) {
    std::size_t count = 0;
    const auto received = state_->receive(buffer, sizeof buffer, count, deadline);
    ResponseReader::State state = ResponseReader::State::malformed;
    if (received == State::Received::bytes) state = reader.feed({buffer, count});
    if (received == State::Received::closed) state = reader.end();
    if (received == State::Received::late) return std::unexpected(Broken{"no answer in time"});
    if (state == ResponseReader::State::wants_more) continue;
    if (state == ResponseReader::State::malformed) {
      const bool is_silent = !reader.has_begun() && received != State::Received::bytes;
      return std::unexpected(
          Broken{is_silent ? "the connection was closed" : "the answer is not HTTP, or was cut off", is_silent});
    }
    state_->is_reusable = is_sent && reader.keeps_alive();
    return std::move(reader.response());
  }
}

}  // namespace pipeline::aws_client
