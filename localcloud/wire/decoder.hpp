#pragma once
// Reads a shape from a request, whatever the protocol, and says in AWS's words what is wrong with it.

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "json/value.hpp"
#include "localcloud/wire/http/message.hpp"
#include "localcloud/wire/shape.hpp"

namespace localcloud::wire {

struct Service;

// `direct` is no wire: a call from within the process. Every member, wherever it travels otherwise, is in one JSON
// document, in and out; a blob in base64.
enum class Protocol { aws_json, aws_query, rest_json, rest_xml, cbor, direct };

// A request after its bytes were parsed and before its shape is read.
struct Encoded {
  Protocol protocol = Protocol::aws_json;
  const Service* service = nullptr;
  const http::Request* head = nullptr;
  std::string request_id;
  json::Value document;                                     // the members in the body
  std::string root;                                         // REST XML: what the document's outermost element is called
  std::vector<std::pair<std::string, std::string>> labels;  // REST: from the path, decoded
  std::vector<std::pair<std::string, std::string>> query;   // REST: decoded
  std::string body;                                         // REST: as it came
  http::Body* stream = nullptr;                             // instead of `body` where the operation streams
};

// What a document is called: REST XML's have names of their own (kXmlRoot), others go by their operation or member.
template <class T>
constexpr std::string_view document_name(std::string_view otherwise) {
  if constexpr (requires { T::kXmlRoot; }) return T::kXmlRoot;
  return otherwise;
}

namespace codec_detail {

template <class T>
inline constexpr bool kIsList = false;
template <class T>
inline constexpr bool kIsList<std::vector<T>> = true;
template <class T>
inline constexpr bool kIsList<std::optional<T>> = kIsList<T>;

template <class F>
constexpr bool is_payload(const F& field) {
  if constexpr (requires { field.place; }) return field.place == Place::payload;
  return false;
}

}  // namespace codec_detail

// Reads values into members and gathers what is wrong. A type error ends the reading at once; a broken constraint is
// noted and reported after every member has been read, because AWS checks all types before any limit.
class Decoder {
 public:
  explicit Decoder(const Encoded& request)
      : request_(request),
        form_(request.protocol == Protocol::aws_query  ? Form::numbered
              : request.protocol == Protocol::rest_xml ? Form::elements
                                                       : Form::document) {}

  bool failed() const { return error_.has_value(); }
  // What is wrong with the whole request, if anything.
  std::optional<ServiceError> verdict() const;

  void read(const json::Value& value, std::string& out, const Limits& limits);
  void read(const json::Value& value, bool& out, const Limits& limits);
  void read(const json::Value& value, std::int32_t& out, const Limits& limits);
  void read(const json::Value& value, std::int64_t& out, const Limits& limits);
  void read(const json::Value& value, double& out, const Limits& limits);
  void read(const json::Value& value, Timestamp& out, const Limits& limits);
  void read(const json::Value& value, Blob& out, const Limits& limits);
  void read(const json::Value& value, json::Value& out, const Limits&) { out = value; }

  template <class T>
  void read(const json::Value& value, std::optional<T>& out, const Limits& limits) {
    read(value, out.emplace(), limits);
  }

  template <WireEnum T>
  void read(const json::Value& value, T& out, const Limits&) {
    constexpr auto names = wire_names(T{});
    out = static_cast<T>(read_enum(value, names));
  }

  template <class T>
  void read(const json::Value& value, std::vector<T>& out, const Limits& limits) {
    json::Array scratch;
    const json::Array* elements = list(value, limits, scratch);
    if (!elements) return;
    out.reserve(elements->size());
    for (std::size_t i = 0; i < elements->size() && !failed(); ++i) {
      enter_element(i);
      read((*elements)[i], out.emplace_back(), limits_of_each(limits));
      leave();
    }
    if (const auto broken = broken_length(out.size(), limits)) violate(shown(*elements), *broken);
  }

  template <class T>
  void read(const json::Value& value, std::map<std::string, T>& out, const Limits& limits) {
    json::Object scratch;
    const json::Object* entries = map(value, limits, scratch);
    if (!entries) return;
    for (const auto& [key, element] : *entries) {
      if (failed()) return;
      enter(key);
      enter("member");
      read(element, out[key], limits_of_each(limits));
      leave();
      leave();
    }
    if (const auto broken = broken_length(out.size(), limits)) violate(shown(*entries), *broken);
  }

  template <Shape T>
  void read(const json::Value& value, T& out, const Limits&) {
    if (!is_structure(value)) return;
    std::apply([&](const auto&... field) { (read_field(value, out, field), ...); }, T::members());
  }

  // A type that isn't a structure of named members (DynamoDB's AttributeValue) brings its own reader.
  template <class T>
    requires requires(const json::Value& value, T& out) {
      { from_json(value, out) } -> std::same_as<Result<Done>>;
    }
  void read(const json::Value& value, T& out, const Limits&) {
    if (Result<Done> done = from_json(value, out); !done) fail(std::move(done.error()));
  }

 private:
  friend class SuiteReader;  // protocols_test.cpp: reads shapes that are known at run time only

  // What the value at hand came as, where its kinds can't be told from it: scalars are text in all but `document`.
  enum class Form {
    document,  // JSON, CBOR
    numbered,  // awsQuery: Names.member.1
    elements,  // XML: <Names><member>
    text       // labels, the query, headers
  };

  template <class S, std::size_t N>
  void read_field(const json::Value& value, S&, const RefusedNames<N>& refused) {
    for (std::string_view name : refused.names) refuse_member(value, name);
  }

  template <class S, class Member>
  void read_field(const json::Value& value, S& out, const Field<S, Member>& field) {
    if (failed()) return;
    Member& member = out.*field.member;
    if constexpr (std::is_same_v<Member, http::Body*>) {
      member = request_.stream;
    } else if constexpr (std::is_same_v<Member, std::map<std::string, std::string>>) {
      if (field.place == Place::header_prefix && !direct()) return read_prefixed(field.limits.wire_name, member);
      read_named(value, member, field);
    } else {
      if (field.place == Place::payload && !direct()) return read_payload(member, field.name);
      read_named(value, member, field);
    }
  }

  template <class S, class Member>
  void read_named(const json::Value& value, Member& member, const Field<S, Member>& field) {
    enter_member(field.name);
    if (field.place == Place::body || direct()) {
      const json::Value* found = find_member(value, field.name, field.limits);
      if (found && !found->is_null()) {
        read(*found, member, field.limits);
      } else if (field.required || (field.place == Place::payload && Shape<Member>)) {
        missing();
      }
    } else if (const std::optional<json::Value> found = outside_body(field.name, field.place, field.limits.wire_name)) {
      const Form form = std::exchange(form_, Form::text);
      const bool splits = codec_detail::kIsList<Member> && field.place == Place::header;
      read(splits ? split_header(found->as_string()) : *found, member, field.limits);
      form_ = form;
    } else if (field.required) {
      missing();
    }
    leave();
  }

  template <class Member>
  void read_payload(Member& member, std::string_view name) {
    if constexpr (requires { member.has_value(); }) {
      if (!request_.body.empty()) read_payload(member.emplace(), name);
    } else if constexpr (std::is_same_v<Member, std::string>) {
      member = request_.body;
    } else if constexpr (std::is_same_v<Member, Blob>) {
      member.bytes = request_.body;
    } else if constexpr (WireEnum<Member>) {
      read(json::Value(request_.body), member, Limits{});
    } else {
      if constexpr (Shape<Member>) check_root(document_name<Member>(name));
      if (!failed()) read(request_.document, member, Limits{});
    }
  }

  bool direct() const { return request_.protocol == Protocol::direct; }
  bool is_text(const json::Value& value) const { return form_ != Form::document && value.is_string(); }
  const json::Value* find_member(const json::Value& value, std::string_view name, const Limits& limits) const;
  std::size_t read_enum(const json::Value& value, std::span<const std::string_view> names);
  const json::Array* list(const json::Value& value, const Limits& limits, json::Array& scratch);
  const json::Object* map(const json::Value& value, const Limits& limits, json::Object& scratch);
  bool is_structure(const json::Value& value);
  std::optional<json::Value> outside_body(std::string_view name, Place place, std::string_view wire_name) const;
  static json::Value split_header(std::string_view text);
  void read_prefixed(std::string_view prefix, std::map<std::string, std::string>& out) const;
  void refuse_member(const json::Value& value, std::string_view name);
  // A document is there and is called so, where the protocol is REST XML.
  void check_root(std::string_view name);
  // The constraint that a length breaks; the list or map as AWS's words show it.
  static std::optional<std::string> broken_length(std::size_t length, const Limits& limits);
  static std::string shown(const json::Array& elements);
  static std::string shown(const json::Object& entries);
  void check_range(std::string_view text, std::int64_t number, const Limits& limits);
  void missing();
  void enter(std::string_view name) { path_.emplace_back(name); }
  void enter_member(std::string_view name);
  void enter_element(std::size_t index);
  void leave() { path_.pop_back(); }
  void violate(std::string_view value, std::string_view constraint);
  void fail(ServiceError error);

  const Encoded& request_;
  Form form_;
  std::vector<std::string> path_;
  std::vector<std::string> violations_;
  std::optional<ServiceError> error_;
};

// Whether one member is the whole body.
template <class S>
consteval bool has_payload() {
  return std::apply([]<class... F>(const F&... field) { return (false || ... || codec_detail::is_payload(field)); },
                    S::members());
}

template <class Input>
Result<Input> decode(const Encoded& request) {
  Result<Input> input{std::in_place};
  Decoder decoder(request);
  // A body that is one member's alone may be anything; the others are elsewhere.
  const bool is_payload = has_payload<Input>() && request.protocol != Protocol::direct;
  decoder.read(is_payload ? json::Value() : request.document, *input, Limits{});
  if (auto error = decoder.verdict()) return failure(std::move(*error));
  return input;
}

}  // namespace localcloud::wire
