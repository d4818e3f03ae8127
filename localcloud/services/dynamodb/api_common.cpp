// Reading and writing what the shapes don't know by themselves: table names, items and values.

#include "localcloud/services/dynamodb/api_common.hpp"

#include <algorithm>

#include "json/write.hpp"
#include "localcloud/services/dynamodb/errors.hpp"
#include "localcloud/services/dynamodb/table.hpp"

namespace localcloud::dynamodb {

namespace {

bool is_name(std::string_view text) {
  return text.size() >= 3 && text.size() <= 255 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
                  c == '.';
         });
}

// What stands before the next colon.
std::string_view take_part(std::string_view& rest) {
  const std::size_t colon = std::min(rest.find(':'), rest.size());
  const std::string_view part = rest.substr(0, colon);
  rest.remove_prefix(std::min(colon + 1, rest.size()));
  return part;
}

}  // namespace

Result<TableName> read_table_name(const std::string& text) {
  constexpr std::string_view kArn = "arn:aws:dynamodb:";
  TableName table;
  std::string_view rest = text;
  if (rest.starts_with(kArn)) {
    rest.remove_prefix(kArn.size());
    table.region = take_part(rest);
    table.account = take_part(rest);
    constexpr std::string_view kKind = "table/";
    if (!rest.starts_with(kKind) || table.account.empty() || table.region.empty()) {
      return failure(validation("Invalid table ARN: " + text));
    }
    rest.remove_prefix(kKind.size());
  }
  if (!is_name(rest)) {
    return failure(
        validation("Invalid table/index name.  Table/index names must be between 3 and 255 characters long, "
                   "and may contain only the characters a-z, A-Z, 0-9, '_', '-', and '.'"));
  }
  table.name = rest;
  return table;
}

Result<Done> from_json(const json::Value& json, TableName& out) {
  if (!json.is_string()) {
    std::string found = json.is_number()                   ? "NUMBER_VALUE"
                        : json.is_bool() && json.as_bool() ? "TRUE_VALUE"
                                                           : "FALSE_VALUE";
    if (json.is_array() || json.is_object()) {
      return failure(serialization(json.is_array() ? "Start of list found where not expected"
                                                   : "Start of structure or map found where not expected."));
    }
    return failure(serialization(found + " cannot be converted to String"));
  }
  out = TRY(read_table_name(json.as_string()));
  return Done{};
}

void write_json(std::string& out, const TableName& table) {
  json::write_string(out, table.name);
}

std::string TableName::arn(const wire::Caller& caller) const {
  return table_arn(region.empty() ? caller.region : region, account.empty() ? caller.account : account, name);
}

std::string TableName::index_arn(const wire::Caller& caller, const std::string& index) const {
  return arn(caller) + "/index/" + index;
}

Result<Done> from_json(const json::Value& json, ItemInput& out) {
  out = TRY(item_from_json(json));
  return Done{};
}

Result<Done> from_json(const json::Value& json, ValueInput& out) {
  out = TRY(value_from_json(json));
  return Done{};
}

void write_json(std::string& out, const ItemInput& input) {
  write_json(out, input.item);
}
void write_json(std::string& out, const ValueInput& input) {
  write_json(out, input.value);
}

}  // namespace localcloud::dynamodb
