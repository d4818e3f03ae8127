// Buckets and their configurations from the signed request to the store and back.

#include "localcloud/services/s3/desk_for_tests.hpp"

namespace localcloud::s3 {
namespace {

class BucketsTest : public DeskTest {};

constexpr std::string_view kDocument = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

std::string constraint(const std::string& region) {
  return "<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><LocationConstraint>" + region +
         "</LocationConstraint></CreateBucketConfiguration>";
}

TestRequest by(const std::string& account, TestRequest request) {
  request.account = account;
  return request;
}

TestRequest in(const std::string& region, TestRequest request) {
  request.region = region;
  return request;
}

// A name is one bucket's over all accounts and regions; us-east-1 has its own manners.
TEST_F(BucketsTest, names_are_global) {
  EXPECT_EQ(outcome({"PUT", "/bucket"}), "200");
  EXPECT_EQ(outcome({"PUT", "/bucket"}), "200");
  EXPECT_EQ(outcome(by("222222222222", {"PUT", "/bucket"})), "409 BucketAlreadyExists");
  EXPECT_EQ(outcome(in("eu-west-1", {"PUT", "/bucket", {}, constraint("eu-west-1")})), "409 BucketAlreadyOwnedByYou");
  EXPECT_EQ(outcome(in("eu-west-1", {"PUT", "/other", {}, constraint("eu-west-1")})), "200");
  EXPECT_EQ(outcome(in("eu-west-1", {"PUT", "/other", {}, constraint("eu-west-1")})), "409 BucketAlreadyOwnedByYou");
  EXPECT_EQ(outcome({"PUT", "/Not_a_name"}), "400 InvalidBucketName");
}

// us-east-1 must not be named, every other region must be, and no other than the request's own.
TEST_F(BucketsTest, locations) {
  EXPECT_EQ(outcome({"PUT", "/bucket", {}, constraint("us-east-1")}), "400 InvalidLocationConstraint");
  EXPECT_EQ(outcome({"PUT", "/bucket", {}, constraint("eu-west-1")}), "400 IllegalLocationConstraintException");
  EXPECT_EQ(outcome(in("eu-west-1", {"PUT", "/bucket"})), "400 IllegalLocationConstraintException");
  EXPECT_EQ(outcome({"PUT", "/bucket", {}, "<CreateBucketConfiguration><Loc"}), "400 MalformedXML");
  ASSERT_EQ(outcome({"PUT", "/bucket"}), "200");
  ASSERT_EQ(outcome(in("eu-west-1", {"PUT", "/eu-bucket", {}, constraint("eu-west-1")})), "200");
  const std::string root =
      std::string(kDocument) + "<LocationConstraint xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">";
  EXPECT_EQ(get("/bucket?location"), root + "</LocationConstraint>");
  EXPECT_EQ(get("/eu-bucket?location"), root + "eu-west-1</LocationConstraint>");
  EXPECT_EQ(outcome({"GET", "/eu-bucket"}), "400 AuthorizationHeaderMalformed");
}

// A bucket goes only when it is empty, and its name and its configurations with it.
TEST_F(BucketsTest, deletion) {
  ASSERT_EQ(outcome({"PUT", "/bucket"}), "200");
  ASSERT_EQ(outcome({"PUT", "/bucket/key", {}, "x"}), "200");
  const std::string tagging = "<Tagging><TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tagging>";
  ASSERT_EQ(outcome(digested({"PUT", "/bucket?tagging", {}, tagging})), "204");
  EXPECT_EQ(outcome({"DELETE", "/bucket"}), "409 BucketNotEmpty");
  EXPECT_EQ(outcome({"DELETE", "/bucket/key"}), "204");
  EXPECT_EQ(outcome({"DELETE", "/bucket"}), "204");
  EXPECT_EQ(outcome({"HEAD", "/bucket"}).substr(0, 3), "404");
  EXPECT_EQ(outcome({"DELETE", "/bucket"}), "404 NoSuchBucket");
  EXPECT_EQ(outcome(by("222222222222", {"PUT", "/bucket"})), "200");
  EXPECT_EQ(outcome(by("222222222222", {"GET", "/bucket?tagging"})), "404 NoSuchTagSet");
}

// The bucket's owner and its policy reach IAM; another account gets in by the policy alone.
TEST_F(BucketsTest, other_accounts) {
  ASSERT_EQ(outcome({"PUT", "/bucket"}), "200");
  ASSERT_EQ(outcome({"PUT", "/bucket/key", {}, "x"}), "200");
  EXPECT_EQ(outcome(by("222222222222", {"GET", "/bucket/key"})), "403 AccessDenied");
  const std::string policy =
      R"({"Statement":{"Effect":"Allow","Principal":{"AWS":"222222222222"},"Action":"s3:*","Resource":"arn:aws:s3:::bucket/*"}})";
  ASSERT_EQ(outcome({"PUT", "/bucket?policy", {}, policy}), "204");
  EXPECT_EQ(get("/bucket?policy"), policy);
  // What IAM can't evaluate isn't kept.
  for (const std::string_view sid : {"unreadable", "nobody"}) {
    std::string refused = policy;
    refused.insert(refused.find("\"Effect\""), "\"Sid\":\"" + std::string(sid) + "\",");
    EXPECT_EQ(outcome({"PUT", "/bucket?policy", {}, refused}), "400 MalformedPolicy") << sid;
    EXPECT_EQ(get("/bucket?policy"), policy);
  }
  authorizer_.asked.clear();
  EXPECT_EQ(outcome(by("222222222222", {"GET", "/bucket/key"})), "200");
  ASSERT_EQ(authorizer_.asked.size(), 1u);
  EXPECT_EQ(authorizer_.asked[0].action, "s3:GetObject");
  EXPECT_EQ(authorizer_.asked[0].resource, "arn:aws:s3:::bucket/key");
  EXPECT_EQ(authorizer_.asked[0].resource_account, "111111111111");
  EXPECT_EQ(authorizer_.asked[0].resource_policy, policy);
  EXPECT_EQ(outcome({"GET", "/bucket?list-type=2&prefix=raw%2F&delimiter=%2F&max-keys=5"}), "200");
  const auto& context = authorizer_.asked.back().context;
  EXPECT_EQ(context.size(), 3u);
  EXPECT_EQ(context.at(0).second, (std::vector<std::string>{"raw/"}));
  EXPECT_EQ(outcome({"GET", "/bucket", {{"x-amz-expected-bucket-owner", "222222222222"}}}), "403 AccessDenied");
  // A policy that is taken back lets nobody in any more.
  EXPECT_EQ(outcome(by("222222222222", {"GET", "/bucket/key"})), "200");
  EXPECT_EQ(outcome({"DELETE", "/bucket?policy"}), "204");
  EXPECT_EQ(outcome(by("222222222222", {"GET", "/bucket/key"})), "403 AccessDenied");
}

// A public policy is refused while it is blocked, and no longer lets strangers in once they are restricted.
TEST_F(BucketsTest, public_policies) {
  ASSERT_EQ(outcome({"PUT", "/bucket"}), "200");
  ASSERT_EQ(outcome({"PUT", "/bucket/key", {}, "x"}), "200");
  const std::string policy =
      R"({"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::bucket/*"}]})";
  EXPECT_EQ(outcome({"PUT", "/bucket?policy", {}, policy}), "403 AccessDenied");
  EXPECT_EQ(outcome({"DELETE", "/bucket?publicAccessBlock"}), "204");
  EXPECT_EQ(outcome({"GET", "/bucket?publicAccessBlock"}), "404 NoSuchPublicAccessBlockConfiguration");
  EXPECT_EQ(outcome({"PUT", "/bucket?policy", {}, policy}), "204");
  EXPECT_EQ(outcome(by("222222222222", {"GET", "/bucket/key"})), "200");
  const std::string block =
      "<PublicAccessBlockConfiguration><RestrictPublicBuckets>true</RestrictPublicBuckets></"
      "PublicAccessBlockConfiguration>";
  EXPECT_EQ(outcome({"PUT", "/bucket?publicAccessBlock", {}, block}), "200");
  EXPECT_EQ(outcome(by("222222222222", {"GET", "/bucket/key"})), "403 AccessDenied");
  EXPECT_EQ(outcome({"GET", "/bucket/key"}), "200");
}

// Rules come back as they were put, and their sweep deletes what has expired and nothing else.
TEST_F(BucketsTest, lifecycle) {
  ASSERT_EQ(outcome({"PUT", "/bucket"}), "200");
  EXPECT_EQ(outcome({"GET", "/bucket?lifecycle"}), "404 NoSuchLifecycleConfiguration");
  const std::string rules =
      "<Rule><ID>raw</ID><Filter><Prefix>raw/</Prefix></Filter><Status>Enabled</Status>"
      "<Expiration><Days>2</Days></Expiration></Rule>"
      "<Rule><ID>tagged</ID><Filter><And><Prefix></Prefix><Tag><Key>k</Key><Value>v</Value></Tag></And></Filter>"
      "<Status>Enabled</Status><Expiration><Date>2026-01-02T00:00:00.000Z</Date></Expiration></Rule>";
  const std::string xmlns = " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"";
  const std::string document = "<LifecycleConfiguration" + xmlns + ">" + rules + "</LifecycleConfiguration>";
  ASSERT_EQ(outcome(digested({"PUT", "/bucket?lifecycle", {}, document})), "200");
  EXPECT_EQ(get("/bucket?lifecycle"), std::string(kDocument) + document);

  auto put = send({"PUT", "/bucket/raw/1", {}, std::string(70'000, 'x')});
  EXPECT_EQ(wire::http::find_header(put.headers, "x-amz-expiration"),
            "expiry-date=\"Sun, 04 Jan 2026 00:00:00 GMT\", rule-id=\"raw\"");
  ASSERT_EQ(outcome({"PUT", "/bucket/tagged", {{"x-amz-tagging", "k=v"}}, "x"}), "200");
  ASSERT_EQ(outcome({"PUT", "/bucket/kept", {}, "x"}), "200");
  EXPECT_EQ(expire_objects(*room_, kNoon), 0u);
  EXPECT_EQ(expire_objects(*room_, kNoon + std::chrono::hours(12)), 1u);
  EXPECT_EQ(expire_objects(*room_, kNoon + std::chrono::hours(59)), 0u);
  EXPECT_EQ(expire_objects(*room_, kNoon + std::chrono::hours(60)), 1u);
  EXPECT_EQ(outcome({"GET", "/bucket/raw/1"}), "404 NoSuchKey");
  EXPECT_EQ(get("/bucket/kept"), "x");
  EXPECT_EQ(files(), 0u);
}

// What the schema refuses, what is malformed, and what isn't here, by name.
TEST_F(BucketsTest, documents_that_are_refused) {
  ASSERT_EQ(outcome({"PUT", "/bucket"}), "200");
  const auto put = [&](const std::string& document) {
    return outcome(digested({"PUT", "/bucket?lifecycle", {}, document}));
  };
  const auto lifecycle = [&](const std::string& rule) {
    return put("<LifecycleConfiguration><Rule>" + rule + "</Rule></LifecycleConfiguration>");
  };
  const std::string head = "<Filter/><Status>Enabled</Status>";
  EXPECT_EQ(lifecycle(head + "<Expiration><Days>1</Days></Expiration>"), "200");
  EXPECT_EQ(lifecycle(head + "<Expiration><Days>one</Days></Expiration>"), "400 MalformedXML");
  EXPECT_EQ(lifecycle("<Status>Enabled</Status><Expiration><Days>1</Days></Expiration>"), "400 MalformedXML");
  EXPECT_EQ(lifecycle(head + "<Transition><Days>1</Days><StorageClass>GLACIER</StorageClass></Transition>"),
            "501 NotImplemented");
  EXPECT_EQ(
      lifecycle(head + "<NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays></NoncurrentVersionExpiration>"),
      "501 NotImplemented");
  EXPECT_EQ(put("<LifecycleConfiguration>"), "400 MalformedXML");
  EXPECT_EQ(put("<!DOCTYPE a><LifecycleConfiguration/>"), "400 MalformedXML");
  EXPECT_EQ(put("no XML"), "400 MalformedXML");
  EXPECT_EQ(put(""), "400 MissingRequestBodyError");
  EXPECT_EQ(outcome({"PUT", "/bucket?lifecycle"}), "400 InvalidRequest");
  const auto encryption = [&](const std::string& algorithm) {
    return outcome(
        {"PUT",
         "/bucket?encryption",
         {},
         "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>" + algorithm +
             "</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>"});
  };
  EXPECT_EQ(encryption("AES256"), "200");
  EXPECT_EQ(encryption("aws:kms"), "501 NotImplemented");
  EXPECT_EQ(encryption("ROT13"), "400 MalformedXML");
  EXPECT_EQ(outcome(digested({"POST", "/bucket?delete", {}, "<Delete></Delete>"})), "400 MalformedXML");
  const std::string quiet = "<Delete><Object><Key>k</Key></Object><Quiet>true</Quiet></Delete>";
  EXPECT_EQ(outcome({"POST", "/bucket?delete", {{"Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg=="}}, quiet}), "400 BadDigest");
}

// The list of an account's buckets, in pages and by prefix.
TEST_F(BucketsTest, list) {
  for (const std::string name : {"alpha", "beta", "best"}) ASSERT_EQ(outcome({"PUT", "/" + name}), "200");
  ASSERT_EQ(outcome(by("222222222222", {"PUT", "/another"})), "200");
  const std::string all = get("/");
  EXPECT_NE(all.find("<Buckets><Bucket><Name>alpha</Name><CreationDate>2026-01-01T12:00:00.000Z</CreationDate></Bucket>"
                     "<Bucket><Name>best</Name>"),
            std::string::npos)
      << all;
  EXPECT_EQ(all.find("another"), std::string::npos);
  const std::string page = get("/?max-buckets=1&prefix=be");
  EXPECT_NE(page.find("<Name>best</Name>"), std::string::npos);
  EXPECT_NE(page.find("<ContinuationToken>MWJlc3Q=</ContinuationToken>"), std::string::npos) << page;
  EXPECT_NE(get("/?max-buckets=1&prefix=be&continuation-token=MWJlc3Q%3D").find("<Name>beta</Name>"),
            std::string::npos);
}

// The bucket may stand in the host instead of the path.
TEST_F(BucketsTest, virtual_hosts) {
  const wire::http::Headers host = {{"Host", "bucket.s3.us-east-1.localhost:4566"}};
  EXPECT_EQ(outcome({"PUT", "/", host}), "200");
  EXPECT_EQ(outcome({"PUT", "/a/key", host, "x"}), "200");
  EXPECT_EQ(get("/bucket/a/key"), "x");
}

}  // namespace
}  // namespace localcloud::s3
