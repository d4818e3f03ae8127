#pragma once
// CloudWatch Logs: groups of streams of events. Start at service.cpp for the list of operations.

#include "base/clock.hpp"
#include "localcloud/services/logs/api.hpp"
#include "localcloud/services/logs/writer.hpp"
#include "localcloud/storage/store.hpp"
#include "localcloud/wire/operation.hpp"

namespace localcloud::logs {

// What every operation may use. It holds no state of its own: all state is in the store.
struct Logs {
  storage::Store& store;
  const base::Clock& clock;
  LineObserver* observer = nullptr;  // sees the lines that PutLogEvents appends
};

wire::Service front_desk(Logs& room);

// One function per operation, each in operations/<name>.cpp.
wire::Change<Nothing> create_log_group(Logs& room, const wire::Caller& caller, CreateLogGroup::Input input);
wire::Change<Nothing> delete_log_group(Logs& room, const wire::Caller& caller, DeleteLogGroup::Input input);
Result<DescribeLogGroups::Output> describe_log_groups(Logs& room, const wire::Caller& caller,
                                                      DescribeLogGroups::Input input);
wire::Change<Nothing> put_retention_policy(Logs& room, const wire::Caller& caller, PutRetentionPolicy::Input input);
wire::Change<Nothing> delete_retention_policy(Logs& room, const wire::Caller& caller,
                                              DeleteRetentionPolicy::Input input);
wire::Change<Nothing> create_log_stream(Logs& room, const wire::Caller& caller, CreateLogStream::Input input);
wire::Change<Nothing> delete_log_stream(Logs& room, const wire::Caller& caller, DeleteLogStream::Input input);
Result<DescribeLogStreams::Output> describe_log_streams(Logs& room, const wire::Caller& caller,
                                                        DescribeLogStreams::Input input);
wire::Change<PutLogEvents::Output> put_log_events(Logs& room, const wire::Caller& caller, PutLogEvents::Input input);
Result<GetLogEvents::Output> get_log_events(Logs& room, const wire::Caller& caller, GetLogEvents::Input input);
Result<FilterLogEvents::Output> filter_log_events(Logs& room, const wire::Caller& caller, FilterLogEvents::Input input);
wire::Change<Nothing> tag_resource(Logs& room, const wire::Caller& caller, TagResource::Input input);
wire::Change<Nothing> untag_resource(Logs& room, const wire::Caller& caller, UntagResource::Input input);
Result<ListTagsForResource::Output> list_tags_for_resource(Logs& room, const wire::Caller& caller,
                                                           ListTagsForResource::Input input);
wire::Change<Nothing> tag_log_group(Logs& room, const wire::Caller& caller, TagLogGroup::Input input);
wire::Change<Nothing> untag_log_group(Logs& room, const wire::Caller& caller, UntagLogGroup::Input input);
Result<ListTagsLogGroup::Output> list_tags_log_group(Logs& room, const wire::Caller& caller,
                                                     ListTagsLogGroup::Input input);

}  // namespace localcloud::logs
