// Verifying signatures: AWS's suite, and what must be refused.

#include "localcloud/wire/verify.hpp"

#include <gtest/gtest.h>

#include "aws/sigv4_suite.hpp"

namespace localcloud::wire {
namespace {

namespace suite = aws::sigv4_suite;
using std::chrono::minutes;
using std::chrono::seconds;

// One key that lasts and one session.
class Keys final : public CredentialSource {
 public:
  std::expected<Credential, NotFound> find(std::string_view access_key_id, std::string_view token) override {
    if (access_key_id != key.access_key_id) return std::unexpected(NotFound::unknown_key);
    if (!token.empty() && token != session_token) return std::unexpected(NotFound::invalid_token);
    return key;
  }
  Credential key{.access_key_id = "AKIDEXAMPLE", .secret_access_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"};
  std::string session_token;
};

ErrorFamily family_of(const suite::Case& it) {
  return *it.context.get_bool("normalize") ? ErrorFamily::json : ErrorFamily::s3;
}

// Every signed request of the suite, header and query form, is believed; with any one change to it, it isn't.
TEST(VerifySuite, BelievesWhatIsSigned) {
  const auto cases = suite::suite_cases();
  if (cases.empty()) GTEST_SKIP() << "no signing suite at " << suite::suite_folder();
  for (const auto& folder : cases) {
    for (const char* form : {"header-signed-request.txt", "query-signed-request.txt"}) {
      SCOPED_TRACE(folder.filename().string() + " " + form);
      const suite::Case it = suite::load_case(folder);
      const suite::Request request = suite::parse_request(suite::read(folder / form));
      Keys keys;
      keys.key.secret_access_key = it.credentials.secret_access_key;
      keys.session_token = it.credentials.session_token;
      const base::ManualClock clock(it.signing.time + minutes{14});
      Verifier verifier(keys, clock);
      const auto verify = [&](const RequestHead& head) {
        return verifier.verify(head, family_of(it), it.payload_hash);
      };
      const RequestHead head{
          .method = request.method, .path = request.path, .query = request.query, .headers = request.headers};
      const auto verified = verify(head);
      ASSERT_TRUE(verified) << verified.error().message;
      EXPECT_EQ(verified->scope.region, "us-east-1");

      RequestHead changed = head;
      changed.method = "PUT";
      EXPECT_FALSE(verify(changed));
      const std::string path = request.path + "x";
      changed = head;
      changed.path = path;
      EXPECT_FALSE(verify(changed));
      const std::string query = request.query + "&x=y";
      changed = head;
      changed.query = query;
      EXPECT_FALSE(verify(changed));
      EXPECT_FALSE(verifier.verify(head, family_of(it), aws::sha256_hex("another body")));
      for (std::size_t i = 0; i < request.headers.size(); ++i) {
        if (request.headers[i].first == "X-Amz-Security-Token") continue;
        aws::Headers headers = request.headers;
        headers[i].second.append("x");
        EXPECT_FALSE(
            verify({.method = request.method, .path = request.path, .query = request.query, .headers = headers}));
      }
    }
  }
}

// A request that is signed here and now, to be spoilt by each case.
struct Signed {
  std::string method = "GET", path = "/bucket/key", query, service = "s3";
  aws::Headers headers = {{"Host", "localhost:4566"}};
  aws::Credentials credentials = {"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", ""};
  std::string payload_hash = std::string(aws::kEmptySha256);
  base::Time time = base::from_unix_s(1'750'000'000);

  aws::RequestToSign to_sign() const {
    return {.method = method, .path = path, .query = query, .headers = headers, .payload_hash = payload_hash};
  }
  aws::SigningContext context() const {
    return {.region = "eu-west-1", .service = service, .time = time, .options = aws::signing_options_for(service)};
  }
  void sign() {
    aws::SigningKeys keys;
    const aws::Headers added = aws::sign(to_sign(), credentials, context(), keys);
    headers.insert(headers.end(), added.begin(), added.end());
  }
  void presign(std::int64_t expires_s) {
    aws::SigningKeys keys;
    payload_hash = aws::kUnsignedPayload;
    query = aws::presign(to_sign(), credentials, context(), expires_s, keys);
  }
  std::string& header(std::string_view name) { return std::ranges::find(headers, name, &aws::Header::first)->second; }
  RequestHead head() const { return {.method = method, .path = path, .query = query, .headers = headers}; }
};

class Verify : public ::testing::Test {
 protected:
  Result<Verified> verify(const Signed& it, ErrorFamily family) {
    const bool is_s3 = family == ErrorFamily::s3;
    return verifier_.verify(it.head(), family, is_s3 ? std::nullopt : std::optional<std::string_view>(it.payload_hash));
  }
  std::string code(const Signed& it, ErrorFamily family) {
    const auto verified = verify(it, family);
    return verified ? "" : verified.error().code;
  }
  std::string message(const Signed& it, ErrorFamily family) {
    const auto verified = verify(it, family);
    return verified ? "" : verified.error().message;
  }

  Keys keys_;
  base::ManualClock clock_{base::from_unix_s(1'750'000'000)};
  Verifier verifier_{keys_, clock_};
};

// A good request says whose it is, for which region, and what its body must be.
TEST_F(Verify, Good) {
  Signed it;
  it.sign();
  const auto verified = verify(it, ErrorFamily::s3);
  ASSERT_TRUE(verified);
  EXPECT_EQ(verified->scope.text(), "20250615/eu-west-1/s3/aws4_request");
  EXPECT_EQ(claimed_scope(it.head())->region, "eu-west-1");
  EXPECT_EQ(verified->payload, Payload::sha256);
  EXPECT_TRUE(check_payload(*verified, aws::kEmptySha256));
  EXPECT_EQ(check_payload(*verified, aws::sha256_hex("x")).error().code, "XAmzContentSHA256Mismatch");
}

// Each protocol family has its own code for a request without a signature, with an unknown key, a wrong secret, an
// expired session and a signature that lacks parts.
TEST_F(Verify, CodesPerFamily) {
  struct Codes {
    ErrorFamily family;
    const char *missing, *unknown, *wrong, *expired, *incomplete;
  };
  for (const Codes& codes :
       {Codes{ErrorFamily::s3, "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken",
              "AuthorizationHeaderMalformed"},
        Codes{ErrorFamily::json, "MissingAuthenticationTokenException", "UnrecognizedClientException",
              "InvalidSignatureException", "ExpiredTokenException", "IncompleteSignatureException"},
        Codes{ErrorFamily::rest_json, "MissingAuthenticationTokenException", "UnrecognizedClientException",
              "InvalidSignatureException", "ExpiredTokenException", "IncompleteSignatureException"},
        Codes{ErrorFamily::query, "MissingAuthenticationToken", "InvalidClientTokenId", "SignatureDoesNotMatch",
              "ExpiredToken", "IncompleteSignature"}}) {
    EXPECT_EQ(code(Signed{}, codes.family), codes.missing);
    Signed unknown;
    unknown.credentials.access_key_id = "AKIDNOBODY";
    unknown.sign();
    EXPECT_EQ(code(unknown, codes.family), codes.unknown);
    Signed wrong;
    wrong.credentials.secret_access_key = "guess";
    wrong.sign();
    EXPECT_EQ(code(wrong, codes.family), codes.wrong);
    Signed good;
    good.sign();
    keys_.key.expires = clock_.now() - seconds{1};
    EXPECT_EQ(code(good, codes.family), codes.expired);
    keys_.key.expires.reset();
    Signed incomplete;
    incomplete.sign();
    incomplete.header("Authorization") = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20250615/eu-west-1/s3/aws4_request";
    EXPECT_EQ(code(incomplete, codes.family), codes.incomplete);
  }
}

// A quarter of an hour either way is believed, a second more is not.
TEST_F(Verify, ClockSkew) {
  Signed it;
  it.sign();
  for (const auto away : {minutes{15}, -minutes{15}}) {
    clock_.set(it.time + away);
    EXPECT_TRUE(verify(it, ErrorFamily::s3));
  }
  clock_.set(it.time + minutes{15} + seconds{1});
  EXPECT_EQ(code(it, ErrorFamily::s3), "RequestTimeTooSkewed");
  EXPECT_EQ(message(it, ErrorFamily::json),
            "Signature expired: 20250615T150640Z is now earlier than 20250615T150641Z (20250615T152141Z - 15 min.)");
  clock_.set(it.time - minutes{15} - seconds{1});
  EXPECT_EQ(
      message(it, ErrorFamily::query),
      "Signature not yet current: 20250615T150640Z is still later than 20250615T150639Z (20250615T145139Z + 15 min.)");
}

// A presigned query is good until it expires; a week is the longest; a changed query isn't believed.
TEST_F(Verify, Presigned) {
  Signed it;
  it.presign(3600);
  clock_.set(it.time + seconds{3600});
  const auto verified = verify(it, ErrorFamily::s3);
  ASSERT_TRUE(verified) << verified.error().message;
  EXPECT_EQ(verified->payload, Payload::unsigned_payload);
  clock_.set(it.time + seconds{3601});
  EXPECT_EQ(message(it, ErrorFamily::s3), "Request has expired");
  clock_.set(it.time - minutes{16});
  EXPECT_EQ(message(it, ErrorFamily::s3), "Request is not valid yet");
  clock_.set(it.time);
  Signed longer = it;
  longer.query.replace(longer.query.find("Expires=3600"), 12, "Expires=7200");
  EXPECT_EQ(code(longer, ErrorFamily::s3), "SignatureDoesNotMatch");
  Signed too_long;
  too_long.presign(604'801);
  EXPECT_EQ(message(too_long, ErrorFamily::s3), "X-Amz-Expires must be less than a week (in seconds) that is 604800");
  Signed bare = it;
  bare.query = "X-Amz-Algorithm=AWS4-HMAC-SHA256";
  EXPECT_EQ(code(bare, ErrorFamily::s3), "AuthorizationQueryParametersError");
  Signed both = it;
  both.sign();
  EXPECT_EQ(code(both, ErrorFamily::s3), "InvalidArgument");
}

// The host and what begins with x-amz- must be signed.
TEST_F(Verify, UnsignedHeaders) {
  Signed added;
  added.sign();
  added.headers.emplace_back("X-Amz-Acl", "public-read");
  EXPECT_EQ(message(added, ErrorFamily::s3), "There were headers present in the request which were not signed");
  EXPECT_EQ(code(added, ErrorFamily::json), "InvalidSignatureException");
  Signed hostless;
  hostless.headers = {{"Accept", "text/plain"}};
  hostless.sign();
  hostless.headers.emplace_back("Host", "localhost");
  EXPECT_EQ(message(hostless, ErrorFamily::query),
            "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  EXPECT_EQ(code(hostless, ErrorFamily::s3), "AccessDenied");
}

// A scope that is malformed, of another day or of no region.
TEST_F(Verify, Scope) {
  const auto with = [](std::string_view from, std::string_view to) {
    Signed it;
    it.sign();
    std::string& text = it.header("Authorization");
    text.replace(text.find(from), from.size(), to);
    return it;
  };
  EXPECT_EQ(message(with("20250615/", "20250614/"), ErrorFamily::json),
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20250614' != "
            "'20250615', from '20250615T150640Z'.");
  EXPECT_EQ(message(with("/s3/aws4_request", "/s3/aws5_request"), ErrorFamily::json),
            "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5_request'.");
  EXPECT_EQ(code(with("AKIDEXAMPLE/20250615/eu-west-1/s3", "AKIDEXAMPLE"), ErrorFamily::s3),
            "AuthorizationHeaderMalformed");
  EXPECT_EQ(message(with("/eu-west-1/", "/EU WEST/"), ErrorFamily::query),
            "Credential should be scoped to a valid region. ");
}

// A signature for one service opens no other's door.
TEST_F(Verify, Service) {
  Signed it;
  it.sign();
  EXPECT_TRUE(verifier_.verify(it.head(), ErrorFamily::s3, std::nullopt, "s3"));
  EXPECT_EQ(verifier_.verify(it.head(), ErrorFamily::json, it.payload_hash, "dynamodb").error().message,
            "Credential should be scoped to correct service: 'dynamodb'. ");
}

// S3 wants to know the body's hash; other services' requests carry their body's in the signature.
TEST_F(Verify, PayloadHeader) {
  Signed it;
  it.service = "dynamodb";  // signs without the header
  it.sign();
  EXPECT_EQ(message(it, ErrorFamily::s3), "Missing required header for this request: x-amz-content-sha256");
  EXPECT_EQ(code(it, ErrorFamily::json), "");
  Signed odd;
  odd.payload_hash = "ABC";
  odd.sign();
  EXPECT_EQ(code(odd, ErrorFamily::s3), "InvalidArgument");
}

// Version 2 and other schemes are named for what they are.
TEST_F(Verify, OtherSchemes) {
  Signed it;
  it.headers.emplace_back("Authorization", "AWS AKIDEXAMPLE:signature");
  EXPECT_EQ(code(it, ErrorFamily::s3), "InvalidRequest");
  it.header("Authorization") = "Bearer token";
  EXPECT_EQ(message(it, ErrorFamily::s3), "Unsupported Authorization Type");
  EXPECT_EQ(code(it, ErrorFamily::json), "IncompleteSignatureException");
}

}  // namespace
}  // namespace localcloud::wire
