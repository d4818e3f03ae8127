// The store: what is written is read, what fails is undone, writes see each other, snapshots stand still.

#include "localcloud/storage/store.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <atomic>
#include <latch>
#include <thread>

#include "localcloud/storage/kept.hpp"
#include "localcloud/storage/keys.hpp"

namespace localcloud::storage {
namespace {

using base::Done;

class StoreTest : public testing::Test {
 protected:
  StoreTest() {
    std::string pattern = testing::TempDir() + "store-XXXXXX";
    folder_ = mkdtemp(pattern.data());
    open();
  }
  ~StoreTest() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }
  void open() { store_ = std::make_unique<Store>(StoreOptions{.folder = folder_}); }

  void put(std::string key, std::string value) {
    ASSERT_TRUE(store_->write_and_wait<Done>([=](Transaction& transaction) -> Result<Done> {
      transaction.put(key, value);
      return Done{};
    }));
  }
  static std::string keys(const Reader& reader, std::string_view from, std::string_view to) {
    std::string out;
    reader.scan(from, to, [&out](std::string_view key, std::string_view) {
      out += key;
      return Step::go_on;
    });
    out += '|';
    reader.scan_back(from, to, [&out](std::string_view key, std::string_view) {
      out += key;
      return Step::go_on;
    });
    return out;
  }

  std::filesystem::path folder_;
  std::unique_ptr<Store> store_;
};

// A write is there after the store was closed and opened again.
TEST_F(StoreTest, KeepsWhatWasWritten) {
  put("a", "1");
  store_.reset();
  open();
  EXPECT_EQ(store_->snapshot()->get("a"), "1");
  EXPECT_EQ(store_->snapshot()->get("b"), std::nullopt);
}

// An error and an exception undo their own function, whatever it overwrote or erased, and nothing else.
TEST_F(StoreTest, UndoesWhatFails) {
  put("a", "1");
  const auto refused = store_->write_and_wait<Done>([](Transaction& transaction) -> Result<Done> {
    transaction.put("a", "2");
    transaction.erase("a");
    transaction.put("b", "2");
    return failure({"Refused", "no"});
  });
  EXPECT_EQ(refused.error().code, "Refused");
  EXPECT_THROW((void)store_->write_and_wait<Done>([](Transaction& transaction) -> Result<Done> {
    transaction.erase("a");
    throw std::runtime_error("broken");
  }),
               std::runtime_error);
  EXPECT_EQ(store_->snapshot()->get("a"), "1");
  EXPECT_EQ(store_->snapshot()->get("b"), std::nullopt);
}

// Within one batch, a function sees what the ones before it wrote, in scans too, and a failed one leaves no trace.
TEST_F(StoreTest, TransactionsSeeTheirOwnBatch) {
  put("b", "stored");
  put("d", "stored");
  const auto seen = store_->write_and_wait<std::string>([](Transaction& transaction) -> Result<std::string> {
    transaction.put("a", "");
    transaction.put("c", "");
    transaction.erase("b");
    transaction.put("d", "again");
    EXPECT_EQ(transaction.get("d"), "again");
    EXPECT_EQ(transaction.get("b"), std::nullopt);
    return keys(transaction, "a", "e");
  });
  EXPECT_EQ(*seen, "acd|dca");
}

// A range leaves its end out, whichever way it is read.
TEST_F(StoreTest, RangesAreHalfOpen) {
  for (const char* key : {"a", "b", "c"}) put(key, "");
  EXPECT_EQ(keys(*store_->snapshot(), "a", "c"), "ab|ba");
  EXPECT_EQ(keys(*store_->snapshot(), "b", "z"), "bc|cb");
}

// A snapshot doesn't see later writes.
TEST_F(StoreTest, SnapshotsStandStill) {
  put("a", "1");
  const auto before = store_->snapshot();
  put("a", "2");
  EXPECT_EQ(before->get("a"), "1");
  EXPECT_EQ(store_->snapshot()->get("a"), "2");
}

// Many writers at once: every increment of one counter counts, with no lock in sight.
TEST_F(StoreTest, WritesAreSerializable) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([this] {
      for (int i = 0; i < 50; ++i) {
        ASSERT_TRUE(store_->write_and_wait<Done>([](Transaction& transaction) -> Result<Done> {
          const int count = std::stoi(transaction.get("count").value_or("0"));
          transaction.put("count", std::to_string(count + 1));
          return Done{};
        }));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(store_->snapshot()->get("count"), "400");
}

Task<void> write_from(Store& store, std::string& ran_on, base::Executor& executor, std::latch& done) {
  co_await base::resume_on(executor);
  const auto written = co_await store.write<Done>([](Transaction& transaction) -> Result<Done> {
    transaction.put("a", "1");
    return Done{};
  });
  ran_on = base::Executor::current() == &executor && written ? "the same executor" : "another";
  done.count_down();
}

// A coroutine goes on where it was, not on the lane's thread.
TEST_F(StoreTest, ResumesOnTheExecutorThatWaited) {
  base::ThreadExecutor executor;
  std::string ran_on;
  std::latch done(1);
  base::spawn(write_from(*store_, ran_on, executor, done));
  done.wait();
  EXPECT_EQ(ran_on, "the same executor");
}

// Tuples sort element by element: a short string before its extensions, numbers by value, 0x00 inside a string too.
TEST(Keys, SortAsTheirTuples) {
  const auto key = [](std::string_view text, std::uint64_t number) { return Key("t").add(text).add(number).bytes(); };
  using namespace std::string_view_literals;
  EXPECT_LT(key("a", 9), key("a\0"sv, 0));
  EXPECT_LT(key("a\0"sv, 9), key("a\0\xff"sv, 0));
  EXPECT_LT(key("a", 255), key("a", 256));
  EXPECT_LT(key("a", 9), key("b", 0));
  const std::string bytes = key("a\0\x01z"sv, 7);
  KeyReader reader(bytes);
  EXPECT_EQ(reader.text(), "t");
  EXPECT_EQ(reader.text(), "a\0\x01z"sv);
  EXPECT_EQ(reader.number(), 7u);
  EXPECT_TRUE(reader.rest().empty());
  EXPECT_EQ(after_prefix("a\xff"), "b");
}

// A kept record is decoded once, and again when it has changed: for who was told of the change, and within the write
// itself, whose own changes nobody else sees before they are durable, or ever, where it fails.
TEST_F(StoreTest, KeepsDecodedRecords) {
  Kept<std::string> kept;
  int decoded = 0;
  const auto find = [&](const Reader& reader, std::string_view key) {
    const auto value = kept.find(reader, key, [&](std::string_view bytes) {
      ++decoded;
      return std::string(bytes);
    });
    return value ? *value : "none";
  };
  EXPECT_EQ(find(store_->current(), "a"), "none");
  put("a", "1");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(find(store_->current(), "a"), "1");
  EXPECT_EQ(decoded, 1);
  for (int i = 0; i < 1000; ++i) put("other" + std::to_string(i), "x");
  EXPECT_EQ(find(store_->current(), "a"), "1");
  EXPECT_EQ(decoded, 1);
  const auto failed = store_->write_and_wait<Done>([&](Transaction& transaction) -> Result<Done> {
    EXPECT_EQ(find(transaction, "a"), "1");
    transaction.put("a", "2");
    EXPECT_EQ(find(transaction, "a"), "2");
    EXPECT_EQ(find(store_->current(), "a"), "1");
    return base::failure({"No", "no", 400});
  });
  EXPECT_FALSE(failed);
  EXPECT_EQ(find(store_->current(), "a"), "1");
  put("a", "3");
  const auto snapshot = store_->snapshot();
  put("a", "4");
  EXPECT_EQ(find(store_->current(), "a"), "4");
  EXPECT_EQ(find(*snapshot, "a"), "3");
  EXPECT_EQ(find(store_->current(), "a"), "4");
  EXPECT_EQ(find(*store_->snapshot(), "a"), "4");
  EXPECT_TRUE(store_->write_and_wait<Done>([](Transaction& transaction) -> Result<Done> {
    transaction.erase("a");
    return Done{};
  }));
  EXPECT_EQ(find(store_->current(), "a"), "none");
}

// While a record changes all the time, nobody finds it older than the last change that was acknowledged, or than what a
// snapshot taken before shows; and a snapshot finds what it holds.
TEST_F(StoreTest, KeptRecordsAreNeverStale) {
  Kept<int> kept;
  std::atomic<int> acknowledged = 0;
  std::atomic<bool> done = false;
  const auto find = [&](const Reader& reader) {
    const auto found = kept.find(reader, "n", [](std::string_view text) { return std::stoi(std::string(text)); });
    return found ? *found : 0;
  };
  std::vector<std::thread> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&] {
      while (!done) {
        const int told = acknowledged;
        const auto snapshot = store_->snapshot();
        const int held = std::stoi(snapshot->get("n").value_or("0"));
        ASSERT_GE(held, told);
        ASSERT_EQ(find(*snapshot), held);
        ASSERT_GE(find(store_->current()), held);
        ASSERT_EQ(find(*snapshot), held);
      }
    });
  }
  for (int n = 1; n <= 500; ++n) {
    put("n", std::to_string(n));
    acknowledged = n;
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
}

}  // namespace
}  // namespace localcloud::storage
