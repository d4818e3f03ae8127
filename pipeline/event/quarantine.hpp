#pragma once
// A line of a quarantine object: one invalid event, every reason, and where its bytes are. Pure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "pipeline/event/event.hpp"

namespace pipeline::event {

struct RawPointer {
  std::string bucket;
  std::string key;
  std::size_t line = 0;
};

// What kind of thing went wrong, which says who can mend it.
enum class Failure {
  undecodable,      // the body of a request: the sender, or a proxy on the way
  foreign,          // a line of a raw object that the collector didn't write
  unreadable,       // not an event: who, what or when is missing or malformed
  unknown_type,     // nobody registered a schema of that type and version
  unusable_schema,  // the schema itself is broken
  invalid,          // the schema says no
  unstorable,       // more than the table can hold
  held,             // came with a retired write key
  id_reused,        // another event of that user, time and id is stored, with other content
};
std::string_view failure_name(Failure failure);

struct Quarantined {
  Failure failure = Failure::invalid;
  std::string_view stage;  // the function that found it
  std::string schema;      // "click/1-0-0"; empty where none was asked for
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
