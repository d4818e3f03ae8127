// The log's format: https://github.com/facebook/rocksdb/wiki/Write-Ahead-Log-File-Format

#include "localcloud/storage/log_check.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <optional>
#include <string>

#include "base/log.hpp"
#include "localcloud/storage/checksum.hpp"
#include "localcloud/storage/failures.hpp"

namespace localcloud::storage {

namespace {

constexpr std::size_t kLogBlockBytes = 32 * 1024;
constexpr std::size_t kHeaderBytes = 7;  // checksum, length, kind

enum class Fragment : unsigned char { full = 1, first = 2, middle = 3, last = 4 };

bool begins(Fragment kind) {
  return kind == Fragment::full || kind == Fragment::first;
}
bool ends(Fragment kind) {
  return kind == Fragment::full || kind == Fragment::last;
}

struct Piece {
  Fragment kind;
  std::size_t end;
};

std::size_t block_end(std::string_view log, std::size_t at) {
  return std::min(log.size(), (at / kLogBlockBytes + 1) * kLogBlockBytes);
}

// The piece of a batch that begins at `at`, if a whole one does.
std::optional<Piece> piece_at(std::string_view log, std::size_t at) {
  const std::size_t limit = block_end(log, at);
  if (at + kHeaderBytes > limit) return std::nullopt;
  std::uint32_t masked = 0;
  std::uint16_t length = 0;
  std::memcpy(&masked, log.data() + at, sizeof masked);
  std::memcpy(&length, log.data() + at + 4, sizeof length);
  const auto kind = static_cast<unsigned char>(log[at + 6]);
  const std::size_t end = at + kHeaderBytes + length;
  if (kind < 1 || kind > 4 || end > limit) return std::nullopt;
  const std::uint32_t rotated = masked - 0xa282ead8u;
  const std::uint32_t checksum = (rotated >> 17) | (rotated << 15);
  if (crc32c(log.substr(at + 6, 1 + length)) != checksum) return std::nullopt;
  return Piece{static_cast<Fragment>(kind), end};
}

// Where the next piece may begin: a header never lies across a block's end.
std::size_t skip_padding(std::string_view log, std::size_t at) {
  return block_end(log, at) - at < kHeaderBytes ? block_end(log, at) : at;
}

// Whether a batch begins anywhere after `from`. What is damaged may be a length, so every byte is tried.
bool has_batch_after(std::string_view log, std::size_t from) {
  for (std::size_t at = from + 1; at < log.size();) {
    const auto piece = piece_at(log, at);
    if (piece && begins(piece->kind)) return true;
    at = piece ? piece->end : at + 1;
  }
  return false;
}

std::string read_file(const std::filesystem::path& path) {
  std::string bytes(std::filesystem::file_size(path), '\0');
  std::ifstream file(path, std::ios::binary);
  if (!file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()))) {
    throw StorageFailure("can't read " + path.string());
  }
  return bytes;
}

void cut(const std::filesystem::path& path, std::size_t size) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  const bool is_cut = file >= 0 && ::ftruncate(file, static_cast<off_t>(size)) == 0 && ::fsync(file) == 0;
  const int error = errno;
  if (file >= 0) ::close(file);
  if (!is_cut) throw StorageFailure(fmt::format("can't cut {}: {}", path.string(), std::strerror(error)));
}

}  // namespace

LogState look_at_log(std::string_view log) {
  LogState state;
  bool within = false;
  while (state.bad < log.size()) {
    const std::size_t at = skip_padding(log, state.bad);
    const auto piece = at < log.size() ? piece_at(log, at) : std::nullopt;
    if (!piece || begins(piece->kind) == within) break;
    state.bad = piece->end;
    within = !ends(piece->kind);
    if (!within) state.whole = piece->end;
  }
  state.is_damaged = state.whole < log.size() && has_batch_after(log, state.bad);
  return state;
}

void check_logs(const std::filesystem::path& store) {
  std::map<std::string, std::filesystem::path> logs;  // their names are numbers of six digits or more
  for (const auto& entry : std::filesystem::directory_iterator(store)) {
    const std::string name = entry.path().stem().string();
    if (entry.path().extension() == ".log")
      logs.emplace(std::string(20 - std::min<std::size_t>(name.size(), 20), '0') + name, entry.path());
  }
  for (const auto& [name, path] : logs) {
    const std::string log = read_file(path);
    const LogState state = look_at_log(log);
    if (state.whole == log.size()) continue;
    if (state.is_damaged) {
      throw StorageFailure(
          fmt::format("{} is corrupt at byte {}, and acknowledged writes follow. Put the data folder back from a copy.",
                      path.string(), state.bad));
    }
    if (name != logs.rbegin()->first) continue;  // RocksDB knows whether it still needs it, and takes no damage
    base::log(base::LogLevel::warning, "the end of the log was torn, as a power loss leaves it; it is cut off",
              {{"log", path.string()}, {"bytes", std::to_string(log.size() - state.whole)}});
    cut(path, state.whole);
  }
}

}  // namespace localcloud::storage
