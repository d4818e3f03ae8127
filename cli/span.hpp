#pragma once
// The span of time that a verb looks at, and the pipeline's objects within it.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "cli/calls.hpp"

namespace cli {

// By received_at, from `from` to before `to`, in UTC.
struct Span {
  base::Time from;
  base::Time to;
};

struct SpanOptions {
  std::string from;         // 2026-11-22, 2026-11-22T13, or RFC 3339
  std::string to;           // likewise; empty: now
  std::string last = "1d";  // where there is no `from`: 90m, 12h, 7d
};

// Throws Failed.
Span read_span(const SpanOptions& options, base::Time now);

// The keys under a prefix ("raw/", "quarantine/") that were received in the span: in order, with how many bytes.
// Which hours a key belongs to is known to the hour, so the first and the last hour are there as a whole.
void for_each_key(Calls& calls, std::string_view prefix, const Span& span,
                  const std::function<void(const ListedObject&)>& visit);

// The objects themselves, some read at a time, visited in the order of their keys. One that goes meanwhile is left out.
void for_each_object(Calls& calls, std::string_view prefix, const Span& span,
                     const std::function<void(const std::string& key, std::string body)>& visit);

// The lines of a body, without the empty ones.
void for_each_line(std::string_view body, const std::function<void(std::string_view line)>& visit);

}  // namespace cli
