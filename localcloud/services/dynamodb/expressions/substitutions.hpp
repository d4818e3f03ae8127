#pragma once
// ExpressionAttributeNames and ExpressionAttributeValues of one request, and which of them its expressions use.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "localcloud/services/dynamodb/attribute_value.hpp"

namespace localcloud::dynamodb {

using Names = std::map<std::string, std::string>;

class Substitutions {
 public:
  // Checks what was given; `expressions` is how AWS's error lists the expressions that the request could have, all of
  // them absent, e.g. "ConditionExpression is null" ("" where there is one). What is given must outlive this.
  static Result<Substitutions> check(const std::optional<Names>& names, const std::optional<ItemInput>& values,
                                     std::string_view absent_expressions);

  // Nothing where it isn't defined. `ref` comes with its # or :.
  const std::string* find_name(std::string_view ref);
  const AttributeValue* find_value(std::string_view ref);

  // The error for those that no expression used; to be asked after all were parsed.
  Result<Done> check_all_used() const;

 private:
  const Names* names_ = nullptr;
  const Item* values_ = nullptr;
  std::set<std::string, std::less<>> used_;
};

}  // namespace localcloud::dynamodb
