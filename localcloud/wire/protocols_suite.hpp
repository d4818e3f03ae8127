#pragma once
// botocore's protocol cases, for protocols_test.cpp: a case's shapes as they are read at run time, the ways through the
// codecs that a shape's declaration would take at compile time, and a client of the tests' own that reads answers.

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.hpp"
#include "json/value.hpp"
#include "localcloud/wire/codec.hpp"
#include "localcloud/wire/operation.hpp"

namespace localcloud::wire {

// A shape as somebody refers to it: what the reference says goes before what the shape says.
struct SuiteRef {
  const json::Value* reference = nullptr;
  const json::Value* shape = nullptr;

  const json::Value* find(std::string_view trait) const {
    const json::Value* const said = reference->find(trait);
    return said ? said : shape->find(trait);
  }
  bool has(std::string_view trait) const { return find(trait) != nullptr; }
  std::string_view type() const { return shape->get_string("type").value_or(""); }
  bool is_document() const { return shape->get_bool("document").value_or(false); }
  std::string_view place() const { return reference->get_string("location").value_or(""); }
};

// The shapes of one service.
class SuiteModel {
 public:
  explicit SuiteModel(const json::Value& shapes) : shapes_(shapes) {}

  SuiteRef ref(const json::Value& reference) const;
  SuiteRef element(const SuiteRef& list) const { return ref(*list.shape->find("member")); }
  SuiteRef value(const SuiteRef& map) const { return ref(*map.shape->find("value")); }
  std::vector<std::pair<std::string_view, SuiteRef>> members(const SuiteRef& structure) const;
  // The member that is the body, or "".
  std::string_view payload(const SuiteRef& structure) const {
    return structure.shape->get_string("payload").value_or("");
  }
  // What a room would write behind the member's name. Lives as long as this.
  const Limits& limits(std::string_view name, const SuiteRef& ref);

 private:
  const json::Value& shapes_;
  std::deque<Limits> limits_;
};

Place suite_place(std::string_view name, const SuiteRef& ref, std::string_view payload);
// Of an answer, which has no path and no query: what a request would have there is in the body.
Place answer_place(std::string_view name, const SuiteRef& ref, std::string_view payload);

// Calls `visit` with a type (as std::type_identity) that a room would give such a member: what nests further is a
// json::Value.
template <class Visit>
auto visit_leaf(const SuiteRef& ref, Visit visit) {
  const std::string_view type = ref.type();
  if (type == "string") return visit(std::type_identity<std::string>{});
  if (type == "integer" || type == "long") return visit(std::type_identity<std::int64_t>{});
  if (type == "boolean") return visit(std::type_identity<bool>{});
  if (type == "double" || type == "float") return visit(std::type_identity<double>{});
  if (type == "timestamp") return visit(std::type_identity<Timestamp>{});
  if (type == "blob") return visit(std::type_identity<Blob>{});
  return visit(std::type_identity<json::Value>{});
}
template <class Visit>
auto visit_type(const SuiteModel& model, const SuiteRef& ref, Visit visit) {
  if (ref.type() == "list") {
    return visit_leaf(model.element(ref), [&]<class T>(std::type_identity<T>) {
      // A std::vector<bool> has no elements to read into.
      using Element = std::conditional_t<std::is_same_v<T, bool>, json::Value, T>;
      return visit(std::type_identity<std::vector<Element>>{});
    });
  }
  if (ref.type() == "map") {
    return visit_leaf(model.value(ref), [&]<class T>(std::type_identity<T>) {
      return visit(std::type_identity<std::map<std::string, T>>{});
    });
  }
  return visit_leaf(ref, visit);
}

// The suite's forms: a moment is its seconds since 1970, bytes are a string.
json::Value suite_value(const std::string& value);
json::Value suite_value(bool value);
json::Value suite_value(std::int64_t value);
json::Value suite_value(double value);
json::Value suite_value(Timestamp value);
json::Value suite_value(const Blob& value);

// What a member holds, of which the type is `T`.
template <class T>
T from_suite(const json::Value& value);
template <>
std::string from_suite(const json::Value& value);
template <>
bool from_suite(const json::Value& value);
template <>
std::int64_t from_suite(const json::Value& value);
template <>
double from_suite(const json::Value& value);
template <>
Timestamp from_suite(const json::Value& value);
template <>
Blob from_suite(const json::Value& value);

// Reads a request with the Decoder.
class SuiteReader {
 public:
  SuiteReader(SuiteModel& model, const Encoded& request) : model_(model), decoder_(request) {}
  json::Value read(const SuiteRef& input, const json::Value& document) {
    return structure(model_.payload(input).empty() ? document : json::Value(), input);
  }
  std::optional<ServiceError> verdict() const { return decoder_.verdict(); }

 private:
  template <class T>
  struct Holder {
    T member;
  };

  json::Value structure(const json::Value& value, const SuiteRef& ref);
  json::Value member(const json::Value& value, std::string_view name, const SuiteRef& ref, Place place);
  json::Value nested(const json::Value& value, const SuiteRef& ref);
  template <class T>
  json::Value to_json(const T& value, const SuiteRef& ref);

  SuiteModel& model_;
  Decoder decoder_;
};

// The answer, or the error, that a room's values would make.
http::Reply suite_reply(SuiteModel& model, const Encoded& request, std::string_view operation, const SuiteRef& output,
                        const json::Value& result);
http::Reply suite_error(SuiteModel& model, const Encoded& request, const json::Value& one_case);

// What a client makes of it, by rules written down a second time.
json::Value client_result(SuiteModel& model, Protocol protocol, const SuiteRef& output, const http::Reply& reply);
struct ClientError {
  std::string code;
  std::string message;
  json::Value members;
};
ClientError client_error(SuiteModel& model, Protocol protocol, const SuiteRef& error, const http::Reply& reply);

}  // namespace localcloud::wire
