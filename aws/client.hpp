#pragma once
// The calls to AWS that the pipeline's functions make, as an abstract client: pipeline/aws_client carries them over
// HTTPS; a server that holds the services itself may carry them straight to its own. The types belong to neither.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "json/value.hpp"

namespace aws {

// How a call may take its time.
struct CallOptions {
  // The call ends by then, retries included; with the error RequestTimeout (503) where it isn't answered yet.
  std::optional<base::Time> deadline;
};

struct PutObject {
  std::string bucket;
  std::string key;
  std::string body;
  std::string content_type = "application/octet-stream";
};
struct PutObjectOutput {
  std::string etag;
};

struct GetObject {
  std::string bucket;
  std::string key;
  std::string if_none_match = {};  // an ETag with its quotes; empty: unconditional
};
struct GetObjectOutput {
  enum class Found { whole, not_modified };
  Found found = Found::whole;
  std::string body;  // empty where not_modified
  std::string etag;
};

struct ListObjectsV2 {
  std::string bucket;
  std::string prefix;
  std::string start_after = {};  // only keys behind this one
};
struct ListObjectsV2Output {
  std::vector<std::string> keys;  // in order, 1,000 at most
  bool is_truncated = false;      // there are more behind the last
};

struct StartExecution {
  std::string state_machine_arn;
  std::string name;   // empty: the service makes one
  std::string input;  // JSON text
};
struct StartExecutionOutput {
  std::string execution_arn;
};

// One PartiQL statement. Its parameters are JSON as it is, each sent as DynamoDB's type of that kind: S, N, BOOL, NULL,
// L or M (aws/attribute.hpp).
struct Statement {
  std::string text;
  std::vector<json::Value> parameters;
};
struct BatchExecuteStatement {
  // 1 to 25: all of them writes, or all of them reads. They must live until the call has ended.
  std::span<const Statement> statements;
};
struct StatementError {
  std::string code;  // as DynamoDB names it here, e.g. "DuplicateItem", "ThrottlingError"
  std::string message;
};
struct StatementOutput {
  std::optional<StatementError> error;
  std::optional<json::Object> item;  // what a SELECT found, each attribute in DynamoDB's JSON form
};
struct BatchExecuteStatementOutput {
  std::vector<StatementOutput> responses;  // one for each statement, in their order
};

// Thread-safe. A result's error is the service's own (code, message, HTTP status). What a carrier thinks worth it
// (throttling, 5xx, broken connections) it has retried already when it comes back; is_retryable() tells it from
// refusals.
class Client {
 public:
  virtual ~Client() = default;

  virtual Task<Result<PutObjectOutput>> put_object(PutObject input, CallOptions options) = 0;
  // "NoSuchKey" (404) where there is no such object.
  virtual Task<Result<GetObjectOutput>> get_object(GetObject input, CallOptions options) = 0;
  virtual Task<Result<ListObjectsV2Output>> list_objects_v2(ListObjectsV2 input, CallOptions options) = 0;
  virtual Task<Result<StartExecutionOutput>> start_execution(StartExecution input, CallOptions options) = 0;
  virtual Task<Result<BatchExecuteStatementOutput>> batch_execute_statement(BatchExecuteStatement input,
                                                                            CallOptions options) = 0;
};

// Whether the same call may succeed later: the service was busy, broken or out of reach.
inline bool is_retryable(const ServiceError& error) {
  return error.http_status >= 500 || error.http_status == 429 || error.http_status == 408 ||
         error.code.find("Throttl") != std::string::npos || error.code == "ProvisionedThroughputExceededException" ||
         error.code == "RequestLimitExceeded" || error.code == "SlowDown" || error.code == "ExecutionLimitExceeded" ||
         error.code == "RequestTimeout";
}

}  // namespace aws
