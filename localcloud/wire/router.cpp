#include "localcloud/wire/router.hpp"

#include <charconv>

#include "aws/crypto.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "json/parse.hpp"
#include "json/write.hpp"
#include "localcloud/wire/body.hpp"
#include "localcloud/wire/gzip.hpp"
#include "localcloud/wire/protocol.hpp"
#include "localcloud/wire/unavailable.hpp"

namespace localcloud::wire {

namespace {

ErrorFamily family_of(Protocol protocol) {
  switch (protocol) {
    case Protocol::rest_xml:
      return ErrorFamily::s3;
    case Protocol::rest_json:
      return ErrorFamily::rest_json;
    case Protocol::aws_query:
      return ErrorFamily::query;
    default:
      return ErrorFamily::json;
  }
}

Protocol protocol_of(const Service& service, const http::Request& request) {
  if (service.rest == Service::Rest::xml) return Protocol::rest_xml;
  if (service.rest == Service::Rest::json) return Protocol::rest_json;
  if (request.header("smithy-protocol") == "rpc-v2-cbor") return Protocol::cbor;
  if (request.header("x-amz-target") || service.api_version.empty()) return Protocol::aws_json;
  return Protocol::aws_query;
}

std::vector<std::string_view> segments_of(std::string_view path) {
  std::vector<std::string_view> out;
  while (!path.empty()) {
    path.remove_prefix(1);  // the slash
    const std::size_t slash = std::min(path.find('/'), path.size());
    out.push_back(path.substr(0, slash));
    path.remove_prefix(slash);
  }
  if (out.size() > 1 && out.back().empty()) out.pop_back();  // a slash at the end means nothing
  return out;
}

// Fills the labels where the path fits the template. A greedy label, {Key+}, takes the rest of the path as it is.
bool fits(std::string_view pattern, std::string_view path, std::vector<std::pair<std::string, std::string>>& labels) {
  labels.clear();
  const std::size_t greedy = pattern.find("+}");
  if (greedy != std::string_view::npos) {
    const std::size_t brace = pattern.rfind('{');
    const std::size_t slashes = static_cast<std::size_t>(
        std::count(pattern.begin(), pattern.begin() + static_cast<std::ptrdiff_t>(brace), '/'));
    std::size_t at = 0;
    for (std::size_t i = 1; i < slashes && at != std::string_view::npos; ++i) at = path.find('/', at + 1);
    if (at == std::string_view::npos || at + 1 >= path.size()) return false;
    if (!fits(pattern.substr(0, brace - 1), path.substr(0, at), labels)) return false;
    auto rest = http::percent_decode(path.substr(at + 1));
    if (!rest) return false;
    labels.emplace_back(std::string(pattern.substr(brace + 1, greedy - brace - 1)), std::move(*rest));
    return true;
  }
  const auto wanted = segments_of(pattern), given = segments_of(path);
  if (wanted.size() != given.size()) return false;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (!wanted[i].starts_with('{')) {
      if (wanted[i] != given[i]) return false;
      continue;
    }
    auto value = http::percent_decode(given[i]);
    if (!value || value->empty()) return false;
    labels.emplace_back(std::string(wanted[i].substr(1, wanted[i].size() - 2)), std::move(*value));
  }
  return true;
}

bool has_parameter(const std::vector<std::pair<std::string, std::string>>& query, std::string_view wanted) {
  const std::size_t equals = wanted.find('=');
  for (const auto& [name, value] : query) {
    if (name != wanted.substr(0, equals)) continue;
    if (equals == std::string_view::npos || value == wanted.substr(equals + 1)) return true;
  }
  return false;
}

const Operation* find_route(const Service& service, std::string_view method, std::string_view path, Encoded& encoded) {
  const Operation* best = nullptr;
  std::vector<std::pair<std::string, std::string>> labels;
  for (const Operation& operation : service.operations) {
    if (operation.route.method != method) continue;
    if (!operation.route.query.empty() && !has_parameter(encoded.query, operation.route.query)) continue;
    if (best && operation.route.query.empty()) continue;
    if (best && !best->route.query.empty()) continue;
    if (!fits(operation.route.path, path, labels)) continue;
    best = &operation;
    encoded.labels = labels;
  }
  return best;
}

const Operation* find_name(const Service& service, std::string_view name) {
  for (const Operation& operation : service.operations) {
    if (operation.name == name) return &operation;
  }
  return nullptr;
}

// What AWS's protocol answers where there is no such operation; we add the name.
ServiceError unknown_operation(const Service& service, Protocol protocol, std::string_view name) {
  const std::string text(name);
  switch (protocol) {
    case Protocol::aws_query:
      return {"InvalidAction", "Could not find operation " + text + " for version " + std::string(service.api_version),
              400};
    case Protocol::rest_xml:
      return {"NotImplemented", "A header you provided implies functionality that is not implemented: " + text, 501};
    case Protocol::rest_json:
      return {"UnknownOperationException", "Unknown operation: " + text, 404};
    default:
      return {"com.amazon.coral.service#UnknownOperationException", "Unknown operation: " + text, 400};
  }
}

ServiceError internal_failure(Protocol protocol, const std::string& request_id) {
  if (protocol == Protocol::rest_xml) {
    return {"InternalError", "We encountered an internal error. Please try again.", 500};
  }
  return {protocol == Protocol::aws_query ? "InternalFailure" : "InternalServerError",
          "The request processing has failed because of an internal error. Request id: " + request_id, 500};
}

// What is wrong with an S3 document's Content-MD5. A body that is streamed is its operation's to check.
std::optional<ServiceError> wrong_digest(const http::Request& request, std::string_view body) {
  const auto claimed = request.header("content-md5");
  if (!claimed || base::to_base64(aws::md5(body)) == *claimed) return std::nullopt;
  if (base::from_base64(*claimed).value_or("").size() != 16) {
    return ServiceError{"InvalidDigest", "The Content-MD5 you specified was invalid.", 400};
  }
  return ServiceError{"BadDigest", "The Content-MD5 you specified did not match what we received.", 400};
}

std::string_view without_port(std::string_view host) {
  return host.substr(0, host.find(':'));
}

Caller to_caller(const Verified& verified, const http::Request& request, std::string request_id, base::Time now) {
  Caller caller;
  caller.principal = verified.credential.principal;
  caller.account = caller.principal.account;
  caller.region = verified.scope.region;
  caller.request_id = std::move(request_id);
  caller.source_ip = request.source_ip;
  caller.user_agent = std::string(request.header("user-agent").value_or(""));
  caller.access_key_id = verified.credential.access_key_id;
  caller.time = now;
  return caller;
}

}  // namespace

std::optional<std::string> bucket_of_host(std::string_view host) {
  host = without_port(host);
  for (const std::string_view mark : {".s3.", ".s3-"}) {
    if (const std::size_t at = host.find(mark); at != std::string_view::npos && at > 0)
      return std::string(host.substr(0, at));
  }
  constexpr std::string_view kLocal = ".localhost";
  if (!host.ends_with(kLocal) || host.starts_with("s3.") || host.starts_with("s3-")) return std::nullopt;
  return std::string(host.substr(0, host.size() - kLocal.size()));
}

std::optional<std::string> function_url_of_host(std::string_view host) {
  const std::size_t dot = host.find('.');
  if (dot == std::string_view::npos || !host.substr(dot).starts_with(".lambda-url.")) return std::nullopt;
  return std::string(host.substr(0, dot));
}

Router::Router(std::vector<Service> services, Verifier& verifier, Authorizer& authorizer, const base::Clock& clock,
               base::Ids& ids, UnsignedDoors doors)
    : services_(std::move(services)),
      verifier_(verifier),
      authorizer_(authorizer),
      clock_(clock),
      ids_(ids),
      doors_(std::move(doors)) {}

// By its X-Amz-Target, else by the signature's scope, which must then be this service's; of a request without either,
// by what it looks like, so that it is refused in its own words.
const Service* Router::find_service(const http::Request& request) const {
  const std::string_view target = request.header("x-amz-target").value_or("");
  for (const Service& service : services_) {
    if (!service.target_prefix.empty() && target.starts_with(service.target_prefix)) return &service;
  }
  const auto scope = claimed_scope({request.method, request.path, request.query, request.headers});
  const bool form = request.method == "POST" &&
                    request.header("content-type").value_or("").starts_with("application/x-www-form-urlencoded");
  for (const Service& service : services_) {
    if (scope) {
      if (service.signing_name == scope->service) return &service;
    } else if (form) {
      if (service.signing_name == "sts") return &service;
    } else if (service.rest == (request.path.starts_with("/20") ? Service::Rest::json : Service::Rest::xml)) {
      return &service;
    }
  }
  return nullptr;
}

const Service* Router::find_service_of_form(std::string_view form) const {
  const auto document = parse_form(form);
  const std::string version(document ? document->get_string("Version").value_or("") : "");
  for (const Service& service : services_) {
    if (!version.empty() && service.api_version == version) return &service;
  }
  return nullptr;
}

Result<const Operation*> Router::find_operation(const http::Request& request, Encoded& encoded) const {
  const Service& service = *encoded.service;
  std::string name;
  const Operation* found = nullptr;
  if (service.rest != Service::Rest::none) {
    auto query = http::parse_query(request.query);
    if (!query) return failure({"InvalidURI", "Couldn't parse the specified URI.", 400});
    encoded.query = std::move(*query);
    std::string path = request.path;
    if (service.rest == Service::Rest::xml) {
      if (const auto bucket = bucket_of_host(request.header("host").value_or(""))) path = "/" + *bucket + path;
    }
    found = find_route(service, request.method, path, encoded);
    if (service.refuse) {
      if (auto refused = service.refuse(request, found)) return failure(std::move(*refused));
    }
    name = request.method + " " + request.path;
  } else if (encoded.protocol == Protocol::aws_query) {
    name = encoded.document.get_string("Action").value_or("");
    found = find_name(service, name);
  } else if (encoded.protocol == Protocol::cbor) {
    name = request.path.substr(request.path.rfind('/') + 1);
    found = find_name(service, name);
  } else {
    name = request.header("x-amz-target").value_or("");
    name.erase(0, name.rfind('.') + 1);
    found = find_name(service, name);
  }
  if (!found) return failure(unknown_operation(service, encoded.protocol, name));
  return found;
}

Task<http::Reply> Router::serve(http::Request& request, http::Body& body, Encoded& encoded) {
  const Service& service = *encoded.service;
  const ErrorFamily family = family_of(encoded.protocol);
  const bool rest = service.rest != Service::Rest::none;
  const RequestHead head{request.method, request.path, request.query, request.headers};
  const base::Time now = clock_.now();

  const Operation* operation = nullptr;
  if (rest) {
    const Result<const Operation*> target = find_operation(request, encoded);
    if (target) operation = *target;
    // Who isn't known learns nothing more than that: the signature's error comes before the route's.
    if (!target && service.rest == Service::Rest::xml) {
      const Result<Verified> verified = verifier_.verify(head, family, std::nullopt, service.signing_name);
      co_return error_reply(encoded, verified ? target.error() : verified.error());
    }
    if (!target) co_return error_reply(encoded, target.error());
  }

  if (service.rest == Service::Rest::xml) {
    Result<Verified> verified = verifier_.verify(head, family, std::nullopt, service.signing_name);
    if (!verified) co_return error_reply(encoded, verified.error());
    VerifiedBody checked(body, *verified, request);
    encoded.stream = &checked;
    if (!operation->streams) {
      Result<std::string> whole = co_await http::read_all(checked, service.body_max);
      if (!whole) co_return error_reply(encoded, whole.error());
      encoded.body = std::move(*whole);
      if (auto damaged = wrong_digest(request, encoded.body)) co_return error_reply(encoded, *damaged);
      if (operation->reads_document) {
        const Result<Done> parsed = parse_document(encoded, encoded.body);
        if (!parsed) co_return error_reply(encoded, parsed.error());
      }
    }
    Call call{to_caller(*verified, request, encoded.request_id, now), encoded, authorizer_};
    co_return co_await operation->call(service.room, call);
  }

  Result<std::string> whole = co_await http::read_all(body, service.body_max);
  if (!whole) co_return error_reply(encoded, whole.error());
  encoded.body = std::move(*whole);
  const std::string hash = aws::sha256_hex(encoded.body);
  Result<Verified> verified = verifier_.verify(head, family, hash, service.signing_name);
  if (!verified) {
    const Service* const meant = family == ErrorFamily::query ? find_service_of_form(encoded.body) : nullptr;
    if (meant) encoded.service = meant;
    co_return error_reply(encoded, verified.error());
  }

  if (!rest && request.header("content-encoding") == "gzip") {
    std::optional<std::string> plain = gunzip(encoded.body, service.body_max);
    if (!plain) co_return error_reply(encoded, {"SerializationException", "The request's gzip encoding is malformed."});
    encoded.body = std::move(*plain);
  }
  if (!rest || operation->reads_document) {
    const bool in_query = encoded.protocol == Protocol::aws_query && encoded.body.empty();
    const Result<Done> parsed = parse_document(encoded, in_query ? request.query : encoded.body);
    if (!parsed) co_return error_reply(encoded, parsed.error());
  }
  if (!rest) {
    const Result<const Operation*> target = find_operation(request, encoded);
    if (!target) co_return error_reply(encoded, target.error());
    operation = *target;
  }
  Call call{to_caller(*verified, request, encoded.request_id, now), encoded, authorizer_};
  co_return co_await operation->call(service.room, call);
}

Task<http::Reply> Router::handle(http::Request& request, http::Body& body) {
  if (request.path == "/_localcloud/health") co_return co_await doors_.health();
  if (const auto url_id = function_url_of_host(request.header("host").value_or(""))) {
    co_return co_await doors_.function_url(*url_id, request, body);
  }
  Encoded encoded;
  encoded.request_id = ids_.uuid();
  encoded.head = &request;
  encoded.service = find_service(request);
  if (!encoded.service) {
    std::string names;
    for (const Service& service : services_) names += (names.empty() ? "" : ", ") + std::string(service.name);
    const json::Value error(
        json::Object{{"__type", "UnknownOperationException"},
                     {"message", "The service that this request is signed for is not here. There are: " + names}});
    http::Reply reply{
        .status = 400, .headers = {{"Content-Type", "application/x-amz-json-1.0"}}, .body = json::write(error)};
    co_return reply;
  }
  encoded.protocol = protocol_of(*encoded.service, request);
  http::Reply reply;
  std::optional<ServiceError> failed;
  try {
    reply = co_await serve(request, body, encoded);
  } catch (const storage::StorageBusy&) {
    failed = throttled(*encoded.service);
  } catch (const http::Overloaded&) {
    failed = throttled(*encoded.service);
  } catch (const storage::StorageUnavailable& failure) {
    failed = unavailable(failure, encoded.protocol == Protocol::rest_xml ? ErrorWords::s3 : ErrorWords::others);
  } catch (const std::exception& error) {
    base::log(base::LogLevel::error, "a request failed",
              {{"request_id", encoded.request_id},
               {"service", std::string(encoded.service->name)},
               {"reason", error.what()}});
    failed = internal_failure(encoded.protocol, encoded.request_id);
  }
  if (failed) reply = error_reply(encoded, *failed);
  const bool s3 = encoded.protocol == Protocol::rest_xml;
  reply.headers.emplace_back(s3 ? "x-amz-request-id" : "x-amzn-RequestId", encoded.request_id);
  if (s3) reply.headers.emplace_back("x-amz-id-2", encoded.request_id);
  if (s3 && reply.body.starts_with("<?xml") && !http::find_header(reply.headers, "content-type")) {
    reply.headers.emplace_back("Content-Type", "application/xml");
  }
  co_return reply;
}

const Service* Router::find_service(std::string_view name) const {
  for (const Service& service : services_) {
    if (service.name == name || service.signing_name == name) return &service;
  }
  return nullptr;
}

bool Router::knows(std::string_view service_name, std::string_view operation_name) const {
  const Service* const service = find_service(service_name);
  return service && find_name(*service, operation_name);
}

Task<Result<json::Value>> Router::call(std::string service_name, std::string operation_name, json::Value input,
                                       Caller caller) {
  const Service* const service = find_service(service_name);
  const Operation* operation = service ? find_name(*service, operation_name) : nullptr;
  if (!operation) {
    co_return failure({"UnknownOperationException", "Unknown operation: " + service_name + ":" + operation_name, 400});
  }
  http::Request head;
  Encoded encoded{.protocol = Protocol::direct, .service = service, .head = &head, .request_id = caller.request_id};
  const auto body = input.get_string("Body");
  http::StringBody stream(body ? base::from_base64(*body).value_or(std::string()) : std::string());
  head.content_length = stream.size();
  if (operation->streams) encoded.stream = &stream;
  encoded.document = std::move(input);
  Call call{std::move(caller), encoded, authorizer_};
  http::Reply reply;
  bool busy = false;
  try {
    reply = co_await operation->call(service->room, call);
  } catch (const storage::StorageBusy&) {
    busy = true;
  }
  if (busy) co_return failure(throttled(*service));
  auto document = reply.body.empty() ? json::Value(json::Object()) : json::parse(reply.body).value_or(json::Value());
  if (reply.status < 300) co_return document;
  ServiceError error{std::string(document.get_string("__type").value_or("InternalFailure")),
                     std::string(document.get_string("message").value_or("")), reply.status};
  co_return failure(std::move(error));
}

std::string Router::describe() const {
  std::string out;
  for (const Service& service : services_) {
    for (const Operation& operation : service.operations) {
      Describer describer;
      describer.line.set("service", service.name);
      operation.describe(describer);
      out += json::write(json::Value(std::move(describer.line))) + '\n';
    }
  }
  return out;
}

}  // namespace localcloud::wire
