// GetLogEvents reads one stream, forwards or backwards, a page at a time.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html

#include "localcloud/services/logs/errors.hpp"
#include "localcloud/services/logs/lookup.hpp"
#include "localcloud/services/logs/service.hpp"
#include "localcloud/services/logs/sweeper.hpp"

namespace localcloud::logs {

namespace {

constexpr std::int64_t kPageBytesMax = 1'048'576;
constexpr std::int32_t kPageEventsMax = 10'000;

// What to read: [from, to), from one end.
struct Window {
  Position from;
  Position to;
  Direction direction;
};

// A token says an event's id: f/… reads what comes after it, b/… what comes before it.
Result<Done> apply_token(std::string_view token, std::uint64_t stream_id, Window& window) {
  const bool forward = token.starts_with("f/");
  if (!forward && !token.starts_with("b/")) return failure(invalid_next_token());
  std::string_view id = token.substr(2);
  if (id.ends_with("/s")) id.remove_suffix(2);
  const std::optional<Position> position = parse_event_id(stream_id, id);
  if (!position) return failure(invalid_next_token());
  if (forward) {
    window.from = std::max(window.from, after(*position));
  } else {
    window.to = std::min(window.to, *position);
  }
  window.direction = forward ? Direction::forward : Direction::backward;
  return Done{};
}

std::vector<Event> read_page(const storage::Reader& reader, std::uint64_t group_id, std::uint64_t stream_id,
                             const Window& window, std::size_t limit) {
  std::vector<Event> events;
  std::int64_t bytes = 0;
  scan_events(reader, group_id, stream_id, window.from, window.to, window.direction, [&](Event event) {
    bytes += static_cast<std::int64_t>(event.message.size()) + kEventOverheadBytes;
    if (bytes > kPageBytesMax && !events.empty()) return storage::Step::stop;
    events.push_back(std::move(event));
    return events.size() < limit ? storage::Step::go_on : storage::Step::stop;
  });
  if (window.direction == Direction::backward) std::ranges::reverse(events);
  return events;
}

}  // namespace

Result<GetLogEvents::Output> get_log_events(Logs& room, const wire::Caller& caller, GetLogEvents::Input input) {
  const std::string name = TRY(group_name(input.log_group_name, input.log_group_identifier));
  if (input.start_time && input.end_time && *input.end_time < *input.start_time) return failure(end_before_start());
  const std::unique_ptr<storage::Reader> reader = room.store.snapshot();
  const Group group = TRY(need_group(*reader, place_of(caller), name));
  const Stream stream = TRY(need_stream(*reader, group, input.log_stream_name));

  Window window;
  window.from = {std::max(input.start_time.value_or(0), kept_since_ms(group, room.clock.now())), 0};
  window.to = {input.end_time.value_or(INT64_MAX), 0};
  window.direction = input.start_from_head.value_or(false) ? Direction::forward : Direction::backward;
  if (input.next_token) TRY(apply_token(*input.next_token, stream.id, window));

  const auto limit = static_cast<std::size_t>(input.limit.value_or(kPageEventsMax));
  std::vector<Event> events = read_page(*reader, group.id, stream.id, window, limit);

  GetLogEvents::Output output;
  // Where nothing was found, a token leads to where this call looked: at the end of a stream it is the same again.
  Position first = window.from;
  Position last = before(window.from);
  if (!events.empty()) {
    first = events.front().position;
    last = events.back().position;
  } else if (window.direction == Direction::backward && input.next_token) {
    first = window.to;
    last = before(window.to);
  }
  output.next_forward_token = "f/" + event_id(stream.id, last) + "/s";
  output.next_backward_token = "b/" + event_id(stream.id, first) + "/s";
  for (Event& event : events) {
    output.events.push_back({event.position.timestamp_ms, std::move(event.message), event.ingestion_ms});
  }
  return output;
}

}  // namespace localcloud::logs
