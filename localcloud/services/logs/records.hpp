#pragma once
// Where log groups, streams and events live in the store. The only file of this room that knows key bytes.
//
// Groups and streams are found by name; events hang on numbers that are never used again, so that a group which is
// deleted and made anew is empty at once, while the sweeper removes what the old one held.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "localcloud/storage/store.hpp"

namespace localcloud::logs {

// Log groups are per account and region.
struct Place {
  std::string account;
  std::string region;
};

struct Group {
  std::uint64_t id = 0;
  std::string name;
  std::int64_t created_ms = 0;
  std::optional<int> retention_days;
  std::map<std::string, std::string> tags;
  std::string log_group_class = "STANDARD";
};

struct Stream {
  std::uint64_t id = 0;
  std::string name;
  std::int64_t created_ms = 0;
  std::uint64_t next_sequence = 0;          // also how many events it ever took
  std::int64_t first_event_ms = INT64_MAX;  // INT64_MAX where there are none
  std::int64_t last_event_ms = 0;
  std::int64_t last_ingestion_ms = 0;

  bool has_events() const { return first_event_ms != INT64_MAX; }
};

// The order of events in a stream: by their time, then as they came in.
struct Position {
  std::int64_t timestamp_ms = 0;
  std::uint64_t sequence = 0;
  auto operator<=>(const Position&) const = default;
};

struct Event {
  Position position;
  std::int64_t ingestion_ms = 0;
  std::string message;
};

// What an event counts for in a request's and in a group's size: its UTF-8 bytes and 26 more.
inline constexpr std::int64_t kEventOverheadBytes = 26;

std::optional<Group> find_group(const storage::Reader& reader, const Place& place, std::string_view name);
void write_group(storage::Transaction& transaction, const Place& place, const Group& group);
// Adds the group under a new number.
Group create_group(storage::Transaction& transaction, const Place& place, Group group);
// Forgets the group and its streams; the sweeper then removes what it held.
void erase_group(storage::Transaction& transaction, const Place& place, const Group& group);
// Visits the groups whose name is not below `from`, by name.
void scan_groups(const storage::Reader& reader, const Place& place, std::string_view from,
                 const std::function<storage::Step(Group)>& visit);
// Visits every group of every account.
void scan_all_groups(const storage::Reader& reader, const std::function<storage::Step(const Place&, Group)>& visit);

std::int64_t stored_bytes(const storage::Reader& reader, std::uint64_t group_id);

std::optional<Stream> find_stream(const storage::Reader& reader, std::uint64_t group_id, std::string_view name);
void write_stream(storage::Transaction& transaction, std::uint64_t group_id, const Stream& stream);
Stream create_stream(storage::Transaction& transaction, std::uint64_t group_id, std::string_view name,
                     std::int64_t now_ms);
void erase_stream(storage::Transaction& transaction, std::uint64_t group_id, const Stream& stream);
void scan_streams(const storage::Reader& reader, std::uint64_t group_id, std::string_view from,
                  const std::function<storage::Step(Stream)>& visit);

// Appends events, which must be in the order of their times, and writes the stream's record.
struct NewEvent {
  std::int64_t timestamp_ms;
  std::string_view message;
};
void append_events(storage::Transaction& transaction, std::uint64_t group_id, Stream& stream,
                   const std::vector<NewEvent>& events, std::int64_t now_ms);

// Visits the events in [from, to), in ascending or descending order.
enum class Direction { forward, backward };
void scan_events(const storage::Reader& reader, std::uint64_t group_id, std::uint64_t stream_id, Position from,
                 Position to, Direction direction, const std::function<storage::Step(Event)>& visit);

// Removes about `count_max` of the stream's events older than `before_ms`, or all where there are fewer; says how many.
std::size_t erase_events_before(storage::Transaction& transaction, std::uint64_t group_id, Stream& stream,
                                std::int64_t before_ms, std::size_t count_max);
// Removes at most `count_max` records of what was deleted; says how many they were: 0 only where nothing is left.
std::size_t erase_dropped(storage::Transaction& transaction, std::size_t count_max);

}  // namespace localcloud::logs
