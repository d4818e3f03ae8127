#pragma once
// The data folder: who owns the account, the key that seals secrets, and where everything lies.
//
//   store/        RocksDB
//   blobs/        large S3 bodies                     functions/   unpacked packages
//   secret.key    32 random bytes that seal secrets in the store; without it no secret can be read
//   credentials   the root access key, as an AWS profile
//   write_key     the first write key of the collector
//   account.json  the account's id and the pipeline's region, set at the first start
//
// The folder and what is in it are readable by their owner alone.

#include <filesystem>
#include <string>

#include "base/ids.hpp"
#include "localcloud/storage/store.hpp"

namespace localcloud {

struct Account {
  std::string id;  // 12 digits
  std::string region;
  std::string access_key_id;
  std::string secret_access_key;
};

struct DataFolder {
  std::filesystem::path path;
  std::string secret_key;  // 32 bytes
  Account account;
  std::string write_key;

  std::filesystem::path store() const { return path / "store"; }
  std::filesystem::path blobs() const { return path / "blobs"; }
  std::filesystem::path functions() const { return path / "functions"; }
  std::filesystem::path credentials() const { return path / "credentials"; }
};

// Opens the folder, or makes it. What is made is durable before it is used. Throws std::runtime_error with what to do.
DataFolder open_data_folder(const std::filesystem::path& path, const std::string& region, base::Ids& ids);

// Whether secret.key and account.json are those that the store was made with: it knows their hashes from its first
// start. With others it would look empty, and what was sealed couldn't be read. Throws std::runtime_error where one was
// damaged or taken from another folder.
void check_data_folder(const DataFolder& folder, storage::Store& store);

}  // namespace localcloud
