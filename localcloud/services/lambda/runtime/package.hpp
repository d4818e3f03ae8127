#pragma once
// A function's code: a zip file that anybody could have made, as a folder named by its SHA-256.

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "base/result.hpp"

namespace localcloud::lambda {

struct PackageLimits {
  std::uint64_t unzipped_bytes_max = 262'144'000;
  std::uint64_t entries_max = 20'000;
};

struct StoredCode {
  std::string sha256;  // base64, as CodeSha256
  std::int64_t bytes;  // of the zip
};

// One folder with one folder of code each. Thread-safe: an installed folder never changes.
class CodeStore {
 public:
  // `folder` is made where it is missing; what an interrupted install left in it is removed.
  CodeStore(std::filesystem::path folder, base::Ids& ids, PackageLimits limits = {});

  // Unzips, on this thread: it takes as long as the zip is large. Durable when it returns. An error in AWS's words
  // where the zip is not one, is too large, or would write outside its folder.
  Result<StoredCode> install(std::string_view zip) const;

  std::filesystem::path folder_of(std::string_view sha256_base64) const;
  // Removes every folder that none of these name. Not while an install runs.
  void keep_only(const std::set<std::string>& sha256_base64) const;

 private:
  std::filesystem::path folder_;
  base::Ids& ids_;
  PackageLimits limits_;
};

}  // namespace localcloud::lambda
