// aws-chunked bodies: signed, with trailers, unsigned, and hostile.

#include "localcloud/wire/chunked.hpp"

#include <gtest/gtest.h>

#include "aws/crypto.hpp"

namespace localcloud::wire {
namespace {

// The request of AWS's documentation, as far as chunks go on from it.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
Verified documented_request(Payload payload) {
  const aws::Scope scope{.date = "20130524", .region = "us-east-1", .service = "s3"};
  return {.scope = scope,
          .payload = payload,
          .amz_date = "20130524T000000Z",
          .signature = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
          .signing_key = aws::signing_key("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", scope)};
}

std::string documented_body() {
  return "10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n" +
         std::string(65536, 'a') +
         "\r\n400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n" +
         std::string(1024, 'a') +
         "\r\n0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n";
}

struct Outcome {
  std::string code, body;
  aws::Headers trailers;
};

Outcome decode(const Verified& verified, std::string_view wire, std::size_t step,
               ChunkedDecoder::Expected expected = {}) {
  ChunkedDecoder decoder(verified, std::move(expected));
  Outcome outcome;
  const auto take = [&](std::string_view bytes) { outcome.body += bytes; };
  for (; !wire.empty(); wire.remove_prefix(std::min(step, wire.size()))) {
    if (const auto fed = decoder.feed(wire.substr(0, step), take); !fed) {
      outcome.code = fed.error().code;
      return outcome;
    }
  }
  const auto finished = decoder.finish();
  if (!finished) outcome.code = finished.error().code;
  outcome.trailers = decoder.trailers();
  return outcome;
}

// The documented body decodes, however it is cut up on the wire; a flipped byte or signature doesn't.
TEST(Chunked, Signed) {
  const Verified verified = documented_request(Payload::streaming_signed);
  for (const std::size_t step : {std::size_t{1}, std::size_t{1000}, std::size_t{1} << 20U}) {
    const Outcome outcome = decode(verified, documented_body(), step, {.decoded_length = 66560});
    EXPECT_EQ(outcome.code, "");
    EXPECT_EQ(outcome.body, std::string(66560, 'a'));
  }
  std::string spoilt = documented_body();
  spoilt[200] = 'b';
  EXPECT_EQ(decode(verified, spoilt, 4096).code, "SignatureDoesNotMatch");
  spoilt = documented_body();
  spoilt[spoilt.size() - 5] = '0';
  EXPECT_EQ(decode(verified, spoilt, 4096).code, "SignatureDoesNotMatch");
}

// A body that ends early, or isn't as long as was said, isn't whole.
TEST(Chunked, Lengths) {
  const Verified verified = documented_request(Payload::streaming_signed);
  const std::string body = documented_body();
  EXPECT_EQ(decode(verified, body.substr(0, body.size() - 2), 4096).code, "IncompleteBody");
  EXPECT_EQ(decode(verified, body.substr(0, 70'000 - 4000), 4096).code, "IncompleteBody");
  EXPECT_EQ(decode(verified, body, 4096, {.decoded_length = 66559}).code, "IncompleteBody");
  EXPECT_EQ(decode(verified, body, 4096, {.decoded_length = 66561}).code, "IncompleteBody");
  EXPECT_EQ(decode(verified, body + "x", 4096).code, "IncompleteBody");
}

// A trailer carries the checksum: unsigned, or signed as the last link of the chain.
TEST(Chunked, Trailers) {
  const std::string unsigned_body = "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n";
  const Verified plain = documented_request(Payload::streaming_unsigned_trailer);
  const ChunkedDecoder::Expected expected{.decoded_length = 5, .trailer_names = {"x-amz-checksum-crc32"}};
  const Outcome outcome = decode(plain, unsigned_body, 3, expected);
  EXPECT_EQ(outcome.code, "");
  EXPECT_EQ(outcome.body, "hello");
  EXPECT_EQ(outcome.trailers, (aws::Headers{{"x-amz-checksum-crc32", "NhCmhg=="}}));
  EXPECT_EQ(decode(plain, unsigned_body, 3).code, "MalformedTrailerError");  // it wasn't announced
  EXPECT_EQ(decode(plain, "5\r\nhello\r\n0\r\n\r\n", 3, expected).code, "MalformedTrailerError");

  const Verified verified = documented_request(Payload::streaming_signed_trailer);
  aws::ChunkSigner signer = verified.chunk_signer();
  std::string body = "5;chunk-signature=" + signer.chunk(aws::sha256_hex("hello")) + "\r\nhello\r\n";
  body += "0;chunk-signature=" + signer.chunk(aws::kEmptySha256) + "\r\nx-amz-checksum-crc32:NhCmhg==\r\n";
  const std::string right = signer.trailer(aws::sha256_hex("x-amz-checksum-crc32:NhCmhg==\n"));
  EXPECT_EQ(decode(verified, body + "x-amz-trailer-signature:" + right + "\r\n\r\n", 7, expected).code, "");
  EXPECT_EQ(decode(verified, body + "x-amz-trailer-signature:" + std::string(64, '0') + "\r\n\r\n", 7, expected).code,
            "SignatureDoesNotMatch");
  EXPECT_NE(decode(verified, body + "\r\n\r\n", 7, expected).code, "");
}

// Nothing that a stranger sends costs memory or confuses sizes.
TEST(Chunked, Hostile) {
  const Verified plain = documented_request(Payload::streaming_unsigned_trailer);
  for (const std::string& body :
       {std::string("g\r\n"), std::string("-1\r\n"), std::string("\r\n"), std::string("11111111111111111\r\n"),
        std::string(5000, '0'), std::string("5\r\nhelloo\r\n"), std::string("5 \r\nhello\r\n"),
        std::string("0x5\r\nhello\r\n")}) {
    EXPECT_EQ(decode(plain, body, 4096).code, "IncompleteBody") << body.substr(0, 20);
  }
  EXPECT_EQ(decode(plain, "ffffffffffffffff\r\nx", 4096, {.decoded_length = 10}).code, "IncompleteBody");
  std::string trailers = "0\r\n";
  for (int i = 0; i < 100; ++i) trailers += "x-amz-checksum-crc32:NhCmhg==\r\n";
  EXPECT_EQ(decode(plain, trailers, 4096, {.trailer_names = {"x-amz-checksum-crc32"}}).code, "MalformedTrailerError");
  EXPECT_EQ(decode(plain, "1\r\na\r\n1\r\nb\r\n0\r\n\r\n", 4096).code, "InvalidChunkSizeError");
}

}  // namespace
}  // namespace localcloud::wire
