// libzip reads, we decide where it may write.

#include "localcloud/services/lambda/runtime/package.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

#include <cerrno>
#include <memory>
#include <optional>
#include <system_error>
#include <vector>

#include "aws/crypto.hpp"
#include "base/text.hpp"
#include "localcloud/services/lambda/errors.hpp"
#include "localcloud/storage/folders.hpp"

namespace localcloud::lambda {

namespace {

constexpr std::string_view kNewPrefix = ".new-";
constexpr std::size_t kPathBytesMax = 1024;

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

struct CloseArchive {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct CloseEntry {
  void operator()(zip_file_t* entry) const { zip_fclose(entry); }
};
struct Descriptor {
  explicit Descriptor(int fd) : fd(fd) {}
  ~Descriptor() {
    if (fd >= 0) close(fd);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int fd;
};
struct RemoveFolder {
  std::filesystem::path folder;
  ~RemoveFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
};

// Relative, without "..", empty or "." parts, and nothing that another system reads as a separator.
bool is_safe_path(std::string_view path) {
  if (path.ends_with('/')) path.remove_suffix(1);
  if (path.empty() || path.size() > kPathBytesMax || path.find('\\') != std::string_view::npos) return false;
  while (true) {
    const std::size_t slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    if (part.empty() || part == "." || part == ".." || part.size() > 255) return false;
    if (slash == std::string_view::npos) return true;
    path.remove_prefix(slash + 1);
  }
}

// The permission bits of an entry, or nothing where it is neither a file nor a folder.
std::optional<mode_t> mode_of(zip_t* archive, zip_uint64_t index) {
  zip_uint8_t system = 0;
  zip_uint32_t attributes = 0;
  zip_file_get_external_attributes(archive, index, 0, &system, &attributes);
  const mode_t mode = attributes >> 16;
  if (system != ZIP_OPSYS_UNIX || mode == 0) return 0644;
  const mode_t type = mode & S_IFMT;
  if (type != 0 && type != S_IFREG && type != S_IFDIR) return std::nullopt;
  return (mode & 0777) | 0400;
}

Result<Done> unzip_file(zip_t* archive, zip_uint64_t index, const std::filesystem::path& to, mode_t mode,
                        std::uint64_t& bytes_left) {
  const std::unique_ptr<zip_file_t, CloseEntry> entry(zip_fopen_index(archive, index, 0));
  if (!entry) return failure(could_not_unzip());
  const Descriptor file(open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (file.fd < 0) {
    if (errno == EEXIST || errno == EISDIR || errno == ENOTDIR) return failure(could_not_unzip());
    fail("cannot write a function's code");
  }
  std::vector<char> bytes(256 * 1024);
  for (;;) {
    const zip_int64_t count = zip_fread(entry.get(), bytes.data(), bytes.size());
    if (count < 0) return failure(could_not_unzip());
    if (count == 0) break;
    if (static_cast<std::uint64_t>(count) > bytes_left) return failure(unzipped_too_large());
    bytes_left -= static_cast<std::uint64_t>(count);
    if (write(file.fd, bytes.data(), static_cast<std::size_t>(count)) != count) fail("cannot write a function's code");
  }
  if (fchmod(file.fd, mode) != 0 || fsync(file.fd) != 0) fail("cannot write a function's code");
  return Done{};
}

Result<Done> unzip(std::string_view zip, const std::filesystem::path& folder, const PackageLimits& limits) {
  zip_error_t error;
  zip_source_t* const source = zip_source_buffer_create(zip.data(), zip.size(), 0, &error);
  if (!source) return failure(could_not_unzip());
  const std::unique_ptr<zip_t, CloseArchive> archive(zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error));
  if (!archive) {
    zip_source_free(source);
    return failure(could_not_unzip());
  }
  const zip_int64_t entries = zip_get_num_entries(archive.get(), 0);
  if (entries <= 0) return failure(empty_zip());
  if (static_cast<std::uint64_t>(entries) > limits.entries_max) return failure(could_not_unzip());
  std::uint64_t bytes_left = limits.unzipped_bytes_max;
  std::set<std::filesystem::path> folders{folder};
  for (zip_uint64_t index = 0; index < static_cast<zip_uint64_t>(entries); ++index) {
    const char* const name = zip_get_name(archive.get(), index, ZIP_FL_ENC_RAW);
    const auto mode = name ? mode_of(archive.get(), index) : std::nullopt;
    if (!mode || !is_safe_path(name)) return failure(could_not_unzip());
    const std::filesystem::path to = folder / name;
    const bool is_folder = std::string_view(name).ends_with('/');
    std::error_code failed;
    std::filesystem::create_directories(is_folder ? to : to.parent_path(), failed);
    if (failed) return failure(could_not_unzip());  // a file stands where a folder should be
    for (auto above = (is_folder ? to / "" : to).parent_path(); folders.insert(above).second;)
      above = above.parent_path();
    if (!is_folder) TRY(unzip_file(archive.get(), index, to, *mode, bytes_left));
  }
  for (const auto& made : folders) storage::sync_folder(made);
  return Done{};
}

}  // namespace

CodeStore::CodeStore(std::filesystem::path folder, base::Ids& ids, PackageLimits limits)
    : folder_(std::move(folder)), ids_(ids), limits_(limits) {
  storage::make_folder(folder_);
  for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
    if (entry.path().filename().native().starts_with(kNewPrefix)) std::filesystem::remove_all(entry.path());
  }
}

// A folder appears under its name only when it is whole: an interrupted install leaves a `.new-…`.
Result<StoredCode> CodeStore::install(std::string_view zip) const {
  if (zip.empty()) return failure(empty_zip());
  const StoredCode code{.sha256 = base::to_base64(aws::sha256(zip)), .bytes = static_cast<std::int64_t>(zip.size())};
  const std::filesystem::path final_folder = folder_of(code.sha256);
  if (std::filesystem::exists(final_folder)) {
    storage::sync_folder(folder_);  // whoever installed it may not have come that far
    return code;
  }
  const RemoveFolder scratch{folder_ / (std::string(kNewPrefix) + ids_.hex(16))};
  std::filesystem::create_directories(scratch.folder);
  TRY(unzip(zip, scratch.folder, limits_));
  std::error_code failed;
  std::filesystem::rename(scratch.folder, final_folder, failed);
  if (failed && !std::filesystem::exists(final_folder))
    throw std::system_error(failed, "cannot install a function's code");
  storage::sync_folder(folder_);
  return code;
}

std::filesystem::path CodeStore::folder_of(std::string_view sha256_base64) const {
  return folder_ / base::to_hex(base::from_base64(sha256_base64).value_or("none"));
}

void CodeStore::keep_only(const std::set<std::string>& sha256_base64) const {
  std::set<std::filesystem::path> kept;
  for (const std::string& sha256 : sha256_base64) kept.insert(folder_of(sha256));
  for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
    if (!kept.contains(entry.path())) std::filesystem::remove_all(entry.path());
  }
}

}  // namespace localcloud::lambda
