#pragma once
// Where a function's code is fetched from when it isn't in the request. main.cpp joins it to S3.

#include <string>

#include "base/result.hpp"
#include "base/task.hpp"
#include "localcloud/wire/caller.hpp"

namespace localcloud::lambda {

class CodeSource {
 public:
  virtual ~CodeSource() = default;
  // The object, as the caller may read it (s3:GetObject); S3's own error otherwise. At most `bytes_max`.
  virtual Task<Result<std::string>> fetch(wire::Caller caller, std::string bucket, std::string key,
                                          std::size_t bytes_max) = 0;
};

}  // namespace localcloud::lambda
