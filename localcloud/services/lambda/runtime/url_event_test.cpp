// HTTP to payload format 2.0, and back.

#include "localcloud/services/lambda/runtime/url_event.hpp"

#include <gtest/gtest.h>

#include "json/parse.hpp"
#include "json/write.hpp"

namespace localcloud::lambda {
namespace {

wire::http::Request request(std::string method, wire::http::Headers headers) {
  return {.method = std::move(method),
          .path = "/v1/events",
          .query = "a=1&b=x%20y&a=2",
          .headers = std::move(headers),
          .source_ip = "127.0.0.1",
          .content_length = std::nullopt};
}

json::Value event_of(const wire::http::Request& head, std::string_view body, const wire::Caller* caller = nullptr) {
  const json::Value event = to_url_event({.head = head,
                                          .body = body,
                                          .url_id = "abc",
                                          .request_id = "r-1",
                                          .trace_id = "Root=1",
                                          .time = base::from_unix_ms(1583348638390),
                                          .caller = caller});
  // As a process gets it.
  const auto parsed = json::parse(json::write(event));
  EXPECT_EQ(parsed, event);
  return event;
}

// The members that a handler reads, as the documentation shows them.
TEST(UrlEvent, describes_the_request) {
  const auto head = request("POST", {{"Host", "abc.lambda-url.us-east-1.localhost:4566"},
                                     {"Content-Type", "application/json"},
                                     {"X-Two", "1"},
                                     {"x-two", "2"},
                                     {"Cookie", "c1=1; c2=2"},
                                     {"User-Agent", "agent"}});
  const auto expected = json::parse(R"({"version":"2.0","routeKey":"$default","rawPath":"/v1/events",
    "rawQueryString":"a=1&b=x%20y&a=2","cookies":["c1=1","c2=2"],
    "headers":{"content-type":"application/json","host":"abc.lambda-url.us-east-1.localhost:4566","user-agent":"agent",
      "x-two":"1,2","x-forwarded-for":"127.0.0.1","x-forwarded-proto":"http","x-amzn-trace-id":"Root=1"},
    "queryStringParameters":{"a":"1,2","b":"x y"},
    "requestContext":{"accountId":"anonymous","apiId":"abc","domainName":"abc.lambda-url.us-east-1.localhost",
      "domainPrefix":"abc","http":{"method":"POST","path":"/v1/events","protocol":"HTTP/1.1","sourceIp":"127.0.0.1",
      "userAgent":"agent"},"requestId":"r-1","routeKey":"$default","stage":"$default",
      "time":"04/Mar/2020:19:03:58 +0000","timeEpoch":1583348638390},
    "body":"{\"x\":\"ä\"}","isBase64Encoded":false})");
  EXPECT_EQ(event_of(head, "{\"x\":\"ä\"}"), *expected);
}

// Text is passed as it is; anything else, and text that isn't UTF-8, in base64; no body, no member.
TEST(UrlEvent, encodes_bodies) {
  struct Case {
    const char *type, *encoding, *body, *expected;
    bool base64;
  };
  for (const Case& c : {Case{"text/plain; charset=utf-8", nullptr, "plain", "plain", false},
                        Case{"application/octet-stream", nullptr, "plain", "cGxhaW4=", true},
                        Case{"application/json", "gzip", "plain", "cGxhaW4=", true},
                        Case{"application/json", nullptr, "\xff", "/w==", true},
                        Case{"application/ld+json", nullptr, "{}", "{}", false}}) {
    wire::http::Headers headers{{"content-type", c.type}};
    if (c.encoding) headers.emplace_back("content-encoding", c.encoding);
    const json::Value event = event_of(request("POST", headers), c.body);
    EXPECT_EQ(event.get_string("body"), c.expected) << c.type;
    EXPECT_EQ(event.get_bool("isBase64Encoded"), c.base64) << c.type;
  }
  const json::Value empty = event_of(request("GET", {}), "");
  EXPECT_EQ(empty.find("body"), nullptr);
  EXPECT_EQ(empty.get_bool("isBase64Encoded"), false);
}

// An AWS_IAM URL tells the function who asked, and keeps the signature.
TEST(UrlEvent, names_the_signer) {
  wire::Caller caller;
  caller.account = "123456789012";
  caller.access_key_id = "AKIA";
  caller.principal.arn = "arn:aws:iam::123456789012:user/u";
  const json::Value event = event_of(request("GET", {{"Authorization", "AWS4-HMAC-SHA256 …"}}), "", &caller);
  const json::Value* const context = event.find("requestContext");
  EXPECT_EQ(context->get_string("accountId"), "123456789012");
  EXPECT_EQ(context->find("authorizer")->find("iam")->get_string("userArn"), "arn:aws:iam::123456789012:user/u");
  EXPECT_EQ(event.find("headers")->find("authorization"), nullptr);
}

// What a function may answer.
TEST(UrlReply, takes_answers) {
  struct Case {
    const char* payload;
    int status;
    const char *body, *type;
  };
  for (const Case& c :
       {Case{R"({"statusCode":201,"headers":{"Content-Type":"text/plain"},"body":"hi"})", 201, "hi", "text/plain"},
        Case{R"({"statusCode":"404"})", 404, "", "application/json"},
        Case{R"({"statusCode":200,"body":"AAE=","isBase64Encoded":true})", 200, nullptr, "application/json"},
        Case{R"({"statusCode":200,"body":{"a":1}})", 200, R"({"a":1})", "application/json"},
        Case{R"({"message":"hi"})", 200, R"({"message":"hi"})", "application/json"},
        Case{R"("text")", 200, R"("text")", "application/json"}}) {
    const auto reply = to_url_reply(c.payload);
    ASSERT_TRUE(reply) << c.payload;
    EXPECT_EQ(reply->status, c.status) << c.payload;
    EXPECT_EQ(reply->body, c.body ? std::string(c.body) : std::string("\0\1", 2)) << c.payload;
    EXPECT_EQ(wire::http::find_header(reply->headers, "content-type"), c.type) << c.payload;
  }
  const auto cookies =
      to_url_reply(R"({"statusCode":200,"headers":{"x":1,"content-length":"9"},"cookies":["a=1","b=2"]})");
  ASSERT_TRUE(cookies);
  const wire::http::Headers expected{
      {"x", "1"}, {"content-type", "application/json"}, {"set-cookie", "a=1"}, {"set-cookie", "b=2"}};
  EXPECT_EQ(cookies->headers, expected);
}

// What it may not: then the client gets a 502.
TEST(UrlReply, refuses_what_is_no_answer) {
  for (const char* payload :
       {"", "not json", R"({"statusCode":99})", R"({"statusCode":"x"})", R"({"statusCode":600})",
        R"({"statusCode":200,"headers":{"a\r\nb":"c"}})", R"({"statusCode":200,"headers":{"a":"b\r\nc: d"}})",
        R"({"statusCode":200,"headers":[1]})", R"({"statusCode":200,"cookies":"a"})",
        R"({"statusCode":200,"cookies":["a\n"]})", R"({"statusCode":200,"body":"?","isBase64Encoded":true})"}) {
    EXPECT_FALSE(to_url_reply(payload)) << payload;
  }
}

// A URL with Cors answers the browser's questions itself; without an allowed origin it says nothing.
TEST(UrlCors, answers_preflights) {
  Cors cors;
  cors.allow_origins = {"https://a.example"};
  cors.allow_methods = {"POST"};
  cors.allow_headers = {"x-key", "content-type"};
  cors.max_age = 60;
  const auto preflight = answer_preflight(
      cors, request("OPTIONS", {{"Origin", "https://a.example"}, {"Access-Control-Request-Method", "POST"}}));
  ASSERT_TRUE(preflight);
  EXPECT_EQ(preflight->status, 200);
  EXPECT_EQ(wire::http::find_header(preflight->headers, "access-control-allow-origin"), "https://a.example");
  EXPECT_EQ(wire::http::find_header(preflight->headers, "access-control-allow-headers"), "x-key,content-type");
  EXPECT_EQ(wire::http::find_header(preflight->headers, "access-control-max-age"), "60");
  EXPECT_FALSE(answer_preflight(cors, request("POST", {{"Origin", "https://a.example"}})));
  wire::http::Reply reply;
  reply.headers = {{"access-control-allow-origin", "*"}};
  add_cors(cors, request("POST", {{"Origin", "https://b.example"}}), reply);
  EXPECT_TRUE(reply.headers.empty());
}

}  // namespace
}  // namespace localcloud::lambda
