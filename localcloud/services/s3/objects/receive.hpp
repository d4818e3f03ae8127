#pragma once
// A body on its way in: digested as it arrives, kept in memory while it is small and in a file once it isn't.

#include <cstdint>
#include <optional>
#include <string>

#include "localcloud/services/s3/objects/body_md5.hpp"
#include "localcloud/services/s3/objects/digests.hpp"
#include "localcloud/storage/blobs.hpp"
#include "localcloud/wire/http/message.hpp"

namespace localcloud::s3 {

inline constexpr std::uint64_t kPutSizeMax = 5ull << 30;   // AWS's limit for one PUT
inline constexpr std::size_t kBodyInStoreMax = 64 * 1024;  // larger ones are files, written in blocks of this size
static_assert(kBodyInStoreMax == storage::kBlobBlockBytes);

struct ReceivedBody {
  std::uint64_t size = 0;
  std::string md5;  // 16 bytes
  Checksum checksum;
  std::string bytes;                        // where it is small
  std::optional<storage::BlobWriter> file;  // where it isn't; not durable yet
};

// Reads `body` to its end. What arrived of a body that ends badly is gone with the result.
Task<Result<ReceivedBody>> receive(storage::Blobs& blobs, HashThreads& threads, wire::http::Body& body,
                                   ChecksumAlgorithm algorithm);

}  // namespace localcloud::s3
