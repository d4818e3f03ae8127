#pragma once
// The tokens by which clients mark transactions that they may send again, and their keys:
//
//   dynamodb token        account region token           valid until (8 bytes), the request's hash
//   dynamodb token-expiry second account region token    nothing

#include <cstdint>
#include <optional>
#include <string>

#include "localcloud/storage/store.hpp"

namespace localcloud::dynamodb {

inline constexpr std::uint64_t kTokenValid_s = 600;

struct RequestToken {
  std::string account, region, token;
};

// The hash of the request that was carried out under the token, where it is still valid.
std::optional<std::string> find_request(const storage::Reader& reader, const RequestToken& token, std::uint64_t now_s);
void write_request(storage::Transaction& transaction, const RequestToken& token, std::uint64_t now_s,
                   std::string_view hash);
// Erases at most `limit` tokens that aren't valid any more, and says how many those were.
std::size_t erase_tokens(storage::Transaction& transaction, std::uint64_t now_s, std::size_t limit);
bool has_old_tokens(const storage::Reader& reader, std::uint64_t now_s);

}  // namespace localcloud::dynamodb
