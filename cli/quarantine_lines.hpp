#pragma once
// What lies in quarantine objects: one JSON line for each event.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "cli/calls.hpp"

namespace cli {

// A quarantined event's line, as pipeline/event/quarantine.hpp writes it.
struct QuarantineLine {
  std::string id;
  std::string type;        // empty where it isn't known
  std::string source;      // whose write key
  std::string reason;      // the first: keyword and path, e.g. "required /properties"
  bool is_of_raw = false;  // it points into a raw object; else it is a body that couldn't be decoded
  std::size_t line = 0;    // in the raw object
};

// By line of the raw object (those of undecodable bodies by their place). Lines that aren't ours are left out.
std::map<std::size_t, QuarantineLine> read_quarantine(std::string_view body);

// What of a raw object is in quarantine; nothing where there is no such object.
std::map<std::size_t, QuarantineLine> quarantine_of(Calls& calls, std::string_view raw_key);

// "quarantine/…" ▶ "raw/…", and the other way round.
std::string raw_key_of(std::string_view quarantine_key);
std::string quarantine_key_of(std::string_view raw_key);

}  // namespace cli
