#pragma once
// One invocation on its way: what is known of each event of the object. Used by app.cpp only.

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "aws/client.hpp"
#include "base/clock.hpp"
#include "pipeline/enrichment/enricher.hpp"
#include "pipeline/event/quarantine.hpp"
#include "pipeline/parse_validate/item.hpp"
#include "pipeline/parse_validate/verdict.hpp"
#include "pipeline/privacy/rules.hpp"
#include "pipeline/schema/registry.hpp"
#include "pipeline/telemetry/telemetry.hpp"

namespace pipeline::parse_validate {

// A valid event that is to be inserted.
struct Candidate {
  std::size_t line = 0;
  std::string_view text;  // the line itself, in the object
  std::string type;
  std::string source;
  std::string id;
  base::Time received_at;
  std::string raw_pointer;
  Verdict::Kind verdict = Verdict::Kind::valid;
  Item item;
};

// What a schema is looked up by.
struct Wanted {
  std::string type;
  event::WantedVersion version;
  schema::Formats formats;
  auto operator<=>(const Wanted&) const = default;
};

struct Run {
  std::string request_id;
  telemetry::Lines& lines;
  aws::CallOptions options = {};
  std::string bucket = {};
  std::string key = {};
  std::string body = {};  // the object's
  std::string quarantine_key = {};
  bool takes_held = false;  // an operator lets in what the collector held back
  bool is_replay = false;   // its events were counted when they came: once is enough for the metrics

  std::shared_ptr<const privacy::Rules> rules = {};
  enrichment::Sources sources = {};
  std::vector<Candidate> candidates = {};
  std::unordered_map<std::string, std::string_view> keys_seen = {};  // pk and sk of the candidates; their lines
  std::shared_ptr<const schema::Policies> policies = {};
  std::map<Wanted, schema::Registry::Entry> schemas = {};
  std::size_t missing_schemas = 0;
  std::map<std::size_t, event::Quarantined> quarantined = {};  // by line
  base::Time oldest_received_at = base::Time::max();

  std::size_t received = 0;
  std::size_t stored = 0;
  std::size_t duplicate = 0;
  std::size_t observed = 0;  // of the stored
  std::size_t trimmed = 0;   // of the stored
};

}  // namespace pipeline::parse_validate
