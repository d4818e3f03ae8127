#pragma once
// The inside of a Machine: one run of a block of states. Used by machine*.cpp alone.

#include "localcloud/services/stepfunctions/asl/machine.hpp"

namespace localcloud::stepfunctions::asl {

// The whole machine, a branch of a Parallel state or an iteration of a Map state.
struct Machine::Thread {
  Thread* parent = nullptr;
  std::size_t index = 0;  // among the parent's branches or items
  const Block* block = nullptr;
  const State* state = nullptr;

  json::Value input;      // as it came into the state
  json::Value effective;  // after InputPath
  std::map<std::string, json::Value> variables;
  std::optional<json::Value> item;  // of a Map's iteration, for the context object

  std::int64_t last_event = 0;
  std::int64_t entered_event = 0;
  base::Time entered_at;
  std::vector<std::int64_t> attempts;  // of each Retrier
  std::int64_t retry_count = 0;

  std::uint64_t awaited = 0;  // command; 0 is none
  std::uint64_t timeout = 0;

  std::vector<std::unique_ptr<Thread>> children;
  json::Array items;  // of a Map
  json::Array results;
  std::size_t started = 0, finished = 0;
  std::size_t concurrency_max = 0;

  std::size_t held_bytes() const;
};

// What an expression sees from a state.
struct Machine::View final : Environment {
  Machine& machine;
  const Thread& thread;
  const Thread* item = nullptr;  // the iteration whose ItemSelector is evaluated

  View(Machine& machine, const Thread& thread, const Thread* item = nullptr)
      : machine(machine), thread(thread), item(item) {}

  json::Value context() const override { return machine.context(thread, item); }
  const json::Value* variable(const std::string& name) const override {
    for (const Thread* scope = &thread; scope != nullptr; scope = scope->parent) {
      const auto found = scope->variables.find(name);
      if (found != scope->variables.end()) return &found->second;
    }
    return nullptr;
  }
  Random& random() const override { return machine.random_; }
  Failure runtime_error(const std::string& cause) const override {
    return {"States.Runtime", "An error occurred while executing the state '" + thread.state->name +
                                  "' (entered at the event id #" + std::to_string(thread.entered_event) + "). " +
                                  cause};
  }
};

}  // namespace localcloud::stepfunctions::asl
