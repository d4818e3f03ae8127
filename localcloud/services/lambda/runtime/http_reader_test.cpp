// Requests whole and in pieces, and bytes that are none.

#include "localcloud/services/lambda/runtime/http_reader.hpp"

#include <gtest/gtest.h>

namespace localcloud::lambda {
namespace {

// However the bytes are cut, the same requests come out.
TEST(HttpReader, reads_requests_in_pieces) {
  const std::string bytes =
      "GET /2018-06-01/runtime/invocation/next?x=1 HTTP/1.1\r\nHost: x\r\n\r\n"
      "POST /a HTTP/1.1\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"
      "POST /b HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;e=1\r\nde\r\n0\r\nX-Trailer: t\r\n\r\n";
  for (std::size_t step = 1; step <= bytes.size(); ++step) {
    HttpReader reader(100);
    std::vector<RuntimeRequest> requests;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
      reader.feed(std::string_view(bytes).substr(at, step));
      while (auto request = reader.next()) requests.push_back(*std::move(request));
    }
    ASSERT_EQ(requests.size(), 3u) << step;
    EXPECT_EQ(requests[0].path, "/2018-06-01/runtime/invocation/next");
    EXPECT_TRUE(requests[0].keep_alive);
    EXPECT_EQ(requests[1].body, "hello");
    EXPECT_FALSE(requests[1].keep_alive);
    EXPECT_EQ(requests[2].body, "abcde");
    EXPECT_EQ(requests[2].header("x-trailer"), "t");
  }
}

// A body over the limit is read over and marked; what comes behind it is still understood.
TEST(HttpReader, drops_what_is_too_large) {
  for (const std::string body : {"Content-Length: 20\r\n\r\n01234567890123456789",
                                 "Transfer-Encoding: chunked\r\n\r\n14\r\n01234567890123456789\r\n0\r\n\r\n"}) {
    HttpReader reader(10);
    reader.feed("POST /a HTTP/1.1\r\n" + body + "GET /b HTTP/1.1\r\n\r\n");
    const auto first = reader.next();
    ASSERT_TRUE(first) << body;
    EXPECT_TRUE(first->too_large);
    EXPECT_EQ(first->body, "");
    const auto second = reader.next();
    ASSERT_TRUE(second) << body;
    EXPECT_EQ(second->path, "/b");
    EXPECT_FALSE(second->too_large);
  }
}

// What is not HTTP ends the connection.
TEST(HttpReader, fails_on_what_is_not_http) {
  for (const std::string bytes :
       {"nonsense\r\n\r\n", "GET /\r\n\r\n", "GET / SSH/2\r\n\r\n", "GET / HTTP/1.1\r\nno colon\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", "POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n"}) {
    HttpReader reader(100);
    reader.feed(bytes);
    EXPECT_FALSE(reader.next()) << bytes;
    EXPECT_TRUE(reader.failed()) << bytes;
  }
  HttpReader endless(100);
  endless.feed("GET / HTTP/1.1\r\nA: " + std::string(70'000, 'a'));
  EXPECT_FALSE(endless.next());
  EXPECT_TRUE(endless.failed());
}

}  // namespace
}  // namespace localcloud::lambda
