// What follows from a table's settings.

#include "localcloud/services/dynamodb/table.hpp"

#include <algorithm>

namespace localcloud::dynamodb {

std::string table_arn(std::string_view region, std::string_view account, std::string_view table) {
  std::string arn = "arn:aws:dynamodb:";
  arn.append(region).append(":").append(account).append(":table/").append(table);
  return arn;
}

std::string Table::arn() const {
  return table_arn(region, account, name);
}

const Index* Table::find_index(std::string_view index_name) const {
  const auto found =
      std::find_if(indexes.begin(), indexes.end(), [&](const Index& index) { return index.name == index_name; });
  return found == indexes.end() ? nullptr : &*found;
}

bool Table::has_local_indexes() const {
  return std::any_of(indexes.begin(), indexes.end(),
                     [](const Index& index) { return index.scope == Index::Scope::local; });
}

std::optional<std::uint64_t> expiry_of(const Table& table, const Item& item) {
  if (table.ttl_attribute.empty()) return std::nullopt;
  const AttributeValue* value = item.find(table.ttl_attribute);
  const Number* number = value != nullptr ? value->get_if<Number>() : nullptr;
  const std::optional<std::int64_t> seconds = number != nullptr ? number->as_int64() : std::nullopt;
  if (!seconds || *seconds <= 0) return std::nullopt;
  return static_cast<std::uint64_t>(*seconds);
}

namespace {

void add_keys(const KeySchema& keys, const Item& item, Item& out) {
  for (const KeyAttribute* key : {&keys.hash, keys.range ? &*keys.range : nullptr}) {
    const AttributeValue* value = key != nullptr ? item.find(key->name) : nullptr;
    if (value != nullptr) out.set(key->name, *value);
  }
}

}  // namespace

Item key_of(const Table& table, const Index* index, const Item& item) {
  Item key;
  add_keys(table.keys, item, key);
  if (index != nullptr) add_keys(index->keys, item, key);
  return key;
}

Item project_to_index(const Table& table, const Index& index, const Item& item) {
  if (index.projection == Projection::all) return item;
  Item out = key_of(table, &index, item);
  for (const std::string& name : index.included) {
    if (const AttributeValue* value = item.find(name)) out.set(name, *value);
  }
  return out;
}

}  // namespace localcloud::dynamodb
