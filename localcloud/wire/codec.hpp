#pragma once
// Between a shape and a protocol: what a request's body is read as (decoder.hpp), and a whole reply, its headers and
// status included. What the protocols are is in protocol.cpp and in the Writers (writer.hpp).

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/result.hpp"
#include "json/value.hpp"
#include "localcloud/wire/decoder.hpp"
#include "localcloud/wire/http/message.hpp"
#include "localcloud/wire/shape.hpp"
#include "localcloud/wire/writer.hpp"

namespace localcloud::wire {

// How the request's protocol begins and ends a reply.
std::unique_ptr<Writer> begin_reply(const Encoded& request, std::string_view operation);
void finish_reply(const Encoded& request, std::string_view operation, Writer& writer, http::Reply& reply);
http::Reply error_reply(const Encoded& request, const ServiceError& error);

namespace codec_detail {

std::string header_text(const std::string& value, const Limits& limits);
std::string header_text(bool value, const Limits& limits);
std::string header_text(std::int32_t value, const Limits& limits);
std::string header_text(std::int64_t value, const Limits& limits);
std::string header_text(double value, const Limits& limits);
std::string header_text(Timestamp value, const Limits& limits);  // as an HTTP date, where nothing else is said
template <WireEnum T>
std::string header_text(T value, const Limits&) {
  return std::string(to_wire(value));
}
// An element of a list in a header: in quotes where it has a comma or quotes itself.
std::string header_element(std::string text);
template <class T>
  requires requires(const T& element, const Limits& limits) { header_text(element, limits); }
std::string header_text(const std::vector<T>& value, const Limits& limits) {
  std::string out;
  for (const auto& element : value) {
    std::string text = header_text(element, limits_of_each(limits));
    if constexpr (!std::is_same_v<T, Timestamp>) text = header_element(std::move(text));
    out += (out.empty() ? "" : ", ") + text;
  }
  return out;
}

template <class Member>
void add_header(http::Reply& reply, const Limits& limits, const Member& member) {
  const std::string name(limits.wire_name);
  if constexpr (std::is_same_v<Member, std::map<std::string, std::string>>) {
    for (const auto& [suffix, value] : member) reply.headers.emplace_back(name + suffix, value);
  } else if constexpr (requires { member.has_value(); }) {
    if (member.has_value()) add_header(reply, limits, *member);
  } else if constexpr (requires { header_text(member, limits); }) {
    reply.headers.emplace_back(name, header_text(member, limits));
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
  } else if constexpr (WireEnum<Member>) {
    reply.body = to_wire(member);
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
    add_header(reply, field.limits, member);
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

// What is the body as it comes, rather than a document in it.
template <class T>
inline constexpr bool kIsRaw = std::is_same_v<T, std::string> || std::is_same_v<T, Blob> || WireEnum<T>;
template <class T>
inline constexpr bool kIsRaw<std::optional<T>> = kIsRaw<T>;

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
    return field.place == Place::payload && !kIsRaw<Member> && !kIsStream<F>;
  }
  return false;
}

// Whether an operation with this input wants its body parsed.
template <class Input>
consteval bool reads_document() {
  return std::apply([](const auto&... field) { return (false || ... || reads_document_for(field)); }, Input::members());
}

}  // namespace localcloud::wire
