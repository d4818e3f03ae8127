#include "localcloud/data_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <system_error>

#include "aws/crypto.hpp"
#include "base/text.hpp"
#include "json/parse.hpp"
#include "json/write.hpp"
#include "localcloud/storage/folders.hpp"
#include "localcloud/storage/format.hpp"
#include "localcloud/storage/keys.hpp"

namespace localcloud {

namespace {

namespace fs = std::filesystem;

// 2: log lines of one moment share a record.
constexpr std::string_view kStoreFormat = "2";

std::optional<std::string> read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    if (fs::exists(path)) throw std::runtime_error(path.string() + " can't be read: check whose it is");
    return std::nullopt;
  }
  std::ostringstream out;
  out << file.rdbuf();
  return std::move(out).str();
}

[[noreturn]] void fail(const fs::path& path, const char* what) {
  throw std::runtime_error(path.string() + ": " + what + ": " + std::generic_category().message(errno));
}

// Writes a file that appears whole or not at all, mode 0600.
void write_file(const fs::path& path, const std::string& text) {
  const fs::path incoming = path.string() + ".incoming";
  const int file = ::open(incoming.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) fail(incoming, "open");
  std::string_view left = text;
  while (!left.empty()) {
    const ssize_t written = ::write(file, left.data(), left.size());
    if (written < 0 && errno != EINTR) fail(incoming, "write");
    if (written > 0) left.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(file) != 0) fail(incoming, "fsync");
  ::close(file);
  if (::rename(incoming.c_str(), path.c_str()) != 0) fail(path, "rename");
  storage::sync_folder(path.parent_path());
}

std::string profile_of(const Account& account) {
  return "# The root access key of localcloud's account " + account.id +
         ". Whoever reads this file may do everything there.\n"
         "[default]\n"
         "aws_access_key_id = " +
         account.access_key_id + "\naws_secret_access_key = " + account.secret_access_key +
         "\nregion = " + account.region + "\n";
}

// The value of `name = value` in a profile.
std::string profile_value(const std::string& profile, std::string_view name) {
  std::istringstream lines(profile);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t equals = line.find('=');
    if (equals == std::string::npos || base::trim(std::string_view(line).substr(0, equals)) != name) continue;
    return std::string(base::trim(std::string_view(line).substr(equals + 1)));
  }
  return {};
}

std::string random_digits(base::Ids& ids, std::size_t count) {
  std::string out;
  out += static_cast<char>('1' + ids.below(9));
  while (out.size() < count) out += static_cast<char>('0' + ids.below(10));
  return out;
}

Account make_account(const std::string& region, base::Ids& ids) {
  std::string secret(30, '\0');
  ids.fill(std::as_writable_bytes(std::span{secret}));
  return {random_digits(ids, 12), region, "AKIA" + ids.letters_and_digits(16), base::to_base64(secret)};
}

Account open_account(const fs::path& folder, const std::string& region, base::Ids& ids) {
  const fs::path account_path = folder / "account.json", credentials_path = folder / "credentials";
  const auto stored = read_file(account_path);
  if (!stored) {
    Account account = make_account(region, ids);
    write_file(credentials_path, profile_of(account));
    write_file(account_path, json::write_pretty(json::Object{{"id", account.id}, {"region", account.region}}));
    return account;
  }
  const auto document = json::parse(*stored);
  const std::string profile = read_file(credentials_path).value_or("");
  Account account{std::string(document ? document->get_string("id").value_or("") : ""),
                  std::string(document ? document->get_string("region").value_or("") : ""),
                  profile_value(profile, "aws_access_key_id"), profile_value(profile, "aws_secret_access_key")};
  if (account.id.size() != 12 || account.region.empty()) {
    throw std::runtime_error(account_path.string() + " is damaged: it should hold {\"id\": 12 digits, \"region\"}");
  }
  if (account.access_key_id.empty() || account.secret_access_key.empty()) {
    throw std::runtime_error(credentials_path.string() +
                             " is missing or damaged: it holds the root access key. Put it back from a copy.");
  }
  return account;
}

}  // namespace

DataFolder open_data_folder(const fs::path& path, const std::string& region, base::Ids& ids) {
  storage::make_folder(path);
  if (::chmod(path.c_str(), 0700) != 0) fail(path, "chmod");
  DataFolder folder{.path = fs::canonical(path), .secret_key = {}, .account = {}, .write_key = {}};
  const fs::path key_path = folder.path / "secret.key", write_key_path = folder.path / "write_key";
  if (auto key = read_file(key_path)) {
    if (key->size() != 32)
      throw std::runtime_error(key_path.string() + " is damaged: it should hold 32 bytes. Put it back from a copy.");
    folder.secret_key = std::move(*key);
  } else {
    if (fs::exists(folder.store())) {
      throw std::runtime_error(
          key_path.string() +
          " is missing, though there is a store: without it no secret can be read. Put it back from a copy.");
    }
    folder.secret_key.resize(32);
    ids.fill(std::as_writable_bytes(std::span{folder.secret_key}));
    write_file(key_path, folder.secret_key);
  }
  folder.account = open_account(folder.path, region, ids);
  if (auto write_key = read_file(write_key_path)) {
    folder.write_key = std::string(base::trim(std::string_view(*write_key).substr(0, write_key->find('\n'))));
  } else {
    folder.write_key = "wk_" + ids.hex(32);
    write_file(write_key_path, folder.write_key + "\n");
  }
  return folder;
}

void check_data_folder(const DataFolder& folder, storage::Store& store) {
  storage::check_format(store, kStoreFormat);
  const std::pair<const char*, std::string> files[] = {
      {"secret.key", aws::sha256_hex(folder.secret_key)},
      {"account.json", aws::sha256_hex(folder.account.id + " " + folder.account.region)}};
  for (const auto& [name, hash] : files) {
    const auto known = store.write_and_wait<std::string>([&](storage::Transaction& transaction) -> Result<std::string> {
      const std::string key = storage::Key("data folder").add(name).bytes();
      auto stored = transaction.get(key);
      if (!stored) transaction.put(key, hash);
      return stored ? *std::move(stored) : hash;
    });
    if (known == hash) continue;
    throw std::runtime_error((folder.path / name).string() +
                             " isn't the one that the store was made with: it was damaged or belongs to another data "
                             "folder. Put it back from a copy.");
  }
}

}  // namespace localcloud
