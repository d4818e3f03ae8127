#pragma once
// The raw events of one type in a span, as parse_validate would read them.

#include <functional>
#include <string>

#include "cli/span.hpp"
#include "pipeline/event/event.hpp"

namespace cli {

struct TypedEvent {
  const pipeline::event::Envelope& envelope;
  const pipeline::event::Event& event;
};

// Tells how many raw events it has looked at, of whatever type.
std::uint64_t for_each_event(Calls& calls, const std::string& type, const Span& span, std::string_view doing,
                             const std::function<void(const TypedEvent&)>& visit);

}  // namespace cli
