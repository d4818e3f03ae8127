#pragma once
// The calls of the pipeline's functions over HTTP: signed, retried, on connections that are used again.
//
// It blocks: a function's process has one invocation at a time and nothing else to do meanwhile, so its tasks are done
// when they are first awaited. Something that serves many at once needs another aws::Client.

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "aws/client.hpp"
#include "aws/sigv4.hpp"
#include "base/clock.hpp"
#include "base/ids.hpp"
#include "pipeline/aws_client/connection.hpp"
#include "pipeline/aws_client/settings.hpp"

namespace pipeline::aws_client {

// Thread-safe.
class AwsClient final : public aws::Client {
 public:
  // The clock signs; the ids spread the retries. Both must outlive it.
  AwsClient(Settings settings, const base::Clock& clock, base::Ids& ids);
  ~AwsClient() override;

  Task<Result<aws::PutObjectOutput>> put_object(aws::PutObject input, aws::CallOptions options) override;
  Task<Result<aws::GetObjectOutput>> get_object(aws::GetObject input, aws::CallOptions options) override;
  Task<Result<aws::ListObjectsV2Output>> list_objects_v2(aws::ListObjectsV2 input, aws::CallOptions options) override;
  Task<Result<aws::StartExecutionOutput>> start_execution(aws::StartExecution input, aws::CallOptions options) override;
  Task<Result<aws::BatchExecuteStatementOutput>> batch_execute_statement(aws::BatchExecuteStatement input,
                                                                         aws::CallOptions options) override;

  // A call of any operation: what the functions above don't name, for those who operate the pipeline.
  struct Call {
    Service service;
    std::string_view method;
    Address address;
    HttpHeaders headers = {};
    std::string body = {};
    std::string query = {};  // encoded, without the '?'
  };
  // The answer, of a status below 300 or 304, after as many attempts as it takes and the deadline allows.
  Result<HttpResponse> send(const Call& call, aws::CallOptions options);
  const Settings& settings() const { return settings_; }

 private:
  Result<json::Value> send_json(Service service, std::string_view target, std::string body, aws::CallOptions options);
  std::expected<HttpResponse, Broken> attempt(const Call& call, base::Time deadline);
  HttpRequest sign(const Call& call);

  std::unique_ptr<Connection> take_idle(const std::string& authority);
  void give_back(const std::string& authority, std::unique_ptr<Connection> connection);

  const Settings settings_;
  const base::Clock& clock_;
  base::Ids& ids_;
  aws::SigningKeys keys_;
  Trust trust_;
  std::mutex mutex_;
  std::map<std::string, std::vector<std::unique_ptr<Connection>>> idle_;  // by authority
};

}  // namespace pipeline::aws_client
