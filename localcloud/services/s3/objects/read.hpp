#pragma once
// What GetObject and HeadObject do alike: find the object, hold it against the request's conditions, answer its head.

#include "localcloud/services/s3/objects/range.hpp"
#include "localcloud/services/s3/service.hpp"

namespace localcloud::s3 {

struct ObjectToRead {
  ObjectRecord record;
  std::unique_ptr<storage::Reader> reader;  // the snapshot that the record is from
  ReadOutput head;                          // complete but for the body
  ByteRange range;                          // of the body, what is asked for; all of it where no range is
};

Result<ObjectToRead> find_to_read(S3& room, const wire::Caller& caller, const ReadInput& input);

}  // namespace localcloud::s3
