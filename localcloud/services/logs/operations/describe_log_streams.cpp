// DescribeLogStreams lists the streams of a group, by name or by when they last got an event.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogStreams.html

#include "base/text.hpp"
#include "localcloud/services/logs/errors.hpp"
#include "localcloud/services/logs/lookup.hpp"
#include "localcloud/services/logs/service.hpp"

namespace localcloud::logs {

namespace {

using LogStream = DescribeLogStreams::LogStream;

LogStream describe(const Place& place, const Group& group, const Stream& stream) {
  LogStream described{.log_stream_name = stream.name,
                      .creation_time = stream.created_ms,
                      .upload_sequence_token = event_id(stream.id, {stream.last_event_ms, stream.next_sequence}),
                      .arn = stream_arn(place, group.name, stream.name)};
  if (stream.has_events()) {
    described.first_event_timestamp = stream.first_event_ms;
    described.last_event_timestamp = stream.last_event_ms;
    described.last_ingestion_time = stream.last_ingestion_ms;
  }
  return described;
}

// What streams are sorted by: the time of the last event first, where that is asked for.
using SortKey = std::pair<std::int64_t, std::string>;
SortKey key_of(const Stream& stream, OrderBy order) {
  return {order == OrderBy::last_event_time ? (stream.has_events() ? stream.last_event_ms : 0) : 0, stream.name};
}
std::string token_of(const SortKey& key) {
  return base::to_base64(std::to_string(key.first) + "/" + key.second);
}
std::optional<SortKey> parse_token(std::string_view token) {
  const std::optional<std::string> text = base::from_base64(token);
  if (!text) return std::nullopt;
  const std::size_t slash = text->find('/');
  if (slash == std::string::npos) return std::nullopt;
  const auto time_ms = base::to_number<std::int64_t>(std::string_view(*text).substr(0, slash));
  if (!time_ms) return std::nullopt;
  return SortKey{*time_ms, text->substr(slash + 1)};
}

}  // namespace

Result<DescribeLogStreams::Output> describe_log_streams(Logs& room, const wire::Caller& caller,
                                                        DescribeLogStreams::Input input) {
  const std::string name = TRY(group_name(input.log_group_name, input.log_group_identifier));
  const OrderBy order = input.order_by.value_or(OrderBy::log_stream_name);
  const bool descending = input.descending.value_or(false);
  const std::string prefix = input.log_stream_name_prefix.value_or("");
  if (order == OrderBy::last_event_time && !prefix.empty()) return failure(prefix_with_event_order());
  std::optional<SortKey> from;
  if (input.next_token) {
    from = parse_token(*input.next_token);
    if (!from) return failure(invalid_next_token());
  }
  const auto limit = static_cast<std::size_t>(input.limit.value_or(50));
  const Place place = place_of(caller);
  const std::unique_ptr<storage::Reader> reader = room.store.snapshot();
  const Group group = TRY(need_group(*reader, place, name));

  // One more than a page is enough where streams come in the order of their names; else all must be sorted.
  const bool in_order = order == OrderBy::log_stream_name && !descending;
  std::vector<std::pair<SortKey, Stream>> streams;
  scan_streams(*reader, group.id, in_order && from ? std::max(prefix, from->second) : prefix, [&](Stream stream) {
    if (!stream.name.starts_with(prefix)) return storage::Step::stop;
    SortKey key = key_of(stream, order);
    if (from && (descending ? key > *from : key < *from)) return storage::Step::go_on;
    streams.emplace_back(std::move(key), std::move(stream));
    return in_order && streams.size() > limit ? storage::Step::stop : storage::Step::go_on;
  });
  std::ranges::sort(streams, [descending](const auto& a, const auto& b) {
    return descending ? b.first < a.first : a.first < b.first;
  });

  DescribeLogStreams::Output output;
  for (const auto& [key, stream] : streams) {
    if (output.log_streams.size() == limit) {
      output.next_token = token_of(key);
      break;
    }
    output.log_streams.push_back(describe(place, group, stream));
  }
  return output;
}

}  // namespace localcloud::logs
