// Names and values that expressions refer to.

#include "localcloud/services/dynamodb/expressions/substitutions.hpp"

#include <algorithm>

#include "localcloud/services/dynamodb/errors.hpp"

namespace localcloud::dynamodb {

namespace {

bool is_reference(std::string_view key, char sign) {
  return key.size() > 1 && key[0] == sign && std::all_of(key.begin() + 1, key.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
         });
}

ServiceError bad_key(std::string_view parameter, std::string_view key) {
  return validation(std::string(parameter) + " contains invalid key: Syntax error; key: \"" + std::string(key) + "\"");
}

ServiceError unused(std::string_view parameter, const std::string& keys) {
  return validation("Value provided in " + std::string(parameter) + " unused in expressions: keys: {" + keys + "}");
}

}  // namespace

Result<Substitutions> Substitutions::check(const std::optional<Names>& names, const std::optional<ItemInput>& values,
                                           std::string_view absent_expressions) {
  Substitutions substitutions;
  if (names) {
    if (!absent_expressions.empty()) {
      return failure(validation("ExpressionAttributeNames can only be specified when using expressions"));
    }
    if (names->empty()) return failure(validation("ExpressionAttributeNames must not be empty"));
    for (const auto& [key, name] : *names) {
      if (!is_reference(key, '#')) return failure(bad_key("ExpressionAttributeNames", key));
    }
    substitutions.names_ = &*names;
  }
  if (values) {
    if (!absent_expressions.empty()) {
      return failure(validation("ExpressionAttributeValues can only be specified when using expressions: " +
                                std::string(absent_expressions)));
    }
    if (values->item.empty()) return failure(validation("ExpressionAttributeValues must not be empty"));
    for (const auto& [key, value] : values->item) {
      if (!is_reference(key, ':')) return failure(bad_key("ExpressionAttributeValues", key));
    }
    if (values->problem) {
      return failure(validation("ExpressionAttributeValues contains invalid value: " + values->problem->message +
                                " for key " + values->problem->name));
    }
    substitutions.values_ = &values->item;
  }
  return substitutions;
}

const std::string* Substitutions::find_name(std::string_view ref) {
  if (names_ == nullptr) return nullptr;
  const auto found = names_->find(std::string(ref));
  if (found == names_->end()) return nullptr;
  used_.emplace(ref);
  return &found->second;
}

const AttributeValue* Substitutions::find_value(std::string_view ref) {
  const AttributeValue* found = values_ != nullptr ? values_->find(ref) : nullptr;
  if (found != nullptr) used_.emplace(ref);
  return found;
}

Result<Done> Substitutions::check_all_used() const {
  std::string keys;
  const auto add_unused = [&](const std::string& key) {
    if (used_.contains(key)) return;
    if (!keys.empty()) keys += ", ";
    keys += key;
  };
  if (names_ != nullptr) {
    for (const auto& [key, name] : *names_) add_unused(key);
    if (!keys.empty()) return failure(unused("ExpressionAttributeNames", keys));
  }
  if (values_ != nullptr) {
    for (const auto& [key, value] : *values_) add_unused(key);
    if (!keys.empty()) return failure(unused("ExpressionAttributeValues", keys));
  }
  return Done{};
}

}  // namespace localcloud::dynamodb
