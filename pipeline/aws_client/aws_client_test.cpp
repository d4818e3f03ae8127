// The client against a server on the loopback that answers what the test has written down.

#include "pipeline/aws_client/aws_client.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "base/text.hpp"
#include "json/parse.hpp"
#include "pipeline/aws_client/blocking.hpp"
#include "pipeline/aws_client/errors.hpp"
#include "pipeline/aws_client/http.hpp"

namespace pipeline::aws_client {
namespace {

// What the server does with the next request. An answer is sent as it stands.
struct Turn {
  enum class Then { keep_open, close };
  std::string answer;  // empty: none
  Then then = Then::keep_open;
};

// A socket that listens on any port of that address; -1 where the machine hasn't got it.
int listen_at(const char* address) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(address, "0", &hints, &found) != 0) return -1;
  int socket = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket >= 0 && (::bind(socket, found->ai_addr, found->ai_addrlen) != 0 || ::listen(socket, 16) != 0)) {
    ::close(socket);
    socket = -1;
  }
  ::freeaddrinfo(found);
  return socket;
}

bool can_listen(const char* address) {
  const int socket = listen_at(address);
  ::close(socket);
  return socket >= 0;
}

// Takes one connection at a time; reads a request (its head and Content-Length), takes the next turn.
class Server {
 public:
  explicit Server(std::vector<Turn> turns, const char* address = "127.0.0.1") : turns_(std::move(turns)) {
    listener_ = listen_at(address);
    sockaddr_in6 bound{};  // its port lies where an IPv4 address has it
    socklen_t length = sizeof bound;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&bound), &length);
    port = ntohs(bound.sin6_port);
    thread_ = std::thread([this] { run(); });
  }
  ~Server() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }

  std::uint16_t port = 0;
  std::vector<std::string> requests;  // to be read once the turns are over
  int connections = 0;

 private:
  void run() {
    std::size_t turn = 0;
    while (turn < turns_.size()) {
      const int socket = ::accept(listener_, nullptr, nullptr);
      if (socket < 0) return;
      ++connections;
      std::string bytes;
      bool is_open = true;
      while (is_open && turn < turns_.size() && read_request(socket, bytes)) {
        const Turn& now = turns_[turn++];
        if (!now.answer.empty()) (void)!::send(socket, now.answer.data(), now.answer.size(), MSG_NOSIGNAL);
        is_open = now.then == Turn::Then::keep_open;
      }
      ::close(socket);
    }
  }

  bool read_request(int socket, std::string& bytes) {
    char buffer[65536];
    while (true) {
      const auto end = bytes.find("\r\n\r\n");
      if (end != std::string::npos) {
        const auto at = bytes.find("content-length: ");
        const std::size_t length = at < end ? std::stoull(bytes.substr(at + 16)) : 0;
        if (bytes.size() >= end + 4 + length) {
          requests.push_back(bytes.substr(0, end + 4 + length));
          bytes.erase(0, end + 4 + length);
          return true;
        }
      }
      const ssize_t got = ::recv(socket, buffer, sizeof buffer, 0);
      if (got <= 0) return false;
      bytes.append(buffer, static_cast<std::size_t>(got));
    }
  }

  std::vector<Turn> turns_;
  int listener_ = -1;
  std::thread thread_;
};

std::string answer(int status, std::string_view body, std::string_view headers = "") {
  return "HTTP/1.1 " + std::to_string(status) + " X\r\ncontent-length: " + std::to_string(body.size()) + "\r\n" +
         std::string(headers) + "\r\n" + std::string(body);
}

class Client : public testing::Test {
 protected:
  Settings settings_for(const Server& server) {
    Settings settings{.region = "us-east-1", .credentials = {"AKID", "secret", "token"}};
    const Endpoint endpoint{.scheme = Scheme::http, .host = "127.0.0.1", .port = server.port};
    settings.endpoints = {{Service::s3, endpoint}, {Service::states, endpoint}, {Service::dynamodb, endpoint}};
    return settings;
  }
  aws::CallOptions within(base::Duration time) { return {.deadline = clock.now() + time}; }

  base::SystemClock clock;
  base::SeededIds ids;
};

// A signed PUT, by path, with the key encoded; the connection is used again.
TEST_F(Client, put_and_get) {
  Server server({{answer(200, "", "ETag: \"e1\"\r\n")},
                 {answer(200, "body", "ETag: \"e1\"\r\n")},
                 {answer(304, "")},
                 {answer(404, "<Error><Code>NoSuchKey</Code><Message>no &amp; no</Message></Error>")}});
  {
    AwsClient client(settings_for(server), clock, ids);
    const auto put = run_blocking(client.put_object(
        {.bucket = "b", .key = "raw/a=1/x y.json", .body = "data", .content_type = "text/plain"}, {}));
    ASSERT_TRUE(put);
    EXPECT_EQ(put->etag, "\"e1\"");
    const auto got = run_blocking(client.get_object({.bucket = "b", .key = "k"}, {}));
    ASSERT_TRUE(got);
    EXPECT_EQ(got->body, "body");
    const auto same = run_blocking(client.get_object({.bucket = "b", .key = "k", .if_none_match = "\"e1\""}, {}));
    ASSERT_TRUE(same);
    EXPECT_EQ(same->found, aws::GetObjectOutput::Found::not_modified);
    const auto missing = run_blocking(client.get_object({.bucket = "b", .key = "k"}, {}));
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error(), (ServiceError{.code = "NoSuchKey", .message = "no & no", .http_status = 404}));
  }
  EXPECT_EQ(server.connections, 1);
  const std::string& put = server.requests.at(0);
  EXPECT_TRUE(put.starts_with("PUT /b/raw/a%3D1/x%20y.json HTTP/1.1\r\n")) << put;
  EXPECT_TRUE(put.ends_with("\r\n\r\ndata"));
  for (const char* part :
       {"host: 127.0.0.1:", "aws4-hmac-sha256 credential=akid/", "/us-east-1/s3/aws4_request",
        ";x-amz-security-token, signature=", "x-amz-security-token: token\r\n", "content-type: text/plain"}) {
    EXPECT_NE(base::lower(put).find(part), std::string::npos) << part << " in " << put;
  }
  EXPECT_NE(base::lower(put).find("x-amz-content-sha256: "), std::string::npos);
  EXPECT_NE(server.requests.at(2).find("if-none-match: \"e1\""), std::string::npos);
}

// A page of keys, and how the next one is asked for.
TEST_F(Client, list_objects) {
  const auto page = [](std::string_view truncated, std::string_view contents) {
    return answer(200, "<ListBucketResult><Name>b</Name><IsTruncated>" + std::string(truncated) + "</IsTruncated>" +
                           std::string(contents) + "</ListBucketResult>");
  };
  Server server({{page("true", "<Contents><Key>s/1 &amp; 2</Key></Contents><Contents><Key>s/3</Key></Contents>")},
                 {page("false", "")},
                 {answer(200, "<ListBucketResult><Contents><Key>cut sho")}});
  {
    AwsClient client(settings_for(server), clock, ids);
    const auto first = run_blocking(client.list_objects_v2({.bucket = "b", .prefix = "s/1-"}, {}));
    ASSERT_TRUE(first);
    EXPECT_EQ(first->keys, (std::vector<std::string>{"s/1 & 2", "s/3"}));
    EXPECT_TRUE(first->is_truncated);
    const auto rest =
        run_blocking(client.list_objects_v2({.bucket = "b", .prefix = "s/1-", .start_after = "s/1 & 2"}, {}));
    ASSERT_TRUE(rest);
    EXPECT_TRUE(rest->keys.empty() && !rest->is_truncated);
    EXPECT_TRUE(run_blocking(client.list_objects_v2({.bucket = "b", .prefix = ""}, {}))->keys.empty());
  }
  EXPECT_TRUE(server.requests.at(0).starts_with("GET /b/?list-type=2&prefix=s%2F1- HTTP/1.1\r\n"))
      << server.requests[0];
  EXPECT_TRUE(server.requests.at(1).starts_with("GET /b/?list-type=2&prefix=s%2F1-&start-after=s%2F1%20%26%202 HTTP"));
}

// The JSON services: targets, bodies, single statements' errors and items.
TEST_F(Client, json_services) {
  Server server(
      {{answer(200, R"({"executionArn":"arn:x","startDate":1.5})")},
       {answer(
           200,
           R"({"Responses":[{"TableName":"t"},{"Error":{"Code":"DuplicateItem","Message":"m"}},{"Item":{"raw":{"S":"r"}}}]})")},
       {answer(400, R"({"__type":"com.amazon.coral#AccessDeniedException","Message":"no"})")},
       {answer(200, R"({"Responses":[]})")}});
  AwsClient client(settings_for(server), clock, ids);
  const auto started =
      run_blocking(client.start_execution({.state_machine_arn = "arn:m", .name = "n", .input = "{}"}, {}));
  ASSERT_TRUE(started);
  EXPECT_EQ(started->execution_arn, "arn:x");
  const std::vector<aws::Statement> statements = {{"INSERT 1", {"a", 7}}, {"INSERT 2", {}}, {"SELECT 3", {"k"}}};
  const aws::BatchExecuteStatement batch{.statements = statements};
  const auto done = run_blocking(client.batch_execute_statement(batch, {}));
  ASSERT_TRUE(done);
  EXPECT_FALSE(done->responses[0].error);
  EXPECT_EQ(done->responses[1].error->code, "DuplicateItem");
  EXPECT_EQ(done->responses[2].item->find("raw")->get_string("S"), "r");
  EXPECT_EQ(run_blocking(client.start_execution({}, {})).error().code, "AccessDeniedException");
  EXPECT_EQ(run_blocking(client.batch_execute_statement(batch, {})).error().code, "UnreadableAnswer");
  EXPECT_NE(server.requests[0].find("x-amz-target: AWSStepFunctions.StartExecution"), std::string::npos);
  EXPECT_NE(server.requests[0].find(R"({"stateMachineArn":"arn:m","input":"{}","name":"n"})"), std::string::npos);
  EXPECT_NE(server.requests[1].find("x-amz-target: DynamoDB_20120810.BatchExecuteStatement"), std::string::npos);
  EXPECT_NE(
      server.requests[1].find(
          R"({"Statements":[{"Statement":"INSERT 1","Parameters":[{"S":"a"},{"N":"7"}]},{"Statement":"INSERT 2"},)"
          R"({"Statement":"SELECT 3","ConsistentRead":true,"Parameters":[{"S":"k"}]}]})"),
      std::string::npos);
}

// Throttling, 5xx and broken connections are tried again; refusals are not.
TEST_F(Client, retries) {
  Server server({{answer(503, "<Error><Code>SlowDown</Code></Error>")},
                 {"", Turn::Then::close},
                 {answer(500, "", "connection: close\r\n"), Turn::Then::close},
                 {answer(200, "ok")},
                 {answer(403, "<Error><Code>AccessDenied</Code></Error>")}});
  AwsClient client(settings_for(server), clock, ids);
  EXPECT_EQ(run_blocking(client.get_object({.bucket = "b", .key = "k"}, {}))->body, "ok");
  EXPECT_EQ(server.requests.size(), 4u);
  EXPECT_EQ(run_blocking(client.get_object({.bucket = "b", .key = "k"}, {})).error().code, "AccessDenied");
}

// Ids that are all of one byte: a choice always falls at the same part of what could be chosen.
class EvenIds final : public base::Ids {
 public:
  explicit EvenIds(unsigned char byte) : byte_(byte) {}
  void fill(std::span<std::byte> out) override { std::ranges::fill(out, std::byte{byte_}); }

 private:
  const unsigned char byte_;
};

// Throttling comes as a 400, too. The pauses are full jitter: from nothing up to 100, 200, 400 ms, here nothing and
// half.
TEST_F(Client, throttling) {
  for (const auto& [byte, pauses_ms] : {std::pair{0x00, 0}, std::pair{0x7f, 300}}) {
    Server server({{answer(400, R"({"__type":"x#ProvisionedThroughputExceededException"})")},
                   {answer(400, R"({"__type":"x#ThrottlingException"})")},
                   {answer(429, "")},
                   {answer(200, R"({"executionArn":"arn:x"})")}});
    EvenIds even(static_cast<unsigned char>(byte));
    AwsClient client(settings_for(server), clock, even);
    const auto begin = clock.now();
    EXPECT_TRUE(run_blocking(client.start_execution({.state_machine_arn = "arn:m", .input = "{}"}, {})));
    const auto took = clock.now() - begin;
    EXPECT_GE(took, std::chrono::milliseconds(pauses_ms - 10));
    EXPECT_LT(took, std::chrono::milliseconds(pauses_ms + 300));
    EXPECT_EQ(server.requests.size(), 4u);
  }
}

// What the service asks to wait is waited.
TEST_F(Client, retry_after) {
  Server server({{answer(503, "", "retry-after: 1\r\n")}, {answer(200, "ok")}});
  AwsClient client(settings_for(server), clock, ids);
  const auto begin = clock.now();
  EXPECT_EQ(run_blocking(client.get_object({.bucket = "b", .key = "k"}, {}))->body, "ok");
  EXPECT_GE(clock.now() - begin, std::chrono::seconds(1));
}

// By address and by name.
TEST_F(Client, addresses) {
  for (const auto& [listens, called] :
       {std::pair{"127.0.0.1", "127.0.0.1"}, std::pair{"127.0.0.1", "localhost"}, std::pair{"::1", "::1"}}) {
    if (!can_listen(listens)) GTEST_SKIP() << "this machine has no " << listens;
    Server server({{answer(200, called)}}, listens);
    Settings settings = settings_for(server);
    settings.endpoints[Service::s3].host = called;
    AwsClient client(settings, clock, ids);
    const auto got = run_blocking(client.get_object({.bucket = "b", .key = "k"}, within(std::chrono::seconds(5))));
    ASSERT_TRUE(got) << called << ": " << got.error().message;
    EXPECT_EQ(got->body, called);
  }
}

// It gives up after four attempts, with the last error.
TEST_F(Client, gives_up) {
  Server server(std::vector<Turn>(5, Turn{answer(500, "<Error><Code>InternalError</Code></Error>")}));
  AwsClient client(settings_for(server), clock, ids);
  const auto failed = run_blocking(client.get_object({.bucket = "b", .key = "k"}, {}));
  EXPECT_EQ(failed.error().code, "InternalError");
  EXPECT_TRUE(aws::is_retryable(failed.error()));
  EXPECT_EQ(server.requests.size(), 4u);
}

// A connection that was closed while it lay idle costs no attempt.
TEST_F(Client, stale_connections) {
  Server server({{answer(200, "1"), Turn::Then::close}, {answer(200, "2"), Turn::Then::close}, {answer(200, "3")}});
  AwsClient client(settings_for(server), clock, ids);
  for (const char* body : {"1", "2", "3"}) {
    EXPECT_EQ(run_blocking(client.get_object({.bucket = "b", .key = "k"}, {}))->body, body);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_EQ(server.connections, 3);
}

// The deadline ends a call that isn't answered, and one that asks to wait for longer than there is time.
TEST_F(Client, deadlines) {
  Server server({{""}, {answer(503, "", "retry-after: 10\r\n")}});
  AwsClient client(settings_for(server), clock, ids);
  const auto begin = clock.now();
  const auto late =
      run_blocking(client.get_object({.bucket = "b", .key = "k"}, within(std::chrono::milliseconds(150))));
  EXPECT_EQ(late.error().code, "RequestTimeout");
  const auto asked =
      run_blocking(client.get_object({.bucket = "b", .key = "k"}, within(std::chrono::milliseconds(500))));
  EXPECT_EQ(asked.error().http_status, 503);
  EXPECT_EQ(run_blocking(client.get_object({.bucket = "b", .key = "k"}, within(-std::chrono::seconds(1)))).error().code,
            "RequestTimeout");
  EXPECT_LT(clock.now() - begin, std::chrono::seconds(2));
}

// Nobody listens: an error that is worth retrying, at once.
TEST_F(Client, unreachable) {
  Settings settings{.region = "us-east-1", .credentials = {"AKID", "secret", ""}};
  settings.endpoints[Service::s3] = {.scheme = Scheme::http, .host = "127.0.0.1", .port = 1};
  AwsClient client(settings, clock, ids);
  const auto failed =
      run_blocking(client.get_object({.bucket = "b", .key = "k"}, within(std::chrono::milliseconds(300))));
  EXPECT_TRUE(aws::is_retryable(failed.error()));
}

std::string read_in_pieces(std::string_view bytes, std::size_t size) {
  ResponseReader reader(1000);
  for (std::size_t at = 0; at < bytes.size(); at += size) {
    switch (reader.feed(bytes.substr(at, size))) {
      case ResponseReader::State::whole:
        return std::to_string(reader.response().status) + " " + reader.response().body;
      case ResponseReader::State::malformed:
        return "malformed";
      case ResponseReader::State::wants_more:
        break;
    }
  }
  return reader.end() == ResponseReader::State::whole
             ? std::to_string(reader.response().status) + " " + reader.response().body
             : "cut off";
}

// Answers in every framing, in pieces of any size.
TEST(ResponseReader, framings) {
  const std::pair<const char*, const char*> cases[] = {
      {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "200 hello"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n1\r\n!\r\n0\r\nA: b\r\n\r\n",
       "200 hello!"},
      {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n", "204 "},
      {"HTTP/1.0 200 OK\r\n\r\nuntil the end", "200 until the end"},
      {"HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n", "304 "},
      {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel", "cut off"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n", "malformed"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "malformed"},
      {"HTTP/1.1 2x0 OK\r\n\r\n", "malformed"},
      {"SSH-2.0-OpenSSH_9.2\r\n\r\n", "malformed"},
  };
  for (const auto& [bytes, expected] : cases) {
    for (const std::size_t size : {std::size_t{1}, std::size_t{7}, std::size_t{10'000}})
      EXPECT_EQ(read_in_pieces(bytes, size), expected) << bytes;
  }
}

// Endpoints and where objects lie.
TEST(Settings, endpoints) {
  EXPECT_EQ(parse_endpoint("http://127.0.0.1:4566/"),
            (Endpoint{.scheme = Scheme::http, .host = "127.0.0.1", .port = 4566}));
  EXPECT_EQ(parse_endpoint("https://[::1]:8443")->authority(), "[::1]:8443");
  EXPECT_EQ(parse_endpoint("https://example.com")->authority(), "example.com");
  for (const char* url :
       {"", "127.0.0.1:4566", "ftp://x", "http://", "http://x:0", "http://x:99999", "http://x/path", "http://u@x"}) {
    EXPECT_FALSE(parse_endpoint(url)) << url;
  }
  std::map<std::string, std::string> variables = {
      {"AWS_REGION", "eu-west-1"}, {"AWS_ACCESS_KEY_ID", "a"}, {"AWS_SECRET_ACCESS_KEY", "s"}};
  const Environment environment = [&](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
  Settings settings = *read_settings(environment);
  EXPECT_EQ(address_of(settings, Service::dynamodb).endpoint.authority(), "dynamodb.eu-west-1.amazonaws.com");
  EXPECT_EQ(address_of_object(settings, "b", "k/1").endpoint.authority(), "b.s3.eu-west-1.amazonaws.com");
  EXPECT_EQ(address_of_object(settings, "b", "k/1").path, "/k/1");
  EXPECT_EQ(address_of_object(settings, "b.c", "k/1").path, "/b.c/k/1");
  variables["AWS_REGION"] = "cn-north-1";
  EXPECT_EQ(address_of(*read_settings(environment), Service::states).endpoint.authority(),
            "states.cn-north-1.amazonaws.com.cn");
  variables.erase("AWS_REGION");
  variables["AWS_DEFAULT_REGION"] = "eu-west-1";
  variables["AWS_SESSION_TOKEN"] = "t";
  settings = *read_settings(environment);
  EXPECT_EQ(settings.region, "eu-west-1");
  EXPECT_EQ(settings.credentials.session_token, "t");
  variables["AWS_ENDPOINT_URL"] = "http://localhost:4566";
  variables["AWS_ENDPOINT_URL_S3"] = "http://localhost:9000";
  settings = *read_settings(environment);
  EXPECT_EQ(address_of(settings, Service::states).endpoint.port, 4566);
  EXPECT_EQ(address_of_object(settings, "b", "k").endpoint.port, 9000);
  EXPECT_EQ(address_of_object(settings, "b", "k").path, "/b/k");
  variables["AWS_ENDPOINT_URL_DYNAMODB"] = "localhost:8000";
  EXPECT_EQ(read_settings(environment).error(),
            "AWS_ENDPOINT_URL_DYNAMODB must be http(s)://host[:port], is \"localhost:8000\"");
  variables.erase("AWS_ENDPOINT_URL_DYNAMODB");
  variables.erase("AWS_ACCESS_KEY_ID");
  EXPECT_EQ(read_settings(environment).error(), "AWS_ACCESS_KEY_ID is missing");
}

}  // namespace
}  // namespace pipeline::aws_client
