// The client's side of protocols_test.cpp: reads an answer by the protocols' rules, with nothing of the codecs but the
// CBOR parser (of which codec_test.cpp shows that it reads what others wrote).

#include <cstdlib>
#include <pugixml.hpp>

#include "aws/dates.hpp"
#include "base/text.hpp"
#include "json/parse.hpp"
#include "localcloud/wire/cbor.hpp"
#include "localcloud/wire/protocols_suite.hpp"

namespace localcloud::wire {
namespace {

constexpr std::string_view kWrong = "not in the form that the model says: ";

std::string name_of(std::string_view name, const SuiteRef& ref) {
  return std::string(ref.reference->get_string("locationName").value_or(name));
}

json::Value wrong(std::string_view text) {
  return std::string(kWrong) + std::string(text);
}

json::Value moment(const std::optional<base::Time>& time, std::string_view text) {
  return time ? suite_value(Timestamp{*time}) : wrong(text);
}

// A scalar as text, in XML or a header.
json::Value read_text(const SuiteRef& ref, const std::string& text, std::string_view moments) {
  const std::string_view type = ref.type();
  if (type == "boolean") return text == "true" ? json::Value(true) : text == "false" ? json::Value(false) : wrong(text);
  if (type == "blob") return base::from_base64(text).value_or("not base64");
  if (type == "timestamp") {
    const json::Value* const said = ref.find("timestampFormat");
    const std::string_view format = said ? std::string_view(said->as_string()) : moments;
    if (format == "iso8601") return moment(aws::parse_rfc3339(text), text);
    if (format == "rfc822") return moment(aws::parse_http_date(text), text);
    return moment(aws::parse_epoch_s(text), text);
  }
  if (type == "string" || text == "NaN" || text.ends_with("Infinity")) return text;
  const auto number = json::parse(text);
  return number ? json::Value(*number) : wrong(text);
}

// A header's list: elements between commas, in quotes where they have any; two commas make a moment.
json::Value read_list(const SuiteRef& element, std::string_view text, std::size_t commas_in_element) {
  json::Array out;
  std::string word;
  std::size_t commas = 0;
  bool quoted = false;
  const auto end = [&] {
    out.push_back(read_text(element, word, "rfc822"));
    word.clear();
    commas = 0;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (quoted && text[i] == '\\' && i + 1 < text.size()) {
      word += text[++i];
    } else if (text[i] == '"') {
      quoted = !quoted;
    } else if (text[i] == ',' && !quoted && commas++ == commas_in_element) {
      end();
      ++i;  // the space
    } else {
      word += text[i];
    }
  }
  if (!text.empty()) end();
  return json::Value(std::move(out));
}

class DocumentClient {
 public:
  DocumentClient(SuiteModel& model, Protocol protocol) : model_(model), is_cbor_(protocol == Protocol::cbor) {}

  json::Value read(const SuiteRef& ref, const json::Value& value) {
    const std::string_view type = ref.type();
    if (ref.is_document()) return value;
    if (type == "structure") return structure(ref, value);
    if (type == "list") {
      json::Array out;
      if (!value.is_array()) return wrong("a list");
      for (const json::Value& element : value.as_array()) out.push_back(read(model_.element(ref), element));
      return json::Value(std::move(out));
    }
    if (type == "map") {
      json::Object out;
      if (!value.is_object()) return wrong("a map");
      for (const auto& [key, element] : value.as_object()) out.set(key, read(model_.value(ref), element));
      return json::Value(std::move(out));
    }
    if (type == "timestamp" && is_cbor_) return value.is_number() ? value : wrong("a tagged number");
    if (type == "timestamp") {
      const bool as_text = ref.has("timestampFormat") && ref.find("timestampFormat")->as_string() != "unixTimestamp";
      if (value.is_string() != as_text) return wrong("a moment");
      return as_text ? read_text(ref, value.as_string(), {}) : value;
    }
    if (type == "blob" && !is_cbor_) return read_text(ref, value.as_string(), {});
    return value;
  }

  json::Value structure(const SuiteRef& ref, const json::Value& value) {
    json::Object out;
    for (const auto& [name, member] : model_.members(ref)) {
      if (answer_place(name, member, model_.payload(ref)) != Place::body) continue;
      const json::Value* const found = value.find(name_of(name, member));
      if (found && !found->is_null()) out.set(name, read(member, *found));
    }
    return json::Value(std::move(out));
  }

 private:
  SuiteModel& model_;
  bool is_cbor_;
};

class XmlClient {
 public:
  explicit XmlClient(SuiteModel& model) : model_(model) {}

  json::Value read(const SuiteRef& ref, const pugi::xml_node& node) {
    if (ref.type() == "structure") return structure(ref, node);
    if (ref.type() == "list") return list(ref, node, part(ref, "member", "member").c_str());
    if (ref.type() == "map") return map(ref, node, "entry");
    return read_text(ref, node.text().get(), "iso8601");
  }

  json::Value structure(const SuiteRef& ref, const pugi::xml_node& node) {
    json::Object out;
    for (const auto& [name, member] : model_.members(ref)) {
      if (answer_place(name, member, model_.payload(ref)) != Place::body) continue;
      const std::string tag = name_of(name, member);
      if (member.has("xmlAttribute")) {
        if (const auto attribute = node.attribute(tag.c_str())) out.set(name, attribute.value());
        continue;
      }
      if (!node.child(tag.c_str())) continue;
      if (!member.has("flattened")) {
        out.set(name, read(member, node.child(tag.c_str())));
      } else if (member.type() == "list") {
        out.set(name, list(member, node, tag.c_str()));
      } else {
        out.set(name, map(member, node, tag.c_str()));
      }
    }
    return json::Value(std::move(out));
  }

 private:
  static std::string part(const SuiteRef& ref, std::string_view part, std::string_view otherwise) {
    return name_of(otherwise, {ref.shape->find(part), ref.shape});
  }
  json::Value list(const SuiteRef& ref, const pugi::xml_node& node, const char* tag) {
    json::Array out;
    for (const pugi::xml_node& element : node.children(tag)) out.push_back(read(model_.element(ref), element));
    return json::Value(std::move(out));
  }
  json::Value map(const SuiteRef& ref, const pugi::xml_node& node, const char* tag) {
    json::Object out;
    for (const pugi::xml_node& entry : node.children(tag)) {
      const pugi::xml_node value = entry.child(part(ref, "value", "value").c_str());
      out.set(entry.child(part(ref, "key", "key").c_str()).text().get(), read(model_.value(ref), value));
    }
    return json::Value(std::move(out));
  }

  SuiteModel& model_;
};

bool is_xml(Protocol protocol) {
  return protocol == Protocol::aws_query || protocol == Protocol::rest_xml;
}

pugi::xml_node load(pugi::xml_document& document, const std::string& text) {
  document.load_buffer(text.data(), text.size(), pugi::parse_default | pugi::parse_ws_pcdata_single);
  return document.document_element();
}

json::Value parse(Protocol protocol, const std::string& body) {
  if (body.empty()) return json::Value();
  if (protocol == Protocol::cbor) return parse_cbor(body).value_or(wrong("CBOR"));
  auto document = json::parse(body);
  return document ? std::move(*document) : wrong("JSON");
}

json::Value read_body(SuiteModel& model, Protocol protocol, const SuiteRef& ref, const http::Reply& reply,
                      std::string_view wrapper) {
  if (!is_xml(protocol)) return DocumentClient(model, protocol).read(ref, parse(protocol, reply.body));
  pugi::xml_document document;
  const pugi::xml_node root = load(document, reply.body);
  return XmlClient(model).read(ref, wrapper.empty() ? root : root.first_child());
}

void read_headers(const SuiteModel& model, const SuiteRef& output, const http::Reply& reply, json::Object& out) {
  for (const auto& [name, ref] : model.members(output)) {
    const std::string header = name_of(name, ref);
    if (ref.place() == "header") {
      const auto text = http::find_header(reply.headers, header);
      if (!text) continue;
      if (ref.type() != "list") {
        out.set(name, read_text(ref, std::string(*text), "rfc822"));
      } else {
        const SuiteRef element = model.element(ref);
        out.set(name, read_list(element, *text, element.type() == "timestamp" ? 1 : 0));
      }
    } else if (ref.place() == "headers") {
      json::Object map;
      for (const auto& [there, value] : reply.headers) {
        const bool of_protocol = there == "Content-Type";
        if (there.starts_with(header) && !of_protocol) map.set(there.substr(header.size()), value);
      }
      out.set(name, std::move(map));
    } else if (ref.place() == "statusCode") {
      out.set(name, std::int64_t{reply.status});
    }
  }
}

}  // namespace

json::Value client_result(SuiteModel& model, Protocol protocol, const SuiteRef& output, const http::Reply& reply) {
  const std::string_view payload = model.payload(output);
  json::Value body = json::Object();
  if (payload.empty()) {
    if (!reply.body.empty()) {
      body = read_body(model, protocol, output, reply, protocol == Protocol::aws_query ? "Result" : "");
    }
  } else if (!reply.body.empty()) {
    const SuiteRef ref = model.ref(*output.shape->find("members")->find(payload));
    const bool is_raw = ref.type() == "string" || ref.type() == "blob";
    body.as_object().set(payload, is_raw ? json::Value(reply.body) : read_body(model, protocol, ref, reply, {}));
  }
  if (body.is_object()) read_headers(model, output, reply, body.as_object());
  return body;
}

ClientError client_error(SuiteModel& model, Protocol protocol, const SuiteRef& error, const http::Reply& reply) {
  ClientError out;
  if (is_xml(protocol)) {
    pugi::xml_document document;
    const pugi::xml_node root = load(document, reply.body);
    const pugi::xml_node node = root.child("Error") ? root.child("Error") : root;
    out.code = node.child("Code").text().get();
    out.message = node.child("Message").text().get();
    out.members = XmlClient(model).structure(error, node);
  } else {
    const json::Value document = parse(protocol, reply.body);
    const auto header = http::find_header(reply.headers, "x-amzn-errortype");
    out.code = header ? std::string(*header) : std::string(document.get_string("__type").value_or(""));
    if (const auto query = http::find_header(reply.headers, "x-amzn-query-error")) {
      out.code = query->substr(0, query->find(';'));
    }
    const auto message = document.get_string("message");
    out.message = message ? *message : document.get_string("Message").value_or("");
    out.members = DocumentClient(model, protocol).structure(error, document);
  }
  read_headers(model, error, reply, out.members.as_object());
  out.members.as_object().erase("message");
  out.members.as_object().erase("Message");
  return out;
}

}  // namespace localcloud::wire
