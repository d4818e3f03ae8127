#include "localcloud/services/s3/objects/receive.hpp"

#include "localcloud/services/s3/errors.hpp"

namespace localcloud::s3 {

Task<Result<ReceivedBody>> receive(storage::Blobs& blobs, HashThreads& threads, wire::http::Body& body,
                                   ChecksumAlgorithm algorithm) {
  ReceivedBody received;
  BodyMd5 md5(threads);
  ChecksumHasher checksum(algorithm);
  std::string& block = received.bytes;
  while (true) {
    const Result<std::string_view> arrived = co_await body.next();
    if (!arrived) co_return failure(arrived.error());
    std::string_view part = *arrived;
    if (part.empty()) break;
    checksum.update(part);
    received.size += part.size();
    if (received.size > kPutSizeMax) co_return failure(entity_too_large(received.size, kPutSizeMax));
    if (!received.file && !body.hold(part.size())) throw wire::http::Overloaded();
    while (!part.empty()) {
      if (block.size() == kBodyInStoreMax) {  // and there is more
        if (!received.file) received.file.emplace(blobs.create());
        received.file->append(block);
        co_await md5.take(block);
      }
      const std::string_view head = part.substr(0, kBodyInStoreMax - block.size());
      block += head;
      part.remove_prefix(head.size());
    }
  }
  received.checksum = checksum.finish();
  if (received.file) {
    received.file->append(block);
    co_await md5.take(block);
    received.md5 = co_await md5.finish();
  } else {
    received.md5 = aws::md5(block);
  }
  co_return received;
}

}  // namespace localcloud::s3
