#pragma once
// What each operation declares, as JSON, for tests/models to compare with AWS's service models. `event-pipeline
// describe`.

#include <map>
#include <string>
#include <vector>

#include "json/value.hpp"
#include "localcloud/wire/shape.hpp"

namespace localcloud::wire {

// Collects one line: {"service","operation","input":{"members":[…],"refused":[…]},"output":{…}}.
struct Describer {
  json::Object line;
};

json::Object describe_limits(std::string_view name, bool required, const Limits& limits, Place place);

template <class T>
json::Value describe_type();

template <class S>
json::Value describe_shape() {
  json::Array members, refused;
  const auto add = [&]<class F>(const F& field) {
    if constexpr (requires { field.names; }) {
      for (std::string_view name : field.names) refused.emplace_back(name);
    } else {
      json::Object member = describe_limits(field.name, field.required, field.limits, field.place);
      member.set("type", describe_type<std::remove_cvref_t<decltype(std::declval<S>().*field.member)>>());
      members.emplace_back(std::move(member));
    }
  };
  std::apply([&](const auto&... field) { (add(field), ...); }, S::members());
  return json::Object{{"members", std::move(members)}, {"refused", std::move(refused)}};
}

template <class T>
struct DescribeType {
  static json::Value make() {
    if constexpr (WireEnum<T>) {
      json::Array names;
      for (std::string_view name : wire_names(T{})) names.emplace_back(name);
      return json::Object{{"enum", std::move(names)}};
    } else if constexpr (Shape<T>) {
      return describe_shape<T>();
    } else if constexpr (std::is_same_v<T, bool>) {
      return "boolean";
    } else if constexpr (std::is_integral_v<T>) {
      return "integer";
    } else if constexpr (std::is_floating_point_v<T>) {
      return "double";
    } else if constexpr (std::is_same_v<T, std::string>) {
      return "string";
    } else if constexpr (std::is_same_v<T, Timestamp>) {
      return "timestamp";
    } else if constexpr (std::is_same_v<T, Blob>) {
      return "blob";
    } else {
      return "own";
    }
  }
};
template <class T>
struct DescribeType<std::optional<T>> : DescribeType<T> {};
template <class T>
struct DescribeType<std::vector<T>> {
  static json::Value make() { return json::Object{{"list", describe_type<T>()}}; }
};
template <class T>
struct DescribeType<std::map<std::string, T>> {
  static json::Value make() { return json::Object{{"map", describe_type<T>()}}; }
};

template <class T>
json::Value describe_type() {
  return DescribeType<T>::make();
}

template <class Op>
void describe(Describer& describer) {
  describer.line.set("operation", Op::kName);
  describer.line.set("input", describe_shape<typename Op::Input>());
  describer.line.set("output", describe_shape<typename Op::Output>());
}

}  // namespace localcloud::wire
