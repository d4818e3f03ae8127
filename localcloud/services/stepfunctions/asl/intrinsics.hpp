#pragma once
// The intrinsic functions, States.Format to States.UUID. Pure, but for the randomness they are given.
// https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.hpp"
#include "localcloud/services/stepfunctions/asl/random.hpp"

namespace localcloud::stepfunctions::asl {

using Arguments = std::vector<json::Value>;

struct Intrinsic {
  std::string_view name;  // "States.Format"
  std::size_t arguments_min;
  std::size_t arguments_max;
  // One letter for each argument's kind, the last one for all that follow: a(rray) s(tring) n(umber) b(oolean)
  // o(bject) i(nteger) and . for anything.
  std::string_view kinds;
  std::expected<json::Value, std::string> (*call)(Arguments& arguments, Random& random);
};

// nullptr where there is none of that name.
const Intrinsic* find_intrinsic(std::string_view name);

// Whether the value may stand where the intrinsic's argument `index` is expected.
bool fits_argument(const Intrinsic& intrinsic, std::size_t index, const json::Value& value);

}  // namespace localcloud::stepfunctions::asl
