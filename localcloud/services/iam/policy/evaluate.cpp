// The evaluation logic.

#include "localcloud/services/iam/policy/evaluate.hpp"

#include <algorithm>

namespace localcloud::iam::policy {
namespace {

bool actions_match(const Statement& statement, const Question& question) {
  const bool any = std::ranges::any_of(statement.actions.list, [&](const Pattern& pattern) {
    return pattern.matches(question.action, question.context, Case::ignored);
  });
  return any != (statement.actions.inverted == Inverted::yes);
}

bool resources_match(const Statement& statement, const Question& question) {
  const auto& resources = statement.resources;
  if (resources.list.empty()) return true;  // a trust policy's
  const auto resolves = [&](const Pattern& pattern) { return pattern.resolves(question.context); };
  if (resources.inverted == Inverted::yes && !std::ranges::all_of(resources.list, resolves)) {
    return statement.effect == Effect::deny;
  }
  const bool any = std::ranges::any_of(
      resources.list, [&](const Pattern& pattern) { return pattern.matches_arn(question.resource, question.context); });
  return any != (resources.inverted == Inverted::yes);
}

bool conditions_hold(const Statement& statement, const Question& question) {
  const auto unresolved = statement.effect == Effect::deny ? Unresolved::holds : Unresolved::fails;
  return std::ranges::all_of(statement.conditions,
                             [&](const Condition& condition) { return condition.holds(question.context, unresolved); });
}

bool applies(const Statement& statement, const Question& question) {
  return actions_match(statement, question) && resources_match(statement, question) &&
         conditions_hold(statement, question);
}

Grant match_one(std::string_view named, const wire::Principal& asker) {
  const std::string root = "arn:aws:iam::" + asker.account + ":root";
  if (!asker.account.empty() && (named == asker.account || named == root)) {
    return asker.kind == wire::Principal::Kind::root ? Grant::to_principal : Grant::to_account;
  }
  if (asker.kind == wire::Principal::Kind::anonymous) return Grant::none;
  if (named == asker.arn) {
    return asker.kind == wire::Principal::Kind::assumed_role ? Grant::to_session : Grant::to_principal;
  }
  const std::string_view id = std::string_view(asker.id).substr(0, asker.id.find(':'));
  if (named == id) return Grant::to_principal;
  return !asker.role_arn.empty() && named == asker.role_arn ? Grant::to_principal : Grant::none;
}

// How a statement's principals name the asker.
Grant match(const Principals& principals, const wire::Principal& asker) {
  if (asker.kind == wire::Principal::Kind::service) {
    return std::ranges::find(principals.services, asker.service) != principals.services.end() ? Grant::to_principal
                                                                                              : Grant::none;
  }
  // Unlike AWS: a session that "*" allows is held to its session policies too.
  Grant best = principals.everyone ? Grant::to_principal : Grant::none;
  for (const std::string& named : principals.aws) best = std::max(best, match_one(named, asker));
  return best;
}

}  // namespace

Verdict ask_identity(const Document& document, const Question& question) {
  Verdict verdict = Verdict::silent;
  for (const Statement& statement : document.statements) {
    if (verdict == Verdict::allows && statement.effect == Effect::allow) continue;
    if (!applies(statement, question)) continue;
    if (statement.effect == Effect::deny) return Verdict::denies;
    verdict = Verdict::allows;
  }
  return verdict;
}

Grant ask_resource(const Document& document, const Question& question) {
  Grant best = Grant::none;
  for (const Statement& statement : document.statements) {
    if (!statement.principals) continue;
    Grant grant = match(*statement.principals, question.asker);
    if (statement.principals_inverted == Inverted::yes) {
      grant = grant == Grant::none ? Grant::to_principal : Grant::none;
    }
    if (grant == Grant::none || !applies(statement, question)) continue;
    if (statement.effect == Effect::deny) return Grant::denies;
    best = std::max(best, grant);
  }
  return best;
}

Decision decide(const Question& question, const Policies& policies) {
  Verdict identity = Verdict::silent;
  for (const Document* document : policies.identity) {
    const Verdict verdict = ask_identity(*document, question);
    if (verdict == Verdict::denies) return Decision::denied_by_identity;
    identity = std::max(identity, verdict);
  }
  bool session_allows = true;
  for (const Document* document : policies.session) {
    const Verdict verdict = ask_identity(*document, question);
    if (verdict == Verdict::denies) return Decision::denied_by_session;
    session_allows = session_allows && verdict == Verdict::allows;
  }
  const Grant grant = policies.resource != nullptr ? ask_resource(*policies.resource, question) : Grant::none;
  if (grant == Grant::denies) return Decision::denied_by_resource;

  // The root user's policy is that it may do everything in its own account. Who is nobody has only the resource's word.
  const auto kind = question.asker.kind;
  if (kind == wire::Principal::Kind::root) identity = Verdict::allows;
  if (kind == wire::Principal::Kind::anonymous || kind == wire::Principal::Kind::service) {
    return grant >= Grant::to_principal ? Decision::allowed : Decision::not_allowed_by_resource;
  }

  const bool resource_must_allow = !policies.same_account || policies.resource_kind == DocumentKind::trust;
  if (resource_must_allow && grant == Grant::none) return Decision::not_allowed_by_resource;
  const bool resource_is_enough = policies.same_account && grant >= Grant::to_principal;
  if (identity != Verdict::allows && !resource_is_enough) return Decision::not_allowed_by_identity;
  const bool past_the_session = policies.same_account && grant == Grant::to_session;
  if (!session_allows && !past_the_session) return Decision::not_allowed_by_session;
  return Decision::allowed;
}

}  // namespace localcloud::iam::policy
