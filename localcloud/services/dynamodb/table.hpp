#pragma once
// What is known of a table: its keys, its indexes, its settings. Plain data.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "localcloud/services/dynamodb/attribute_value.hpp"
#include "localcloud/services/dynamodb/expressions/key_condition.hpp"

namespace localcloud::dynamodb {

enum class Projection { all, keys_only, include };

struct Throughput {
  std::int64_t read_units = 0;
  std::int64_t write_units = 0;
  bool operator==(const Throughput&) const = default;
};

struct Index {
  enum class Scope { local, global };

  std::string name;
  Scope scope = Scope::global;
  KeySchema keys;
  Projection projection = Projection::all;
  std::vector<std::string> included;  // beyond the keys, where the projection includes some
  Throughput throughput;              // 0 where the table is paid per request
  bool operator==(const Index&) const = default;
};

struct Table {
  std::uint64_t number = 0;  // ours: what its items' keys begin with; never used twice
  std::string account;
  std::string region;
  std::string name;
  std::string id;  // AWS's TableId
  base::Time created;
  KeySchema keys;
  std::vector<KeyAttribute> attributes;  // AttributeDefinitions
  std::vector<Index> indexes;
  bool pay_per_request = false;
  Throughput throughput;
  bool infrequent_access = false;
  bool deletion_protected = false;
  std::map<std::string, std::string> tags;
  std::string ttl_attribute;  // empty: no expiry
  base::Time ttl_changed;
  bool point_in_time_recovery = false;
  std::int64_t recovery_days = 35;
  base::Time recovery_since;

  std::string arn() const;
  const Index* find_index(std::string_view index_name) const;
  bool has_local_indexes() const;
  bool operator==(const Table&) const = default;
};

std::string table_arn(std::string_view region, std::string_view account, std::string_view table);

// The moment, in seconds since 1970, at which the item expires, where the table has items expire and this one does.
std::optional<std::uint64_t> expiry_of(const Table& table, const Item& item);

// What an index keeps of an item: its projection, keys always.
Item project_to_index(const Table& table, const Index& index, const Item& item);

// The key attributes of an item that has them: of the table, and of the index too where one is given.
Item key_of(const Table& table, const Index* index, const Item& item);

}  // namespace localcloud::dynamodb
