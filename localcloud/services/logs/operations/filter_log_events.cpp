// FilterLogEvents searches the streams of a group, all of them together in the order of time, for what fits a pattern.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html

#include <deque>
#include <queue>

#include "base/text.hpp"
#include "localcloud/services/logs/errors.hpp"
#include "localcloud/services/logs/filter/pattern.hpp"
#include "localcloud/services/logs/lookup.hpp"
#include "localcloud/services/logs/service.hpp"
#include "localcloud/services/logs/sweeper.hpp"

namespace localcloud::logs {

namespace {

constexpr std::size_t kPageBytesMax = 1'048'576;
constexpr std::int32_t kPageEventsMax = 10'000;
// One call looks at no more than this, found or not; the token goes on from there.
constexpr std::size_t kEventsLookedAtMax = 50'000;
constexpr std::size_t kBytesLookedAtMax = 16 * 1024 * 1024;

// Where an event is in the whole group: events of one time are ordered by their streams' names.
struct Spot {
  std::int64_t timestamp_ms = 0;
  std::string stream;
  std::uint64_t sequence = 0;
  auto operator<=>(const Spot&) const = default;
};

std::string token_of(const Spot& spot) {
  return base::to_base64(std::to_string(spot.timestamp_ms) + "/" + std::to_string(spot.sequence) + "/" + spot.stream);
}
std::optional<Spot> parse_token(std::string_view token) {
  const std::optional<std::string> text = base::from_base64(token);
  if (!text) return std::nullopt;
  const std::size_t first = text->find('/');
  const std::size_t second = first == std::string::npos ? first : text->find('/', first + 1);
  if (second == std::string::npos) return std::nullopt;
  const auto timestamp_ms = base::to_number<std::int64_t>(std::string_view(*text).substr(0, first));
  const auto sequence = base::to_number<std::uint64_t>(std::string_view(*text).substr(first + 1, second - first - 1));
  if (!timestamp_ms || !sequence || *timestamp_ms < 0) return std::nullopt;
  return Spot{*timestamp_ms, text->substr(second + 1), *sequence};
}

// One stream's events from `next` on, read some at a time.
struct Source {
  Stream stream;
  Position next;
  std::deque<Event> events = {};
  std::size_t page = 16;

  // The spot of the next event; before anything was read, one that it can't be before.
  Spot spot() const {
    if (!events.empty()) return {events.front().position.timestamp_ms, stream.name, events.front().position.sequence};
    return {std::max(next.timestamp_ms, stream.first_event_ms), stream.name, 0};
  }
};

// The events of several streams as one sequence. A stream is not read before its turn comes.
class Merge {
 public:
  Merge(const storage::Reader& reader, std::uint64_t group_id, Position to)
      : reader_(reader), group_id_(group_id), to_(to) {}

  void add(Stream stream, Position from) {
    sources_.push_back({std::move(stream), from});
    queue_.push({sources_.back().spot(), sources_.size() - 1});
  }

  // The next event and its stream. The stream lives as long as the merge.
  std::optional<std::pair<const Stream*, Event>> next() {
    while (!queue_.empty()) {
      const std::size_t index = queue_.top().second;
      queue_.pop();
      Source& source = sources_[index];
      if (source.events.empty()) {
        fill(source);
        // Its events may all come after those of another.
        if (!source.events.empty()) queue_.push({source.spot(), index});
        continue;
      }
      Event event = std::move(source.events.front());
      source.events.pop_front();
      source.next = after(event.position);
      queue_.push({source.spot(), index});
      return std::pair{&source.stream, std::move(event)};
    }
    return std::nullopt;
  }

 private:
  void fill(Source& source) {
    scan_events(reader_, group_id_, source.stream.id, source.next, to_, Direction::forward, [&](Event event) {
      source.events.push_back(std::move(event));
      return source.events.size() < source.page ? storage::Step::go_on : storage::Step::stop;
    });
    source.page = std::min<std::size_t>(source.page * 2, 256);
  }

  using Turn = std::pair<Spot, std::size_t>;
  const storage::Reader& reader_;
  std::uint64_t group_id_;
  Position to_;
  std::deque<Source> sources_;
  std::priority_queue<Turn, std::vector<Turn>, std::greater<>> queue_;
};

// Where to go on in a stream so that nothing at or before `resume`, in the order of the group, comes again.
Position resume_at(const Spot& resume, std::string_view stream) {
  if (stream == resume.stream) return {resume.timestamp_ms, resume.sequence};
  if (stream < resume.stream) return {resume.timestamp_ms + 1, 0};
  return {resume.timestamp_ms, 0};
}

Result<std::vector<Stream>> chosen_streams(const storage::Reader& reader, const Group& group,
                                           const FilterLogEvents::Input& input) {
  std::vector<Stream> streams;
  if (input.log_stream_names) {
    std::vector<std::string> names = *input.log_stream_names;
    std::ranges::sort(names);
    names.erase(std::ranges::unique(names).begin(), names.end());
    for (const std::string& name : names) streams.push_back(TRY(need_stream(reader, group, name)));
    return streams;
  }
  const std::string prefix = input.log_stream_name_prefix.value_or("");
  scan_streams(reader, group.id, prefix, [&](Stream stream) {
    if (!stream.name.starts_with(prefix)) return storage::Step::stop;
    streams.push_back(std::move(stream));
    return storage::Step::go_on;
  });
  return streams;
}

FilterLogEvents::Output read_page(Merge& merge, const filter::Pattern& pattern, std::size_t limit) {
  FilterLogEvents::Output output;
  std::size_t bytes = 0;
  std::size_t looked_at = 0;
  std::size_t bytes_looked_at = 0;
  while (auto found = merge.next()) {
    auto& [stream, event] = *found;
    const std::size_t size = event.message.size() + static_cast<std::size_t>(kEventOverheadBytes);
    const bool page_is_full = output.events.size() >= limit || (bytes + size > kPageBytesMax && !output.events.empty());
    if (page_is_full || looked_at >= kEventsLookedAtMax || bytes_looked_at >= kBytesLookedAtMax) {
      output.next_token = token_of({event.position.timestamp_ms, stream->name, event.position.sequence});
      break;
    }
    ++looked_at;
    bytes_looked_at += size;
    if (!pattern.matches(event.message)) continue;
    bytes += size;
    output.events.push_back({stream->name, event.position.timestamp_ms, std::move(event.message), event.ingestion_ms,
                             event_id(stream->id, event.position)});
  }
  return output;
}

}  // namespace

Result<FilterLogEvents::Output> filter_log_events(Logs& room, const wire::Caller& caller,
                                                  FilterLogEvents::Input input) {
  const std::string name = TRY(group_name(input.log_group_name, input.log_group_identifier));
  if (input.log_stream_names && input.log_stream_name_prefix) return failure(streams_and_prefix());
  if (input.start_time && input.end_time && *input.end_time < *input.start_time) return failure(end_before_start());
  const filter::Pattern pattern = TRY(filter::Pattern::parse(input.filter_pattern.value_or("")));
  std::optional<Spot> resume;
  if (input.next_token) {
    resume = parse_token(*input.next_token);
    if (!resume) return failure(invalid_next_token());
  }
  const std::unique_ptr<storage::Reader> reader = room.store.snapshot();
  const Group group = TRY(need_group(*reader, place_of(caller), name));

  const Position from{std::max(input.start_time.value_or(0), kept_since_ms(group, room.clock.now())), 0};
  const std::int64_t end_ms = std::min(input.end_time.value_or(INT64_MAX), INT64_MAX - 1);
  Merge merge(*reader, group.id, {end_ms + 1, 0});
  for (Stream& stream : TRY(chosen_streams(*reader, group, input))) {
    if (!stream.has_events() || stream.first_event_ms > end_ms || stream.last_event_ms < from.timestamp_ms) continue;
    const Position start = resume ? std::max(from, resume_at(*resume, stream.name)) : from;
    merge.add(std::move(stream), start);
  }
  return read_page(merge, pattern, static_cast<std::size_t>(input.limit.value_or(kPageEventsMax)));
}

}  // namespace localcloud::logs
