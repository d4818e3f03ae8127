// Tables and items as keys and values. README.md shows how the keys lie.

#include "localcloud/services/dynamodb/records.hpp"

#include <array>

#include "base/check.hpp"
#include "localcloud/services/dynamodb/encoding.hpp"
#include "localcloud/storage/keys.hpp"

namespace localcloud::dynamodb {

namespace {

using storage::Key;
using storage::Step;

constexpr std::string_view kRoom = "dynamodb";
constexpr std::string_view kTable = "table";
constexpr std::string_view kNumber = "number";  // table number ▶ the table's key
constexpr std::string_view kItem = "item";
constexpr std::string_view kCount = "count";
constexpr std::string_view kExpiry = "expiry";
constexpr std::string_view kFill = "expiry-fill";  // table number ▶ the item key where to go on
constexpr std::string_view kErase = "erase";       // table number

// The table's own items lie at 0, those of its indexes at 1 and on.
char place_of(const Table& table, const Index* index) {
  return static_cast<char>(index == nullptr ? 0 : index - table.indexes.data() + 1);
}

std::string items_prefix(std::uint64_t number) {
  return Key(kRoom).add(kItem).add(number).bytes();
}

std::string place_prefix(const Table& table, const Index* index) {
  return items_prefix(table.number) + place_of(table, index);
}

// Scans go by a hash of the partition key, as AWS's do, so that the segments of a parallel scan are ranges. FNV-1a.
void write_bucket(char* out, std::string_view partition) {
  std::uint32_t hash = 2166136261u;
  for (const char c : partition) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  hash ^= hash >> 16;
  out[0] = static_cast<char>(hash >> 8);
  out[1] = static_cast<char>(hash);
}

void append_partition(std::string& out, const AttributeValue& hash) {
  const std::size_t bucket = out.size();
  out.append(2, '\0');
  append_ordered(out, hash);
  write_bucket(out.data() + bucket, std::string_view(out).substr(bucket + 2));
}

const AttributeValue& must_have(const Item& item, const KeyAttribute& key) {
  const AttributeValue* value = item.find(key.name);
  CHECK(value != nullptr && value->type() == key.type);
  return *value;
}

void append_key(std::string& out, const KeySchema& keys, const Item& item) {
  append_partition(out, must_have(item, keys.hash));
  if (keys.range) append_ordered(out, must_have(item, *keys.range));
}

std::string encode_stored(const Item& item, std::size_t size) {
  constexpr std::size_t kMemberMax = 6;  // what most members need besides their name and value
  std::string bytes;
  bytes.reserve(size + kMemberMax * (item.size() + 1));
  append_varint(bytes, size);
  append_item(bytes, item);
  return bytes;
}

std::string number_key(std::uint64_t number) {
  return Key(kRoom).add(kNumber).add(number).bytes();
}
std::string count_key(std::uint64_t number) {
  return Key(kRoom).add(kCount).add(number).bytes();
}

std::string expiry_key(std::uint64_t at_s, std::string_view key) {
  return Key(kRoom).add(kExpiry).add(at_s).add_raw(key).bytes();
}

}  // namespace

std::string table_key(std::string_view account, std::string_view region, std::string_view name) {
  return Key(kRoom).add(kTable).add(account).add(region).add(name).bytes();
}

void put_table(storage::Transaction& transaction, const Table& table) {
  const std::string key = table_key(table.account, table.region, table.name);
  transaction.put(key, encode(table));
  transaction.put(number_key(table.number), key);
}

void remove_table(storage::Transaction& transaction, const Table& table) {
  transaction.erase(table_key(table.account, table.region, table.name));
  transaction.erase(number_key(table.number));
  transaction.erase(count_key(table.number));
  transaction.erase(Key(kRoom).add(kFill).add(table.number));
  transaction.put(Key(kRoom).add(kErase).add(table.number), "");
}

void for_each_table_name(const storage::Reader& reader, std::string_view account, std::string_view region,
                         std::string_view after, const std::function<Step(std::string)>& visit) {
  const std::string prefix = Key(kRoom).add(kTable).add(account).add(region).bytes();
  const std::string from = after.empty() ? prefix : table_key(account, region, after) + '\0';
  reader.scan(from, storage::after_prefix(prefix), [&](std::string_view key, std::string_view) {
    storage::KeyReader parts(key.substr(prefix.size()));
    return visit(parts.text());
  });
}

std::vector<Count> read_counts(const storage::Reader& reader, const Table& table) {
  std::vector<Count> counts(table.indexes.size() + 1);
  const std::optional<std::string> bytes = reader.get(count_key(table.number));
  if (!bytes) return counts;
  ByteReader in(*bytes);
  for (Count& count : counts) {
    count.items = static_cast<std::int64_t>(in.varint());
    count.bytes = static_cast<std::int64_t>(in.varint());
  }
  return counts;
}

std::string item_key(const Table& table, const Item& key) {
  std::string bytes = place_prefix(table, nullptr);
  append_key(bytes, table.keys, key);
  return bytes;
}

std::string index_key(const Table& table, const Index& index, const Item& item) {
  std::string bytes = place_prefix(table, &index);
  append_key(bytes, index.keys, item);
  // Several items may have the same key in an index; their own keys tell them apart.
  append_key(bytes, table.keys, item);
  return bytes;
}

bool belongs_to(const Index& index, const Item& item) {
  const auto has = [&](const KeyAttribute& key) {
    const AttributeValue* value = item.find(key.name);
    return value != nullptr && value->type() == key.type;
  };
  return has(index.keys.hash) && (!index.keys.range || has(*index.keys.range));
}

StoredItem decode_stored(std::string_view bytes) {
  ByteReader in(bytes);
  StoredItem stored;
  stored.size = in.varint();
  stored.item = decode_item(in.rest());
  return stored;
}

std::optional<StoredItem> find_item(const storage::Reader& reader, const std::string& key) {
  const std::optional<std::string> bytes = reader.get(key);
  if (!bytes) return std::nullopt;
  return decode_stored(*bytes);
}

ItemWriter::ItemWriter(storage::Transaction& transaction, const Table& table)
    : transaction_(transaction),
      table_(table),
      deltas_(table.indexes.size() + 1),
      index_writes_(table.indexes.size()) {}

void ItemWriter::put(const std::string& key, const std::optional<StoredItem>& old, const Item& item, std::size_t size) {
  const Version now{item, size, encode_stored(item, size)};
  transaction_.put(key, now.bytes);
  if (old) {
    const Version before = kept_version(*old);
    change(key, &before, &now);
  } else {
    change(key, nullptr, &now);
  }
}

void ItemWriter::erase(const std::string& key, const StoredItem& old) {
  transaction_.erase(key);
  const Version before = kept_version(old);
  change(key, &before, nullptr);
}

// Its bytes are for comparing the indexes' entries.
ItemWriter::Version ItemWriter::kept_version(const StoredItem& old) const {
  return {old.item, old.size, table_.indexes.empty() ? std::string() : encode_stored(old.item, old.size)};
}

void ItemWriter::change(const std::string& key, const Version* before, const Version* now) {
  deltas_[0].items += (now != nullptr ? 1 : 0) - (before != nullptr ? 1 : 0);
  deltas_[0].bytes += static_cast<std::int64_t>(now != nullptr ? now->size : 0) -
                      static_cast<std::int64_t>(before != nullptr ? before->size : 0);
  const std::optional<std::uint64_t> expired = before != nullptr ? expiry_of(table_, before->item) : std::nullopt;
  const std::optional<std::uint64_t> expires = now != nullptr ? expiry_of(table_, now->item) : std::nullopt;
  if (expired && expired != expires) transaction_.erase(expiry_key(*expired, key));
  if (expires && expired != expires) transaction_.put(expiry_key(*expires, key), "");
  for (std::size_t i = 0; i < table_.indexes.size(); ++i) change_index(i, before, now);
}

ItemWriter::Entry ItemWriter::entry_of(const Index& index, const Version& version) const {
  Entry entry{index_key(table_, index, version.item), version.bytes, version.size};
  if (index.projection != Projection::all) {
    const Item kept = project_to_index(table_, index, version.item);
    entry.size = size_of(kept);
    entry.bytes = encode_stored(kept, entry.size);
  }
  return entry;
}

void ItemWriter::change_index(std::size_t number, const Version* before, const Version* now) {
  const Index& index = table_.indexes[number];
  const bool had = before != nullptr && belongs_to(index, before->item);
  const bool has = now != nullptr && belongs_to(index, now->item);
  const Entry old = had ? entry_of(index, *before) : Entry();
  const Entry entry = has ? entry_of(index, *now) : Entry();
  if (old.key == entry.key && old.bytes == entry.bytes) return;

  Count& delta = deltas_[number + 1];
  if (had) {
    delta.items -= 1;
    delta.bytes -= static_cast<std::int64_t>(old.size);
    if (old.key != entry.key) {
      transaction_.erase(old.key);
      index_writes_[number].push_back(old.size);
    }
  }
  if (has) {
    delta.items += 1;
    delta.bytes += static_cast<std::int64_t>(entry.size);
    transaction_.put(entry.key, entry.bytes);
    index_writes_[number].push_back(entry.size);
  }
}

void ItemWriter::finish() {
  bool changed = false;
  for (const Count& delta : deltas_) changed = changed || delta.items != 0 || delta.bytes != 0;
  if (!changed) return;
  std::vector<Count> counts = read_counts(transaction_, table_);
  std::string bytes;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    append_varint(bytes, static_cast<std::uint64_t>(counts[i].items + deltas_[i].items));
    append_varint(bytes, static_cast<std::uint64_t>(counts[i].bytes + deltas_[i].bytes));
  }
  transaction_.put(count_key(table_.number), bytes);
}

KeyRange whole_range(const Table& table, const Index* index) {
  const std::string prefix = place_prefix(table, index);
  return {prefix, storage::after_prefix(prefix)};
}

KeyRange segment_range(const Table& table, const Index* index, std::int32_t segment, std::int32_t total) {
  constexpr std::int64_t kBuckets = 65536;
  const auto bound = [&](std::int64_t number) {
    const std::int64_t bucket = number * kBuckets / total;
    const std::string prefix = place_prefix(table, index);
    if (bucket >= kBuckets) return storage::after_prefix(prefix);
    return prefix + static_cast<char>(bucket >> 8) + static_cast<char>(bucket);
  };
  return {bound(segment), bound(segment + 1)};
}

KeyRange query_range(const Table& table, const Index* index, const KeyCondition& condition) {
  std::string partition = place_prefix(table, index);
  append_partition(partition, condition.hash);
  KeyRange all{partition, storage::after_prefix(partition)};
  if (!condition.range) return all;
  const RangeCondition& range = *condition.range;
  std::string lower = partition;
  if (range.op == Operator::begins_with) {
    append_ordered_prefix(lower, range.value);
    return {lower, storage::after_prefix(lower)};
  }
  append_ordered(lower, range.value);
  // In an index the item's own key follows, so the end of a value is the end of everything that begins with it.
  const std::string beyond = storage::after_prefix(lower);
  switch (range.op) {
    case Operator::equal:
      return {lower, beyond};
    case Operator::less:
      return {all.from, lower};
    case Operator::less_equal:
      return {all.from, beyond};
    case Operator::greater:
      return {beyond, all.to};
    case Operator::greater_equal:
      return {lower, all.to};
    default: {
      CHECK(range.op == Operator::between);
      std::string upper = partition;
      append_ordered(upper, range.upper);
      return {lower, storage::after_prefix(upper)};
    }
  }
}

void continue_after(KeyRange& range, const std::string& key) {
  if (key >= range.from) range.from = key + '\0';
}
void continue_before(KeyRange& range, const std::string& key) {
  if (key < range.to) range.to = key;
}

std::vector<Expired> find_expired(const storage::Reader& reader, std::uint64_t now_s, std::size_t limit) {
  const std::string from = Key(kRoom).add(kExpiry).bytes();
  const std::string to = Key(kRoom).add(kExpiry).add(now_s + 1).bytes();
  const std::size_t item_prefix = Key(kRoom).add(kItem).bytes().size();
  std::vector<Expired> expired;
  reader.scan(from, to, [&](std::string_view key, std::string_view) {
    const std::string_view at_item = key.substr(from.size() + 8);
    expired.push_back(
        {std::string(key), storage::KeyReader(at_item.substr(item_prefix)).number(), std::string(at_item)});
    return expired.size() < limit ? Step::go_on : Step::stop;
  });
  return expired;
}

std::optional<Table> find_table_numbered(const storage::Reader& reader, std::uint64_t number) {
  const std::optional<std::string> key = reader.get(number_key(number));
  const std::optional<std::string> bytes = key ? reader.get(*key) : std::nullopt;
  if (!bytes) return std::nullopt;
  return decode_table(*bytes);
}

void begin_expiry_fill(storage::Transaction& transaction, const Table& table) {
  transaction.put(Key(kRoom).add(kFill).add(table.number), whole_range(table, nullptr).from);
}

bool fill_expiry_slice(storage::Transaction& transaction, std::size_t limit) {
  const std::string prefix = Key(kRoom).add(kFill).bytes();
  std::string record;
  std::string from;
  transaction.scan_prefix(prefix, [&](std::string_view key, std::string_view value) {
    record = key;
    from = value;
    return Step::stop;
  });
  if (record.empty()) return false;
  const std::optional<Table> table =
      find_table_numbered(transaction, storage::KeyReader(std::string_view(record).substr(prefix.size())).number());
  if (!table) {
    transaction.erase(record);
    return true;
  }
  std::vector<std::string> records;
  std::size_t seen = 0;
  transaction.scan(from, whole_range(*table, nullptr).to, [&](std::string_view key, std::string_view value) {
    if (const auto at = expiry_of(*table, decode_stored(value).item)) records.push_back(expiry_key(*at, key));
    from = std::string(key) + '\0';
    return ++seen < limit ? Step::go_on : Step::stop;
  });
  for (const std::string& key : records) transaction.put(key, "");
  if (seen < limit) {
    transaction.erase(record);
  } else {
    transaction.put(record, from);
  }
  return true;
}

bool erase_slice(storage::Transaction& transaction, std::size_t limit) {
  const std::string prefix = Key(kRoom).add(kErase).bytes();
  std::string record;
  transaction.scan_prefix(prefix, [&](std::string_view key, std::string_view) {
    record = key;
    return Step::stop;
  });
  if (record.empty()) return false;
  const std::uint64_t number = storage::KeyReader(std::string_view(record).substr(prefix.size())).number();
  std::vector<std::string> keys;
  transaction.scan_prefix(items_prefix(number), [&](std::string_view key, std::string_view) {
    keys.emplace_back(key);
    return keys.size() < limit ? Step::go_on : Step::stop;
  });
  for (const std::string& key : keys) transaction.erase(key);
  if (keys.size() < limit) transaction.erase(record);
  return true;
}

bool has_slices(const storage::Reader& reader) {
  bool found = false;
  for (const std::string_view kind : {kFill, kErase}) {
    reader.scan_prefix(Key(kRoom).add(kind).bytes(), [&](std::string_view, std::string_view) {
      found = true;
      return Step::stop;
    });
  }
  return found;
}

}  // namespace localcloud::dynamodb
