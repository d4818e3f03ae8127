// The server's side of protocols_test.cpp: a case's shapes on their way through the Decoder and the Writers.

#include <cmath>
#include <utility>

#include "aws/dates.hpp"
#include "json/write.hpp"
#include "localcloud/wire/json_writer.hpp"
#include "localcloud/wire/protocols_suite.hpp"

namespace localcloud::wire {

SuiteRef SuiteModel::ref(const json::Value& reference) const {
  const json::Value* const shape = shapes_.find(reference.get_string("shape").value_or(""));
  CHECK(shape != nullptr);
  return {&reference, shape};
}

std::vector<std::pair<std::string_view, SuiteRef>> SuiteModel::members(const SuiteRef& structure) const {
  std::vector<std::pair<std::string_view, SuiteRef>> out;
  for (const auto& [name, reference] : structure.shape->find("members")->as_object()) {
    out.emplace_back(name, ref(reference));
  }
  return out;
}

const Limits& SuiteModel::limits(std::string_view name, const SuiteRef& ref) {
  Limits limits;
  const std::string_view place = ref.place();
  limits.wire_name = ref.reference->get_string("locationName").value_or("");
  const bool renamed_always = place == "header" || (place == "querystring" && ref.type() != "map");
  if (limits.wire_name.empty() && renamed_always) limits.wire_name = name;
  limits.flattened = ref.has("flattened");
  limits.attribute = ref.has("xmlAttribute");
  if (const json::Value* const format = ref.find("timestampFormat")) {
    limits.timestamp_format = format->as_string() == "iso8601"  ? TimestampFormat::rfc3339
                              : format->as_string() == "rfc822" ? TimestampFormat::http_date
                                                                : TimestampFormat::epoch_seconds;
  }
  const auto name_of = [&](std::string_view part, std::string_view otherwise) {
    return ref.shape->find(part)->get_string("locationName").value_or(otherwise);
  };
  if (ref.type() == "list") {
    limits.element = name_of("member", "member");
    limits.each = &this->limits({}, element(ref));
  } else if (ref.type() == "map") {
    limits.key = name_of("key", "key");
    limits.value = name_of("value", "value");
    limits.each = &this->limits({}, value(ref));
  }
  return limits_.emplace_back(limits);
}

Place suite_place(std::string_view name, const SuiteRef& ref, std::string_view payload) {
  const std::string_view place = ref.place();
  if (name == payload) return Place::payload;
  if (place == "uri") return Place::label;
  if (place == "querystring") return Place::query;
  if (place == "header") return Place::header;
  if (place == "headers") return Place::header_prefix;
  if (place == "statusCode") return Place::status;
  return Place::body;
}

Place answer_place(std::string_view name, const SuiteRef& ref, std::string_view payload) {
  const Place place = suite_place(name, ref, payload);
  return place == Place::label || place == Place::query ? Place::body : place;
}

json::Value suite_value(const std::string& value) {
  return value;
}
json::Value suite_value(bool value) {
  return value;
}
json::Value suite_value(std::int64_t value) {
  return value;
}
json::Value suite_value(double value) {
  return std::isfinite(value) ? json::Value(value) : json::Value(number_text(value));
}
json::Value suite_value(Timestamp value) {
  return json::Number::from_text(aws::format_epoch_s(value.time));
}
json::Value suite_value(const Blob& value) {
  return value.bytes;
}

template <>
std::string from_suite(const json::Value& value) {
  return value.as_string();
}
template <>
bool from_suite(const json::Value& value) {
  return value.as_bool();
}
template <>
std::int64_t from_suite(const json::Value& value) {
  return value.as_number().as_int64().value();
}
template <>
double from_suite(const json::Value& value) {
  if (value.is_number()) return value.as_number().as_double();
  return value.as_string() == "NaN" ? std::nan("") : value.as_string() == "Infinity" ? INFINITY : -INFINITY;
}
template <>
Timestamp from_suite(const json::Value& value) {
  return {aws::parse_epoch_s(value.as_number().text()).value()};
}
template <>
Blob from_suite(const json::Value& value) {
  return {value.as_string()};
}

// ---------------------------------------------------------------------------------------------------- requests

template <class T>
json::Value SuiteReader::to_json(const T& value, const SuiteRef& ref) {
  if constexpr (std::is_same_v<T, json::Value>) {
    return ref.is_document() ? value : nested(value, ref);
  } else if constexpr (codec_detail::kIsList<T>) {
    json::Array out;
    for (const auto& element : value) out.push_back(to_json<typename T::value_type>(element, model_.element(ref)));
    return json::Value(std::move(out));
  } else if constexpr (requires { typename T::mapped_type; }) {
    json::Object out;
    for (const auto& [key, element] : value) out.set(key, to_json(element, model_.value(ref)));
    return json::Value(std::move(out));
  } else {
    return suite_value(value);
  }
}

json::Value SuiteReader::nested(const json::Value& value, const SuiteRef& ref) {
  if (ref.type() == "structure") return structure(value, ref);
  return visit_type(model_, ref, [&]<class T>(std::type_identity<T>) {
    T out{};
    decoder_.read(value, out, model_.limits({}, ref));
    return to_json(out, ref);
  });
}

json::Value SuiteReader::member(const json::Value& value, std::string_view name, const SuiteRef& ref, Place place) {
  const Limits& limits = model_.limits(name, ref);
  if (place == Place::header_prefix) {
    using Map = std::map<std::string, std::string>;
    Holder<Map> holder;
    decoder_.read_field(value, holder, Field<Holder<Map>, Map>{name, &Holder<Map>::member, false, limits, place});
    return to_json(holder.member, ref);
  }
  return visit_type(model_, ref, [&]<class T>(std::type_identity<T>) {
    using Member = std::optional<T>;
    Holder<Member> holder;
    decoder_.read_field(value, holder,
                        Field<Holder<Member>, Member>{name, &Holder<Member>::member, false, limits, place});
    if (!holder.member || decoder_.failed()) return json::Value();
    // What nests outside the body is text too.
    const bool outside = place != Place::body && place != Place::payload;
    const auto form = std::exchange(decoder_.form_, outside ? Decoder::Form::text : decoder_.form_);
    json::Value out = to_json(*holder.member, ref);
    decoder_.form_ = form;
    return out;
  });
}

json::Value SuiteReader::structure(const json::Value& value, const SuiteRef& ref) {
  json::Object out;
  if (!decoder_.is_structure(value)) return json::Value();
  for (const auto& [name, member_ref] : model_.members(ref)) {
    json::Value found = member(value, name, member_ref, suite_place(name, member_ref, model_.payload(ref)));
    if (!found.is_null()) out.set(name, std::move(found));
  }
  return json::Value(std::move(out));
}

// ----------------------------------------------------------------------------------------------------- answers

namespace {

// A value that is written as its shape says.
struct Dynamic {
  SuiteModel* model;
  SuiteRef ref;
  const json::Value* value;
};
template <class T>
struct Held {
  T member;
};

void write_structure(Writer& writer, const Dynamic& structure) {
  writer.begin_structure();
  for (const auto& [name, ref] : structure.model->members(structure.ref)) {
    const json::Value* const value = structure.value->find(name);
    Held<std::optional<Dynamic>> held;
    if (value && !value->is_null()) held.member = Dynamic{structure.model, ref, value};
    using Member = std::optional<Dynamic>;
    write_member(writer, held,
                 Field<Held<Member>, Member>{name, &Held<Member>::member, false, structure.model->limits(name, ref),
                                             answer_place(name, ref, structure.model->payload(structure.ref))});
  }
  writer.end_structure();
}

void write_value(Writer& writer, const Dynamic& dynamic, const Limits& limits) {
  using wire::write_value;
  const auto& [model, ref, value] = dynamic;
  if (ref.type() == "list") {
    std::vector<Dynamic> elements;
    for (const json::Value& element : value->as_array()) elements.push_back({model, model->element(ref), &element});
    return write_value(writer, elements, limits);
  }
  if (ref.type() == "map") {
    std::map<std::string, Dynamic> entries;
    for (const auto& [key, element] : value->as_object()) entries.insert({key, {model, model->value(ref), &element}});
    return write_value(writer, entries, limits);
  }
  visit_leaf(ref, [&]<class T>(std::type_identity<T>) {
    if constexpr (!std::is_same_v<T, json::Value>) {
      write_value(writer, from_suite<T>(*value), limits);
    } else if (ref.is_document()) {
      write_value(writer, *value, limits);
    } else {
      write_structure(writer, dynamic);
    }
  });
}

template <class T>
bool place(const Encoded& request, http::Reply& reply, T value, std::string_view name, const Limits& limits,
           Place where) {
  Held<T> held{std::move(value)};
  return codec_detail::place_member(request, reply, held,
                                    Field<Held<T>, T>{name, &Held<T>::member, false, limits, where});
}

void place_header(const Encoded& request, http::Reply& reply, const Dynamic& dynamic, std::string_view name) {
  const Limits& limits = dynamic.model->limits(name, dynamic.ref);
  const bool is_list = dynamic.ref.type() == "list";
  visit_leaf(is_list ? dynamic.model->element(dynamic.ref) : dynamic.ref, [&]<class T>(std::type_identity<T>) {
    if constexpr (!std::is_same_v<T, json::Value> && !std::is_same_v<T, Blob>) {
      if (!is_list) {
        place(request, reply, std::optional<T>(from_suite<T>(*dynamic.value)), name, limits, Place::header);
        return;
      }
      std::vector<T> elements;
      for (const json::Value& element : dynamic.value->as_array()) elements.push_back(from_suite<T>(element));
      place(request, reply, std::optional(std::move(elements)), name, limits, Place::header);
    } else {
      CHECK(!"no header holds a document or bytes");
    }
  });
}

void place_body(const Encoded& request, http::Reply& reply, const Dynamic& dynamic, std::string_view name) {
  const std::string_view type = dynamic.ref.type();
  if (type == "string") {
    place(request, reply, std::optional(from_suite<std::string>(*dynamic.value)), name, {}, Place::payload);
  } else if (type == "blob") {
    place(request, reply, std::optional(from_suite<Blob>(*dynamic.value)), name, {}, Place::payload);
  } else if (dynamic.ref.is_document()) {
    place(request, reply, *dynamic.value, name, {}, Place::payload);
  } else {
    const std::unique_ptr<Writer> writer = begin_reply(request, name);
    write_structure(*writer, dynamic);
    reply.body = writer->take();
  }
}

}  // namespace

http::Reply suite_reply(SuiteModel& model, const Encoded& request, std::string_view operation, const SuiteRef& output,
                        const json::Value& result) {
  http::Reply reply;
  bool has_body = false;
  for (const auto& [name, ref] : model.members(output)) {
    const Place where = answer_place(name, ref, model.payload(output));
    const json::Value* const value = result.find(name);
    if (where == Place::body) has_body = true;
    if (!value || value->is_null()) continue;
    const Dynamic dynamic{&model, ref, value};
    if (where == Place::header) {
      place_header(request, reply, dynamic, name);
    } else if (where == Place::header_prefix) {
      std::map<std::string, std::string> headers;
      for (const auto& [suffix, text] : value->as_object()) headers[suffix] = text.as_string();
      place(request, reply, std::move(headers), name, model.limits(name, ref), where);
    } else if (where == Place::status) {
      place(request, reply, static_cast<int>(from_suite<std::int64_t>(*value)), name, {}, where);
    } else if (where == Place::payload) {
      place_body(request, reply, dynamic, name);
    }
  }
  const bool payload = !model.payload(output).empty();
  if (!payload && !(request.protocol == Protocol::rest_xml && !has_body)) {
    const std::unique_ptr<Writer> writer = begin_reply(request, operation);
    write_structure(*writer, {&model, output, &result});
    finish_reply(request, operation, *writer, reply);
  }
  return reply;
}

http::Reply suite_error(SuiteModel& model, const Encoded& request, const json::Value& one_case) {
  ServiceError error{std::string(one_case.get_string("errorCode").value_or("")),
                     std::string(one_case.get_string("errorMessage").value_or("")),
                     static_cast<int>(one_case.find("response")->get_int64("status_code").value_or(400))};
  const SuiteRef shape = model.ref(one_case.find("given")->find("errors")->as_array().front());
  for (const auto& [name, ref] : model.members(shape)) {
    const json::Value* const value = one_case.find("error") ? one_case.find("error")->find(name) : nullptr;
    if (!value || name == "message" || name == "Message") continue;
    const Dynamic dynamic{&model, ref, value};
    if (suite_place(name, ref, {}) == Place::header) {
      http::Reply reply;
      place_header(request, reply, dynamic, name);
      error.headers.push_back(reply.headers.front());
      continue;
    }
    JsonWriter writer;
    write_value(writer, dynamic, model.limits(name, ref));
    error.members.emplace_back(std::string(ref.reference->get_string("locationName").value_or(name)), writer.take());
  }
  return error_reply(request, error);
}

}  // namespace localcloud::wire
