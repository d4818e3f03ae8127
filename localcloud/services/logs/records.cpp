// Keys and bytes of log groups, streams and events.
//
//   logs | group  | account | region | name              the group, as JSON
//   logs | stream | group id | name                      the stream, as a tuple of numbers
//   logs | lines  | group id | stream id | time | number  the events of one moment that came in together: when, and
//                                                        each message after its length; they count from that number on
//   logs | bytes  | group id                             what the group's events count for
//   logs | drop   | group id | stream id (0: all)         left for the sweeper to remove
//   logs | next id

#include "localcloud/services/logs/records.hpp"

#include "base/check.hpp"
#include "json/parse.hpp"
#include "json/write.hpp"
#include "localcloud/storage/keys.hpp"

namespace localcloud::logs {

namespace {

using storage::Key;
using storage::KeyReader;
using storage::Reader;
using storage::Step;
using storage::Transaction;

Key groups_key(const Place& place) {
  return Key("logs").add("group").add(place.account).add(place.region);
}
Key group_key(const Place& place, std::string_view name) {
  return groups_key(place).add(name);
}
Key streams_key(std::uint64_t group_id) {
  return Key("logs").add("stream").add(group_id);
}
Key stream_key(std::uint64_t group_id, std::string_view name) {
  return streams_key(group_id).add(name);
}
Key group_events_key(std::uint64_t group_id) {
  return Key("logs").add("lines").add(group_id);
}
Key events_key(std::uint64_t group_id, std::uint64_t stream_id) {
  return group_events_key(group_id).add(stream_id);
}
Key event_key(std::uint64_t group_id, std::uint64_t stream_id, Position position) {
  return events_key(group_id, stream_id).add(static_cast<std::uint64_t>(position.timestamp_ms)).add(position.sequence);
}
Key bytes_key(std::uint64_t group_id) {
  return Key("logs").add("bytes").add(group_id);
}
Key drops_key() {
  return Key("logs").add("drop");
}

std::uint64_t number(const std::optional<std::string>& bytes) {
  return bytes ? KeyReader(*bytes).number() : 0;
}
std::string bytes_of(std::uint64_t number) {
  std::string bytes(8, '\0');
  for (int i = 0; i < 8; ++i) bytes[i] = static_cast<char>(number >> (56 - 8 * i));
  return bytes;
}

// Numbers are never used again: a deleted group's events must not show in a new one.
std::uint64_t take_id(Transaction& transaction) {
  const Key key = std::move(Key("logs").add("next id"));
  const std::uint64_t id = number(transaction.get(key)) + 1;
  transaction.put(key, bytes_of(id));
  return id;
}

std::string encode(const Group& group) {
  json::Object tags;
  for (const auto& [name, value] : group.tags) tags.set(name, value);
  json::Object object{{"id", group.id}, {"created", group.created_ms}, {"class", group.log_group_class}};
  if (group.retention_days) object.set("retention", *group.retention_days);
  if (!tags.empty()) object.set("tags", std::move(tags));
  return json::write(object);
}

Group decode_group(std::string_view name, std::string_view bytes) {
  const auto value = json::parse(bytes);
  CHECK(value && value->is_object());
  Group group;
  group.name = name;
  group.id = static_cast<std::uint64_t>(value->get_int64("id").value_or(0));
  group.created_ms = value->get_int64("created").value_or(0);
  group.log_group_class = value->get_string("class").value_or("STANDARD");
  if (const auto days = value->get_int64("retention")) group.retention_days = static_cast<int>(*days);
  if (const json::Value* const tags = value->find("tags")) {
    for (const auto& [key, tag] : tags->as_object()) group.tags[key] = tag.as_string();
  }
  return group;
}

Stream decode_stream(std::string_view name, std::string_view bytes) {
  KeyReader reader(bytes);
  Stream stream;
  stream.name = name;
  stream.id = reader.number();
  stream.created_ms = static_cast<std::int64_t>(reader.number());
  stream.next_sequence = reader.number();
  stream.first_event_ms = static_cast<std::int64_t>(reader.number());
  stream.last_event_ms = static_cast<std::int64_t>(reader.number());
  stream.last_ingestion_ms = static_cast<std::int64_t>(reader.number());
  return stream;
}

void add_stored_bytes(Transaction& transaction, std::uint64_t group_id, std::int64_t change) {
  const std::int64_t bytes = stored_bytes(transaction, group_id) + change;
  transaction.put(bytes_key(group_id), bytes_of(static_cast<std::uint64_t>(std::max<std::int64_t>(bytes, 0))));
}

std::int64_t size_of(std::size_t message_bytes) {
  return static_cast<std::int64_t>(message_bytes) + kEventOverheadBytes;
}

// The name at the end of a key that begins with `prefix`.
std::string name_after(const Key& prefix, std::string_view key) {
  return KeyReader(key.substr(prefix.bytes().size())).text();
}

// Collects keys first and erases them then: a scan doesn't look at a batch that changes under it.
std::size_t erase_prefix(Transaction& transaction, const Key& prefix, std::size_t count_max) {
  std::vector<std::string> keys;
  if (count_max == 0) return 0;
  transaction.scan(prefix, storage::after_prefix(prefix), [&](std::string_view key, std::string_view) {
    keys.emplace_back(key);
    return keys.size() < count_max ? Step::go_on : Step::stop;
  });
  for (const std::string& key : keys) transaction.erase(key);
  return keys.size();
}

constexpr Position kEnd{INT64_MAX, 0};

// What one record takes at most, so that reading a few events never means reading many.
constexpr std::size_t kEventsOfRecordMax = 256;
constexpr std::size_t kBytesOfRecordMax = 64 * 1024;

// Writes a length in seven bits a byte, the last byte without the eighth.
void put_length(std::string& bytes, std::size_t length) {
  for (; length >= 0x80; length >>= 7) bytes += static_cast<char>(length | 0x80);
  bytes += static_cast<char>(length);
}
std::size_t take_length(std::string_view& bytes) {
  std::size_t length = 0;
  for (int shift = 0;; shift += 7) {
    CHECK(!bytes.empty() && shift < 64);
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    length |= std::size_t{byte & 0x7fu} << shift;
    if (byte < 0x80) return length;
  }
}

// A record's events, in their order. The messages are views of `value`.
struct EventView {
  Position position;
  std::string_view message;
};
std::vector<EventView> decode_events(Position first, std::string_view value) {
  std::vector<EventView> events;
  for (std::string_view rest = value.substr(8); !rest.empty(); ++first.sequence) {
    const std::size_t length = take_length(rest);
    CHECK(length <= rest.size());
    events.push_back({first, rest.substr(0, length)});
    rest.remove_prefix(length);
  }
  return events;
}

Position position_of(std::string_view key, std::size_t prefix_size) {
  KeyReader parts(key.substr(prefix_size));
  Position position;
  position.timestamp_ms = static_cast<std::int64_t>(parts.number());
  position.sequence = parts.number();
  return position;
}

// Removes whole records, at least one where there is any.
std::size_t erase_events(Transaction& transaction, std::uint64_t group_id, std::uint64_t stream_id,
                         std::int64_t before_ms, std::size_t count_max) {
  std::vector<std::string> keys;
  std::size_t count = 0;
  std::int64_t bytes = 0;
  const Key end = event_key(group_id, stream_id, {std::max<std::int64_t>(before_ms, 0), 0});
  transaction.scan(events_key(group_id, stream_id), end, [&](std::string_view key, std::string_view value) {
    keys.emplace_back(key);
    for (const EventView& event : decode_events({}, value)) {
      bytes += size_of(event.message.size());
      ++count;
    }
    return count < count_max ? Step::go_on : Step::stop;
  });
  for (const std::string& key : keys) transaction.erase(key);
  if (!keys.empty()) add_stored_bytes(transaction, group_id, -bytes);
  return count;
}

}  // namespace

std::optional<Group> find_group(const Reader& reader, const Place& place, std::string_view name) {
  const std::optional<std::string> bytes = reader.get(group_key(place, name));
  if (!bytes) return std::nullopt;
  return decode_group(name, *bytes);
}

void write_group(Transaction& transaction, const Place& place, const Group& group) {
  transaction.put(group_key(place, group.name), encode(group));
}

Group create_group(Transaction& transaction, const Place& place, Group group) {
  group.id = take_id(transaction);
  write_group(transaction, place, group);
  return group;
}

void erase_group(Transaction& transaction, const Place& place, const Group& group) {
  transaction.erase(group_key(place, group.name));
  transaction.put(drops_key().add(group.id).add(std::uint64_t{0}), "");
}

void scan_groups(const Reader& reader, const Place& place, std::string_view from,
                 const std::function<Step(Group)>& visit) {
  const Key prefix = groups_key(place);
  reader.scan(Key(prefix).add_raw(from), storage::after_prefix(prefix),
              [&](std::string_view key, std::string_view value) {
                return visit(decode_group(name_after(prefix, key), value));
              });
}

void scan_all_groups(const Reader& reader, const std::function<Step(const Place&, Group)>& visit) {
  const Key prefix = std::move(Key("logs").add("group"));
  reader.scan_prefix(prefix, [&](std::string_view key, std::string_view value) {
    KeyReader parts(key.substr(prefix.bytes().size()));
    Place place;
    place.account = parts.text();
    place.region = parts.text();
    return visit(place, decode_group(parts.text(), value));
  });
}

std::int64_t stored_bytes(const Reader& reader, std::uint64_t group_id) {
  return static_cast<std::int64_t>(number(reader.get(bytes_key(group_id))));
}

std::optional<Stream> find_stream(const Reader& reader, std::uint64_t group_id, std::string_view name) {
  const std::optional<std::string> bytes = reader.get(stream_key(group_id, name));
  if (!bytes) return std::nullopt;
  return decode_stream(name, *bytes);
}

void write_stream(Transaction& transaction, std::uint64_t group_id, const Stream& stream) {
  std::string bytes;
  for (const std::uint64_t part :
       {stream.id, static_cast<std::uint64_t>(stream.created_ms), stream.next_sequence,
        static_cast<std::uint64_t>(stream.first_event_ms), static_cast<std::uint64_t>(stream.last_event_ms),
        static_cast<std::uint64_t>(stream.last_ingestion_ms)}) {
    bytes += bytes_of(part);
  }
  transaction.put(stream_key(group_id, stream.name), bytes);
}

Stream create_stream(Transaction& transaction, std::uint64_t group_id, std::string_view name, std::int64_t now_ms) {
  Stream stream;
  stream.id = take_id(transaction);
  stream.name = name;
  stream.created_ms = now_ms;
  write_stream(transaction, group_id, stream);
  return stream;
}

void erase_stream(Transaction& transaction, std::uint64_t group_id, const Stream& stream) {
  transaction.erase(stream_key(group_id, stream.name));
  transaction.put(drops_key().add(group_id).add(stream.id), "");
}

void scan_streams(const Reader& reader, std::uint64_t group_id, std::string_view from,
                  const std::function<Step(Stream)>& visit) {
  const Key prefix = streams_key(group_id);
  reader.scan(Key(prefix).add_raw(from), storage::after_prefix(prefix),
              [&](std::string_view key, std::string_view value) {
                return visit(decode_stream(name_after(prefix, key), value));
              });
}

void append_events(Transaction& transaction, std::uint64_t group_id, Stream& stream,
                   const std::vector<NewEvent>& events, std::int64_t now_ms) {
  if (events.empty()) return;
  const std::int64_t first_ms = events.front().timestamp_ms;
  const std::int64_t last_ms = events.back().timestamp_ms;
  stream.first_event_ms = std::min(stream.first_event_ms, first_ms);
  stream.last_event_ms = std::max(stream.last_event_ms, last_ms);
  stream.last_ingestion_ms = now_ms;
  std::int64_t bytes = 0;
  std::string value;
  for (auto event = events.begin(); event != events.end();) {
    const Position first{event->timestamp_ms, stream.next_sequence};
    value = bytes_of(static_cast<std::uint64_t>(now_ms));
    for (std::size_t count = 0; event != events.end() && event->timestamp_ms == first.timestamp_ms &&
                                count < kEventsOfRecordMax && value.size() < kBytesOfRecordMax;
         ++event, ++count, ++stream.next_sequence) {
      put_length(value, event->message.size());
      value += event->message;
      bytes += size_of(event->message.size());
    }
    transaction.put(event_key(group_id, stream.id, first), value);
  }
  write_stream(transaction, group_id, stream);
  add_stored_bytes(transaction, group_id, bytes);
}

void scan_events(const Reader& reader, std::uint64_t group_id, std::uint64_t stream_id, Position from, Position to,
                 Direction direction, const std::function<Step(Event)>& visit) {
  from.timestamp_ms = std::max<std::int64_t>(from.timestamp_ms, 0);
  if (!(from < to)) return;
  const std::size_t prefix_size = events_key(group_id, stream_id).bytes().size();
  const auto visit_bytes = [&](std::string_view key, std::string_view value) {
    std::vector<EventView> events = decode_events(position_of(key, prefix_size), value);
    if (direction == Direction::backward) std::ranges::reverse(events);
    const auto ingestion_ms = static_cast<std::int64_t>(KeyReader(value).number());
    for (const EventView& event : events) {
      if (event.position < from || !(event.position < to)) continue;
      if (visit({event.position, ingestion_ms, std::string(event.message)}) == Step::stop) return Step::stop;
    }
    return Step::go_on;
  };
  // The record that holds the first may begin with an earlier event of the same moment.
  const Key first = event_key(group_id, stream_id, {from.timestamp_ms, 0});
  const Key last = event_key(group_id, stream_id, to);
  if (direction == Direction::forward) {
    reader.scan(first, last, visit_bytes);
  } else {
    reader.scan_back(first, last, visit_bytes);
  }
}

std::size_t erase_events_before(Transaction& transaction, std::uint64_t group_id, Stream& stream,
                                std::int64_t before_ms, std::size_t count_max) {
  const std::size_t erased = erase_events(transaction, group_id, stream.id, before_ms, count_max);
  stream.first_event_ms = INT64_MAX;
  scan_events(transaction, group_id, stream.id, {}, kEnd, Direction::forward, [&](const Event& event) {
    stream.first_event_ms = event.position.timestamp_ms;
    return Step::stop;
  });
  write_stream(transaction, group_id, stream);
  return erased;
}

std::size_t erase_dropped(Transaction& transaction, std::size_t count_max) {
  std::optional<std::string> drop;
  const Key prefix = drops_key();
  transaction.scan_prefix(prefix, [&](std::string_view key, std::string_view) {
    drop = key;
    return Step::stop;
  });
  if (!drop) return 0;
  KeyReader parts(std::string_view{*drop}.substr(prefix.bytes().size()));
  const std::uint64_t group_id = parts.number();
  const std::uint64_t stream_id = parts.number();
  std::size_t erased = 0;
  if (stream_id != 0) {
    // The group goes on without the stream, and its size with it.
    erased = erase_events(transaction, group_id, stream_id, INT64_MAX, count_max);
  } else {
    erased = erase_prefix(transaction, group_events_key(group_id), count_max);
    erased += erase_prefix(transaction, streams_key(group_id), count_max - erased);
  }
  if (erased < count_max) {
    if (stream_id == 0) transaction.erase(bytes_key(group_id));
    transaction.erase(*drop);
    ++erased;
  }
  return erased;
}

}  // namespace localcloud::logs
