#pragma once
// Whether policies let somebody do something.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
//
// An explicit deny wins, then an allow, else it is denied. Within one account an allow by the identity's policies or by
// the resource's is enough; across accounts both must allow. A session's own policies must allow too. Pure.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "localcloud/services/iam/policy/context.hpp"
#include "localcloud/services/iam/policy/document.hpp"
#include "localcloud/wire/caller.hpp"

namespace localcloud::iam::policy {

struct Question {
  const wire::Principal& asker;
  std::string_view action;
  std::string_view resource;
  const Context& context;
};

enum class Verdict : std::uint8_t { silent, allows, denies };

// What an identity's or a session's policy says.
Verdict ask_identity(const Document& document, const Question& question);

// What a resource's policy says, and to whom it speaks: naming an account leaves the decision to that account's own
// policies; naming a session goes past the session's policies.
enum class Grant : std::uint8_t { none, denies, to_account, to_principal, to_session };
Grant ask_resource(const Document& document, const Question& question);

struct Policies {
  std::span<const Document* const> identity;
  std::span<const Document* const> session;
  const Document* resource = nullptr;
  DocumentKind resource_kind = DocumentKind::resource;  // trust: the resource's policy must allow, whatever else does
  bool same_account = true;
};

enum class Decision : std::uint8_t {
  allowed,
  denied_by_identity,
  denied_by_session,
  denied_by_resource,
  not_allowed_by_identity,
  not_allowed_by_session,
  not_allowed_by_resource,
};

Decision decide(const Question& question, const Policies& policies);

}  // namespace localcloud::iam::policy
