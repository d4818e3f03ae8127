#include "localcloud/services/s3/buckets/policy.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "json/parse.hpp"
#include "localcloud/services/s3/errors.hpp"

namespace localcloud::s3 {
namespace {

// A statement's member as AWS has it: one string or a list of them. Nothing where it is anything else.
std::optional<std::vector<std::string_view>> strings_of(const json::Value& value) {
  if (value.is_string()) return std::vector<std::string_view>{value.as_string()};
  if (!value.is_array() || value.as_array().empty()) return std::nullopt;
  std::vector<std::string_view> strings;
  for (const json::Value& element : value.as_array()) {
    if (!element.is_string()) return std::nullopt;
    strings.push_back(element.as_string());
  }
  return strings;
}

bool is_this_bucket(std::string_view resource, std::string_view bucket) {
  constexpr std::string_view kPrefix = "arn:aws:s3:::";
  if (!resource.starts_with(kPrefix)) return false;
  const std::string_view named = resource.substr(kPrefix.size(), resource.find('/') - kPrefix.size());
  return named == bucket;
}

bool is_principal(const json::Value& value) {
  if (value.is_string()) return value.as_string() == "*";
  if (!value.is_object() || value.as_object().empty()) return false;
  constexpr std::array<std::string_view, 4> kKinds = {"AWS", "Service", "Federated", "CanonicalUser"};
  return std::ranges::all_of(value.as_object(), [&](const auto& member) {
    return std::ranges::find(kKinds, member.first) != kKinds.end() && strings_of(member.second).has_value();
  });
}

Result<Done> check_statement(const json::Value& statement, std::string_view bucket) {
  constexpr std::array<std::string_view, 9> kMembers = {
      "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"};
  if (!statement.is_object()) return failure(malformed_policy(kInvalidSyntax));
  for (const auto& [name, value] : statement.as_object()) {
    if (std::ranges::find(kMembers, name) == kMembers.end()) {
      return failure(malformed_policy("Unknown field " + name));
    }
  }
  const json::Value* effect = statement.find("Effect");
  if (!effect) return failure(malformed_policy("Missing required field Effect"));
  if (!effect->is_string() || (effect->as_string() != "Allow" && effect->as_string() != "Deny")) {
    return failure(malformed_policy("Invalid effect: " + std::string(statement.get_string("Effect").value_or(""))));
  }
  const json::Value* principal = statement.find("Principal");
  if (!principal) principal = statement.find("NotPrincipal");
  if (!principal) return failure(malformed_policy("Missing required field Principal"));
  if (!is_principal(*principal)) return failure(malformed_policy(kInvalidPrincipal));

  const json::Value* action = statement.find("Action");
  if (!action) action = statement.find("NotAction");
  if (!action) return failure(malformed_policy("Missing required field Action"));
  const auto actions = strings_of(*action);
  if (!actions || !std::ranges::all_of(*actions, [](std::string_view name) {
        return name == "*" || base::equal_ignoring_case(name.substr(0, 3), "s3:");
      })) {
    return failure(malformed_policy("Policy has invalid action"));
  }
  const json::Value* resource = statement.find("Resource");
  if (!resource) resource = statement.find("NotResource");
  if (!resource) return failure(malformed_policy("Missing required field Resource"));
  const auto resources = strings_of(*resource);
  if (!resources ||
      !std::ranges::all_of(*resources, [&](std::string_view name) { return is_this_bucket(name, bucket); })) {
    return failure(malformed_policy("Policy has invalid resource"));
  }
  const json::Value* condition = statement.find("Condition");
  if (condition && !condition->is_object()) return failure(malformed_policy("Invalid Condition type"));
  return Done{};
}

const json::Array* statements_of(const json::Value& policy, json::Array& scratch) {
  const json::Value* statement = policy.find("Statement");
  if (!statement) return nullptr;
  if (statement->is_array()) return &statement->as_array();
  scratch.push_back(*statement);
  return &scratch;
}

bool names_anybody(const json::Value& principal) {
  if (principal.is_string()) return principal.as_string() == "*";
  const json::Value* aws = principal.find("AWS");
  if (!aws) return false;
  const auto names = strings_of(*aws);
  return names && std::ranges::find(*names, "*") != names->end();
}

// Whether a condition binds the caller to fixed accounts, networks or resources.
bool ties_down(const json::Value& condition) {
  constexpr std::array<std::string_view, 14> kKeys = {"aws:sourcearn",         "aws:sourcevpc",
                                                      "aws:sourcevpce",        "aws:sourceaccount",
                                                      "aws:sourceowner",       "aws:sourceorgid",
                                                      "aws:sourceorgpaths",    "aws:principalorgid",
                                                      "aws:principalorgpaths", "aws:principalaccount",
                                                      "aws:principalarn",      "aws:userid",
                                                      "s3:dataaccesspointarn", "s3:dataaccesspointaccount"};
  for (const auto& [operation, keys] : condition.as_object()) {
    if (!keys.is_object() || base::lower(operation).find("not") != std::string::npos) continue;
    for (const auto& [key, value] : keys.as_object()) {
      const auto values = strings_of(value);
      const bool fixed = values && std::ranges::none_of(*values, [](std::string_view text) {
                           return text.find_first_of("*?$") != std::string_view::npos;
                         });
      if (fixed && std::ranges::find(kKeys, base::lower(key)) != kKeys.end()) return true;
    }
  }
  return false;
}

}  // namespace

Result<Done> check_bucket_policy(std::string_view text, std::string_view bucket) {
  if (text.empty() || text.front() != '{') {
    return failure(malformed_policy("Policies must be valid JSON and the first byte must be '{'"));
  }
  if (text.size() > kPolicyLengthMax) {
    return failure({"PolicyTooLarge", "The policy exceeds the maximum allowed document size.", 400});
  }
  const auto policy = json::parse(text, {.depth_max = 32});
  if (!policy) return failure(malformed_policy("This policy contains invalid Json"));
  constexpr std::array<std::string_view, 3> kMembers = {"Version", "Id", "Statement"};
  for (const auto& [name, value] : policy->as_object()) {
    if (std::ranges::find(kMembers, name) == kMembers.end()) {
      return failure(malformed_policy("Unknown field " + name));
    }
  }
  const auto version = policy->get_string("Version");
  if (policy->find("Version") && version != "2012-10-17" && version != "2008-10-17") {
    return failure(malformed_policy("The policy must contain a valid version string"));
  }
  json::Array scratch;
  const json::Array* statements = statements_of(*policy, scratch);
  if (!statements) return failure(malformed_policy("Missing required field Statement"));
  if (statements->empty()) return failure(malformed_policy("Could not parse the policy: Statement is empty!"));
  for (const json::Value& statement : *statements) TRY(check_statement(statement, bucket));
  return Done{};
}

bool is_public_policy(std::string_view text) {
  const auto policy = json::parse(text, {.depth_max = 32});
  if (!policy) return false;
  json::Array scratch;
  const json::Array* statements = statements_of(*policy, scratch);
  return statements && std::ranges::any_of(*statements, [](const json::Value& statement) {
           if (statement.get_string("Effect") != "Allow") return false;
           const json::Value* principal = statement.find("Principal");
           const bool anybody = principal ? names_anybody(*principal) : true;  // NotPrincipal lets all others in
           const json::Value* condition = statement.find("Condition");
           return anybody && !(condition && ties_down(*condition));
         });
}

}  // namespace localcloud::s3
