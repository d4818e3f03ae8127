#include "localcloud/deployment.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>

#include "aws/crypto.hpp"
#include "base/ids.hpp"
#include "base/text.hpp"
#include "json/parse.hpp"
#include "json/write.hpp"
#include "localcloud/storage/keys.hpp"

namespace localcloud {

namespace {

namespace fs = std::filesystem;
using Placeholders = std::map<std::string, std::string>;

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) throw std::runtime_error(path.string() + " is missing; is --deployment (or --packages) the right folder?");
  std::string bytes(static_cast<std::size_t>(file.tellg()), '\0');
  file.seekg(0);
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!file) throw std::runtime_error(path.string() + " can't be read");
  return bytes;
}

// Replaces ${Name} where the name is known; others, such as IAM's policy variables, stay.
std::string replace_placeholders(std::string_view text, const Placeholders& placeholders) {
  std::string out;
  while (!text.empty()) {
    const std::size_t begin = text.find("${");
    out += text.substr(0, begin);
    if (begin == std::string_view::npos) break;
    text.remove_prefix(begin);
    const std::size_t end = text.find('}');
    const auto known =
        end == std::string_view::npos ? placeholders.end() : placeholders.find(std::string(text.substr(2, end - 2)));
    if (known == placeholders.end()) {
      out += "${";
      text.remove_prefix(2);
    } else {
      out += known->second;
      text.remove_prefix(end + 1);
    }
  }
  return out;
}

json::Value parse_file(const fs::path& path, const Placeholders& placeholders) {
  auto value = json::parse(replace_placeholders(read_file(path), placeholders));
  if (!value) throw std::runtime_error(path.string() + ": " + value.error().describe());
  return std::move(*value);
}

constexpr std::string_view kBytes = "@bytes:";

// The whole string that a reference stands for: "@json:FILE", "@json:FILE#/a/b", "@text:FILE". "@bytes:FILE" stays
// until the request is sent, for packages are large and seldom sent.
std::optional<std::string> resolve_reference(std::string_view text, const fs::path& root,
                                             const Placeholders& placeholders) {
  const auto file_after = [&](std::string_view mark) -> std::optional<fs::path> {
    if (!text.starts_with(mark)) return std::nullopt;
    const std::string_view name = text.substr(mark.size());
    return root / fs::path(name.substr(0, name.find('#')));
  };
  if (const auto file = file_after("@json:")) {
    const json::Value document = parse_file(*file, placeholders);
    const json::Value* part = &document;
    const std::size_t hash = text.find("#/");
    std::string_view path = hash == std::string_view::npos ? std::string_view() : text.substr(hash + 2);
    while (!path.empty()) {
      const std::size_t slash = std::min(path.find('/'), path.size());
      part = part->find(path.substr(0, slash));
      if (!part) throw std::runtime_error(file->string() + " has nothing at " + std::string(text.substr(hash + 1)));
      path.remove_prefix(std::min(slash + 1, path.size()));
    }
    return json::write(*part);
  }
  if (const auto file = file_after("@text:"))
    return base::to_base64(replace_placeholders(read_file(*file), placeholders));
  return std::nullopt;
}

constexpr std::string_view kRandom = "@random:";

// Visits the strings that begin with that mark.
template <class Value, class Visit>
void visit_marked(Value& value, std::string_view mark, const Visit& visit) {
  if (value.is_string()) {
    if (value.as_string().starts_with(mark)) visit(value);
  } else if (value.is_array()) {
    for (auto& element : value.as_array()) visit_marked(element, mark, visit);
  } else if (value.is_object()) {
    for (auto& [name, member] : value.as_object()) visit_marked(member, mark, visit);
  }
}

fs::path file_of_bytes(const json::Value& reference, const fs::path& root) {
  return root / reference.as_string().substr(kBytes.size());
}

// "@random:32" is 32 bytes that nobody can predict, in hex: other ones each time, so they are made only when sent.
std::string random_hex(std::string_view reference) {
  const auto bytes = base::to_number<std::size_t>(reference.substr(kRandom.size()));
  if (!bytes) throw std::runtime_error(std::string(reference) + " doesn't say how many bytes");
  base::RandomIds ids;
  return ids.hex(2 * *bytes);
}

// "@number:395" is 395, and null where there is no number.
std::optional<json::Value> resolve_number(std::string_view text) {
  constexpr std::string_view kMark = "@number:";
  if (!text.starts_with(kMark)) return std::nullopt;
  auto number = json::parse(text.size() == kMark.size() ? "null" : text.substr(kMark.size()));
  if (!number) throw std::runtime_error(std::string(text) + ": " + number.error().describe());
  return std::move(*number);
}

void resolve_references(json::Value& value, const fs::path& root, const Placeholders& placeholders) {
  if (value.is_string()) {
    if (auto number = resolve_number(value.as_string())) {
      value = std::move(*number);
    } else if (auto text = resolve_reference(value.as_string(), root, placeholders)) {
      value = json::Value(std::move(*text));
    }
  } else if (value.is_array()) {
    for (json::Value& element : value.as_array()) resolve_references(element, root, placeholders);
  } else if (value.is_object()) {
    for (auto& [name, member] : value.as_object()) resolve_references(member, root, placeholders);
  }
}

// "31.iam.put-role-policy.collect_to_s3.json" ▶ "iam", "PutRolePolicy".
DeployRequest parse_name(const std::string& file) {
  std::vector<std::string> parts;
  std::istringstream words(file);
  for (std::string part; std::getline(words, part, '.');) parts.push_back(part);
  if (parts.size() < 4) throw std::runtime_error(file + " is not named <order>.<service>.<operation>[.<what>].json");
  DeployRequest request{.file = file, .service = parts[1] == "s3api" ? "s3" : parts[1], .operation = {}, .input = {}};
  bool upper = true;
  for (const char c : parts[2]) {
    if (c != '-') request.operation += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    upper = c == '-';
  }
  return request;
}

std::vector<std::string> schema_files(const fs::path& folder) {
  std::vector<std::string> out;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && entry.path().extension() == ".json")
      out.push_back(fs::relative(entry.path(), folder).string());
  }
  std::sort(out.begin(), out.end());
  return out;
}

// The settings: each is a placeholder of its name, empty where it is null.
void add_settings(const fs::path& path, Placeholders& placeholders) {
  const json::Value settings = parse_file(path, {});
  for (const auto& [name, value] : settings.as_object()) {
    placeholders[name] = value.is_string() ? std::string(value.as_string()) : value.is_null() ? "" : json::write(value);
  }
}

Placeholders make_placeholders(const DeploymentOptions& options, const std::string& account_id,
                               const std::string& region) {
  Placeholders out{{"AccountId", account_id},
                   {"Region", region},
                   {"Prefix", options.prefix},
                   {"NamePrefix", options.prefix == "event-pipeline" ? "" : options.prefix + "-"},
                   {"Bucket", options.prefix + "-" + account_id + "-" + region},
                   {"Architecture", "x86_64"},
                   {"Packages", fs::absolute(options.packages).string()},
                   {"WriteKeySha256", aws::sha256_hex(options.write_key)}};
  add_settings(options.root / "deploy/settings.json", out);
  return out;
}

DeployRequest read_request(const fs::path& path, const fs::path& root, const Placeholders& placeholders) {
  DeployRequest request = parse_name(path.filename().string());
  request.input = parse_file(path, placeholders);
  resolve_references(request.input, root, placeholders);
  if (request.operation == "CreateBucket" && placeholders.at("Region") == "us-east-1") {
    request.input.as_object().erase("CreateBucketConfiguration");
  }
  return request;
}

// Concurrency is reserved only where a setting says how much.
bool is_wanted(const DeployRequest& request) {
  const json::Value* reserved = request.input.find("ReservedConcurrentExecutions");
  return !reserved || !reserved->is_null();
}

// What the requests and packages are, in 32 bytes.
std::string digest_of(const std::vector<DeployRequest>& requests, const fs::path& root) {
  aws::Hasher hasher(aws::Digest::sha256);
  for (const DeployRequest& request : requests) {
    hasher.update(request.file + '\n' + json::write(request.input) + '\n');
    visit_marked(request.input, kBytes, [&](const json::Value& reference) {
      const std::string bytes = read_file(file_of_bytes(reference, root));
      hasher.update(std::to_string(bytes.size()) + '\n');
      hasher.update(bytes);
    });
  }
  return hasher.finish();
}

bool says_exists(const ServiceError& error) {
  for (const std::string_view word :
       {"AlreadyExists", "AlreadyOwned", "ResourceInUse", "ResourceConflict", "EntityAlready"}) {
    if (error.code.find(word) != std::string::npos) return true;
  }
  // UpdateTimeToLive has no code of its own for "it is so already".
  return error.message.find("already enabled") != std::string::npos;
}

// The part of `input` with these members, some of them under other names.
json::Value pick(const json::Value& input,
                 std::initializer_list<std::pair<std::string_view, std::string_view>> members) {
  json::Object out;
  for (const auto& [from, to] : members) {
    if (const json::Value* value = input.find(from)) out.set(to, *value);
  }
  return out;
}

// What brings an existing resource to what its creation asked for; nothing where it can't differ.
std::vector<DeployRequest> updates_for(const DeployRequest& request, const std::string& account_id,
                                       const std::string& region) {
  const auto update = [&](std::string operation, json::Value input) {
    return DeployRequest{request.file, request.service, std::move(operation), std::move(input)};
  };
  const json::Value& input = request.input;
  if (request.operation == "CreateRole") {
    return {update("UpdateAssumeRolePolicy",
                   pick(input, {{"RoleName", "RoleName"}, {"AssumeRolePolicyDocument", "PolicyDocument"}}))};
  }
  if (request.operation == "CreateFunction") {
    json::Value code = pick(input, {{"FunctionName", "FunctionName"}});
    code.as_object().set("ZipFile", *input.find("Code")->find("ZipFile"));
    return {update("UpdateFunctionCode", std::move(code)),
            update("UpdateFunctionConfiguration", pick(input, {{"FunctionName", "FunctionName"},
                                                               {"Description", "Description"},
                                                               {"Runtime", "Runtime"},
                                                               {"Handler", "Handler"},
                                                               {"Role", "Role"},
                                                               {"Timeout", "Timeout"},
                                                               {"MemorySize", "MemorySize"},
                                                               {"Environment", "Environment"}}))};
  }
  if (request.operation == "CreateStateMachine") {
    json::Value machine =
        pick(input,
             {{"definition", "definition"}, {"roleArn", "roleArn"}, {"loggingConfiguration", "loggingConfiguration"}});
    machine.as_object().set("stateMachineArn", "arn:aws:states:" + region + ":" + account_id + ":stateMachine:" +
                                                   std::string(input.get_string("name").value_or("")));
    return {update("UpdateStateMachine", std::move(machine))};
  }
  if (request.operation == "CreateFunctionUrlConfig") return {update("UpdateFunctionUrlConfig", input)};
  return {};
}

void require(const Result<json::Value>& answer, const DeployRequest& request) {
  if (answer) return;
  throw std::runtime_error("deploying the pipeline: " + request.service + " " + request.operation +
                           " (deploy/requests/" + request.file + ") was refused: " + answer.error().code + ": " +
                           answer.error().message);
}

Task<void> carry_out(DeployRequest request, fs::path root, wire::Router& router, wire::Caller caller) {
  visit_marked(request.input, kBytes,
               [&](json::Value& reference) { reference = base::to_base64(read_file(file_of_bytes(reference, root))); });
  visit_marked(request.input, kRandom,
               [](json::Value& reference) { reference = base::to_base64(random_hex(reference.as_string())); });
  if (request.operation == "PutObject" && request.input.get_string("Key").value_or("").starts_with("config/")) {
    // Written once: afterwards it belongs to whoever operates the pipeline.
    const json::Value place = pick(request.input, {{"Bucket", "Bucket"}, {"Key", "Key"}});
    const Result<json::Value> there = co_await router.call("s3", "HeadObject", place, caller);
    if (there) co_return;
  }
  const Result<json::Value> answer = co_await router.call(request.service, request.operation, request.input, caller);
  if (answer || !says_exists(answer.error())) {
    require(answer, request);
    co_return;
  }
  const std::vector<DeployRequest> updates = updates_for(request, caller.account, caller.region);
  for (const DeployRequest& update : updates) {
    const Result<json::Value> updated = co_await router.call(update.service, update.operation, update.input, caller);
    require(updated, update);
  }
}

}  // namespace

std::vector<DeployRequest> read_requests(const DeploymentOptions& options, const std::string& account_id,
                                         const std::string& region) {
  Placeholders placeholders = make_placeholders(options, account_id, region);
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(options.root / "deploy/requests")) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<DeployRequest> out;
  for (const fs::path& file : files) {
    if (!file.filename().string().ends_with(".schemas.json")) {
      DeployRequest request = read_request(file, options.root, placeholders);
      if (is_wanted(request)) out.push_back(std::move(request));
      continue;
    }
    for (const std::string& schema : schema_files(options.root / "pipeline/schemas")) {
      placeholders["Schema"] = schema;
      out.push_back(read_request(file, options.root, placeholders));
    }
  }
  return out;
}

Task<void> deploy(DeploymentOptions options, wire::Router& router, storage::Store& store, wire::Caller caller) {
  const std::vector<DeployRequest> requests = read_requests(options, caller.account, caller.region);
  const std::string digest = digest_of(requests, options.root);
  const std::string key = storage::Key("deployment").add(caller.account).add(caller.region).add(options.prefix).bytes();
  if (store.snapshot()->get(key) == digest) co_return;
  for (const DeployRequest& request : requests) co_await carry_out(request, options.root, router, caller);
  storage::WriteFunction<base::Done> remember = [key, digest](storage::Transaction& transaction) -> Result<base::Done> {
    transaction.put(key, digest);
    return base::Done{};
  };
  const Result<base::Done> remembered = co_await store.write<base::Done>(std::move(remember));
  (void)remembered;
}

}  // namespace localcloud
