#pragma once
// Which pipeline judged an event: told in quarantine.

#include <string_view>

namespace pipeline {

// Changes whenever an event may be judged otherwise than before.
inline constexpr std::string_view kVersion = "1.1";

}  // namespace pipeline
