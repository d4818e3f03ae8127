// GetBucketVersioning says that versioning was never switched on: there are no versions here.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketVersioning.html

#include "localcloud/services/s3/buckets/find.hpp"
#include "localcloud/services/s3/service.hpp"

namespace localcloud::s3 {

Answer<GetBucketVersioning> get_bucket_versioning(S3& room, const wire::Caller& caller,
                                                  GetBucketVersioning::Input input) {
  TRY(find_bucket(*room.store.snapshot(), caller, input));
  return GetBucketVersioning::Output{};
}

}  // namespace localcloud::s3
