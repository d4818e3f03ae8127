// Sessions of roles.

#include "localcloud/services/iam/sessions.hpp"

#include <algorithm>

#include "aws/arn.hpp"
#include "base/text.hpp"
#include "json/parse.hpp"
#include "json/write.hpp"
#include "localcloud/services/iam/errors.hpp"
#include "localcloud/services/iam/policy/evaluate.hpp"
#include "localcloud/services/iam/records.hpp"

namespace localcloud::iam {
namespace {

// The context of a service that assumes a role for one of its resources.
class ServiceContext final : public policy::Context {
 public:
  explicit ServiceContext(const RoleSessions::ServiceRequest& request) : request_(request) {}

  std::optional<std::vector<std::string>> find(std::string_view lower_key) const override {
    if (lower_key == "aws:sourcearn" && !request_.source_arn.empty()) return std::vector{request_.source_arn};
    if (lower_key == "aws:sourceaccount" && !request_.source_account.empty())
      return std::vector{request_.source_account};
    if (lower_key == "aws:principalisawsservice") return std::vector<std::string>{"true"};
    if (lower_key == "aws:principalservicename") return std::vector{request_.service};
    return std::nullopt;
  }

 private:
  const RoleSessions::ServiceRequest& request_;
};

wire::Principal principal_of(const RoleToAssume& role, std::string_view session_name,
                             std::vector<std::string> session_policies) {
  return {.kind = wire::Principal::Kind::assumed_role,
          .account = role.account,
          .arn = aws::make_arn("sts", "", role.account, "assumed-role/" + role.name + "/" + std::string(session_name)),
          .id = role.id + ":" + std::string(session_name),
          .role_arn = role.arn,
          .session_policies = std::move(session_policies)};
}

bool fits_session_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_+=,.@-").find(c) != std::string_view::npos;
}

// What services name sessions after (functions, executions) may hold what a session's name may not.
std::string fitting_session_name(std::string_view text) {
  std::string name(text.substr(0, 64));
  for (char& c : name) {
    if (!fits_session_name(c)) c = '-';
  }
  return name.size() < 2 ? name + "--" : name;
}

}  // namespace

bool is_session_name(std::string_view text) {
  return text.size() >= 2 && text.size() <= 64 && std::ranges::all_of(text, fits_session_name);
}

RoleSessions::RoleSessions(storage::Store& store, std::string_view key, const base::Clock& clock, base::Ids& ids)
    : store_(store), seal_(key, "session tokens", ids), clock_(clock), ids_(ids) {}

RoleSessions::KeptRole RoleSessions::read_kept_role(std::string_view bytes) {
  Role role = read_role(bytes);
  auto trust = policy::parse(role.trust, policy::DocumentKind::trust);
  KeptRole kept{.role = {.arn = role.arn(),
                         .id = std::move(role.id),
                         .account = std::move(role.account),
                         .name = std::move(role.name),
                         .trust = std::move(role.trust),
                         .session_max_s = role.session_max_s},
                .trust = {}};
  if (trust) kept.trust = *std::move(trust);
  return kept;
}

std::shared_ptr<const RoleSessions::KeptRole> RoleSessions::kept_role(std::string_view role_arn) {
  const auto arn = aws::parse_arn(role_arn);
  if (!arn || arn->service != "iam" || !arn->resource.starts_with("role/")) return nullptr;
  const std::string_view name = std::string_view(arn->resource).substr(arn->resource.rfind('/') + 1);
  auto kept = roles_.find(store_.current(), role_key(arn->account, name), &read_kept_role);
  return kept && kept->role.arn == role_arn ? kept : nullptr;
}

std::optional<RoleToAssume> RoleSessions::find_role(std::string_view role_arn) {
  const auto kept = kept_role(role_arn);
  return kept ? std::optional(kept->role) : std::nullopt;
}

SessionCredentials RoleSessions::mint(const RoleToAssume& role, std::string_view session_name, std::int64_t duration_s,
                                      std::vector<std::string> session_policies) {
  SessionCredentials minted;
  minted.access_key_id = "ASIA" + ids_.letters_and_digits(16);
  std::string random(30, '\0');
  ids_.fill({reinterpret_cast<std::byte*>(random.data()), random.size()});
  minted.secret_access_key = base::to_base64(random);
  minted.expires = clock_.now() + std::chrono::seconds{duration_s};
  minted.principal = principal_of(role, session_name, std::move(session_policies));

  json::Array policies;
  for (const std::string& each : minted.principal.session_policies) policies.emplace_back(each);
  const json::Object session = {{"secret", minted.secret_access_key},
                                {"expires", base::to_unix_us(minted.expires)},
                                {"account", role.account},
                                {"role", role.arn},
                                {"name", role.name},
                                {"id", role.id},
                                {"session", std::string(session_name)},
                                {"policies", std::move(policies)}};
  minted.session_token = seal_.close(json::write(session), minted.access_key_id);
  return minted;
}

Result<std::shared_ptr<const RoleSessions::KeptRole>> RoleSessions::trusted(const ServiceRequest& request) {
  const auto denied = [&] { return failure(errors::service_may_not_assume(request.service, request.role_arn)); };
  auto kept = kept_role(request.role_arn);
  if (!kept || !kept->trust) return denied();
  const wire::Principal asker{.kind = wire::Principal::Kind::service, .service = request.service};
  const ServiceContext context(request);
  const policy::Question question{asker, "sts:AssumeRole", kept->role.arn, context};
  const policy::Policies policies{.resource = &*kept->trust, .resource_kind = policy::DocumentKind::trust};
  if (policy::decide(question, policies) != policy::Decision::allowed) return denied();
  return kept;
}

Result<SessionCredentials> RoleSessions::mint_for_service(const ServiceRequest& request) {
  const auto kept = TRY(trusted(request));
  return mint(kept->role, fitting_session_name(request.session_name), request.duration_s, {});
}

Result<wire::Principal> RoleSessions::principal_for_service(const ServiceRequest& request) {
  const auto kept = TRY(trusted(request));
  return principal_of(kept->role, fitting_session_name(request.session_name), {});
}

std::optional<wire::Credential> RoleSessions::open(std::string_view access_key_id,
                                                   std::string_view session_token) const {
  const auto text = seal_.open(session_token, access_key_id);
  if (!text) return std::nullopt;
  const auto session = json::parse(*text);
  if (!session) return std::nullopt;
  const auto get = [&](std::string_view name) { return std::string(session->get_string(name).value_or("")); };
  std::vector<std::string> policies;
  for (const json::Value& each : session->find("policies")->as_array()) policies.push_back(each.as_string());
  const RoleToAssume role{.arn = get("role"), .id = get("id"), .account = get("account"), .name = get("name")};
  return wire::Credential{.access_key_id = std::string(access_key_id),
                          .secret_access_key = get("secret"),
                          .principal = principal_of(role, get("session"), std::move(policies)),
                          .expires = base::from_unix_us(session->get_int64("expires").value_or(0))};
}

}  // namespace localcloud::iam
