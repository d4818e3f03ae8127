#include "cli/calls.hpp"

#include <fmt/core.h>

#include <atomic>
#include <exception>
#include <pugixml.hpp>
#include <thread>

#include "json/parse.hpp"
#include "json/write.hpp"

namespace cli {

namespace {

using namespace pipeline::aws_client;

constexpr std::size_t kThreads = 8;
// An Invoke waits for its function, and parse_validate has a minute.
constexpr base::Duration kCallMax = std::chrono::seconds(60);

bool is_missing(const base::ServiceError& error) {
  return error.http_status == 404;
}

Failed failed(const std::string& what, const base::ServiceError& error) {
  return Failed(fmt::format("{}: {}{}{}", what, error.code, error.message.empty() ? "" : ": ", error.message));
}

// The text of an XML element wherever it is in the document.
std::string element_text(const std::string& xml, const char* name) {
  pugi::xml_document document;
  document.load_buffer(xml.data(), xml.size());
  const pugi::xml_node found =
      document.find_node([&](const pugi::xml_node& node) { return std::string_view(node.name()) == name; });
  return found.text().get();
}

}  // namespace

Calls::Calls(Place place) : place_(std::move(place)), client_(place_.settings, clock_, ids_) {
  if (place_.account.empty()) place_.account = ask_sts("Account");
}

pipeline::Result<HttpResponse> Calls::send(const Call& call) {
  return client_.send(call, {.deadline = clock_.now() + kCallMax});
}

HttpResponse Calls::must(const std::string& what, const Call& call) {
  auto response = send(call);
  if (!response) throw failed(what, response.error());
  return *std::move(response);
}

std::vector<ListedObject> Calls::list_objects(const std::string& prefix, const std::string& start_after,
                                              std::size_t count_max) {
  std::string query = "list-type=2&max-keys=" + std::to_string(std::min<std::size_t>(count_max, 1000)) +
                      "&prefix=" + aws::uri_encode(prefix);
  if (!start_after.empty()) query += "&start-after=" + aws::uri_encode(start_after);
  const HttpResponse response = must("s3:ListObjectsV2 " + place_.bucket() + "/" + prefix,
                                     {.service = Service::s3,
                                      .method = "GET",
                                      .address = address_of_object(place_.settings, place_.bucket(), ""),
                                      .query = std::move(query)});
  pugi::xml_document document;
  document.load_buffer(response.body.data(), response.body.size());
  std::vector<ListedObject> out;
  for (const pugi::xml_node entry : document.child("ListBucketResult").children("Contents"))
    out.push_back({entry.child("Key").text().get(), entry.child("Size").text().as_ullong()});
  return out;
}

std::optional<std::string> Calls::get_object(const std::string& key) {
  auto response = send(
      {.service = Service::s3, .method = "GET", .address = address_of_object(place_.settings, place_.bucket(), key)});
  if (response) return std::move(response->body);
  if (is_missing(response.error()) && response.error().code == "NoSuchKey") return std::nullopt;
  throw failed("s3:GetObject " + key, response.error());
}

void Calls::put_object(const std::string& key, std::string body, const std::string& content_type) {
  must("s3:PutObject " + key, {.service = Service::s3,
                               .method = "PUT",
                               .address = address_of_object(place_.settings, place_.bucket(), key),
                               .headers = {{"content-type", content_type}},
                               .body = std::move(body)});
}

bool Calls::put_new_object(const std::string& key, std::string body, const std::string& content_type) {
  const auto response = send({.service = Service::s3,
                              .method = "PUT",
                              .address = address_of_object(place_.settings, place_.bucket(), key),
                              .headers = {{"content-type", content_type}, {"if-none-match", "*"}},
                              .body = std::move(body)});
  if (response) return true;
  if (response.error().http_status == 412) return false;
  throw failed("s3:PutObject " + key, response.error());
}

void Calls::delete_object(const std::string& key) {
  must("s3:DeleteObject " + key, {.service = Service::s3,
                                  .method = "DELETE",
                                  .address = address_of_object(place_.settings, place_.bucket(), key)});
}

bool Calls::head_bucket() {
  const auto response = send(
      {.service = Service::s3, .method = "HEAD", .address = address_of_object(place_.settings, place_.bucket(), "")});
  if (!response && !is_missing(response.error())) throw failed("s3:HeadBucket " + place_.bucket(), response.error());
  return response.has_value();
}

json::Value Calls::json_call(Service service, const std::string& target, const std::string& version,
                             const json::Object& input) {
  const HttpResponse response =
      must(target.substr(target.find('.') + 1),
           {.service = service,
            .method = "POST",
            .address = address_of(place_.settings, service),
            .headers = {{"content-type", "application/x-amz-json-" + version}, {"x-amz-target", target}},
            .body = json::write(input)});
  auto parsed = json::parse(response.body);
  if (!parsed) throw Failed(target + ": the answer isn't JSON");
  return *std::move(parsed);
}

json::Value Calls::dynamodb(const std::string& operation, const json::Object& input) {
  return json_call(Service::dynamodb, "DynamoDB_20120810." + operation, "1.0", input);
}

json::Value Calls::states(const std::string& operation, const json::Object& input) {
  return json_call(Service::states, "AWSStepFunctions." + operation, "1.0", input);
}

void Calls::query(json::Object input, const std::function<bool(const json::Object& item)>& visit) {
  input.set("TableName", place_.table());
  while (true) {
    const json::Value page = dynamodb("Query", input);
    if (const json::Value* items = page.find("Items"); items && items->is_array()) {
      for (const json::Value& item : items->as_array()) {
        if (!visit(item.as_object())) return;
      }
    }
    const json::Value* last = page.find("LastEvaluatedKey");
    if (!last || !last->is_object()) return;
    input.set("ExclusiveStartKey", *last);
  }
}

Calls::Invoked Calls::invoke(const std::string& function, const json::Value& payload) {
  Address address = address_of(place_.settings, Service::lambda);
  address.path += "2015-03-31/functions/" + place_.function(function) + "/invocations";
  const HttpResponse response =
      must("lambda:InvokeFunction " + place_.function(function), {.service = Service::lambda,
                                                                  .method = "POST",
                                                                  .address = std::move(address),
                                                                  .headers = {{"content-type", "application/json"}},
                                                                  .body = json::write(payload)});
  auto parsed = json::parse(response.body);
  if (!parsed) throw Failed("lambda:InvokeFunction " + function + ": the answer isn't JSON");
  return {*std::move(parsed), !response.header("x-amz-function-error").empty()};
}

std::optional<json::Value> Calls::lambda_get(const std::string& what, const std::string& path) {
  Address address = address_of(place_.settings, Service::lambda);
  address.path += path;
  const auto response = send({.service = Service::lambda, .method = "GET", .address = std::move(address)});
  if (!response && is_missing(response.error())) return std::nullopt;
  if (!response) throw failed(what, response.error());
  auto parsed = json::parse(response->body);
  if (!parsed) throw Failed(what + ": the answer isn't JSON");
  return *std::move(parsed);
}

std::optional<json::Value> Calls::function_configuration(const std::string& function) {
  return lambda_get("lambda:GetFunctionConfiguration " + place_.function(function),
                    "2015-03-31/functions/" + place_.function(function) + "/configuration");
}

std::optional<std::string> Calls::function_url(const std::string& function) {
  const auto config = lambda_get("lambda:GetFunctionUrlConfig " + place_.function(function),
                                 "2021-10-31/functions/" + place_.function(function) + "/url");
  if (!config) return std::nullopt;
  return std::string(config->get_string("FunctionUrl").value_or(""));
}

std::string Calls::ask_sts(const std::string& element) {
  const HttpResponse response =
      must("sts:GetCallerIdentity", {.service = Service::sts,
                                     .method = "POST",
                                     .address = address_of(place_.settings, Service::sts),
                                     .headers = {{"content-type", "application/x-www-form-urlencoded"}},
                                     .body = "Action=GetCallerIdentity&Version=2011-06-15"});
  std::string text = element_text(response.body, element.c_str());
  if (text.empty()) throw Failed("sts:GetCallerIdentity names no " + element);
  return text;
}

std::string Calls::caller_arn() {
  return ask_sts("Arn");
}

std::string Calls::events_url() {
  if (!place_.events_url.empty()) return place_.events_url;
  const auto url = function_url("collect_to_s3");
  if (!url || url->empty())
    throw Failed("collect_to_s3 has no function URL; is the pipeline deployed? Or say --events-url");
  return *url;
}

void pause_before_round(int round) {
  if (round > 0) std::this_thread::sleep_for(std::chrono::milliseconds(std::min(1000, 20 << std::min(round, 6))));
}

void in_parallel(std::size_t count, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::exception_ptr first;
  const auto loop = [&] {
    for (std::size_t i = next++; i < count; i = next++) {
      try {
        work(i);
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!first) first = std::current_exception();
        next = count;
      }
    }
  };
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < std::min(kThreads, count); ++i) threads.emplace_back(loop);
  }
  if (first) std::rethrow_exception(first);
}

}  // namespace cli
