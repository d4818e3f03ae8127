// Tables by name, and items and keys against their schema.

#include "localcloud/services/dynamodb/lookup.hpp"

#include "localcloud/services/dynamodb/errors.hpp"

namespace localcloud::dynamodb {

namespace {

constexpr std::size_t kHashKeyMax = 2048;
constexpr std::size_t kRangeKeyMax = 1024;

TablePtr look_up(DynamoDb& room, const storage::Reader& reader, const wire::Caller& caller, const TableName& name) {
  // Another account's or region's table is not to be had here, whoever asks.
  if (!name.account.empty() && (name.account != caller.account || name.region != caller.region)) return nullptr;
  return room.tables.find(reader, table_key(caller.account, caller.region, name.name));
}

// "string" or "binary" where it is an empty one.
std::string_view empty_kind(const AttributeValue& value) {
  const auto* text = value.get_if<std::string>();
  if (text != nullptr && text->empty()) return "string";
  const auto* binary = value.get_if<Binary>();
  if (binary != nullptr && binary->bytes.empty()) return "binary";
  return "";
}

Result<Done> check_key_value(const KeyAttribute& key, const AttributeValue& value, std::size_t size_max) {
  if (const std::string_view kind = empty_kind(value); !kind.empty()) {
    return failure(
        validation("One or more parameter values are not valid. The AttributeValue for a key attribute "
                   "cannot contain an empty " +
                   std::string(kind) + " value. Key: " + key.name));
  }
  if (size_of(value) <= size_max) return Done{};
  // AWS leaves out this space.
  return failure(invalid_parameter(
      size_max == kHashKeyMax ? "Size of hashkey has exceeded the maximum size limit of2048 bytes"
                              : "Aggregated size of all range keys has exceeded the size limit of 1024 bytes"));
}

Result<Done> check_item_key(const KeyAttribute& key, const Item& item, std::size_t size_max) {
  const AttributeValue* value = item.find(key.name);
  if (value == nullptr) return failure(invalid_parameter("Missing the key " + key.name + " in the item"));
  if (value->type() != key.type) {
    return failure(invalid_parameter("Type mismatch for key " + key.name + " expected: " + std::string(name(key.type)) +
                                     " actual: " + std::string(name(value->type()))));
  }
  return check_key_value(key, *value, size_max);
}

enum class Origin { request, update };

Result<Done> check_index_key(const Index& index, const KeyAttribute& key, const Item& item, std::size_t size_max,
                             Origin origin) {
  const AttributeValue* value = item.find(key.name);
  if (value == nullptr) return Done{};
  const std::string_view kind = empty_kind(*value);
  if (value->type() != key.type) {
    if (origin == Origin::update) {
      return failure(
          validation("The update expression attempted to update the secondary index key to unsupported type"));
    }
    return failure(invalid_parameter("Type mismatch for Index Key " + key.name +
                                     " Expected: " + std::string(name(key.type)) +
                                     " Actual: " + std::string(name(value->type())) + " IndexName: " + index.name));
  }
  if (kind.empty()) return check_key_value(key, *value, size_max);
  if (origin == Origin::update) {
    return failure(
        validation("The update expression attempted to update the secondary index key to a value that is "
                   "not supported. The AttributeValue for a key attribute cannot contain an empty " +
                   std::string(kind) + " value."));
  }
  return failure(
      validation("One or more parameter values are not valid. A value specified for a secondary index key is "
                 "not supported. The AttributeValue for a key attribute cannot contain an empty " +
                 std::string(kind) + " value. IndexName: " + index.name + ", IndexKey: " + key.name));
}

Result<Done> check_index_keys(const Table& table, const Item& item, Origin origin) {
  for (const Index& index : table.indexes) {
    TRY(check_index_key(index, index.keys.hash, item, kHashKeyMax, origin));
    if (index.keys.range) TRY(check_index_key(index, *index.keys.range, item, kRangeKeyMax, origin));
  }
  return Done{};
}

}  // namespace

Result<TablePtr> find_table(DynamoDb& room, const storage::Reader& reader, const wire::Caller& caller,
                            const TableName& name) {
  TablePtr table = look_up(room, reader, caller, name);
  if (table == nullptr) return failure(resource_not_found());
  return table;
}

Result<TablePtr> find_named_table(DynamoDb& room, const storage::Reader& reader, const wire::Caller& caller,
                                  const TableName& name) {
  TablePtr table = look_up(room, reader, caller, name);
  if (table == nullptr) return failure(table_not_found(name.name));
  return table;
}

Result<std::size_t> check_item(const Table& table, const Item& item) {
  TRY(check_item_key(table.keys.hash, item, kHashKeyMax));
  if (table.keys.range) TRY(check_item_key(*table.keys.range, item, kRangeKeyMax));
  TRY(check_index_keys(table, item, Origin::request));
  const std::size_t size = size_of(item);
  if (size > kItemSizeMax) return failure(item_too_large());
  return size;
}

Result<std::size_t> check_updated_item(const Table& table, const Item& item) {
  TRY(check_index_keys(table, item, Origin::update));
  const std::size_t size = size_of(item);
  if (size > kItemSizeMax) return failure(updated_item_too_large());
  return size;
}

Result<Done> check_key(const Table& table, const Item& key) {
  const std::size_t wanted = table.keys.range ? 2 : 1;
  if (key.size() != wanted) return failure(key_element_does_not_match());
  for (const KeyAttribute* attribute : {&table.keys.hash, table.keys.range ? &*table.keys.range : nullptr}) {
    if (attribute == nullptr) continue;
    const AttributeValue* value = key.find(attribute->name);
    if (value == nullptr || value->type() != attribute->type) return failure(key_element_does_not_match());
    TRY(check_key_value(*attribute, *value, attribute == &table.keys.hash ? kHashKeyMax : kRangeKeyMax));
  }
  return Done{};
}

}  // namespace localcloud::dynamodb
