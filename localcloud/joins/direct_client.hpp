#pragma once
// The calls of linked functions, carried straight to the rooms: the operations that HTTP would reach, IAM asked as for
// anyone, without HTTP, signatures or JSON between. pipeline/aws_client is its counterpart for processes and on AWS.

#include "aws/client.hpp"
#include "base/ids.hpp"
#include "localcloud/services/dynamodb/service.hpp"
#include "localcloud/services/s3/service.hpp"
#include "localcloud/services/stepfunctions/service.hpp"

namespace localcloud {

// The rooms that functions call.
struct CalledRooms {
  s3::S3& s3;
  stepfunctions::StepFunctions& stepfunctions;
  dynamodb::DynamoDb& dynamodb;
  wire::Authorizer& authorizer;
  const base::Clock& clock;
  base::Ids& ids;
};

// Thread-safe. A call that has begun is not cut short by its deadline: the lane takes a moment, and what it wrote
// counts. Nothing is tried again: where a room is busy, it is this process that is.
class DirectClient final : public aws::Client {
 public:
  // Calls are made by `principal`, in `region`. The rooms outlive the client.
  DirectClient(CalledRooms rooms, wire::Principal principal, std::string region);

  Task<Result<aws::PutObjectOutput>> put_object(aws::PutObject input, aws::CallOptions options) override;
  Task<Result<aws::GetObjectOutput>> get_object(aws::GetObject input, aws::CallOptions options) override;
  Task<Result<aws::ListObjectsV2Output>> list_objects_v2(aws::ListObjectsV2 input, aws::CallOptions options) override;
  Task<Result<aws::StartExecutionOutput>> start_execution(aws::StartExecution input, aws::CallOptions options) override;
  Task<Result<aws::BatchExecuteStatementOutput>> batch_execute_statement(aws::BatchExecuteStatement input,
                                                                         aws::CallOptions options) override;

 private:
  template <class Op, auto Function, class Room>
  Task<Result<typename Op::Output>> call(Room& room, const wire::Service& service, typename Op::Input input,
                                         aws::CallOptions options);

  const CalledRooms rooms_;
  const wire::Principal principal_;
  const std::string region_;
  const wire::Service s3_, stepfunctions_, dynamodb_;  // how each refuses
};

}  // namespace localcloud
