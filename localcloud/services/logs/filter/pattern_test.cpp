// Filter patterns against lines: which match, which don't, and which patterns are refused.

#include "localcloud/services/logs/filter/pattern.hpp"

#include <gtest/gtest.h>

namespace localcloud::logs::filter {
namespace {

struct Case {
  std::string_view pattern;
  std::string_view line;
  bool matches;
};

void check(std::span<const Case> cases) {
  for (const Case& c : cases) {
    const Result<Pattern> pattern = Pattern::parse(c.pattern);
    ASSERT_TRUE(pattern) << c.pattern << ": " << pattern.error().message;
    EXPECT_EQ(pattern->matches(c.line), c.matches) << c.pattern << " on " << c.line;
  }
}

// Terms are all required, case counts, `?` makes alternatives, `-` excludes.
TEST(FilterPattern, Terms) {
  constexpr Case kCases[] = {
      {"", "anything", true},
      {"ERROR", "[ERROR 400] BAD REQUEST", true},
      {"error", "[ERROR 400] BAD REQUEST", false},
      {"ERROR REQUEST", "[ERROR 400] BAD REQUEST", true},
      {"ERROR ARGUMENTS", "[ERROR 400] BAD REQUEST", false},
      {"\"BAD REQUEST\"", "[ERROR 400] BAD REQUEST", true},
      {"\"REQUEST BAD\"", "[ERROR 400] BAD REQUEST", false},
      {"\"say \\\"hi\\\"\"", "they say \"hi\"", true},
      {"?ERROR ?WARN", "WARN: disk", true},
      {"?ERROR ?WARN", "INFO: disk", false},
      {"ERROR -EXITING", "ERROR EXITING", false},
      {"ERROR -EXITING", "ERROR going on", true},
      {"-\"exit 0\"", "exit 0", false},
      {"?ERROR ?WARN REQUEST", "INFO REQUEST", true},
      {"%AUTHORIZED%", "UNAUTHORIZED", true},
      {"%^[0-9]{3} %", "404 not found", true},
      {"%^[0-9]{3} %", "x 404 not found", false},
  };
  check(kCases);
}

// Members of a JSON line, by path, compared as text, as number, or by being there.
TEST(FilterPattern, Json) {
  constexpr std::string_view kLine =
      R"({"level":"error","ms":12.5,"code":404,"ok":false,"none":null,"user":{"id":"u-1","roles":["a","b"]},"n":[{"x":1}]})";
  constexpr Case kCases[] = {
      {R"({ $.level = "error" })", kLine, true},
      {R"({$.level=error})", kLine, true},
      {R"({ $.level != "error" })", kLine, false},
      {R"({ $.level = "err*" })", kLine, true},
      {R"({ $.level = *rr* })", kLine, true},
      {R"({ $.level = %^e.*r$% })", kLine, true},
      {R"({ $.level = "Error" })", kLine, false},
      {R"({ $.ms > 12 })", kLine, true},
      {R"({ $.ms > 12.5 })", kLine, false},
      {R"({ $.ms >= 1.25e1 })", kLine, true},
      {R"({ $.ms < 13 && $.code = 404 })", kLine, true},
      {R"({ $.code = 4* })", kLine, true},
      {R"({ $.code != 404 })", kLine, false},
      {R"({ $.level > 3 })", kLine, false},
      {R"({ $.ok IS FALSE })", kLine, true},
      {R"({ $.ok IS TRUE })", kLine, false},
      {R"({ $.none IS NULL })", kLine, true},
      {R"({ $.level IS NULL })", kLine, false},
      {R"({ $.missing IS NULL })", kLine, false},
      {R"({ $.missing NOT EXISTS })", kLine, true},
      {R"({ $.none NOT EXISTS })", kLine, false},
      {R"({ $.missing != "x" })", kLine, false},
      {R"({ $.user.id = "u-1" })", kLine, true},
      {R"({ $.user.roles[1] = "b" })", kLine, true},
      {R"({ $.user.roles[2] = "b" })", kLine, false},
      {R"({ $.n[0].x = 1 })", kLine, true},
      {R"({ $.user = "*" })", kLine, false},
      {R"({ $.level = "x" || $.ms = 12.5 && $.code = 404 })", kLine, true},
      {R"({ ($.level = "x" || $.ms = 12.5) && ($.code = 500) })", kLine, false},
      {R"({ $.level = "error" })", "not json", false},
      {R"({ $.level = "error" })", R"({"level":"error")", false},
  };
  check(kCases);
}

// Fields parted by spaces; quotes and brackets keep one together; "..." skips some.
TEST(FilterPattern, Fields) {
  constexpr std::string_view kLine =
      R"(127.0.0.1 Prod frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534)";
  constexpr Case kCases[] = {
      {"[ip, user, username, timestamp, request, status_code, bytes]", kLine, true},
      {"[ip, user, username]", kLine, false},
      {"[ip, user, username, timestamp, request =*.html*, status_code = 4*, bytes]", kLine, true},
      {"[ip, user, username, timestamp, request, status_code = 404 || status_code = 410, bytes]", kLine, true},
      {"[..., status_code = 4*, bytes > 1000]", kLine, true},
      {"[..., status_code != 4*, bytes]", kLine, false},
      {"[ip = %^127\\.0\\.%, ...]", kLine, true},
      {"[ip, ..., bytes >= 1534 && bytes <= 1534]", kLine, true},
      {"[w1 = ERROR, w2]", "ERROR here", true},
      {"[w1 != ERROR && w1 != WARN, w2]", "INFO here", true},
      {"[w1 = \"GET /index.html HTTP/1.0\"]", "\"GET /index.html HTTP/1.0\"", true},
      {"[a, b]", "\"unclosed", false},
  };
  check(kCases);
}

// What AWS refuses is refused, in its words.
TEST(FilterPattern, Refused) {
  constexpr std::string_view kInvalid[] = {
      "{ }",           "{ $.a }",       "{ $.a = }",       "{ $.a = 1",
      "{ $.a = 1 } x", "{ a = 1 }",     "{ $.a > \"x\" }", "{ $. = 1 }",
      "{ $.a IS }",    "{ $.a NOT 1 }", "{ ($.a = 1 }",    "[",
      "[a, b",         "[a = ]",        "[..., x, ...]",   "[a = 1 && b = 2]",
      "\"unclosed",    "%unclosed",     "%(a)%",           "{ $.a[x] = 1 }",
      "%a% %b% %c%",   "{ $.a & $.b }",
  };
  for (const std::string_view text : kInvalid) {
    const Result<Pattern> pattern = Pattern::parse(text);
    ASSERT_FALSE(pattern) << text;
    EXPECT_EQ(pattern.error().code, "InvalidParameterException");
    EXPECT_EQ(pattern.error().message, "Invalid filter pattern") << text;
  }
  EXPECT_EQ(Pattern::parse("RequestId:").error().message, "Invalid character(s) in term 'RequestId:'");
  EXPECT_FALSE(Pattern::parse("{" + std::string(1000, '(')));
}

}  // namespace
}  // namespace localcloud::logs::filter
