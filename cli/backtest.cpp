#include "cli/backtest.hpp"

#include <fmt/core.h>

#include <iostream>
#include <set>
#include <vector>

#include "cli/typed_events.hpp"
#include "json/write.hpp"
#include "pipeline/aws_client/blocking.hpp"
#include "pipeline/parse_validate/verdict.hpp"
#include "pipeline/schema/registry.hpp"

namespace cli {

namespace {

using pipeline::event::SchemaVersion, pipeline::event::WantedVersion;
using pipeline::schema::Formats, pipeline::schema::Policies, pipeline::schema::Policy;
using pipeline::schema::Registry, pipeline::schema::Schema;

constexpr std::size_t kRowsMax = 50;

// "/items/3/sku" ▶ "/items/*/sku", so that elements of one list count together.
std::string general_path(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::string_view part = path.substr(0, path.find('/'));
    const bool is_index = !part.empty() && part.find_first_not_of("0123456789") == std::string_view::npos;
    out += "/";
    out += is_index ? std::string_view("*") : part;
    path.remove_prefix(part.size());
  }
  return out;
}

// The schemas that judge today, each read once.
class Today {
 public:
  Today(Calls& calls, std::string type)
      : calls_(calls),
        type_(std::move(type)),
        registry_({.bucket = calls.place().bucket(), .fresh_for = kForNow, .missing_for = kForNow}, calls.client(),
                  calls.clock()) {}

  // Null where there is none that can be used.
  const Schema* of(const WantedVersion& wanted, Formats formats) {
    const auto [at, is_new] = entries_.try_emplace({wanted, formats});
    if (is_new) {
      auto entry = pipeline::aws_client::run_blocking(registry_.get(type_, wanted, formats, {}));
      if (!entry) throw Failed(fmt::format("the schema {}/{}: {}", type_, wanted.text(), entry.error().code));
      at->second = *std::move(entry);
    }
    return at->second.value.get();
  }

 private:
  static constexpr base::Duration kForNow = std::chrono::hours(24);

  Calls& calls_;
  const std::string type_;
  Registry registry_;
  std::map<std::pair<WantedVersion, Formats>, Registry::Entry> entries_;
};

Policies read_policies(Calls& calls) {
  const std::string key(pipeline::schema::kPoliciesKey);
  const auto text = calls.get_object(key);
  if (!text) return {};
  auto policies = Policies::parse(*text);
  if (!policies) throw Failed(key + " can't be used: " + policies.error());
  return *std::move(policies);
}

// Whether parse_validate would quarantine an event that the candidate refuses.
bool would_block(const std::shared_ptr<const Schema>& candidate, pipeline::event::Event event, Policy::Invalid policy) {
  using pipeline::parse_validate::Verdict;
  const Registry::Entry entry{.version = {}, .value = candidate, .problem = {}};
  return pipeline::parse_validate::judge_by(entry, event, policy).kind == Verdict::Kind::blocked;
}

void note_fails(Backtest& result, const TypedEvent& one, const std::vector<pipeline::schema::Violation>& violations) {
  std::set<std::pair<std::string, std::string>> told;
  for (const auto& violation : violations) {
    const std::string path = general_path(violation.path);
    if (!told.emplace(path, violation.keyword).second) continue;
    auto& flip = result.fails[{one.envelope.source, path, violation.keyword}];
    if (flip.count++ == 0) {
      flip.message = violation.message;
      flip.raw_id = one.envelope.id;
    }
  }
}

void print_json(const Backtest& result, const std::string& type) {
  json::Array fails;
  for (const auto& [where, flip] : result.fails) {
    const auto& [source, path, keyword] = where;
    fails.push_back(json::Object{{"source", source},
                                 {"path", path},
                                 {"keyword", keyword},
                                 {"message", flip.message},
                                 {"events", flip.count},
                                 {"example", flip.raw_id}});
  }
  std::cout << json::write(json::Object{{"type", type},
                                        {"events", result.events},
                                        {"valid_before", result.valid_before},
                                        {"valid_after", result.valid_after},
                                        {"would_fail", result.would_fail},
                                        {"would_be_quarantined", result.would_be_quarantined},
                                        {"would_pass", result.would_pass},
                                        {"fails", std::move(fails)}})
            << "\n";
}

}  // namespace

Backtest try_on_events(Calls& calls, const SchemaOptions& options, const Candidate& candidate,
                       const std::optional<SchemaVersion>& against) {
  Today today(calls, options.type);
  const Policies policies = read_policies(calls);
  Backtest result;
  const Span span = read_span(options.span, calls.clock().now());
  result.looked_at = for_each_event(calls, options.type, span, "testing", [&](const TypedEvent& one) {
    const json::Value properties(one.event.properties);
    const WantedVersion judge =
        against ? WantedVersion{.model = against->model, .exact = against} : one.event.schema_version;
    const Policy policy = policies.of(one.envelope.source, options.type);
    const auto& after = policy.formats == Formats::asserted ? candidate.asserting : candidate.annotating;
    const Schema* const before = today.of(judge, policy.formats);
    const bool was_valid = before && before->is_valid(properties);
    const auto violations = after->validate(properties);
    ++result.events;
    result.valid_before += was_valid ? 1 : 0;
    result.valid_after += violations.empty() ? 1 : 0;
    if (!was_valid && violations.empty()) ++result.would_pass;
    if (!was_valid || violations.empty()) return;
    ++result.would_fail;
    if (would_block(after, one.event, policy.invalid)) ++result.would_be_quarantined;
    note_fails(result, one, violations);
  });
  return result;
}

void print(const Backtest& result, const SchemaOptions& options, Form form) {
  if (form == Form::json) {
    print_json(result, options.type);
    return;
  }
  fmt::print("{} events of {} among {}: {} valid today, {} with this schema\n", result.events, options.type,
             result.looked_at, result.valid_before, result.valid_after);
  fmt::print("{} would fail that pass today, {} would pass that fail today\n",
             in_colour(result.would_fail > 0 ? Colour::red : Colour::green, std::to_string(result.would_fail)),
             in_colour(Colour::green, std::to_string(result.would_pass)));
  if (const auto stored = result.would_fail - result.would_be_quarantined; stored > 0)
    fmt::print("{} of these would be stored all the same, as config/validation.json says\n", stored);
  if (result.fails.empty()) return;
  std::vector<std::vector<std::string>> rows = {{"events", "source", "path", "rule", "e.g.", "message"}};
  for (const auto& [where, flip] : result.fails) {
    if (rows.size() > kRowsMax) break;
    const auto& [source, path, keyword] = where;
    rows.push_back({std::to_string(flip.count), source, printable(path.empty() ? "/" : path, 60), keyword,
                    printable(flip.raw_id, 40), printable(flip.message, 80)});
  }
  fmt::print("\n{}", columns(rows));
}

}  // namespace cli
