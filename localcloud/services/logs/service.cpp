// The operations of CloudWatch Logs.

#include "localcloud/services/logs/service.hpp"

namespace localcloud::logs {

namespace {

constexpr wire::Operation kOperations[] = {
    wire::operation<CreateLogGroup, &create_log_group>(),
    wire::operation<DeleteLogGroup, &delete_log_group>(),
    wire::operation<DescribeLogGroups, &describe_log_groups>(),
    wire::operation<PutRetentionPolicy, &put_retention_policy>(),
    wire::operation<DeleteRetentionPolicy, &delete_retention_policy>(),
    wire::operation<CreateLogStream, &create_log_stream>(),
    wire::operation<DeleteLogStream, &delete_log_stream>(),
    wire::operation<DescribeLogStreams, &describe_log_streams>(),
    wire::operation<PutLogEvents, &put_log_events>(),
    wire::operation<GetLogEvents, &get_log_events>(),
    wire::operation<FilterLogEvents, &filter_log_events>(),
    wire::operation<TagResource, &tag_resource>(),
    wire::operation<UntagResource, &untag_resource>(),
    wire::operation<ListTagsForResource, &list_tags_for_resource>(),
    wire::operation<TagLogGroup, &tag_log_group>(),
    wire::operation<UntagLogGroup, &untag_log_group>(),
    wire::operation<ListTagsLogGroup, &list_tags_log_group>(),
};

}  // namespace

wire::Service front_desk(Logs& room) {
  return {.name = "logs",
          .signing_name = "logs",
          .target_prefix = "Logs_20140328",
          .json_version = "1.1",
          .validation_code = "InvalidParameterException",
          .operations = kOperations,
          .room = &room};
}

}  // namespace localcloud::logs
