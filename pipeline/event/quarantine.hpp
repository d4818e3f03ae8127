#pragma once
// A line of a quarantine object: one invalid event, every reason, and where its bytes are. Pure.

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "pipeline/event/event.hpp"

namespace pipeline::event {

struct RawPointer {
  std::string bucket;
  std::string key;
  std::size_t line = 0;
};

struct Quarantined {
  std::string id;
  std::string type;  // empty where it isn't known
  base::Time received_at;
  std::string source;
  std::vector<Reason> reasons;
  std::optional<RawPointer> raw_pointer;  // of an event
  std::optional<std::string> raw = {};    // the bytes themselves, of a body that has no raw object
};

std::string write_quarantined(const Quarantined& quarantined);  // without a newline

}  // namespace pipeline::event
