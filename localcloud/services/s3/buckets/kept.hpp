#pragma once
// What every request about an object needs of its bucket, read once and kept while it doesn't change.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "localcloud/services/s3/buckets/lifecycle.hpp"
#include "localcloud/services/s3/records.hpp"
#include "localcloud/storage/kept.hpp"

namespace localcloud::s3 {

// Thread-safe. Each answers null where there is none.
class KeptBuckets {
 public:
  std::shared_ptr<const BucketRecord> find(const storage::Reader& reader, std::string_view bucket);
  std::shared_ptr<const std::string> policy(const storage::Reader& reader, std::string_view bucket);
  std::shared_ptr<const std::vector<LifecycleRule>> lifecycle(const storage::Reader& reader, std::string_view bucket);

 private:
  storage::Kept<BucketRecord> records_;
  storage::Kept<std::string> policies_;
  storage::Kept<std::vector<LifecycleRule>> lifecycles_;
};

}  // namespace localcloud::s3
