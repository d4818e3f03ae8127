#include "localcloud/services/iam/principals.hpp"

#include <functional>

#include "aws/arn.hpp"
#include "json/parse.hpp"
#include "json/write.hpp"
#include "localcloud/services/iam/records.hpp"

namespace localcloud::iam {

namespace {

using Rename = std::function<std::string(const std::string&)>;

// Renames the AWS principals of one statement; says whether that changed any.
bool rename_in(json::Value& statement, const Rename& rename) {
  bool changed = false;
  const auto rename_one = [&](json::Value& name) {
    std::string renamed = rename(name.as_string());
    changed = changed || renamed != name.as_string();
    name = json::Value(std::move(renamed));
  };
  for (const std::string_view element : {"Principal", "NotPrincipal"}) {
    json::Value* const principal = statement.as_object().find(element);
    json::Value* const names = principal && principal->is_object() ? principal->as_object().find("AWS") : nullptr;
    if (!names) continue;
    if (!names->is_array()) {
      rename_one(*names);
      continue;
    }
    for (json::Value& name : names->as_array()) rename_one(name);
  }
  return changed;
}

std::string rename_principals(std::string_view policy, const Rename& rename) {
  auto document = json::parse(policy);
  if (!document) return std::string(policy);
  json::Value& statements = document->as_object()["Statement"];
  bool changed = false;
  if (statements.is_array()) {
    for (json::Value& statement : statements.as_array()) changed = rename_in(statement, rename) || changed;
  } else {
    changed = rename_in(statements, rename);
  }
  return changed ? json::write(*document) : std::string(policy);
}

std::optional<std::string> find_id(const storage::Reader& reader, const aws::Arn& arn, std::string_view text) {
  const std::string name = arn.resource.substr(arn.resource.rfind('/') + 1);
  if (arn.resource.starts_with("role/")) {
    const auto role = find_role(reader, arn.account, name);
    if (role && role->arn() == text) return role->id;
  } else if (arn.resource.starts_with("user/")) {
    const auto user = find_user(reader, arn.account, name);
    if (user && user->arn() == text) return user->id;
  }
  return std::nullopt;
}

}  // namespace

std::expected<std::string, policy::Problem> pin_principals(const storage::Reader& reader, std::string_view policy) {
  std::optional<policy::Problem> problem;
  std::string pinned = rename_principals(policy, [&](const std::string& named) {
    const auto arn = aws::parse_arn(named);
    if (!arn || arn->service != "iam" || arn->resource == "root" || !has_account(reader, arn->account)) return named;
    const auto id = find_id(reader, *arn, named);
    if (!id) problem = policy::invalid_principal("AWS", named);
    return id.value_or(named);
  });
  if (problem) return std::unexpected(std::move(*problem));
  return pinned;
}

std::string show_principals(const storage::Reader& reader, std::string_view policy) {
  return rename_principals(policy, [&](const std::string& named) { return find_arn(reader, named).value_or(named); });
}

}  // namespace localcloud::iam
