// Names, ARNs and tokens.

#include "localcloud/services/logs/lookup.hpp"

#include <fmt/core.h>

#include "base/text.hpp"
#include "localcloud/services/logs/errors.hpp"

namespace localcloud::logs {

namespace {

constexpr std::string_view kGroupPrefix = "log-group:";
constexpr std::size_t kTagsMax = 50;
constexpr std::int64_t kTimestampMax = 9'999'999'999'999'999;  // what 16 digits hold

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// "log-group:NAME", perhaps with ":*" or ":log-stream:…" after it.
std::optional<std::string> group_name_of_resource(std::string_view resource) {
  if (!resource.starts_with(kGroupPrefix)) return std::nullopt;
  resource.remove_prefix(kGroupPrefix.size());
  resource = resource.substr(0, resource.find(':'));
  if (!is_group_name(resource)) return std::nullopt;
  return std::string(resource);
}

}  // namespace

bool is_group_pattern(std::string_view text) {
  return std::ranges::all_of(text,
                             [](char c) { return is_letter_or_digit(c) || std::string_view{".-_/#"}.contains(c); });
}
bool is_group_name(std::string_view text) {
  return !text.empty() && is_group_pattern(text);
}
bool is_stream_name(std::string_view text) {
  return text.find_first_of(":*") == std::string_view::npos;
}
bool is_identifier(std::string_view text) {
  return std::ranges::all_of(
      text, [](char c) { return is_letter_or_digit(c) || std::string_view{"_#+=/:,.@-*"}.contains(c); });
}

std::string group_arn(const Place& place, std::string_view group) {
  return aws::make_arn("logs", place.region, place.account, std::string(kGroupPrefix) + std::string(group));
}
std::string stream_arn(const Place& place, std::string_view group, std::string_view stream) {
  return group_arn(place, group) + ":log-stream:" + std::string(stream);
}

std::vector<wire::Access> may(std::string_view action, const wire::Caller& caller, std::string_view group,
                              std::string_view stream) {
  return {{"logs:" + std::string(action), stream_arn(place_of(caller), group, stream)}};
}
std::vector<wire::Access> may_identified(std::string_view action, const wire::Caller& caller,
                                         const std::optional<std::string>& group,
                                         const std::optional<std::string>& identifier, std::string_view stream) {
  const Result<std::string> name = group_name(group, identifier);
  return may(action, caller, name ? std::string_view(*name) : std::string_view(), stream);
}

Result<std::string> group_name(const std::optional<std::string>& name, const std::optional<std::string>& identifier) {
  if (name.has_value() == identifier.has_value()) return failure(group_not_said());
  if (name) return *name;
  if (is_group_name(*identifier)) return *identifier;
  const std::optional<aws::Arn> arn = aws::parse_arn(*identifier);
  const std::optional<std::string> found = arn ? group_name_of_resource(arn->resource) : std::nullopt;
  if (!found) return failure(invalid_arn());
  return *found;
}

Result<std::string> group_name_of_arn(const Place& place, std::string_view text) {
  const std::optional<aws::Arn> arn = aws::parse_arn(text);
  if (!arn || arn->service != "logs" || arn->region != place.region || arn->account != place.account) {
    return failure(invalid_arn());
  }
  const std::optional<std::string> name = group_name_of_resource(arn->resource);
  if (!name) return failure(invalid_arn());
  return *name;
}

Result<Group> need_group(const storage::Reader& reader, const Place& place, std::string_view name) {
  std::optional<Group> group = find_group(reader, place, name);
  if (!group) return failure(group_not_found());
  return *std::move(group);
}

Result<Stream> need_stream(const storage::Reader& reader, const Group& group, std::string_view name) {
  std::optional<Stream> stream = find_stream(reader, group.id, name);
  if (!stream) return failure(stream_not_found());
  return *std::move(stream);
}

std::string event_id(std::uint64_t stream_id, Position position) {
  const std::int64_t time_ms = std::clamp<std::int64_t>(position.timestamp_ms, 0, kTimestampMax);
  return fmt::format("3{:016}{:019}{:020}", time_ms, stream_id, position.sequence);
}

std::optional<Position> parse_event_id(std::uint64_t stream_id, std::string_view id) {
  if (id.size() != 56 || id[0] != '3' || id.find_first_not_of("0123456789") != std::string_view::npos) {
    return std::nullopt;
  }
  const auto timestamp_ms = base::to_number<std::int64_t>(id.substr(1, 16));
  const auto stream = base::to_number<std::uint64_t>(id.substr(17, 19));
  const auto sequence = base::to_number<std::uint64_t>(id.substr(36));
  if (!timestamp_ms || stream != stream_id || !sequence) return std::nullopt;
  return Position{*timestamp_ms, *sequence};
}

Position before(Position position) {
  if (position.sequence > 0) return {position.timestamp_ms, position.sequence - 1};
  return {position.timestamp_ms - 1, UINT64_MAX};
}
Position after(Position position) {
  if (position.sequence < UINT64_MAX) return {position.timestamp_ms, position.sequence + 1};
  return {position.timestamp_ms + 1, 0};
}

Result<Done> add_tags(Group& group, const Tags& tags) {
  for (const auto& [key, value] : tags) {
    if (key.starts_with("aws:")) return failure(reserved_tag());
    if (key.empty() || base::count_code_points(key) > 128 || base::count_code_points(value) > 256) {
      return failure(invalid_parameter("Tag keys have 1 to 128 characters, tag values at most 256."));
    }
    group.tags[key] = value;
  }
  if (group.tags.size() > kTagsMax) return failure(too_many_tags());
  return Done{};
}

}  // namespace localcloud::logs
