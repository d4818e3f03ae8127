// Runs a Program against a value: first for the verdict alone, which is what most events need, and once more for the
// reasons where it is bad.

#include <fmt/core.h>

#include <algorithm>

#include "base/text.hpp"
#include "json/write.hpp"
#include "pipeline/schema/leaf.hpp"
#include "pipeline/schema/run.hpp"

namespace pipeline::schema {

namespace {

template <class Report>
class Validator {
 public:
  using Location = typename Report::Location;

  Validator(Run& run, Report& report) : run_(run), program_(run.program), report_(report) {}

  [[gnu::always_inline]] bool node(NodeIndex index, const json::Value& value, const Location& location,
                                   Evaluated* outer) {
    const Node& node = program_.nodes[index];
    return node.is_leaf ? leaf(run_, report_, node, value, location) : branch(node, value, location, outer);
  }

 private:
  [[gnu::noinline]] bool branch(const Node& node, const json::Value& value, const Location& location,
                                Evaluated* outer) {
    run_.budget.spend(1 + node.count);
    if (run_.depth >= kDepthMax) run_.is_too_deep = true;
    if (run_.is_stopped()) return false;
    ++run_.depth;
    const bool enters_resource =
        !program_.dynamic_names.empty() && (run_.scope.empty() || run_.scope.back() != node.resource);
    if (enters_resource) run_.scope.push_back(node.resource);
    Evaluated own;
    Evaluated* const evaluated = outer || node.reads_evaluated ? &own : nullptr;
    bool is_valid = is_of(value, node.types) || tell_type(report_, node, value, location);
    const Check* check = program_.checks.data() + node.first;
    for (const Check* const end = check + node.count; check != end && (is_valid || !is_done()); ++check) {
      if (!this->check(*check, value, location, evaluated)) is_valid = false;
    }
    if (is_valid && outer) {
      run_.budget.spend(own.marks.size() / 16);
      outer->merge(own);
    }
    if (enters_resource) run_.scope.pop_back();
    --run_.depth;
    return is_valid;
  }

  bool is_done() const { return report_.is_full() || run_.is_stopped(); }

  // The verdict alone: what it finds is not told.
  bool holds(NodeIndex index, const json::Value& value, const Location& location, Evaluated* evaluated) {
    if constexpr (Report::kExplains) {
      Verdict verdict(run_);
      return Validator<Verdict>(run_, verdict).node(index, value, {}, evaluated);
    } else {
      return node(index, value, location, evaluated);
    }
  }

  bool check(const Check& check, const json::Value& value, const Location& location, Evaluated* evaluated) {
    if (check.op <= kLastOfLeaves) return check_alone(run_, report_, check, value, location);
    switch (check.op) {
      case Op::min_items:
      case Op::max_items:
      case Op::unique_items:
      case Op::items:
      case Op::contains:
      case Op::unevaluated_items:
        return !value.is_array() || check_array(check, value.as_array(), location, evaluated);
      case Op::min_properties:
      case Op::max_properties:
      case Op::required:
      case Op::properties:
      case Op::property_names:
      case Op::dependent_required:
      case Op::dependent_schemas:
      case Op::unevaluated_properties:
        return !value.is_object() || check_object(check, value, location, evaluated);
      case Op::all_of:
      case Op::any_of:
      case Op::one_of:
      case Op::negation:
      case Op::conditional:
      case Op::reference:
      case Op::dynamic_reference:
        return check_logic(check, value, location, evaluated);
      default:
        return true;
    }
  }

  bool check_array(const Check& check, const json::Array& items, const Location& location, Evaluated* evaluated) {
    switch (check.op) {
      case Op::min_items:
        return items.size() >= check.count || report_.tell(location, "minItems", [&] {
          return fmt::format("must have at least {} items", check.count);
        });
      case Op::max_items:
        return items.size() <= check.count || report_.tell(location, "maxItems", [&] {
          return fmt::format("must have at most {} items", check.count);
        });
      case Op::unique_items: {
        const auto equal = find_equal(items, run_.budget);
        return !equal || report_.tell(location, "uniqueItems", [&] {
          return fmt::format("items {} and {} are equal", equal->first, equal->second);
        });
      }
      case Op::items:
        return check_items(check, items, location, evaluated);
      case Op::contains:
        return check_contains(program_.contains[check.a], items, location, evaluated);
      default:
        return check_unevaluated_items(check.a, items, location, evaluated);
    }
  }

  bool check_items(const Check& check, const json::Array& items, const Location& location, Evaluated* evaluated) {
    static const std::vector<NodeIndex> kNoFirst;
    const auto& first = check.a == kNone ? kNoFirst : program_.groups[check.a];
    bool is_valid = true;
    for (std::size_t i = 0; i < items.size() && (is_valid || !is_done()); ++i) {
      const NodeIndex index = i < first.size() ? first[i] : check.b;
      if (index == kNone) break;
      if (!node(index, items[i], Report::item_of(location, i), nullptr)) is_valid = false;
      if (evaluated) evaluated->mark(i, items.size());
    }
    return is_valid;
  }

  bool check_contains(const ContainsTable& table, const json::Array& items, const Location& location,
                      Evaluated* evaluated) {
    std::uint64_t count = 0;
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (!holds(table.node, items[i], location, nullptr)) continue;
      ++count;
      if (evaluated && table.marks_evaluated) evaluated->mark(i, items.size());
    }
    if (count < table.at_least) {
      return report_.tell(location, "contains", [&] {
        return fmt::format("must contain at least {} items of a kind, has {}", table.at_least, count);
      });
    }
    return count <= table.at_most || report_.tell(location, "maxContains", [&] {
      return fmt::format("must contain at most {} items of a kind, has {}", table.at_most, count);
    });
  }

  bool check_unevaluated_items(NodeIndex index, const json::Array& items, const Location& location,
                               Evaluated* evaluated) {
    bool is_valid = true;
    for (std::size_t i = 0; i < items.size() && (is_valid || !is_done()); ++i) {
      if (evaluated->has(i) || holds(index, items[i], location, nullptr)) continue;
      is_valid =
          report_.tell(Report::item_of(location, i), "unevaluatedItems", [] { return "is not allowed by any rule"; });
    }
    if (is_valid) evaluated->mark_all(items.size());
    return is_valid;
  }

  bool check_object(const Check& check, const json::Value& value, const Location& location, Evaluated* evaluated) {
    const json::Object& object = value.as_object();
    switch (check.op) {
      case Op::min_properties:
        return object.size() >= check.count || report_.tell(location, "minProperties", [&] {
          return fmt::format("must have at least {} members", check.count);
        });
      case Op::max_properties:
        return object.size() <= check.count || report_.tell(location, "maxProperties", [&] {
          return fmt::format("must have at most {} members", check.count);
        });
      case Op::required: {
        if (!Report::kExplains && check.b == 1) return true;
        Members members(object);
        return check_required(program_.names[check.a], members, location, "required", "");
      }
      case Op::properties:
        return check_properties(program_.properties[check.a], object, location, evaluated);
      case Op::property_names:
        return check_property_names(check.a, object, location);
      case Op::dependent_required: {
        bool is_valid = true;
        Members members(object);
        for (const auto& [name, names] : program_.dependents_required[check.a]) {
          run_.budget.spend(1);
          if (members.has(name))
            is_valid = check_required(names, members, location, "dependentRequired", name) && is_valid;
        }
        return is_valid;
      }
      case Op::dependent_schemas: {
        bool is_valid = true;
        Members members(object);
        for (const auto& [name, index] : program_.dependents_schemas[check.a]) {
          run_.budget.spend(1);
          if (members.has(name)) is_valid = node(index, value, location, evaluated) && is_valid;
        }
        return is_valid;
      }
      default:
        return check_unevaluated_properties(check.a, object, location, evaluated);
    }
  }

  bool check_required(const std::vector<std::string>& names, Members& members, const Location& location,
                      std::string_view keyword, std::string_view because) {
    bool is_valid = true;
    run_.budget.spend(names.size());
    for (const std::string& name : names) {
      if (members.has(name)) continue;
      is_valid = report_.tell(location, keyword, [&] {
        return because.empty() ? fmt::format("must have the member \"{}\"", name)
                               : fmt::format("must have the member \"{}\", since it has \"{}\"", name, because);
      });
      if (is_done()) break;
    }
    return is_valid;
  }

  bool check_properties(const PropertyTable& table, const json::Object& object, const Location& location,
                        Evaluated* evaluated) {
    if (!Report::kExplains && table.patterns.empty() && !evaluated) return members_hold(table, object, location);
    bool is_valid = true;
    std::uint64_t seen = 0;
    std::size_t at = 0;
    NameTable::Walk names(table.names);
    for (const auto& [name, member] : object) {
      const auto place = Report::member_of(location, name);
      bool is_known = false;
      if (const std::uint32_t slot = names.find(name); slot != NameTable::kAbsent) {
        seen |= std::uint64_t{slot < 64} << (slot % 64);
        if (const NodeIndex index = table.named[slot]; index != kNone) {
          is_known = true;
          if (!node(index, member, place, nullptr)) is_valid = false;
        }
      }
      for (const auto& [pattern, index] : table.patterns) {
        if (!matches(run_, program_.patterns[pattern], name)) continue;
        is_known = true;
        if (!node(index, member, place, nullptr)) is_valid = false;
      }
      if (!is_known && table.additional != kNone) {
        is_known = true;
        if (!check_additional(table.additional, member, place)) is_valid = false;
      }
      if (is_known && evaluated) evaluated->mark(at, object.size());
      if (!is_valid && is_done()) return false;
      ++at;
    }
    // The explanation comes from the keyword itself.
    return is_valid && (seen & table.required) == table.required;
  }

  // The verdict on members that are known by their names or not at all, which is what most events ask.
  bool members_hold(const PropertyTable& table, const json::Object& object, const Location& location) {
    std::uint64_t seen = 0;
    NameTable::Walk names(table.names);
    for (const auto& [name, member] : object) {
      NodeIndex index = table.additional;
      if (const std::uint32_t slot = names.find(name); slot != NameTable::kAbsent) {
        seen |= std::uint64_t{slot < 64} << (slot % 64);
        if (table.named[slot] != kNone) index = table.named[slot];
      }
      if (index != kNone && !node(index, member, location, nullptr)) return false;
    }
    return (seen & table.required) == table.required;
  }

  bool check_additional(NodeIndex index, const json::Value& member, const Location& place) {
    const Node& schema = program_.nodes[index];
    if (schema.count == 1 && program_.checks[schema.first].op == Op::never)
      return report_.tell(place, "additionalProperties", [] { return "is not a known member"; });
    return node(index, member, place, nullptr);
  }

  bool check_property_names(NodeIndex index, const json::Object& object, const Location& location) {
    bool is_valid = true;
    for (const auto& [name, member] : object) {
      run_.name.as_string() = name;
      if (!holds(index, run_.name, location, nullptr))
        is_valid =
            report_.tell(Report::member_of(location, name), "propertyNames", [] { return "is not an allowed name"; });
      if (!is_valid && is_done()) break;
    }
    return is_valid;
  }

  bool check_unevaluated_properties(NodeIndex index, const json::Object& object, const Location& location,
                                    Evaluated* evaluated) {
    bool is_valid = true;
    for (std::size_t at = 0; const auto& [name, member] : object) {
      if (evaluated->has(at++) || holds(index, member, location, nullptr)) continue;
      is_valid = report_.tell(Report::member_of(location, name), "unevaluatedProperties",
                              [] { return "is not allowed by any rule"; });
      if (is_done()) return false;
    }
    if (is_valid) evaluated->mark_all(object.size());
    return is_valid;
  }

  bool check_logic(const Check& check, const json::Value& value, const Location& location, Evaluated* evaluated) {
    switch (check.op) {
      case Op::all_of: {
        bool is_valid = true;
        for (const NodeIndex index : program_.groups[check.a]) {
          if (!node(index, value, location, evaluated)) is_valid = false;
          if (!is_valid && is_done()) break;
        }
        return is_valid;
      }
      case Op::any_of:
        return check_any_of(program_.groups[check.a], value, location, evaluated);
      case Op::one_of:
        return check_one_of(program_.groups[check.a], value, location, evaluated);
      case Op::negation:
        return !holds(check.a, value, location, nullptr) ||
               report_.tell(location, "not", [] { return "must not be what the schema excludes"; });
      case Op::conditional: {
        const ConditionalTable& table = program_.conditionals[check.a];
        const NodeIndex branch = holds(table.condition, value, location, evaluated) ? table.then : table.otherwise;
        return branch == kNone || node(branch, value, location, evaluated);
      }
      case Op::dynamic_reference:
        return node(run_.target_of(check), value, location, evaluated);
      default:
        return node(check.a, value, location, evaluated);
    }
  }

  bool check_any_of(const std::vector<NodeIndex>& group, const json::Value& value, const Location& location,
                    Evaluated* evaluated) {
    bool is_valid = false;
    for (const NodeIndex index : group) {
      if (holds(index, value, location, evaluated)) is_valid = true;
      if (is_valid && !evaluated) break;  // else the others' marks matter too
    }
    if (is_valid) return true;
    // Where there is only one candidate, what it found says more.
    if (Report::kExplains && group.size() == 1) return node(group[0], value, location, nullptr);
    return report_.tell(location, "anyOf",
                        [&] { return fmt::format("must match one of {} alternatives", group.size()); });
  }

  bool check_one_of(const std::vector<NodeIndex>& group, const json::Value& value, const Location& location,
                    Evaluated* evaluated) {
    std::size_t count = 0;
    for (const NodeIndex index : group) {
      if (holds(index, value, location, evaluated)) ++count;
      if (count > 1) break;
    }
    return count == 1 || report_.tell(location, "oneOf", [&] {
      return fmt::format("must match exactly one of {} alternatives, matches {}", group.size(),
                         count == 0 ? "none" : "more");
    });
  }

  Run& run_;
  const Program& program_;
  Report& report_;
};

}  // namespace

bool Schema::is_valid(const json::Value& value) const {
  Run run{.program = *program_};
  Verdict verdict(run);
  // What was cut short within a `not` may look valid.
  return Validator<Verdict>(run, verdict).node(0, value, {}, nullptr) && !run.is_stopped();
}

std::vector<Violation> Schema::validate(const json::Value& value, std::size_t violations_max) const {
  if (is_valid(value)) return {};
  Run run{.program = *program_};
  Explanation explanation(run, std::max<std::size_t>(1, violations_max));
  const Location root;
  Validator<Explanation>(run, explanation).node(0, value, root, nullptr);
  if (run.is_stopped()) {
    explanation.add(root, "$schema", [&] {
      return run.is_too_deep ? "the schema goes too deep into this value"
                             : "the schema takes too many steps for this value";
    });
  }
  return std::move(explanation).take();
}

}  // namespace pipeline::schema
