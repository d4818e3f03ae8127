#pragma once
// CloudWatch Logs on the wire: each operation's request, response and what it must be allowed. No behaviour.

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/arn.hpp"
#include "localcloud/wire/access.hpp"
#include "localcloud/wire/shape.hpp"

namespace localcloud::logs {

using Tags = std::map<std::string, std::string>;

bool is_group_name(std::string_view text);     // letters, digits and . - _ / #
bool is_group_pattern(std::string_view text);  // the same, or nothing
bool is_stream_name(std::string_view text);    // anything but : and *
bool is_identifier(std::string_view text);     // a group's name or ARN

inline constexpr wire::Limits kGroupName = wire::pattern("[\\.\\-_/#A-Za-z0-9]+", is_group_name, 1, 512);
inline constexpr wire::Limits kGroupPattern = wire::pattern("[\\.\\-_/#A-Za-z0-9]*", is_group_pattern, 0, 512);
inline constexpr wire::Limits kStreamName = wire::pattern("[^:*]*", is_stream_name, 1, 512);
inline constexpr wire::Limits kIdentifier = wire::pattern("[\\w#+=/:,.@-]*", is_identifier, 1, 2048);
inline constexpr wire::Limits kResourceArn = wire::pattern("[\\w+=/:,.@-]*", is_identifier, 1, 1011);

// What a call on a group, or on a stream in it, must be allowed. AWS's ARN of a group as such ends with an empty
// stream's name.
std::vector<wire::Access> may(std::string_view action, const wire::Caller& caller, std::string_view group,
                              std::string_view stream = "");
// The same, where the group may be said by its name or its ARN.
std::vector<wire::Access> may_identified(std::string_view action, const wire::Caller& caller,
                                         const std::optional<std::string>& group,
                                         const std::optional<std::string>& identifier, std::string_view stream = "");

enum class GroupClass { standard, infrequent_access, delivery };
constexpr std::array<std::string_view, 3> wire_names(GroupClass) {
  return {"STANDARD", "INFREQUENT_ACCESS", "DELIVERY"};
}

enum class OrderBy { log_stream_name, last_event_time };
constexpr std::array<std::string_view, 2> wire_names(OrderBy) {
  return {"LogStreamName", "LastEventTime"};
}

struct Nothing {
  static constexpr auto members() { return wire::members(); }
};

struct CreateLogGroup {
  static constexpr std::string_view kName = "CreateLogGroup";
  struct Input {
    std::string log_group_name;
    std::optional<Tags> tags;
    std::optional<GroupClass> log_group_class;
    static constexpr auto members() {
      return wire::members(wire::required("logGroupName", &Input::log_group_name, kGroupName),
                           wire::optional("tags", &Input::tags, wire::length(1, 50)),
                           wire::optional("logGroupClass", &Input::log_group_class),
                           wire::refused("kmsKeyId", "deletionProtectionEnabled"));
    }
  };
  using Output = Nothing;
  static std::vector<wire::Access> access(const wire::Caller& caller, const Input& input) {
    return may(kName, caller, input.log_group_name);
  }
};

struct DeleteLogGroup {
  static constexpr std::string_view kName = "DeleteLogGroup";
  struct Input {
    std::string log_group_name;
    static constexpr auto members() {
      return wire::members(wire::required("logGroupName", &Input::log_group_name, kGroupName));
    }
  };
  using Output = Nothing;
  static std::vector<wire::Access> access(const wire::Caller& caller, const Input& input) {
    return may(kName, caller, input.log_group_name);
  }
};

struct DescribeLogGroups {
  static constexpr std::string_view kName = "DescribeLogGroups";
  struct Input {
    std::optional<std::string> log_group_name_prefix;
    std::optional<std::string> log_group_name_pattern;
    std::optional<std::string> next_token;
    std::optional<std::int32_t> limit;
    std::optional<GroupClass> log_group_class;
    static constexpr auto members() {
      return wire::members(wire::refused("accountIdentifiers"),
                           wire::optional("logGroupNamePrefix", &Input::log_group_name_prefix, kGroupName),
                           wire::optional("logGroupNamePattern", &Input::log_group_name_pattern, kGroupPattern),
                           wire::optional("nextToken", &Input::next_token, wire::length(1, INT64_MAX)),
                           wire::optional("limit", &Input::limit, wire::range(1, 50)),
                           wire::refused("includeLinkedAccounts", "logGroupIdentifiers"),
                           wire::optional("logGroupClass", &Input::log_group_class));
    }
  };
  struct LogGroup {
    std::string log_group_name;
    std::int64_t creation_time = 0;
    std::optional<std::int32_t> retention_in_days;
    std::int32_t metric_filter_count = 0;
    std::string arn;
    std::int64_t stored_bytes = 0;
    std::string log_group_class;
    std::string log_group_arn;
    static constexpr auto members() {
      return wire::members(wire::optional("logGroupName", &LogGroup::log_group_name),
                           wire::optional("creationTime", &LogGroup::creation_time),
                           wire::optional("retentionInDays", &LogGroup::retention_in_days),
                           wire::optional("metricFilterCount", &LogGroup::metric_filter_count),
                           wire::optional("arn", &LogGroup::arn),
                           wire::optional("storedBytes", &LogGroup::stored_bytes),
                           wire::optional("logGroupClass", &LogGroup::log_group_class),
                           wire::optional("logGroupArn", &LogGroup::log_group_arn));
    }
  };
  struct Output {
    std::vector<LogGroup> log_groups;
    std::optional<std::string> next_token;
    static constexpr auto members() {
      return wire::members(wire::optional("logGroups", &Output::log_groups),
                           wire::optional("nextToken", &Output::next_token));
    }
  };
  static std::vector<wire::Access> access(const wire::Caller& caller, const Input&) { return may(kName, caller, ""); }
};

struct PutRetentionPolicy {
  static constexpr std::string_view kName = "PutRetentionPolicy";
  struct Input {
    std::string log_group_name;
    std::int32_t retention_in_days = 0;
    static constexpr auto members() {
      return wire::members(wire::required("logGroupName", &Input::log_group_name, kGroupName),
                           wire::required("retentionInDays", &Input::retention_in_days));
    }
  };
  using Output = Nothing;
  static std::vector<wire::Access> access(const wire::Caller& caller, const Input& input) {
    return may(kName, caller, input.log_group_name);
  }
};

struct DeleteRetentionPolicy {
  static constexpr std::string_view kName = "DeleteRetentionPolicy";
  using Input = DeleteLogGroup::Input;
  using Output = Nothing;
  static std::vector<wire::Access> access(const wire::Caller& caller, const Input& input) {
    return may(kName, caller, input.log_group_name);
  }
};

struct CreateLogStream {
  static constexpr std::string_view kName = "CreateLogStream";
  struct Input {
    std::string log_group_name;
    std::string log_stream_name;
    static constexpr auto members() {
      return wire::members(wire::required("logGroupName", &Input::log_group_name, kGroupName),
                           wire::required("logStreamName", &Input::log_stream_name, kStreamName));
    }
  };
  using Output = Nothing;
  static std::vector<wire::Access> access(const wire::Caller& caller, const Input& input) {
    return may(kName, caller, input.log_group_name, input.log_stream_name);
  }
};

struct DeleteLogStream {
  static constexpr std::string_view kName = "DeleteLogStream";
  using Input = CreateLogStream::Input;
  using Output = Nothing;
  static std::vector<wire::Access> access(const wire::Caller& caller, const Input& input) {
    return may(kName, caller, input.log_group_name, input.log_stream_name);
  }
};

struct DescribeLogStreams {
  static constexpr std::string_view kName = "DescribeLogStreams";
  struct Input {
    std::optional<std::string> log_group_name;
    std::optional<std::string> log_group_identifier;
    std::optional<std::string> log_stream_name_prefix;
    std::optional<OrderBy> order_by;
    std::optional<bool> descending;
    std::optional<std::string> next_token;
    std::optional<std::int32_t> limit;
    static constexpr auto members() {
      return wire::members(wire::optional("logGroupName", &Input::log_group_name, kGroupName),
                           wire::optional("logGroupIdentifier", &Input::log_group_identifier, kIdentifier),
                           wire::optional("logStreamNamePrefix", &Input::log_stream_name_prefix, kStreamName),
                           wire::optional("orderBy", &Input::order_by),
                           wire::optional("descending", &Input::descending),
                           wire::optional("nextToken", &Input::next_token, wire::length(1, INT64_MAX)),
                           wire::optional("limit", &Input::limit, wire::range(1, 50)));
    }
  };
  struct LogStream {
    std::string log_stream_name;
    std::int64_t creation_time = 0;
    std::optional<std::int64_t> first_event_timestamp;
    std::optional<std::int64_t> last_event_timestamp;
    std::optional<std::int64_t> last_ingestion_time;
    std::string upload_sequence_token;
    std::string arn;
    std::int64_t stored_bytes = 0;
    static constexpr auto members() {
      return wire::members(wire::optional("logStreamName", &LogStream::log_stream_name),
                           wire::optional("creationTime", &LogStream::creation_time),
                           wire::optional("firstEventTimestamp", &LogStream::first_event_timestamp),
                           wire::optional("lastEventTimestamp", &LogStream::last_event_timestamp),
                           wire::optional("lastIngestionTime", &LogStream::last_ingestion_time),
                           wire::optional("uploadSequenceToken", &LogStream::upload_sequence_token),
                           wire::optional("arn", &LogStream::arn),
                           wire::optional("storedBytes", &LogStream::stored_bytes));
    }
  };
  struct Output {
    std::vector<LogStream> log_streams;
    std::optional<std::string> next_token;
    static constexpr auto members() {
      return wire::members(wire::optional("logStreams", &Output::log_streams),
                           wire::optional("nextToken", &Output::next_token));
    }
  };
  static std::vector<wire::Access> access(const wire::Caller& caller, const Input& input) {
    return may_identified(kName, caller, input.log_group_name, input.log_group_identifier);
  }
};

struct PutLogEvents {
  static constexpr std::string_view kName = "PutLogEvents";
  struct InputLogEvent {
    std::int64_t timestamp = 0;
    std::string message;
    static constexpr auto members() {
      return wire::members(wire::required("timestamp", &InputLogEvent::timestamp, wire::range(0, INT64_MAX)),
                           wire::required("message", &InputLogEvent::message, wire::length(1, INT64_MAX)));
    }
  };
  struct Input {
    std::string log_group_name;
    std::string log_stream_name;
    std::vector<InputLogEvent> log_events;
    std::optional<std::string> sequence_token;
    static constexpr auto members() {
      return wire::members(wire::required("logGroupName", &Input::log_group_name, kGroupName),
                           wire::required("logStreamName", &Input::log_stream_name, kStreamName),
                           wire::required("logEvents", &Input::log_events, wire::length(1, 10'000)),
                           wire::optional("sequenceToken", &Input::sequence_token, wire::length(1, INT64_MAX)),
                           wire::refused("entity"));
    }
  };
  struct RejectedLogEventsInfo {
    std::optional<std::int32_t> too_new_log_event_start_index;
    std::optional<std::int32_t> too_old_log_event_end_index;
    std::optional<std::int32_t> expired_log_event_end_index;
    static constexpr auto members() {
      return wire::members(
          wire::optional("tooNewLogEventStartIndex", &RejectedLogEventsInfo::too_new_log_event_start_index),
          wire::optional("tooOldLogEventEndIndex", &RejectedLogEventsInfo::too_old_log_event_end_index),
          wire::optional("expiredLogEventEndIndex", &RejectedLogEventsInfo::expired_log_event_end_index));
    }
  };
  struct Output {
    std::string next_sequence_token;
    std::optional<RejectedLogEventsInfo> rejected_log_events_info;
    static constexpr auto members() {
      return wire::members(wire::optional("nextSequenceToken", &Output::next_sequence_token),
                           wire::optional("rejectedLogEventsInfo", &Output::rejected_log_events_info));
    }
  };
  static std::vector<wire::Access> access(const wire::Caller& caller, const Input& input) {
    return may(kName, caller, input.log_group_name, input.log_stream_name);
  }
};

struct GetLogEvents {
  static constexpr std::string_view kName = "GetLogEvents";
  struct Input {
    std::optional<std::string> log_group_name;
    std::optional<std::string> log_group_identifier;
    std::string log_stream_name;
    std::optional<std::int64_t> start_time;
    std::optional<std::int64_t> end_time;
    std::optional<std::string> next_token;
    std::optional<std::int32_t> limit;
    std::optional<bool> start_from_head;
    static constexpr auto members() {
      return wire::members(wire::optional("logGroupName", &Input::log_group_name, kGroupName),
                           wire::optional("logGroupIdentifier", &Input::log_group_identifier, kIdentifier),
                           wire::required("logStreamName", &Input::log_stream_name, kStreamName),
                           wire::optional("startTime", &Input::start_time, wire::range(0, INT64_MAX)),
                           wire::optional("endTime", &Input::end_time, wire::range(0, INT64_MAX)),
                           wire::optional("nextToken", &Input::next_token, wire::length(1, INT64_MAX)),
                           wire::optional("limit", &Input::limit, wire::range(1, 10'000)),
                           wire::optional("startFromHead", &Input::start_from_head), wire::refused("unmask"));
    }
  };
  struct OutputLogEvent {
    std::int64_t timestamp = 0;
    std::string message;
    std::int64_t ingestion_time = 0;
    static constexpr auto members() {
      return wire::members(wire::optional("timestamp", &OutputLogEvent::timestamp),
                           wire::optional("message", &OutputLogEvent::message),
                           wire::optional("ingestionTime", &OutputLogEvent::ingestion_time));
    }
  };
  struct Output {
    std::vector<OutputLogEvent> events;
    std::string next_forward_token;
    std::string next_backward_token;
    static constexpr auto members() {
      return wire::members(wire::optional("events", &Output::events),
                           wire::optional("nextForwardToken", &Output::next_forward_token),
                           wire::optional("nextBackwardToken", &Output::next_backward_token));
    }
  };
  static std::vector<wire::Access> access(const wire::Caller& caller, const Input& input) {
    return may_identified(kName, caller, input.log_group_name, input.log_group_identifier, input.log_stream_name);
  }
};

struct FilterLogEvents {
  static constexpr std::string_view kName = "FilterLogEvents";
  struct Input {
    std::optional<std::string> log_group_name;
    std::optional<std::string> log_group_identifier;
    std::optional<std::vector<std::string>> log_stream_names;
    std::optional<std::string> log_stream_name_prefix;
    std::optional<std::int64_t> start_time;
    std::optional<std::int64_t> end_time;
    std::optional<std::string> filter_pattern;
    std::optional<std::string> next_token;
    std::optional<std::int32_t> limit;
    std::optional<bool> interleaved;  // it always is, since 2019
    static constexpr auto members() {
      return wire::members(wire::optional("logGroupName", &Input::log_group_name, kGroupName),
                           wire::optional("logGroupIdentifier", &Input::log_group_identifier, kIdentifier),
                           wire::optional("logStreamNames", &Input::log_stream_names, wire::length(1, 100)),
                           wire::optional("logStreamNamePrefix", &Input::log_stream_name_prefix, kStreamName),
                           wire::optional("startTime", &Input::start_time, wire::range(0, INT64_MAX)),
                           wire::optional("endTime", &Input::end_time, wire::range(0, INT64_MAX)),
                           wire::optional("filterPattern", &Input::filter_pattern, wire::length(0, 1024)),
                           wire::optional("nextToken", &Input::next_token, wire::length(1, INT64_MAX)),
                           wire::optional("limit", &Input::limit, wire::range(1, 10'000)),
                           wire::optional("interleaved", &Input::interleaved),
                           wire::refused("unmask", "startFromHead"));
    }
  };
  struct FilteredLogEvent {
    std::string log_stream_name;
    std::int64_t timestamp = 0;
    std::string message;
    std::int64_t ingestion_time = 0;
    std::string event_id;
    static constexpr auto members() {
      return wire::members(wire::optional("logStreamName", &FilteredLogEvent::log_stream_name),
                           wire::optional("timestamp", &FilteredLogEvent::timestamp),
                           wire::optional("message", &FilteredLogEvent::message),
                           wire::optional("ingestionTime", &FilteredLogEvent::ingestion_time),
                           wire::optional("eventId", &FilteredLogEvent::event_id));
    }
  };
  struct SearchedLogStream {
    std::string log_stream_name;
    bool searched_completely = true;
    static constexpr auto members() {
      return wire::members(wire::optional("logStreamName", &SearchedLogStream::log_stream_name),
                           wire::optional("searchedCompletely", &SearchedLogStream::searched_completely));
    }
  };
  struct Output {
    std::vector<FilteredLogEvent> events;
    std::vector<SearchedLogStream> searched_log_streams;  // always empty, as AWS's has been since 2020
    std::optional<std::string> next_token;
    static constexpr auto members() {
      return wire::members(wire::optional("events", &Output::events),
                           wire::optional("searchedLogStreams", &Output::searched_log_streams),
                           wire::optional("nextToken", &Output::next_token));
    }
  };
  static std::vector<wire::Access> access(const wire::Caller& caller, const Input& input) {
    return may_identified(kName, caller, input.log_group_name, input.log_group_identifier);
  }
};

struct TagResource {
  static constexpr std::string_view kName = "TagResource";
  struct Input {
    std::string resource_arn;
    Tags tags;
    static constexpr auto members() {
      return wire::members(wire::required("resourceArn", &Input::resource_arn, kResourceArn),
                           wire::required("tags", &Input::tags, wire::length(1, 50)));
    }
  };
  using Output = Nothing;
  static std::vector<wire::Access> access(const wire::Caller&, const Input& input) {
    return {{"logs:TagResource", input.resource_arn}};
  }
};

struct UntagResource {
  static constexpr std::string_view kName = "UntagResource";
  struct Input {
    std::string resource_arn;
    std::vector<std::string> tag_keys;
    static constexpr auto members() {
      return wire::members(wire::required("resourceArn", &Input::resource_arn, kResourceArn),
                           wire::required("tagKeys", &Input::tag_keys, wire::length(0, 50)));
    }
  };
  using Output = Nothing;
  static std::vector<wire::Access> access(const wire::Caller&, const Input& input) {
    return {{"logs:UntagResource", input.resource_arn}};
  }
};

struct ListTagsForResource {
  static constexpr std::string_view kName = "ListTagsForResource";
  struct Input {
    std::string resource_arn;
    static constexpr auto members() {
      return wire::members(wire::required("resourceArn", &Input::resource_arn, kResourceArn));
    }
  };
  struct Output {
    Tags tags;
    static constexpr auto members() { return wire::members(wire::optional("tags", &Output::tags)); }
  };
  static std::vector<wire::Access> access(const wire::Caller&, const Input& input) {
    return {{"logs:ListTagsForResource", input.resource_arn}};
  }
};

struct TagLogGroup {
  static constexpr std::string_view kName = "TagLogGroup";
  struct Input {
    std::string log_group_name;
    Tags tags;
    static constexpr auto members() {
      return wire::members(wire::required("logGroupName", &Input::log_group_name, kGroupName),
                           wire::required("tags", &Input::tags, wire::length(1, 50)));
    }
  };
  using Output = Nothing;
  static std::vector<wire::Access> access(const wire::Caller& caller, const Input& input) {
    return may(kName, caller, input.log_group_name);
  }
};

struct UntagLogGroup {
  static constexpr std::string_view kName = "UntagLogGroup";
  struct Input {
    std::string log_group_name;
    std::vector<std::string> tags;
    static constexpr auto members() {
      return wire::members(wire::required("logGroupName", &Input::log_group_name, kGroupName),
                           wire::required("tags", &Input::tags, wire::length(1, INT64_MAX)));
    }
  };
  using Output = Nothing;
  static std::vector<wire::Access> access(const wire::Caller& caller, const Input& input) {
    return may(kName, caller, input.log_group_name);
  }
};

struct ListTagsLogGroup {
  static constexpr std::string_view kName = "ListTagsLogGroup";
  using Input = DeleteLogGroup::Input;
  using Output = ListTagsForResource::Output;
  static std::vector<wire::Access> access(const wire::Caller& caller, const Input& input) {
    return may(kName, caller, input.log_group_name);
  }
};

}  // namespace localcloud::logs
