// Records as JSON, keys as tuples:
//   lambda function <account> <region> <name>   a function
//   lambda url <url id>                         whose URL it is
//   lambda event <ulid>                         an accepted event

#include "localcloud/services/lambda/records.hpp"

#include "aws/arn.hpp"
#include "base/check.hpp"
#include "json/parse.hpp"
#include "json/write.hpp"
#include "localcloud/storage/keys.hpp"

namespace localcloud::lambda {

namespace {

using storage::Key;

json::Value parsed(std::string_view text) {
  auto value = json::parse(text);
  CHECK(value.has_value());
  return *std::move(value);
}

std::string text_of(const json::Value& value, std::string_view name) {
  return std::string(value.get_string(name).value_or(""));
}

json::Object to_object(const std::map<std::string, std::string>& map) {
  json::Object object;
  for (const auto& [name, value] : map) object.append(name, value);
  return object;
}

std::map<std::string, std::string> to_map(const json::Value& value) {
  std::map<std::string, std::string> map;
  for (const auto& [name, text] : value.as_object()) map.emplace(name, text.as_string());
  return map;
}

void set_list(json::Object& object, std::string_view name, const std::optional<std::vector<std::string>>& list) {
  if (list) object.set(name, json::Array(list->begin(), list->end()));
}

std::optional<std::vector<std::string>> get_list(const json::Value& value, std::string_view name) {
  const json::Value* const list = value.find(name);
  if (!list) return std::nullopt;
  std::vector<std::string> texts;
  for (const json::Value& text : list->as_array()) texts.push_back(text.as_string());
  return texts;
}

json::Object write_cors(const Cors& cors) {
  json::Object object;
  if (cors.allow_credentials) object.set("credentials", *cors.allow_credentials);
  set_list(object, "headers", cors.allow_headers);
  set_list(object, "methods", cors.allow_methods);
  set_list(object, "origins", cors.allow_origins);
  set_list(object, "expose", cors.expose_headers);
  if (cors.max_age) object.set("max_age", *cors.max_age);
  return object;
}

Cors read_cors(const json::Value& value) {
  Cors cors;
  cors.allow_credentials = value.get_bool("credentials");
  cors.allow_headers = get_list(value, "headers");
  cors.allow_methods = get_list(value, "methods");
  cors.allow_origins = get_list(value, "origins");
  cors.expose_headers = get_list(value, "expose");
  if (const auto max_age = value.get_int64("max_age")) cors.max_age = static_cast<std::int32_t>(*max_age);
  return cors;
}

std::string event_key(std::string_view id) {
  return Key("lambda").add("event").add(id).bytes();
}

std::string write(const FunctionRecord& record) {
  json::Object object{{"account", record.account},
                      {"region", record.region},
                      {"name", record.name},
                      {"runtime", record.runtime},
                      {"role", record.role},
                      {"handler", record.handler},
                      {"description", record.description},
                      {"timeout", record.timeout_s},
                      {"memory", record.memory_mb},
                      {"ephemeral", record.ephemeral_mb},
                      {"arm64", record.architecture == Architecture::arm64},
                      {"sha256", record.code_sha256},
                      {"bytes", record.code_bytes},
                      {"modified", record.modified},
                      {"revision", record.revision_id},
                      {"instances", record.instances},
                      {"tags", to_object(record.tags)},
                      {"statements", record.statements}};
  if (record.variables) object.set("variables", to_object(*record.variables));
  if (record.reserved_concurrency) object.set("reserved", *record.reserved_concurrency);
  if (record.url) {
    json::Object url{{"id", record.url->id},
                     {"iam", record.url->auth_type == UrlAuthType::aws_iam},
                     {"created", record.url->created},
                     {"modified", record.url->modified}};
    if (record.url->cors) url.set("cors", write_cors(*record.url->cors));
    object.set("url", std::move(url));
  }
  return json::write(object);
}

EventRecord read_event(std::string_view text) {
  const json::Value value = parsed(text);
  return {.id = text_of(value, "id"),
          .function = {text_of(value, "account"), text_of(value, "region"), text_of(value, "name")},
          .request_id = text_of(value, "request_id"),
          .trace_id = text_of(value, "trace_id"),
          .payload = text_of(value, "payload"),
          .failures = static_cast<int>(value.get_int64("failures").value_or(0)),
          .throttles = static_cast<int>(value.get_int64("throttles").value_or(0)),
          .accepted = base::from_unix_us(value.get_int64("accepted").value_or(0)),
          .due = base::from_unix_us(value.get_int64("due").value_or(0))};
}

}  // namespace

std::string FunctionId::arn() const {
  return aws::make_arn("lambda", region, account, "function:" + name);
}
std::string FunctionRecord::arn() const {
  return FunctionId{account, region, name}.arn();
}

std::string FunctionRecord::policy() const {
  if (statements.empty()) return "";
  return json::write(json::Object{{"Version", "2012-10-17"}, {"Id", "default"}, {"Statement", statements}});
}

std::string function_key(const FunctionId& id) {
  return Key("lambda").add("function").add(id.account).add(id.region).add(id.name).bytes();
}

FunctionRecord read_function(std::string_view text) {
  const json::Value value = parsed(text);
  FunctionRecord record{.account = text_of(value, "account"),
                        .region = text_of(value, "region"),
                        .name = text_of(value, "name"),
                        .runtime = text_of(value, "runtime"),
                        .role = text_of(value, "role"),
                        .handler = text_of(value, "handler"),
                        .description = text_of(value, "description"),
                        .timeout_s = static_cast<std::int32_t>(value.get_int64("timeout").value_or(3)),
                        .memory_mb = static_cast<std::int32_t>(value.get_int64("memory").value_or(128)),
                        .ephemeral_mb = static_cast<std::int32_t>(value.get_int64("ephemeral").value_or(512)),
                        .code_sha256 = text_of(value, "sha256"),
                        .code_bytes = value.get_int64("bytes").value_or(0),
                        .modified = text_of(value, "modified"),
                        .revision_id = text_of(value, "revision"),
                        .instances = text_of(value, "instances"),
                        .tags = to_map(*value.find("tags")),
                        .statements = value.find("statements")->as_array()};
  if (value.get_bool("arm64").value_or(false)) record.architecture = Architecture::arm64;
  if (const json::Value* variables = value.find("variables")) record.variables = to_map(*variables);
  if (const auto reserved = value.get_int64("reserved"))
    record.reserved_concurrency = static_cast<std::int32_t>(*reserved);
  if (const json::Value* url = value.find("url")) {
    record.url = UrlConfig{.id = text_of(*url, "id"),
                           .auth_type = url->get_bool("iam").value_or(true) ? UrlAuthType::aws_iam : UrlAuthType::none,
                           .created = text_of(*url, "created"),
                           .modified = text_of(*url, "modified")};
    if (const json::Value* cors = url->find("cors")) record.url->cors = read_cors(*cors);
  }
  return record;
}

std::optional<FunctionRecord> find_function(const storage::Reader& reader, const FunctionId& id) {
  const auto text = reader.get(function_key(id));
  if (!text) return std::nullopt;
  return read_function(*text);
}

void write_function(storage::Transaction& transaction, const FunctionRecord& record) {
  transaction.put(function_key({record.account, record.region, record.name}), write(record));
}

void erase_function(storage::Transaction& transaction, const FunctionRecord& record) {
  transaction.erase(function_key({record.account, record.region, record.name}));
}

std::string url_key(std::string_view url_id) {
  return Key("lambda").add("url").add(url_id).bytes();
}

FunctionId read_url(std::string_view text) {
  const json::Value value = parsed(text);
  return FunctionId{text_of(value, "account"), text_of(value, "region"), text_of(value, "name")};
}

void write_url(storage::Transaction& transaction, std::string_view url_id, const FunctionId& id) {
  const json::Object owner{{"account", id.account}, {"region", id.region}, {"name", id.name}};
  transaction.put(url_key(url_id), json::write(owner));
}

void erase_url(storage::Transaction& transaction, std::string_view url_id) {
  transaction.erase(url_key(url_id));
}

void each_function(const storage::Reader& reader, const std::string& account, const std::string& region,
                   std::string_view marker, const std::function<storage::Step(const FunctionRecord&)>& visit) {
  const std::string prefix = Key("lambda").add("function").add(account).add(region).bytes();
  std::string from = prefix;
  if (!marker.empty()) from = storage::after_prefix(function_key({account, region, std::string(marker)}));
  reader.scan(from, storage::after_prefix(prefix),
              [&](std::string_view, std::string_view value) { return visit(read_function(value)); });
}

void every_function(const storage::Reader& reader, const std::function<void(const FunctionRecord&)>& visit) {
  reader.scan_prefix(Key("lambda").add("function"), [&](std::string_view, std::string_view value) {
    visit(read_function(value));
    return storage::Step::go_on;
  });
}

void write_event(storage::Transaction& transaction, const EventRecord& event) {
  transaction.put(event_key(event.id), json::write(json::Object{{"id", event.id},
                                                                {"account", event.function.account},
                                                                {"region", event.function.region},
                                                                {"name", event.function.name},
                                                                {"request_id", event.request_id},
                                                                {"trace_id", event.trace_id},
                                                                {"payload", event.payload},
                                                                {"failures", event.failures},
                                                                {"throttles", event.throttles},
                                                                {"accepted", base::to_unix_us(event.accepted)},
                                                                {"due", base::to_unix_us(event.due)}}));
}

void erase_event(storage::Transaction& transaction, std::string_view id) {
  transaction.erase(event_key(id));
}

std::optional<EventRecord> find_event(const storage::Reader& reader, std::string_view id) {
  const auto text = reader.get(event_key(id));
  if (!text) return std::nullopt;
  return read_event(*text);
}

void every_event(const storage::Reader& reader, const std::function<void(const EventRecord&)>& visit) {
  reader.scan_prefix(Key("lambda").add("event"), [&](std::string_view, std::string_view value) {
    visit(read_event(value));
    return storage::Step::go_on;
  });
}

}  // namespace localcloud::lambda
