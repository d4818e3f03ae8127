#pragma once
// A state machine's definition, parsed and checked: Amazon States Language, JSONPath query language. Pure data.
// https://states-language.net/spec.html

#include <cstdint>
#include <expected>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.hpp"
#include "localcloud/services/stepfunctions/asl/choice.hpp"
#include "localcloud/services/stepfunctions/asl/expression.hpp"
#include "localcloud/services/stepfunctions/asl/template.hpp"

namespace localcloud::stepfunctions::asl {

enum class StateType { pass, task, choice, wait, succeed, fail, parallel, map };

std::string_view name_of(StateType type);  // "Pass"

// InputPath, OutputPath, ItemsPath, …: a path, `null`, or absent, which means `$`.
struct PathField {
  bool is_null = false;
  std::optional<Path> path;
};

struct Retrier {
  std::vector<std::string> errors;
  std::int64_t interval_s = 1;
  std::int64_t attempts_max = 3;
  double backoff_rate = 2.0;
  std::optional<std::int64_t> delay_max_s;
  bool has_full_jitter = false;
};

struct Catcher {
  std::vector<std::string> errors;
  std::string next;
  PathField result_path;
  std::optional<Template> assign;
};

// How a Task's Resource is called.
struct TaskResource {
  enum class Kind { lambda_function, integration, other };
  Kind kind = Kind::other;
  std::string arn;
  std::string service;  // "lambda", "dynamodb", "aws-sdk:s3"
  std::string action;   // "invoke", "putItem"
};

struct Block;

struct State {
  std::string name;
  StateType type = StateType::pass;
  std::string next;  // empty where the state ends its block

  PathField input_path, output_path, result_path;
  std::optional<Template> parameters, result_selector, assign;
  std::vector<Retrier> retriers;
  std::vector<Catcher> catchers;

  std::optional<json::Value> result;  // Pass

  TaskResource resource;  // Task
  std::optional<Template> credentials;
  std::optional<std::int64_t> timeout_s, heartbeat_s;
  std::optional<Path> timeout_path, heartbeat_path;

  std::vector<ChoiceRule> choices;  // Choice
  std::string fallback;             // its Default

  std::optional<std::int64_t> seconds;  // Wait
  std::optional<std::string> timestamp;
  std::optional<Path> seconds_path, timestamp_path;

  std::optional<std::string> error, cause;  // Fail
  std::optional<Expression> error_path, cause_path;

  std::vector<std::shared_ptr<const Block>> branches;  // Parallel's branches, Map's one item processor
  PathField items_path;                                // Map
  std::optional<Template> item_selector;
  std::int64_t concurrency_max = 0;  // 0 is no limit
  std::optional<Path> concurrency_max_path;
};

// A StartAt with its States: a whole machine, a branch, or an item processor.
struct Block {
  std::string start_at;
  std::map<std::string, State, std::less<>> states;
  std::optional<std::int64_t> timeout_s;  // of the whole machine

  const State& state(std::string_view name) const;
};

// What is wrong with a definition.
struct Flaw {
  std::string code;  // "SCHEMA_VALIDATION_FAILED"
  std::string message;
  std::string location;     // "/States/X/Next"
  std::string unsupported;  // the feature that isn't here yet, where that is what is wrong
};

using Definition = std::shared_ptr<const Block>;

// The flaws are the first ten at most.
std::expected<Definition, std::vector<Flaw>> parse_definition(std::string_view text);

// "SCHEMA_VALIDATION_FAILED: … at /States/X, …", as the message of InvalidDefinition has it.
std::string describe(const std::vector<Flaw>& flaws);

}  // namespace localcloud::stepfunctions::asl
