// Lines that other rooms log: what reaches the store, in which order, and when it goes again.

#include "localcloud/services/logs/writer.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "localcloud/services/logs/sweeper.hpp"

namespace localcloud::logs {
namespace {

class WriterTest : public testing::Test {
 protected:
  WriterTest()
      : folder_(std::filesystem::path(testing::TempDir()) / ("logs" + std::to_string(getpid()))),
        store_({.folder = folder_, .sync = storage::StoreOptions::Sync::never}) {}
  ~WriterTest() override { std::filesystem::remove_all(folder_); }

  std::vector<std::string> messages(const Destination& from) {
    const auto reader = store_.snapshot();
    std::vector<std::string> texts;
    const std::optional<Group> group = find_group(*reader, from.place(), from.group);
    if (!group) return texts;
    const std::optional<Stream> stream = find_stream(*reader, group->id, from.stream);
    if (!stream) return texts;
    scan_events(*reader, group->id, stream->id, {}, {INT64_MAX, 0}, Direction::forward, [&](const Event& event) {
      texts.push_back(event.message);
      return storage::Step::go_on;
    });
    return texts;
  }

  std::filesystem::path folder_;
  storage::Store store_;
  base::ManualClock clock_{base::from_unix_ms(1'000'000'000'000)};
  Destination to_{"111122223333", "eu-west-1", "/aws/lambda/f", "s"};
};

using Texts = std::vector<std::string>;

// Lines are kept in the order of their times, and those of one time as they came; a group and a stream appear only
// where the asker lets them.
TEST_F(WriterTest, AppendsInOrderAndCreatesWhatItMay) {
  Writer writer(store_, clock_, nullptr);
  writer.append({to_, {{5, "lost"}}, Missing::create_stream});
  writer.flush();
  EXPECT_EQ(messages(to_), Texts{});

  writer.append({to_, {{20, "b"}, {10, "a"}, {20, "c"}}, Missing::create_group_and_stream});
  writer.append({to_, {{15, "ab"}, {20, "d"}, {21, ""}}, Missing::refuse});
  writer.flush();
  EXPECT_EQ(messages(to_), (Texts{"a", "ab", "b", "c", "d"}));

  const auto reader = store_.snapshot();
  const Group group = *find_group(*reader, to_.place(), to_.group);
  EXPECT_EQ(stored_bytes(*reader, group.id), 6 + 5 * kEventOverheadBytes);
  const Stream stream = *find_stream(*reader, group.id, "s");
  EXPECT_EQ(stream.first_event_ms, 10);
  EXPECT_EQ(stream.last_event_ms, 20);
  EXPECT_FALSE(find_group(*reader, {to_.account, "us-east-1"}, to_.group));
}

// Lines of one moment share records, which nobody sees: every range of them is found, forwards and backwards, and they
// go by their own times.
TEST_F(WriterTest, SharesRecordsAmongTheLinesOfAMoment) {
  Writer writer(store_, clock_, nullptr);
  for (int batch = 0; batch < 2; ++batch) {
    std::vector<Line> lines;
    for (int i = 0; i < 600; ++i) lines.push_back({10 + i / 300, std::to_string(batch * 600 + i)});
    lines.push_back({12, std::string(100'000, 'x')});
    writer.append({to_, std::move(lines), Missing::create_group_and_stream});
  }
  writer.flush();
  const auto reader = store_.snapshot();
  const Group group = *find_group(*reader, to_.place(), to_.group);
  const Stream stream = *find_stream(*reader, group.id, "s");
  const auto find = [&](Position from, Position to, Direction direction, std::size_t count_max) {
    std::vector<Position> found;
    scan_events(*reader, group.id, stream.id, from, to, direction, [&](const Event& event) {
      EXPECT_EQ(event.message, event.position.timestamp_ms == 12
                                   ? std::string(100'000, 'x')
                                   : std::to_string(event.position.sequence - (event.position.sequence > 600 ? 1 : 0)));
      found.push_back(event.position);
      return found.size() < count_max ? storage::Step::go_on : storage::Step::stop;
    });
    return found;
  };
  const std::vector<Position> all = find({}, {INT64_MAX, 0}, Direction::forward, SIZE_MAX);
  ASSERT_EQ(all.size(), 1202u);
  EXPECT_TRUE(std::ranges::is_sorted(all));
  std::vector<Position> back = find({}, {INT64_MAX, 0}, Direction::backward, SIZE_MAX);
  std::ranges::reverse(back);
  EXPECT_EQ(back, all);
  for (std::size_t at = 0; at + 100 < all.size(); at += 37) {
    const std::vector<Position> part(all.begin() + static_cast<std::ptrdiff_t>(at),
                                     all.begin() + static_cast<std::ptrdiff_t>(at) + 100);
    EXPECT_EQ(find(part.front(), {INT64_MAX, 0}, Direction::forward, 100), part);
    std::vector<Position> backward = find(part.front(), all[at + 100], Direction::backward, SIZE_MAX);
    std::ranges::reverse(backward);
    EXPECT_EQ(backward, part);
  }
  ASSERT_TRUE(store_.write_and_wait<Done>([&](storage::Transaction& transaction) -> Result<Done> {
    Stream held = stream;
    EXPECT_EQ(erase_events_before(transaction, group.id, held, 11, 10'000), 600u);
    EXPECT_EQ(held.first_event_ms, 11);
    EXPECT_EQ(stored_bytes(transaction, group.id), 2000 + 2 * 100'000 + 602 * kEventOverheadBytes);
    return Done{};
  }));
}

// The observer's work is part of the transaction that writes the lines, and it learns which found their stream.
TEST_F(WriterTest, ObserverSeesEveryBatch) {
  struct Counter final : LineObserver {
    Apply prepare(std::span<const Batch* const> batches) override {
      std::vector<std::size_t> lines;
      for (const Batch* const batch : batches) lines.push_back(batch->lines.size());
      return [lines](storage::Transaction& transaction, const std::vector<bool>& written) {
        const std::optional<std::string> before = transaction.get("seen");
        std::size_t seen = before ? std::stoul(*before) : 0;
        for (std::size_t i = 0; i < lines.size(); ++i) seen += written[i] ? lines[i] : 0;
        transaction.put("seen", std::to_string(seen));
      };
    }
  } counter;
  {
    Writer writer(store_, clock_, &counter);
    writer.append({to_, {{1, "lost"}}, Missing::refuse});
    for (int i = 0; i < 10; ++i) writer.append({to_, {{1, "x"}, {2, "y"}}});
  }
  EXPECT_EQ(store_.snapshot()->get("seen"), "20");
}

// What is past its retention goes, and what is younger stays; a deleted group leaves nothing behind.
TEST_F(WriterTest, SweeperCarriesOutRetentionAndDeletion) {
  const std::int64_t now_ms = base::to_unix_ms(clock_.now());
  {
    Writer writer(store_, clock_, nullptr);
    writer.append({to_, {{now_ms - 2 * 86'400'000, "old"}, {now_ms - 3'600'000, "young"}}});
  }
  EXPECT_EQ(sweep(store_, clock_.now()), 0);
  (void)store_.write_and_wait<Done>([&](storage::Transaction& transaction) -> Result<Done> {
    Group group = *find_group(transaction, to_.place(), to_.group);
    group.retention_days = 1;
    write_group(transaction, to_.place(), group);
    return Done{};
  });
  EXPECT_EQ(sweep(store_, clock_.now()), 1);
  EXPECT_EQ(messages(to_), Texts{"young"});

  std::uint64_t old_id = 0;
  (void)store_.write_and_wait<Done>([&](storage::Transaction& transaction) -> Result<Done> {
    const Group group = *find_group(transaction, to_.place(), to_.group);
    old_id = group.id;
    erase_group(transaction, to_.place(), group);
    Group again;
    again.name = to_.group;
    const Group made = create_group(transaction, to_.place(), again);
    create_stream(transaction, made.id, "s", now_ms);
    return Done{};
  });
  EXPECT_EQ(messages(to_), Texts{});
  EXPECT_GT(sweep(store_, clock_.now()), 0);
  EXPECT_EQ(sweep(store_, clock_.now()), 0);
  EXPECT_EQ(stored_bytes(*store_.snapshot(), old_id), 0);
  EXPECT_FALSE(find_stream(*store_.snapshot(), old_id, "s"));
}

}  // namespace
}  // namespace localcloud::logs
