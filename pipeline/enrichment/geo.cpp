// libmaxminddb.

#include "pipeline/enrichment/geo.hpp"

#include <arpa/inet.h>
#include <maxminddb.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <utility>

#include "base/text.hpp"

namespace pipeline::enrichment {

namespace {

// A file of its own with these bytes, for as long as this lives. libmaxminddb opens nothing but files.
class Scratch {
 public:
  explicit Scratch(const std::string& bytes) {
    path_ = (std::filesystem::temp_directory_path() / "geo.XXXXXX").string();
    const int file = mkstemp(path_.data());
    if (file < 0) return;
    std::size_t written = 0;
    while (written < bytes.size()) {
      const ssize_t count = ::write(file, bytes.data() + written, bytes.size() - written);
      if (count <= 0) break;
      written += static_cast<std::size_t>(count);
    }
    ::close(file);
    is_whole_ = written == bytes.size();
    if (!is_whole_) ::unlink(path_.c_str());
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    if (is_whole_) ::unlink(path_.c_str());
  }

  bool is_whole() const { return is_whole_; }
  const char* path() const { return path_.c_str(); }

 private:
  std::string path_;
  bool is_whole_ = false;
};

bool read_address(const std::string& text, sockaddr_storage& address) {
  auto* const four = reinterpret_cast<sockaddr_in*>(&address);
  auto* const six = reinterpret_cast<sockaddr_in6*>(&address);
  if (inet_pton(AF_INET, text.c_str(), &four->sin_addr) == 1) {
    address.ss_family = AF_INET;
    return true;
  }
  address.ss_family = AF_INET6;
  return inet_pton(AF_INET6, text.c_str(), &six->sin6_addr) == 1;
}

// What the members, or elements, of the entry lead to, where it is text.
void add(json::Object& to, std::string_view name, MMDB_entry_s entry, std::initializer_list<const char*> path) {
  std::array<const char*, 4> steps{};
  std::ranges::copy(path, steps.begin());
  MMDB_entry_data_s data;
  if (MMDB_aget_value(&entry, &data, steps.data()) != MMDB_SUCCESS || !data.has_data) return;
  if (data.type != MMDB_DATA_TYPE_UTF8_STRING) return;
  constexpr std::size_t kBytesMax = 256;
  const std::string_view text(data.utf8_string, data.data_size);
  if (text.empty() || text.size() > kBytesMax || base::first_invalid_utf8(text)) return;
  to.set(name, text);
}

}  // namespace

struct Geo::Database {
  MMDB_s mmdb{};
  Database() = default;
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database() { MMDB_close(&mmdb); }
};

Geo::Geo(std::unique_ptr<Database> database) : database_(std::move(database)) {}
Geo::Geo(Geo&&) noexcept = default;
Geo& Geo::operator=(Geo&&) noexcept = default;
Geo::~Geo() = default;

std::expected<Geo, std::string> Geo::open(const std::string& bytes) {
  const Scratch file(bytes);
  if (!file.is_whole()) return std::unexpected("there is no room for it in the folder for temporary files");
  MMDB_s mmdb;
  if (const int status = MMDB_open(file.path(), MMDB_MODE_MMAP, &mmdb); status != MMDB_SUCCESS)
    return std::unexpected(MMDB_strerror(status));
  auto database = std::make_unique<Database>();
  database->mmdb = mmdb;
  return Geo(std::move(database));
}

json::Object Geo::find(const std::string& address) const {
  json::Object place;
  sockaddr_storage socket_address{};
  if (!read_address(address, socket_address)) return place;
  int status = MMDB_SUCCESS;
  const MMDB_lookup_result_s found =
      MMDB_lookup_sockaddr(&database_->mmdb, reinterpret_cast<const sockaddr*>(&socket_address), &status);
  if (status != MMDB_SUCCESS || !found.found_entry) return place;
  add(place, "continent", found.entry, {"continent", "code"});
  add(place, "country", found.entry, {"country", "iso_code"});
  add(place, "region", found.entry, {"subdivisions", "0", "iso_code"});
  add(place, "city", found.entry, {"city", "names", "en"});
  add(place, "timezone", found.entry, {"location", "time_zone"});
  return place;
}

}  // namespace pipeline::enrichment
