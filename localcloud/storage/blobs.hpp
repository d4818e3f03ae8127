#pragma once
// Large bodies as files. The store holds the records that point at them.
//
// A body is written to `<id>.incoming`, fsynced, renamed to `<id>`, and its folder fsynced, before anybody commits a
// record that names it. So a crash leaves at most a file that no record names, which sweep() removes at the next
// start, and never a record without its body. A file carries a checksum of each of its blocks: a body that the disk
// has changed is never handed out.
//
// Files are open for as long as somebody reads them, so a reader that has begun finishes even if the body is erased.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/executor.hpp"
#include "base/ids.hpp"
#include "base/task.hpp"
#include "localcloud/storage/failures.hpp"

namespace localcloud::storage {

// The size of the blocks that have a checksum each, and the most that one read gives.
inline constexpr std::size_t kBlobBlockBytes = 64 * 1024;

// A file descriptor that closes itself.
class BlobFile {
 public:
  explicit BlobFile(int descriptor) : descriptor_(descriptor) {}
  BlobFile(BlobFile&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  BlobFile& operator=(BlobFile&& other) noexcept;
  ~BlobFile();
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

// A body as it is read. Not thread-safe.
class BlobReader {
 public:
  std::uint64_t size() const { return size_; }
  // The bytes from `offset` on to the end of their block, so at most kBlobBlockBytes; empty at the end of the body.
  // The view is good until the next read. Throws StorageFailure where the file is not what was written.
  std::string_view read(std::uint64_t offset);

 private:
  friend class Blobs;
  BlobReader(std::string path, BlobFile file, Damage* damage);
  [[noreturn]] void damaged(std::string_view what) const;
  void read_all(char* out, std::size_t length, std::uint64_t offset) const;

  std::string path_;
  Damage* damage_;
  BlobFile file_;
  std::uint64_t size_ = 0;
  std::vector<std::uint32_t> checksums_;
  std::string block_;
  std::optional<std::uint64_t> block_number_;
};

// A body as it is written. Whoever drops one before keep() leaves nothing behind. Throws StorageUnavailable where the
// disk doesn't take it. Not thread-safe.
class BlobWriter {
 public:
  BlobWriter(BlobWriter&&) noexcept = default;
  BlobWriter& operator=(BlobWriter&&) = delete;
  ~BlobWriter();

  const std::string& id() const { return id_; }
  std::uint64_t size() const { return size_; }
  void append(std::string_view bytes);

  // Makes the body durable under its id. From here on the file is its caller's: who then doesn't commit a record for
  // it erases it, but not where the commit's outcome is unknown. Waits for the disk on a thread of the Blobs.
  base::Task<void> keep();

 private:
  friend class Blobs;
  struct Folder;
  BlobWriter(std::shared_ptr<const Folder> folder, base::Executor& disk, std::string id);
  void write_block(std::string_view block);
  void finish() const;

  std::shared_ptr<const Folder> folder_;
  base::Executor* disk_;
  std::string id_;
  BlobFile file_{-1};
  std::uint64_t size_ = 0;
  std::string pending_;  // the bytes of the block that isn't full yet
  std::vector<std::uint32_t> checksums_;
};

// One folder of bodies. Thread-safe.
class Blobs {
 public:
  // Makes the folder if it isn't there. Tells `damage`, if there is one, which files aren't what was written.
  Blobs(const std::string& folder, base::Ids& ids, Damage* damage = nullptr);

  BlobWriter create();
  // Nothing where there is no body of that id.
  std::optional<BlobReader> open(std::string_view id) const;
  // Removes the body, if it is there. Only after the commit of the transaction that removed its record. What the disk
  // doesn't let go is left to the next sweep.
  void erase(std::string_view id);
  // Removes what a crash left: every file for whose id `is_recorded` says false. Only before anything is written.
  std::size_t sweep(const std::function<bool(std::string_view id)>& is_recorded);

 private:
  std::shared_ptr<const BlobWriter::Folder> folder_;
  base::Ids& ids_;
  Damage* damage_;
  // Waiting for the disk is their only work; several, because the file system gathers concurrent fsyncs into one.
  std::vector<std::unique_ptr<base::ThreadExecutor>> disks_;
  std::atomic<std::size_t> next_disk_ = 0;
};

}  // namespace localcloud::storage
