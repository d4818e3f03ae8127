#pragma once
// Requests that S3 would understand and this room doesn't. None of them may pass for something else: a PUT with a
// sub-resource that isn't here must not overwrite the object.

#include <optional>

#include "base/result.hpp"
#include "localcloud/wire/operation.hpp"

namespace localcloud::s3 {

// The refusal of a request for which the router found this operation, or none. Pure.
std::optional<ServiceError> refuse(const wire::http::Request& request, const wire::Operation* found);

}  // namespace localcloud::s3
