// Whether a caller may.

#include "localcloud/services/iam/authorizer.hpp"

#include "aws/arn.hpp"
#include "aws/dates.hpp"
#include "base/text.hpp"
#include "localcloud/services/iam/policy/evaluate.hpp"

namespace localcloud::iam {
namespace {

using Values = std::vector<std::string>;

// The condition keys of a request, worked out when a policy asks for them.
class RequestContext final : public policy::Context {
 public:
  RequestContext(const wire::Caller& caller, const wire::Access& access, const Tags* tags)
      : caller_(caller), access_(access), tags_(tags) {}

  std::optional<Values> find(std::string_view key) const override {
    for (const auto& [name, values] : access_.context) {
      if (base::equal_ignoring_case(name, key)) return values;
    }
    if (!key.starts_with("aws:")) return std::nullopt;
    return find_global(key.substr(4));
  }

 private:
  std::optional<Values> find_global(std::string_view key) const {
    const wire::Principal& principal = caller_.principal;
    using Kind = wire::Principal::Kind;
    if (key == "currenttime") return Values{aws::format_rfc3339(caller_.time)};
    if (key == "epochtime") return Values{std::to_string(base::to_unix_s(caller_.time))};
    // Unlike AWS: always false, because the endpoint speaks plain HTTP.
    if (key == "securetransport") return Values{"false"};
    if (key == "sourceip") return one(caller_.source_ip);
    if (key == "useragent") return one(caller_.user_agent);
    if (key == "requestedregion") return one(caller_.region);
    if (key == "viaawsservice") return Values{"false"};
    if (key == "principalisawsservice") return Values{principal.kind == Kind::service ? "true" : "false"};
    if (principal.kind == Kind::service) return find_of_service(key);
    if (key == "principaltype") {
      switch (principal.kind) {
        case Kind::anonymous:
          return Values{"Anonymous"};
        case Kind::root:
          return Values{"Account"};
        case Kind::user:
          return Values{"User"};
        case Kind::assumed_role:
          return Values{"AssumedRole"};
        case Kind::service:
          break;
      }
    }
    if (principal.kind == Kind::anonymous) return std::nullopt;
    if (key == "username") return one(principal.user_name);
    if (key == "userid") return one(principal.id);
    if (key == "principalaccount") return one(principal.account);
    if (key == "principalarn") return one(principal.role_arn.empty() ? principal.arn : principal.role_arn);
    if (key == "resourceaccount") {
      return one(access_.resource_account.empty() ? caller_.account : access_.resource_account);
    }
    constexpr std::string_view kTag = "principaltag/";
    if (!key.starts_with(kTag) || tags_ == nullptr) return std::nullopt;
    for (const auto& [name, value] : *tags_) {
      if (base::equal_ignoring_case(name, key.substr(kTag.size()))) return Values{value};
    }
    return std::nullopt;
  }

  std::optional<Values> find_of_service(std::string_view key) const {
    if (key == "sourcearn") return one(caller_.principal.source_arn);
    if (key == "sourceaccount") return one(caller_.principal.account);
    if (key == "principalservicename") return one(caller_.principal.service);
    if (key == "resourceaccount") return one(access_.resource_account);
    return std::nullopt;
  }

  static std::optional<Values> one(const std::string& value) {
    if (value.empty()) return std::nullopt;
    return Values{value};
  }

  const wire::Caller& caller_;
  const wire::Access& access_;
  const Tags* tags_;
};

// S3 quotes the resource; IAM says "role name" for its own.
std::string shown_resource(const wire::Access& access) {
  if (access.action.starts_with("s3:")) return '"' + access.resource + '"';
  const bool is_iams_own = access.action.starts_with("iam:") && access.action != "iam:PassRole";
  const auto arn = is_iams_own ? aws::parse_arn(access.resource) : std::nullopt;
  if (!arn) return access.resource;
  const auto first = arn->resource.find('/');
  if (first == std::string::npos || arn->resource.ends_with('/')) return access.resource;
  return arn->resource.substr(0, first) + " " + arn->resource.substr(arn->resource.rfind('/') + 1);
}

std::string shown_principal(const wire::Principal& principal) {
  if (principal.kind == wire::Principal::Kind::anonymous) return "anonymous";
  return principal.kind == wire::Principal::Kind::service ? principal.service : principal.arn;
}

std::string sentence(const wire::Caller& caller, const wire::Access& access, policy::Decision decision) {
  std::string text = "User: " + shown_principal(caller.principal) + " is not authorized to perform: " + access.action +
                     " on resource: " + shown_resource(access);
  // AssumeRole never says why: that would tell a stranger about the role's trust policy.
  if (access.action == "sts:AssumeRole") return text;
  const auto because = [&](std::string_view kind) {
    return text + " because no " + std::string(kind) + " policy allows the " + access.action + " action";
  };
  switch (decision) {
    case policy::Decision::denied_by_identity:
      return text + " with an explicit deny in an identity-based policy";
    case policy::Decision::denied_by_session:
      return text + " with an explicit deny in a session policy";
    case policy::Decision::denied_by_resource:
      return text + " with an explicit deny in a resource-based policy";
    case policy::Decision::not_allowed_by_session:
      return because("session");
    case policy::Decision::not_allowed_by_resource:
      return because("resource-based");
    case policy::Decision::not_allowed_by_identity:
    case policy::Decision::allowed:
      break;
  }
  return because("identity-based");
}

}  // namespace

Authorizer::Identity Authorizer::read_identity(std::string_view bytes) {
  const User entity = read_user(bytes);  // what a role and a user have in common
  Identity identity{.id = entity.id, .tags = entity.tags, .documents = {}};
  for (const auto& [name, text] : entity.policies) {
    auto document = policy::parse(text, policy::DocumentKind::identity);
    if (!document) throw storage::StorageFailure("the policy " + name + " of " + entity.name + " is damaged");
    identity.documents.push_back(std::move(*document));
  }
  return identity;
}

std::shared_ptr<const Authorizer::Identity> Authorizer::identity_of(const wire::Principal& principal) {
  std::string key;
  if (principal.kind == wire::Principal::Kind::user) {
    key = user_key(principal.account, principal.user_name);
  } else if (principal.kind == wire::Principal::Kind::assumed_role) {
    key = role_key(principal.account, principal.role_arn.substr(principal.role_arn.rfind('/') + 1));
  } else {
    return nullptr;
  }
  const std::shared_ptr<const Identity> identity = identities_.find(store_.current(), key, &read_identity);
  if (!identity) return nullptr;
  // A role or user that was deleted and made anew isn't the one that these credentials were for.
  const std::string_view id = std::string_view(principal.id).substr(0, principal.id.find(':'));
  return id == identity->id ? identity : nullptr;
}

std::optional<std::string> Authorizer::denial(const wire::Caller& caller, const wire::Access& access) {
  const auto identity = identity_of(caller.principal);
  std::vector<const policy::Document*> identity_documents;
  if (identity) {
    for (const policy::Document& document : identity->documents) identity_documents.push_back(&document);
  }
  using Compiled = std::shared_ptr<const policy::Document>;
  std::vector<Compiled> kept;
  std::vector<const policy::Document*> session_documents;
  for (const std::string& text : caller.principal.session_policies) {
    kept.push_back(documents_.compile(text, policy::DocumentKind::identity));
    if (!kept.back()) return sentence(caller, access, policy::Decision::not_allowed_by_session);
    session_documents.push_back(kept.back().get());
  }
  const auto kind = access.action == "sts:AssumeRole" ? policy::DocumentKind::trust : policy::DocumentKind::resource;
  Compiled resource;
  if (access.resource_policy) {
    resource = documents_.compile(*access.resource_policy, kind);
    // Unlike AWS: a policy that can't be read can't be kept to, so it denies all but the root user, who may repair it.
    if (!resource && caller.principal.kind != wire::Principal::Kind::root) {
      return sentence(caller, access, policy::Decision::denied_by_resource);
    }
  }
  const RequestContext context(caller, access, identity ? &identity->tags : nullptr);
  const policy::Question question{caller.principal, access.action, access.resource, context};
  const policy::Policies policies{
      .identity = identity_documents,
      .session = session_documents,
      .resource = resource.get(),
      .resource_kind = kind,
      .same_account = access.resource_account.empty() || access.resource_account == caller.principal.account};
  const policy::Decision decision = policy::decide(question, policies);
  if (decision == policy::Decision::allowed) return std::nullopt;
  return sentence(caller, access, decision);
}

}  // namespace localcloud::iam
