// AssumeRole: what it asks to be allowed, what it refuses, what it answers.

#include <gtest/gtest.h>

#include "localcloud/services/sts/service.hpp"

namespace localcloud::sts {
namespace {

// One role, whose sessions say what they were minted with.
class OneRole final : public Roles {
 public:
  std::optional<Role> find(std::string_view role_arn) override {
    if (role_arn != role.arn) return std::nullopt;
    return role;
  }
  std::optional<std::string> policy_problem(std::string_view policy) override {
    if (policy == "bad") return "Syntax errors in policy.";
    return std::nullopt;
  }
  Session mint(const Role&, std::string_view name, std::int64_t duration_s,
               const std::optional<std::string>& policy) override {
    return {.access_key_id = "ASIA",
            .secret_access_key = policy.value_or(""),
            .session_token = std::to_string(duration_s),
            .arn = "arn:aws:sts::111111111111:assumed-role/r/" + std::string(name)};
  }
  Role role{.arn = "arn:aws:iam::111111111111:role/r", .account = "111111111111", .name = "r", .trust_policy = "trust"};
};

class AssumeRoleTest : public ::testing::Test {
 protected:
  std::string message(wire::Principal::Kind kind, const AssumeRole::Input& input) {
    wire::Caller caller;
    caller.principal.kind = kind;
    const auto output = assume_role(room_, caller, input);
    return output ? "" : output.error().message;
  }

  OneRole roles_;
  Sts room_{roles_};
  AssumeRole::Input input_{.role_arn = roles_.role.arn, .role_session_name = "s1"};
};

using Kind = wire::Principal::Kind;

// The session's name, policy and duration reach the session; an hour is the usual.
TEST_F(AssumeRoleTest, Mints) {
  input_.policy = "good";
  wire::Caller caller;
  caller.principal.kind = Kind::user;
  const auto output = assume_role(room_, caller, input_);
  ASSERT_TRUE(output);
  EXPECT_EQ(output->credentials.session_token, "3600");
  EXPECT_EQ(output->credentials.secret_access_key, "good");
  EXPECT_EQ(output->assumed_role_user.arn, "arn:aws:sts::111111111111:assumed-role/r/s1");
}

// Root may not assume roles, nobody may longer than the role lets, and a chain of roles only for an hour.
TEST_F(AssumeRoleTest, Refuses) {
  EXPECT_EQ(message(Kind::root, input_), "Roles may not be assumed by root accounts.");
  input_.duration_seconds = 3601;
  EXPECT_EQ(message(Kind::user, input_),
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
  roles_.role.session_max_s = 43200;
  EXPECT_EQ(message(Kind::user, input_), "");
  EXPECT_EQ(message(Kind::assumed_role, input_),
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.");
  input_.duration_seconds.reset();
  input_.policy = "bad";
  EXPECT_EQ(message(Kind::user, input_), "Syntax errors in policy.");
  input_.policy = std::string(4096, 'x');
  EXPECT_EQ(message(Kind::user, input_), "Packed policy consumes 200% of allotted space, please use smaller policy.");
}

// The role's trust policy is put before IAM; a role that isn't there has none, and so is denied.
TEST_F(AssumeRoleTest, Access) {
  input_.external_id = "shared";
  const auto known = access(room_, {}, input_);
  ASSERT_EQ(known.size(), 1U);
  EXPECT_EQ(known[0].resource_policy, "trust");
  EXPECT_EQ(known[0].resource_account, "111111111111");
  EXPECT_EQ(known[0].context.back().first, "sts:ExternalId");
  input_.role_arn = "arn:aws:iam::222222222222:role/other";
  EXPECT_FALSE(access(room_, {}, input_)[0].resource_policy);
}

}  // namespace
}  // namespace localcloud::sts
