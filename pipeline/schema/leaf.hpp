#pragma once
// The checks of a value that look neither inside it nor at other nodes: each a function of its own, small enough that
// one that holds costs a few nanoseconds.

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "json/write.hpp"
#include "pipeline/schema/run.hpp"

namespace pipeline::schema {

// Whether the pattern is found in the text, and the budget allows to look.
[[gnu::always_inline]] inline bool matches(Run& run, const Pattern& pattern, std::string_view text) {
  return run.may_spend(pattern.cost(text.size())) && pattern.matches(text);
}

inline std::size_t characters_of(Run& run, const std::string& text) {
  run.budget.spend(text.size() / 64);
  return base::count_code_points(text);
}

template <class Report>
class LeafChecks {
 public:
  using Location = typename Report::Location;
  using Holds = bool (*)(Run&, Report&, const Check&, const json::Value&, const Location&);

  static bool never(Run&, Report& report, const Check&, const json::Value&, const Location& location) {
    return report.tell(location, "false", [] { return "is not allowed here"; });
  }

  static bool one_of_values(Run& run, Report& report, const Check& check, const json::Value& value,
                            const Location& location) {
    const EnumTable& table = run.program.enums[check.a];
    if (value.is_string() ? table.strings.find(value.as_string()) != NameTable::kAbsent
                          : std::ranges::any_of(table.others, [&](const json::Value& one) {
                              return are_equal(one, value, run.budget);
                            }))
      return true;
    return report.tell(location, "enum", [&] {
      std::string out = "must be one of ";
      for (std::size_t i = 0; i < table.values.size() && out.size() < 200; ++i)
        out += (i ? ", " : "") + json::write(table.values[i]);
      return shorten(std::move(out));
    });
  }

  static bool constant(Run& run, Report& report, const Check& check, const json::Value& value,
                       const Location& location) {
    const json::Value& constant = run.program.values[check.a];
    return are_equal(constant, value, run.budget) ||
           report.tell(location, "const", [&] { return "must be " + shorten(json::write(constant)); });
  }

  static bool range(Run& run, Report& report, const Check& check, const json::Value& value, const Location& location) {
    if (!value.is_number()) return true;
    const Range& range = run.program.ranges[check.a];
    return range.surely_has(value.as_number()) || is_within(report, range.limits(), value.as_number(), location);
  }

  static bool multiple_of(Run& run, Report& report, const Check& check, const json::Value& value,
                          const Location& location) {
    if (!value.is_number()) return true;
    const Divisor& divisor = run.program.divisors[check.a];
    return is_multiple_of(value.as_number(), divisor) ||
           report.tell(location, "multipleOf", [&] { return "must be a multiple of " + divisor.text; });
  }

  static bool min_length(Run& run, Report& report, const Check& check, const json::Value& value,
                         const Location& location) {
    if (!value.is_string()) return true;
    const std::string& text = value.as_string();
    // A character is at most four bytes.
    return (text.size() + 3) / 4 >= check.count || characters_of(run, text) >= check.count ||
           report.tell(location, "minLength",
                       [&] { return fmt::format("must be at least {} characters", check.count); });
  }

  static bool max_length(Run& run, Report& report, const Check& check, const json::Value& value,
                         const Location& location) {
    if (!value.is_string()) return true;
    const std::string& text = value.as_string();
    return text.size() <= check.count || characters_of(run, text) <= check.count ||
           report.tell(location, "maxLength",
                       [&] { return fmt::format("must be at most {} characters", check.count); });
  }

  static bool pattern(Run& run, Report& report, const Check& check, const json::Value& value,
                      const Location& location) {
    if (!value.is_string()) return true;
    const Pattern& pattern = run.program.patterns[check.a];
    return matches(run, pattern, value.as_string()) ||
           report.tell(location, "pattern", [&] { return "must match " + shorten(pattern.text()); });
  }

  static bool format(Run& run, Report& report, const Check& check, const json::Value& value, const Location& location) {
    if (!value.is_string()) return true;
    const std::string& text = value.as_string();
    const auto& [name, is_well_formed] = run.program.formats[check.a];
    return (run.may_spend(text.size() / 64) && is_well_formed(text)) ||
           report.tell(location, "format", [&] { return "must be a valid " + name; });
  }

  static constexpr std::array<Holds, static_cast<std::size_t>(kLastOfLeaves) + 1> kByOp = {
      never, one_of_values, constant, range, multiple_of, min_length, max_length, pattern, format};

 private:
  [[gnu::noinline]] static bool is_within(Report& report, const std::vector<Limit>& limits, const json::Number& number,
                                          const Location& location) {
    bool is_valid = true;
    for (const Limit& limit : limits) {
      if (limit.allows(number)) continue;
      is_valid =
          report.tell(location, limit.keyword(), [&] { return std::string(limit.demand()) + limit.bound.text(); });
    }
    return is_valid;
  }
};

template <class Report>
[[gnu::always_inline]] inline bool check_alone(Run& run, Report& report, const Check& check, const json::Value& value,
                                               const typename Report::Location& location) {
  return LeafChecks<Report>::kByOp[static_cast<std::size_t>(check.op)](run, report, check, value, location);
}

template <class Report>
bool tell_type(Report& report, const Node& node, const json::Value& value, const typename Report::Location& location) {
  return report.tell(location, "type",
                     [&] { return fmt::format("must be {}, is {}", type_names(node.types), value.kind()); });
}

// A node that has only such checks.
template <class Report>
[[gnu::always_inline]] inline bool leaf(Run& run, Report& report, const Node& node, const json::Value& value,
                                        const typename Report::Location& location) {
  run.budget.spend(1);  // the checks are few: each keyword at most once
  bool is_valid = is_of(value, node.types) || tell_type(report, node, value, location);
  const Check* check = run.program.checks.data() + node.first;
  for (const Check* const end = check + node.count;
       check != end && (is_valid || !(report.is_full() || run.is_stopped())); ++check) {
    if (!check_alone(run, report, *check, value, location)) is_valid = false;
  }
  return is_valid;
}

}  // namespace pipeline::schema
