#pragma once
// The services as the pipeline's tests need them, in memory: objects, started executions, and a table that knows
// INSERT and SELECT. Not thread-safe.

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "aws/client.hpp"

namespace pipeline::aws_client {

class MemoryClient final : public aws::Client {
 public:
  struct Object {
    std::string body;
    std::string etag;
  };

  Task<Result<aws::PutObjectOutput>> put_object(aws::PutObject input, aws::CallOptions options) override;
  Task<Result<aws::GetObjectOutput>> get_object(aws::GetObject input, aws::CallOptions options) override;
  Task<Result<aws::ListObjectsV2Output>> list_objects_v2(aws::ListObjectsV2 input, aws::CallOptions options) override;
  Task<Result<aws::StartExecutionOutput>> start_execution(aws::StartExecution input, aws::CallOptions options) override;
  Task<Result<aws::BatchExecuteStatementOutput>> batch_execute_statement(aws::BatchExecuteStatement input,
                                                                         aws::CallOptions options) override;

  void put(const std::string& key, std::string body);

  std::map<std::string, Object> objects;  // by key; of any bucket
  std::vector<aws::StartExecution> executions;
  std::map<std::pair<std::string, std::string>, json::Object> items;  // by pk and sk, in DynamoDB's JSON form
  std::vector<std::string> calls;  // "PutObject <key>", "StartExecution", "BatchExecuteStatement 25", …

  // The error of a call, named as in `calls`; nothing lets it pass.
  std::function<std::optional<ServiceError>(const std::string& call)> fail = {};
  // The error of a single statement.
  std::function<std::optional<aws::StatementError>(const aws::Statement& statement)> fail_statement = {};

 private:
  std::optional<ServiceError> note(std::string call);
  aws::StatementOutput execute(const aws::Statement& statement);

  int etags_ = 0;
};

}  // namespace pipeline::aws_client
