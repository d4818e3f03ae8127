// The policy language: what is refused, what matches, who may.

#include <gtest/gtest.h>

#include <map>

#include "localcloud/services/iam/policy/evaluate.hpp"

namespace localcloud::iam::policy {
namespace {

class Keys final : public Context {
 public:
  Keys() = default;
  Keys(std::initializer_list<std::pair<const std::string, std::vector<std::string>>> keys) : keys_(keys) {}
  std::optional<std::vector<std::string>> find(std::string_view key) const override {
    const auto found = keys_.find(std::string(key));
    return found == keys_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  std::map<std::string, std::vector<std::string>> keys_;
};

wire::Principal user(std::string account = "111111111111", const std::string& name = "ann") {
  const std::string arn = "arn:aws:iam::" + account + ":user/" + name;
  return {.kind = wire::Principal::Kind::user, .account = std::move(account), .arn = arn, .user_name = name};
}
wire::Principal session() {
  return {.kind = wire::Principal::Kind::assumed_role,
          .account = "111111111111",
          .arn = "arn:aws:sts::111111111111:assumed-role/worker/s1",
          .role_arn = "arn:aws:iam::111111111111:role/worker"};
}
wire::Principal root(const std::string& account = "111111111111") {
  return {.kind = wire::Principal::Kind::root, .account = account, .arn = "arn:aws:iam::" + account + ":root"};
}

std::string statement(std::string_view body) {
  return R"({"Version":"2012-10-17","Statement":)" + std::string(body) + "}";
}

Verdict ask(std::string_view body, std::string_view action, std::string_view resource, const Keys& keys = {}) {
  const auto document = parse(statement(body), DocumentKind::identity);
  if (!document) {
    ADD_FAILURE() << document.error() << "\n" << body;
    return Verdict::silent;
  }
  const wire::Principal asker = user();
  return ask_identity(*document, {.asker = asker, .action = action, .resource = resource, .context = keys});
}

// What AWS refuses, in its words.
TEST(PolicyDocument, Refusals) {
  struct Case {
    DocumentKind kind;
    const char *text, *problem;
  };
  const auto identity = DocumentKind::identity;
  for (
      const Case& it : {
          Case{identity, "not json", "This policy contains invalid Json"},
          Case{identity, "[]", "Syntax errors in policy."},
          Case{identity, R"({"Version":"2012-10-17"})", "Syntax errors in policy."},
          Case{identity, R"({"Version":"2012-10-17","Statement":[]})", "Syntax errors in policy."},
          Case{identity, R"({"Version":"2013-01-01","Statement":[]})", "Syntax errors in policy."},
          Case{identity, R"({"Statement":[]})", "Policy document must be version 2012-10-17 or greater."},
          Case{identity, R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Resource":"*"}})",
               "Policy statement must contain actions."},
          Case{identity, R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*"}})",
               "Policy statement must contain resources."},
          Case{identity, R"({"Version":"2012-10-17","Statement":{"Effect":"Maybe","Action":"s3:*","Resource":"*"}})",
               "Syntax errors in policy."},
          Case{identity,
               R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"GetObject","Resource":"*"}})",
               "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."},
          Case{identity,
               R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"bucket"}})",
               "Resource bucket must be in ARN format or \"*\"."},
          Case{
              identity,
              R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*","Principal":"*"}})",
              "Policy document should not specify a principal."},
          Case{
              identity,
              R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringSame":{"a":"b"}}}})",
              "Syntax errors in policy."},
          Case{
              identity,
              R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/33"}}}})",
              "Syntax errors in policy."},
          Case{
              identity,
              R"({"Version":"2012-10-17","Statement":[{"Sid":"a","Effect":"Allow","Action":"s3:*","Resource":"*"},{"Sid":"a","Effect":"Deny","Action":"s3:*","Resource":"*"}]})",
              "Statement IDs (SID) in a single policy must be unique."},
          Case{DocumentKind::trust,
               R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRole"}})",
               "Missing required field Principal"},
          Case{
              DocumentKind::trust,
              R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole","Resource":"*"}})",
              "Has prohibited field Resource"},
          Case{DocumentKind::trust,
               R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"s3:GetObject"}})",
               "AssumeRole policy may only specify STS AssumeRole actions."},
          Case{
              DocumentKind::trust,
              R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"bob"},"Action":"sts:AssumeRole"}})",
              R"(Invalid principal in policy: "AWS":"bob")"},
      }) {
    const auto document = parse(it.text, it.kind);
    EXPECT_EQ(document ? "" : document.error(), it.problem) << it.text;
  }
}

// Actions ignore case, resources don't; wildcards stay within an ARN's part; NotAction and NotResource invert.
TEST(PolicyDocument, ActionsAndResources) {
  struct Case {
    const char *body, *action, *resource;
    Verdict verdict;
  };
  const char* const key = "arn:aws:s3:::b/raw/1.json";
  for (
      const Case& it : {
          Case{R"({"Effect":"Allow","Action":"s3:getobject","Resource":"arn:aws:s3:::b/raw/*"})", "s3:GetObject", key,
               Verdict::allows},
          Case{R"({"Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::B/raw/*"})", "s3:GetObject", key,
               Verdict::silent},
          Case{R"({"Effect":"Allow","Action":"s3:Put?bject","Resource":"*"})", "s3:PutObject", key, Verdict::allows},
          Case{
              R"({"Effect":"Allow","Action":["s3:PutObject","s3:Get*"],"Resource":["arn:aws:s3:::a","arn:aws:s3:::b/*"]})",
              "s3:GetObject", key, Verdict::allows},
          Case{R"({"Effect":"Allow","Action":"*","Resource":"arn:aws:*:b/raw/1.json:*:*"})", "s3:GetObject", key,
               Verdict::silent},
          Case{R"({"Effect":"Allow","Action":"*","Resource":"arn:aws:*:*:*:b/raw/1.json"})", "s3:GetObject", key,
               Verdict::allows},
          Case{R"({"Effect":"Allow","NotAction":"iam:*","Resource":"*"})", "s3:GetObject", key, Verdict::allows},
          Case{R"({"Effect":"Allow","NotAction":"s3:*","Resource":"*"})", "s3:GetObject", key, Verdict::silent},
          Case{R"({"Effect":"Allow","Action":"s3:*","NotResource":"arn:aws:s3:::b/raw/*"})", "s3:GetObject", key,
               Verdict::silent},
          Case{
              R"([{"Effect":"Allow","Action":"s3:*","Resource":"*"},{"Effect":"Deny","Action":"s3:GetObject","Resource":"*"}])",
              "s3:GetObject", key, Verdict::denies},
          Case{
              R"({"Effect":"Allow","Action":"logs:PutLogEvents","Resource":"arn:aws:logs:us-east-1:111111111111:log-group:/f:*"})",
              "logs:PutLogEvents", "arn:aws:logs:us-east-1:111111111111:log-group:/f:log-stream:x", Verdict::allows},
      }) {
    EXPECT_EQ(ask(it.body, it.action, it.resource), it.verdict) << it.body;
  }
}

// A variable is the request's value, taken as it is: a star in it is no wildcard. One that is missing matches nothing,
// not even inverted; one with a default falls back to it.
TEST(PolicyDocument, Variables) {
  const char* const own = R"({"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b/${aws:username}/*"})";
  EXPECT_EQ(ask(own, "s3:GetObject", "arn:aws:s3:::b/ann/x", {{"aws:username", {"ann"}}}), Verdict::allows);
  EXPECT_EQ(ask(own, "s3:GetObject", "arn:aws:s3:::b/bob/x", {{"aws:username", {"ann"}}}), Verdict::silent);
  EXPECT_EQ(ask(own, "s3:GetObject", "arn:aws:s3:::b/bob/x", {{"aws:username", {"*"}}}), Verdict::silent);
  EXPECT_EQ(ask(own, "s3:GetObject", "arn:aws:s3:::b//x"), Verdict::silent);
  EXPECT_EQ(ask(R"({"Effect":"Allow","Action":"s3:*","NotResource":"arn:aws:s3:::b/${aws:username}/*"})",
                "s3:GetObject", "arn:aws:s3:::b/x"),
            Verdict::silent);
  EXPECT_EQ(ask(R"({"Effect":"Deny","Action":"s3:*","NotResource":"arn:aws:s3:::b/${aws:username}/*"})", "s3:GetObject",
                "arn:aws:s3:::b/x"),
            Verdict::denies);
  EXPECT_EQ(ask(R"({"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b/${aws:PrincipalTag/team, 'none'}"})",
                "s3:GetObject", "arn:aws:s3:::b/none"),
            Verdict::allows);
  EXPECT_EQ(
      ask(R"({"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b/${*}"})", "s3:GetObject", "arn:aws:s3:::b/x"),
      Verdict::silent);
  EXPECT_EQ(
      ask(R"({"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b/${*}"})", "s3:GetObject", "arn:aws:s3:::b/*"),
      Verdict::allows);
}

// Every operator, with a key that is there, that differs, and that is missing.
TEST(PolicyConditions, Operators) {
  struct Case {
    const char* condition;
    std::vector<std::string> value;  // of "k"; empty: the key is missing
    bool holds;
  };
  for (const Case& it : std::vector<Case>{
           {R"({"StringEquals":{"k":["a","b"]}})", {"b"}, true},
           {R"({"StringEquals":{"K":"a"}})", {"A"}, false},
           {R"({"StringEquals":{"k":"a*"}})", {"ab"}, false},
           {R"({"StringEquals":{"k":"a"}})", {}, false},
           {R"({"StringEqualsIfExists":{"k":"a"}})", {}, true},
           {R"({"StringEqualsIfExists":{"k":"a"}})", {"b"}, false},
           {R"({"StringNotEquals":{"k":["a","b"]}})", {"b"}, false},
           {R"({"StringNotEquals":{"k":["a","b"]}})", {"c"}, true},
           {R"({"StringNotEquals":{"k":"a"}})", {}, true},
           {R"({"StringEqualsIgnoreCase":{"k":"aB"}})", {"Ab"}, true},
           {R"({"StringNotEqualsIgnoreCase":{"k":"aB"}})", {"Ab"}, false},
           {R"({"StringLike":{"k":"raw/*"}})", {"raw/x"}, true},
           {R"({"StringNotLike":{"k":"raw/*"}})", {"raw/x"}, false},
           {R"({"NumericLessThan":{"k":10}})", {"9.5"}, true},
           {R"({"NumericLessThanEquals":{"k":"10"}})", {"10"}, true},
           {R"({"NumericGreaterThan":{"k":"10"}})", {"10"}, false},
           {R"({"NumericEquals":{"k":"10"}})", {"ten"}, false},
           {R"({"NumericNotEquals":{"k":"10"}})", {"11"}, true},
           {R"({"DateLessThan":{"k":"2026-01-01T00:00:00Z"}})", {"2025-12-31T23:59:59Z"}, true},
           {R"({"DateGreaterThanEquals":{"k":"2026-01-01"}})", {"2025-12-31T23:59:59Z"}, false},
           {R"({"DateEquals":{"k":"1767225600"}})", {"2026-01-01T00:00:00Z"}, true},
           {R"({"Bool":{"k":"true"}})", {"true"}, true},
           {R"({"Bool":{"k":false}})", {"true"}, false},
           {R"({"Bool":{"k":"false"}})", {}, false},
           {R"({"BinaryEquals":{"k":"AQID"}})", {"AQID"}, true},
           {R"({"IpAddress":{"k":"10.1.0.0/16"}})", {"10.1.2.3"}, true},
           {R"({"IpAddress":{"k":"10.1.0.0/20"}})", {"10.1.16.3"}, false},
           {R"({"IpAddress":{"k":"2001:db8::/32"}})", {"2001:db8::1"}, true},
           {R"({"NotIpAddress":{"k":"10.1.2.3"}})", {"10.1.2.3"}, false},
           {R"({"ArnLike":{"k":"arn:aws:states:*:1:stateMachine:*"}})",
            {"arn:aws:states:us-east-1:1:stateMachine:m"},
            true},
           {R"({"ArnEquals":{"k":"arn:aws:*:1:stateMachine:m"}})",
            {"arn:aws:states:us-east-1:1:stateMachine:m"},
            false},
           {R"({"ArnNotLike":{"k":"arn:aws:s3:::*"}})", {"arn:aws:sqs:::q"}, true},
           {R"({"Null":{"k":"true"}})", {}, true},
           {R"({"Null":{"k":"true"}})", {"x"}, false},
           {R"({"Null":{"k":"false"}})", {"x"}, true},
           {R"({"ForAllValues:StringEquals":{"k":["a","b"]}})", {"a", "b"}, true},
           {R"({"ForAllValues:StringEquals":{"k":["a","b"]}})", {"a", "c"}, false},
           {R"({"ForAllValues:StringEquals":{"k":["a","b"]}})", {}, true},
           {R"({"ForAnyValue:StringEquals":{"k":["a","b"]}})", {"c", "b"}, true},
           {R"({"ForAnyValue:StringEquals":{"k":["a","b"]}})", {}, false},
           {R"({"StringEquals":{"k":"a"},"Bool":{"k":"true"}})", {"a"}, false},
           {R"({"StringEquals":{"k":"${missing}"}})", {"a"}, false},
           {R"({"StringNotEquals":{"k":"${missing}"}})", {"a"}, false},
           {R"({"StringEquals":{"k":[]}})", {"a"}, false},
       }) {
    Keys keys;
    if (!it.value.empty()) keys = Keys{{"k", it.value}};
    const std::string body =
        R"({"Effect":"Allow","Action":"*","Resource":"*","Condition":)" + std::string(it.condition) + "}";
    EXPECT_EQ(ask(body, "s3:GetObject", "*", keys), it.holds ? Verdict::allows : Verdict::silent) << it.condition;
  }
}

// A document older than 2012-10-17 takes ${…} as it stands.
TEST(PolicyDocument, OldVersionsKnowNoVariables) {
  const auto document = parse(
      R"({"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b/${aws:username}"}})",
      DocumentKind::resource);
  ASSERT_TRUE(document);
  const wire::Principal asker = user();
  const Keys keys{{"aws:username", {"ann"}}};
  EXPECT_EQ(ask_resource(*document, {asker, "s3:GetObject", "arn:aws:s3:::b/ann", keys}), Grant::none);
  EXPECT_EQ(ask_resource(*document, {asker, "s3:GetObject", "arn:aws:s3:::b/${aws:username}", keys}),
            Grant::to_principal);
}

// Whom a resource's policy names.
TEST(PolicyPrincipals, Match) {
  struct Case {
    const char* principal;
    wire::Principal asker;
    Grant grant;
  };
  const wire::Principal nobody;
  const wire::Principal lambda{.kind = wire::Principal::Kind::service, .service = "lambda.amazonaws.com"};
  for (const Case& it : {
           Case{R"("Principal":"*")", user(), Grant::to_principal},
           Case{R"("Principal":{"AWS":"*"})", nobody, Grant::to_principal},
           Case{R"("Principal":{"AWS":"111111111111"})", user(), Grant::to_account},
           Case{R"("Principal":{"AWS":"arn:aws:iam::111111111111:root"})", root(), Grant::to_principal},
           Case{R"("Principal":{"AWS":["arn:aws:iam::111111111111:user/bob","arn:aws:iam::111111111111:user/ann"]})",
                user(), Grant::to_principal},
           Case{R"("Principal":{"AWS":"arn:aws:iam::111111111111:user/bob"})", user(), Grant::none},
           Case{R"("Principal":{"AWS":"arn:aws:iam::111111111111:role/worker"})", session(), Grant::to_principal},
           Case{R"("Principal":{"AWS":"arn:aws:sts::111111111111:assumed-role/worker/s1"})", session(),
                Grant::to_session},
           Case{R"("Principal":{"AWS":"222222222222"})", user(), Grant::none},
           Case{R"("Principal":{"Service":"lambda.amazonaws.com"})", lambda, Grant::to_principal},
           Case{R"("Principal":{"Service":"states.amazonaws.com"})", lambda, Grant::none},
           Case{R"("Principal":{"AWS":"*"})", lambda, Grant::none},
           Case{R"("NotPrincipal":{"AWS":"arn:aws:iam::111111111111:user/ann"})", user(), Grant::none},
           Case{R"("NotPrincipal":{"AWS":"arn:aws:iam::111111111111:user/bob"})", user(), Grant::to_principal},
       }) {
    const auto document =
        parse(statement("{\"Effect\":\"Allow\"," + std::string(it.principal) + R"(,"Action":"s3:*","Resource":"*"})"),
              DocumentKind::resource);
    ASSERT_TRUE(document) << it.principal;
    EXPECT_EQ(ask_resource(*document, {it.asker, "s3:GetObject", "*", Keys{}}), it.grant) << it.principal;
  }
}

// Who may: same account, other account, root, sessions with policies of their own, trust.
TEST(PolicyDecision, Decide) {
  const auto allow =
      parse(statement(R"({"Effect":"Allow","Action":"*","Resource":"*"})"), DocumentKind::identity).value();
  const auto deny =
      parse(statement(R"({"Effect":"Deny","Action":"*","Resource":"*"})"), DocumentKind::identity).value();
  const auto nothing =
      parse(statement(R"({"Effect":"Allow","Action":"ec2:*","Resource":"*"})"), DocumentKind::identity).value();
  const auto resource = [](std::string_view effect, std::string_view principal) {
    return parse(statement("{\"Effect\":\"" + std::string(effect) + "\",\"Principal\":" + std::string(principal) +
                           R"(,"Action":"*","Resource":"*"})"),
                 DocumentKind::resource)
        .value();
  };
  const auto to_all = resource("Allow", R"("*")");
  const auto to_none = resource("Allow", R"({"AWS":"333333333333"})");
  const auto to_account = resource("Allow", R"({"AWS":"111111111111"})");
  const auto to_session = resource("Allow", R"({"AWS":"arn:aws:sts::111111111111:assumed-role/worker/s1"})");
  const auto deny_all = resource("Deny", R"("*")");

  struct Case {
    const char* what;
    wire::Principal asker;
    const Document *identity, *session, *resource;
    bool same_account;
    Decision decision;
  };
  for (const Case& it : {
           Case{"nothing allows", user(), nullptr, nullptr, nullptr, true, Decision::not_allowed_by_identity},
           Case{"identity allows", user(), &allow, nullptr, nullptr, true, Decision::allowed},
           Case{"identity denies", user(), &deny, nullptr, &to_all, true, Decision::denied_by_identity},
           Case{"resource allows", user(), nullptr, nullptr, &to_all, true, Decision::allowed},
           Case{"the account is named", user(), nullptr, nullptr, &to_account, true, Decision::not_allowed_by_identity},
           Case{"resource denies", user(), &allow, nullptr, &deny_all, true, Decision::denied_by_resource},
           Case{"root", root(), nullptr, nullptr, nullptr, true, Decision::allowed},
           Case{"root, but the resource denies", root(), nullptr, nullptr, &deny_all, true,
                Decision::denied_by_resource},
           Case{"another account's root", root("222222222222"), nullptr, nullptr, nullptr, false,
                Decision::not_allowed_by_resource},
           Case{"across accounts, one side", user(), &allow, nullptr, nullptr, false,
                Decision::not_allowed_by_resource},
           Case{"across accounts, the other side", user(), nullptr, nullptr, &to_all, false,
                Decision::not_allowed_by_identity},
           Case{"across accounts, both", user(), &allow, nullptr, &to_account, false, Decision::allowed},
           Case{"session policy", session(), &allow, &nothing, nullptr, true, Decision::not_allowed_by_session},
           Case{"session policy denies", session(), &allow, &deny, nullptr, true, Decision::denied_by_session},
           Case{"session policy and a grant to all", session(), nullptr, &nothing, &to_all, true,
                Decision::not_allowed_by_session},
           Case{"a grant to the session itself", session(), nullptr, &nothing, &to_session, true, Decision::allowed},
           Case{"nobody", wire::Principal{}, nullptr, nullptr, nullptr, true, Decision::not_allowed_by_resource},
           Case{"nobody, open to all", wire::Principal{}, nullptr, nullptr, &to_all, true, Decision::allowed},
           Case{"not named", user(), nullptr, nullptr, &to_none, true, Decision::not_allowed_by_identity},
       }) {
    const Keys keys;
    Policies policies{.resource = it.resource, .same_account = it.same_account};
    if (it.identity != nullptr) policies.identity = {&it.identity, 1};
    if (it.session != nullptr) policies.session = {&it.session, 1};
    EXPECT_EQ(decide({it.asker, "s3:GetObject", "arn:aws:s3:::b/k", keys}, policies), it.decision) << it.what;
  }
}

// A role is assumed only by whom its trust policy lets, whatever the asker's own policies say.
TEST(PolicyDecision, TrustMustAllow) {
  const auto allow =
      parse(statement(R"({"Effect":"Allow","Action":"*","Resource":"*"})"), DocumentKind::identity).value();
  const auto trust =
      parse(
          statement(
              R"({"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:user/bob"},"Action":"sts:AssumeRole"})"),
          DocumentKind::trust)
          .value();
  const Document* identity = &allow;
  const Keys keys;
  const Policies policies{.identity = {&identity, 1}, .resource = &trust, .resource_kind = DocumentKind::trust};
  const wire::Principal ann = user();
  const wire::Principal bob = user("111111111111", "bob");
  EXPECT_EQ(decide({ann, "sts:AssumeRole", "arn:aws:iam::111111111111:role/r", keys}, policies),
            Decision::not_allowed_by_resource);
  EXPECT_EQ(decide({bob, "sts:AssumeRole", "arn:aws:iam::111111111111:role/r", keys}, policies), Decision::allowed);
}

// A pattern made to be slow isn't.
TEST(PolicyPattern, NoBlowUp) {
  std::string stars;
  for (int i = 0; i < 500; ++i) stars += "a*";
  const auto pattern = Pattern::compile(stars + "b", Wildcards::active, Variables::expanded);
  ASSERT_TRUE(pattern);
  EXPECT_FALSE(pattern->matches(std::string(2000, 'a'), Keys{}, Case::sensitive));
  EXPECT_FALSE(Pattern::compile("a${b", Wildcards::active, Variables::expanded));
  EXPECT_FALSE(Pattern::compile("a\x01", Wildcards::active, Variables::expanded));
}

}  // namespace
}  // namespace localcloud::iam::policy
