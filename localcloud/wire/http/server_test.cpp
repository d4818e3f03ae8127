// The HTTP server against raw sockets: bodies in every framing, keep-alive, Expect, limits, and clients that misbehave.

#include "localcloud/wire/http/server.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <thread>

namespace localcloud::wire::http {
namespace {

Task<Reply> echo(Request& request, Body& body) {
  Reply reply;
  if (request.path == "/ignore") co_return reply;
  Result<std::string> whole = co_await read_all(body, 10 << 20);
  reply.status = whole ? 200 : 400;
  reply.body = request.method + " " + request.path + "?" + request.query + " " + (whole ? *whole : whole.error().code);
  if (request.header("x-late")) reply.body += " late";
  if (request.path == "/split") reply.headers.emplace_back("X-Bad", "a\r\nX-Injected: b");
  co_return reply;
}

class Client {
 public:
  explicit Client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    timeval timeout{.tv_sec = 5};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  }
  ~Client() { ::close(socket_); }
  void send(std::string_view text) { EXPECT_TRUE(try_send(text)); }
  bool try_send(std::string_view text) {
    return ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
  }
  void half_close() { ::shutdown(socket_, SHUT_WR); }
  // Everything until `end` has come, or the connection ends.
  std::string receive(std::string_view end) {
    while (received_.find(end) == std::string::npos) {
      char part[4096];
      const ssize_t got = ::recv(socket_, part, sizeof part, 0);
      if (got <= 0) break;
      received_.append(part, static_cast<std::size_t>(got));
    }
    return std::exchange(received_, {});
  }

 private:
  int socket_;
  std::string received_;
};

// Continues 2.5 s later on the same worker, which is free in the meantime.
struct MuchLater {
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiting) const {
    std::thread([waiting, here = base::Executor::current()] {
      std::this_thread::sleep_for(std::chrono::milliseconds(2500));
      here->post([waiting] { waiting.resume(); });
    }).detach();
  }
  void await_resume() const noexcept {}
};

// Takes longer to answer than a body may be silent.
Task<Reply> linger(Body& body) {
  const Result<std::string> whole = co_await read_all(body, 1 << 10);
  co_await MuchLater{};
  co_return Reply{.status = whole ? 200 : 400};
}

class ServerTest : public testing::Test {
 protected:
  ServerTest() {
    port_ = server_.listen("127.0.0.1", 0, [](Request& request, Body& body) { return echo(request, body); });
    server_.start();
  }
  Server server_;
  std::uint16_t port_ = 0;
};

// A body by length, then one in chunks, on one connection; then two requests at once.
TEST_F(ServerTest, KeepsTheConnection) {
  Client client(port_);
  client.send("POST /a?x=1 HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello");
  EXPECT_NE(client.receive("hello").find("POST /a?x=1 hello"), std::string::npos);
  client.send("PUT /b HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  EXPECT_NE(client.receive("abcde").find("PUT /b? abcde"), std::string::npos);
  client.send("GET /1 HTTP/1.1\r\nHost: h\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_NE(client.receive("GET /2? ").find("GET /1? "), std::string::npos);
}

// A client that waits for "100 Continue" gets it, once the body is wanted; where nobody wants it, the answer alone.
TEST_F(ServerTest, AnswersExpect) {
  Client client(port_);
  client.send("PUT /a HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.receive("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("ok");
  EXPECT_NE(client.receive("/a? ok").find("200 OK"), std::string::npos);
  client.send("PUT /ignore HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  const std::string answer = client.receive("no such text");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK")) << answer;
  EXPECT_NE(answer.find("Connection: close"), std::string::npos);
}

// Large bodies arrive whole.
TEST_F(ServerTest, TakesLargeBodies) {
  Client client(port_);
  const std::string body(3 << 20, 'x');
  client.send("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body + "");
  client.send("GET /end HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_GT(client.receive("GET /end? ").size(), body.size());
}

// What stands behind a body in chunks was signed by nobody: it is no header.
TEST_F(ServerTest, IgnoresTrailers) {
  Client client(port_);
  client.send(
      "PUT /b HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTrailer: X-Late\r\n\r\n3\r\nabc\r\n0\r\n"
      "X-Late: 1\r\n\r\n");
  const std::string answer = client.receive("abc");
  EXPECT_TRUE(answer.ends_with("PUT /b? abc")) << answer;
}

// What isn't HTTP is refused, and what is cut short is an error, not a short body.
TEST_F(ServerTest, RefusesWhatIsBroken) {
  Client garbage(port_);
  garbage.send("\x16\x03\x01 this is not HTTP\r\n\r\n");
  EXPECT_TRUE(garbage.receive("no such text").starts_with("HTTP/1.1 400"));
  Client huge(port_);
  huge.send("GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(70'000, 'a') + "\r\n\r\n");
  EXPECT_TRUE(huge.receive("no such text").starts_with("HTTP/1.1 431"));
  Client cut(port_);
  cut.send("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhel");
  cut.half_close();
  EXPECT_NE(cut.receive("no such text").find("IncompleteBody"), std::string::npos);
}

// One address has so many connections, and no more until one of them ends.
TEST(ServerLimits, ConnectionsPerClient) {
  Server server({.threads = 1, .connections_per_client_max = 2});
  const std::uint16_t port =
      server.listen("127.0.0.1", 0, [](Request& request, Body& body) { return echo(request, body); });
  server.start();
  const auto answers = [](Client& client) {
    return client.try_send("GET /a HTTP/1.1\r\nHost: h\r\n\r\n") &&
           client.receive("GET /a? ").starts_with("HTTP/1.1 200");
  };
  Client first(port);
  EXPECT_TRUE(answers(first));
  {
    Client second(port);
    EXPECT_TRUE(answers(second));
    Client third(port);
    EXPECT_EQ(third.receive("no such text"), "");
  }
  bool let_in = false;
  for (int i = 0; i < 100 && !let_in; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    Client next(port);
    let_in = answers(next);
  }
  EXPECT_TRUE(let_in);
}

// How long a body may be silent says nothing of how long its answer may take.
TEST(ServerLimits, HandlerOutlastsTheReadTimeout) {
  Server server({.threads = 1, .read_timeout = std::chrono::seconds(1)});
  const std::uint16_t port = server.listen("127.0.0.1", 0, [](Request&, Body& body) { return linger(body); });
  server.start();
  Client client(port);
  client.send("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n");
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  client.send("ok");
  EXPECT_TRUE(client.receive("\r\n\r\n").starts_with("HTTP/1.1 200"));
}

// The whole body and its size; 503 where there is no room for it; /large answers more than a socket takes at once.
Task<Reply> keep(Request& request, Body& body) {
  Reply reply;
  if (request.path == "/large") reply.body.assign(32 << 20, 'l');
  try {
    const Result<std::string> whole = co_await read_all(body, 10 << 20);
    reply.status = whole ? 200 : 400;
    if (reply.body.empty() && whole) reply.body = std::to_string(whole->size());
  } catch (const Overloaded&) {
    reply.status = 503;
  }
  co_return reply;
}

std::string post(std::size_t length) {
  return "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n";
}

// One byte every 50 ms until the server has had enough; false where it takes all of them.
bool drip(Client& client, int bytes_max) {
  for (int i = 0; i < bytes_max; ++i) {
    if (!client.try_send("x")) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return false;
}

class ServerUnderPressure : public testing::Test {
 protected:
  ServerUnderPressure() {
    port_ = server_.listen("127.0.0.1", 0, [](Request& request, Body& body) { return keep(request, body); });
    server_.start();
  }
  Server server_{{.threads = 2,
                  .memory_bytes_max = 800'000,
                  .read_timeout = std::chrono::seconds(1),
                  .write_timeout = std::chrono::seconds(1)}};
  std::uint16_t port_ = 0;
};

// Bodies that together need more memory than there is are refused, but not those that came before them, nor small ones;
// once the first has its answer, there is room again.
TEST_F(ServerUnderPressure, RefusesWhatItCanNotHold) {
  Client first(port_);
  first.send(post(500'000) + std::string(400'000, 'a'));
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  Client second(port_);  // answered though its body isn't whole
  second.send(post(500'000) + std::string(499'999, 'b'));
  const std::string refused = second.receive("\r\n\r\n");
  EXPECT_TRUE(refused.starts_with("HTTP/1.1 503")) << refused;
  Client small(port_);
  small.send(post(2000) + std::string(2000, 'c'));
  EXPECT_TRUE(small.receive("\r\n\r\n2000").starts_with("HTTP/1.1 200"));
  first.send(std::string(100'000, 'a'));
  EXPECT_TRUE(first.receive("\r\n\r\n500000").ends_with("500000"));
  Client third(port_);
  third.send(post(500'000) + std::string(500'000, 'd'));
  const std::string whole = third.receive("\r\n\r\n500000");
  EXPECT_TRUE(whole.ends_with("\r\n\r\n500000")) << whole;
}

// Who is refused in the middle of a large body reads why, instead of a reset.
TEST_F(ServerUnderPressure, SaysWhyBeforeItCloses) {
  Client client(port_);
  client.send(post(9'000'000) + std::string(9'000'000, 'a'));
  const std::string answer = client.receive("no such text");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 503")) << answer;
  EXPECT_NE(answer.find("Connection: close"), std::string::npos);
}

// A head and a body that come a byte at a time are cut off, though the connection is never silent.
TEST_F(ServerUnderPressure, CutsOffDripping) {
  Client head(port_);
  head.send("GET /a HTTP/1.1\r\nHost: h\r\nX-Slow: ");
  EXPECT_TRUE(drip(head, 100));
  Client body(port_);
  body.send(post(1000));
  EXPECT_TRUE(drip(body, 100));
}

// So is whoever doesn't read the answer.
TEST_F(ServerUnderPressure, CutsOffWhoDoesNotRead) {
  Client client(port_);
  client.send("GET /large HTTP/1.1\r\nHost: h\r\n\r\n");
  std::this_thread::sleep_for(std::chrono::milliseconds(3500));
  EXPECT_LT(client.receive("no such text").size(), 32u << 20);
}

// A header's value can't smuggle another header into the reply.
TEST_F(ServerTest, NeverSplitsAReply) {
  Client client(port_);
  client.send("GET /split HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(client.receive("/split? ").find("X-Injected"), std::string::npos);
}

// A port that somebody has can't be taken a second time, though SO_REUSEPORT would allow it.
TEST_F(ServerTest, RefusesATakenPort) {
  Server second;
  EXPECT_THROW(second.listen("127.0.0.1", port_, [](Request& request, Body& body) { return echo(request, body); }),
               std::system_error);
}

}  // namespace
}  // namespace localcloud::wire::http
