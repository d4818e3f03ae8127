#pragma once
// How large a payload may be. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html

#include "json/value.hpp"

namespace localcloud::stepfunctions::asl {

constexpr std::size_t kPayloadMax = 262'144;  // bytes of JSON text
constexpr int kPayloadDepthMax = 200;         // so that what is written can be read again

// Whether the value's JSON text is within both.
bool fits_payload(const json::Value& value);

}  // namespace localcloud::stepfunctions::asl
