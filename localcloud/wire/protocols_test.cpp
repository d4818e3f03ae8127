// botocore's protocol cases, which are data beside the source tree: what clients send reads as they meant it, and what
// the codecs write reads back. The cases' shapes are known at run time only; protocols_suite.hpp is how they pass
// through the real Decoder and Writers.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "base/text.hpp"
#include "json/parse.hpp"
#include "json/write.hpp"
#include "localcloud/wire/protocol.hpp"
#include "localcloud/wire/protocols_suite.hpp"

namespace localcloud::wire {
namespace {

namespace fs = std::filesystem;

struct SuiteFile {
  std::string_view name;
  Protocol protocol;
};

constexpr SuiteFile kFiles[] = {
    {"json", Protocol::aws_json},
    {"json_1_0", Protocol::aws_json},
    {"json_1_0-query-compatible", Protocol::aws_json},
    {"query", Protocol::aws_query},
    {"rest-json", Protocol::rest_json},
    {"rest-xml", Protocol::rest_xml},
    {"smithy-rpc-v2-cbor", Protocol::cbor},
    {"smithy-rpc-v2-cbor-query-compatible", Protocol::cbor},
    {"smithy-rpc-v2-cbor-non-query-compatible", Protocol::cbor},
};

// Cases that say nothing of a server, or of what no service here has; with why. One that passes must not be here.
constexpr std::string_view kToken = "the client makes the token up: the server would have to read what wasn't given";
constexpr std::string_view kCompressed = "request compression: the case has headers and no body";
struct Left {
  std::string_view id;
  std::string_view why;
};
constexpr Left kLeft[] = {
    {"QueryProtocolIdempotencyTokenAutoFill", kToken},
    {"RestJsonQueryIdempotencyTokenAutoFill", kToken},
    {"QueryIdempotencyTokenAutoFill", kToken},
    {"SDKAppliedContentEncoding_awsJson1_0", kCompressed},
    {"SDKAppliedContentEncoding_awsJson1_1", kCompressed},
    {"SDKAppliedContentEncoding_awsQuery", kCompressed},
    {"SDKAppliedContentEncoding_restJson1", kCompressed},
    {"SDKAppliedContentEncoding_restXml", kCompressed},
    {"SDKAppendsGzipAndIgnoresHttpProvidedEncoding_awsJson1_0", kCompressed},
    {"SDKAppendsGzipAndIgnoresHttpProvidedEncoding_awsJson1_1", kCompressed},
    {"SDKAppendsGzipAndIgnoresHttpProvidedEncoding_awsQuery", kCompressed},
    {"SDKAppendedGzipAfterProvidedEncoding_restJson1", kCompressed},
    {"SDKAppendedGzipAfterProvidedEncoding_restXml", kCompressed},
    {"MediaTypeHeaderInputBase64", "a jsonvalue, which no service here has"},
};

std::string_view why_left(std::string_view id) {
  for (const Left& left : kLeft) {
    if (left.id == id) return left.why;
  }
  return {};
}

fs::path suite_folder() {
  const char* const shared = std::getenv("PIPELINE_SHARED");
  const fs::path root = shared ? fs::path(shared) : fs::path(__FILE__).parent_path() / "../../../shared";
  return root / "conformance/protocols";
}

json::Value load(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  auto value = json::parse(text.str());
  CHECK(value.has_value());
  return std::move(*value);
}

Service service_of(const json::Value& suite) {
  const json::Value& metadata = *suite.find("metadata");
  Service service{.name = "suite", .signing_name = "suite", .xml_namespace = "https://suite/"};
  service.json_version = metadata.get_string("jsonVersion").value_or("1.0");
  if (metadata.find("awsQueryCompatible")) service.api_version = "2020-01-08";
  return service;
}

std::string decoded(std::string_view text) {
  return http::percent_decode(text).value_or(std::string(text));
}

// The labels of a path, as the router would hand them on.
std::vector<std::pair<std::string, std::string>> labels_of(std::string_view pattern, std::string_view path) {
  std::vector<std::pair<std::string, std::string>> out;
  pattern = pattern.substr(0, pattern.find('?'));
  while (!pattern.empty() && !path.empty()) {
    pattern.remove_prefix(1);
    path.remove_prefix(1);
    const std::string_view wanted = pattern.substr(0, pattern.find('/'));
    const bool greedy = wanted.starts_with('{') && wanted.ends_with("+}");
    const auto after = static_cast<std::size_t>(std::count(pattern.begin(), pattern.end(), '/'));
    std::size_t end = path.find('/');
    for (auto left = std::count(path.begin(), path.end(), '/'); greedy && left > static_cast<std::ptrdiff_t>(after);
         --left) {
      end = path.find('/', end + 1);
    }
    const std::string_view given = path.substr(0, end);
    if (wanted.starts_with('{')) {
      out.emplace_back(wanted.substr(1, wanted.size() - (greedy ? 3 : 2)), decoded(given));
    }
    pattern.remove_prefix(wanted.size());
    path.remove_prefix(given.size());
  }
  return out;
}

// A client doesn't send twice what has a member of its own; a server has every parameter in the map.
void drop_named(const SuiteModel& model, const SuiteRef& structure, json::Object& parameters) {
  for (const auto& [name, ref] : model.members(structure)) {
    if (ref.place() == "querystring" && ref.type() != "map") {
      parameters.erase(ref.reference->get_string("locationName").value_or(name));
    }
  }
}

// Without what has no form on the wire: nulls, empty maps in forms, empty lists and maps in the query and in headers.
json::Value meant(const SuiteModel& model, Protocol protocol, const SuiteRef& ref, const json::Value& value) {
  if (ref.is_document()) return value;
  if (value.is_array() && ref.type() == "list") {
    json::Array out;
    for (const json::Value& element : value.as_array()) {
      out.push_back(meant(model, protocol, model.element(ref), element));
    }
    return json::Value(std::move(out));
  }
  if (!value.is_object()) return value;
  json::Object out;
  for (const auto& [name, member] : value.as_object()) {
    const bool in_structure = ref.type() == "structure";
    const json::Value* const reference =
        in_structure ? ref.shape->find("members")->find(name) : ref.shape->find("value");
    if (member.is_null() || !reference) continue;
    const SuiteRef member_ref = model.ref(*reference);
    json::Value cleaned = meant(model, protocol, member_ref, member);
    if (member_ref.place() == "querystring" && cleaned.is_object()) drop_named(model, ref, cleaned.as_object());
    const bool is_empty =
        (cleaned.is_object() && cleaned.as_object().empty()) || (cleaned.is_array() && cleaned.as_array().empty());
    const bool travels = in_structure && (!member_ref.place().empty() || name == model.payload(ref) ||
                                          (protocol == Protocol::aws_query && member_ref.type() == "map"));
    const bool is_flattened_xml = member_ref.has("flattened") && protocol == Protocol::rest_xml;
    if (is_empty && (travels || is_flattened_xml)) continue;
    out.set(name, std::move(cleaned));
  }
  return json::Value(std::move(out));
}

struct Outcome {
  json::Value expected;
  json::Value found;
  std::string error;
  bool passed() const { return error.empty() && expected == found; }
};

void set_body(Encoded& encoded, const json::Value& serialized) {
  encoded.body = serialized.get_string("body").value_or("");
  if (encoded.protocol == Protocol::cbor) encoded.body = base::from_base64(encoded.body).value_or("");
}

// What the router would find out of whether an operation wants its body parsed.
bool wants_document(const SuiteModel& model, const SuiteRef& input) {
  for (const auto& [name, ref] : model.members(input)) {
    const Place place = suite_place(name, ref, model.payload(input));
    const bool is_raw = ref.type() == "string" || ref.type() == "blob";
    if (place == Place::body || (place == Place::payload && !is_raw)) return true;
  }
  return false;
}

Outcome run_input(const json::Value& suite, const json::Value& one_case, Protocol protocol) {
  const json::Value& given = *one_case.find("given");
  const json::Value& serialized = *one_case.find("serialized");
  const Service service = service_of(suite);
  static const json::Value kNothing = json::Object{{"type", "structure"}, {"members", json::Object{}}};
  SuiteModel model(*suite.find("shapes"));
  const SuiteRef input = given.find("input") ? model.ref(*given.find("input")) : SuiteRef{&kNothing, &kNothing};

  http::Request head;
  const std::string uri(serialized.get_string("uri").value_or("/"));
  head.path = uri.substr(0, uri.find('?'));
  if (head.path.size() < uri.size()) head.query = uri.substr(head.path.size() + 1);
  if (const json::Value* headers = serialized.find("headers")) {
    for (const auto& [name, value] : headers->as_object()) head.headers.emplace_back(name, value.as_string());
  }
  Encoded encoded{.protocol = protocol, .service = &service, .head = &head, .request_id = "id"};
  encoded.query = http::parse_query(head.query).value();
  encoded.labels = labels_of(given.find("http")->get_string("requestUri").value_or("/"), head.path);
  set_body(encoded, serialized);
  if (wants_document(model, input)) {
    if (const auto parsed = parse_document(encoded, encoded.body); !parsed) return {.error = parsed.error().message};
  }
  SuiteReader reader(model, encoded);
  Outcome outcome;
  outcome.found = meant(model, protocol, input, reader.read(input, encoded.document));
  outcome.expected = meant(model, protocol, input, *one_case.find("params"));
  if (const auto verdict = reader.verdict()) outcome.error = verdict->message;
  return outcome;
}

Outcome run_output(const json::Value& suite, const json::Value& one_case, Protocol protocol) {
  const json::Value& given = *one_case.find("given");
  const Service service = service_of(suite);
  static const json::Value kNothing = json::Object{{"type", "structure"}, {"members", json::Object{}}};
  SuiteModel model(*suite.find("shapes"));
  const Encoded request{.protocol = protocol, .service = &service, .request_id = "id"};
  if (one_case.find("errorCode")) {
    const SuiteRef shape = model.ref(given.find("errors")->as_array().front());
    const ClientError error = client_error(model, protocol, shape, suite_error(model, request, one_case));
    const json::Value* const members = one_case.find("error");
    json::Object expected = meant(model, protocol, shape, members ? *members : json::Object()).as_object();
    expected.erase("message");
    expected.erase("Message");
    return {.expected = json::Array{one_case.get_string("errorCode").value_or(""),
                                    one_case.get_string("errorMessage").value_or(""), std::move(expected)},
            .found = json::Array{error.code, error.message, error.members}};
  }
  const SuiteRef output = given.find("output") ? model.ref(*given.find("output")) : SuiteRef{&kNothing, &kNothing};
  const json::Value& result = *one_case.find("result");
  const std::string operation(given.get_string("name").value_or(""));
  const http::Reply reply = suite_reply(model, request, operation, output, result);
  Outcome outcome;
  outcome.found = meant(model, protocol, output, client_result(model, protocol, output, reply));
  outcome.expected = meant(model, protocol, output, result);
  if (!outcome.passed()) outcome.error = "written as " + reply.body;
  return outcome;
}

void run_file(const fs::path& path, Protocol protocol,
              Outcome (*run)(const json::Value&, const json::Value&, Protocol)) {
  int passed = 0, all = 0;
  std::string left;
  const json::Value suites = load(path);
  for (const json::Value& suite : suites.as_array()) {
    for (const json::Value& one_case : suite.find("cases")->as_array()) {
      ++all;
      const std::string id(one_case.get_string("id").value_or(""));
      const Outcome outcome = run(suite, one_case, protocol);
      if (outcome.passed()) {
        ++passed;
        EXPECT_EQ(why_left(id), "") << id << " passes";
      } else if (!why_left(id).empty()) {
        left += "  left out: " + id + ": " + std::string(why_left(id)) + '\n';
      } else {
        ADD_FAILURE() << id << "\n  expected " << json::write(outcome.expected) << "\n  found    "
                      << json::write(outcome.found) << "\n  " << outcome.error;
      }
    }
  }
  std::cout << path.parent_path().filename().string() << '/' << path.stem().string() << ": " << passed << " of " << all
            << " cases\n"
            << left;
}

// What clients send reads as what they meant.
TEST(Protocols, RequestsRead) {
  const fs::path folder = suite_folder();
  if (!fs::exists(folder)) GTEST_SKIP() << "no conformance data: set PIPELINE_SHARED";
  for (const auto& [name, protocol] : kFiles) {
    run_file(folder / "input" / (std::string(name) + ".json"), protocol, run_input);
  }
}

// What the codecs write, a client reads as what was meant; errors too.
TEST(Protocols, AnswersReadBack) {
  const fs::path folder = suite_folder();
  if (!fs::exists(folder)) GTEST_SKIP() << "no conformance data: set PIPELINE_SHARED";
  for (const auto& [name, protocol] : kFiles) {
    run_file(folder / "output" / (std::string(name) + ".json"), protocol, run_output);
  }
}

}  // namespace
}  // namespace localcloud::wire
