#pragma once
// The declared form of a request or response: one line per member, read by every codec.
//
//   struct Input {
//     std::string table_name;
//     std::optional<ReturnValue> return_values;
//     static constexpr auto members() {
//       return wire::members(wire::required("TableName", &Input::table_name, wire::length(1, 1024)),
//                            wire::optional("ReturnValues", &Input::return_values),
//                            wire::refused("Expected", "ConditionalOperator"));
//     }
//   };
//
// A shape says what the AWS service model says (name, required, limits, place) and nothing else: tests/models compares
// every shape with botocore's. A member that the model knows and we don't implement is `refused`: a request that has
// it is answered with an error that names it. A member that nobody knows is ignored, as AWS ignores it.
//
// What a member can be: std::string, bool, std::int32_t, std::int64_t, double, Timestamp, Blob, json::Value (a free
// document), an enum with wire_names(), another struct with members(), std::vector and std::map<std::string, …> of
// those, std::optional of those; and any type T that brings, found by argument-dependent lookup,
//   Result<Done> from_json(const json::Value&, T&)     where it is read, and
//   void write_json(std::string& out, const T&)        where it is written (JSON protocols only).

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "base/clock.hpp"

namespace localcloud::wire {

// A moment. How it is written depends on the protocol: seconds since 1970, RFC 3339 or an HTTP date.
struct Timestamp {
  base::Time time;
  bool operator==(const Timestamp&) const = default;
};

// Bytes: base64 in JSON, as they are in CBOR and in a body.
struct Blob {
  std::string bytes;
  bool operator==(const Blob&) const = default;
};

// Where a member travels. JSON, form and CBOR protocols know only `body`; REST adds the rest.
enum class Place { body, label, query, header, header_prefix, payload, status };

// How a moment is written, where the model says it: `of_place` is the protocol's and the place's own form.
enum class TimestampFormat { of_place, epoch_seconds, rfc3339, http_date };

struct Limits {
  std::int64_t min = INT64_MIN;  // of a number's value; of a string's or list's length
  std::int64_t max = INT64_MAX;
  std::string_view pattern = {};                // for the error's words
  bool (*matches)(std::string_view) = nullptr;  // what `pattern` says, by hand: no regular expression runs here
  std::string_view wire_name = {};              // the header's, the query parameter's or the XML element's name
  std::string_view element = "member";          // a list's element in XML and in forms
  std::string_view key = "key";                 // a map's in XML and in forms
  std::string_view value = "value";
  bool flattened = false;  // XML, forms: the list's elements, or the map's entries, stand where it would
  bool attribute = false;  // XML: an attribute of the element around it
  TimestampFormat timestamp_format = TimestampFormat::of_place;
  const Limits* each = nullptr;  // of every element of a list, every value of a map; of static duration
};

// What holds for a list's elements or a map's values.
constexpr Limits limits_of_each(const Limits& limits) {
  return limits.each ? *limits.each : Limits{};
}

constexpr Limits length(std::int64_t min, std::int64_t max) {
  return {.min = min, .max = max};
}
constexpr Limits range(std::int64_t min, std::int64_t max) {
  return {.min = min, .max = max};
}
constexpr Limits pattern(std::string_view text, bool (*matches)(std::string_view), std::int64_t min = INT64_MIN,
                         std::int64_t max = INT64_MAX) {
  return {.min = min, .max = max, .pattern = text, .matches = matches};
}

// What a member is called on the wire, where that isn't its name: xml_name("ID").
constexpr Limits xml_name(std::string_view name) {
  return {.wire_name = name};
}
// <TagSet><Tag>…</Tag><Tag>…</Tag></TagSet> is xml_list("Tag").
constexpr Limits xml_list(std::string_view element) {
  return {.element = element};
}
// <Rule>…</Rule><Rule>…</Rule> without an element around them is xml_flattened("Rule").
constexpr Limits xml_flattened(std::string_view element) {
  return {.wire_name = element, .flattened = true};
}

template <class Shape, class Member>
struct Field {
  std::string_view name;
  Member Shape::* member;
  bool required;
  Limits limits;
  Place place;
};

template <std::size_t N>
struct RefusedNames {
  std::array<std::string_view, N> names;
};

template <class Shape, class Member>
constexpr Field<Shape, Member> required(std::string_view name, Member Shape::* member, Limits limits = {}) {
  return {name, member, true, limits, Place::body};
}
template <class Shape, class Member>
constexpr Field<Shape, Member> optional(std::string_view name, Member Shape::* member, Limits limits = {}) {
  return {name, member, false, limits, Place::body};
}
template <class Shape, class Member>
constexpr Field<Shape, Member> label(std::string_view name, Member Shape::* member, Limits limits = {}) {
  return {name, member, true, limits, Place::label};
}
// `wire_name` is the parameter's name in the query, e.g. query("MaxKeys", "max-keys", &Input::max_keys).
template <class Shape, class Member>
constexpr Field<Shape, Member> query(std::string_view name, std::string_view wire_name, Member Shape::* member,
                                     Limits limits = {}) {
  limits.wire_name = wire_name;
  return {name, member, false, limits, Place::query};
}
template <class Shape, class Member>
constexpr Field<Shape, Member> header(std::string_view name, std::string_view wire_name, Member Shape::* member,
                                      Limits limits = {}) {
  limits.wire_name = wire_name;
  return {name, member, false, limits, Place::header};
}
// All headers that begin with `prefix`, in a std::map<std::string, std::string> without it.
template <class Shape, class Member>
constexpr Field<Shape, Member> header_prefix(std::string_view name, std::string_view prefix, Member Shape::* member) {
  Limits limits;
  limits.wire_name = prefix;
  return {name, member, false, limits, Place::header_prefix};
}
// The whole body: a std::string or Blob as it is, a struct or json::Value as the protocol writes it; in a request also
// http::Body* (read by the operation as it arrives), in a response also http::Reply-like streams (see operation.hpp).
template <class Shape, class Member>
constexpr Field<Shape, Member> payload(std::string_view name, Member Shape::* member) {
  return {name, member, false, {}, Place::payload};
}
// The answer's HTTP status, an int.
template <class Shape, class Member>
constexpr Field<Shape, Member> status(std::string_view name, Member Shape::* member) {
  return {name, member, false, {}, Place::status};
}
template <class... Names>
constexpr RefusedNames<sizeof...(Names)> refused(Names... names) {
  return {{std::string_view(names)...}};
}

template <class... Fields>
constexpr auto members(Fields... fields) {
  return std::tuple{fields...};
}

// An AWS enum: a C++ enum from 0 on, whose names, in the model's order, wire_names(E) answers:
//   constexpr std::array<std::string_view, 2> wire_names(ReturnValue) { return {"NONE", "ALL_OLD"}; }
template <class T>
concept WireEnum = std::is_enum_v<T> && requires(T value) { wire_names(value); };

template <class T>
concept Shape = requires { T::members(); };

template <WireEnum E>
constexpr std::string_view to_wire(E value) {
  return wire_names(E{})[static_cast<std::size_t>(value)];
}

}  // namespace localcloud::wire
