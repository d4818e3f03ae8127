#pragma once
// Result<T> is a T, or the ServiceError that the caller of an AWS API should see.
//
// It carries everything a client can cause. A broken machine (disk, fork, socket) is not a result: it throws, and
// localcloud/wire/operation.hpp answers 500 in one place. What may simply be missing is a std::optional.

#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace base {

// An error as AWS words it. Build one with a factory from the service's errors.hpp, never in place, so that the code,
// the status and the wording of each error exist once.
struct ServiceError {
  std::string code;     // as AWS's protocol documents name it, e.g. "ResourceNotFoundException"
  std::string message;  // as AWS words it
  int http_status = 400;
  // Further members of the error's body, name and JSON text of the value, e.g. {"Item", "{...}"}.
  std::vector<std::pair<std::string, std::string>> members = {};
  // Further headers of the answer, where the protocol is REST.
  std::vector<std::pair<std::string, std::string>> headers = {};

  bool operator==(const ServiceError&) const = default;
};

// The value of an operation that answers nothing.
struct Done {
  bool operator==(const Done&) const = default;
};

template <class T>
using Result = std::expected<T, ServiceError>;

// Lets a function that returns Result<T> write `return failure(no_such_bucket());`.
inline std::unexpected<ServiceError> failure(ServiceError error) {
  return std::unexpected<ServiceError>(std::move(error));
}

}  // namespace base

// Evaluates to the value of a Result, or returns its error to our own caller. Not in a coroutine: g++ 12 crashes on a
// statement expression that holds a co_await.
#define TRY(...)                                                                                    \
  __extension__({                                                                                   \
    auto try_result_ = (__VA_ARGS__);                                                               \
    if (!try_result_) return std::unexpected<::base::ServiceError>(std::move(try_result_).error()); \
    *std::move(try_result_);                                                                        \
  })

// The words every layer speaks without a prefix.
namespace json {
using base::Done, base::failure, base::Result, base::ServiceError;
}
namespace aws {
using base::Done, base::failure, base::Result, base::ServiceError;
}
namespace localcloud {
using base::Done, base::failure, base::Result, base::ServiceError;
}
namespace pipeline {
using base::Done, base::failure, base::Result, base::ServiceError;
}
