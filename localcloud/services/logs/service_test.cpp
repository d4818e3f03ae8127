// The operations together: what is put is got, filtered, paged through and swept away; errors in AWS's words.

#include "localcloud/services/logs/service.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "localcloud/services/logs/sweeper.hpp"

namespace localcloud::logs {
namespace {

class LogsTest : public testing::Test {
 protected:
  LogsTest()
      : folder_(std::filesystem::path(testing::TempDir()) / ("logs_service" + std::to_string(getpid()))),
        store_({.folder = folder_, .sync = storage::StoreOptions::Sync::never}) {
    caller_.account = "111122223333";
    caller_.region = "eu-west-1";
  }
  ~LogsTest() override { std::filesystem::remove_all(folder_); }

  template <class Output>
  Result<Output> run(wire::Change<Output> change) {
    if (!change) return failure(change.error());
    return store_.write_and_wait<Output>(std::move(*change));
  }
  void make(const std::string& group, const std::vector<std::string>& streams) {
    ASSERT_TRUE(run(create_log_group(room_, caller_, {group})));
    for (const std::string& stream : streams) ASSERT_TRUE(run(create_log_stream(room_, caller_, {group, stream})));
  }
  // Puts messages one second after another, from `from_ms` on.
  Result<PutLogEvents::Output> put(const std::string& stream, std::int64_t from_ms, std::vector<std::string> messages) {
    PutLogEvents::Input input{"g", stream, {}};
    for (std::string& message : messages) {
      input.log_events.push_back({from_ms, std::move(message)});
      from_ms += 1000;
    }
    return run(put_log_events(room_, caller_, std::move(input)));
  }
  std::string filter(FilterLogEvents::Input input) {
    input.log_group_name = "g";
    std::string found;
    while (true) {
      const Result<FilterLogEvents::Output> page = filter_log_events(room_, caller_, input);
      if (!page) return page.error().message;
      for (const auto& event : page->events) found += event.message + ' ';
      if (!page->next_token) return found;
      found += "| ";
      input.next_token = page->next_token;
    }
  }

  std::filesystem::path folder_;
  storage::Store store_;
  base::ManualClock clock_{base::from_unix_ms(1'700'000'000'000)};
  Logs room_{store_, clock_};
  wire::Caller caller_;
  const std::int64_t now_ms_ = 1'700'000'000'000;
};

template <class Output>
std::string words(const Result<Output>& result) {
  return result ? "ok" : result.error().code + ": " + result.error().message;
}

// Groups and streams are there once, in their place only, and gone when deleted.
TEST_F(LogsTest, GroupsAndStreams) {
  make("g", {"b", "a"});
  EXPECT_EQ(words(run(create_log_group(room_, caller_, {"g"}))),
            "ResourceAlreadyExistsException: The specified log group already exists");
  EXPECT_EQ(words(run(create_log_stream(room_, caller_, {"g", "a"}))),
            "ResourceAlreadyExistsException: The specified log stream already exists");
  EXPECT_EQ(words(run(create_log_stream(room_, caller_, {"x", "a"}))),
            "ResourceNotFoundException: The specified log group does not exist.");
  EXPECT_EQ(words(run(put_retention_policy(room_, caller_, {"g", 2}))).substr(0, 90),
            "InvalidParameterException: 1 validation error detected: Value '2' at 'retentionInDays' fai");
  ASSERT_TRUE(run(put_retention_policy(room_, caller_, {"g", 7})));

  auto groups = describe_log_groups(room_, caller_, {});
  ASSERT_EQ(groups->log_groups.size(), 1u);
  EXPECT_EQ(groups->log_groups[0].arn, "arn:aws:logs:eu-west-1:111122223333:log-group:g:*");
  EXPECT_EQ(groups->log_groups[0].retention_in_days, 7);
  auto streams = describe_log_streams(room_, caller_, {.log_group_name = "g"});
  ASSERT_EQ(streams->log_streams.size(), 2u);
  EXPECT_EQ(streams->log_streams[0].log_stream_name, "a");
  EXPECT_FALSE(streams->log_streams[0].last_event_timestamp);

  wire::Caller elsewhere = caller_;
  elsewhere.region = "us-east-1";
  EXPECT_TRUE(describe_log_groups(room_, elsewhere, {})->log_groups.empty());

  ASSERT_TRUE(run(delete_log_stream(room_, caller_, {"g", "a"})));
  EXPECT_EQ(words(run(delete_log_stream(room_, caller_, {"g", "a"}))),
            "ResourceNotFoundException: The specified log stream does not exist.");
  ASSERT_TRUE(run(delete_log_group(room_, caller_, {"g"})));
  EXPECT_TRUE(describe_log_groups(room_, caller_, {})->log_groups.empty());
}

// Lists come in pages; a prefix, a part of the name, or the time of the last event choose and order them.
TEST_F(LogsTest, ListsArePaged) {
  for (const char* const name : {"a/1", "a/2", "b/1", "b/2"}) make(name, {});
  std::string names;
  DescribeLogGroups::Input input{.limit = 3};
  do {
    const auto page = describe_log_groups(room_, caller_, input);
    for (const auto& group : page->log_groups) names += group.log_group_name + ' ';
    input.next_token = page->next_token;
  } while (input.next_token);
  EXPECT_EQ(names, "a/1 a/2 b/1 b/2 ");
  EXPECT_EQ(describe_log_groups(room_, caller_, {.log_group_name_prefix = "b/"})->log_groups.size(), 2u);
  EXPECT_EQ(describe_log_groups(room_, caller_, {.log_group_name_pattern = "/1"})->log_groups.size(), 2u);

  make("g", {"s1", "s2", "s3"});
  ASSERT_TRUE(put("s2", now_ms_ - 1000, {"x"}));
  ASSERT_TRUE(put("s1", now_ms_ - 5000, {"x"}));
  std::string order;
  DescribeLogStreams::Input by_time{
      .log_group_name = "g", .order_by = OrderBy::last_event_time, .descending = true, .limit = 1};
  do {
    const auto page = describe_log_streams(room_, caller_, by_time);
    order += page->log_streams[0].log_stream_name + ' ';
    by_time.next_token = page->next_token;
  } while (by_time.next_token);
  EXPECT_EQ(order, "s2 s1 s3 ");
  EXPECT_EQ(words(describe_log_streams(
                room_, caller_,
                {.log_group_name = "g", .log_stream_name_prefix = "s", .order_by = OrderBy::last_event_time})),
            "InvalidParameterException: Cannot order by LastEventTime with a logStreamNamePrefix.");
}

// Events are refused, or left out and said to be, as AWS does it.
TEST_F(LogsTest, PutLogEventsChecks) {
  make("g", {"s"});
  EXPECT_EQ(words(put("x", now_ms_, {"m"})), "ResourceNotFoundException: The specified log stream does not exist.");
  const auto put_two = [this](std::int64_t first, std::int64_t second) {
    return run(put_log_events(room_, caller_, {"g", "s", {{first, "a"}, {second, "b"}}}));
  };
  EXPECT_EQ(words(put_two(now_ms_, now_ms_ - 1)),
            "InvalidParameterException: Log events in a single PutLogEvents request must be in chronological order.");
  EXPECT_EQ(words(put_two(now_ms_ - 86'400'001, now_ms_)),
            "InvalidParameterException: The batch of log events in a single PutLogEvents request cannot span more than "
            "24 hours.");
  EXPECT_EQ(words(put("s", now_ms_, {std::string(1'048'576, 'x')})),
            "InvalidParameterException: Upload too large: 1048602 bytes exceeds limit of 1048576");
  constexpr std::int64_t kDay = 86'400'000;
  const auto old = put_two(now_ms_ - 14 * kDay - 1, now_ms_ - 14 * kDay);
  ASSERT_TRUE(old->rejected_log_events_info);
  EXPECT_EQ(old->rejected_log_events_info->too_old_log_event_end_index, 1);
  const auto future = put_two(now_ms_, now_ms_ + 7'200'001);
  EXPECT_EQ(future->rejected_log_events_info->too_new_log_event_start_index, 1);
  ASSERT_TRUE(run(put_retention_policy(room_, caller_, {"g", 1})));
  const auto expired = put_two(now_ms_ - 2 * kDay, now_ms_ - 2 * kDay + 1);
  EXPECT_EQ(expired->rejected_log_events_info->expired_log_event_end_index, 2);
  EXPECT_EQ(filter({}), "a ") << "of all these one is taken and still kept";
}

// Reading goes from either end, a page at a time, and on from where it stopped when more has come.
TEST_F(LogsTest, GetLogEventsPages) {
  make("g", {"s"});
  ASSERT_TRUE(put("s", now_ms_ - 10'000, {"1", "2", "3", "4", "5"}));
  const auto get = [this](GetLogEvents::Input input) {
    input.log_group_name = "g";
    input.log_stream_name = "s";
    return *get_log_events(room_, caller_, std::move(input));
  };
  const auto text = [](const GetLogEvents::Output& output) {
    std::string all;
    for (const auto& event : output.events) all += event.message;
    return all;
  };
  EXPECT_EQ(text(get({})), "12345");
  EXPECT_EQ(text(get({.start_time = now_ms_ - 9000, .end_time = now_ms_ - 7000})), "23");
  const auto tail = get({.limit = 2});
  EXPECT_EQ(text(tail), "45");
  const auto earlier = get({.next_token = tail.next_backward_token, .limit = 2});
  EXPECT_EQ(text(earlier), "23");
  EXPECT_EQ(text(get({.next_token = earlier.next_backward_token})), "1");
  const auto head = get({.limit = 4, .start_from_head = true});
  EXPECT_EQ(text(head), "1234");
  EXPECT_TRUE(head.next_forward_token.starts_with("f/3"));
  const auto rest = get({.next_token = head.next_forward_token});
  EXPECT_EQ(text(rest), "5");
  const auto end = get({.next_token = rest.next_forward_token});
  EXPECT_EQ(text(end), "");
  EXPECT_EQ(end.next_forward_token, rest.next_forward_token) << "at the end the token stays";
  ASSERT_TRUE(put("s", now_ms_ - 1000, {"6"}));
  EXPECT_EQ(text(get({.next_token = end.next_forward_token})), "6");
  for (const std::string& token :
       std::vector<std::string>{"", "x", "f/1", "f/" + std::string(56, '3'), "b/" + std::string(56, 'x')}) {
    GetLogEvents::Input input{.log_group_name = "g", .log_stream_name = "s", .next_token = token};
    EXPECT_EQ(words(get_log_events(room_, caller_, input)),
              "InvalidParameterException: The specified nextToken is invalid.");
  }
}

// Streams are merged by time whatever the size of a page; streams, times and patterns choose.
TEST_F(LogsTest, FilterLogEventsMerges) {
  make("g", {"a1", "a2", "b1"});
  ASSERT_TRUE(put("a1", now_ms_ - 10'000, {"1", "3", "5"}));  // at 0, 1, 2 s
  ASSERT_TRUE(put("a2", now_ms_ - 9'500, {"4", "6"}));        // at 0.5, 1.5 s
  ASSERT_TRUE(put("b1", now_ms_ - 10'000, {"2", "ERROR"}));   // at 0, 1 s
  EXPECT_EQ(filter({}), "1 2 4 3 ERROR 6 5 ");
  EXPECT_EQ(filter({.limit = 3}), "1 2 4 | 3 ERROR 6 | 5 ");
  EXPECT_EQ(filter({.limit = 1}), "1 | 2 | 4 | 3 | ERROR | 6 | 5 ");
  EXPECT_EQ(filter({.log_stream_names = {{"a2", "a1"}}}), "1 4 3 6 5 ");
  EXPECT_EQ(filter({.log_stream_name_prefix = "a"}), "1 4 3 6 5 ");
  EXPECT_EQ(filter({.start_time = now_ms_ - 9'500, .end_time = now_ms_ - 9'000}), "4 3 ERROR ");
  EXPECT_EQ(filter({.filter_pattern = "ERROR"}), "ERROR ");
  EXPECT_EQ(filter({.filter_pattern = "{"}), "Invalid filter pattern");
  EXPECT_EQ(filter({.next_token = "x"}), "The specified nextToken is invalid.");
  EXPECT_EQ(filter({.log_stream_names = {{"x"}}}), "The specified log stream does not exist.");

  const auto by_arn =
      filter_log_events(room_, caller_, {.log_group_identifier = "arn:aws:logs:eu-west-1:111122223333:log-group:g"});
  EXPECT_EQ(by_arn->events.size(), 7u);
  EXPECT_EQ(by_arn->events[0].event_id.size(), 56u);
  EXPECT_EQ(words(filter_log_events(room_, caller_, {})),
            "InvalidParameterException: Either logGroupName or logGroupIdentifier must be specified, but not both.");
}

// Tags by ARN and by name are the same.
TEST_F(LogsTest, Tags) {
  make("g", {});
  const std::string arn = "arn:aws:logs:eu-west-1:111122223333:log-group:g";
  ASSERT_TRUE(run(tag_resource(room_, caller_, {arn, {{"a", "1"}, {"b", "2"}}})));
  ASSERT_TRUE(run(untag_log_group(room_, caller_, {"g", {"a", "none"}})));
  EXPECT_EQ(list_tags_for_resource(room_, caller_, {arn + ":*"})->tags, (Tags{{"b", "2"}}));
  EXPECT_EQ(list_tags_log_group(room_, caller_, {"g"})->tags, (Tags{{"b", "2"}}));
  EXPECT_EQ(words(list_tags_for_resource(room_, caller_, {"arn:aws:s3:::b"})),
            "InvalidParameterException: Invalid ARN");
}

}  // namespace
}  // namespace localcloud::logs
