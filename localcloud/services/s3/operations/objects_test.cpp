// Objects from the signed request to the disk and back.

#include "aws/checksums.hpp"
#include "base/text.hpp"
#include "localcloud/services/s3/desk_for_tests.hpp"

namespace localcloud::s3 {
namespace {

class ObjectsTest : public DeskTest {
 protected:
  void SetUp() override {
    DeskTest::SetUp();
    ASSERT_EQ(outcome({"PUT", "/bucket"}), "200");
  }
};

std::string some_bytes(std::size_t length) {
  std::string bytes(length, '\0');
  base::SeededIds(3).fill(std::as_writable_bytes(std::span(bytes)));
  return bytes;
}

std::string crc32_of(std::string_view body) {
  return base::to_base64(aws::big_endian(aws::crc32(0, body)));
}

// aws-chunked without signatures, with the checksum after the body, as current SDKs send it over TLS.
TestRequest with_trailer(const std::string& body, const std::string& checksum) {
  const std::size_t first = body.size() > 20'000 ? 9'000 : 0;  // only the last chunk may be small
  const auto chunk = [](const std::string& bytes) {
    char size[20];
    std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
    return size + bytes + "\r\n";
  };
  return {.method = "PUT",
          .target = "/bucket/key",
          .headers = {{"Content-Encoding", "gzip, aws-chunked"},
                      {"x-amz-decoded-content-length", std::to_string(body.size())},
                      {"x-amz-trailer", "x-amz-checksum-crc32"},
                      {"x-amz-sdk-checksum-algorithm", "CRC32"}},
          .body = (first ? chunk(body.substr(0, first)) : "") + chunk(body.substr(first)) +
                  "0\r\nx-amz-checksum-crc32:" + checksum + "\r\n\r\n",
          .payload_hash = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"};
}

// What was put is got, byte for byte, around the size from which bodies are files; no body is left behind.
TEST_F(ObjectsTest, bodies_of_all_sizes) {
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, std::size_t{65'536}, std::size_t{65'537}, std::size_t{1'000'000}}) {
    const std::string body = some_bytes(size);
    auto reply = send({"PUT", "/bucket/a%20b/%C3%BC", {{"x-amz-meta-who", "me"}}, body});
    ASSERT_EQ(reply.status, 200);
    EXPECT_EQ(wire::http::find_header(reply.headers, "etag"), '"' + base::to_hex(aws::md5(body)) + '"');
    EXPECT_EQ(files(), size > 65'536 ? 1u : 0u);
    auto got = send({"GET", "/bucket/a%20b/%C3%BC"});
    EXPECT_EQ(got.content_length, size);
    EXPECT_EQ(wire::http::find_header(got.headers, "x-amz-meta-who"), "me");
    EXPECT_EQ(text_of(got), body);
  }
  EXPECT_EQ(outcome({"DELETE", "/bucket/a%20b/%C3%BC"}), "204");
  EXPECT_EQ(outcome({"DELETE", "/bucket/a%20b/%C3%BC"}), "204");
  EXPECT_EQ(files(), 0u);
}

// A body must be what was claimed of it, whoever claims it: signature, Content-MD5, checksum before or after. If it
// isn't, nothing is stored.
TEST_F(ObjectsTest, a_body_that_is_not_what_was_claimed_is_not_stored) {
  for (const std::string& body : {std::string("hello"), some_bytes(100'000)}) {
    const std::string wrong_md5 = base::to_base64(aws::md5("other"));
    EXPECT_EQ(outcome({"PUT", "/bucket/key", {{"Content-MD5", wrong_md5}}, body}), "400 BadDigest");
    EXPECT_EQ(outcome({"PUT", "/bucket/key", {{"Content-MD5", "?"}}, body}), "400 InvalidDigest");
    EXPECT_EQ(outcome({"PUT", "/bucket/key", {{"x-amz-checksum-crc32", crc32_of("other")}}, body}), "400 BadDigest");
    EXPECT_EQ(outcome({"PUT", "/bucket/key", {{"x-amz-checksum-crc32", "AAAA"}}, body}), "400 InvalidRequest");
    TestRequest other_hash{"PUT", "/bucket/key", {}, body};
    other_hash.payload_hash = aws::sha256_hex("other");
    EXPECT_EQ(outcome(other_hash), "400 XAmzContentSHA256Mismatch");
    EXPECT_EQ(outcome(with_trailer(body, crc32_of("other"))), "400 BadDigest");
    PiecesBody broken({body});
    broken.breaks_off = true;
    EXPECT_EQ(outcome_of(send({"PUT", "/bucket/key", {}, body}, broken)), "400 IncompleteBody");
    EXPECT_EQ(outcome({"GET", "/bucket/key"}), "404 NoSuchKey");
    EXPECT_EQ(files(), 0u);
  }
}

// An aws-chunked body is stored without its framing, and "aws-chunked" is no part of its encoding.
TEST_F(ObjectsTest, aws_chunked_with_a_trailer) {
  for (const std::string& body : {std::string("hello"), some_bytes(200'001)}) {
    auto reply = send(with_trailer(body, crc32_of(body)));
    ASSERT_EQ(reply.status, 200) << reply.body;
    EXPECT_EQ(wire::http::find_header(reply.headers, "x-amz-checksum-crc32"), crc32_of(body));
    auto got = send({"GET", "/bucket/key", {{"x-amz-checksum-mode", "ENABLED"}}});
    EXPECT_EQ(wire::http::find_header(got.headers, "content-encoding"), "gzip");
    EXPECT_EQ(wire::http::find_header(got.headers, "x-amz-checksum-crc32"), crc32_of(body));
    EXPECT_EQ(text_of(got), body);
  }
}

// Claims about checksums that contradict each other, or that nothing follows, are refused.
TEST_F(ObjectsTest, checksum_headers) {
  const auto put = [&](wire::http::Headers headers) {
    return outcome({"PUT", "/bucket/key", std::move(headers), "x"});
  };
  const std::string crc = crc32_of("x");
  EXPECT_EQ(put({{"x-amz-sdk-checksum-algorithm", "CRC32"}, {"x-amz-checksum-crc32", crc}}), "200");
  EXPECT_EQ(put({{"x-amz-sdk-checksum-algorithm", "CRC32"}}), "400 InvalidRequest");
  EXPECT_EQ(put({{"x-amz-sdk-checksum-algorithm", "MD4"}, {"x-amz-checksum-crc32", crc}}), "400 InvalidRequest");
  EXPECT_EQ(put({{"x-amz-sdk-checksum-algorithm", "SHA1"}, {"x-amz-checksum-crc32", crc}}), "400 InvalidRequest");
  EXPECT_EQ(put({{"x-amz-checksum-crc32c", crc}, {"x-amz-checksum-crc32", crc}}), "400 InvalidRequest");
  EXPECT_EQ(put({{"x-amz-checksum-sha512", "x"}}), "501 NotImplemented");
}

// A reader that has begun finishes, though the object is replaced and its file is gone.
TEST_F(ObjectsTest, a_reader_outlives_a_replacement) {
  const std::string body = some_bytes(500'000);
  ASSERT_EQ(outcome({"PUT", "/bucket/key", {}, body}), "200");
  auto reading = send({"GET", "/bucket/key"});
  ASSERT_EQ(outcome({"PUT", "/bucket/key", {}, "new"}), "200");
  EXPECT_EQ(files(), 0u);
  EXPECT_EQ(text_of(reading), body);
  EXPECT_EQ(get("/bucket/key"), "new");
}

// A file without a record, which is what a crash leaves, goes at the next start; recorded ones stay.
TEST_F(ObjectsTest, orphans_are_swept) {
  ASSERT_EQ(outcome({"PUT", "/bucket/key", {}, some_bytes(70'000)}), "200");
  std::filesystem::copy_file(std::filesystem::directory_iterator(folder_ + "/blobs")->path(),
                             folder_ + "/blobs/" + std::string(32, 'f'));
  EXPECT_EQ(sweep_orphans(*room_), 1u);
  EXPECT_EQ(get("/bucket/key"), some_bytes(70'000));
}

// A body that the disk has changed is answered with an error, never as if it were whole.
TEST_F(ObjectsTest, damage_is_an_error) {
  ASSERT_EQ(outcome({"PUT", "/bucket/key", {}, some_bytes(70'000)}), "200");
  const auto path = std::filesystem::directory_iterator(folder_ + "/blobs")->path();
  std::filesystem::resize_file(path, 60'000);
  EXPECT_EQ(outcome({"GET", "/bucket/key"}), "500 InternalError");
}

// The forms of 206, 304, 412 and 416.
TEST_F(ObjectsTest, ranges_and_conditions) {
  ASSERT_EQ(outcome({"PUT", "/bucket/key", {}, "0123456789"}), "200");
  const std::string etag = '"' + base::to_hex(aws::md5("0123456789")) + '"';
  auto part = send({"GET", "/bucket/key", {{"Range", "bytes=2-4"}}});
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(wire::http::find_header(part.headers, "content-range"), "bytes 2-4/10");
  EXPECT_EQ(text_of(part), "234");
  auto beyond = send({"GET", "/bucket/key", {{"Range", "bytes=10-"}}});
  EXPECT_EQ(beyond.status, 416);
  EXPECT_NE(beyond.body.find("<RangeRequested>bytes=10-</RangeRequested><ActualObjectSize>10</ActualObjectSize>"),
            std::string::npos)
      << beyond.body;
  auto unchanged = send({"GET", "/bucket/key", {{"If-None-Match", etag}}});
  EXPECT_EQ(unchanged.status, 304);
  EXPECT_EQ(unchanged.body, "");
  EXPECT_EQ(wire::http::find_header(unchanged.headers, "etag"), etag);
  EXPECT_EQ(outcome({"GET", "/bucket/key", {{"If-Match", "\"x\""}}}), "412 PreconditionFailed");
  EXPECT_EQ(outcome({"PUT", "/bucket/key", {{"If-None-Match", "*"}}, "x"}), "412 PreconditionFailed");
  EXPECT_EQ(outcome({"PUT", "/bucket/key", {{"If-Match", etag}}, "x"}), "200");
  EXPECT_EQ(outcome({"PUT", "/bucket/none", {{"If-Match", etag}}, "x"}), "404 NoSuchKey");
}

// What isn't here is refused by name and never touches the object; what nobody means passes.
TEST_F(ObjectsTest, sub_resources_never_pass_for_the_object) {
  ASSERT_EQ(outcome({"PUT", "/bucket/key", {}, "kept"}), "200");
  for (const std::string query :
       {"acl", "tagging", "retention", "legal-hold", "torrent", "uploads", "uploadId=1", "partNumber=1&uploadId=2",
        "versionId=3", "restore", "select&select-type=2", "attributes", "unheardof"}) {
    EXPECT_EQ(outcome({"PUT", "/bucket/key?" + query, {}, "overwritten"}), "501 NotImplemented") << query;
  }
  for (const std::string query : {"acl", "website", "cors", "versions", "uploads", "notification", "logging"}) {
    EXPECT_EQ(outcome({"GET", "/bucket?" + query}), "501 NotImplemented") << query;
    EXPECT_EQ(outcome({"PUT", "/bucket?" + query}), "501 NotImplemented") << query;
  }
  EXPECT_EQ(outcome({"PUT", "/bucket/key", {{"x-amz-copy-source", "/bucket/other"}}}), "501 NotImplemented");
  EXPECT_EQ(outcome({"PUT", "/bucket/key", {{"x-amz-object-lock-mode", "GOVERNANCE"}}}), "501 NotImplemented");
  EXPECT_EQ(outcome({"DELETE", "/bucket/key?versionId=abc"}), "400 InvalidArgument");
  EXPECT_EQ(outcome({"POST", "/bucket/key"}), "405 MethodNotAllowed");
  EXPECT_EQ(get("/bucket/key"), "kept");
  EXPECT_EQ(outcome({"PUT", "/bucket/key?x-id=PutObject", {}, "passed"}), "200");
  EXPECT_EQ(get("/bucket/key?x-id=GetObject&versionId=null"), "passed");
}

// A parameter of a URL can't smuggle a header into the answer.
TEST_F(ObjectsTest, overrides_hold_no_line_ends) {
  ASSERT_EQ(outcome({"PUT", "/bucket/key", {}, "x"}), "200");
  auto reply = send({"GET", "/bucket/key?response-content-type=text%2Fcsv"});
  EXPECT_EQ(wire::http::find_header(reply.headers, "content-type"), "text/csv");
  EXPECT_EQ(outcome({"GET", "/bucket/key?response-content-type=a%0D%0Ab%3A%20c"}), "400 InvalidArgument");
}

// Who may not list isn't told that a key is missing, and each key of DeleteObjects is asked for by itself.
TEST_F(ObjectsTest, access) {
  for (const std::string key : {"open", "closed"}) ASSERT_EQ(outcome({"PUT", "/bucket/" + key, {}, "x"}), "200");
  authorizer_.denied = {"s3:ListBucket arn:aws:s3:::bucket", "s3:DeleteObject arn:aws:s3:::bucket/closed"};
  EXPECT_EQ(outcome({"GET", "/bucket/none"}), "403 AccessDenied");
  EXPECT_EQ(outcome({"HEAD", "/bucket/none"}).substr(0, 3), "403");
  auto reply = send(digested({"POST",
                              "/bucket?delete",
                              {},
                              "<Delete><Object><Key>open</Key></Object><Object><Key>closed</Key></Object>"
                              "<Object><Key>none</Key></Object></Delete>"}));
  EXPECT_EQ(reply.body,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<DeleteResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Deleted><Key>open</Key></Deleted>"
            "<Deleted><Key>none</Key></Deleted><Error><Key>closed</Key><Code>AccessDenied</Code>"
            "<Message>because this test says so</Message></Error></DeleteResult>");
  EXPECT_EQ(get("/bucket/closed"), "x");
  authorizer_.denied = {"s3:PutObjectTagging arn:aws:s3:::bucket/key"};
  EXPECT_EQ(outcome({"PUT", "/bucket/key", {{"x-amz-tagging", "a=b"}}, "x"}), "403 AccessDenied");
  EXPECT_EQ(outcome({"PUT", "/bucket/key", {}, "x"}), "200");
}

// The listing's document, exactly.
TEST_F(ObjectsTest, listing) {
  for (const std::string key : {"a%26b", "raw/1", "raw/2"})
    ASSERT_EQ(outcome({"PUT", "/bucket/" + key, {}, "x"}), "200");
  EXPECT_EQ(get("/bucket?list-type=2&delimiter=%2F&max-keys=1"),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
            "<NextContinuationToken>MWEmYg==</NextContinuationToken><KeyCount>1</KeyCount><Name>bucket</Name>"
            "<Prefix></Prefix><Delimiter>/</Delimiter><MaxKeys>1</MaxKeys><IsTruncated>true</IsTruncated>"
            "<Contents><Key>a&amp;b</Key><LastModified>2026-01-01T12:00:00.000Z</LastModified>"
            "<ETag>&quot;9dd4e461268c8034f5c8564e155c67a6&quot;</ETag><ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm>"
            "<ChecksumType>FULL_OBJECT</ChecksumType><Size>1</Size><StorageClass>STANDARD</StorageClass></Contents>"
            "</ListBucketResult>");
  EXPECT_NE(get("/bucket?list-type=2&delimiter=%2F&continuation-token=MWEmYg%3D%3D")
                .find("<CommonPrefixes><Prefix>raw/</Prefix></CommonPrefixes>"),
            std::string::npos);
  EXPECT_NE(get("/bucket?encoding-type=url").find("<Key>a%26b</Key>"), std::string::npos);
  EXPECT_EQ(outcome({"GET", "/bucket?list-type=2&max-keys=x"}), "400 InvalidArgument");
  EXPECT_EQ(outcome({"GET", "/bucket?list-type=2&continuation-token=x"}), "400 InvalidArgument");
}

}  // namespace
}  // namespace localcloud::s3
