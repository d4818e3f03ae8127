// GetObject answers an object, or a range of it, if the request's conditions hold.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html

#include "localcloud/services/s3/objects/read.hpp"

namespace localcloud::s3 {
namespace {

class StoredBody final : public wire::http::BodySource {
 public:
  StoredBody(std::string bytes, ByteRange range) : bytes_(std::move(bytes)), range_(range) {}
  std::string_view next() override {
    const std::string_view part = std::string_view(bytes_).substr(range_.first, range_.length);
    range_.length = 0;
    return part;
  }

 private:
  std::string bytes_;
  ByteRange range_;
};

class BlobBody final : public wire::http::BodySource {
 public:
  // Reads the first block, so that a body damaged there is answered with an error and not with half an answer.
  BlobBody(storage::BlobReader reader, ByteRange range) : reader_(std::move(reader)), range_(range) {
    reader_.read(range_.first);
  }
  std::string_view next() override {
    const std::string_view part = reader_.read(range_.first).substr(0, range_.length);
    range_.first += part.size();
    range_.length -= part.size();
    return range_.length == 0 && part.empty() ? std::string_view() : part;
  }

 private:
  storage::BlobReader reader_;
  ByteRange range_;
};

// The body's source, or nothing where the file went away after the record was read: then the object was replaced.
std::unique_ptr<wire::http::BodySource> open_body(S3& room, ObjectToRead& object) {
  if (object.record.body) return std::make_unique<StoredBody>(*std::move(object.record.body), object.range);
  if (object.record.in_file) {
    auto reader = room.blobs.open(object.record.body_id);
    return reader ? std::make_unique<BlobBody>(*std::move(reader), object.range) : nullptr;
  }
  auto bytes = read_body(*object.reader, object.record.body_id);
  if (!bytes) throw storage::StorageFailure("the body " + object.record.body_id + " is not in the store");
  return std::make_unique<StoredBody>(*std::move(bytes), object.range);
}

}  // namespace

Answer<GetObject> get_object(S3& room, const wire::Caller& caller, GetObject::Input input) {
  constexpr int kAttempts = 5;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    ObjectToRead object = TRY(find_to_read(room, caller, input));
    if (object.head.status == 304 || object.range.length == 0) return std::move(object.head);
    auto source = open_body(room, object);
    if (!source) continue;
    object.head.body = {.source = std::move(source), .size = object.range.length};
    return std::move(object.head);
  }
  throw storage::StorageFailure("the file of " + input.bucket + "/" + input.key + " is gone");
}

}  // namespace localcloud::s3
