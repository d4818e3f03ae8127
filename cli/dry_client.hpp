#pragma once
// The functions' calls, where nothing may change: reads go through, writes are kept here. So today's parse_validate
// tells what it would do with an object.

#include <mutex>
#include <string>
#include <vector>

#include "aws/client.hpp"

namespace cli {

// One function at a time.
class DryClient final : public aws::Client {
 public:
  explicit DryClient(aws::Client& client) : client_(client) {}

  base::Task<base::Result<aws::PutObjectOutput>> put_object(aws::PutObject input, aws::CallOptions options) override;
  base::Task<base::Result<aws::GetObjectOutput>> get_object(aws::GetObject input, aws::CallOptions options) override;
  base::Task<base::Result<aws::ListObjectsV2Output>> list_objects_v2(aws::ListObjectsV2 input,
                                                                     aws::CallOptions options) override;
  base::Task<base::Result<aws::StartExecutionOutput>> start_execution(aws::StartExecution input,
                                                                      aws::CallOptions options) override;
  // An INSERT is answered as the table would: DuplicateItem where there is such an item.
  base::Task<base::Result<aws::BatchExecuteStatementOutput>> batch_execute_statement(aws::BatchExecuteStatement input,
                                                                                     aws::CallOptions options) override;

  std::vector<aws::PutObject> written;  // what would have been

 private:
  aws::Client& client_;
};

}  // namespace cli
