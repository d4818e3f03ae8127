#pragma once
// The AWS operations that the verbs call, each by its name. Blocking, thread-safe; what fails throws Failed, which
// names the call and AWS's words, but for what is answered as missing.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "cli/place.hpp"
#include "json/value.hpp"
#include "pipeline/aws_client/aws_client.hpp"

namespace cli {

struct ListedObject {
  std::string key;
  std::uint64_t bytes = 0;
};

class Calls {
 public:
  // Asks STS for the account where the place doesn't know it.
  explicit Calls(Place place);

  const Place& place() const { return place_; }
  aws::Client& client() { return client_; }
  base::Ids& ids() { return ids_; }
  const base::Clock& clock() const { return clock_; }

  // S3, in the pipeline's bucket.
  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
  std::vector<ListedObject> list_objects(const std::string& prefix, const std::string& start_after,
                                         std::size_t count_max);
  std::optional<std::string> get_object(const std::string& key);  // nothing where there is no such object
  void put_object(const std::string& key, std::string body, const std::string& content_type);
  // False where there is such an object already.
  bool put_new_object(const std::string& key, std::string body, const std::string& content_type);
  void delete_object(const std::string& key);
  bool head_bucket();

  // DynamoDB: the answer to an operation, by its name.
  json::Value dynamodb(const std::string& operation, const json::Object& input);
  // Every item that a Query finds, page by page, until `visit` answers false.
  void query(json::Object input, const std::function<bool(const json::Object& item)>& visit);

  json::Value states(const std::string& operation, const json::Object& input);

  struct Invoked {
    json::Value payload;
    bool has_failed = false;
  };
  // https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
  Invoked invoke(const std::string& function, const json::Value& payload);
  // GetFunctionConfiguration, GetFunctionUrlConfig: the answer; nothing where there is none.
  std::optional<json::Value> function_configuration(const std::string& function);
  std::optional<std::string> function_url(const std::string& function);

  // The caller's ARN.
  std::string caller_arn();

  // The collector's address: the one that is known, else its function's URL.
  std::string events_url();

 private:
  using Call = pipeline::aws_client::AwsClient::Call;
  pipeline::Result<pipeline::aws_client::HttpResponse> send(const Call& call);
  pipeline::aws_client::HttpResponse must(const std::string& what, const Call& call);
  json::Value json_call(pipeline::aws_client::Service service, const std::string& target, const std::string& version,
                        const json::Object& input);
  std::optional<json::Value> lambda_get(const std::string& what, const std::string& path);
  std::string ask_sts(const std::string& element);

  Place place_;
  base::SystemClock clock_;
  base::RandomIds ids_;
  pipeline::aws_client::AwsClient client_;
};

// Waits before what a throttled table left undone is asked for again: longer each round, a second at most.
void pause_before_round(int round);

// Runs `work(i)` for i in [0, count) on a few threads; the first exception is thrown once all have ended.
void in_parallel(std::size_t count, const std::function<void(std::size_t)>& work);

}  // namespace cli
