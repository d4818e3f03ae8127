#pragma once
// The checks of a value that look neither inside it nor at other nodes: each a function of its own, small enough that
// one that holds costs a few nanoseconds.

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "json/write.hpp"
#include "pipeline/schema/run.hpp"

namespace pipeline::schema {

// Not thread-safe: one for each run.
template <class Report>
class LeafValidator {
 public:
  using At = typename Report::At;

  LeafValidator(Run& run, Report& report) : run_(run), program_(run.program), report_(report) {}

  // A node that has only such checks.
  [[gnu::always_inline]] bool leaf(const Node& node, const json::Value& value, At location) {
    run_.budget.spend(1);  // the checks are few: each keyword at most once
    bool is_valid = true;
    if (!is_of(value, node.types)) {
      is_valid = tell_type(node, value, location);
      if (is_done()) return false;
    }
    const Check* const first = program_.checks.data() + node.first;
    // One is what most have.
    return (node.count == 1 ? check_leaf(*first, value, location)
                            : check_leaves({first, node.count}, value, location)) &&
           is_valid;
  }

 protected:
  [[gnu::always_inline]] bool check_leaf(const Check& check, const json::Value& value, At location) {
    return kByOp[static_cast<std::size_t>(check.op)](*this, check, value, location);
  }

  [[gnu::noinline]] bool check_leaves(std::span<const Check> checks, const json::Value& value, At location) {
    bool is_valid = true;
    for (const Check& check : checks) {
      if (check_leaf(check, value, location)) continue;
      is_valid = false;
      if (is_done()) break;
    }
    return is_valid;
  }

  bool tell_type(const Node& node, const json::Value& value, At location) {
    return report_.tell(location, "type",
                        [&] { return fmt::format("must be {}, is {}", type_names(node.types), value.kind()); });
  }

  // Whether there is no point in looking for more.
  bool is_done() const { return report_.is_full() || run_.is_stopped(); }

  [[gnu::always_inline]] bool matches(const Pattern& pattern, std::string_view text) {
    return run_.may_spend(pattern.cost(text.size())) && pattern.matches(text);
  }

  Run& run_;
  const Program& program_;
  Report& report_;

 private:
  bool never(const Check&, const json::Value&, At location) {
    return report_.tell(location, "false", [] { return "is not allowed here"; });
  }

  bool one_of_values(const Check& check, const json::Value& value, At location) {
    const EnumTable& table = program_.enums[check.a];
    if (value.is_string() ? table.strings.find(value.as_string()) != NameTable::kAbsent
                          : std::ranges::any_of(table.others, [&](const json::Value& one) {
                              return are_equal(one, value, run_.budget);
                            }))
      return true;
    return report_.tell(location, "enum", [&] {
      std::string out = "must be one of ";
      for (std::size_t i = 0; i < table.values.size() && out.size() < 200; ++i)
        out += (i ? ", " : "") + json::write(table.values[i]);
      return shorten(std::move(out));
    });
  }

  bool constant(const Check& check, const json::Value& value, At location) {
    const json::Value& constant = program_.values[check.a];
    return are_equal(constant, value, run_.budget) ||
           report_.tell(location, "const", [&] { return "must be " + shorten(json::write(constant)); });
  }

  bool range(const Check& check, const json::Value& value, At location) {
    if (!value.is_number()) return true;
    const Range& range = program_.ranges[check.a];
    return range.surely_has(value.as_number()) || is_within(range.limits(), value.as_number(), location);
  }

  [[gnu::noinline]] bool is_within(const std::vector<Limit>& limits, const json::Number& number, At location) {
    bool is_valid = true;
    for (const Limit& limit : limits) {
      if (limit.allows(number)) continue;
      is_valid =
          report_.tell(location, limit.keyword(), [&] { return std::string(limit.demand()) + limit.bound.text(); });
    }
    return is_valid;
  }

  bool multiple_of(const Check& check, const json::Value& value, At location) {
    if (!value.is_number()) return true;
    const Divisor& divisor = program_.divisors[check.a];
    return is_multiple_of(value.as_number(), divisor) ||
           report_.tell(location, "multipleOf", [&] { return "must be a multiple of " + divisor.text; });
  }

  bool min_length(const Check& check, const json::Value& value, At location) {
    if (!value.is_string()) return true;
    const std::string& text = value.as_string();
    // A character is at most four bytes.
    return (text.size() + 3) / 4 >= check.b || characters_of(text) >= check.b ||
           report_.tell(location, "minLength", [&] { return fmt::format("must be at least {} characters", check.b); });
  }

  bool max_length(const Check& check, const json::Value& value, At location) {
    if (!value.is_string()) return true;
    const std::string& text = value.as_string();
    return text.size() <= check.b || characters_of(text) <= check.b ||
           report_.tell(location, "maxLength", [&] { return fmt::format("must be at most {} characters", check.b); });
  }

  std::size_t characters_of(const std::string& text) {
    run_.budget.spend(text.size() / 64);
    return base::count_code_points(text);
  }

  bool pattern(const Check& check, const json::Value& value, At location) {
    if (!value.is_string()) return true;
    const Pattern& pattern = program_.patterns[check.a];
    return matches(pattern, value.as_string()) ||
           report_.tell(location, "pattern", [&] { return "must match " + shorten(pattern.text()); });
  }

  bool format(const Check& check, const json::Value& value, At location) {
    if (!value.is_string()) return true;
    const std::string& text = value.as_string();
    const auto& [name, is_well_formed] = program_.formats[check.a];
    return (run_.may_spend(text.size() / 64) && is_well_formed(text)) ||
           report_.tell(location, "format", [&] { return "must be a valid " + name; });
  }

  using Holds = bool (*)(LeafValidator&, const Check&, const json::Value&, At);
  template <auto kCheck>
  static bool call(LeafValidator& validator, const Check& check, const json::Value& value, At location) {
    return (validator.*kCheck)(check, value, location);
  }

  // In the order of Op.
  static constexpr std::array<Holds, kLeafOps> kByOp = {
      call<&LeafValidator::never>,      call<&LeafValidator::one_of_values>, call<&LeafValidator::constant>,
      call<&LeafValidator::range>,      call<&LeafValidator::multiple_of>,   call<&LeafValidator::min_length>,
      call<&LeafValidator::max_length>, call<&LeafValidator::pattern>,       call<&LeafValidator::format>};
};

}  // namespace pipeline::schema
