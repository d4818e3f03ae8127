#pragma once
// The process's own log: one JSON object a line on standard error. Never a secret, never a body.

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace base {

enum class LogLevel { info, warning, error };

// Thread-safe: one line, one write.
void log(LogLevel level, std::string_view message,
         std::initializer_list<std::pair<std::string_view, std::string>> fields = {});

}  // namespace base
