#pragma once
// What the operations share: finding groups and streams by what a request says, ARNs, and tokens to page with.

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "localcloud/services/logs/api.hpp"
#include "localcloud/services/logs/records.hpp"
#include "localcloud/wire/caller.hpp"

namespace localcloud::logs {

inline Place place_of(const wire::Caller& caller) {
  return {caller.account, caller.region};
}

std::string group_arn(const Place& place, std::string_view group);
std::string stream_arn(const Place& place, std::string_view group, std::string_view stream);

// The group's name, of the one of the two that is said.
Result<std::string> group_name(const std::optional<std::string>& name, const std::optional<std::string>& identifier);
// The group's name in its ARN, which must be of this place.
Result<std::string> group_name_of_arn(const Place& place, std::string_view arn);

// The group or stream, or AWS's error that it isn't there.
Result<Group> need_group(const storage::Reader& reader, const Place& place, std::string_view name);
Result<Stream> need_stream(const storage::Reader& reader, const Group& group, std::string_view name);

// The 56 digits that AWS gives an event and that pages begin at. They hold the event's position, so that reading goes
// on from there however many events have come since.
std::string event_id(std::uint64_t stream_id, Position position);
std::optional<Position> parse_event_id(std::uint64_t stream_id, std::string_view id);
Position before(Position position);
Position after(Position position);

// Tags, the old way and the new.
Result<Done> add_tags(Group& group, const Tags& tags);

}  // namespace localcloud::logs
