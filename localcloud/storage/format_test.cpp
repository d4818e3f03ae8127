// A store is opened by those who read what it holds, and by nobody else.

#include "localcloud/storage/format.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include "localcloud/storage/keys.hpp"

namespace localcloud::storage {
namespace {

class FormatTest : public testing::Test {
 protected:
  FormatTest() {
    std::string pattern = testing::TempDir() + "format-XXXXXX";
    folder_ = mkdtemp(pattern.data());
    open();
  }
  ~FormatTest() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }
  void open() {
    store_.reset();
    store_ = std::make_unique<Store>(StoreOptions{.folder = folder_});
  }

  std::string folder_;
  std::unique_ptr<Store> store_;
};

TEST_F(FormatTest, ANewStoreKeepsTheFormatThatItIsGiven) {
  check_format(*store_, "2");
  open();
  EXPECT_NO_THROW(check_format(*store_, "2"));
  try {
    check_format(*store_, "3");
    FAIL();
  } catch (const StorageFailure& failure) {
    EXPECT_STREQ(
        failure.what(),
        "the store's format is 2, and this program's is 3: go on with the version that wrote it, or begin with "
        "another data folder");
  }
}

TEST_F(FormatTest, OneFromBeforeFormatsIsTheFirst) {
  (void)store_->write_and_wait<base::Done>([](Transaction& transaction) -> base::Result<base::Done> {
    transaction.put(Key("logs").add("event").bytes(), "old");
    return base::Done{};
  });
  EXPECT_THROW(check_format(*store_, "2"), StorageFailure);
  EXPECT_NO_THROW(check_format(*store_, "1"));
}

}  // namespace
}  // namespace localcloud::storage
