#include "cli/inference.hpp"

#include <fmt/core.h>

#include "aws/dates.hpp"

namespace cli {

namespace {

constexpr std::size_t kMembersMax = 200;  // of an object; further names make it a map
constexpr std::size_t kValuesMax = 8;     // of an enumeration
constexpr std::uint64_t kEnumCountMin = 20;
constexpr int kDepthMax = 8;

bool is_time(const std::string& text) {
  return aws::parse_rfc3339(text).has_value();
}

bool is_url(const std::string& text) {
  return text.starts_with("https://") || text.starts_with("http://");
}

}  // namespace

// What was seen at one place.
struct Inference::Node {
  std::uint64_t seen = 0, objects = 0, arrays = 0, strings = 0, integers = 0, numbers = 0, booleans = 0, nulls = 0;
  std::uint64_t times = 0, urls = 0;
  bool has_other_members = false, has_other_values = false;
  std::set<std::string> values;
  std::map<std::string, Node> members;
  std::unique_ptr<Node> element;

  void add(const json::Value& value, int depth);
  json::Object schema() const;
};

void Inference::Node::add(const json::Value& value, int depth) {
  ++seen;
  if (value.is_null()) {
    ++nulls;
  } else if (value.is_bool()) {
    ++booleans;
  } else if (value.is_number()) {
    ++(value.as_number().is_integral() ? integers : numbers);
  } else if (value.is_string()) {
    const std::string& text = value.as_string();
    ++strings;
    times += is_time(text) ? 1 : 0;
    urls += is_url(text) ? 1 : 0;
    if (values.size() < kValuesMax || values.contains(text)) {
      values.insert(text);
    } else {
      has_other_values = true;
    }
  } else if (value.is_array()) {
    ++arrays;
    if (!element) element = std::make_unique<Node>();
    for (const json::Value& one : value.as_array()) {
      if (depth < kDepthMax) element->add(one, depth + 1);
    }
  } else {
    ++objects;
    for (const auto& [name, member] : value.as_object()) {
      if (members.size() >= kMembersMax && !members.contains(name)) {
        has_other_members = true;
      } else if (depth < kDepthMax) {
        members[name].add(member, depth + 1);
      }
    }
  }
}

json::Object Inference::Node::schema() const {
  json::Object out;
  json::Array types;
  const auto may_be = [&](std::uint64_t count, const char* type) {
    if (count > 0) types.emplace_back(type);
  };
  may_be(objects, "object");
  may_be(arrays, "array");
  may_be(strings, "string");
  may_be(numbers, "number");
  if (numbers == 0) may_be(integers, "integer");
  may_be(booleans, "boolean");
  may_be(nulls, "null");
  if (types.size() == 1) {
    out.set("type", std::move(types.front()));
  } else if (!types.empty()) {
    out.set("type", std::move(types));
  }
  if (strings > 0 && strings == times) {
    out.set("format", "date-time");
  } else if (strings > 0 && strings == urls) {
    out.set("format", "uri");
  } else if (strings >= kEnumCountMin && strings == seen && !has_other_values && values.size() * 4 <= strings) {
    json::Array list;
    for (const std::string& value : values) list.emplace_back(value);
    out.set("enum", std::move(list));
  }
  if (objects > 0 && !members.empty()) {
    json::Object properties;
    json::Array required;
    for (const auto& [name, node] : members) {
      properties.append(name, node.schema());
      if (node.seen == objects) required.emplace_back(name);
    }
    out.set("properties", std::move(properties));
    if (!required.empty() && !has_other_members) out.set("required", std::move(required));
  }
  if (arrays > 0 && element && element->seen > 0) out.set("items", element->schema());
  return out;
}

Inference::Inference() : root_(std::make_unique<Node>()) {}
Inference::~Inference() = default;

void Inference::add(const json::Object& example) {
  root_->add(json::Value(example), 0);
}

std::uint64_t Inference::count() const {
  return root_->seen;
}

json::Value Inference::schema(const std::string& title) const {
  json::Object out{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                   {"title", title},
                   {"$comment", fmt::format("Drafted from {} events: to be read before it is used.", root_->seen)}};
  for (auto& [name, member] : root_->schema()) out.append(name, std::move(member));
  return out;
}

}  // namespace cli
