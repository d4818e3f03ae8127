// A table as the store keeps it.

#include "base/check.hpp"
#include "localcloud/services/dynamodb/encoding.hpp"
#include "localcloud/services/dynamodb/records.hpp"

namespace localcloud::dynamodb {

namespace {

constexpr std::uint8_t kVersion = 1;

class Fields {
 public:
  void add(std::string_view text) { append_bytes(bytes, text); }
  void add_number(std::int64_t number) { append_varint(bytes, static_cast<std::uint64_t>(number)); }
  void add(base::Time time) { add_number(base::to_unix_us(time)); }
  void add(const KeyAttribute& attribute) {
    add(attribute.name);
    add_number(static_cast<std::int64_t>(attribute.type));
  }
  void add(const KeySchema& keys) {
    add(keys.hash);
    add_number(keys.range ? 1 : 0);
    if (keys.range) add(*keys.range);
  }
  void add(const Throughput& throughput) {
    add_number(throughput.read_units);
    add_number(throughput.write_units);
  }
  void add(const Index& index) {
    add(index.name);
    add_number(static_cast<std::int64_t>(index.scope));
    add(index.keys);
    add_number(static_cast<std::int64_t>(index.projection));
    add_number(static_cast<std::int64_t>(index.included.size()));
    for (const std::string& name : index.included) add(name);
    add(index.throughput);
  }

  std::string bytes;
};

std::int64_t number(ByteReader& in) {
  return static_cast<std::int64_t>(in.varint());
}
base::Time time(ByteReader& in) {
  return base::from_unix_us(number(in));
}

KeyAttribute key_attribute(ByteReader& in) {
  std::string name = in.text();
  return {std::move(name), static_cast<Type>(in.varint())};
}

KeySchema key_schema(ByteReader& in) {
  KeySchema keys{key_attribute(in), std::nullopt};
  if (in.varint() != 0) keys.range = key_attribute(in);
  return keys;
}

Throughput throughput(ByteReader& in) {
  Throughput units;
  units.read_units = number(in);
  units.write_units = number(in);
  return units;
}

Index read_index(ByteReader& in) {
  Index index;
  index.name = in.text();
  index.scope = static_cast<Index::Scope>(in.varint());
  index.keys = key_schema(in);
  index.projection = static_cast<Projection>(in.varint());
  index.included.resize(in.varint());
  for (std::string& name : index.included) name = in.text();
  index.throughput = throughput(in);
  return index;
}

}  // namespace

std::string encode(const Table& table) {
  Fields out;
  out.add_number(kVersion);
  append_varint(out.bytes, table.number);
  for (const std::string* text : {&table.account, &table.region, &table.name, &table.id}) out.add(*text);
  out.add(table.created);
  out.add(table.keys);
  out.add_number(static_cast<std::int64_t>(table.attributes.size()));
  for (const KeyAttribute& attribute : table.attributes) out.add(attribute);
  out.add_number(static_cast<std::int64_t>(table.indexes.size()));
  for (const Index& index : table.indexes) out.add(index);
  out.add_number(table.pay_per_request);
  out.add(table.throughput);
  out.add_number(table.infrequent_access);
  out.add_number(table.deletion_protected);
  out.add_number(static_cast<std::int64_t>(table.tags.size()));
  for (const auto& [key, value] : table.tags) {
    out.add(key);
    out.add(value);
  }
  out.add(table.ttl_attribute);
  out.add(table.ttl_changed);
  out.add_number(table.point_in_time_recovery);
  out.add_number(table.recovery_days);
  out.add(table.recovery_since);
  return std::move(out.bytes);
}

Table decode_table(std::string_view bytes) {
  ByteReader in(bytes);
  CHECK(in.varint() == kVersion);
  Table table;
  table.number = in.varint();
  for (std::string* text : {&table.account, &table.region, &table.name, &table.id}) *text = in.text();
  table.created = time(in);
  table.keys = key_schema(in);
  table.attributes.resize(in.varint());
  for (KeyAttribute& attribute : table.attributes) attribute = key_attribute(in);
  table.indexes.resize(in.varint());
  for (Index& index : table.indexes) index = read_index(in);
  table.pay_per_request = in.varint() != 0;
  table.throughput = throughput(in);
  table.infrequent_access = in.varint() != 0;
  table.deletion_protected = in.varint() != 0;
  const std::uint64_t tags = in.varint();
  for (std::uint64_t i = 0; i < tags; ++i) {
    std::string key = in.text();
    table.tags.emplace(std::move(key), in.text());
  }
  table.ttl_attribute = in.text();
  table.ttl_changed = time(in);
  table.point_in_time_recovery = in.varint() != 0;
  table.recovery_days = number(in);
  table.recovery_since = time(in);
  return table;
}

}  // namespace localcloud::dynamodb
