#pragma once
// Requests that the SDKs compress (PutMetricData above 10 KB). Pure.

#include <optional>
#include <string>
#include <string_view>

namespace localcloud::wire {

// The bytes that were compressed; nothing where they aren't whole gzip or are more than `size_max`.
std::optional<std::string> gunzip(std::string_view bytes, std::size_t size_max);

}  // namespace localcloud::wire
