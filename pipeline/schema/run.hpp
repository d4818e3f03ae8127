#pragma once
// One validation: how far it is, and what becomes of violations. A verdict wants none of them and ends at the first, an
// explanation collects them with their places.

#include <string>
#include <utility>
#include <vector>

#include "pipeline/schema/program.hpp"
#include "pipeline/schema/schema.hpp"
#include "pipeline/schema/values.hpp"

namespace pipeline::schema {

// Nodes within each other: several for each level of the deepest value that is parsed (json::ParseLimits).
inline constexpr int kDepthMax = 1024;

struct Run {
  const Program& program;
  Budget budget = {};
  int depth = 0;
  bool is_too_deep = false;
  // The resources that were entered, outermost first; kept only where there are dynamic references.
  std::vector<std::uint32_t> scope = {};

  bool is_stopped() const { return is_too_deep || budget.is_spent(); }

  // What costs little is paid for with the step that led to it.
  bool may_spend(std::uint64_t steps) {
    if (steps == 0) return true;
    budget.spend(steps);
    return !is_stopped();
  }

  // Of a dynamic reference: the outermost resource on the way here that has the anchor.
  NodeIndex target_of(const Check& reference) const {
    const std::string& anchor_name = program.dynamic_names[reference.b];
    for (const std::uint32_t resource : scope) {
      const auto anchor = program.dynamic_anchors.find({resource, anchor_name});
      if (anchor != program.dynamic_anchors.end()) return anchor->second;
    }
    return reference.a;
  }
};

class Verdict {
 public:
  struct Location {};
  using At = Location;  // how one is passed on: this one costs nothing
  static Location member_of(At, std::string_view) { return {}; }
  static Location item_of(At, std::size_t) { return {}; }

  static constexpr bool kExplains = false;
  explicit Verdict(const Run&) {}
  static constexpr bool is_full() { return true; }
  // Always false.
  template <class Message>
  static constexpr bool tell(At, std::string_view, const Message&) {
    return false;
  }
};

class Explanation {
 public:
  using Location = schema::Location;
  using At = const Location&;
  static Location member_of(At parent, std::string_view name) { return {.parent = &parent, .name = name}; }
  static Location item_of(At parent, std::size_t index) {
    return {.parent = &parent, .name = {}, .index = index, .is_index = true};
  }

  static constexpr bool kExplains = true;
  Explanation(const Run& run, std::size_t violations_max) : run_(run), violations_max_(violations_max) {}

  bool is_full() const { return violations_.size() >= violations_max_; }
  // Always false. What is found wrong after the work was cut short may only be for want of it.
  template <class Message>
  bool tell(At location, std::string_view keyword, const Message& message) {
    if (!run_.is_stopped()) add(location, keyword, message);
    return false;
  }
  template <class Message>
  void add(At location, std::string_view keyword, const Message& message) {
    if (!is_full())
      violations_.push_back({.path = pointer_to(location), .keyword = std::string(keyword), .message = message()});
  }
  std::vector<Violation> take() && { return std::move(violations_); }

 private:
  const Run& run_;
  const std::size_t violations_max_;
  std::vector<Violation> violations_;
};

}  // namespace pipeline::schema
