#pragma once
// What a handler answers where it is called within a server: the value whose text a process would send.

#include <expected>

#include "json/value.hpp"
#include "pipeline/lambda_runtime/lambda_runtime.hpp"

namespace pipeline::lambda_runtime {

using ValueOutcome = std::expected<json::Value, FunctionError>;

}  // namespace pipeline::lambda_runtime
