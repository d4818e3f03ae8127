#pragma once
// What a schema would change, seen on the events that came.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>

#include "cli/verbs.hpp"
#include "pipeline/event/schema_version.hpp"
#include "pipeline/schema/schema.hpp"

namespace cli {

struct Backtest {
  std::uint64_t looked_at = 0, events = 0, valid_before = 0, valid_after = 0, would_fail = 0, would_pass = 0;
  struct Flip {
    std::uint64_t count = 0;
    std::string message;  // of the first
    std::string raw_id;   // an event that shows it
  };
  std::map<std::tuple<std::string, std::string, std::string>, Flip> fails;  // by source, path, keyword
};

// Tries the candidate on the type's events of the span. Today's judge is `against`; the version that each event asks
// for where that isn't given.
Backtest try_on_events(Calls& calls, const SchemaOptions& options, const pipeline::schema::Schema& candidate,
                       const std::optional<pipeline::event::SchemaVersion>& against);

void print(const Backtest& result, const SchemaOptions& options, Form form);

}  // namespace cli
