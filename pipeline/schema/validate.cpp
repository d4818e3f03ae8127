// Runs a Program against a value.

#include <fmt/core.h>

#include <algorithm>

#include "base/text.hpp"
#include "json/write.hpp"
#include "pipeline/schema/program.hpp"
#include "pipeline/schema/schema.hpp"
#include "pipeline/schema/values.hpp"

namespace pipeline::schema {

namespace {

// Deeper than any parsed value (json::ParseLimits), so only a schema that refers to itself in a circle gets here.
constexpr int kDepthMax = 512;
// Checks a single value may take; a schema whose alternatives multiply ends there instead of taking minutes.
constexpr std::uint64_t kStepsMax = 2'000'000;

class Validator {
 public:
  // Without a sink only the verdict counts, and the first violation ends the work.
  Validator(const Program& program, std::vector<Violation>* sink, std::size_t violations_max)
      : program_(program), sink_(sink), violations_max_(violations_max) {}

  bool run(const json::Value& value) {
    const Location root;
    return node(0, value, root, nullptr);
  }

 private:
  bool node(NodeIndex index, const json::Value& value, const Location& location, Evaluated* outer) {
    if (depth_ >= kDepthMax) return refuse(location, "$ref", "the schema refers to itself in a circle");
    const Node& node = program_.nodes[index];
    const bool enters_resource = scope_.empty() || scope_.back() != node.resource;
    if (enters_resource) scope_.push_back(node.resource);
    ++depth_;
    Evaluated own;
    Evaluated* const evaluated = outer || node.reads_evaluated ? &own : nullptr;
    bool is_valid = true;
    for (std::uint32_t i = node.first; i < node.first + node.count; ++i) {
      if (++steps_ > kStepsMax) {
        is_valid = refuse(location, "$schema", "the schema takes too many steps for this value");
        break;
      }
      if (!check(program_.checks[i], value, location, evaluated)) {
        is_valid = false;
        if (is_done()) break;
      }
    }
    if (is_valid && outer) outer->merge(own);
    --depth_;
    if (enters_resource) scope_.pop_back();
    return is_valid;
  }

  bool is_done() const { return !sink_ || sink_->size() >= violations_max_ || steps_ > kStepsMax; }

  template <class Message>
  bool refuse_lazily(const Location& location, std::string_view keyword, const Message& message) {
    if (sink_ && sink_->size() < violations_max_) {
      Violation violation{.path = {}, .keyword = std::string(keyword), .message = message()};
      append_pointer(violation.path, &location);
      sink_->push_back(std::move(violation));
    }
    return false;
  }
  bool refuse(const Location& location, std::string_view keyword, std::string_view message) {
    return refuse_lazily(location, keyword, [&] { return std::string(message); });
  }

  // The verdict alone: what it finds is not told.
  bool holds(NodeIndex index, const json::Value& value, const Location& location, Evaluated* evaluated) {
    std::vector<Violation>* const sink = std::exchange(sink_, nullptr);
    const bool is_valid = node(index, value, location, evaluated);
    sink_ = sink;
    return is_valid;
  }

  bool check(const Check& check, const json::Value& value, const Location& location, Evaluated* evaluated) {
    switch (check.op) {
      case Op::never:
        return refuse(location, "false", "is not allowed here");
      case Op::type:
        if (type_of(value) & check.a) return true;
        return refuse_lazily(location, "type",
                             [&] { return fmt::format("must be {}, is {}", type_names(check.a), value.kind()); });
      case Op::one_of_values:
        return check_enum(check, value, location);
      case Op::constant:
        if (program_.values[check.a] == value) return true;
        return refuse_lazily(location, "const",
                             [&] { return "must be " + shorten(json::write(program_.values[check.a])); });
      case Op::minimum:
      case Op::maximum:
      case Op::exclusive_minimum:
      case Op::exclusive_maximum:
      case Op::multiple_of:
        return !value.is_number() || check_number(check, value.as_number(), location);
      case Op::min_length:
      case Op::max_length:
      case Op::pattern:
      case Op::format:
        return !value.is_string() || check_string(check, value.as_string(), location);
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
    }
    return true;
  }

  static std::string shorten(std::string text) {
    constexpr std::size_t kLengthMax = 100;
    if (text.size() <= kLengthMax) return text;
    std::size_t end = kLengthMax;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    return text.substr(0, end) + "…";
  }

  bool check_enum(const Check& check, const json::Value& value, const Location& location) {
    const auto& list = program_.lists[check.a];
    if (std::find(list.begin(), list.end(), value) != list.end()) return true;
    return refuse_lazily(location, "enum", [&] {
      std::string out = "must be one of ";
      for (std::size_t i = 0; i < list.size() && out.size() < 200; ++i) out += (i ? ", " : "") + json::write(list[i]);
      return shorten(std::move(out));
    });
  }

  bool check_number(const Check& check, const json::Number& number, const Location& location) {
    if (check.op == Op::multiple_of) {
      const Divisor& divisor = program_.divisors[check.a];
      if (is_multiple_of(number, divisor)) return true;
      return refuse(location, "multipleOf", "must be a multiple of " + divisor.text);
    }
    const json::Number& bound = program_.numbers[check.a];
    const int order = compare(number, bound);
    switch (check.op) {
      case Op::minimum:
        return order >= 0 || refuse(location, "minimum", "must be at least " + bound.text());
      case Op::maximum:
        return order <= 0 || refuse(location, "maximum", "must be at most " + bound.text());
      case Op::exclusive_minimum:
        return order > 0 || refuse(location, "exclusiveMinimum", "must be more than " + bound.text());
      default:
        return order < 0 || refuse(location, "exclusiveMaximum", "must be less than " + bound.text());
    }
  }

  bool check_string(const Check& check, const std::string& text, const Location& location) {
    switch (check.op) {
      case Op::min_length:
        return base::count_code_points(text) >= check.count || refuse_lazily(location, "minLength", [&] {
                 return fmt::format("must be at least {} characters", check.count);
               });
      case Op::max_length:
        return text.size() <= check.count || base::count_code_points(text) <= check.count ||
               refuse_lazily(location, "maxLength",
                             [&] { return fmt::format("must be at most {} characters", check.count); });
      case Op::pattern:
        return program_.patterns[check.a].matches(text) || refuse_lazily(location, "pattern", [&] {
                 return "must match " + shorten(program_.patterns[check.a].text());
               });
      default: {
        const auto& [name, is_well_formed] = program_.formats[check.a];
        return is_well_formed(text) || refuse(location, "format", "must be a valid " + name);
      }
    }
  }

  bool check_array(const Check& check, const json::Array& items, const Location& location, Evaluated* evaluated) {
    switch (check.op) {
      case Op::min_items:
        return items.size() >= check.count || refuse_lazily(location, "minItems", [&] {
                 return fmt::format("must have at least {} items", check.count);
               });
      case Op::max_items:
        return items.size() <= check.count || refuse_lazily(location, "maxItems", [&] {
                 return fmt::format("must have at most {} items", check.count);
               });
      case Op::unique_items: {
        const auto equal = find_equal(items);
        if (!equal) return true;
        return refuse_lazily(location, "uniqueItems",
                             [&] { return fmt::format("items {} and {} are equal", equal->first, equal->second); });
      }
      case Op::items:
        return check_items(check, items, location, evaluated);
      case Op::contains:
        return check_contains(program_.contains[check.a], items, location, evaluated);
      default:
        break;  // unevaluated_items
    }
    bool is_valid = true;
    for (std::size_t i = 0; i < items.size() && (is_valid || !is_done()); ++i) {
      if (evaluated->has(i)) continue;
      const Location item{.parent = &location, .name = {}, .index = i, .is_index = true};
      if (!holds(check.a, items[i], item, nullptr))
        is_valid = refuse(item, "unevaluatedItems", "is not allowed by any rule");
    }
    if (is_valid) evaluated->mark_all(items.size());
    return is_valid;
  }

  bool check_items(const Check& check, const json::Array& items, const Location& location, Evaluated* evaluated) {
    static const std::vector<NodeIndex> kNoFirst;
    const auto& first = check.a == kNone ? kNoFirst : program_.groups[check.a];
    bool is_valid = true;
    for (std::size_t i = 0; i < items.size() && (is_valid || !is_done()); ++i) {
      const NodeIndex index = i < first.size() ? first[i] : check.b;
      if (index == kNone) break;
      const Location item{.parent = &location, .name = {}, .index = i, .is_index = true};
      if (!node(index, items[i], item, nullptr)) is_valid = false;
      if (evaluated) evaluated->mark(i, items.size());
    }
    return is_valid;
  }

  bool check_contains(const ContainsTable& table, const json::Array& items, const Location& location,
                      Evaluated* evaluated) {
    std::uint64_t count = 0;
    for (std::size_t i = 0; i < items.size(); ++i) {
      const Location item{.parent = &location, .name = {}, .index = i, .is_index = true};
      if (!holds(table.node, items[i], item, nullptr)) continue;
      ++count;
      if (evaluated && table.marks_evaluated) evaluated->mark(i, items.size());
    }
    if (count < table.at_least) {
      return refuse_lazily(location, "contains", [&] {
        return fmt::format("must contain at least {} items of a kind, has {}", table.at_least, count);
      });
    }
    return count <= table.at_most || refuse_lazily(location, "maxContains", [&] {
             return fmt::format("must contain at most {} items of a kind, has {}", table.at_most, count);
           });
  }

  bool check_object(const Check& check, const json::Value& value, const Location& location, Evaluated* evaluated) {
    const json::Object& object = value.as_object();
    switch (check.op) {
      case Op::min_properties:
        return object.size() >= check.count || refuse_lazily(location, "minProperties", [&] {
                 return fmt::format("must have at least {} members", check.count);
               });
      case Op::max_properties:
        return object.size() <= check.count || refuse_lazily(location, "maxProperties", [&] {
                 return fmt::format("must have at most {} members", check.count);
               });
      case Op::required:
        return check_required(program_.names[check.a], object, location, "required", "");
      case Op::properties:
        return check_properties(program_.properties[check.a], object, location, evaluated);
      case Op::property_names:
        return check_property_names(check.a, object, location);
      case Op::dependent_required: {
        bool is_valid = true;
        for (const auto& [name, names] : program_.dependents_required[check.a]) {
          if (object.contains(name))
            is_valid = check_required(names, object, location, "dependentRequired", name) && is_valid;
        }
        return is_valid;
      }
      case Op::dependent_schemas: {
        bool is_valid = true;
        for (const auto& [name, index] : program_.dependents_schemas[check.a]) {
          if (object.contains(name)) is_valid = node(index, value, location, evaluated) && is_valid;
        }
        return is_valid;
      }
      default:
        return check_unevaluated_properties(check.a, object, location, evaluated);
    }
  }

  bool check_required(const std::vector<std::string>& names, const json::Object& object, const Location& location,
                      std::string_view keyword, std::string_view because) {
    bool is_valid = true;
    for (const std::string& name : names) {
      if (object.contains(name)) continue;
      is_valid = refuse_lazily(location, keyword, [&] {
        return because.empty() ? fmt::format("must have the member \"{}\"", name)
                               : fmt::format("must have the member \"{}\", since it has \"{}\"", name, because);
      });
      if (is_done()) break;
    }
    return is_valid;
  }

  bool check_properties(const PropertyTable& table, const json::Object& object, const Location& location,
                        Evaluated* evaluated) {
    bool is_valid = true;
    std::size_t index = 0;
    for (const auto& [name, member] : object) {
      const std::size_t at = index++;
      const Location place{.parent = &location, .name = name};
      bool is_known = false;
      if (const auto named = table.named.find(name); named != table.named.end()) {
        is_known = true;
        if (!node(named->second, member, place, nullptr)) is_valid = false;
      }
      for (const auto& [pattern, schema] : table.patterns) {
        if (!program_.patterns[pattern].matches(name)) continue;
        is_known = true;
        if (!node(schema, member, place, nullptr)) is_valid = false;
      }
      if (!is_known && table.additional != kNone) {
        is_known = true;
        if (!check_additional(table.additional, member, place)) is_valid = false;
      }
      if (is_known && evaluated) evaluated->mark(at, object.size());
      if (!is_valid && is_done()) return false;
    }
    return is_valid;
  }

  bool check_additional(NodeIndex index, const json::Value& member, const Location& place) {
    const Node& schema = program_.nodes[index];
    if (schema.count == 1 && program_.checks[schema.first].op == Op::never) {
      return refuse(place, "additionalProperties", "is not a known member");
    }
    return node(index, member, place, nullptr);
  }

  bool check_property_names(NodeIndex index, const json::Object& object, const Location& location) {
    bool is_valid = true;
    for (const auto& [name, member] : object) {
      const Location place{.parent = &location, .name = name};
      if (!holds(index, json::Value(name), place, nullptr))
        is_valid = refuse(place, "propertyNames", "is not an allowed name");
      if (!is_valid && is_done()) break;
    }
    return is_valid;
  }

  bool check_unevaluated_properties(NodeIndex index, const json::Object& object, const Location& location,
                                    Evaluated* evaluated) {
    bool is_valid = true;
    std::size_t at = 0;
    for (const auto& [name, member] : object) {
      const bool was_evaluated = evaluated->has(at++);
      if (was_evaluated) continue;
      const Location place{.parent = &location, .name = name};
      if (!holds(index, member, place, nullptr))
        is_valid = refuse(place, "unevaluatedProperties", "is not allowed by any rule");
      if (!is_valid && is_done()) return false;
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
               refuse(location, "not", "must not be what the schema excludes");
      case Op::conditional: {
        const ConditionalTable& table = program_.conditionals[check.a];
        const NodeIndex branch = holds(table.condition, value, location, evaluated) ? table.then : table.otherwise;
        return branch == kNone || node(branch, value, location, evaluated);
      }
      case Op::dynamic_reference:
        return node(find_dynamic(check), value, location, evaluated);
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
    if (group.size() == 1) return node(group[0], value, location, nullptr);
    return refuse_lazily(location, "anyOf",
                         [&] { return fmt::format("must match one of {} alternatives", group.size()); });
  }

  bool check_one_of(const std::vector<NodeIndex>& group, const json::Value& value, const Location& location,
                    Evaluated* evaluated) {
    std::size_t count = 0;
    for (const NodeIndex index : group) {
      if (holds(index, value, location, evaluated)) ++count;
      if (count > 1) break;
    }
    if (count == 1) return true;
    return refuse_lazily(location, "oneOf", [&] {
      return fmt::format("must match exactly one of {} alternatives, matches {}", group.size(),
                         count == 0 ? "none" : "more");
    });
  }

  // The outermost resource on the way here that has the anchor.
  NodeIndex find_dynamic(const Check& check) const {
    const std::string& name = program_.dynamic_names[check.b];
    for (const std::uint32_t resource : scope_) {
      const auto anchor = program_.dynamic_anchors.find({resource, name});
      if (anchor != program_.dynamic_anchors.end()) return anchor->second;
    }
    return check.a;
  }

  const Program& program_;
  std::vector<Violation>* sink_;
  const std::size_t violations_max_;
  std::vector<std::uint32_t> scope_;  // the resources that were entered, outermost first
  int depth_ = 0;
  std::uint64_t steps_ = 0;
};

}  // namespace

std::vector<Violation> Schema::validate(const json::Value& value, std::size_t violations_max) const {
  std::vector<Violation> violations;
  Validator(*program_, &violations, violations_max).run(value);
  return violations;
}

bool Schema::is_valid(const json::Value& value) const {
  return Validator(*program_, nullptr, 0).run(value);
}

}  // namespace pipeline::schema
