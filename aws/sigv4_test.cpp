// Signature Version 4 against AWS's own suite, and the rules that the suite doesn't reach.

#include "aws/sigv4.hpp"

#include <gtest/gtest.h>

#include "aws/crypto.hpp"
#include "aws/dates.hpp"
#include "aws/sigv4_suite.hpp"

namespace aws {
namespace {

using namespace sigv4_suite;

std::string value_of(const Headers& headers, std::string_view name) {
  for (const auto& [each, value] : headers) {
    if (each == name) return value;
  }
  return {};
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

// Signing by header gives the suite's canonical request, string to sign, signature and Authorization, byte for byte.
TEST(Sigv4Suite, SignsHeaders) {
  const auto cases = suite_cases();
  if (cases.empty()) GTEST_SKIP() << "no signing suite at " << suite_folder();
  for (const auto& folder : cases) {
    SCOPED_TRACE(folder.filename().string());
    Case it = load_case(folder);
    if (*it.context.get_bool("sign_body")) it.signing.options.payload_header = SigningOptions::PayloadHeader::present;
    SigningKeys keys;
    const Headers added = sign(it.to_sign(), it.credentials, it.signing, keys);
    const std::string authorization = value_of(added, "Authorization");
    const Request expected = parse_request(read(folder / "header-signed-request.txt"));
    EXPECT_EQ(authorization, value_of(expected.headers, "Authorization"));
    EXPECT_TRUE(authorization.ends_with("Signature=" + read(folder / "header-signature.txt")));

    // The steps, over the headers that were sent.
    RequestToSign sent = it.to_sign();
    sent.headers = expected.headers;
    const auto names_at = authorization.find("SignedHeaders=") + 14;
    const auto names =
        split(std::string_view(authorization).substr(names_at, authorization.find(',', names_at) - names_at), ';');
    const std::string canonical = canonical_request(sent, names, it.signing.options.path_rule);
    EXPECT_EQ(canonical, read(folder / "header-canonical-request.txt"));
    const Scope scope{.date = "20150830", .region = it.signing.region, .service = it.signing.service};
    EXPECT_EQ(string_to_sign(format_basic(it.signing.time), scope, canonical),
              read(folder / "header-string-to-sign.txt"));
  }
}

// Presigning gives the suite's query and signature.
TEST(Sigv4Suite, SignsQueries) {
  const auto cases = suite_cases();
  if (cases.empty()) GTEST_SKIP() << "no signing suite at " << suite_folder();
  for (const auto& folder : cases) {
    SCOPED_TRACE(folder.filename().string());
    const Case it = load_case(folder);
    SigningKeys keys;
    const auto expires_s = *it.context.get_int64("expiration_in_seconds");
    const std::string query = presign(it.to_sign(), it.credentials, it.signing, expires_s, keys);
    EXPECT_EQ(query, parse_request(read(folder / "query-signed-request.txt")).query);
    EXPECT_TRUE(query.ends_with("X-Amz-Signature=" + read(folder / "query-signature.txt")));
  }
}

// S3's keys are signed as they are: dots, slashes and encoded slashes stay, encoding happens once, whatever its case
// on the wire. Other services resolve and encode twice.
TEST(Sigv4, PathRules) {
  EXPECT_EQ(canonical_path("/bucket/a//b/../c%20d", PathRule::s3), "/bucket/a//b/../c%20d");
  EXPECT_EQ(canonical_path("/bucket/%e1%88%b4+(x)", PathRule::s3), "/bucket/%E1%88%B4%2B%28x%29");
  EXPECT_EQ(canonical_path("/functions/arn%3Aaws", PathRule::normalized), "/functions/arn%253Aaws");
  EXPECT_EQ(canonical_path("/a/./b/../../../c/", PathRule::normalized), "/c/");
  EXPECT_EQ(canonical_path("/a/b/..", PathRule::normalized), "/a/");
  EXPECT_EQ(canonical_path("", PathRule::s3), "/");
  EXPECT_EQ(canonical_path("/%zz%", PathRule::s3), "/%25zz%25");
}

// Names without a value, repeated names, '+' for a space, and the signature itself.
TEST(Sigv4, QueryRules) {
  EXPECT_EQ(canonical_query("uploads"), "uploads=");
  EXPECT_EQ(canonical_query("b=2&a=2&a=1&&a"), "a=&a=1&a=2&b=2");
  EXPECT_EQ(canonical_query("q=a+b&r=a%2Bb&s=%7e"), "q=a%20b&r=a%2Bb&s=~");
  EXPECT_EQ(canonical_query("a=x=y&X-Amz-Signature=00"), "a=x%3Dy");
}

// The example of AWS's documentation of chunked uploads: each chunk's signature, from the one before.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
TEST(Sigv4, ChunkSignatures) {
  const Scope scope{.date = "20130524", .region = "us-east-1", .service = "s3"};
  ChunkSigner signer(signing_key("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", scope), "20130524T000000Z", scope,
                     "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9");
  EXPECT_EQ(signer.chunk(sha256_hex(std::string(65536, 'a'))),
            "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648");
  EXPECT_EQ(signer.chunk(sha256_hex(std::string(1024, 'a'))),
            "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497");
  EXPECT_EQ(signer.chunk(kEmptySha256), "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9");
}

// A remembered key isn't used for another secret under the same id.
TEST(Sigv4, KeysFollowTheSecret) {
  SigningKeys keys;
  const Scope scope{.date = "20130524", .region = "us-east-1", .service = "s3"};
  const std::string first = keys.get("AKID", "one", scope);
  EXPECT_EQ(keys.get("AKID", "one", scope), first);
  EXPECT_EQ(keys.get("AKID", "two", scope), signing_key("two", scope));
  keys.forget("AKID");
  EXPECT_EQ(keys.get("AKID", "one", scope), first);
}

}  // namespace
}  // namespace aws
