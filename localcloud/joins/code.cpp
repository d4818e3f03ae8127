#include "localcloud/joins/code.hpp"

namespace localcloud {

Task<Result<std::string>> FunctionCode::fetch(wire::Caller caller, std::string bucket, std::string key,
                                              std::size_t bytes_max) {
  s3::GetObject::Input input;
  input.bucket = std::move(bucket);
  input.key = std::move(key);
  for (const wire::Access& access : access(room_, caller, input)) {
    if (auto denial = authorizer_.denial(caller, access)) co_return failure({"AccessDenied", std::move(*denial), 403});
  }
  Result<s3::GetObject::Output> output = s3::get_object(room_, caller, std::move(input));
  if (!output) co_return failure(output.error());
  std::string out;
  for (std::string_view part = output->body.source->next(); !part.empty(); part = output->body.source->next()) {
    if (out.size() + part.size() > bytes_max) {
      co_return failure({"InvalidParameterValueException",
                         "Unzipped size must be smaller than " + std::to_string(bytes_max) + " bytes", 400});
    }
    out += part;
  }
  co_return out;
}

}  // namespace localcloud
