// Which texts may be a bucket's policy, and which of them let the public in.

#include "localcloud/services/s3/buckets/policy.hpp"

#include <gtest/gtest.h>

#include <string>

namespace localcloud::s3 {
namespace {

std::string statement(const std::string& more) {
  return R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject",)"
         R"("Resource":"arn:aws:s3:::bucket/*",)" +
         more + "}]}";
}

// AWS's words for each thing that is wrong.
TEST(BucketPolicy, refusals) {
  EXPECT_TRUE(check_bucket_policy(statement(R"("Principal":{"AWS":["111111111111"]})"), "bucket"));
  const std::pair<std::string, std::string_view> cases[] = {
      {"", "Policies must be valid JSON and the first byte must be '{'"},
      {" {}", "Policies must be valid JSON and the first byte must be '{'"},
      {"{", "This policy contains invalid Json"},
      {"{}", "Missing required field Statement"},
      {R"({"Statement":[]})", "Could not parse the policy: Statement is empty!"},
      {R"({"Statement":[1]})", "Invalid policy syntax."},
      {R"({"Statements":[]})", "Unknown field Statements"},
      {R"({"Version":"2020-01-01","Statement":[]})", "The policy must contain a valid version string"},
      {statement(R"("Sid":"a")"), "Missing required field Principal"},
      {statement(R"("Principal":"me")"), "Invalid principal in policy"},
      {statement(R"("Principal":{"Who":"me"})"), "Invalid principal in policy"},
      {statement(R"("Principal":"*","Colour":"red")"), "Unknown field Colour"},
      {statement(R"("Principal":"*","Condition":1)"), "Invalid Condition type"},
      {R"({"Statement":{"Effect":"Allow","Principal":"*","Action":"sqs:Send","Resource":"arn:aws:s3:::bucket"}})",
       "Policy has invalid action"},
      {R"({"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::other/*"}})",
       "Policy has invalid resource"},
      {R"({"Statement":{"Effect":"Maybe","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::bucket"}})",
       "Invalid effect: Maybe"},
  };
  for (const auto& [text, message] : cases) {
    const auto result = check_bucket_policy(text, "bucket");
    ASSERT_FALSE(result) << text;
    EXPECT_EQ(result.error().code, "MalformedPolicy");
    EXPECT_EQ(result.error().message, message) << text;
  }
  const std::string long_text = statement("\"Principal\":\"*\",\"Sid\":\"" + std::string(kPolicyLengthMax, 's') + "\"");
  EXPECT_EQ(check_bucket_policy(long_text, "bucket").error().code, "PolicyTooLarge");
}

// Anybody is the public, unless a condition with fixed values ties them down.
TEST(BucketPolicy, publicity) {
  const std::pair<std::string, bool> cases[] = {
      {R"("Principal":"*")", true},
      {R"("Principal":{"AWS":"*"})", true},
      {R"("Principal":{"AWS":["111111111111","*"]})", true},
      {R"("Principal":{"AWS":"111111111111"})", false},
      {R"("Principal":{"Service":"logging.s3.amazonaws.com"})", false},
      {R"("NotPrincipal":{"AWS":"111111111111"})", true},
      {R"("Principal":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1"}})", false},
      {R"("Principal":"*","Condition":{"StringLike":{"aws:SourceArn":"*"}})", true},
      {R"("Principal":"*","Condition":{"StringNotEquals":{"aws:SourceVpc":"vpc-1"}})", true},
      {R"("Principal":"*","Condition":{"StringEquals":{"aws:Referer":"x"}})", true},
  };
  for (const auto& [more, is_public] : cases) EXPECT_EQ(is_public_policy(statement(more)), is_public) << more;
  EXPECT_FALSE(is_public_policy(
      R"({"Statement":{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::bucket"}})"));
}

}  // namespace
}  // namespace localcloud::s3
