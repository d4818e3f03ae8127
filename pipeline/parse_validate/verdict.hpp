#pragma once
// What becomes of an event by its schema, and by the policy of its source and type. Pure.

#include <string>
#include <vector>

#include "pipeline/event/event.hpp"
#include "pipeline/event/quarantine.hpp"
#include "pipeline/schema/policies.hpp"
#include "pipeline/schema/registry.hpp"

namespace pipeline::parse_validate {

struct Verdict {
  enum class Kind {
    valid,
    trimmed,   // valid without the properties that its schema doesn't know
    observed,  // stored, though its schema says no
    blocked,
  };
  Kind kind = Kind::valid;
  event::Failure failure = event::Failure::invalid;  // why it is blocked
  std::vector<event::Reason> reasons = {};           // of one that is observed or blocked
  std::vector<std::string> unknown = {};             // of a trimmed one: pointers into its properties, in order
};

// Types without a schema, and schemas that can't be used, block whatever the policy is. The event is as it was
// afterwards.
Verdict judge_by(const schema::Registry::Entry& entry, event::Event& event, schema::Policy::Invalid policy);

// Of an observed event, for its row: as many as don't make the row much larger.
json::Array brief(const std::vector<event::Reason>& reasons);

// Takes out of the properties what the verdict calls unknown: by pointer.
json::Object take_unknown(const Verdict& verdict, json::Object& properties);

}  // namespace pipeline::parse_validate
