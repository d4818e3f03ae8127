#pragma once
// Packages that lie in S3: Lambda joined to S3.

#include "localcloud/services/lambda/code_source.hpp"
#include "localcloud/services/s3/service.hpp"
#include "localcloud/wire/access.hpp"

namespace localcloud {

// Thread-safe.
class FunctionCode final : public lambda::CodeSource {
 public:
  FunctionCode(s3::S3& room, wire::Authorizer& authorizer) : room_(room), authorizer_(authorizer) {}
  Task<Result<std::string>> fetch(wire::Caller caller, std::string bucket, std::string key,
                                  std::size_t bytes_max) override;

 private:
  s3::S3& room_;
  wire::Authorizer& authorizer_;
};

}  // namespace localcloud
