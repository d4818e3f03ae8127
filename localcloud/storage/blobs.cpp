// A blob's file: the body, then a CRC-32C of each block of 64 KiB, then a footer of 24 bytes: a magic word, the body's
// size, and a CRC-32C over the checksums and the two. Numbers are little-endian. The body lies first so that a person
// can read a file as it is.

#include "localcloud/storage/blobs.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/check.hpp"
#include "base/log.hpp"
#include "localcloud/storage/checksum.hpp"
#include "localcloud/storage/folders.hpp"

namespace localcloud::storage {

static_assert(std::endian::native == std::endian::little, "the footer is written as it lies in memory");

namespace {

constexpr char kMagic[8] = {'B', 'L', 'O', 'B', '6', '4', 'K', '1'};
constexpr std::string_view kIncoming = ".incoming";
constexpr std::size_t kIdLength = 32;
constexpr std::size_t kDiskThreads = 4;

struct Footer {
  char magic[8];
  std::uint64_t size;
  std::uint32_t checksum;
  std::uint32_t zero;
};
static_assert(sizeof(Footer) == 24);

std::string_view as_bytes(const std::vector<std::uint32_t>& numbers) {
  return {reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(std::uint32_t)};
}

Footer make_footer(std::uint64_t size, const std::vector<std::uint32_t>& checksums) {
  Footer footer{.size = size, .checksum = 0, .zero = 0};
  std::memcpy(footer.magic, kMagic, sizeof kMagic);
  footer.checksum = crc32c(as_bytes(checksums));
  footer.checksum = crc32c({footer.magic, sizeof footer.magic}, footer.checksum);
  footer.checksum = crc32c({reinterpret_cast<const char*>(&footer.size), sizeof footer.size}, footer.checksum);
  return footer;
}

[[noreturn]] void fail(std::string_view what, std::string_view path) {
  throw StorageFailure(fmt::format("{} {}: {}", what, path, std::strerror(errno)));
}

[[noreturn]] void refuse(std::string_view what, std::string_view path) {
  throw StorageUnavailable(fmt::format("{} {}: {}", what, path, std::strerror(errno)));
}

void write_all(int file, std::string_view bytes, std::string_view path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) refuse("can't write", path);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

bool is_id(std::string_view name) {
  return name.size() == kIdLength && name.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

BlobFile& BlobFile::operator=(BlobFile&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

BlobFile::~BlobFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

// Readers

BlobReader::BlobReader(std::string path, BlobFile file, Damage* damage)
    : path_(std::move(path)), damage_(damage), file_(std::move(file)) {
  struct stat status{};
  if (::fstat(file_.get(), &status) != 0) fail("can't stat", path_);
  const auto file_size = static_cast<std::uint64_t>(status.st_size);
  if (file_size < sizeof(Footer)) damaged("it has no footer");
  Footer footer{};
  read_all(reinterpret_cast<char*>(&footer), sizeof footer, file_size - sizeof footer);
  const std::uint64_t blocks = footer.size / kBlobBlockBytes + (footer.size % kBlobBlockBytes != 0 ? 1 : 0);
  if (footer.size > file_size || footer.size + blocks * sizeof(std::uint32_t) + sizeof footer != file_size) {
    damaged("its length isn't the one in its footer");
  }
  checksums_.resize(blocks);
  read_all(reinterpret_cast<char*>(checksums_.data()), blocks * sizeof(std::uint32_t), footer.size);
  const Footer expected = make_footer(footer.size, checksums_);
  if (std::memcmp(&expected, &footer, sizeof footer) != 0) damaged("its footer fails its checksum");
  size_ = footer.size;
}

void BlobReader::damaged(std::string_view what) const {
  const std::string damage = fmt::format("the blob {} is corrupt: {}", path_, what);
  if (damage_) damage_->note(damage);
  throw StorageFailure(damage);
}

void BlobReader::read_all(char* out, std::size_t length, std::uint64_t offset) const {
  while (length > 0) {
    const ssize_t count = ::pread(file_.get(), out, length, static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail("can't read", path_);
    if (count == 0) damaged("it is shorter than it was written");
    out += count;
    offset += static_cast<std::uint64_t>(count);
    length -= static_cast<std::size_t>(count);
  }
}

std::string_view BlobReader::read(std::uint64_t offset) {
  if (offset >= size_) return {};
  const std::uint64_t number = offset / kBlobBlockBytes;
  const std::uint64_t start = number * kBlobBlockBytes;
  if (block_number_ != number) {
    block_number_.reset();
    block_.resize(std::min<std::uint64_t>(kBlobBlockBytes, size_ - start));
    read_all(block_.data(), block_.size(), start);
    if (crc32c(block_) != checksums_[number]) damaged(fmt::format("block {} fails its checksum", number));
    block_number_ = number;
  }
  return std::string_view(block_).substr(offset - start);
}

// Writers

// Shared with the writers, which may outlive nothing but use it on the disk threads.
struct BlobWriter::Folder {
  Folder(std::string its_path, BlobFile file) : path(std::move(its_path)), descriptor(std::move(file)) {}
  std::string path_of(std::string_view name) const { return path + "/" + std::string(name); }
  std::string path;
  BlobFile descriptor;
};

BlobWriter::BlobWriter(std::shared_ptr<const Folder> folder, base::Executor& disk, std::string id)
    : folder_(std::move(folder)), disk_(&disk), id_(std::move(id)) {
  const std::string path = folder_->path_of(id_ + std::string(kIncoming));
  file_ = BlobFile(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (file_.get() < 0) refuse("can't create", path);
}

BlobWriter::~BlobWriter() {
  // An open file means that keep() wasn't reached; a moved-from writer has none.
  if (file_.get() >= 0) ::unlink(folder_->path_of(id_ + std::string(kIncoming)).c_str());
}

void BlobWriter::write_block(std::string_view block) {
  write_all(file_.get(), block, id_);
  checksums_.push_back(crc32c(block));
  // The disk begins with what there is, so that the fsync at the end has little left to wait for; only that tells
  // whether it is durable.
  constexpr std::uint64_t kStepBlocks = 128;
  if (checksums_.size() % kStepBlocks != 0) return;
  constexpr auto kStepBytes = static_cast<off_t>(kStepBlocks * kBlobBlockBytes);
  const auto end = static_cast<off_t>(checksums_.size() * kBlobBlockBytes);
  ::sync_file_range(file_.get(), end - kStepBytes, kStepBytes, SYNC_FILE_RANGE_WRITE);
}

void BlobWriter::append(std::string_view bytes) {
  size_ += bytes.size();
  if (!pending_.empty()) {
    const std::string_view head = bytes.substr(0, kBlobBlockBytes - pending_.size());
    pending_ += head;
    bytes.remove_prefix(head.size());
    if (pending_.size() < kBlobBlockBytes) return;
    write_block(pending_);
    pending_.clear();
  }
  for (; bytes.size() >= kBlobBlockBytes; bytes.remove_prefix(kBlobBlockBytes)) {
    write_block(bytes.substr(0, kBlobBlockBytes));
  }
  pending_ = bytes;
}

void BlobWriter::finish() const {
  const std::string incoming = id_ + std::string(kIncoming);
  const int folder = folder_->descriptor.get();
  if (::fsync(file_.get()) != 0) refuse("can't fsync", folder_->path_of(incoming));
  if (::renameat(folder, incoming.c_str(), folder, id_.c_str()) != 0)
    refuse("can't rename", folder_->path_of(incoming));
  if (::fsync(folder) == 0) return;
  const int error = errno;
  ::unlinkat(folder, id_.c_str(), 0);
  errno = error;
  refuse("can't fsync", folder_->path);
}

base::Task<void> BlobWriter::keep() {
  if (!pending_.empty()) write_block(pending_);
  const Footer footer = make_footer(size_, checksums_);
  write_all(file_.get(), as_bytes(checksums_), id_);
  write_all(file_.get(), {reinterpret_cast<const char*>(&footer), sizeof footer}, id_);

  base::Executor* const here = base::Executor::current();
  co_await base::resume_on(*disk_);
  std::exception_ptr failure;
  try {
    finish();
  } catch (...) {
    failure = std::current_exception();
  }
  if (here) co_await base::resume_on(*here);
  if (failure) std::rethrow_exception(failure);
  file_ = BlobFile(-1);
}

// The folder

Blobs::Blobs(const std::string& folder, base::Ids& ids, Damage* damage) : ids_(ids), damage_(damage) {
  make_folder(folder);
  BlobFile descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (descriptor.get() < 0) fail("can't open", folder);
  folder_ = std::make_shared<const BlobWriter::Folder>(folder, std::move(descriptor));
  for (std::size_t i = 0; i < kDiskThreads; ++i) disks_.push_back(std::make_unique<base::ThreadExecutor>());
}

BlobWriter Blobs::create() {
  return {folder_, *disks_[next_disk_++ % disks_.size()], ids_.hex(kIdLength)};
}

std::optional<BlobReader> Blobs::open(std::string_view id) const {
  CHECK(is_id(id));
  std::string path = folder_->path_of(id);
  BlobFile file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0 && errno == ENOENT) return std::nullopt;
  if (file.get() < 0) fail("can't open", path);
  return BlobReader(std::move(path), std::move(file), damage_);
}

void Blobs::erase(std::string_view id) {
  CHECK(is_id(id));
  const std::string path = folder_->path_of(id);
  if (::unlink(path.c_str()) == 0 || errno == ENOENT) return;
  base::log(base::LogLevel::warning, "a body's file could not be removed",
            {{"path", path}, {"reason", std::strerror(errno)}});
}

std::size_t Blobs::sweep(const std::function<bool(std::string_view id)>& is_recorded) {
  std::vector<std::string> orphans;
  for (const auto& entry : std::filesystem::directory_iterator(folder_->path)) {
    const std::string name = entry.path().filename().string();
    const bool incoming = name.ends_with(kIncoming) && is_id(std::string_view(name).substr(0, kIdLength));
    if (incoming || (is_id(name) && !is_recorded(name))) orphans.push_back(name);
  }
  for (const std::string& name : orphans) {
    const std::string path = folder_->path_of(name);
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) fail("can't remove", path);
  }
  return orphans.size();
}

}  // namespace localcloud::storage
