// AttributeValues from JSON and to it.

#include <algorithm>

#include "base/text.hpp"
#include "json/write.hpp"
#include "localcloud/services/dynamodb/attribute_value.hpp"
#include "localcloud/services/dynamodb/errors.hpp"

namespace localcloud::dynamodb {

namespace {

constexpr std::string_view kEmpty =
    "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes";
constexpr std::string_view kMoreThanOne =
    "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes";
constexpr std::string_view kInvalid = "One or more parameter values were invalid: ";

// The class names that AWS's JSON reader gives to what it finds where it wants something else.
ServiceError wrong_json(const json::Value& found, std::string_view wanted) {
  const std::string to(wanted);
  if (found.is_array()) return serialization("Unexpected value type in payload: start of list found, expected " + to);
  if (found.is_object()) return serialization("Start of structure or map found where not expected.");
  if (found.is_bool()) {
    return serialization(std::string(found.as_bool() ? "TRUE_VALUE" : "FALSE_VALUE") + " cannot be converted to " + to);
  }
  if (found.is_number()) {
    return serialization((found.as_number().is_integral() ? "NUMBER_VALUE cannot be converted to "
                                                          : "DECIMAL_VALUE cannot be converted to ") +
                         to);
  }
  return serialization("STRING_VALUE cannot be converted to " + to);
}

Result<const std::string*> read_text(const json::Value& value) {
  if (!value.is_string()) return failure(wrong_json(value, "String"));
  return &value.as_string();
}

Result<Binary> read_binary(const json::Value& value) {
  if (!value.is_string()) return failure(wrong_json(value, "Blob"));
  std::optional<std::string> bytes = base::from_base64(value.as_string());
  if (!bytes) {
    return failure(serialization("'" + value.as_string() + "' can not be converted to a Blob: Invalid Base64"));
  }
  return Binary{std::move(*bytes)};
}

// One AttributeValue being read; nests through read_value().
class ValueReader {
 public:
  // The first thing wrong with the content.
  std::optional<std::string> problem;

  Result<AttributeValue> read(const json::Value& json, int depth) {
    if (json.is_null()) return note(kEmpty);
    if (!json.is_object()) return failure(wrong_json(json, "AttributeValue"));
    AttributeValue value;
    int found = 0;
    for (const auto& [type_name, content] : json.as_object()) {
      const std::optional<Type> type = type_named(type_name);
      if (!type || content.is_null()) continue;
      value = TRY(read_typed(*type, content, depth));
      ++found;
    }
    if (found == 0) return note(kEmpty);
    if (found > 1) return note(kMoreThanOne);
    return value;
  }

  AttributeValue read_plain(const json::Value& json, int depth) {
    if (json.is_string()) return AttributeValue(json.as_string());
    if (json.is_number()) return read_number(json.as_number().text());
    if (json.is_bool()) return AttributeValue(json.as_bool());
    if (json.is_null()) return AttributeValue(Null{});
    if (depth >= kDepthMax) return too_deep();
    if (json.is_array()) {
      List list;
      list.reserve(json.as_array().size());
      for (const json::Value& element : json.as_array()) list.push_back(read_plain(element, depth + 1));
      return AttributeValue(std::move(list));
    }
    Item map;
    map.reserve(json.as_object().size());
    for (const auto& [name, value] : json.as_object()) map.append(name, read_plain(value, depth + 1));
    map.settle();
    return AttributeValue(std::move(map));
  }

  Result<Item> read_map(const json::Value& json, int depth) {
    if (!json.is_object()) return failure(wrong_json(json, "Map"));
    Item item;
    item.reserve(json.as_object().size());
    for (const auto& [name, value] : json.as_object()) item.append(name, TRY(read(value, depth)));
    item.settle();
    return item;
  }

 private:
  AttributeValue note(std::string_view message) {
    if (!problem) problem = message;
    return {};
  }
  AttributeValue note_invalid(std::string_view message) {
    if (!problem) problem = std::string(kInvalid).append(message);
    return {};
  }

  Result<AttributeValue> read_typed(Type type, const json::Value& json, int depth) {
    switch (type) {
      case Type::s:
        return AttributeValue(*TRY(read_text(json)));
      case Type::n:
        return read_number(*TRY(read_text(json)));
      case Type::b:
        return AttributeValue(TRY(read_binary(json)));
      case Type::boolean:
        if (!json.is_bool()) return failure(wrong_json(json, "Boolean"));
        return AttributeValue(json.as_bool());
      case Type::null:
        if (!json.is_bool()) return failure(wrong_json(json, "Boolean"));
        if (!json.as_bool()) return note_invalid("Null attribute value types must have the value of true");
        return AttributeValue(Null{});
      case Type::m:
        if (depth >= kDepthMax) return too_deep();
        return AttributeValue(TRY(read_map(json, depth + 1)));
      case Type::l:
        return read_list(json, depth);
      case Type::ss:
      case Type::ns:
      case Type::bs:
        return read_set(type, json);
    }
    return AttributeValue();
  }

  AttributeValue too_deep() {
    return note(
        "Nesting Levels have exceeded supported limits: Attribute value nesting levels exceeded the limit of 32");
  }

  AttributeValue read_number(std::string_view text) {
    const Result<Number> number = Number::parse(text);
    if (!number) return note(number.error().message);
    return AttributeValue(*number);
  }

  Result<AttributeValue> read_list(const json::Value& json, int depth) {
    if (!json.is_array()) return failure(wrong_json(json, "List"));
    if (depth >= kDepthMax) return too_deep();
    List list;
    list.reserve(json.as_array().size());
    for (const json::Value& element : json.as_array()) list.push_back(TRY(read(element, depth + 1)));
    return AttributeValue(std::move(list));
  }

  Result<AttributeValue> read_set(Type type, const json::Value& json) {
    if (!json.is_array()) return failure(wrong_json(json, "List"));
    const json::Array& elements = json.as_array();
    if (elements.empty()) {
      return note_invalid(type == Type::ss   ? "An string set  may not be empty"
                          : type == Type::ns ? "An number set  may not be empty"
                                             : "Binary sets should not be empty");
    }
    if (type == Type::ss) {
      StringSet set;
      set.reserve(elements.size());
      for (const json::Value& element : elements) set.push_back(*TRY(read_text(element)));
      return settle(std::move(set), elements);
    }
    if (type == Type::bs) {
      BinarySet set;
      set.reserve(elements.size());
      for (const json::Value& element : elements) set.push_back(TRY(read_binary(element)));
      return settle(std::move(set), elements);
    }
    NumberSet set;
    set.reserve(elements.size());
    for (const json::Value& element : elements) {
      const Result<Number> number = Number::parse(*TRY(read_text(element)));
      if (!number) return note(number.error().message);
      set.push_back(*number);
    }
    return settle(std::move(set), elements);
  }

  template <class Set>
  AttributeValue settle(Set set, const json::Array& elements) {
    std::sort(set.begin(), set.end());
    if (std::adjacent_find(set.begin(), set.end()) == set.end()) return AttributeValue(std::move(set));
    if constexpr (std::is_same_v<Set, NumberSet>) return note("Input collection contains duplicates");
    std::string shown;
    for (const json::Value& element : elements) {
      if (!shown.empty()) shown += ", ";
      shown += element.as_string();
    }
    shown = "Input collection [" + shown + "] ";
    return note_invalid(
        shown.append(std::is_same_v<Set, BinarySet> ? "of type BS contains duplicates." : "contains duplicates."));
  }
};

}  // namespace

Result<ValueInput> value_from_json(const json::Value& json) {
  ValueReader reader;
  ValueInput input;
  input.value = TRY(reader.read(json, 0));
  input.problem = std::move(reader.problem);
  return input;
}

ValueInput value_from_plain_json(const json::Value& json) {
  ValueReader reader;
  ValueInput input;
  input.value = reader.read_plain(json, 0);
  input.problem = std::move(reader.problem);
  return input;
}

Result<ItemInput> item_from_json(const json::Value& json) {
  if (!json.is_object()) return failure(wrong_json(json, "Map"));
  ItemInput input;
  input.item.reserve(json.as_object().size());
  ValueReader reader;
  for (const auto& [name, value] : json.as_object()) {
    input.item.append(name, TRY(reader.read(value, 0)));
    if (reader.problem && !input.problem) input.problem = {name, *reader.problem};
  }
  input.item.settle();
  return input;
}

namespace {

void append_quoted(std::string& out, const std::string& text) {
  json::write_string(out, text);
}
void append_quoted(std::string& out, const Number& number) {
  out += '"';
  number.append_text(out);
  out += '"';
}
void append_quoted(std::string& out, const Binary& binary) {
  out += '"';
  out += base::to_base64(binary.bytes);
  out += '"';
}
void append_quoted(std::string& out, const AttributeValue& value) {
  write_json(out, value);
}

struct AppendContent {
  std::string& out;

  void operator()(bool value) const { out += value ? "true" : "false"; }
  void operator()(Null) const { out += "true"; }
  void operator()(const Item& map) const { write_json(out, map); }
  template <class Element>
  void operator()(const std::vector<Element>& elements) const {
    out += '[';
    bool first = true;
    for (const Element& element : elements) {
      if (!std::exchange(first, false)) out += ',';
      append_quoted(out, element);
    }
    out += ']';
  }
  template <class Scalar>
  void operator()(const Scalar& scalar) const {
    append_quoted(out, scalar);
  }
};

}  // namespace

void write_json(std::string& out, const AttributeValue& value) {
  out.append("{\"").append(name(value.type())).append("\":");
  std::visit(AppendContent{out}, value.data());
  out += '}';
}

void write_json(std::string& out, const Item& item) {
  out += '{';
  bool first = true;
  for (const auto& [name, value] : item) {
    if (!std::exchange(first, false)) out += ',';
    json::write_string(out, name);
    out += ':';
    write_json(out, value);
  }
  out += '}';
}

}  // namespace localcloud::dynamodb
