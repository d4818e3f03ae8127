// event-pipeline schema check | add | backtest | infer: a schema is looked at, and tried on what really came, before
// any event is judged by it.

#include <fmt/core.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <set>
#include <sstream>

#include "cli/backtest.hpp"
#include "cli/inference.hpp"
#include "cli/typed_events.hpp"
#include "cli/verbs.hpp"
#include "json/parse.hpp"
#include "json/write.hpp"
#include "pipeline/schema/metaschema_check.hpp"
#include "pipeline/schema/newest_versions.hpp"
#include "pipeline/schema/references.hpp"

namespace cli {

namespace {

using pipeline::event::SchemaVersion;
using pipeline::schema::Schema;

std::optional<std::string> read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file || !std::filesystem::is_regular_file(path)) return std::nullopt;
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

void must_keep_the_rules(const std::filesystem::path& path, const json::Value& schema) {
  const auto breaks = pipeline::schema::check_by_metaschema(schema);
  if (breaks.empty()) return;
  std::string told = path.string() + " breaks the rules of its draft:";
  for (const auto& [place, keyword, message] : breaks)
    told += fmt::format("\n  {} {} ({})", place.empty() ? "/" : place, message, keyword);
  throw Failed(told);
}

// A schema that is registered, by its key; nothing where there is none.
using Read = std::function<std::optional<std::string>(const std::string& key)>;

// `folder` is the name of that in which it is to lie: its references start there.
Candidate read_candidate(const std::filesystem::path& path, const std::string& folder, const Read& read) {
  auto text = read_file(path);
  if (!text) throw Failed(path.string() + " can't be read");
  const auto parsed = json::parse(*text);
  if (!parsed) throw Failed(path.string() + " isn't JSON: " + parsed.error().describe());
  must_keep_the_rules(path, *parsed);
  const std::string address = pipeline::schema::registry_address("schemas/" + folder + "/candidate.json");
  pipeline::schema::References references(*parsed, address);
  while (const auto key = references.next()) {
    const auto found = read(*key);
    const auto document = found ? json::parse(*found) : json::parse("null");
    if (found && document) {
      references.found(*document, found->size());
    } else {
      references.missing(document ? "" : "not JSON: " + document.error().describe());
    }
  }
  if (!references.problem().empty()) throw Failed(path.string() + " can't be used: " + references.problem());
  const auto compiled = [&](pipeline::schema::Formats formats) {
    auto schema =
        Schema::compile(*parsed, {.formats = formats, .address = address, .documents = references.documents()});
    if (!schema) throw Failed(path.string() + " can't be used: " + schema.error());
    return std::make_shared<const Schema>(*std::move(schema));
  };
  return {*std::move(text), compiled(pipeline::schema::Formats::asserted),
          compiled(pipeline::schema::Formats::annotations)};
}

Candidate read_candidate(Calls& calls, const SchemaOptions& options) {
  return read_candidate(options.file, options.type, [&](const std::string& key) { return calls.get_object(key); });
}

void must_be_type(const std::string& type) {
  if (!pipeline::event::is_type_name(type)) throw Failed("a type is of a-z, 0-9, _, . and -, not \"" + type + "\"");
}

// Those of the type that are in the bucket.
std::set<SchemaVersion> registered_versions(Calls& calls, const std::string& type) {
  constexpr std::size_t kPageKeys = 1000;
  std::set<SchemaVersion> versions;
  std::string last;
  while (true) {
    const auto page = calls.list_objects("schemas/" + type + "/", last, kPageKeys);
    for (const ListedObject& object : page) {
      const auto version = pipeline::schema::version_of_key(object.key);
      if (version && pipeline::schema::schema_key(type, *version) == object.key) versions.insert(*version);
    }
    if (page.size() < kPageKeys) return versions;
    last = page.back().key;
  }
}

// Where a schema goes: the version that it gets, and the one of its model that judges until then.
struct Slot {
  SchemaVersion version;
  std::optional<SchemaVersion> before;
};

// As far as it can be said before the schema is tried.
Slot slot_of(const SchemaOptions& options, const std::set<SchemaVersion>& versions) {
  Slot slot;
  if (!options.version.empty()) {
    const auto said = pipeline::event::parse_schema_version(options.version);
    if (!said)
      throw Failed("a version is written as 1-0-2: model, revision, addition; not \"" + options.version + "\"");
    slot.version = *said;
  } else if (!versions.empty()) {
    slot.version.model = versions.rbegin()->model + (options.model == SchemaOptions::Model::next ? 1 : 0);
  }
  for (const SchemaVersion& version : versions) {
    if (version.model == slot.version.model) slot.before = version;
  }
  return slot;
}

// By SchemaVer: an addition refuses nothing that passed, a revision does.
SchemaVersion next_version(const SchemaVersion& before, const Backtest& tried) {
  SchemaVersion next = before;
  if (tried.would_fail > 0) {
    ++next.revision;
    next.addition = 0;
  } else {
    ++next.addition;
  }
  return next;
}

enum class Added { now, before };

// Writes it where there is none; nothing where that very schema is there.
Added put_schema(Calls& calls, const std::string& key, const std::string& text) {
  if (calls.put_new_object(key, text, "application/schema+json")) return Added::now;
  if (calls.get_object(key) == text) return Added::before;
  throw Failed(key +
               " is there already and says otherwise, and a version never changes; leave --version out to add "
               "the next one");
}

void print_added(const SchemaOptions& options, const SchemaVersion& version, Added added, std::uint64_t tried,
                 Form form) {
  const std::string key = pipeline::schema::schema_key(options.type, version);
  if (form == Form::json) {
    std::cout << json::write(json::Object{{"type", options.type},
                                          {"version", version.text()},
                                          {"key", key},
                                          {"added", added == Added::now},
                                          {"tried_on", tried}})
              << "\n";
  } else if (added == Added::before) {
    fmt::print("{} is this very schema; nothing was added\n", key);
  } else {
    fmt::print(
        "added {}, tried on {} events; those that say \"schema_version\": {} are judged by the newest version of that "
        "model within half a minute, those that say \"{}\" by this one\n",
        key, tried, version.model, version.text());
  }
}

}  // namespace

int schema_check(const SchemaOptions& options, Form form) {
  // What it refers to lies as in the bucket: <folder>/../<type>/<version>.json.
  const std::filesystem::path folder = std::filesystem::absolute(options.file).parent_path();
  const Candidate candidate = read_candidate(options.file, folder.filename().string(), [&](const std::string& key) {
    return read_file(folder.parent_path() / std::filesystem::path(key).lexically_relative("schemas"));
  });
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
  const Candidate candidate = read_candidate(calls, options);
  const Backtest result = try_on_events(calls, options, candidate, std::nullopt);
  print(result, options, form);
  return result.would_fail == 0 ? 0 : 1;
}

int schema_add(Calls& calls, const SchemaOptions& options, Form form) {
  must_be_type(options.type);
  const Candidate candidate = read_candidate(calls, options);
  Slot slot = slot_of(options, registered_versions(calls, options.type));
  Backtest tried;
  if (slot.before) {
    if (calls.get_object(pipeline::schema::schema_key(options.type, *slot.before)) == candidate.text) {
      print_added(options, *slot.before, Added::before, 0, form);
      return 0;
    }
    tried = try_on_events(calls, options, candidate, slot.before);
    if (options.version.empty()) slot.version = next_version(*slot.before, tried);
    if (tried.would_fail > 0 && options.breaking == SchemaOptions::Breaking::refused) {
      print(tried, options, form);
      throw Failed(
          fmt::format("{} events that pass {} would fail this one; nothing was added. --allow-breaking adds it all the "
                      "same, as {}; --new-model as {}-0-0, for events that ask for it",
                      tried.would_fail, slot.before->text(), slot.version.text(), slot.before->model + 1));
    }
  }
  const Added added = put_schema(calls, pipeline::schema::schema_key(options.type, slot.version), candidate.text);
  print_added(options, slot.version, added, tried.events, form);
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
