// Secrets, sessions, access keys, and who may, on a store of their own.

#include <gtest/gtest.h>

#include <filesystem>

#include "localcloud/services/iam/authorizer.hpp"
#include "localcloud/services/iam/credentials.hpp"
#include "localcloud/services/iam/principals.hpp"
#include "localcloud/services/iam/service.hpp"
#include "localcloud/services/iam/sessions.hpp"

namespace localcloud::iam {
namespace {

const std::string kKey(32, 'k');
constexpr const char* kAccount = "111111111111";

// A folder that is gone afterwards.
struct Folder {
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "iam_test_XXXXXX").string();
    path = mkdtemp(pattern.data());
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::filesystem::path path;
};

class IamTest : public ::testing::Test {
 protected:
  Folder folder_;
  base::ManualClock clock_;
  base::SeededIds ids_;
  storage::Store store_{{.folder = folder_.path, .sync = storage::StoreOptions::Sync::never}};
  Seal secrets_ = access_key_seal(kKey, ids_);
  RoleSessions sessions_{store_, kKey, clock_, ids_};
  Credentials credentials_{store_, secrets_, sessions_};
  Authorizer authorizer_{store_};
  Iam room_{store_, clock_, ids_, secrets_};
  wire::Caller root_ = [this] {
    wire::Caller caller;
    caller.principal = {.kind = wire::Principal::Kind::root,
                        .account = kAccount,
                        .arn = "arn:aws:iam::111111111111:root",
                        .id = kAccount};
    caller.account = kAccount;
    caller.region = "us-east-1";
    caller.time = clock_.now();
    return caller;
  }();

  template <class Output>
  Output done(wire::Change<Output> change) {
    EXPECT_TRUE(change) << change.error().message;
    Result<Output> output = store_.write_and_wait<Output>(std::move(*change));
    EXPECT_TRUE(output) << output.error().message;
    return std::move(*output);
  }
  template <class Output>
  ServiceError refused(wire::Change<Output> change) {
    if (!change) return change.error();
    Result<Output> output = store_.write_and_wait<Output>(std::move(*change));
    EXPECT_FALSE(output);
    return output ? ServiceError{} : output.error();
  }

  static std::string allow(std::string_view action, std::string_view resource) {
    return R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":")" + std::string(action) +
           R"(","Resource":")" + std::string(resource) + "\"}}";
  }
  static std::string trust(std::string_view principal, std::string_view condition = "{}") {
    return R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":)" + std::string(principal) +
           R"(,"Action":"sts:AssumeRole","Condition":)" + std::string(condition) + "}}";
  }
  void make_role(const std::string& name, const std::string& trust_policy) {
    done(create_role(room_, root_, {.role_name = name, .assume_role_policy_document = trust_policy}));
  }
  wire::Caller as(const wire::Principal& principal) const {
    wire::Caller caller = root_;
    caller.principal = principal;
    caller.account = principal.account;
    return caller;
  }
  std::string denial(const wire::Caller& caller, const wire::Access& access) {
    return authorizer_.denial(caller, access).value_or("");
  }
};

// What is sealed opens only with the same key, purpose and subject, and only unchanged.
TEST_F(IamTest, Seals) {
  const std::string sealed = secrets_.close("secret", "about");
  EXPECT_EQ(secrets_.open(sealed, "about"), "secret");
  EXPECT_NE(secrets_.close("secret", "about"), sealed);
  EXPECT_FALSE(secrets_.open(sealed, "other"));
  EXPECT_FALSE(Seal(kKey, "another purpose", ids_).open(sealed, "about"));
  EXPECT_FALSE(Seal(std::string(32, 'x'), "access key secrets", ids_).open(sealed, "about"));
  std::string changed = sealed;
  changed[20] = changed[20] == 'A' ? 'B' : 'A';
  EXPECT_FALSE(secrets_.open(changed, "about"));
  EXPECT_FALSE(secrets_.open("AAAA", "about"));
  EXPECT_EQ(secrets_.open(secrets_.close("", ""), ""), "");
}

// The first start makes an account with a key; later ones find it; a given key works as given; nobody's key is taken.
TEST_F(IamTest, OpensAccounts) {
  const auto open = [&](GivenAccount given) { return open_account(store_, secrets_, clock_, ids_, given); };
  const auto first = open({.account = kAccount});
  ASSERT_TRUE(first);
  EXPECT_EQ(first->secret_access_key.size(), 40U);
  EXPECT_EQ(open({.account = kAccount})->access_key_id, first->access_key_id);
  const auto given = open({.account = "222222222222", .access_key_id = "AKIDGIVEN", .secret_access_key = "s"});
  ASSERT_TRUE(given);
  EXPECT_EQ(credentials_.find("AKIDGIVEN", "")->secret_access_key, "s");
  ASSERT_TRUE(open({.account = "222222222222", .access_key_id = "AKIDGIVEN", .secret_access_key = "t"}));
  EXPECT_EQ(credentials_.find("AKIDGIVEN", "")->secret_access_key, "t");
  EXPECT_FALSE(open({.account = kAccount, .access_key_id = "AKIDGIVEN", .secret_access_key = "u"}));

  const auto found = credentials_.find(first->access_key_id, "");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->secret_access_key, first->secret_access_key);
  EXPECT_EQ(found->principal.arn, "arn:aws:iam::111111111111:root");
  EXPECT_EQ(found->principal.kind, wire::Principal::Kind::root);
  EXPECT_EQ(credentials_.find(first->access_key_id, "token").error(), wire::CredentialSource::NotFound::invalid_token);
  EXPECT_EQ(credentials_.find("AKIANOBODY", "").error(), wire::CredentialSource::NotFound::unknown_key);
}

// A secret lies in the store only sealed.
TEST_F(IamTest, SecretsAreSealedAtRest) {
  const auto root = open_account(store_, secrets_, clock_, ids_, {.account = kAccount});
  bool seen = false;
  store_.snapshot()->scan("", "\xff", [&](std::string_view, std::string_view value) {
    seen = seen || value.find(root->secret_access_key) != std::string_view::npos;
    return storage::Step::go_on;
  });
  EXPECT_FALSE(seen);
}

// A user's key stands for the user until it is deleted, and not an instant longer.
TEST_F(IamTest, UsersKeys) {
  done(create_user(room_, root_, {.user_name = "ann"}));
  const auto made = done(create_access_key(room_, root_, {.user_name = "ann"})).access_key;
  const auto found = credentials_.find(made.access_key_id, "");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->secret_access_key, made.secret_access_key);
  EXPECT_EQ(found->principal.arn, "arn:aws:iam::111111111111:user/ann");
  EXPECT_EQ(found->principal.user_name, "ann");

  done(create_access_key(room_, root_, {.user_name = "ann"}));
  EXPECT_EQ(refused(create_access_key(room_, root_, {.user_name = "ann"})).message,
            "Cannot exceed quota for AccessKeysPerUser: 2");
  EXPECT_EQ(refused(delete_user(room_, root_, {.user_name = "ann"})).message,
            "Cannot delete entity, must delete access keys first.");
  done(delete_access_key(room_, root_, {.user_name = "ann", .access_key_id = made.access_key_id}));
  EXPECT_FALSE(credentials_.find(made.access_key_id, ""));
  EXPECT_EQ(list_access_keys(room_, root_, {.user_name = "ann"})->access_key_metadata.size(), 1U);
}

// A session needs no record: another process with the same key knows it. Its token is bound to its key.
TEST_F(IamTest, SessionsAreStateless) {
  make_role("worker", trust(R"({"Service":"lambda.amazonaws.com"})"));
  const auto minted = sessions_.mint_for_service({.role_arn = "arn:aws:iam::111111111111:role/worker",
                                                  .service = "lambda.amazonaws.com",
                                                  .session_name = "my function"});
  ASSERT_TRUE(minted) << minted.error().message;
  EXPECT_EQ(minted->principal.arn, "arn:aws:sts::111111111111:assumed-role/worker/my-function");
  RoleSessions other(store_, kKey, clock_, ids_);
  Credentials others(store_, secrets_, other);
  const auto found = others.find(minted->access_key_id, minted->session_token);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->secret_access_key, minted->secret_access_key);
  EXPECT_EQ(found->expires, clock_.now() + std::chrono::hours{1});
  EXPECT_EQ(found->principal.role_arn, "arn:aws:iam::111111111111:role/worker");
  EXPECT_EQ(others.find("ASIAOTHER", minted->session_token).error(), wire::CredentialSource::NotFound::invalid_token);
  EXPECT_EQ(others.find(minted->access_key_id, "").error(), wire::CredentialSource::NotFound::unknown_key);
}

// A service acts under a role only where the role's trust policy lets it, for the resource that it names.
TEST_F(IamTest, ServicesNeedTrust) {
  make_role("machine", trust(R"({"Service":"states.amazonaws.com"})",
                             R"({"ArnLike":{"aws:SourceArn":"arn:aws:states:*:111111111111:stateMachine:m"}})"));
  RoleSessions::ServiceRequest request{.role_arn = "arn:aws:iam::111111111111:role/machine",
                                       .service = "states.amazonaws.com",
                                       .session_name = "e1",
                                       .source_arn = "arn:aws:states:us-east-1:111111111111:stateMachine:m"};
  EXPECT_TRUE(sessions_.principal_for_service(request));
  request.source_arn = "arn:aws:states:us-east-1:111111111111:stateMachine:other";
  EXPECT_FALSE(sessions_.principal_for_service(request));
  request.source_arn = "arn:aws:states:us-east-1:111111111111:stateMachine:m";
  request.service = "lambda.amazonaws.com";
  EXPECT_FALSE(sessions_.principal_for_service(request));
  request.role_arn = "arn:aws:iam::111111111111:role/nobody";
  EXPECT_EQ(sessions_.principal_for_service(request).error().code, "AccessDenied");
}

// A trust policy counts from when it is put, and with its role it goes, however often it was asked before.
TEST_F(IamTest, TrustCountsAtOnce) {
  const RoleSessions::ServiceRequest request{.role_arn = "arn:aws:iam::111111111111:role/machine",
                                             .service = "states.amazonaws.com",
                                             .session_name = "e1",
                                             .source_arn = {},
                                             .source_account = {}};
  const std::string trusting = trust(R"({"Service":"states.amazonaws.com"})");
  EXPECT_FALSE(sessions_.principal_for_service(request));
  make_role("machine", trusting);
  const auto first = sessions_.principal_for_service(request);
  ASSERT_TRUE(first);
  const std::string lambda_alone = trust(R"({"Service":"lambda.amazonaws.com"})");
  done(update_assume_role_policy(room_, root_, {.role_name = "machine", .policy_document = lambda_alone}));
  EXPECT_FALSE(sessions_.principal_for_service(request));
  done(update_assume_role_policy(room_, root_, {.role_name = "machine", .policy_document = trusting}));
  EXPECT_TRUE(sessions_.principal_for_service(request));
  const wire::Access get{.action = "s3:GetObject", .resource = "arn:aws:s3:::b/k"};
  done(put_role_policy(room_, root_, {"machine", "p", allow("s3:*", "arn:aws:s3:::b/*")}));
  EXPECT_EQ(denial(as(*first), get), "");
  done(delete_role_policy(room_, root_, {"machine", "p"}));
  EXPECT_NE(denial(as(*first), get), "");
  done(delete_role(room_, root_, {"machine"}));
  EXPECT_FALSE(sessions_.principal_for_service(request));
}

// A service that acts by itself may what the resource's policy lets it, for the resource that it acts for.
TEST_F(IamTest, ServicesActForTheirResources) {
  wire::Caller alarms = as({.kind = wire::Principal::Kind::service,
                            .account = "111111111111",
                            .service = "lambda.alarms.cloudwatch.amazonaws.com",
                            .source_arn = "arn:aws:cloudwatch:us-east-1:111111111111:alarm:a"});
  wire::Access invoke{.action = "lambda:InvokeFunction",
                      .resource = "arn:aws:lambda:us-east-1:111111111111:function:f"};
  EXPECT_EQ(denial(alarms, invoke),
            "User: lambda.alarms.cloudwatch.amazonaws.com is not authorized to perform: lambda:InvokeFunction on "
            "resource: arn:aws:lambda:us-east-1:111111111111:function:f because no resource-based policy allows the "
            "lambda:InvokeFunction action");
  invoke.resource_policy =
      R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"lambda:InvokeFunction","Resource":"*",)"
      R"("Principal":{"Service":"lambda.alarms.cloudwatch.amazonaws.com"},)"
      R"("Condition":{"StringEquals":{"AWS:SourceAccount":"111111111111"},)"
      R"("ArnLike":{"AWS:SourceArn":"arn:aws:cloudwatch:us-east-1:111111111111:alarm:a"}}}})";
  EXPECT_EQ(denial(alarms, invoke), "");
  EXPECT_NE(denial(root_, {.action = invoke.action,
                           .resource = invoke.resource,
                           .resource_policy = invoke.resource_policy,
                           .resource_account = "222222222222"}),
            "");
  alarms.principal.source_arn += "b";
  EXPECT_NE(denial(alarms, invoke), "");
}

// What no policy allows is denied, in AWS's words; a policy counts from when it is put until it is deleted.
TEST_F(IamTest, PoliciesCountAtOnce) {
  done(create_user(room_, root_, {.user_name = "ann"}));
  const auto key = done(create_access_key(room_, root_, {.user_name = "ann"})).access_key;
  const wire::Caller ann = as(credentials_.find(key.access_key_id, "")->principal);
  const wire::Access get{.action = "s3:GetObject", .resource = "arn:aws:s3:::b/k"};
  EXPECT_EQ(denial(root_, get), "");
  EXPECT_EQ(denial(ann, get),
            "User: arn:aws:iam::111111111111:user/ann is not authorized to perform: s3:GetObject on resource: "
            "\"arn:aws:s3:::b/k\" because no identity-based policy allows the s3:GetObject action");
  done(put_user_policy(room_, root_, {"ann", "p", allow("s3:*", "arn:aws:s3:::b/*")}));
  EXPECT_EQ(denial(ann, get), "");
  wire::Access denied = get;
  denied.resource_policy =
      R"({"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}})";
  EXPECT_EQ(denial(ann, denied),
            "User: arn:aws:iam::111111111111:user/ann is not authorized to perform: s3:GetObject on resource: "
            "\"arn:aws:s3:::b/k\" with an explicit deny in a resource-based policy");
  EXPECT_NE(denial(root_, denied), "");
  denied.resource_policy = "not a policy";
  EXPECT_NE(denial(ann, denied), "");
  EXPECT_EQ(denial(root_, denied), "");
  done(delete_user_policy(room_, root_, {"ann", "p"}));
  EXPECT_NE(denial(ann, get), "");
  EXPECT_EQ(denial(ann, {.action = "iam:GetRole", .resource = "arn:aws:iam::111111111111:role/x/r"}),
            "User: arn:aws:iam::111111111111:user/ann is not authorized to perform: iam:GetRole on resource: role r "
            "because no identity-based policy allows the iam:GetRole action");
  EXPECT_EQ(denial(ann, {.action = "iam:ListRoles", .resource = "arn:aws:iam::111111111111:role/"}),
            "User: arn:aws:iam::111111111111:user/ann is not authorized to perform: iam:ListRoles on resource: "
            "arn:aws:iam::111111111111:role/ because no identity-based policy allows the iam:ListRoles action");
}

// A policy means the user or role of that name when it was put, not who has the name later.
TEST_F(IamTest, PoliciesMeanWhoWasThere) {
  (void)store_.write_and_wait<Done>([&](storage::Transaction& transaction) -> Result<Done> {
    save_account(transaction, kAccount, clock_.now());
    return Done{};
  });
  const std::string ann_alone = trust(R"({"AWS":"arn:aws:iam::111111111111:user/ann"})");
  EXPECT_EQ(refused(create_role(room_, root_, {.role_name = "r", .assume_role_policy_document = ann_alone})).message,
            R"(Invalid principal in policy: "AWS":"arn:aws:iam::111111111111:user/ann")");
  const auto make_ann = [&] {
    done(create_user(room_, root_, {.user_name = "ann"}));
    const auto key = done(create_access_key(room_, root_, {.user_name = "ann"})).access_key;
    return std::pair(as(credentials_.find(key.access_key_id, "")->principal), key.access_key_id);
  };
  const auto [ann, key] = make_ann();
  make_role("r", ann_alone);
  const auto shown = [&] { return *get_role(room_, root_, {.role_name = "r"})->role.assume_role_policy_document; };
  EXPECT_TRUE(shown().contains("user%2Fann"));
  wire::Access get{.action = "s3:GetObject", .resource = "arn:aws:s3:::b/k"};
  get.resource_policy =
      pin_principals(*store_.snapshot(), R"({"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*",)"
                                         R"("Principal":{"AWS":["arn:aws:iam::111111111111:user/ann",)"
                                         R"("arn:aws:iam::111111111111:role/r"]}}]})")
          .value();
  EXPECT_EQ(denial(ann, get), "");
  const auto session = sessions_.mint(*sessions_.find_role("arn:aws:iam::111111111111:role/r"), "s1", 900, {});
  EXPECT_EQ(denial(as(session.principal), get), "");

  done(delete_access_key(room_, root_, {.user_name = "ann", .access_key_id = key}));
  done(delete_user(room_, root_, {.user_name = "ann"}));
  EXPECT_TRUE(shown().contains(ann.principal.id));
  const wire::Caller another = make_ann().first;
  EXPECT_NE(denial(another, get), "");
  EXPECT_FALSE(shown().contains("user%2Fann"));
  done(update_assume_role_policy(room_, root_, {.role_name = "r", .policy_document = ann_alone}));
  EXPECT_TRUE(shown().contains("user%2Fann"));
  const std::string stranger = R"({"Statement":[{"Principal":{"AWS":"arn:aws:iam::999999999999:user/x"}}]})";
  EXPECT_EQ(pin_principals(*store_.snapshot(), stranger), stranger);
}

// A key that is made inactive is nobody's from the moment that this is answered, and somebody's again once it is
// active.
TEST_F(IamTest, AnInactiveKeyIsRefusedAtOnce) {
  done(create_user(room_, root_, {.user_name = "ann"}));
  const std::string key = done(create_access_key(room_, root_, {.user_name = "ann"})).access_key.access_key_id;
  EXPECT_TRUE(credentials_.find(key, ""));
  done(update_access_key(room_, root_, {"ann", key, AccessKeyStatus::inactive}));
  EXPECT_FALSE(credentials_.find(key, ""));
  EXPECT_EQ(list_access_keys(room_, root_, {.user_name = "ann"})->access_key_metadata.at(0).status, "Inactive");
  done(update_access_key(room_, root_, {"ann", key, AccessKeyStatus::active}));
  EXPECT_TRUE(credentials_.find(key, ""));
}

// A session has its role's permissions while the role is the one it was minted for.
TEST_F(IamTest, SessionsFollowTheirRole) {
  const std::string any_service = trust(R"({"Service":"lambda.amazonaws.com"})");
  make_role("worker", any_service);
  done(put_role_policy(room_, root_, {"worker", "p", allow("dynamodb:*", "*")}));
  const auto minted = sessions_.mint_for_service(
      {.role_arn = "arn:aws:iam::111111111111:role/worker", .service = "lambda.amazonaws.com", .session_name = "fn"});
  const wire::Access put{.action = "dynamodb:PutItem", .resource = "arn:aws:dynamodb:us-east-1:111111111111:table/t"};
  const wire::Caller session = as(minted->principal);
  EXPECT_EQ(denial(session, put), "");
  wire::Caller narrowed = session;
  narrowed.principal.session_policies = {allow("s3:*", "*")};
  EXPECT_EQ(denial(narrowed, put),
            "User: arn:aws:sts::111111111111:assumed-role/worker/fn is not authorized to perform: dynamodb:PutItem on "
            "resource: arn:aws:dynamodb:us-east-1:111111111111:table/t because no session policy allows the "
            "dynamodb:PutItem action");
  done(delete_role_policy(room_, root_, {"worker", "p"}));
  EXPECT_NE(denial(session, put), "");
  done(delete_role(room_, root_, {"worker"}));
  make_role("worker", any_service);
  done(put_role_policy(room_, root_, {"worker", "p", allow("dynamodb:*", "*")}));
  EXPECT_NE(denial(session, put), "");
}

// Conditions see the request: its time, address, region, caller and what the room says of it.
TEST_F(IamTest, Context) {
  done(create_user(room_, root_, {.user_name = "ann"}));
  const auto key = done(create_access_key(room_, root_, {.user_name = "ann"})).access_key;
  wire::Caller ann = as(credentials_.find(key.access_key_id, "")->principal);
  ann.source_ip = "10.1.2.3";
  const wire::Access list{
      .action = "s3:ListBucket", .resource = "arn:aws:s3:::b", .context = {{"s3:prefix", {"raw/"}}}};
  for (const auto& [condition, may] : std::vector<std::pair<std::string, bool>>{
           {R"({"StringLike":{"s3:prefix":"raw/*"}})", true},
           {R"({"StringLike":{"s3:prefix":"other/*"}})", false},
           {R"({"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}})", true},
           {R"({"DateLessThan":{"aws:CurrentTime":"2020-01-01T00:00:00Z"}})", false},
           {R"({"StringEquals":{"aws:RequestedRegion":"us-east-1"}})", true},
           {R"({"Bool":{"aws:SecureTransport":"true"}})", false},
           {R"({"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:user/ann"}})", true},
           {R"({"StringEquals":{"aws:username":"ann","aws:PrincipalType":"User"}})", true}}) {
    std::string policy = allow("s3:ListBucket", "*");
    policy.insert(policy.size() - 2, ",\"Condition\":" + condition);
    done(put_user_policy(room_, root_, {"ann", "p", policy}));
    EXPECT_EQ(denial(ann, list).empty(), may) << condition;
  }
}

}  // namespace
}  // namespace localcloud::iam
