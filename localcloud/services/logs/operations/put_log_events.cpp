// PutLogEvents appends events to a stream; those too old or too new are left out, and the answer says which.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html

#include "localcloud/services/logs/errors.hpp"
#include "localcloud/services/logs/lookup.hpp"
#include "localcloud/services/logs/service.hpp"
#include "localcloud/services/logs/sweeper.hpp"

namespace localcloud::logs {

namespace {

constexpr std::size_t kBytesMax = 1'048'576;
constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kPastMaxMs = 14 * kDayMs;
constexpr std::int64_t kFutureMaxMs = 2 * 3'600'000;

using Events = std::vector<PutLogEvents::InputLogEvent>;

Result<Done> check_events(const Events& events) {
  std::size_t bytes = 0;
  for (const auto& event : events) bytes += event.message.size() + static_cast<std::size_t>(kEventOverheadBytes);
  if (bytes > kBytesMax) return failure(upload_too_large(bytes, kBytesMax));
  if (!std::ranges::is_sorted(events, {}, &PutLogEvents::InputLogEvent::timestamp)) return failure(not_chronological());
  if (events.back().timestamp - events.front().timestamp > kDayMs) return failure(batch_too_long());
  return Done{};
}

// The events that are taken: those in order, so they are one stretch of the request.
struct Taken {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::optional<PutLogEvents::RejectedLogEventsInfo> rejected;
};
Taken choose(const Events& events, std::int64_t kept_since_ms, std::int64_t now_ms) {
  const auto index_of = [&events](std::int64_t time_ms) {
    const auto place = std::ranges::lower_bound(events, time_ms, {}, &PutLogEvents::InputLogEvent::timestamp);
    return static_cast<std::size_t>(place - events.begin());
  };
  const std::size_t old = index_of(now_ms - kPastMaxMs);
  const std::size_t expired = index_of(kept_since_ms);
  Taken taken;
  taken.begin = std::max(old, expired);
  taken.end = std::max(taken.begin, index_of(now_ms + kFutureMaxMs + 1));
  if (taken.begin > 0 || taken.end < events.size()) {
    PutLogEvents::RejectedLogEventsInfo& rejected = taken.rejected.emplace();
    if (old > 0) rejected.too_old_log_event_end_index = static_cast<std::int32_t>(old);
    if (expired > 0) rejected.expired_log_event_end_index = static_cast<std::int32_t>(expired);
    if (taken.end < events.size()) rejected.too_new_log_event_start_index = static_cast<std::int32_t>(taken.end);
  }
  return taken;
}

}  // namespace

wire::Change<PutLogEvents::Output> put_log_events(Logs& room, const wire::Caller& caller, PutLogEvents::Input input) {
  TRY(check_events(input.log_events));
  const base::Time now = room.clock.now();
  const std::int64_t now_ms = base::to_unix_ms(now);
  const Place place = place_of(caller);
  const Group group_now = TRY(need_group(*room.store.snapshot(), place, input.log_group_name));
  const Taken taken = choose(input.log_events, kept_since_ms(group_now, now), now_ms);

  Batch batch{{place.account, place.region, input.log_group_name, input.log_stream_name}, {}, Missing::refuse};
  for (std::size_t i = taken.begin; i < taken.end; ++i) {
    auto& event = input.log_events[i];
    batch.lines.push_back({event.timestamp, std::move(event.message)});
  }
  LineObserver::Apply apply;
  if (room.observer && !batch.lines.empty()) {
    const Batch* const batches[] = {&batch};
    apply = room.observer->prepare(batches);
  }

  // The sequence token that older clients send is ignored, as AWS ignores it since 2023.
  return [place, now_ms, rejected = taken.rejected, batch = std::move(batch),
          apply = std::move(apply)](storage::Transaction& transaction) mutable -> Result<PutLogEvents::Output> {
    const Group group = TRY(need_group(transaction, place, batch.destination.group));
    Stream stream = TRY(need_stream(transaction, group, batch.destination.stream));
    std::vector<NewEvent> events;
    events.reserve(batch.lines.size());
    for (const Line& line : batch.lines) events.push_back({line.timestamp_ms, line.message});
    append_events(transaction, group.id, stream, events, now_ms);
    if (apply) apply(transaction, {true});
    return PutLogEvents::Output{event_id(stream.id, {stream.last_event_ms, stream.next_sequence}), rejected};
  };
}

}  // namespace localcloud::logs
