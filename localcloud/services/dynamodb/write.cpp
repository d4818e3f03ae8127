// Conditions and updates.

#include "localcloud/services/dynamodb/write.hpp"

#include <algorithm>

#include "localcloud/services/dynamodb/errors.hpp"
#include "localcloud/services/dynamodb/lookup.hpp"

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

Result<Done> check_leaves_key(const Table& table, const Update& update) {
  for (const UpdateAction& action : update.actions) {
    const std::string& name = action.path.attribute();
    if (name == table.keys.hash.name || (table.keys.range && name == table.keys.range->name)) {
      return failure(invalid_parameter("Cannot update attribute " + name + ". This attribute is part of the key"));
    }
  }
  return Done{};
}

namespace {

bool makes_item(const std::optional<Update>& update) {
  return !update || std::any_of(update->actions.begin(), update->actions.end(), [](const UpdateAction& action) {
    return action.kind == UpdateAction::Kind::set || action.kind == UpdateAction::Kind::add;
  });
}

}  // namespace

Result<UpdatedItem> updated_item(const Table& table, const Item& key, const std::optional<StoredItem>& old,
                                 const std::optional<Update>& update) {
  UpdatedItem updated{.item = old ? old->item : key, .is_written = old || makes_item(update)};
  if (update) TRY(update->apply(updated.item));
  updated.size = TRY(check_updated_item(table, updated.item));
  return updated;
}

}  // namespace localcloud::dynamodb
