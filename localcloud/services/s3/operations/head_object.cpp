// HeadObject answers what GetObject would, without the body.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html

#include "localcloud/services/s3/objects/read.hpp"

namespace localcloud::s3 {

Answer<HeadObject> head_object(S3& room, const wire::Caller& caller, HeadObject::Input input) {
  ObjectToRead object = TRY(find_to_read(room, caller, input));
  object.head.body.size = object.range.length;
  return std::move(object.head);
}

}  // namespace localcloud::s3
