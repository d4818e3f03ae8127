// What a body's file promises: it comes back as it was written, it is there or not there, and never silently changed.

#include "localcloud/storage/blobs.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <set>

namespace localcloud::storage {
namespace {

class BlobsTest : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/blobs_test.XXXXXX";
    ASSERT_NE(::mkdtemp(name), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::size_t files() const {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder_)) ++count;
    return count;
  }

  static base::Task<void> keep_then_tell(BlobWriter& writer, std::atomic<bool>& done) {
    co_await writer.keep();
    done = true;
    done.notify_all();
  }

  // Waits here for the disk's thread.
  static void keep(BlobWriter& writer) {
    std::atomic<bool> done = false;
    base::spawn(keep_then_tell(writer, done));
    done.wait(false);
  }

  static std::string read_from(BlobReader& reader, std::uint64_t offset) {
    std::string all;
    for (std::string_view part; !(part = reader.read(offset)).empty(); offset += part.size()) all += part;
    return all;
  }

  static std::string some_bytes(std::size_t length) {
    std::string bytes(length, '\0');
    base::SeededIds(7).fill(std::as_writable_bytes(std::span(bytes)));
    return bytes;
  }

  std::string write(Blobs& blobs, std::string_view body) {
    BlobWriter writer = blobs.create();
    writer.append(body);
    keep(writer);
    return writer.id();
  }

  std::string folder_;
  base::SeededIds ids_;
};

// A body of any length around the block's comes back whole and from any offset, however it was cut when it arrived.
TEST_F(BlobsTest, gives_back_what_was_written) {
  Blobs blobs(folder_, ids_);
  for (const std::size_t length : {std::size_t{0}, std::size_t{1}, kBlobBlockBytes - 1, kBlobBlockBytes,
                                   kBlobBlockBytes + 1, 3 * kBlobBlockBytes, 5 * kBlobBlockBytes + 123}) {
    for (const std::size_t piece : {std::size_t{999}, kBlobBlockBytes, std::size_t{1} << 20}) {
      const std::string body = some_bytes(length);
      BlobWriter writer = blobs.create();
      for (std::string_view rest = body; !rest.empty(); rest.remove_prefix(std::min(piece, rest.size()))) {
        writer.append(rest.substr(0, piece));
      }
      keep(writer);
      EXPECT_EQ(writer.size(), length);

      auto reader = blobs.open(writer.id());
      ASSERT_TRUE(reader);
      EXPECT_EQ(reader->size(), length);
      EXPECT_EQ(read_from(*reader, 0), body) << length << " in pieces of " << piece;
      EXPECT_EQ(read_from(*reader, length / 3), body.substr(length / 3));
      EXPECT_EQ(reader->read(length), "");
    }
  }
}

// A writer that is dropped before keep() leaves no file.
TEST_F(BlobsTest, a_dropped_writer_leaves_nothing) {
  Blobs blobs(folder_, ids_);
  {
    BlobWriter writer = blobs.create();
    writer.append("half a body");
    EXPECT_EQ(files(), 1u);
    BlobWriter moved = std::move(writer);
    moved.append("more");
  }
  EXPECT_EQ(files(), 0u);
}

// Erasing is idempotent, and a reader that has begun still finishes.
TEST_F(BlobsTest, a_reader_outlives_the_erasure) {
  Blobs blobs(folder_, ids_);
  const std::string body = some_bytes(2 * kBlobBlockBytes);
  const std::string id = write(blobs, body);
  auto reader = blobs.open(id);
  ASSERT_TRUE(reader);
  blobs.erase(id);
  blobs.erase(id);
  EXPECT_FALSE(blobs.open(id));
  EXPECT_EQ(read_from(*reader, 0), body);
}

// At start, files that no record names and half-written ones go; recorded ones and strangers stay.
TEST_F(BlobsTest, sweep_removes_orphans) {
  std::set<std::string, std::less<>> recorded;
  std::string orphan;
  {
    Blobs blobs(folder_, ids_);
    recorded.insert(write(blobs, "kept"));
    orphan = write(blobs, "orphan");
    std::ofstream(folder_ + "/" + std::string(32, 'a') + ".incoming") << "half";
    std::ofstream(folder_ + "/README") << "not ours";
  }
  Blobs blobs(folder_, ids_);
  EXPECT_EQ(blobs.sweep([&](std::string_view id) { return recorded.contains(id); }), 2u);
  EXPECT_FALSE(blobs.open(orphan));
  auto reader = blobs.open(*recorded.begin());
  ASSERT_TRUE(reader);
  EXPECT_EQ(reader->read(0), "kept");
  EXPECT_TRUE(std::filesystem::exists(folder_ + "/README"));
}

// A changed byte is found wherever it lies: in the body, in the checksums, in the footer; and so is a cut file.
TEST_F(BlobsTest, corruption_is_found) {
  Blobs blobs(folder_, ids_);
  const std::string body = some_bytes(2 * kBlobBlockBytes + 10);
  const std::string id = write(blobs, body);
  const std::string path = folder_ + "/" + id;
  const auto size = std::filesystem::file_size(path);
  const auto read_whole = [&] {
    auto reader = blobs.open(id);
    read_from(*reader, 0);
  };
  for (const std::uint64_t offset : {std::uint64_t{0}, std::uint64_t{kBlobBlockBytes + 5}, std::uint64_t{body.size()},
                                     std::uint64_t{size - 24}, std::uint64_t{size - 12}, std::uint64_t{size - 1}}) {
    const auto flip = [&] {
      std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
      file.seekg(static_cast<std::streamoff>(offset));
      const char byte = static_cast<char>(file.get());
      file.seekp(static_cast<std::streamoff>(offset));
      file.put(static_cast<char>(byte ^ 1));
    };
    flip();
    EXPECT_THROW(read_whole(), StorageFailure) << "a byte changed at " << offset;
    flip();
    EXPECT_NO_THROW(read_whole());
  }
  std::filesystem::resize_file(path, size - 1);
  EXPECT_THROW(read_whole(), StorageFailure);
  std::filesystem::resize_file(path, 3);
  EXPECT_THROW(read_whole(), StorageFailure);
}

}  // namespace
}  // namespace localcloud::storage
