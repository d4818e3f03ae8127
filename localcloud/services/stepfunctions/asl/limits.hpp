#pragma once
// How large a payload may be. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html

#include "json/value.hpp"

namespace localcloud::stepfunctions::asl {

constexpr std::size_t kPayloadMax = 262'144;  // bytes of JSON text
// Unlike AWS: 200 levels instead of 1,000, so that what is written can be read again.
constexpr int kPayloadDepthMax = 200;

constexpr std::size_t kWorkMax = 16 * kPayloadMax;  // bytes that one field may gather on its way to a payload

// Whether the value's JSON text is within the first two.
bool fits_payload(const json::Value& value);

// Adds the size of the value's JSON text to `size`; false once that is past `max`, or the value nests too deeply.
bool add_size(const json::Value& value, std::size_t& size, std::size_t max);

}  // namespace localcloud::stepfunctions::asl
