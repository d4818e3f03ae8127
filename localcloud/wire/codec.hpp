#pragma once
// Reads a shape from a request and writes one to a reply, whatever the protocol. The protocols themselves are in
// aws_json.cpp, aws_query.cpp, rest.cpp and cbor.cpp: each turns bytes into a json::Value and a Writer's calls to
// bytes.

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
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
  std::vector<std::pair<std::string, std::string>> labels;  // REST: from the path, decoded
  std::vector<std::pair<std::string, std::string>> query;   // REST: decoded
  std::string body;                                         // REST: as it came
  http::Body* stream = nullptr;                             // instead of `body` where the operation streams
};

// Reads values into members and gathers what is wrong. A type error ends the reading at once; a broken constraint is
// noted and reported after every member has been read, because AWS checks all types before any limit.
class Decoder {
 public:
  explicit Decoder(const Encoded& request)
      : request_(request), text_(request.protocol == Protocol::aws_query || request.protocol == Protocol::rest_xml) {}

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
    const json::Array* elements = in_xml() ? xml_elements(value, limits, scratch) : list(value, scratch);
    if (!elements) return;
    out.reserve(elements->size());
    for (std::size_t i = 0; i < elements->size() && !failed(); ++i) {
      enter_element(i);
      read((*elements)[i], out.emplace_back(), Limits{});
      leave();
    }
    check_length("list", value, out.size(), limits);
  }

  template <class T>
  void read(const json::Value& value, std::map<std::string, T>& out, const Limits& limits) {
    json::Object scratch;
    const json::Object* entries = map(value, scratch);
    if (!entries) return;
    for (const auto& [key, element] : *entries) {
      if (failed()) return;
      enter(key);
      enter("member");
      read(element, out[key], Limits{});
      leave();
      leave();
    }
    check_length("map", value, out.size(), limits);
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
      if (field.place == Place::payload && !direct()) return read_payload(member);
      read_named(value, member, field);
    }
  }

  template <class S, class Member>
  void read_named(const json::Value& value, Member& member, const Field<S, Member>& field) {
    enter_member(field.name);
    if (field.place == Place::body || direct()) {
      const bool renamed = in_xml() && !field.limits.wire_name.empty();
      const json::Value* found = value.find(renamed ? field.limits.wire_name : field.name);
      if (found && !found->is_null()) {
        read(*found, member, field.limits);
      } else if (field.required) {
        missing();
      }
    } else if (const std::optional<json::Value> found = outside_body(field.name, field.place, field.limits.wire_name)) {
      const bool was_text = std::exchange(text_, true);
      read(*found, member, field.limits);
      text_ = was_text;
    } else if (field.required) {
      missing();
    }
    leave();
  }

  template <class Member>
  void read_payload(Member& member) {
    if constexpr (std::is_same_v<Member, std::string>) {
      member = request_.body;
    } else if constexpr (std::is_same_v<Member, Blob>) {
      member.bytes = request_.body;
    } else {
      read(request_.document, member, Limits{});
    }
  }

  bool direct() const { return request_.protocol == Protocol::direct; }
  bool in_xml() const { return request_.protocol == Protocol::rest_xml; }
  // XML doesn't tell a list of one from its element: <Tag/> is {…}, <Tag/><Tag/> is [{…}, {…}].
  static const json::Array* xml_elements(const json::Value& value, const Limits& limits, json::Array& scratch) {
    const json::Value* elements = limits.flattened ? &value : value.find(limits.element);
    if (!elements) return &scratch;
    if (elements->is_array()) return &elements->as_array();
    scratch.push_back(*elements);
    return &scratch;
  }
  std::size_t read_enum(const json::Value& value, std::span<const std::string_view> names);
  const json::Array* list(const json::Value& value, json::Array& scratch);
  const json::Object* map(const json::Value& value, json::Object& scratch);
  bool is_structure(const json::Value& value);
  std::optional<json::Value> outside_body(std::string_view name, Place place, std::string_view wire_name) const;
  void read_prefixed(std::string_view prefix, std::map<std::string, std::string>& out) const;
  void refuse_member(const json::Value& value, std::string_view name);
  void check_length(std::string_view kind, const json::Value& value, std::size_t length, const Limits& limits);
  void check_range(std::string_view text, std::int64_t number, const Limits& limits);
  void missing();
  void enter(std::string_view name) { path_.emplace_back(name); }
  void enter_member(std::string_view name);
  void enter_element(std::size_t index);
  void leave() { path_.pop_back(); }
  void violate(std::string_view value, std::string_view constraint);
  void fail(ServiceError error) {
    if (!error_) error_ = std::move(error);
  }

  const Encoded& request_;
  bool text_;  // scalars come as text, lists and maps as numbered members
  std::vector<std::string> path_;
  std::vector<std::string> violations_;
  std::optional<ServiceError> error_;
};

template <class Input>
Result<Input> decode(const Encoded& request) {
  Result<Input> input{std::in_place};
  Decoder decoder(request);
  decoder.read(request.document, *input, Limits{});
  if (auto error = decoder.verdict()) return failure(std::move(*error));
  return input;
}

// Writes a shape as one protocol writes it. Values come in order: name(), then one value.
class Writer {
 public:
  virtual ~Writer() = default;
  virtual void begin_structure() = 0;
  virtual void end_structure() = 0;
  // Whether members that travel outside the body are written too.
  virtual bool writes_every_place() const { return false; }
  virtual void name(std::string_view name) = 0;  // of the member or map entry whose value comes next
  // A structure's member; REST XML may call it otherwise (limits.wire_name) and write a list flattened.
  virtual void member(std::string_view name, const Limits&) { this->name(name); }
  virtual void begin_list(std::size_t size, std::string_view element) = 0;
  virtual void end_list() = 0;
  virtual void begin_map(std::size_t size) = 0;
  virtual void end_map() = 0;
  virtual void text(std::string_view value) = 0;
  virtual void boolean(bool value) = 0;
  virtual void integer(std::int64_t value) = 0;
  virtual void number(double value) = 0;
  virtual void timestamp(base::Time value) = 0;
  virtual void blob(std::string_view bytes) = 0;
  virtual void document(const json::Value& value) = 0;
  // JSON text of a type that writes itself; JSON protocols only.
  virtual std::string* json_text() = 0;
  virtual void json_text_done() {}
  // Everything that was written.
  virtual std::string take() = 0;
};

inline void write_value(Writer& writer, const std::string& value, const Limits&) {
  writer.text(value);
}
inline void write_value(Writer& writer, bool value, const Limits&) {
  writer.boolean(value);
}
inline void write_value(Writer& writer, std::int32_t value, const Limits&) {
  writer.integer(value);
}
inline void write_value(Writer& writer, std::int64_t value, const Limits&) {
  writer.integer(value);
}
inline void write_value(Writer& writer, double value, const Limits&) {
  writer.number(value);
}
inline void write_value(Writer& writer, Timestamp value, const Limits&) {
  writer.timestamp(value.time);
}
inline void write_value(Writer& writer, const Blob& value, const Limits&) {
  writer.blob(value.bytes);
}
inline void write_value(Writer& writer, const json::Value& value, const Limits&) {
  writer.document(value);
}
template <WireEnum T>
void write_value(Writer& writer, T value, const Limits&) {
  writer.text(to_wire(value));
}
template <class T>
void write_value(Writer& writer, const std::vector<T>& value, const Limits& limits);
template <class T>
void write_value(Writer& writer, const std::map<std::string, T>& value, const Limits& limits);
template <Shape T>
void write_value(Writer& writer, const T& value, const Limits&);
template <class T>
  requires requires(std::string& out, const T& value) { write_json(out, value); }
void write_value(Writer& writer, const T& value, const Limits&) {
  write_json(*writer.json_text(), value);
  writer.json_text_done();
}

// A stream's bytes, for a caller within the process; as much as 16 MB.
std::string read_whole(const http::Stream& stream);

template <class S, std::size_t N>
void write_member(Writer&, const S&, const RefusedNames<N>&) {}
template <class S, class Member>
void write_member(Writer& writer, const S& shape, const Field<S, Member>& field) {
  const Member& member = shape.*field.member;
  if constexpr (std::is_same_v<Member, http::Stream>) {
    if (writer.writes_every_place()) writer.member(field.name, field.limits), writer.text(read_whole(member));
  } else {
    if (field.place != Place::body && !writer.writes_every_place()) return;
    if constexpr (requires { member.has_value(); }) {
      if (!member.has_value()) return;
      writer.member(field.name, field.limits);
      write_value(writer, *member, field.limits);
    } else {
      writer.member(field.name, field.limits);
      write_value(writer, member, field.limits);
    }
  }
}
template <Shape T>
void write_value(Writer& writer, const T& value, const Limits&) {
  writer.begin_structure();
  std::apply([&](const auto&... field) { (write_member(writer, value, field), ...); }, T::members());
  writer.end_structure();
}
template <class T>
void write_value(Writer& writer, const std::vector<T>& value, const Limits& limits) {
  writer.begin_list(value.size(), limits.element);
  for (const T& element : value) write_value(writer, element, Limits{});
  writer.end_list();
}
template <class T>
void write_value(Writer& writer, const std::map<std::string, T>& value, const Limits&) {
  writer.begin_map(value.size());
  for (const auto& [key, element] : value) {
    writer.name(key);
    write_value(writer, element, Limits{});
  }
  writer.end_map();
}

// How the request's protocol begins and ends a reply.
std::unique_ptr<Writer> begin_reply(const Encoded& request, std::string_view operation);
void finish_reply(const Encoded& request, std::string_view operation, Writer& writer, http::Reply& reply);
http::Reply error_reply(const Encoded& request, const ServiceError& error);

// What an answer is called: REST XML's documents have names of their own (kXmlRoot), others go by their operation.
template <class T>
constexpr std::string_view document_name(std::string_view operation) {
  if constexpr (requires { T::kXmlRoot; }) return T::kXmlRoot;
  return operation;
}

namespace codec_detail {

std::string header_text(const std::string& value);
std::string header_text(bool value);
std::string header_text(std::int32_t value);
std::string header_text(std::int64_t value);
std::string header_text(Timestamp value);  // as an HTTP date
template <WireEnum T>
std::string header_text(T value) {
  return std::string(to_wire(value));
}

template <class Member>
void add_header(http::Reply& reply, std::string_view name, const Member& member) {
  if constexpr (std::is_same_v<Member, std::map<std::string, std::string>>) {
    for (const auto& [suffix, value] : member) reply.headers.emplace_back(std::string(name) + suffix, value);
  } else if constexpr (requires { member.has_value(); }) {
    if (member.has_value()) add_header(reply, name, *member);
  } else if constexpr (requires { header_text(member); }) {
    reply.headers.emplace_back(std::string(name), header_text(member));
  }
}

template <class Member>
void place_payload(const Encoded& request, http::Reply& reply, Member& member) {
  if constexpr (std::is_same_v<Member, http::Stream>) {
    reply.stream = std::move(member.source);
    reply.content_length = member.size;
  } else if constexpr (std::is_same_v<Member, std::string>) {
    reply.body = std::move(member);
  } else if constexpr (std::is_same_v<Member, Blob>) {
    reply.body = std::move(member.bytes);
  } else if constexpr (requires { member.has_value(); }) {
    if (member) place_payload(request, reply, *member);
  } else if constexpr (Shape<Member> || std::is_same_v<Member, json::Value>) {
    const std::unique_ptr<Writer> writer = begin_reply(request, document_name<Member>({}));
    write_value(*writer, member, Limits{});
    reply.body = writer->take();
  }
}

// Puts what travels outside the body's members where it belongs; says whether the body is taken by a payload.
template <class S, std::size_t N>
bool place_member(const Encoded&, http::Reply&, S&, const RefusedNames<N>&) {
  return false;
}
template <class S, class Member>
bool place_member(const Encoded& request, http::Reply& reply, S& shape, const Field<S, Member>& field) {
  Member& member = shape.*field.member;
  if (field.place == Place::header || field.place == Place::header_prefix) {
    add_header(reply, field.limits.wire_name, member);
  } else if (field.place == Place::status) {
    if constexpr (std::is_convertible_v<Member, int>) reply.status = static_cast<int>(member);
  } else if (field.place == Place::payload) {
    place_payload(request, reply, member);
    return true;
  }
  return false;
}

}  // namespace codec_detail

// Whether any member of an answer travels in its body.
template <class Output>
consteval bool has_body() {
  return std::apply([](const auto&... field) { return (false || ... || (field.place == Place::body)); },
                    Output::members());
}

// The reply of an operation: its output as the request's protocol writes it, or its error.
template <class Op>
http::Reply reply(const Encoded& request, Result<typename Op::Output> output) {
  if (!output) return error_reply(request, output.error());
  http::Reply reply;
  if constexpr (requires { Op::kStatus; }) reply.status = Op::kStatus;
  if constexpr (requires { Op::kContentType; }) reply.headers.emplace_back("Content-Type", Op::kContentType);
  const bool payload = request.protocol != Protocol::direct &&
                       std::apply(
                           [&](const auto&... field) {
                             return (false | ... | codec_detail::place_member(request, reply, *output, field));
                           },
                           Op::Output::members());
  if (!payload && !(request.protocol == Protocol::rest_xml && !has_body<typename Op::Output>())) {
    constexpr std::string_view kDocument = document_name<typename Op::Output>(Op::kName);
    const std::unique_ptr<Writer> writer = begin_reply(request, kDocument);
    write_value(*writer, *output, Limits{});
    finish_reply(request, kDocument, *writer, reply);
  }
  return reply;
}

namespace codec_detail {
template <class F>
struct MemberOfField;
template <class S, class Member>
struct MemberOfField<Field<S, Member>> {
  using Type = Member;
};
template <class F>
using MemberOf = typename MemberOfField<F>::Type;
}  // namespace codec_detail

template <class F>
inline constexpr bool kIsStream = false;
template <class S>
inline constexpr bool kIsStream<Field<S, http::Body*>> = true;

// Whether an operation with this input reads its body itself.
template <class Input>
consteval bool reads_stream() {
  return std::apply([]<class... F>(const F&...) { return (false || ... || kIsStream<F>); }, Input::members());
}

template <class F>
constexpr bool reads_document_for(const F& field) {
  if constexpr (requires { field.member; }) {
    if (field.place == Place::body) return true;
    using Member = codec_detail::MemberOf<F>;
    constexpr bool kRaw = std::is_same_v<Member, std::string> || std::is_same_v<Member, Blob> || kIsStream<F>;
    return field.place == Place::payload && !kRaw;
  }
  return false;
}

// Whether an operation with this input wants its body parsed.
template <class Input>
consteval bool reads_document() {
  return std::apply([](const auto&... field) { return (false || ... || reads_document_for(field)); }, Input::members());
}

}  // namespace localcloud::wire
