#pragma once
// Lambda function 2: validates the events of one raw object; the valid ones go to the table, the others to quarantine.
//
// An App is stateless but for its cache of schemas and policies; one serves any number of invocations at a time. Doing
// an object twice changes nothing and answers the same.

#include <string>
#include <vector>

#include "aws/client.hpp"
#include "base/executor.hpp"
#include "base/ids.hpp"
#include "base/task.hpp"
#include "pipeline/cache/etag_cache.hpp"
#include "pipeline/enrichment/enricher.hpp"
#include "pipeline/lambda_runtime/value_outcome.hpp"
#include "pipeline/parse_validate/config.hpp"
#include "pipeline/privacy/mask.hpp"
#include "pipeline/privacy/policies.hpp"
#include "pipeline/schema/policies.hpp"
#include "pipeline/schema/registry.hpp"
#include "pipeline/telemetry/telemetry.hpp"

namespace pipeline::parse_validate {

struct Candidate;
struct Provenance;
struct Run;
struct Verdict;
struct Wanted;

class App {
 public:
  // What it is given must outlive it.
  App(Config config, aws::Client& client, base::Timers& timers, base::Ids& ids);

  // {"bucket", "key"}, and "replay": true where an operator asks again ("take_held": true, and lets in what the
  // collector held back), becomes {"bucket", "key", "received", "stored",
  // "duplicate", "quarantined"}, and "quarantine_key" where there is one. The invocation, and where its lines go, must
  // live until the task ends.
  Task<lambda_runtime::Outcome> handle(const lambda_runtime::Invocation& invocation, telemetry::Lines& lines);
  // The same for an event that is a value already.
  Task<lambda_runtime::ValueOutcome> handle(json::Value event, const lambda_runtime::Invocation& invocation,
                                            telemetry::Lines& lines);

 private:
  Task<Result<Done>> process(Run& run);
  // What the events are judged, hidden and enriched by, besides their schemas.
  Task<Result<Done>> configure(Run& run);
  Task<Result<Done>> judge(Run& run, std::string_view line, std::size_t index);
  // Lives as long as the run.
  Task<Result<const schema::Registry::Entry*>> schema_of(Run& run, Wanted wanted);
  Task<Result<Done>> read_policies(Run& run);
  // Makes an item of a valid event, whose candidate knows its line and no more.
  void propose(Run& run, Candidate candidate, event::Event event, const event::Envelope& envelope,
               Provenance provenance);
  // Takes out of the event what the verdict calls unknown, and carries the mask out on both; where it changed anything
  // the provenance has the fingerprint of the event as it came.
  Task<Result<Done>> hide(const Run& run, const privacy::Mask& mask, const Verdict& verdict, event::Event& event,
                          Provenance& provenance);
  // Whether an event that was read again has the content of an item.
  Task<Result<bool>> is_repeated(const Run& run, const event::Event& event, const json::Object& item);
  Task<Result<Done>> insert(Run& run);
  Task<Result<Done>> tell_retries_from_duplicates(Run& run, std::vector<std::size_t> candidates);
  Task<Result<Done>> write_quarantine(Run& run);
  // Carries the statements out, 25 a request, again and again for those that were throttled.
  Task<Result<std::vector<aws::StatementOutput>>> execute(const Run& run, std::vector<aws::Statement> statements);
  void report(const Run& run);

  const Config config_;
  aws::Client& client_;
  base::Timers& timers_;
  base::Ids& ids_;
  schema::Registry registry_;
  cache::EtagCache<schema::Policies> policies_;
  privacy::Policies privacy_;
  enrichment::Enricher enricher_;
};

}  // namespace pipeline::parse_validate
