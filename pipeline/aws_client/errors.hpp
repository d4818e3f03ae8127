#pragma once
// Errors as the services word them in their answers. Pure.

#include "base/result.hpp"
#include "pipeline/aws_client/http.hpp"

namespace pipeline::aws_client {

// From S3's XML, or from the JSON of the others; from the status where the body holds neither.
ServiceError read_error(const HttpResponse& response);

}  // namespace pipeline::aws_client
