// The loop against a Runtime API that plays a script.

#include "pipeline/lambda_runtime/lambda_runtime.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <thread>

#include "pipeline/lambda_runtime/http_client.hpp"

namespace pipeline::lambda_runtime {
namespace {

// Answers each request with the next reply of its script, then closes; an empty reply closes the connection at once.
class ScriptedApi {
 public:
  explicit ScriptedApi(std::vector<std::string> replies) : replies_(std::move(replies)) {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(bind(listener_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(listen(listener_, 8), 0);
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    setenv("AWS_LAMBDA_RUNTIME_API", ("127.0.0.1:" + std::to_string(ntohs(address.sin_port))).c_str(), 1);
    thread_ = std::thread([this] { serve(); });
  }
  ~ScriptedApi() { finish(); }
  const std::vector<std::string>& requests() {
    finish();
    return requests_;
  }

 private:
  void finish() {
    if (thread_.joinable()) thread_.join();
  }
  void serve() {
    std::size_t next = 0;
    while (next < replies_.size()) {
      const int connection = accept(listener_, nullptr, nullptr);
      while (next < replies_.size()) {
        const std::string request = receive(connection);
        if (request.empty()) break;
        requests_.push_back(request);
        const std::string reply = replies_[next++];
        if (reply.empty()) break;
        EXPECT_EQ(send(connection, reply.data(), reply.size(), MSG_NOSIGNAL), static_cast<ssize_t>(reply.size()));
      }
      close(connection);
    }
    close(listener_);
  }
  static std::string receive(int connection) {
    std::string request;
    for (;;) {
      const std::size_t head_end = request.find("\r\n\r\n");
      if (head_end != std::string::npos) {
        const std::size_t at = request.find("Content-Length: ");
        const std::size_t length = at == std::string::npos ? 0 : std::stoul(request.substr(at + 16));
        if (request.size() == head_end + 4 + length) return request;
      }
      char bytes[4096];
      const ssize_t count = recv(connection, bytes, sizeof bytes, 0);
      if (count <= 0) return request;
      request.append(bytes, count);
    }
  }

  std::vector<std::string> replies_;
  std::vector<std::string> requests_;
  int listener_ = -1;
  std::thread thread_;
};

std::string event(std::string_view id, std::string_view body) {
  return "HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: " + std::string(id) +
         "\r\nLambda-Runtime-Deadline-Ms: 1750000000123\r\nLambda-Runtime-Invoked-Function-Arn: arn:f\r\n"
         "Lambda-Runtime-Trace-Id: Root=1\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

const std::string kAccepted = "HTTP/1.1 202 Accepted\r\nContent-Length: 15\r\n\r\n{\"status\":\"OK\"}";

// An event reaches the handler with all its facts, and its answer goes back under its id; the loop ends with the API.
TEST(LambdaRuntime, answers_events_until_the_api_goes_away) {
  ScriptedApi api({event("id-1", R"({"n":1})"), kAccepted, event("id-2", "2"), kAccepted, ""});
  std::vector<Invocation> seen;
  EXPECT_EQ(run([&](Invocation invocation) -> Outcome {
              seen.push_back(invocation);
              return R"({"got":)" + invocation.payload + "}";
            }),
            1);
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_EQ(seen[0].request_id, "id-1");
  EXPECT_EQ(seen[0].payload, R"({"n":1})");
  EXPECT_EQ(base::to_unix_ms(seen[0].deadline), 1750000000123);
  EXPECT_EQ(seen[0].function_arn, "arn:f");
  EXPECT_EQ(seen[0].trace_id, "Root=1");
  ASSERT_EQ(api.requests().size(), 5u);
  EXPECT_TRUE(api.requests()[0].starts_with("GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\n"));
  EXPECT_TRUE(api.requests()[1].starts_with("POST /2018-06-01/runtime/invocation/id-1/response HTTP/1.1\r\n"));
  EXPECT_TRUE(api.requests()[1].ends_with("\r\n\r\n{\"got\":{\"n\":1}}"));
  EXPECT_TRUE(api.requests()[3].ends_with("\r\n\r\n{\"got\":2}"));
}

// An error, and an exception, is the invocation's error and not the loop's end.
TEST(LambdaRuntime, reports_errors_and_exceptions) {
  ScriptedApi api({event("a", "1"), kAccepted, event("b", "2"), kAccepted, ""});
  run([](Invocation invocation) -> Outcome {
    if (invocation.request_id == "a") return std::unexpected(FunctionError{"Bad\r\nInput", "say \"why\"\n"});
    throw std::runtime_error("broke");
  });
  ASSERT_EQ(api.requests().size(), 5u);
  EXPECT_TRUE(api.requests()[1].starts_with("POST /2018-06-01/runtime/invocation/a/error "));
  EXPECT_NE(api.requests()[1].find("Lambda-Runtime-Function-Error-Type: BadInput\r\n"), std::string::npos);
  EXPECT_TRUE(
      api.requests()[1].ends_with(R"({"errorMessage":"say \"why\"\u000a","errorType":"Bad\u000d\u000aInput"})"));
  EXPECT_TRUE(api.requests()[3].ends_with(R"({"errorMessage":"broke","errorType":"UnhandledException"})"));
}

// A chunked event is put together, and a connection that was closed while idle is opened again.
TEST(LambdaRuntime, reads_chunks_and_reconnects) {
  ScriptedApi api(
      {"HTTP/1.1 200 OK\r\nlambda-runtime-aws-request-id: c\r\nTransfer-Encoding: chunked\r\n"
       "\r\n4\r\n\"abc\r\n2;x=y\r\nd\"\r\n0\r\n\r\n",
       "", kAccepted, ""});
  std::string payload;
  run([&](Invocation invocation) -> Outcome {
    payload = invocation.payload;
    return "null";
  });
  EXPECT_EQ(payload, "\"abcd\"");
}

// A start that fails tells Lambda why.
TEST(LambdaRuntime, reports_init_errors) {
  ScriptedApi api({kAccepted});
  EXPECT_EQ(report_init_error({"Config.Missing", "BUCKET is not set"}), 1);
  ASSERT_EQ(api.requests().size(), 1u);
  EXPECT_TRUE(api.requests()[0].starts_with("POST /2018-06-01/runtime/init/error "));
  EXPECT_TRUE(api.requests()[0].ends_with(R"({"errorMessage":"BUCKET is not set","errorType":"Config.Missing"})"));
}

// A reply that isn't HTTP, or lies about its length, is an error and not a hang.
TEST(LambdaRuntime, refuses_malformed_replies) {
  for (const std::string reply :
       {"SSH-2.0\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}) {
    ScriptedApi api({reply});
    HttpClient client(getenv("AWS_LAMBDA_RUNTIME_API"));
    EXPECT_FALSE(client.call("GET", "/", "", "")) << reply;
  }
}

}  // namespace
}  // namespace pipeline::lambda_runtime
