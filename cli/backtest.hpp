#pragma once
// What a schema would change, seen on the events that came.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>

#include "cli/verbs.hpp"
#include "pipeline/event/schema_version.hpp"
#include "pipeline/schema/schema.hpp"

namespace cli {

struct Backtest {
  std::uint64_t looked_at = 0, events = 0, valid_before = 0, valid_after = 0, would_fail = 0, would_pass = 0;
  std::uint64_t would_be_quarantined = 0;  // of those that would fail: where the policies block them
  struct Flip {
    std::uint64_t count = 0;
    std::string message;  // of the first
    std::string raw_id;   // an event that shows it
  };
  std::map<std::tuple<std::string, std::string, std::string>, Flip> fails;  // by source, path, keyword
};

// A schema, compiled both ways.
struct Candidate {
  std::string text;
  std::shared_ptr<const pipeline::schema::Schema> asserting, annotating;  // formats
};

// Tries the candidate on the type's events of the span. Today's judge is `against`; the version that each event asks
// for where that isn't given. How formats count, and what becomes of what fails, is as the policies say.
Backtest try_on_events(Calls& calls, const SchemaOptions& options, const Candidate& candidate,
                       const std::optional<pipeline::event::SchemaVersion>& against);

void print(const Backtest& result, const SchemaOptions& options, Form form);

}  // namespace cli
