// IAM's operations: what they keep, answer and refuse.

#include <gtest/gtest.h>

#include <filesystem>

#include "aws/sigv4.hpp"
#include "localcloud/services/iam/credentials.hpp"
#include "localcloud/services/iam/service.hpp"

namespace localcloud::iam {
namespace {

constexpr const char* kTrust =
    R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}})";
constexpr const char* kPolicy =
    R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}})";

// A folder that is gone afterwards.
struct Folder {
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "iam_test_XXXXXX").string();
    path = mkdtemp(pattern.data());
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::filesystem::path path;
};

class IamOperations : public ::testing::Test {
 protected:
  IamOperations() {
    caller_.principal = {
        .kind = wire::Principal::Kind::root, .account = "111111111111", .arn = "arn:aws:iam::111111111111:root"};
    caller_.account = "111111111111";
    caller_.time = clock_.now();
  }
  template <class Output>
  Output done(wire::Change<Output> change) {
    EXPECT_TRUE(change) << change.error().message;
    Result<Output> output = store_.write_and_wait<Output>(std::move(*change));
    EXPECT_TRUE(output) << output.error().message;
    return std::move(*output);
  }
  // The code and the words.
  template <class Output>
  std::string refused(wire::Change<Output> change) {
    if (!change) return change.error().code + ": " + change.error().message;
    return refused(store_.write_and_wait<Output>(std::move(*change)));
  }
  template <class Output>
  static std::string refused(const Result<Output>& output) {
    return output ? "" : output.error().code + ": " + output.error().message;
  }

  Folder folder_;
  base::ManualClock clock_;
  base::SeededIds ids_;
  storage::Store store_{{.folder = folder_.path, .sync = storage::StoreOptions::Sync::never}};
  Iam room_{store_, clock_, ids_, access_key_seal(std::string(32, 'k'), ids_)};
  wire::Caller caller_;
};

// A role is what it was made, with its trust policy URL-encoded; twice is once too often, whatever the case.
TEST_F(IamOperations, Roles) {
  const auto made = done(create_role(room_, caller_,
                                     {.path = "/app/",
                                      .role_name = "worker",
                                      .assume_role_policy_document = kTrust,
                                      .description = "works",
                                      .tags = std::vector<Tag>{{.key = "team", .value = "a"}}}))
                        .role;
  EXPECT_EQ(made.arn, "arn:aws:iam::111111111111:role/app/worker");
  EXPECT_TRUE(made.role_id.starts_with("AROA"));
  const auto got = get_role(room_, caller_, {"worker"});
  ASSERT_TRUE(got);
  EXPECT_EQ(aws::uri_decode(*got->role.assume_role_policy_document), kTrust);
  EXPECT_EQ(got->role.max_session_duration, 3600);
  EXPECT_EQ(got->role.tags->front().key, "team");
  EXPECT_EQ(refused(create_role(room_, caller_, {.role_name = "Worker", .assume_role_policy_document = kTrust})),
            "EntityAlreadyExists: Role with name Worker already exists.");

  done(update_assume_role_policy(
      room_, caller_,
      {"worker",
       R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111111111111"},"Action":"sts:AssumeRole"}]})"}));
  done(update_role(room_, caller_, {.role_name = "worker", .max_session_duration = 7200}));
  EXPECT_EQ(get_role(room_, caller_, {"worker"})->role.max_session_duration, 7200);
  EXPECT_EQ(get_role(room_, caller_, {"worker"})->role.description, "works");

  done(put_role_policy(room_, caller_, {"worker", "p", kPolicy}));
  EXPECT_EQ(aws::uri_decode(get_role_policy(room_, caller_, {"worker", "p"})->policy_document), kPolicy);
  EXPECT_EQ(list_role_policies(room_, caller_, {.role_name = "worker"})->policy_names, std::vector<std::string>{"p"});
  EXPECT_TRUE(list_attached_role_policies(room_, caller_, {.role_name = "worker"}));
  EXPECT_TRUE(list_instance_profiles_for_role(room_, caller_, {.role_name = "worker"}));
  EXPECT_EQ(refused(delete_role(room_, caller_, {"worker"})),
            "DeleteConflict: Cannot delete entity, must delete policies first.");
  done(delete_role_policy(room_, caller_, {"worker", "p"}));
  done(delete_role(room_, caller_, {"worker"}));
  EXPECT_EQ(refused(get_role(room_, caller_, {"worker"})), "NoSuchEntity: The role with name worker cannot be found.");
}

// What isn't there is named; accounts don't see each other's.
TEST_F(IamOperations, NoSuchEntity) {
  done(create_role(room_, caller_, {.role_name = "r", .assume_role_policy_document = kTrust}));
  wire::Caller other = caller_;
  other.account = "222222222222";
  EXPECT_EQ(refused(get_role(room_, other, {"r"})), "NoSuchEntity: The role with name r cannot be found.");
  EXPECT_EQ(refused(get_role_policy(room_, caller_, {"r", "p"})),
            "NoSuchEntity: The role policy with name p cannot be found.");
  EXPECT_EQ(refused(delete_role_policy(room_, caller_, {"r", "p"})),
            "NoSuchEntity: The role policy with name p cannot be found.");
  EXPECT_EQ(refused(put_role_policy(room_, caller_, {"x", "p", kPolicy})),
            "NoSuchEntity: The role with name x cannot be found.");
  EXPECT_EQ(refused(delete_user(room_, caller_, {"u"})), "NoSuchEntity: The user with name u cannot be found.");
  EXPECT_EQ(refused(delete_access_key(room_, caller_, {.access_key_id = "AKIANOTHERETODAY"})),
            "NoSuchEntity: The Access Key with id AKIANOTHERETODAY cannot be found.");
}

// Names, paths and policies are checked before anything is written.
TEST_F(IamOperations, Refuses) {
  EXPECT_EQ(
      refused(create_role(room_, caller_, {.role_name = "a b", .assume_role_policy_document = kTrust})),
      "ValidationError: The specified value for roleName is invalid. It must contain only alphanumeric characters "
      "and/or the following: +=,.@_-");
  EXPECT_EQ(
      refused(create_role(room_, caller_, {.path = "app", .role_name = "r", .assume_role_policy_document = kTrust}))
          .substr(0, 48),
      "ValidationError: The specified value for path is");
  EXPECT_EQ(refused(create_role(room_, caller_, {.role_name = "r", .assume_role_policy_document = "{"})),
            "MalformedPolicyDocument: This policy contains invalid Json");
  EXPECT_EQ(refused(create_role(room_, caller_, {.role_name = "r", .assume_role_policy_document = kPolicy})),
            "MalformedPolicyDocument: AssumeRole policy may only specify STS AssumeRole actions.");
  done(create_role(room_, caller_, {.role_name = "r", .assume_role_policy_document = kTrust}));
  EXPECT_EQ(refused(put_role_policy(room_, caller_, {"r", "p", R"({"Version":"2012-10-17","Statement":[]})"})),
            "MalformedPolicyDocument: Syntax errors in policy.");
  std::string long_policy = kPolicy;
  long_policy.replace(long_policy.find("\"*\""), 3, "[\"arn:aws:s3:::" + std::string(10'240, 'b') + "\"]");
  EXPECT_EQ(refused(put_role_policy(room_, caller_, {"r", "p", long_policy})),
            "LimitExceeded: Maximum policy size of 10240 bytes exceeded for role r");
}

// Tags are one per key, whatever its case.
TEST_F(IamOperations, Tags) {
  done(create_role(room_, caller_, {.role_name = "r", .assume_role_policy_document = kTrust}));
  done(tag_role(room_, caller_,
                {.role_name = "r", .tags = {{.key = "Team", .value = "a"}, {.key = "x", .value = "1"}}}));
  done(tag_role(room_, caller_, {.role_name = "r", .tags = {{.key = "team", .value = "b"}}}));
  done(untag_role(room_, caller_, {.role_name = "r", .tag_keys = {"X"}}));
  const auto tags = list_role_tags(room_, caller_, {.role_name = "r"});
  ASSERT_EQ(tags->tags.size(), 1U);
  EXPECT_EQ(tags->tags[0].key, "team");
  EXPECT_EQ(tags->tags[0].value, "b");
  EXPECT_EQ(refused(tag_role(room_, caller_, {.role_name = "r", .tags = {{.key = "a"}, {.key = "A"}}})),
            "InvalidInput: Duplicate tag keys found. Please note that Tag keys are case insensitive.");
}

// Lists come in pages, in order, under a path.
TEST_F(IamOperations, Pages) {
  for (const char* name : {"c", "a", "B"}) {
    done(create_role(room_, caller_, {.path = "/p/", .role_name = name, .assume_role_policy_document = kTrust}));
  }
  done(create_role(room_, caller_, {.role_name = "z", .assume_role_policy_document = kTrust}));
  const auto first = list_roles(room_, caller_, {.path_prefix = "/p/", .max_items = 2});
  ASSERT_EQ(first->roles.size(), 2U);
  EXPECT_EQ(first->roles[0].role_name, "a");
  EXPECT_EQ(first->roles[1].role_name, "B");
  EXPECT_TRUE(first->is_truncated);
  const auto second = list_roles(room_, caller_, {.path_prefix = "/p/", .marker = first->marker, .max_items = 2});
  ASSERT_EQ(second->roles.size(), 1U);
  EXPECT_EQ(second->roles[0].role_name, "c");
  EXPECT_FALSE(second->is_truncated);
  EXPECT_EQ(list_roles(room_, caller_, {})->roles.size(), 4U);
}

// Users and their policies; the root user is nobody's user.
TEST_F(IamOperations, Users) {
  const auto made = done(create_user(room_, caller_, {.user_name = "ann"})).user;
  EXPECT_EQ(made.arn, "arn:aws:iam::111111111111:user/ann");
  EXPECT_EQ(refused(create_user(room_, caller_, {.user_name = "ANN"})),
            "EntityAlreadyExists: User with name ANN already exists.");
  done(put_user_policy(room_, caller_, {"ann", "p", kPolicy}));
  EXPECT_EQ(aws::uri_decode(get_user_policy(room_, caller_, {"ann", "p"})->policy_document), kPolicy);
  EXPECT_EQ(list_user_policies(room_, caller_, {.user_name = "ann"})->policy_names.size(), 1U);
  EXPECT_EQ(refused(delete_user(room_, caller_, {"ann"})),
            "DeleteConflict: Cannot delete entity, must delete policies first.");
  done(delete_user_policy(room_, caller_, {"ann", "p"}));
  EXPECT_EQ(list_users(room_, caller_, {})->users.size(), 1U);
  EXPECT_EQ(get_user(room_, caller_, {})->user.arn, "arn:aws:iam::111111111111:root");
  wire::Caller ann = caller_;
  ann.principal = {.kind = wire::Principal::Kind::user, .account = "111111111111", .user_name = "ann"};
  EXPECT_EQ(get_user(room_, ann, {})->user.user_name, "ann");
  done(delete_user(room_, caller_, {"ann"}));
  EXPECT_EQ(refused(get_user(room_, caller_, {"ann"})), "NoSuchEntity: The user with name ann cannot be found.");
}

// What each operation asks to be allowed: the entity's own ARN, with its path and tags.
TEST_F(IamOperations, Access) {
  done(create_role(room_, caller_,
                   {.path = "/app/",
                    .role_name = "r",
                    .assume_role_policy_document = kTrust,
                    .tags = std::vector<Tag>{{.key = "team", .value = "a"}}}));
  const auto get = access(room_, caller_, GetRole::Input{"r"});
  EXPECT_EQ(get[0].action, "iam:GetRole");
  EXPECT_EQ(get[0].resource, "arn:aws:iam::111111111111:role/app/r");
  EXPECT_EQ(get[0].context[0].first, "aws:ResourceTag/team");
  EXPECT_EQ(access(room_, caller_, ListRoles::Input{})[0].resource, "arn:aws:iam::111111111111:role/");
  EXPECT_EQ(access(room_, caller_, CreateUser::Input{.user_name = "u"})[0].resource,
            "arn:aws:iam::111111111111:user/u");
}

}  // namespace
}  // namespace localcloud::iam
