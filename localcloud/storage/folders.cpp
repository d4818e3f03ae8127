#include "localcloud/storage/folders.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "localcloud/storage/failures.hpp"

namespace localcloud::storage {

void make_folder(const std::filesystem::path& path) {
  const std::filesystem::path whole = std::filesystem::absolute(path).lexically_normal();
  const std::filesystem::path above = whole.parent_path();
  std::error_code error;
  if (!std::filesystem::is_directory(above, error)) make_folder(above);
  std::filesystem::create_directory(whole, error);
  if (error) throw StorageFailure("can't make the folder " + whole.string() + ": " + error.message());
  sync_folder(above);
}

void sync_folder(const std::filesystem::path& path) {
  const int folder = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  // A folder that isn't ours to read isn't ours to have made a name in.
  if (folder < 0 && errno == EACCES) return;
  const bool synced = folder >= 0 && ::fsync(folder) == 0;
  const int error = errno;
  if (folder >= 0) ::close(folder);
  if (!synced) throw StorageFailure(fmt::format("can't sync the folder {}: {}", path.string(), std::strerror(error)));
}

}  // namespace localcloud::storage
