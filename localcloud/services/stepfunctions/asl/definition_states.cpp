// Each type of state: its fields, and what AWS requires of them.

#include <algorithm>

#include "base/text.hpp"
#include "localcloud/services/stepfunctions/asl/definition_parser.hpp"
#include "localcloud/services/stepfunctions/asl/timestamp.hpp"

namespace localcloud::stepfunctions::asl {
namespace {

constexpr int kRuleDepthMax = 20;
constexpr std::size_t kPatternLengthMax = 1024;  // of StringMatches, whose time grows with it

std::optional<StateType> state_type(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(StateType::map); ++i) {
    if (name_of(static_cast<StateType>(i)) == name) return static_cast<StateType>(i);
  }
  return std::nullopt;
}

std::vector<std::string> split(std::string_view text, char separator, std::size_t parts_max) {
  std::vector<std::string> parts;
  while (parts.size() + 1 < parts_max) {
    const std::size_t at = text.find(separator);
    if (at == std::string_view::npos) break;
    parts.emplace_back(text.substr(0, at));
    text.remove_prefix(at + 1);
  }
  parts.emplace_back(text);
  return parts;
}

bool is_word(std::string_view text) {
  return !text.empty() &&
         std::ranges::all_of(text, [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '_'; });
}

std::vector<std::string_view> fields_of_type(StateType type) {
  std::vector<std::string_view> fields{"Comment", "Type", "QueryLanguage"};
  const auto add = [&fields](std::initializer_list<std::string_view> more) { fields.insert(fields.end(), more); };
  if (type != StateType::fail) add({"InputPath", "OutputPath"});
  if (type != StateType::fail && type != StateType::succeed) add({"Assign"});
  if (type != StateType::fail && type != StateType::succeed && type != StateType::choice) add({"Next", "End"});
  switch (type) {
    case StateType::pass:
      add({"Parameters", "Result", "ResultPath"});
      break;
    case StateType::task:
      add({"Resource", "Parameters", "ResultSelector", "ResultPath", "Retry", "Catch", "TimeoutSeconds",
           "TimeoutSecondsPath", "HeartbeatSeconds", "HeartbeatSecondsPath", "Credentials"});
      break;
    case StateType::choice:
      add({"Choices", "Default"});
      break;
    case StateType::wait:
      add({"Seconds", "Timestamp", "SecondsPath", "TimestampPath"});
      break;
    case StateType::succeed:
      break;
    case StateType::fail:
      add({"Error", "Cause", "ErrorPath", "CausePath"});
      break;
    case StateType::parallel:
      add({"Branches", "Parameters", "ResultSelector", "ResultPath", "Retry", "Catch"});
      break;
    case StateType::map:
      add({"ItemProcessor", "Iterator", "ItemsPath", "ItemSelector", "Parameters", "MaxConcurrency",
           "MaxConcurrencyPath", "ResultSelector", "ResultPath", "Retry", "Catch", "ToleratedFailureCount",
           "ToleratedFailureCountPath", "ToleratedFailurePercentage", "ToleratedFailurePercentagePath", "ItemReader",
           "ItemBatcher", "ResultWriter", "Label"});
      break;
  }
  return fields;
}

}  // namespace

State DefinitionParser::state(const std::string& name, const json::Object& object, const std::string& where,
                              int depth) {
  State state;
  state.name = name;
  std::optional<std::string> type, language;
  text(object, "QueryLanguage", language, where);
  if (language && *language == "JSONata") {
    unsupported("JSONata", "The query language JSONata is not supported by this server yet", where + "/QueryLanguage");
    return state;
  }
  if (language && *language != "JSONPath")
    flaw("The field 'QueryLanguage' should have one of these values: [JSONPath, JSONata]", where + "/QueryLanguage");
  text(object, "Type", type, where);
  const std::optional<StateType> known = type ? state_type(*type) : std::nullopt;
  if (!known) {
    if (type) {
      flaw("The field 'Type' should have one of these values: [Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map]",
           where + "/Type");
    } else {
      flaw("These fields are required: [Type]", where);
    }
    return state;
  }
  state.type = *known;
  check_names(object, fields_of_type(state.type), where);
  std::optional<std::string> comment;
  text(object, "Comment", comment, where);
  fields_of(state, object, where, depth);
  return state;
}

void DefinitionParser::fields_of(State& state, const json::Object& object, const std::string& where, int depth) {
  path_field(object, "InputPath", state.input_path, where);
  path_field(object, "OutputPath", state.output_path, where);
  result_path(object, state.result_path, where);
  payload(object, "Parameters", state.parameters, where);
  payload(object, "ResultSelector", state.result_selector, where);
  assign(object, state.assign, where);
  retriers(state, object, where);
  catchers(state, object, where);
  if (state.type != StateType::fail && state.type != StateType::succeed && state.type != StateType::choice)
    next_or_end(state, object, where);
  switch (state.type) {
    case StateType::pass:
      if (const json::Value* result = object.find("Result")) state.result = *result;
      return;
    case StateType::task:
      return task(state, object, where);
    case StateType::choice:
      return choice(state, object, where);
    case StateType::wait:
      return wait(state, object, where);
    case StateType::succeed:
      return;
    case StateType::fail:
      return fail(state, object, where);
    case StateType::parallel:
      return parallel(state, object, where, depth);
    case StateType::map:
      return map(state, object, where, depth);
  }
}

void DefinitionParser::next_or_end(State& state, const json::Object& object, const std::string& where) {
  std::optional<std::string> next;
  text(object, "Next", next, where);
  const json::Value* end = object.find("End");
  if (end != nullptr && !end->is_bool()) flaw("Expected value of type BOOLEAN", where + "/End");
  const bool ends = end != nullptr && end->is_bool() && end->as_bool();
  if (object.contains("Next") == ends) flaw("Exactly one of these fields must be present: [Next, End]", where);
  if (next && next->empty()) flaw("Missing 'Next' target: ", where + "/Next", "MISSING_TRANSITION_TARGET");
  state.next = next.value_or("");
}

void DefinitionParser::task(State& state, const json::Object& object, const std::string& where) {
  std::optional<std::string> arn;
  text(object, "Resource", arn, where);
  if (!object.contains("Resource")) flaw("These fields are required: [Resource]", where);
  if (arn) resource(state, *arn, where + "/Resource");
  integer(object, "TimeoutSeconds", state.timeout_s, 1, where);
  integer(object, "HeartbeatSeconds", state.heartbeat_s, 1, where);
  path(object, "TimeoutSecondsPath", state.timeout_path, where);
  path(object, "HeartbeatSecondsPath", state.heartbeat_path, where);
  at_most_one(object, {"TimeoutSeconds", "TimeoutSecondsPath"}, where);
  at_most_one(object, {"HeartbeatSeconds", "HeartbeatSecondsPath"}, where);
  if (state.timeout_s && state.heartbeat_s && *state.heartbeat_s >= *state.timeout_s) {
    flaw("HeartbeatSeconds must be smaller than TimeoutSeconds", where);
  }
  if (const json::Value* credentials = object.find("Credentials")) {
    if (credentials->is_object()) {
      payload(object, "Credentials", state.credentials, where);
    } else {
      flaw("Expected value of type Object", where + "/Credentials");
    }
  }
}

void DefinitionParser::resource(State& state, const std::string& arn, const std::string& where) {
  const auto unknown = [&] {
    flaw("The resource provided " + arn +
             " is not recognized. The value is not a valid resource ARN, or the resource is not available in this "
             "region.",
         where);
  };
  const std::vector<std::string> parts = split(arn, ':', 6);
  if (parts.size() != 6 || parts[0] != "arn" || !parts[1].starts_with("aws") || parts[2].empty() || parts[5].empty())
    return unknown();
  state.resource.arn = arn;
  if (parts[2] == "lambda") {
    const std::vector<std::string> function = split(parts[5], ':', 4);
    const bool good = function.size() >= 2 && function.size() <= 3 && function[0] == "function" &&
                      is_word(function[1]) &&
                      (function.size() == 2 || function[2] == "$LATEST" || is_word(function[2]));
    if (!good) return unknown();
    state.resource.kind = TaskResource::Kind::lambda_function;
    return;
  }
  if (parts[2] != "states") return;
  if (parts[5].starts_with("activity:"))
    return unsupported("activities", "Activities are not supported by this server yet: " + arn, where);
  const std::size_t colon = parts[5].starts_with("aws-sdk:") ? parts[5].find(':', 8) : parts[5].find(':');
  if (!parts[3].empty() || !parts[4].empty() || colon == std::string::npos) return unknown();
  state.resource.kind = TaskResource::Kind::integration;
  state.resource.service = parts[5].substr(0, colon);
  state.resource.action = parts[5].substr(colon + 1);
  if (state.resource.action.ends_with(".waitForTaskToken")) {
    unsupported("callbacks", "The integration pattern .waitForTaskToken is not supported by this server yet: " + arn,
                where);
  } else if (state.resource.action.ends_with(".sync") || state.resource.action.ends_with(".sync:2")) {
    unsupported(".sync", "The integration pattern .sync is not supported by this server yet: " + arn, where);
  } else if (!is_word(state.resource.action)) {
    unknown();
  }
}

void DefinitionParser::wait(State& state, const json::Object& object, const std::string& where) {
  integer(object, "Seconds", state.seconds, 0, where);
  text(object, "Timestamp", state.timestamp, where);
  path(object, "SecondsPath", state.seconds_path, where);
  path(object, "TimestampPath", state.timestamp_path, where);
  int count = 0;
  for (const std::string_view name : {"Seconds", "Timestamp", "SecondsPath", "TimestampPath"})
    count += object.contains(name) ? 1 : 0;
  if (count != 1)
    flaw("Exactly one of these fields must be present: [Seconds, SecondsPath, Timestamp, TimestampPath]", where);
  if (state.timestamp && !parse_timestamp(*state.timestamp)) {
    flaw("Invalid Timestamp, it must be a valid ISO-8601 extended offset date-time format string: " + *state.timestamp,
         where + "/Timestamp");
  }
}

void DefinitionParser::fail(State& state, const json::Object& object, const std::string& where) {
  text(object, "Error", state.error, where);
  text(object, "Cause", state.cause, where);
  expression(object, "ErrorPath", state.error_path, where);
  expression(object, "CausePath", state.cause_path, where);
  at_most_one(object, {"Error", "ErrorPath"}, where);
  at_most_one(object, {"Cause", "CausePath"}, where);
}

void DefinitionParser::parallel(State& state, const json::Object& object, const std::string& where, int depth) {
  const json::Value* branches = object.find("Branches");
  if (branches == nullptr || !branches->is_array() || branches->as_array().empty()) {
    return flaw("Branches must be an array with at least one branch", where + "/Branches");
  }
  for (std::size_t i = 0; i < branches->as_array().size(); ++i) {
    const std::string here = where + "/Branches[" + std::to_string(i) + "]";
    const json::Value& branch = branches->as_array()[i];
    if (!branch.is_object()) {
      flaw("Expected value of type Object", here);
      continue;
    }
    check_names(branch.as_object(), {"Comment", "StartAt", "States", "QueryLanguage"}, here);
    state.branches.push_back(block(branch.as_object(), here, depth + 1));
  }
}

void DefinitionParser::map(State& state, const json::Object& object, const std::string& where, int depth) {
  at_most_one(object, {"ItemProcessor", "Iterator"}, where);
  at_most_one(object, {"ItemSelector", "Parameters"}, where);
  at_most_one(object, {"MaxConcurrency", "MaxConcurrencyPath"}, where);
  const std::string field = object.contains("Iterator") ? "Iterator" : "ItemProcessor";
  const json::Value* processor = object.find(field);
  if (processor == nullptr || !processor->is_object()) return flaw("These fields are required: [ItemProcessor]", where);
  check_names(processor->as_object(), {"Comment", "StartAt", "States", "ProcessorConfig", "QueryLanguage"},
              where + "/" + field);
  if (const json::Value* config = processor->find("ProcessorConfig")) {
    const std::optional<std::string_view> mode = config->get_string("Mode");
    if (mode && *mode == "DISTRIBUTED") {
      at_most_one(object, {"ToleratedFailureCount", "ToleratedFailureCountPath"}, where);
      if (const json::Value* batcher = object.find("ItemBatcher"); batcher != nullptr && batcher->is_object()) {
        at_most_one(batcher->as_object(), {"MaxItemsPerBatch", "MaxItemsPerBatchPath"}, where + "/ItemBatcher");
      }
      return unsupported("distributed Map", "The Map mode DISTRIBUTED is not supported by this server yet",
                         where + "/" + field + "/ProcessorConfig/Mode");
    }
    if (mode && *mode != "INLINE")
      flaw("The field 'Mode' should have one of these values: [INLINE, DISTRIBUTED]",
           where + "/" + field + "/ProcessorConfig/Mode");
  }
  for (const std::string_view name :
       {"ToleratedFailureCount", "ToleratedFailureCountPath", "ToleratedFailurePercentage",
        "ToleratedFailurePercentagePath", "ItemReader", "ItemBatcher", "ResultWriter", "Label"}) {
    if (!object.contains(name)) continue;
    unsupported("distributed Map", "Field '" + std::string(name) + "' is not supported by the Map mode INLINE", where);
  }
  state.branches.push_back(block(processor->as_object(), where + "/" + field, depth + 1));
  path_field(object, "ItemsPath", state.items_path, where);
  payload(object, object.contains("Parameters") ? "Parameters" : "ItemSelector", state.item_selector, where);
  state.parameters.reset();
  std::optional<std::int64_t> concurrency;
  integer(object, "MaxConcurrency", concurrency, 0, where);
  state.concurrency_max = concurrency.value_or(0);
  path(object, "MaxConcurrencyPath", state.concurrency_max_path, where);
}

void DefinitionParser::choice(State& state, const json::Object& object, const std::string& where) {
  std::optional<std::string> fallback;
  text(object, "Default", fallback, where);
  state.fallback = fallback.value_or("");
  const json::Value* choices = object.find("Choices");
  if (choices == nullptr || !choices->is_array() || choices->as_array().empty()) {
    return flaw("Choices must be an array with at least one rule", where + "/Choices");
  }
  for (std::size_t i = 0; i < choices->as_array().size(); ++i) {
    const std::string here = where + "/Choices[" + std::to_string(i) + "]";
    const json::Value& choice = choices->as_array()[i];
    if (!choice.is_object()) {
      flaw("Expected value of type Object", here);
      continue;
    }
    ChoiceRule rule = this->rule(choice.as_object(), here, 0);
    std::optional<std::string> next;
    text(choice.as_object(), "Next", next, here);
    if (!next || next->empty()) flaw("These fields are required: [Next]", here);
    rule.next = next.value_or("");
    assign(choice.as_object(), rule.assign, here);
    state.choices.push_back(std::move(rule));
  }
}

ChoiceRule DefinitionParser::rule(const json::Object& object, const std::string& where, int depth) {
  ChoiceRule rule;
  if (depth > kRuleDepthMax) {
    flaw("Choice rules are nested too deeply", where);
    return rule;
  }
  if (depth > 0 && object.contains("Next")) flaw("Field 'Next' is not supported in a nested rule", where);
  at_most_one(object, {"And", "Or", "Not", "Variable"}, where);
  const json::Value* list = object.find("And");
  rule.kind = list != nullptr ? ChoiceRule::Kind::all : ChoiceRule::Kind::any;
  if (list == nullptr) list = object.find("Or");
  if (list != nullptr) {
    if (!list->is_array() || list->as_array().empty()) flaw("And and Or must be arrays with at least one rule", where);
    for (std::size_t i = 0; list->is_array() && i < list->as_array().size(); ++i) {
      const json::Value& part = list->as_array()[i];
      const std::string here =
          where + "/" + (rule.kind == ChoiceRule::Kind::all ? "And[" : "Or[") + std::to_string(i) + "]";
      if (part.is_object()) {
        rule.parts.push_back(this->rule(part.as_object(), here, depth + 1));
      } else {
        flaw("Expected value of type Object", here);
      }
    }
  } else if (const json::Value* negated = object.find("Not")) {
    rule.kind = ChoiceRule::Kind::negation;
    if (negated->is_object()) {
      rule.parts.push_back(this->rule(negated->as_object(), where + "/Not", depth + 1));
    } else {
      flaw("Expected value of type Object", where + "/Not");
    }
  } else {
    comparison(rule, object, where);
    return rule;
  }
  check_names(object, {"And", "Or", "Not", "Next", "Assign", "Comment"}, where);
  return rule;
}

void DefinitionParser::comparison(ChoiceRule& rule, const json::Object& object, const std::string& where) {
  rule.kind = ChoiceRule::Kind::comparison;
  path(object, "Variable", rule.variable, where);
  if (!object.contains("Variable")) flaw("These fields are required: [Variable]", where);
  int comparators = 0;
  for (const auto& [name, value] : object) {
    if (name == "Variable" || name == "Next" || name == "Assign" || name == "Comment") continue;
    const bool is_path = name.ends_with("Path");
    const std::string comparator = is_path ? name.substr(0, name.size() - 4) : name;
    const char kind = comparator_kind(comparator);
    if (kind == '\0' || (is_path && (kind == 'i' || kind == '*'))) {
      flaw("Field '" + name + "' is not supported", where);
      continue;
    }
    ++comparators;
    rule.comparator = comparator;
    if (is_path) {
      path(object, name, rule.expected_path, where);
      continue;
    }
    rule.expected = value;
    const bool good = kind == 'n'                  ? value.is_number()
                      : kind == 'b' || kind == 'i' ? value.is_bool()
                      : kind == 't'                ? value.is_string() && parse_timestamp(value.as_string()).has_value()
                                                   : value.is_string();
    if (kind == '*' && good && value.as_string().size() > kPatternLengthMax) {
      flaw("A pattern must not have more than 1024 bytes", where + "/" + name);
    }
    if (!good) flaw("The value of '" + name + "' has the wrong type", where + "/" + name);
  }
  if (comparators != 1) flaw("A choice rule must have exactly one comparison operator", where);
}

std::vector<std::string> DefinitionParser::error_names(const json::Object& object, const std::string& where,
                                                       std::size_t index, std::size_t count) {
  std::vector<std::string> names;
  const json::Value* errors = object.find("ErrorEquals");
  if (errors == nullptr || !errors->is_array() || errors->as_array().empty()) {
    flaw("ErrorEquals must be an array with at least one error name", where);
    return names;
  }
  for (const json::Value& error : errors->as_array()) {
    if (error.is_string()) {
      names.push_back(error.as_string());
    } else {
      flaw("Expected value of type STRING", where + "/ErrorEquals");
    }
  }
  const bool has_all = std::ranges::find(names, "States.ALL") != names.end();
  if (has_all && (names.size() > 1 || index + 1 != count))
    flaw("States.ALL must appear alone, in the last item", where + "/ErrorEquals");
  return names;
}

void DefinitionParser::retriers(State& state, const json::Object& object, const std::string& where) {
  const json::Value* retry = object.find("Retry");
  if (retry == nullptr) return;
  if (!retry->is_array()) return flaw("Expected value of type Array", where + "/Retry");
  for (std::size_t i = 0; i < retry->as_array().size(); ++i) {
    const std::string here = where + "/Retry[" + std::to_string(i) + "]";
    const json::Value& value = retry->as_array()[i];
    if (!value.is_object()) {
      flaw("Expected value of type Object", here);
      continue;
    }
    const json::Object& item = value.as_object();
    check_names(item,
                {"ErrorEquals", "IntervalSeconds", "MaxAttempts", "BackoffRate", "MaxDelaySeconds", "JitterStrategy",
                 "Comment"},
                here);
    Retrier retrier;
    retrier.errors = error_names(item, here, i, retry->as_array().size());
    std::optional<std::int64_t> interval, attempts;
    integer(item, "IntervalSeconds", interval, 1, here);
    integer(item, "MaxAttempts", attempts, 0, here);
    integer(item, "MaxDelaySeconds", retrier.delay_max_s, 1, here);
    retrier.interval_s = interval.value_or(1);
    retrier.attempts_max = attempts.value_or(3);
    if (retrier.delay_max_s && *retrier.delay_max_s <= retrier.interval_s)
      flaw("MaxDelaySeconds must be greater than IntervalSeconds", here);
    if (const json::Value* rate = item.find("BackoffRate")) {
      retrier.backoff_rate = rate->is_number() ? rate->as_number().as_double() : 0;
      if (!(retrier.backoff_rate >= 1.0))
        flaw("BackoffRate must be a number greater than or equal to 1.0", here + "/BackoffRate");
    }
    std::optional<std::string> jitter;
    text(item, "JitterStrategy", jitter, here);
    if (jitter && *jitter != "FULL" && *jitter != "NONE")
      flaw("The field 'JitterStrategy' should have one of these values: [FULL, NONE]", here + "/JitterStrategy");
    retrier.has_full_jitter = jitter && *jitter == "FULL";
    state.retriers.push_back(std::move(retrier));
  }
}

void DefinitionParser::catchers(State& state, const json::Object& object, const std::string& where) {
  const json::Value* list = object.find("Catch");
  if (list == nullptr) return;
  if (!list->is_array()) return flaw("Expected value of type Array", where + "/Catch");
  for (std::size_t i = 0; i < list->as_array().size(); ++i) {
    const std::string here = where + "/Catch[" + std::to_string(i) + "]";
    const json::Value& value = list->as_array()[i];
    if (!value.is_object()) {
      flaw("Expected value of type Object", here);
      continue;
    }
    check_names(value.as_object(), {"ErrorEquals", "Next", "ResultPath", "Assign", "Comment"}, here);
    Catcher catcher;
    catcher.errors = error_names(value.as_object(), here, i, list->as_array().size());
    std::optional<std::string> next;
    text(value.as_object(), "Next", next, here);
    if (!next || next->empty()) flaw("These fields are required: [Next]", here);
    catcher.next = next.value_or("");
    result_path(value.as_object(), catcher.result_path, here);
    assign(value.as_object(), catcher.assign, here);
    state.catchers.push_back(std::move(catcher));
  }
}

}  // namespace localcloud::stepfunctions::asl
