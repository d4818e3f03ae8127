// Conditions of writes.

#include "localcloud/services/dynamodb/write.hpp"

#include "localcloud/services/dynamodb/errors.hpp"

namespace localcloud::dynamodb {

ServiceError condition_failed(const std::optional<StoredItem>& old, std::optional<ReturnOnFailure> wanted) {
  ServiceError error = conditional_check_failed();
  if (old && wanted == ReturnOnFailure::all_old) {
    std::string item;
    write_json(item, old->item);
    error.members.emplace_back("Item", std::move(item));
  }
  return error;
}

Result<Done> check_condition(const std::optional<Condition>& condition, const std::optional<StoredItem>& old,
                             std::optional<ReturnOnFailure> wanted) {
  static const Item kNothing;
  if (!condition || condition->holds_for(old ? old->item : kNothing)) return Done{};
  return failure(condition_failed(old, wanted));
}

}  // namespace localcloud::dynamodb
