// What the look at the logs promises: of a log that was cut, torn or changed anywhere, either all batches but the last
// are still there, or it is refused.

#include "localcloud/storage/log_check.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>
#include <random>
#include <sstream>

#include "localcloud/storage/store.hpp"

namespace localcloud::storage {
namespace {

constexpr int kBatches = 40;

class LogCheckTest : public testing::Test {
 protected:
  LogCheckTest() {
    std::string pattern = testing::TempDir() + "log-check-XXXXXX";
    folder_ = mkdtemp(pattern.data());
    {
      Store store({.folder = folder_ / "source"});
      for (int i = 0; i < kBatches; ++i) {
        EXPECT_TRUE(store.write_and_wait<base::Done>([&](Transaction& transaction) -> Result<base::Done> {
          // Of all lengths, so that some lie in several of the log's blocks.
          transaction.put("key " + std::to_string(i), std::string(static_cast<std::size_t>(i * i * 60), 'x'));
          return base::Done{};
        }));
      }
      std::filesystem::copy(folder_ / "source", folder_ / "copy");
      for (const auto& entry : std::filesystem::directory_iterator(folder_ / "copy")) {
        if (entry.path().extension() == ".log") path_ = entry.path();
      }
    }
    std::ostringstream bytes;
    bytes << std::ifstream(path_, std::ios::binary).rdbuf();
    log_ = std::move(bytes).str();
  }
  ~LogCheckTest() override { std::filesystem::remove_all(folder_); }

  void write(std::string_view log) const { std::ofstream(path_, std::ios::binary | std::ios::trunc) << log; }

  // How many batches a store finds that is opened on the copy, or nothing where the log is refused.
  std::optional<int> opened() const {
    const std::filesystem::path trial = folder_ / "trial";
    std::filesystem::remove_all(trial);
    std::filesystem::copy(path_.parent_path(), trial);
    std::optional<Store> store;
    try {
      store.emplace(StoreOptions{.folder = trial});
    } catch (const StorageFailure&) {
      return std::nullopt;
    }
    int count = 0;
    while (count < kBatches && store->snapshot()->get("key " + std::to_string(count))) ++count;
    for (int i = count; i < kBatches; ++i) EXPECT_FALSE(store->snapshot()->get("key " + std::to_string(i)));
    return count;
  }

  std::filesystem::path folder_, path_;
  std::string log_;
};

// Where it is cut, the batches before stay: no whole batch follows.
TEST_F(LogCheckTest, ACutLogOpens) {
  std::mt19937 random(1);
  int before = kBatches;
  for (std::size_t size = log_.size(); size > 0; size -= std::min<std::size_t>(size, 1 + random() % 90000)) {
    write(std::string_view(log_).substr(0, size));
    const auto count = opened();
    ASSERT_TRUE(count) << "cut at " << size;
    EXPECT_LE(*count, before);
    before = *count;
  }
}

// A changed byte, and zeros of any length, are refused, but for those in the last batch.
TEST_F(LogCheckTest, AChangedLogIsRefused) {
  std::mt19937 random(2);
  for (int trial = 0; trial < 24; ++trial) {
    std::string log = log_;
    const std::size_t at = random() % log.size();
    const std::size_t length = std::min<std::size_t>(trial % 2 == 0 ? 1 : 1 + random() % 5000, log.size() - at);
    for (std::size_t i = at; i < at + length; ++i) log[i] = trial % 2 == 0 ? static_cast<char>(log[i] ^ 0x10) : '\0';
    if (log == log_) continue;
    write(log);
    const auto count = opened();
    // The last batch has 91 KB, or the damage was to a block's padding.
    if (count) {
      EXPECT_GE(*count, kBatches - 1) << length << " bytes at " << at << " of " << log.size();
    }
  }
}

}  // namespace
}  // namespace localcloud::storage
