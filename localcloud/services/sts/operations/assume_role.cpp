// Credentials of a role, for a while.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html

#include <algorithm>

#include "aws/arn.hpp"
#include "localcloud/services/sts/errors.hpp"
#include "localcloud/services/sts/service.hpp"

namespace localcloud::sts {
namespace {

constexpr std::int64_t kDefaultDuration_s = 3600;
constexpr std::int64_t kChainedDurationMax_s = 3600;
constexpr std::size_t kPolicyMax = 2048;

}  // namespace

bool is_session_name(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_+=,.@-").find(c) != std::string_view::npos;
  });
}

std::vector<wire::Access> access(Sts& room, const wire::Caller&, const AssumeRole::Input& input) {
  wire::Access access{.action = "sts:AssumeRole",
                      .resource = input.role_arn,
                      .context = {{"sts:RoleSessionName", {input.role_session_name}}}};
  if (input.external_id) access.context.push_back({"sts:ExternalId", {*input.external_id}});
  // A role that isn't there is refused as one that may not be assumed is: nobody learns which roles exist.
  if (const auto arn = aws::parse_arn(input.role_arn)) access.resource_account = arn->account;
  if (const auto role = room.roles.find(input.role_arn)) access.resource_policy = role->trust_policy;
  return {std::move(access)};
}

Result<AssumeRole::Output> assume_role(Sts& room, const wire::Caller& caller, AssumeRole::Input input) {
  const auto role = room.roles.find(input.role_arn);
  if (!role) return failure(errors::not_an_arn(input.role_arn));
  if (caller.principal.kind == wire::Principal::Kind::root) return failure(errors::root_may_not_assume());

  const std::int64_t duration_s = input.duration_seconds.value_or(kDefaultDuration_s);
  if (duration_s > role->session_max_s) return failure(errors::longer_than_role_allows());
  const bool is_chained = caller.principal.kind == wire::Principal::Kind::assumed_role;
  if (is_chained && duration_s > kChainedDurationMax_s) return failure(errors::longer_than_chaining_allows());

  AssumeRole::Output output;
  if (input.policy) {
    const std::size_t percent = input.policy->size() * 100 / kPolicyMax;
    // Unlike AWS: the policy's plain length counts, not that of its packed form.
    if (input.policy->size() > kPolicyMax) return failure(errors::policy_too_large(percent));
    if (auto problem = room.roles.policy_problem(*input.policy)) {
      return failure(errors::malformed_policy(std::move(*problem)));
    }
    output.packed_policy_size = static_cast<std::int32_t>(percent);
  }
  Session session = room.roles.mint(*role, input.role_session_name, duration_s, input.policy);
  output.assumed_role_user = {.assumed_role_id = std::move(session.id), .arn = std::move(session.arn)};
  output.credentials = {.access_key_id = std::move(session.access_key_id),
                        .secret_access_key = std::move(session.secret_access_key),
                        .session_token = std::move(session.session_token),
                        .expiration = {session.expires}};
  return output;
}

}  // namespace localcloud::sts
