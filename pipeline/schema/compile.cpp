// A JSON Schema to a Program. Each schema object becomes a node once, however often it is referred to; a queue instead
// of recursion, so that chains of references can't exhaust the stack.

#include <fmt/core.h>

#include <algorithm>
#include <deque>
#include <set>
#include <unordered_map>

#include "pipeline/schema/circles.hpp"
#include "pipeline/schema/documents.hpp"
#include "pipeline/schema/program.hpp"
#include "pipeline/schema/schema.hpp"
#include "pipeline/schema/uri.hpp"

namespace pipeline::schema {

namespace {

struct Malformed {
  std::string message;
};

constexpr std::size_t kNodesMax = 100'000;
// Of all patterns together, in instructions of some tens of bytes.
constexpr std::uint64_t kPatternsSizeMax = 200'000;

// Throws Malformed within; compile() turns it into the answer.
class Compiler {
 public:
  Compiler(Documents& documents, Formats formats, Program& program)
      : documents_(documents), formats_(formats), program_(program) {}

  void run(const json::Value& root) {
    node_of(&root);
    drain();
    // Anchors bring in schemas that may refer dynamically again.
    for (std::size_t done = 0; done < program_.dynamic_names.size(); ++done) {
      for (const auto& [name, schema] : documents_.dynamic_anchors()) {
        if (name.second != program_.dynamic_names[done]) continue;
        program_.dynamic_anchors[{resource_of(name.first), name.second}] = node_of(schema);
      }
      drain();
    }
    note_text_checks();
  }

 private:
  NodeIndex node_of(const json::Value* schema) {
    if (!schema->is_object() && !schema->is_bool()) malformed("a schema must be an object or a boolean");
    const auto [at, is_new] = nodes_.emplace(schema, static_cast<NodeIndex>(program_.nodes.size()));
    if (is_new) {
      if (program_.nodes.size() >= kNodesMax) malformed(fmt::format("there are more than {} subschemas", kNodesMax));
      program_.nodes.emplace_back();
      queue_.push_back(schema);
    }
    return at->second;
  }

  void drain() {
    while (!queue_.empty()) {
      const json::Value* schema = queue_.front();
      queue_.pop_front();
      compile_node(schema, nodes_.at(schema));
    }
  }

  // Once all checks have their places.
  void note_text_checks() {
    for (PropertyTable& table : program_.properties) {
      for (Property& property : table.named) {
        if (property.node == kNone) continue;
        const Node& node = program_.nodes[property.node];
        if (node.is_leaf && node.count == 1 && (node.types & kString))
          property.text_check = &program_.checks[node.first];
      }
    }
  }

  std::uint32_t resource_of(const std::string& base) {
    return resources_.emplace(base, static_cast<std::uint32_t>(resources_.size())).first->second;
  }

  void compile_node(const json::Value* schema, NodeIndex index) {
    const auto first = static_cast<std::uint32_t>(program_.checks.size());
    if (schema->is_bool()) {
      if (!schema->as_bool()) emit(Op::never);
      finish_node(index, first, false);
      return;
    }
    object_ = &schema->as_object();
    place_ = &documents_.place_of(schema);
    program_.nodes[index].resource = resource_of(place_->base);
    if (place_->dialect.draft <= Draft::draft7 && object_->contains("$ref")) {
      compile_references();
      finish_node(index, first, false);
      return;
    }
    compile_any(program_.nodes[index]);
    compile_numbers();
    compile_strings();
    compile_arrays();
    compile_objects();
    compile_references();
    compile_logic();
    finish_node(index, first, compile_unevaluated());
  }

  void finish_node(NodeIndex index, std::uint32_t first, bool reads_evaluated) {
    program_.nodes[index].first = first;
    program_.nodes[index].count = static_cast<std::uint32_t>(program_.checks.size()) - first;
    program_.nodes[index].reads_evaluated = reads_evaluated;
    program_.nodes[index].is_leaf =
        std::all_of(program_.checks.begin() + first, program_.checks.end(),
                    [](const Check& check) { return static_cast<std::size_t>(check.op) < kLeafOps; });
  }

  // type, enum, const
  void compile_any(Node& node) {
    if (const json::Value* type = find_assertion("type")) {
      node.types = 0;
      if (type->is_array()) {
        for (const json::Value& one : type->as_array()) node.types |= type_bits(one);
      } else {
        node.types = type_bits(*type);
      }
    }
    if (const json::Value* list = find_assertion("enum")) {
      if (!list->is_array()) malformed("enum must be an array");
      emit(Op::one_of_values, add(program_.enums, enum_of(list->as_array())));
    }
    if (const json::Value* value = find_assertion("const")) emit(Op::constant, add(program_.values, *value));
  }

  static EnumTable enum_of(const json::Array& values) {
    EnumTable table{.values = values};
    std::set<std::string> strings;
    for (const json::Value& value : values) {
      if (value.is_string()) {
        strings.insert(value.as_string());
      } else {
        table.others.push_back(value);
      }
    }
    table.strings = NameTable(std::vector(strings.begin(), strings.end()));
    return table;
  }

  void compile_numbers() {
    using Kind = Limit::Kind;
    std::vector<Limit> limits;
    if (place_->dialect.draft == Draft::draft4) {  // where they are flags of the bounds beside them
      const auto is_set = [&](std::string_view name) {
        const json::Value* flag = find_assertion(name);
        return flag && flag->is_bool() && flag->as_bool();
      };
      limit(limits, "minimum", is_set("exclusiveMinimum") ? Kind::exclusive_minimum : Kind::minimum);
      limit(limits, "maximum", is_set("exclusiveMaximum") ? Kind::exclusive_maximum : Kind::maximum);
    } else {
      limit(limits, "minimum", Kind::minimum);
      limit(limits, "maximum", Kind::maximum);
      limit(limits, "exclusiveMinimum", Kind::exclusive_minimum);
      limit(limits, "exclusiveMaximum", Kind::exclusive_maximum);
    }
    if (!limits.empty()) emit(Op::range, add(program_.ranges, Range(std::move(limits))));
    if (const json::Value* divisor = find_assertion("multipleOf")) {
      if (!divisor->is_number()) malformed("multipleOf must be a number");
      const Decimal decimal = to_decimal(divisor->as_number());
      if (decimal.digits == "0" || divisor->as_number().text().starts_with('-'))
        malformed("multipleOf must be above 0");
      if (decimal.digits.size() > 18) malformed("multipleOf has more than 18 digits");
      emit(Op::multiple_of,
           add(program_.divisors, Divisor{divisor->as_number().text(), std::stoull(decimal.digits), decimal.exponent}));
    }
  }

  void compile_strings() {
    count("minLength", Op::min_length);
    count("maxLength", Op::max_length);
    if (const json::Value* pattern = find_assertion("pattern")) {
      if (!pattern->is_string()) malformed("pattern must be a string");
      emit(Op::pattern, add_pattern(pattern->as_string()));
    }
    const json::Value* format = find("format");
    const bool is_asserted = formats_ == Formats::asserted || place_->dialect.has_format_assertion;
    if (format && format->is_string() && is_asserted) {
      if (const FormatCheck check = find_format(format->as_string())) {
        emit(Op::format, add(program_.formats, std::pair(format->as_string(), check)));
      }
    }
  }

  void compile_arrays() {
    count("minItems", Op::min_items);
    count("maxItems", Op::max_items);
    const json::Value* unique = find_assertion("uniqueItems");
    if (unique && unique->is_bool() && unique->as_bool()) emit(Op::unique_items);

    const json::Value* items = find("items");
    const bool is_2020 = place_->dialect.draft >= Draft::draft2020_12;
    const json::Value* first = is_2020 ? find("prefixItems") : (items && items->is_array() ? items : nullptr);
    const json::Value* rest = is_2020 || !first ? items : find("additionalItems");
    if (first && !first->is_array()) malformed("prefixItems must be an array");
    if (rest && rest->is_array()) malformed("items must be a schema; for the first items there is prefixItems");
    if (first || rest) emit(Op::items, first ? add_group(*first) : kNone, rest ? node_of(rest) : kNone);

    if (const json::Value* contains = find("contains")) {
      ContainsTable table{.node = node_of(contains), .marks_evaluated = is_2020};
      if (place_->dialect.draft >= Draft::draft2019_09) {
        table.at_least = find_assertion("minContains") ? count_of("minContains") : 1;
        table.at_most = find_assertion("maxContains") ? count_of("maxContains") : UINT64_MAX;
      }
      emit(Op::contains, add(program_.contains, table));
    }
  }

  void compile_objects() {
    count("minProperties", Op::min_properties);
    count("maxProperties", Op::max_properties);
    std::vector<std::string> required;
    if (const json::Value* list = find_assertion("required"); list && list->is_array()) {
      required = names_of(*list);
    } else if (list && place_->dialect.draft > Draft::draft4) {
      malformed("required must be an array of strings");
    }
    compile_properties(std::move(required));
    if (const json::Value* names = find("propertyNames")) emit(Op::property_names, node_of(names));
    compile_dependents();
  }

  // One pass over an object's members looks after all of these, and counts the required ones where they are not many.
  void compile_properties(std::vector<std::string> required) {
    PropertyTable table;
    std::vector<std::string> names;
    std::unordered_map<std::string, std::size_t> places;
    const auto place_of_name = [&](const std::string& name) {
      const auto [at, is_new] = places.emplace(name, names.size());
      if (is_new) {
        names.push_back(name);
        table.named.emplace_back();
      }
      return at->second;
    };
    if (const json::Object* properties = object_of("properties")) {
      for (const auto& [name, schema] : *properties) {
        const std::size_t place = place_of_name(name);
        table.named[place].node = node_of(&schema);
      }
    }
    constexpr std::size_t kBits = 64;
    if (required.size() > kBits) {
      emit(Op::required, add(program_.names, std::move(required)));
    } else {
      for (std::size_t i = 0; i < required.size(); ++i)
        table.named[place_of_name(required[i])].bit = std::uint64_t{1} << i;
      for (const Property& property : table.named) table.required_bits |= property.bit;
      table.required = std::move(required);
    }
    table.names = NameTable(std::move(names));
    if (const json::Object* patterns = object_of("patternProperties")) {
      for (const auto& [pattern, schema] : *patterns)
        table.patterns.emplace_back(add_pattern(pattern), node_of(&schema));
    }
    if (const json::Value* additional = find("additionalProperties")) table.additional = node_of(additional);
    if (!table.named.empty() || !table.patterns.empty() || table.additional != kNone)
      emit(Op::properties, add(program_.properties, std::move(table)));
  }

  void compile_dependents() {
    std::vector<std::pair<std::string, std::vector<std::string>>> required;
    std::vector<std::pair<std::string, NodeIndex>> schemas;
    if (place_->dialect.draft <= Draft::draft7) {
      if (const json::Object* dependencies = object_of("dependencies")) {
        for (const auto& [name, value] : *dependencies) {
          if (value.is_array()) {
            required.emplace_back(name, names_of(value));
          } else {
            schemas.emplace_back(name, node_of(&value));
          }
        }
      }
    } else {
      if (const json::Object* names = place_->dialect.has_validation ? object_of("dependentRequired") : nullptr) {
        for (const auto& [name, value] : *names) required.emplace_back(name, names_of(value));
      }
      if (const json::Object* dependents = object_of("dependentSchemas")) {
        for (const auto& [name, value] : *dependents) schemas.emplace_back(name, node_of(&value));
      }
    }
    if (!required.empty()) emit(Op::dependent_required, add(program_.dependents_required, std::move(required)));
    if (!schemas.empty()) emit(Op::dependent_schemas, add(program_.dependents_schemas, std::move(schemas)));
  }

  void compile_references() {
    if (const json::Value* reference = find("$ref")) emit(Op::reference, node_of(target_of(*reference)));
    if (place_->dialect.draft >= Draft::draft2020_12) {
      if (const json::Value* reference = find("$dynamicRef")) {
        const json::Value* target = target_of(*reference);
        dynamic_reference(target, split_fragment(reference->as_string()).fragment);
      }
    } else if (place_->dialect.draft == Draft::draft2019_09) {
      if (const json::Value* reference = find("$recursiveRef")) dynamic_reference(target_of(*reference), "");
    }
  }

  // Dynamic only where what it names statically is a dynamic anchor itself; else it is a plain reference.
  void dynamic_reference(const json::Value* target, const std::string& name) {
    if (!documents_.is_dynamic_anchor(documents_.place_of(target).base, name)) {
      emit(Op::reference, node_of(target));
      return;
    }
    emit(Op::dynamic_reference, node_of(target), add(program_.dynamic_names, name));
  }

  void compile_logic() {
    if (const json::Value* list = find("allOf")) emit(Op::all_of, add_group(*list));
    if (const json::Value* list = find("anyOf")) emit(Op::any_of, add_group(*list));
    if (const json::Value* list = find("oneOf")) emit(Op::one_of, add_group(*list));
    if (const json::Value* schema = find("not")) emit(Op::negation, node_of(schema));
    if (const json::Value* condition = find("if"); condition && place_->dialect.draft >= Draft::draft7) {
      ConditionalTable table{.condition = node_of(condition)};
      if (const json::Value* then = find("then")) table.then = node_of(then);
      if (const json::Value* otherwise = find("else")) table.otherwise = node_of(otherwise);
      emit(Op::conditional, add(program_.conditionals, table));
    }
  }

  // Last, since they look at what all others evaluated.
  bool compile_unevaluated() {
    if (place_->dialect.draft < Draft::draft2019_09) return false;
    const json::Value* items = find("unevaluatedItems");
    const json::Value* properties = find("unevaluatedProperties");
    if (items) emit(Op::unevaluated_items, node_of(items));
    if (properties) emit(Op::unevaluated_properties, node_of(properties));
    return items || properties;
  }

  const json::Value* find(std::string_view name) const { return object_->find(name); }
  // A keyword of the validation vocabulary, which a meta-schema may leave out.
  const json::Value* find_assertion(std::string_view name) const {
    return place_->dialect.has_validation ? find(name) : nullptr;
  }

  const json::Object* object_of(std::string_view name) const {
    const json::Value* value = find(name);
    if (value && !value->is_object()) malformed(fmt::format("{} must be an object", name));
    return value ? &value->as_object() : nullptr;
  }

  void limit(std::vector<Limit>& limits, std::string_view name, Limit::Kind kind) const {
    const json::Value* number = find_assertion(name);
    if (!number) return;
    if (!number->is_number()) malformed(fmt::format("{} must be a number", name));
    limits.push_back({.kind = kind, .bound = number->as_number()});
  }

  std::uint64_t count_of(std::string_view name) const {
    const json::Value* value = find(name);
    const auto number = value->is_number() ? value->as_number().as_int64() : std::nullopt;
    if (!number || *number < 0) malformed(fmt::format("{} must be an integer from 0", name));
    return static_cast<std::uint64_t>(*number);
  }

  void count(std::string_view name, Op op) {
    if (!find_assertion(name)) return;
    program_.checks.push_back({.op = op, .b = count_of(name)});
  }

  std::vector<std::string> names_of(const json::Value& list) const {
    std::vector<std::string> names;
    if (!list.is_array()) malformed("a list of names must be an array of strings");
    for (const json::Value& name : list.as_array()) {
      if (!name.is_string()) malformed("a list of names must be an array of strings");
      names.push_back(name.as_string());
    }
    return names;
  }

  const json::Value* target_of(const json::Value& reference) {
    if (!reference.is_string()) malformed("a reference must be a string");
    const auto target = documents_.resolve(resolve_uri(place_->base, reference.as_string()));
    if (!target) malformed(target.error());
    return *target;
  }

  std::uint32_t add_pattern(std::string_view text) {
    auto pattern = Pattern::compile(text);
    if (!pattern) malformed(pattern.error());
    patterns_size_ += pattern->size();
    if (patterns_size_ > kPatternsSizeMax) malformed("all patterns together are too large");
    return add(program_.patterns, std::move(*pattern));
  }

  std::uint32_t add_group(const json::Value& list) {
    if (!list.is_array()) malformed("a list of schemas must be an array");
    std::vector<NodeIndex> group;
    for (const json::Value& schema : list.as_array()) group.push_back(node_of(&schema));
    return add(program_.groups, std::move(group));
  }

  static std::uint8_t type_bits(const json::Value& name) {
    constexpr std::pair<std::string_view, std::uint8_t> kTypes[] = {
        {"null", kNull},     {"boolean", kBoolean}, {"integer", kInteger}, {"number", kNumber | kInteger},
        {"string", kString}, {"array", kArray},     {"object", kObject}};
    for (const auto& [known, bit] : kTypes) {
      if (name.is_string() && name.as_string() == known) return bit;
    }
    malformed("type must name JSON types");
  }

  template <class Table, class Entry>
  static std::uint32_t add(Table& table, Entry&& entry) {
    table.push_back(std::forward<Entry>(entry));
    return static_cast<std::uint32_t>(table.size() - 1);
  }

  void emit(Op op, std::uint32_t a = 0, std::uint32_t b = 0) { program_.checks.push_back({.op = op, .a = a, .b = b}); }

  [[noreturn]] static void malformed(std::string message) { throw Malformed{std::move(message)}; }

  Documents& documents_;
  const Formats formats_;
  Program& program_;
  std::unordered_map<const json::Value*, NodeIndex> nodes_;
  std::unordered_map<std::string, std::uint32_t> resources_;
  std::deque<const json::Value*> queue_;
  std::uint64_t patterns_size_ = 0;
  const json::Object* object_ = nullptr;  // the schema that is being compiled
  const Place* place_ = nullptr;
};

}  // namespace

std::expected<Schema, std::string> Schema::compile(const json::Value& schema, const CompileOptions& options) {
  if (!schema.is_object() && !schema.is_bool()) return std::unexpected("a schema must be an object or a boolean");
  Documents documents(options.documents, options.draft);
  if (auto added = documents.add(schema, options.address); !added) return std::unexpected(added.error());
  auto program = std::make_shared<Program>();
  try {
    Compiler(documents, options.formats, *program).run(schema);
  } catch (const Malformed& malformed) {
    return std::unexpected(malformed.message);
  }
  if (has_circle(*program)) return std::unexpected("the schema refers to itself in a circle");
  auto treatments = Treatments::compile(schema, documents);
  if (!treatments) return std::unexpected(treatments.error());
  program->treatments = *std::move(treatments);
  return Schema(std::move(program));
}

const Treatments& Schema::treatments() const {
  return program_->treatments;
}

}  // namespace pipeline::schema
