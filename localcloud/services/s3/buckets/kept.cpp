#include "localcloud/services/s3/buckets/kept.hpp"

#include "localcloud/services/s3/buckets/settings.hpp"

namespace localcloud::s3 {

std::shared_ptr<const BucketRecord> KeptBuckets::find(const storage::Reader& reader, std::string_view bucket) {
  return records_.find(reader, bucket_key(bucket),
                       [bucket](std::string_view bytes) { return decode_bucket(bucket, bytes); });
}

std::shared_ptr<const std::string> KeptBuckets::policy(const storage::Reader& reader, std::string_view bucket) {
  return policies_.find(reader, setting_key(bucket, BucketSetting::policy),
                        [](std::string_view text) { return std::string(text); });
}

std::shared_ptr<const std::vector<LifecycleRule>> KeptBuckets::lifecycle(const storage::Reader& reader,
                                                                         std::string_view bucket) {
  return lifecycles_.find(reader, setting_key(bucket, BucketSetting::lifecycle), &lifecycle_from_text);
}

}  // namespace localcloud::s3
