#include "localcloud/services/s3/objects/receive.hpp"

#include "localcloud/services/s3/errors.hpp"

namespace localcloud::s3 {
namespace {

void take(storage::Blobs& blobs, ReceivedBody& received, std::string_view part) {
  received.size += part.size();
  if (!received.file && received.size > kBodyInStoreMax) {
    received.file.emplace(blobs.create());
    received.file->append(received.bytes);
    received.bytes = {};
  }
  if (received.file) {
    received.file->append(part);
  } else {
    received.bytes += part;
  }
}

}  // namespace

Task<Result<ReceivedBody>> receive(storage::Blobs& blobs, HashThreads& threads, wire::http::Body& body,
                                   ChecksumAlgorithm algorithm) {
  ReceivedBody received;
  BodyMd5 md5(threads);
  ChecksumHasher checksum(algorithm);
  while (true) {
    Result<std::string_view> part = co_await body.next();
    if (!part) co_return failure(std::move(part.error()));
    if (part->empty()) break;
    co_await md5.update(*part);
    checksum.update(*part);
    if (!received.file && !body.hold(part->size())) throw wire::http::Overloaded();
    take(blobs, received, *part);
    if (received.size > kPutSizeMax) co_return failure(entity_too_large(received.size, kPutSizeMax));
  }
  received.md5 = co_await md5.finish();
  received.checksum = checksum.finish();
  co_return received;
}

}  // namespace localcloud::s3
