// The frame of a definition: its blocks, their transitions, and the fields that many states share.

#include "localcloud/services/stepfunctions/asl/definition.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/text.hpp"
#include "json/parse.hpp"
#include "localcloud/services/stepfunctions/asl/definition_parser.hpp"

namespace localcloud::stepfunctions::asl {
namespace {

constexpr std::size_t kFlawsMax = 10;
constexpr std::size_t kStateNameLengthMax = 80;
constexpr int kDepthMax = 12;  // of branches and item processors within each other
constexpr std::int64_t kSecondsMax = 99'999'999;

// The code that marks a feature which AWS has and this server doesn't.
constexpr std::string_view kSchemaCode = "SCHEMA_VALIDATION_FAILED";

}  // namespace

std::string_view name_of(StateType type) {
  static constexpr std::string_view kNames[] = {"Pass", "Task", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map"};
  return kNames[static_cast<std::size_t>(type)];
}

const State& Block::state(std::string_view name) const {
  const auto found = states.find(name);
  CHECK(found != states.end());
  return found->second;
}

std::expected<Definition, std::vector<Flaw>> parse_definition(std::string_view text) {
  const auto value = json::parse(text, {.depth_max = 100});
  if (!value) return std::unexpected(std::vector<Flaw>{{"INVALID_JSON_DESCRIPTION", value.error().describe(), "", ""}});
  DefinitionParser parser;
  Definition definition = parser.machine(*value);
  std::vector<Flaw> flaws = parser.take_flaws();
  if (!flaws.empty()) return std::unexpected(std::move(flaws));
  return definition;
}

std::string describe(const std::vector<Flaw>& flaws) {
  std::string out;
  for (const Flaw& flaw : flaws) {
    if (!out.empty()) out += ", ";
    out += flaw.code + ": " + flaw.message;
    if (!flaw.location.empty()) out += " at " + flaw.location;
  }
  return out;
}

void DefinitionParser::flaw(std::string message, const std::string& where, std::string code) {
  if (flaws_.size() < kFlawsMax) flaws_.push_back({std::move(code), std::move(message), where, ""});
}

void DefinitionParser::unsupported(std::string feature, std::string message, const std::string& where) {
  if (flaws_.size() < kFlawsMax)
    flaws_.push_back({std::string(kSchemaCode), std::move(message), where, std::move(feature)});
}

void DefinitionParser::check_names(const json::Object& object, const std::vector<std::string_view>& allowed,
                                   const std::string& where) {
  static constexpr std::string_view kJsonataOnly[] = {"Arguments", "Output", "Items", "Condition"};
  for (const auto& [name, value] : object) {
    if (std::ranges::find(allowed, name) != allowed.end()) continue;
    if (std::ranges::find(kJsonataOnly, name) != std::end(kJsonataOnly)) {
      flaw("The field '" + name + "' is not supported by the query language JSONPath", where);
    } else {
      flaw("Field '" + name + "' is not supported", where);
    }
  }
}

void DefinitionParser::text(const json::Object& object, std::string_view name, std::optional<std::string>& out,
                            const std::string& where) {
  const json::Value* value = object.find(name);
  if (value == nullptr) return;
  if (value->is_string()) {
    out = value->as_string();
  } else {
    flaw("Expected value of type STRING", where + "/" + std::string(name));
  }
}

void DefinitionParser::integer(const json::Object& object, std::string_view name, std::optional<std::int64_t>& out,
                               std::int64_t min, const std::string& where) {
  const json::Value* value = object.find(name);
  if (value == nullptr) return;
  const std::optional<std::int64_t> number = value->is_number() ? value->as_number().as_int64() : std::nullopt;
  if (!number) {
    flaw("Expected value of type Integer", where + "/" + std::string(name));
  } else if (*number < min || *number > kSecondsMax) {
    flaw("Value must be between " + std::to_string(min) + " and " + std::to_string(kSecondsMax),
         where + "/" + std::string(name));
  } else {
    out = number;
  }
}

void DefinitionParser::path(const json::Object& object, std::string_view name, std::optional<Path>& out,
                            const std::string& where) {
  const json::Value* value = object.find(name);
  if (value == nullptr) return;
  out = value->is_string() ? Path::parse(value->as_string()) : std::nullopt;
  if (!out) flaw("Value is not a valid JSONPath", where + "/" + std::string(name));
}

void DefinitionParser::path_field(const json::Object& object, std::string_view name, PathField& out,
                                  const std::string& where) {
  const json::Value* value = object.find(name);
  if (value == nullptr) return;
  out.is_null = value->is_null();
  if (!out.is_null) path(object, name, out.path, where);
}

void DefinitionParser::result_path(const json::Object& object, PathField& out, const std::string& where) {
  path_field(object, "ResultPath", out, where);
  if (!out.path) return;
  if (out.path->root() != PathRoot::input || !out.path->is_definite() ||
      std::ranges::any_of(out.path->steps(),
                          [](const PathStep& step) { return step.kind == PathStep::Kind::function; })) {
    flaw("Value is not a Reference Path", where + "/ResultPath");
  }
}

void DefinitionParser::expression(const json::Object& object, std::string_view name, std::optional<Expression>& out,
                                  const std::string& where) {
  const json::Value* value = object.find(name);
  if (value == nullptr) return;
  out = value->is_string() ? Expression::parse(value->as_string()) : std::nullopt;
  if (!out)
    flaw("The value for the field '" + std::string(name) +
             "' must be a valid JSONPath or a valid intrinsic function call",
         where);
}

void DefinitionParser::payload(const json::Object& object, std::string_view name, std::optional<Template>& out,
                               const std::string& where) {
  const json::Value* value = object.find(name);
  if (value == nullptr) return;
  auto parsed = Template::parse(*value);
  if (parsed) {
    out = std::move(*parsed);
  } else {
    flaw(parsed.error().message, where + "/" + std::string(name) + parsed.error().where);
  }
}

void DefinitionParser::assign(const json::Object& object, std::optional<Template>& out, const std::string& where) {
  const json::Value* value = object.find("Assign");
  if (value == nullptr) return;
  if (!value->is_object()) return flaw("Expected value of type Object", where + "/Assign");
  for (const auto& [name, member] : value->as_object()) {
    std::string_view plain = name;
    if (plain.ends_with(".$")) plain.remove_suffix(2);
    const bool is_name =
        !plain.empty() && plain.size() <= 80 && !(plain[0] >= '0' && plain[0] <= '9') &&
        std::ranges::all_of(plain, [](unsigned char c) { return std::isalnum(c) || c == '_' || c >= 0x80; });
    if (!is_name || plain == "states") flaw("Invalid variable name '" + std::string(plain) + "'", where + "/Assign");
  }
  payload(object, "Assign", out, where);
}

void DefinitionParser::at_most_one(const json::Object& object, Names names, const std::string& where) {
  std::string list;
  int count = 0;
  for (const std::string_view name : names) {
    count += object.contains(name) ? 1 : 0;
    list += (list.empty() ? "" : ", ") + std::string(name);
  }
  if (count > 1) flaw("Only one of these fields may be present: [" + list + "]", where);
}

std::shared_ptr<const Block> DefinitionParser::machine(const json::Value& value) {
  if (!value.is_object()) {
    flaw("Expected value of type Object", "/");
    return std::make_shared<Block>();
  }
  const json::Object& object = value.as_object();
  check_names(object, {"Comment", "StartAt", "States", "Version", "TimeoutSeconds", "QueryLanguage"}, "/");
  std::optional<std::string> version, language;
  text(object, "Version", version, "");
  text(object, "QueryLanguage", language, "");
  if (version && *version != "1.0") flaw("The value for the field 'Version' must be '1.0'", "/Version");
  if (language && *language == "JSONata") {
    unsupported("JSONata", "The query language JSONata is not supported by this server yet", "/QueryLanguage");
    return std::make_shared<Block>();
  }
  if (language && *language != "JSONPath")
    flaw("The field 'QueryLanguage' should have one of these values: [JSONPath, JSONata]", "/QueryLanguage");
  auto block = std::make_shared<Block>(*this->block(object, "", 0));
  integer(object, "TimeoutSeconds", block->timeout_s, 1, "");
  return block;
}

std::shared_ptr<const Block> DefinitionParser::block(const json::Object& object, const std::string& where, int depth) {
  auto block = std::make_shared<Block>();
  const json::Value* start = object.find("StartAt");
  const json::Value* states = object.find("States");
  std::string missing;
  if (start == nullptr) missing = "StartAt";
  if (states == nullptr) missing += missing.empty() ? "States" : ", States";
  if (!missing.empty()) {
    flaw("These fields are required: [" + missing + "]", where.empty() ? "/" : where);
    return block;
  }
  if (!start->is_string()) flaw("Expected value of type STRING", where + "/StartAt");
  if (!states->is_object() || states->as_object().empty()) {
    flaw("States must be an object with at least one state", where + "/States");
    return block;
  }
  if (depth > kDepthMax) {
    flaw("Branches are nested too deeply", where);
    return block;
  }
  if (start->is_string()) block->start_at = start->as_string();
  for (const auto& [name, value] : states->as_object()) {
    const std::string here = where + "/States/" + name;
    if (name.empty() || base::count_code_points(name) > kStateNameLengthMax) {
      flaw("State names must have 1 to 80 characters", here);
    } else if (!names_.insert(name).second) {
      flaw("State names must be unique within the whole state machine: " + name, here, "DUPLICATE_STATE_NAME");
    } else if (!value.is_object()) {
      flaw("Expected value of type Object", here);
    } else {
      block->states.emplace(name, state(name, value.as_object(), here, depth));
    }
  }
  if (flaws_.empty()) transitions(*block, where);
  return block;
}

void DefinitionParser::visit_targets(const State& state, const std::string& where,
                                     const std::function<void(const std::string&, const std::string&)>& visit) {
  if (!state.next.empty()) visit(state.next, where + "/Next");
  if (!state.fallback.empty()) visit(state.fallback, where + "/Default");
  for (std::size_t i = 0; i < state.choices.size(); ++i)
    visit(state.choices[i].next, where + "/Choices[" + std::to_string(i) + "]/Next");
  for (std::size_t i = 0; i < state.catchers.size(); ++i)
    visit(state.catchers[i].next, where + "/Catch[" + std::to_string(i) + "]/Next");
}

void DefinitionParser::transitions(const Block& block, const std::string& where) {
  if (!block.states.contains(block.start_at)) {
    return flaw("Missing 'StartAt' target: " + block.start_at, where + "/StartAt", "MISSING_TRANSITION_TARGET");
  }
  std::set<std::string, std::less<>> reached{block.start_at};
  std::vector<std::string> pending{block.start_at};
  bool ends = false;
  while (!pending.empty()) {
    const State& state = block.state(pending.back());
    pending.pop_back();
    ends = ends || (state.next.empty() && state.type != StateType::choice);
    visit_targets(state, where + "/States/" + state.name, [&](const std::string& target, const std::string& from) {
      const std::string field = from.substr(from.rfind('/') + 1);
      if (!block.states.contains(target)) {
        flaw("Missing '" + field + "' target: " + target, from, "MISSING_TRANSITION_TARGET");
      } else if (reached.insert(target).second) {
        pending.push_back(target);
      }
    });
  }
  for (const auto& [name, state] : block.states) {
    if (!reached.contains(name))
      flaw("State \"" + name + "\" is not reachable.", where + "/States/" + name, "MISSING_TRANSITION_TARGET");
  }
  if (!ends) flaw("No terminal state found in the state machine", where.empty() ? "/" : where, "MISSING_END_STATE");
}

}  // namespace localcloud::stepfunctions::asl
