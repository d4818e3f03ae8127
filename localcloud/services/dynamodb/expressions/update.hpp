#pragma once
// UpdateExpression: SET, REMOVE, ADD and DELETE.

#include <string_view>
#include <vector>

#include "localcloud/services/dynamodb/expressions/path.hpp"
#include "localcloud/services/dynamodb/expressions/substitutions.hpp"

namespace localcloud::dynamodb {

// What SET gives a path: an operand, a function of operands, or the sum or difference of two.
struct SetValue {
  enum class Kind { path, value, if_not_exists, list_append, plus, minus };
  Kind kind;
  Path path = {};                       // of path and if_not_exists
  AttributeValue value = {};            // of value
  std::vector<SetValue> operands = {};  // of if_not_exists (1) and of list_append, plus and minus (2)
};

struct UpdateAction {
  enum class Kind { set, remove, add, del };
  Kind kind;
  Path path;
  SetValue value;  // of set; for add and del a value
};

struct Update {
  std::vector<UpdateAction> actions;

  // Every value is taken from the item as it was, before anything changes it.
  Result<Done> apply(Item& item) const;
  std::vector<Path> targets() const;
};

Result<Update> parse_update(std::string_view text, Substitutions& substitutions);

}  // namespace localcloud::dynamodb
