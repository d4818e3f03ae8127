#pragma once
// Secrets at rest and session tokens in the clients' hands: encrypted and authenticated with the data folder's key.
// https://csrc.nist.gov/pubs/sp/800/38/d/final (AES-256-GCM)

#include <optional>
#include <string>
#include <string_view>

#include "base/ids.hpp"

namespace localcloud::iam {

// Thread-safe.
class Seal {
 public:
  // `key`: 32 bytes. `purpose` keeps what is sealed for one use from being taken for another.
  Seal(std::string_view key, std::string_view purpose, base::Ids& ids);

  // Base64. `about` is authenticated with the text and must be given again to open it.
  std::string close(std::string_view text, std::string_view about);
  // Nothing where the sealed text was changed, or sealed with another key, purpose or `about`.
  std::optional<std::string> open(std::string_view sealed, std::string_view about) const;

 private:
  std::string key_;
  base::Ids& ids_;
};

}  // namespace localcloud::iam
