// Records come back as they were written, and the store's keys keep buckets, accounts and bodies apart.

#include "localcloud/services/s3/records.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>

namespace localcloud::s3 {
namespace {

class RecordsTest : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/s3_records_test.XXXXXX";
    ASSERT_NE(::mkdtemp(name), nullptr);
    folder_ = name;
    store_ = std::make_unique<storage::Store>(
        storage::StoreOptions{.folder = folder_, .sync = storage::StoreOptions::Sync::never});
  }
  void TearDown() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }
  void write(std::move_only_function<void(storage::Transaction&)> change) {
    auto result = store_->write_and_wait<Done>([&](storage::Transaction& transaction) -> Result<Done> {
      change(transaction);
      return Done{};
    });
    ASSERT_TRUE(result);
  }

  std::string folder_;
  std::unique_ptr<storage::Store> store_;
};

ObjectRecord some_object(char id, std::uint64_t size) {
  return {.body_id = std::string(32, id),
          .size = size,
          .md5 = std::string("\x00\xff 0123456789abc", 15) + "d",
          .last_modified = base::from_unix_us(1'700'000'000'123'456),
          .storage_class = "STANDARD"};
}

// Every field survives, those that may be absent both absent and there, and numbers beyond 32 bits.
TEST_F(RecordsTest, objects_encode_whole) {
  ObjectRecord plain = some_object('a', 0);
  ObjectRecord full = some_object('b', 5'000'000'000);
  full.in_file = true;
  full.checksum = Checksum{ChecksumAlgorithm::crc32c, std::string("\x00\x01\x02\x03", 4)};
  full.headers = {.content_type = "text/plain",
                  .content_encoding = "gzip",
                  .content_disposition = "",
                  .content_language = "de",
                  .cache_control = "no-store",
                  .expires = "never",
                  .metadata = {{"a", "1"}, {"b", ""}}};
  full.tags = {{"k", "v"}, {"empty", ""}};
  ObjectRecord small = some_object('c', 3);
  small.body = std::string("\0\xff\n", 3);
  ObjectRecord empty = some_object('d', 0);
  empty.body = "";
  for (const ObjectRecord& record : {plain, full, small, empty}) {
    const ObjectRecord back = decode_object(encode_object(record));
    EXPECT_EQ(encode_object(back), encode_object(record));
    EXPECT_EQ(back.size, record.size);
    EXPECT_EQ(back.body, record.body);
    EXPECT_EQ(back.in_file, record.in_file);
    EXPECT_EQ(back.last_modified, record.last_modified);
    EXPECT_EQ(back.checksum, record.checksum);
    EXPECT_EQ(back.headers.content_disposition, record.headers.content_disposition);
    EXPECT_EQ(back.headers.metadata, record.headers.metadata);
    EXPECT_EQ(back.tags, record.tags);
  }
  EXPECT_EQ(plain.etag(), "\"00ff2030313233343536373839616264\"");
}

// Buckets are found by name and listed by account, in order; erasing one takes its settings with it.
TEST_F(RecordsTest, buckets) {
  const auto bucket = [](std::string name, std::string account) {
    return BucketRecord{std::move(name), std::move(account), "eu-west-1", base::from_unix_s(5)};
  };
  write([&](storage::Transaction& transaction) {
    write_bucket(transaction, bucket("bbb", "111111111111"));
    write_bucket(transaction, bucket("aaa", "111111111111"));
    write_bucket(transaction, bucket("aab", "222222222222"));
    write_setting(transaction, "aaa", BucketSetting::policy, "{}");
    write_setting(transaction, "aaa", BucketSetting::lifecycle, "[]");
    write_setting(transaction, "bbb", BucketSetting::lifecycle, "[]");
  });
  const auto names = [&](std::string_view account, std::string_view from) {
    std::vector<std::string> found;
    visit_buckets_of(*store_->snapshot(), account, from, [&](std::string_view name) {
      found.emplace_back(name);
      return storage::Step::go_on;
    });
    return found;
  };
  EXPECT_EQ(names("111111111111", ""), (std::vector<std::string>{"aaa", "bbb"}));
  EXPECT_EQ(names("111111111111", "aab"), (std::vector<std::string>{"bbb"}));
  EXPECT_EQ(names("222222222222", ""), (std::vector<std::string>{"aab"}));
  const auto found = read_bucket(*store_->snapshot(), "aaa");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->account, "111111111111");
  EXPECT_EQ(found->region, "eu-west-1");
  EXPECT_EQ(found->created, base::from_unix_s(5));
  EXPECT_EQ(buckets_with(*store_->snapshot(), BucketSetting::lifecycle), (std::vector<std::string>{"aaa", "bbb"}));

  write([&](storage::Transaction& transaction) { erase_bucket(transaction, *found); });
  EXPECT_FALSE(read_bucket(*store_->snapshot(), "aaa"));
  EXPECT_FALSE(read_setting(*store_->snapshot(), "aaa", BucketSetting::policy));
  EXPECT_EQ(buckets_with(*store_->snapshot(), BucketSetting::lifecycle), (std::vector<std::string>{"bbb"}));
  EXPECT_EQ(names("111111111111", ""), (std::vector<std::string>{"bbb"}));
}

// A small body lies in its record, and no other key is written.
TEST_F(RecordsTest, small_bodies) {
  ObjectRecord small = some_object('a', 3);
  small.body = "abc";
  ObjectRecord beside = some_object('b', 4);
  write([&](storage::Transaction& transaction) {
    write_object(transaction, "bucket", "k", small, std::nullopt, "");
    write_object(transaction, "bucket", "l", beside, std::nullopt, "abcd");
  });
  EXPECT_EQ(read_object(*store_->snapshot(), "bucket", "k")->body, "abc");
  EXPECT_FALSE(read_body(*store_->snapshot(), small.body_id));
  EXPECT_FALSE(read_object(*store_->snapshot(), "bucket", "l")->body);
  EXPECT_EQ(read_body(*store_->snapshot(), beside.body_id), "abcd");

  // Either takes the other's place.
  write([&](storage::Transaction& transaction) {
    write_object(transaction, "bucket", "l", small, beside, "");
    write_object(transaction, "bucket", "k", beside, small, "abcd");
  });
  EXPECT_EQ(read_object(*store_->snapshot(), "bucket", "l")->body, "abc");
  EXPECT_EQ(read_body(*store_->snapshot(), beside.body_id), "abcd");
}

// An object's body comes and goes with its record, whether it lies in the store or in a file; keys hold any byte and
// stay within their bucket.
TEST_F(RecordsTest, objects) {
  ObjectRecord small = some_object('a', 3);
  ObjectRecord large = some_object('b', 100'000);
  large.in_file = true;
  write([&](storage::Transaction& transaction) {
    write_object(transaction, "bucket", std::string("k\0\xff", 3), small, std::nullopt, "abc");
    write_object(transaction, "bucket.2", "other", some_object('c', 0), std::nullopt, "");
  });
  std::vector<std::string> keys;
  visit_objects(*store_->snapshot(), "bucket", "", [&](std::string_view key, std::string_view encoded) {
    keys.emplace_back(key);
    EXPECT_EQ(decode_object(encoded).size, 3u);
    return storage::Step::go_on;
  });
  EXPECT_EQ(keys, (std::vector<std::string>{std::string("k\0\xff", 3)}));
  EXPECT_EQ(read_body(*store_->snapshot(), small.body_id), "abc");

  write([&](storage::Transaction& transaction) {
    write_object(transaction, "bucket", std::string("k\0\xff", 3), large, small, "");
  });
  EXPECT_FALSE(read_body(*store_->snapshot(), small.body_id));
  EXPECT_TRUE(is_blob_recorded(*store_->snapshot(), large.body_id));
  EXPECT_TRUE(has_objects(*store_->snapshot(), "bucket"));

  write([&](storage::Transaction& transaction) {
    erase_object(transaction, "bucket", std::string("k\0\xff", 3), large);
  });
  EXPECT_FALSE(is_blob_recorded(*store_->snapshot(), large.body_id));
  EXPECT_FALSE(has_objects(*store_->snapshot(), "bucket"));
  EXPECT_FALSE(read_object(*store_->snapshot(), "bucket", std::string("k\0\xff", 3)));
}

}  // namespace
}  // namespace localcloud::s3
