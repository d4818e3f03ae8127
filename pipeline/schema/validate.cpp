// Runs a Program against a value: first for the verdict alone, which is what most events need, and once more for the
// reasons where it is bad.

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <span>

#include "pipeline/schema/leaf.hpp"
#include "pipeline/schema/run.hpp"

namespace pipeline::schema {

namespace {

// A function for each check that looks inside the value or at other nodes; true where the value isn't of the kind that
// it is about. `evaluated` is where it notes what it looked at, where some node asks for that.
template <class Report>
class Validator : LeafValidator<Report> {
  using Base = LeafValidator<Report>;

 public:
  using At = typename Report::At;

  using Base::Base;

  [[gnu::always_inline]] bool node(NodeIndex index, const json::Value& value, At location, Evaluated* outer) {
    const Node& node = program_.nodes[index];
    return node.is_leaf ? this->leaf(node, value, location) : branch(node, value, location, outer);
  }

 private:
  using Base::is_done;
  using Base::matches;
  using Base::program_;
  using Base::report_;
  using Base::run_;
  using Base::tell_type;

  [[gnu::noinline]] bool branch(const Node& node, const json::Value& value, At location, Evaluated* outer) {
    run_.budget.spend(1 + node.count);
    if (run_.depth >= kDepthMax) run_.is_too_deep = true;
    if (run_.is_stopped()) return false;
    ++run_.depth;
    const bool enters_resource =
        !program_.dynamic_names.empty() && (run_.scope.empty() || run_.scope.back() != node.resource);
    if (enters_resource) run_.scope.push_back(node.resource);
    const bool is_valid = outer || node.reads_evaluated ? noting_checks(node, value, location, outer)
                                                        : checks(node, value, location, nullptr);
    if (enters_resource) run_.scope.pop_back();
    --run_.depth;
    return is_valid;
  }

  [[gnu::noinline]] bool noting_checks(const Node& node, const json::Value& value, At location, Evaluated* outer) {
    Evaluated evaluated;
    const bool is_valid = checks(node, value, location, &evaluated);
    if (is_valid && outer) {
      run_.budget.spend(evaluated.marks.size() / 16);
      outer->merge(evaluated);
    }
    return is_valid;
  }

  [[gnu::always_inline]] bool checks(const Node& node, const json::Value& value, At location, Evaluated* evaluated) {
    bool is_valid = true;
    if (!is_of(value, node.types)) {
      is_valid = tell_type(node, value, location);
      if (is_done()) return false;
    }
    const Check* check = program_.checks.data() + node.first;
    for (const Check* const end = check + node.count; check != end; ++check) {
      const auto op = static_cast<std::size_t>(check->op);
      if (op < kLeafOps ? this->check_leaf(*check, value, location)
                        : kByOp[op - kLeafOps](*this, *check, value, location, evaluated))
        continue;
      is_valid = false;
      if (is_done()) return false;
    }
    return is_valid;
  }

  // The verdict alone: what it finds is not told.
  bool holds(NodeIndex index, const json::Value& value, At location, Evaluated* evaluated) {
    if constexpr (Report::kExplains) {
      Verdict verdict(run_);
      return Validator<Verdict>(run_, verdict).node(index, value, {}, evaluated);
    } else {
      return node(index, value, location, evaluated);
    }
  }

  bool min_items(const Check& check, const json::Value& value, At location, Evaluated*) {
    return !value.is_array() || value.as_array().size() >= check.b ||
           report_.tell(location, "minItems", [&] { return fmt::format("must have at least {} items", check.b); });
  }

  bool max_items(const Check& check, const json::Value& value, At location, Evaluated*) {
    return !value.is_array() || value.as_array().size() <= check.b ||
           report_.tell(location, "maxItems", [&] { return fmt::format("must have at most {} items", check.b); });
  }

  bool unique_items(const Check&, const json::Value& value, At location, Evaluated*) {
    if (!value.is_array()) return true;
    const auto equal = find_equal(value.as_array(), run_.budget);
    return !equal || report_.tell(location, "uniqueItems", [&] {
      return fmt::format("items {} and {} are equal", equal->first, equal->second);
    });
  }

  bool items(const Check& check, const json::Value& value, At location, Evaluated* evaluated) {
    if (!value.is_array()) return true;
    const json::Array& items = value.as_array();
    const std::span<const NodeIndex> first = check.a == kNone ? std::span<const NodeIndex>() : program_.groups[check.a];
    const auto rest = static_cast<NodeIndex>(check.b);
    bool is_valid = true;
    for (std::size_t i = 0; i < items.size(); ++i) {
      const NodeIndex index = i < first.size() ? first[i] : rest;
      if (index == kNone) break;
      if (evaluated) evaluated->mark(i, items.size());
      if (node(index, items[i], Report::item_of(location, i), nullptr)) continue;
      is_valid = false;
      if (is_done()) break;
    }
    return is_valid;
  }

  bool contains(const Check& check, const json::Value& value, At location, Evaluated* evaluated) {
    if (!value.is_array()) return true;
    const ContainsTable& table = program_.contains[check.a];
    const json::Array& items = value.as_array();
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

  bool min_properties(const Check& check, const json::Value& value, At location, Evaluated*) {
    return !value.is_object() || value.as_object().size() >= check.b || report_.tell(location, "minProperties", [&] {
      return fmt::format("must have at least {} members", check.b);
    });
  }

  bool max_properties(const Check& check, const json::Value& value, At location, Evaluated*) {
    return !value.is_object() || value.as_object().size() <= check.b || report_.tell(location, "maxProperties", [&] {
      return fmt::format("must have at most {} members", check.b);
    });
  }

  bool required(const Check& check, const json::Value& value, At location, Evaluated*) {
    if (!value.is_object()) return true;
    Members members(value.as_object());
    return has_all(program_.names[check.a], members, location, "required", "");
  }

  bool has_all(const std::vector<std::string>& names, Members& members, At location, std::string_view keyword,
               std::string_view because) {
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

  bool properties(const Check& check, const json::Value& value, At location, Evaluated* evaluated) {
    if (!value.is_object()) return true;
    const PropertyTable& table = program_.properties[check.a];
    const json::Object& object = value.as_object();
    if (!Report::kExplains && table.patterns.empty() && !evaluated) return members_hold(table, object, location);
    bool is_valid = true;
    if (Report::kExplains && !table.required.empty()) {
      Members members(object);
      is_valid = has_all(table.required, members, location, "required", "");
      if (!is_valid && is_done()) return false;
    }
    std::uint64_t seen = 0;
    std::size_t at = 0;
    NameTable::Walk names(table.names);
    for (const auto& [name, member] : object) {
      run_.budget.spend(1 + table.patterns.size());
      if (run_.is_stopped()) return false;
      const auto place = Report::member_of(location, name);
      bool is_known = false;
      if (const std::uint32_t slot = names.find(name); slot != NameTable::kAbsent) {
        const Property& property = table.named[slot];
        seen |= property.bit;
        if (property.node != kNone) {
          is_known = true;
          if (!node(property.node, member, place, nullptr)) is_valid = false;
        }
      }
      for (const auto& [pattern, index] : table.patterns) {
        if (!matches(program_.patterns[pattern], name)) continue;
        is_known = true;
        if (!node(index, member, place, nullptr)) is_valid = false;
      }
      if (!is_known && table.additional != kNone) {
        is_known = true;
        if (!additional_holds(table.additional, member, place)) is_valid = false;
      }
      if (is_known && evaluated) evaluated->mark(at, object.size());
      if (!is_valid && is_done()) return false;
      ++at;
    }
    return is_valid && seen == table.required_bits;
  }

  // The verdict on members that are known by their names or not at all, which is what most events ask.
  bool members_hold(const PropertyTable& table, const json::Object& object, At location) {
    run_.budget.spend(object.size());
    std::uint64_t seen = 0;
    NameTable::Walk names(table.names);
    for (const auto& [name, member] : object) {
      NodeIndex index = kNone;
      if (const std::uint32_t slot = names.find(name); slot != NameTable::kAbsent) [[likely]] {
        const Property& property = table.named[slot];
        seen |= property.bit;
        if (property.text_check && member.is_string()) {
          if (!this->check_leaf(*property.text_check, member, location)) return false;
          continue;
        }
        index = property.node;
      }
      if (index == kNone) [[unlikely]] {
        index = table.additional;
        if (index == kNone) continue;
      }
      if (!node(index, member, location, nullptr)) return false;
    }
    return seen == table.required_bits;
  }

  bool additional_holds(NodeIndex index, const json::Value& member, At place) {
    const Node& schema = program_.nodes[index];
    if (schema.count == 1 && program_.checks[schema.first].op == Op::never)
      return report_.tell(place, "additionalProperties", [] { return "is not a known member"; });
    return node(index, member, place, nullptr);
  }

  bool property_names(const Check& check, const json::Value& value, At location, Evaluated*) {
    if (!value.is_object()) return true;
    bool is_valid = true;
    json::Value name_value("");
    for (const auto& [name, member] : value.as_object()) {
      name_value.as_string() = name;
      if (holds(check.a, name_value, location, nullptr)) continue;
      is_valid =
          report_.tell(Report::member_of(location, name), "propertyNames", [] { return "is not an allowed name"; });
      if (is_done()) break;
    }
    return is_valid;
  }

  bool dependent_required(const Check& check, const json::Value& value, At location, Evaluated*) {
    if (!value.is_object()) return true;
    bool is_valid = true;
    Members members(value.as_object());
    for (const auto& [name, names] : program_.dependents_required[check.a]) {
      run_.budget.spend(1);
      if (members.has(name)) is_valid = has_all(names, members, location, "dependentRequired", name) && is_valid;
    }
    return is_valid;
  }

  bool dependent_schemas(const Check& check, const json::Value& value, At location, Evaluated* evaluated) {
    if (!value.is_object()) return true;
    bool is_valid = true;
    Members members(value.as_object());
    for (const auto& [name, index] : program_.dependents_schemas[check.a]) {
      run_.budget.spend(1);
      if (members.has(name)) is_valid = node(index, value, location, evaluated) && is_valid;
    }
    return is_valid;
  }

  bool all_of(const Check& check, const json::Value& value, At location, Evaluated* evaluated) {
    bool is_valid = true;
    for (const NodeIndex index : program_.groups[check.a]) {
      if (node(index, value, location, evaluated)) continue;
      is_valid = false;
      if (is_done()) break;
    }
    return is_valid;
  }

  bool any_of(const Check& check, const json::Value& value, At location, Evaluated* evaluated) {
    const std::vector<NodeIndex>& group = program_.groups[check.a];
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

  bool one_of(const Check& check, const json::Value& value, At location, Evaluated* evaluated) {
    const std::vector<NodeIndex>& group = program_.groups[check.a];
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

  bool negation(const Check& check, const json::Value& value, At location, Evaluated*) {
    return !holds(check.a, value, location, nullptr) ||
           report_.tell(location, "not", [] { return "must not be what the schema excludes"; });
  }

  bool conditional(const Check& check, const json::Value& value, At location, Evaluated* evaluated) {
    const ConditionalTable& table = program_.conditionals[check.a];
    const NodeIndex branch = holds(table.condition, value, location, evaluated) ? table.then : table.otherwise;
    return branch == kNone || node(branch, value, location, evaluated);
  }

  bool reference(const Check& check, const json::Value& value, At location, Evaluated* evaluated) {
    return node(check.a, value, location, evaluated);
  }

  bool dynamic_reference(const Check& check, const json::Value& value, At location, Evaluated* evaluated) {
    return node(run_.target_of(check), value, location, evaluated);
  }

  bool unevaluated_items(const Check& check, const json::Value& value, At location, Evaluated* evaluated) {
    if (!value.is_array()) return true;
    const json::Array& items = value.as_array();
    bool is_valid = true;
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (evaluated->has(i) || holds(check.a, items[i], location, nullptr)) continue;
      is_valid =
          report_.tell(Report::item_of(location, i), "unevaluatedItems", [] { return "is not allowed by any rule"; });
      if (is_done()) return false;
    }
    if (is_valid) evaluated->mark_all(items.size());
    return is_valid;
  }

  bool unevaluated_properties(const Check& check, const json::Value& value, At location, Evaluated* evaluated) {
    if (!value.is_object()) return true;
    const json::Object& object = value.as_object();
    bool is_valid = true;
    for (std::size_t at = 0; const auto& [name, member] : object) {
      if (evaluated->has(at++) || holds(check.a, member, location, nullptr)) continue;
      is_valid = report_.tell(Report::member_of(location, name), "unevaluatedProperties",
                              [] { return "is not allowed by any rule"; });
      if (is_done()) return false;
    }
    if (is_valid) evaluated->mark_all(object.size());
    return is_valid;
  }

  using Holds = bool (*)(Validator&, const Check&, const json::Value&, At, Evaluated*);
  template <auto kCheck>
  static bool call(Validator& validator, const Check& check, const json::Value& value, At location,
                   Evaluated* evaluated) {
    return (validator.*kCheck)(check, value, location, evaluated);
  }

  // In the order of Op.
  static constexpr std::array<Holds, kOps - kLeafOps> kByOp = {call<&Validator::min_items>,
                                                               call<&Validator::max_items>,
                                                               call<&Validator::unique_items>,
                                                               call<&Validator::items>,
                                                               call<&Validator::contains>,
                                                               call<&Validator::min_properties>,
                                                               call<&Validator::max_properties>,
                                                               call<&Validator::required>,
                                                               call<&Validator::properties>,
                                                               call<&Validator::property_names>,
                                                               call<&Validator::dependent_required>,
                                                               call<&Validator::dependent_schemas>,
                                                               call<&Validator::all_of>,
                                                               call<&Validator::any_of>,
                                                               call<&Validator::one_of>,
                                                               call<&Validator::negation>,
                                                               call<&Validator::conditional>,
                                                               call<&Validator::reference>,
                                                               call<&Validator::dynamic_reference>,
                                                               call<&Validator::unevaluated_items>,
                                                               call<&Validator::unevaluated_properties>};
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
