#pragma once
// Which function a request means: by name, by partial ARN or by ARN. Pure.

#include <optional>
#include <string>
#include <string_view>

#include "localcloud/services/lambda/records.hpp"
#include "localcloud/wire/caller.hpp"

namespace localcloud::lambda {

// "name", "name:$LATEST", "123456789012:function:name", "arn:aws:lambda:us-east-1:123456789012:function:name:$LATEST".
// An error where it names another version than $LATEST, or another region than the request is signed for.
Result<FunctionId> to_function_id(const wire::Caller& caller, std::string_view text,
                                  const std::optional<std::string>& qualifier = std::nullopt);

}  // namespace localcloud::lambda
