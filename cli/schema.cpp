// event-pipeline schema check | add | backtest | infer: a schema is looked at, and tried on what really came, before
// any event is judged by it.

#include <fmt/core.h>

#include <fstream>
#include <iostream>
#include <sstream>

#include "base/text.hpp"
#include "cli/inference.hpp"
#include "cli/items.hpp"
#include "cli/typed_events.hpp"
#include "cli/verbs.hpp"
#include "json/parse.hpp"
#include "json/write.hpp"
#include "pipeline/schema/registry.hpp"
#include "pipeline/schema/schema.hpp"

namespace cli {

namespace {

using pipeline::schema::Schema;

constexpr std::size_t kRowsMax = 50;

struct Candidate {
  std::string text;
  Schema schema;
};

Candidate read_candidate(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Failed(path.string() + " can't be read");
  std::ostringstream text;
  text << file.rdbuf();
  const auto parsed = json::parse(text.view());
  if (!parsed) throw Failed(path.string() + " isn't JSON: " + parsed.error().describe());
  auto schema = Schema::compile(*parsed);
  if (!schema) throw Failed(path.string() + " can't be used: " + schema.error());
  return {std::move(text).str(), *std::move(schema)};
}

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

// The schemas that are in the bucket, each read once.
class Registered {
 public:
  Registered(Calls& calls, std::string type) : calls_(calls), type_(std::move(type)) {}

  const std::optional<Schema>& version(std::int64_t version) {
    const auto [entry, is_new] = versions_.try_emplace(version);
    if (!is_new) return entry->second;
    if (const auto text = calls_.get_object(pipeline::schema::schema_key(type_, version))) {
      const auto parsed = json::parse(*text);
      if (parsed) {
        if (auto schema = Schema::compile(*parsed)) entry->second = *std::move(schema);
      }
    }
    return entry->second;
  }

  // 0 where there is none.
  std::int64_t newest() {
    std::int64_t newest = 0;
    const std::string prefix = "schemas/" + type_ + "/";
    for (const ListedObject& object : calls_.list_objects(prefix, "", 1000)) {
      const std::string name = object.key.substr(prefix.size());
      newest = std::max(newest, base::to_number<std::int64_t>(name.substr(0, name.find('.'))).value_or(0));
    }
    return newest;
  }

 private:
  Calls& calls_;
  const std::string type_;
  std::map<std::int64_t, std::optional<Schema>> versions_;
};

// What a candidate would change.
struct Backtest {
  std::uint64_t looked_at = 0, events = 0, valid_before = 0, valid_after = 0, would_fail = 0, would_pass = 0;
  struct Flip {
    std::uint64_t count = 0;
    std::string message;  // of the first
    std::string raw_id;   // an event that shows it
  };
  std::map<std::tuple<std::string, std::string, std::string>, Flip> fails;  // by source, path, keyword
  std::map<std::string, std::uint64_t> passes;                              // by source
};

// `against` judges as today: 0 stands for the version that each event names.
Backtest try_on_events(Calls& calls, const SchemaOptions& options, const Schema& candidate, std::int64_t against) {
  Registered registered(calls, options.type);
  Backtest result;
  const Span span = read_span(options.span, calls.clock().now());
  result.looked_at = for_each_event(calls, options.type, span, "testing", [&](const TypedEvent& one) {
    const json::Value properties(one.event.properties);
    const auto& today = registered.version(against > 0 ? against : one.event.schema_version);
    const bool was_valid = today && today->is_valid(properties);
    const auto violations = candidate.validate(properties);
    ++result.events;
    result.valid_before += was_valid ? 1 : 0;
    result.valid_after += violations.empty() ? 1 : 0;
    if (!was_valid && violations.empty()) {
      ++result.would_pass;
      ++result.passes[one.envelope.source];
    }
    if (!was_valid || violations.empty()) return;
    ++result.would_fail;
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
  });
  return result;
}

void print(const Backtest& result, const SchemaOptions& options, Form form) {
  if (form == Form::json) {
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
    std::cout << json::write(json::Object{{"type", options.type},
                                          {"events", result.events},
                                          {"valid_before", result.valid_before},
                                          {"valid_after", result.valid_after},
                                          {"would_fail", result.would_fail},
                                          {"would_pass", result.would_pass},
                                          {"fails", std::move(fails)}})
              << "\n";
    return;
  }
  fmt::print("{} events of {} among {}: {} valid today, {} with this schema\n", result.events, options.type,
             result.looked_at, result.valid_before, result.valid_after);
  fmt::print("{} would fail that pass today, {} would pass that fail today\n",
             in_colour(result.would_fail > 0 ? Colour::red : Colour::green, std::to_string(result.would_fail)),
             in_colour(Colour::green, std::to_string(result.would_pass)));
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

void must_be_type(const std::string& type) {
  const bool is_type =
      !type.empty() && type.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_.-") == std::string::npos;
  if (!is_type) throw Failed("a type is of a-z, 0-9, _, . and -, not \"" + type + "\"");
}

}  // namespace

int schema_check(const SchemaOptions& options, Form form) {
  const Candidate candidate = read_candidate(options.file);
  if (form == Form::json) {
    std::cout << json::write(json::Object{{"file", options.file.string()},
                                          {"usable", true},
                                          {"bytes", std::uint64_t{candidate.text.size()}}})
              << "\n";
  } else {
    fmt::print("{} can be used\n", options.file.string());
  }
  return 0;
}

int schema_backtest(Calls& calls, const SchemaOptions& options, Form form) {
  must_be_type(options.type);
  const Candidate candidate = read_candidate(options.file);
  const Backtest result = try_on_events(calls, options, candidate.schema, 0);
  print(result, options, form);
  return result.would_fail == 0 ? 0 : 1;
}

int schema_add(Calls& calls, const SchemaOptions& options, Form form) {
  must_be_type(options.type);
  const Candidate candidate = read_candidate(options.file);
  const std::int64_t newest = Registered(calls, options.type).newest();
  const std::int64_t version = options.version > 0 ? options.version : newest + 1;
  if (newest > 0) {
    const Backtest result = try_on_events(calls, options, candidate.schema, newest);
    if (result.would_fail > 0 && options.breaking == SchemaOptions::Breaking::refused) {
      print(result, options, form);
      throw Failed(
          fmt::format("{} events that pass version {} would fail this one; nothing was added (--allow-breaking adds it "
                      "all the same)",
                      result.would_fail, newest));
    }
  }
  const std::string key = pipeline::schema::schema_key(options.type, version);
  if (!calls.put_new_object(key, candidate.text, "application/schema+json"))
    throw Failed(key + " is there already, and a version never changes; leave --version out to add the next one");
  if (form == Form::json) {
    std::cout << json::write(json::Object{{"type", options.type}, {"version", version}, {"key", key}}) << "\n";
  } else {
    fmt::print("added {}; events that say \"schema_version\": {} are judged by it within half a minute\n", key,
               version);
  }
  return 0;
}

int schema_infer(Calls& calls, const SchemaOptions& options) {
  must_be_type(options.type);
  Inference inference;
  const Span span = read_span(options.span, calls.clock().now());
  const std::uint64_t looked_at = for_each_event(calls, options.type, span, "looking",
                                                 [&](const TypedEvent& one) { inference.add(one.event.properties); });
  if (inference.count() == 0)
    throw Failed(fmt::format("no event of {} among {}; --last 30d looks further back", options.type, looked_at));
  std::cout << json::write_pretty(inference.schema(options.type));
  return 0;
}

}  // namespace cli
