// The protocols' envelopes: what a body is before its shape is read, how answers and errors begin and end.
// https://smithy.io/2.0/aws/protocols/index.html

#include "localcloud/wire/protocol.hpp"

#include <algorithm>

#include "json/parse.hpp"
#include "json/write.hpp"
#include "localcloud/wire/cbor.hpp"
#include "localcloud/wire/json_writer.hpp"
#include "localcloud/wire/operation.hpp"
#include "localcloud/wire/rest_xml.hpp"
#include "localcloud/wire/xml_writer.hpp"

namespace localcloud::wire {

namespace {

constexpr std::size_t kFormDepthMax = 16;
constexpr std::size_t kFormParametersMax = 10'000;

// Adds value under "a.b.c". A name that is both a value and a branch keeps the branch.
bool add_parameter(json::Object& root, std::string_view name, std::string_view value) {
  json::Object* node = &root;
  for (std::size_t depth = 0;; ++depth) {
    if (depth == kFormDepthMax) return false;
    const std::size_t dot = name.find('.');
    json::Value& child = (*node)[name.substr(0, dot)];
    if (dot == std::string_view::npos) {
      if (!child.is_object()) child = json::Value(value);
      return true;
    }
    if (!child.is_object()) child = json::Value(json::Object());
    node = &child.as_object();
    name.remove_prefix(dot + 1);
  }
}

std::string_view without_prefix(std::string_view code) {
  const std::size_t hash = code.rfind('#');
  return hash == std::string_view::npos ? code : code.substr(hash + 1);
}

void write_xml(Writer& writer, const json::Value& value) {
  if (value.is_object()) {
    writer.begin_structure();
    for (const auto& [name, member] : value.as_object()) {
      writer.name(name);
      write_xml(writer, member);
    }
    writer.end_structure();
  } else if (value.is_array()) {
    writer.begin_list(value.as_array().size(), {});
    for (const json::Value& element : value.as_array()) write_xml(writer, element);
    writer.end_list();
  } else {
    writer.text(value.is_string() ? value.as_string() : json::write(value));
  }
}

// An error's extra members, which are JSON text (where it isn't, they are text).
std::string xml_members(const ServiceError& error) {
  json::Object members;
  for (const auto& [name, text] : error.members) {
    auto value = json::parse(text);
    members.set(name, value ? std::move(*value) : json::Value(text));
  }
  XmlWriter writer;
  write_xml(writer, json::Value(std::move(members)));
  return writer.take();
}

ErrorShape shape_of(const Encoded& request, const ServiceError& error) {
  const std::span<const ErrorShape> shapes = request.service->error_shapes;
  const auto found = std::ranges::find(shapes, error.code, &ErrorShape::name);
  return found == shapes.end() ? ErrorShape{.name = error.code} : *found;
}

std::string query_code(const Encoded& request, const ServiceError& error) {
  const ErrorShape shape = shape_of(request, error);
  return std::string(without_prefix(shape.query_code.empty() ? shape.name : shape.query_code));
}

std::string query_error(const Encoded& request, const ServiceError& error) {
  return "<ErrorResponse xmlns=\"" + std::string(request.service->xml_namespace) + "\"><Error><Type>" +
         (error.http_status < 500 ? "Sender" : "Receiver") + "</Type><Code>" + escape_xml(query_code(request, error)) +
         "</Code><Message>" + escape_xml(error.message) + "</Message>" + xml_members(error) + "</Error><RequestId>" +
         request.request_id + "</RequestId></ErrorResponse>";
}

std::string s3_error(const Encoded& request, const ServiceError& error) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>" + escape_xml(error.code) + "</Code><Message>" +
         escape_xml(error.message) + "</Message>" + xml_members(error) + "<RequestId>" + request.request_id +
         "</RequestId><HostId>" + request.request_id + "</HostId></Error>";
}

json::Object error_document(const Encoded& request, const ServiceError& error) {
  const std::string_view message = request.protocol == Protocol::direct ? "message" : shape_of(request, error).message;
  json::Object out{{"__type", error.code}, {std::string(message), error.message}};
  for (const auto& [name, text] : error.members) {
    auto value = json::parse(text);
    out.set(name, value ? std::move(*value) : json::Value(text));
  }
  return out;
}

void add_query_compatible_header(const Encoded& request, const ServiceError& error, http::Reply& reply) {
  if (request.service->api_version.empty()) return;
  reply.headers.emplace_back("x-amzn-query-error",
                             query_code(request, error) + (error.http_status < 500 ? ";Sender" : ";Receiver"));
}

}  // namespace

std::optional<json::Value> parse_form(std::string_view form) {
  const auto parameters = http::parse_query(form);
  if (!parameters || parameters->size() > kFormParametersMax) return std::nullopt;
  json::Object root;
  for (const auto& [name, value] : *parameters) {
    if (!add_parameter(root, name, value)) return std::nullopt;
  }
  return json::Value(std::move(root));
}

Result<Done> parse_document(Encoded& request, std::string_view body) {
  if (request.protocol == Protocol::aws_query) {
    auto form = parse_form(body);
    if (!form) return failure({"MalformedQueryString", "The query string is malformed.", 400});
    request.document = std::move(*form);
  } else if (request.protocol == Protocol::cbor) {
    if (body.empty()) return Done{};
    auto document = parse_cbor(body);
    if (!document) return failure({"SerializationException", "The body is not valid CBOR.", 400});
    request.document = std::move(*document);
  } else if (request.protocol == Protocol::rest_xml) {
    if (body.empty()) return Done{};
    auto document = parse_xml(body);
    if (!document) return failure(malformed_xml());
    request.root = std::move(document->root);
    request.document = std::move(document->content);
  } else if (!body.empty()) {
    auto document = json::parse(body);
    if (!document) {
      return failure(
          {"SerializationException", "Could not parse the request body: " + document.error().describe(), 400});
    }
    request.document = std::move(*document);
  }
  return Done{};
}

std::unique_ptr<Writer> begin_reply(const Encoded& request, std::string_view operation) {
  if (request.protocol == Protocol::aws_query) return std::make_unique<XmlWriter>();
  if (request.protocol == Protocol::rest_xml) {
    return std::make_unique<XmlWriter>(operation, request.service->xml_namespace);
  }
  if (request.protocol == Protocol::cbor) return std::make_unique<CborWriter>();
  if (request.protocol == Protocol::direct) return std::make_unique<JsonWriter>(JsonWriter::Members::all);
  return std::make_unique<JsonWriter>();
}

void finish_reply(const Encoded& request, std::string_view operation, Writer& writer, http::Reply& reply) {
  const Service& service = *request.service;
  const std::string name(operation);
  switch (request.protocol) {
    case Protocol::aws_json:
      reply.headers.emplace_back("Content-Type", "application/x-amz-json-" + std::string(service.json_version));
      reply.body = writer.take();
      break;
    case Protocol::direct:
      reply.body = writer.take();
      break;
    case Protocol::rest_json:
      if (reply.status == 204) break;
      reply.headers.emplace_back("Content-Type", "application/json");
      reply.body = writer.take();
      break;
    case Protocol::cbor:
      reply.headers.emplace_back("Content-Type", "application/cbor");
      reply.headers.emplace_back("smithy-protocol", "rpc-v2-cbor");
      reply.body = writer.take();
      break;
    case Protocol::aws_query:
      reply.headers.emplace_back("Content-Type", "text/xml");
      reply.body = "<" + name + "Response xmlns=\"" + std::string(service.xml_namespace) + "\"><" + name + "Result>" +
                   writer.take() + "</" + name + "Result><ResponseMetadata><RequestId>" + request.request_id +
                   "</RequestId></ResponseMetadata></" + name + "Response>";
      break;
    case Protocol::rest_xml:
      reply.headers.emplace_back("Content-Type", "application/xml");
      reply.body = writer.take();
      break;
  }
}

http::Reply error_reply(const Encoded& request, const ServiceError& error) {
  http::Reply reply;
  reply.status = error.http_status;
  switch (request.protocol) {
    case Protocol::aws_json:
      reply.headers.emplace_back("Content-Type",
                                 "application/x-amz-json-" + std::string(request.service->json_version));
      add_query_compatible_header(request, error, reply);
      reply.body = json::write(error_document(request, error));
      break;
    case Protocol::direct:
      reply.body = json::write(error_document(request, error));
      break;
    case Protocol::rest_json: {
      reply.headers.emplace_back("Content-Type", "application/json");
      reply.headers.emplace_back("x-amzn-ErrorType", error.code);
      reply.headers.insert(reply.headers.end(), error.headers.begin(), error.headers.end());
      json::Object body = error_document(request, error);
      body.erase("__type");
      if (!body.contains("Type")) body.set("Type", error.http_status < 500 ? "User" : "Service");
      reply.body = json::write(body);
      break;
    }
    case Protocol::cbor: {
      reply.headers.emplace_back("Content-Type", "application/cbor");
      reply.headers.emplace_back("smithy-protocol", "rpc-v2-cbor");
      add_query_compatible_header(request, error, reply);
      CborWriter writer;
      writer.document(json::Value(error_document(request, error)));
      reply.body = writer.take();
      break;
    }
    case Protocol::aws_query:
      reply.headers.emplace_back("Content-Type", "text/xml");
      reply.body = query_error(request, error);
      break;
    case Protocol::rest_xml:
      reply.headers.insert(reply.headers.end(), error.headers.begin(), error.headers.end());
      if (reply.status == 304) break;
      reply.headers.emplace_back("Content-Type", "application/xml");
      reply.body = s3_error(request, error);
      break;
  }
  return reply;
}

}  // namespace localcloud::wire
