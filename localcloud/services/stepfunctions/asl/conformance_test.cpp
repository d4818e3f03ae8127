// Runs the executions recorded from AWS and the published definitions, where they are there: the environment variable
// PIPELINE_SHARED, or ../shared beside the source tree.

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "json/parse.hpp"
#include "json/write.hpp"
#include "localcloud/services/stepfunctions/asl/machine.hpp"

namespace localcloud::stepfunctions::asl {
namespace {

namespace fs = std::filesystem;

std::optional<fs::path> conformance_folder() {
  if (const char* shared = std::getenv("PIPELINE_SHARED")) return fs::path(shared) / "conformance";
  for (fs::path folder = fs::path(__FILE__).parent_path(); folder.has_relative_path(); folder = folder.parent_path()) {
    if (fs::exists(folder / "CMakePresets.json")) {
      const fs::path beside = folder.parent_path() / "shared" / "conformance";
      if (fs::exists(beside)) return beside;
    }
  }
  return std::nullopt;
}

std::string read(const fs::path& path) {
  std::ifstream in(path);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

// The recordings replaced ids, times and names by these.
bool is_placeholder(std::string_view text) {
  static constexpr std::string_view kWords[] = {"date",      "timestamp",    "start-time",   "start-date",
                                                "stop-date", "entered-time", "snf_role_arn", "RandomNumberGenerated"};
  return std::ranges::find(kWords, text) != std::end(kWords);
}

// Each `<…>` of the expected text stands for any text.
bool alike_text(std::string_view expected, std::string_view got) {
  const std::size_t open = expected.find('<'), close = expected.find('>', open);
  if (open == std::string_view::npos || close == std::string_view::npos) return expected == got;
  if (!got.starts_with(expected.substr(0, open))) return false;
  const std::string_view rest = expected.substr(close + 1);
  for (std::size_t at = open; at <= got.size(); ++at) {
    if (alike_text(rest, got.substr(at))) return true;
  }
  return false;
}

bool alike(const json::Value& expected, const json::Value& got) {
  if (expected.is_string()) {
    if (is_placeholder(expected.as_string()) || expected.as_string() == "\"date\"") return true;
    if (got.is_string() && alike_text(expected.as_string(), got.as_string())) return true;
    // What isn't an object was recorded as JSON text.
    const auto value = json::parse(expected.as_string());
    return value && (value->is_string() ? *value == got : alike(*value, got));
  }
  if (expected.is_array() && got.is_array()) {
    return std::ranges::equal(expected.as_array(), got.as_array(), alike);
  }
  if (expected.is_object() && got.is_object()) {
    if (expected.as_object().size() != got.as_object().size()) return false;
    return std::ranges::all_of(expected.as_object(), [&](const auto& member) {
      const json::Value* other = got.find(member.first);
      return other != nullptr && alike(member.second, *other);
    });
  }
  return expected == got;
}

// Plays the recorded results of tasks back, and lets every timer fire at its time.
void play(Machine& machine, const json::Array& expected_events, std::vector<Event>& events) {
  std::vector<const json::Value*> answers;
  for (const json::Value& event : expected_events) {
    const std::string_view type = event.get_string("type").value_or("");
    if (type == "TaskSucceeded" || type == "TaskFailed" || type == "LambdaFunctionSucceeded" ||
        type == "LambdaFunctionFailed")
      answers.push_back(&event);
  }
  std::size_t next = 0;
  std::deque<Command> commands;
  const auto gather = [&] {
    for (Command& command : machine.take_commands()) commands.push_back(std::move(command));
    for (Event& event : machine.take_events()) events.push_back(std::move(event));
  };
  machine.start();
  gather();
  while (!commands.empty() && machine.status() == Status::running) {
    // Tasks answer before any timer fires.
    auto chosen = std::ranges::find(commands, Command::Kind::task, &Command::kind);
    if (chosen == commands.end()) chosen = std::ranges::min_element(commands, {}, &Command::due);
    const Command command = std::move(*chosen);
    commands.erase(chosen);
    Delivery delivery;
    delivery.command = command.id;
    delivery.time = machine.ended_at();
    if (command.kind == Command::Kind::timer) {
      delivery.time = command.due;
    } else {
      if (next == answers.size()) return;
      const json::Value& answer = *answers[next++];
      const json::Value* output = answer.find("output");
      delivery.kind = output != nullptr ? Delivery::Kind::result : Delivery::Kind::failure;
      if (output != nullptr) delivery.result = *output;
      if (const auto error = answer.get_string("error")) delivery.failure.error = *error;
      if (const json::Value* cause = answer.find("cause"))
        delivery.failure.cause = cause->is_string() ? cause->as_string() : json::write(*cause);
    }
    machine.deliver(std::move(delivery));
    gather();
  }
}

// Why the case's execution differs from the recorded one; empty where it doesn't.
std::string difference_of(const json::Value& expect, const Machine& machine, const std::vector<Event>& events,
                          bool is_parallel) {
  static constexpr std::string_view kStatuses[] = {"RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"};
  const std::string_view status = kStatuses[static_cast<std::size_t>(machine.status())];
  std::string got = fmt::format("{} {} {} {}", status, json::write(machine.output()),
                                machine.failure().error.value_or("-"), machine.failure().cause.value_or("-"));
  if (expect.get_string("status") != status) return "status: " + got;
  if (const json::Value* output = expect.find("output"); output != nullptr && !alike(*output, machine.output()))
    return "output: " + got;
  if (expect.get_string("error").value_or("") != machine.failure().error.value_or("")) return "error: " + got;
  if (const json::Value* cause = expect.find("cause")) {
    const std::string text = machine.failure().cause.value_or("");
    if (cause->is_string() ? !alike_text(cause->as_string(), text)
                           : !alike(*cause, json::parse(text).value_or(json::Value())))
      return "cause: " + got;
  }
  std::vector<std::string> expected_types, got_types;
  for (const json::Value& event : expect.find("events")->as_array())
    expected_types.emplace_back(*event.get_string("type"));
  for (const Event& event : events) {
    // The recordings of parallel states leave this type out.
    if (event.type != "ParallelStateSucceeded") got_types.push_back(event.type);
  }
  if (is_parallel) {
    std::ranges::sort(expected_types);
    std::ranges::sort(got_types);
  }
  if (expected_types != got_types)
    return fmt::format("events: expected {} got {}", expected_types.size(), got_types.size());
  if (is_parallel) return "";
  for (std::size_t i = 0; i < events.size(); ++i) {
    const json::Value& expected = expect.find("events")->as_array()[i];
    const Event& event = events[i];
    const auto id = expected.get_int64("id"), previous = expected.get_int64("prev");
    if (id != event.id || previous != event.previous)
      return fmt::format("event {} {}: id {} prev {}", i, event.type, event.id, event.previous);
    for (const std::string_view name :
         {"name", "index", "length", "error", "resource", "resourceType", "assignedVariables", "timeoutInSeconds"}) {
      const json::Value* one = expected.find(name);
      const json::Value* other = event.details.find(name);
      if (one != nullptr && (other == nullptr || !alike(*one, *other)))
        return fmt::format("event {} {}: {} differs", i, event.type, name);
    }
    for (const std::string_view name : {"input", "output", "parameters"}) {
      const json::Value* one = expected.find(name);
      const json::Value* other = event.details.find(name);
      if (one == nullptr) continue;
      if (other == nullptr || !alike(*one, json::parse(other->as_string()).value_or(json::Value())))
        return fmt::format("event {} {}: {} differs", i, event.type, name);
    }
  }
  return "";
}

struct Tally {
  int passed = 0, total = 0;
  std::map<std::string, int> waiting;

  void print(std::string_view suite) const {
    std::string line = fmt::format("{}: {} of {} passed", suite, passed, total);
    for (const auto& [feature, count] : waiting) line += fmt::format(", {} wait for {}", count, feature);
    fmt::print("{}\n", line);
  }
};

// The recordings show one account, the inputs that were sent another.
json::Value with_recorded_account(const json::Value& input) {
  static constexpr std::string_view kSent = "000000000000";
  std::string text = json::write(input);
  for (std::size_t at = 0; (at = text.find(kSent, at)) != std::string::npos;)
    text.replace(at, kSent.size(), "111111111111");
  return *json::parse(text);
}

void run_case(const json::Value& one, Tally& tally) {
  const std::string id(one.get_string("id").value_or("?"));
  if (one.get_string("kind") != "history") {
    ++tally.waiting["TestState"];
    return;
  }
  const std::string text = json::write(*one.find("definition"));
  const auto definition = parse_definition(text);
  if (!definition) {
    if (const std::string& feature = definition.error().front().unsupported; !feature.empty()) {
      ++tally.waiting[feature];
      return;
    }
    ADD_FAILURE() << id << " refused: " << describe(definition.error());
    return;
  }
  Facts facts;
  facts.execution_arn = "arn:aws:states:us-east-1:111111111111:execution:machine:run";
  facts.execution_name = "run";
  facts.role_arn = "arn:aws:iam::111111111111:role/r";
  facts.state_machine_arn = "arn:aws:states:us-east-1:111111111111:stateMachine:machine";
  facts.state_machine_name = "machine";
  facts.region = "us-east-1";
  facts.started_at = base::from_unix_s(1'795'000'000);
  facts.input = with_recorded_account(*one.find("input"));
  facts.seed = 7;
  Machine machine(*definition, facts, Recording::events);
  const json::Value& expect = *one.find("expect");
  std::vector<Event> events;
  play(machine, expect.find("events")->as_array(), events);
  const std::string difference = difference_of(expect, machine, events, text.find("\"Parallel\"") != std::string::npos);
  EXPECT_EQ(difference, "") << id;
  if (difference.empty()) ++tally.passed;
}

// Every recorded execution within JSONPath and inline Map has AWS's status, output, error, cause and events.
TEST(Conformance, RecordedExecutions) {
  const auto folder = conformance_folder();
  if (!folder) GTEST_SKIP() << "no conformance data: set PIPELINE_SHARED";
  Tally tally;
  for (const fs::directory_entry& file : fs::directory_iterator(*folder / "stepfunctions")) {
    if (file.path().extension() != ".json") continue;
    const auto suite = json::parse(read(file.path()));
    ASSERT_TRUE(suite) << file.path();
    for (const json::Value& one : suite->find("cases")->as_array()) {
      ++tally.total;
      run_case(one, tally);
    }
  }
  tally.print("stepfunctions");
}

// Published definitions are accepted or refused as their names say.
TEST(Conformance, Definitions) {
  const auto folder = conformance_folder();
  if (!folder) GTEST_SKIP() << "no conformance data: set PIPELINE_SHARED";
  Tally tally;
  for (const fs::directory_entry& file : fs::directory_iterator(*folder / "asl-definitions")) {
    const std::string name = file.path().filename();
    if (file.path().extension() != ".json") continue;
    ++tally.total;
    const auto definition = parse_definition(read(file.path()));
    const bool is_valid = name.starts_with("valid-");
    if (!definition && !definition.error().front().unsupported.empty()) {
      ++tally.waiting[definition.error().front().unsupported];
      continue;
    }
    if (name == "valid-task-intrisic-function.json") {
      ++tally.waiting["CloudFormation's intrinsic functions, which AWS refuses too"];
      EXPECT_FALSE(definition);
      continue;
    }
    EXPECT_EQ(definition.has_value(), is_valid) << name << ": " << (definition ? "" : describe(definition.error()));
    if (definition.has_value() == is_valid) ++tally.passed;
  }
  tally.print("asl-definitions");
}

}  // namespace
}  // namespace localcloud::stepfunctions::asl
