// Wording of dates and limits: https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html

#include "localcloud/services/lambda/describe.hpp"

#include <fmt/chrono.h>
#include <fmt/core.h>

#include "json/write.hpp"
#include "localcloud/services/lambda/errors.hpp"
#include "localcloud/services/lambda/runtime/environment.hpp"

namespace localcloud::lambda {

namespace {

constexpr std::size_t kVariablesBytesMax = 4096;
constexpr std::size_t kTagsMax = 50;
constexpr std::size_t kZippedInlineMax = 50 * 1024 * 1024;
constexpr std::size_t kZippedInS3Max = 250 * 1024 * 1024;

std::tm utc(base::Time time) {
  return fmt::gmtime(static_cast<std::time_t>(base::to_unix_s(time)));
}

bool is_variable_name(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto other = [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '_'; };
  return name.size() >= 2 && letter(name[0]) && std::all_of(name.begin() + 1, name.end(), other);
}

}  // namespace

FunctionConfiguration describe(const FunctionRecord& record) {
  FunctionConfiguration shown;
  shown.function_name = record.name;
  shown.function_arn = record.arn();
  shown.runtime = record.runtime;
  shown.role = record.role;
  shown.handler = record.handler;
  shown.code_size = record.code_bytes;
  shown.description = record.description;
  shown.timeout = record.timeout_s;
  shown.memory_size = record.memory_mb;
  shown.last_modified = record.modified;
  shown.code_sha256 = record.code_sha256;
  if (record.variables) shown.environment = Environment{record.variables};
  shown.tracing_config.mode = TracingMode::pass_through;
  shown.revision_id = record.revision_id;
  shown.architectures = {record.architecture};
  shown.ephemeral_storage.size = record.ephemeral_mb;
  shown.logging_config.log_group = "/aws/lambda/" + record.name;
  return shown;
}

UrlDescription describe_url(const FunctionRecord& record, std::string_view endpoint_url) {
  const std::size_t colon = endpoint_url.rfind(':');
  UrlDescription shown;
  // Unlike AWS: a function's URL is on this machine (*.localhost is the loopback, RFC 6761), and plain HTTP.
  shown.function_url = fmt::format("http://{}.lambda-url.{}.localhost{}/", record.url->id, record.region,
                                   colon > 5 ? endpoint_url.substr(colon) : "");
  shown.function_arn = record.arn();
  shown.auth_type = record.url->auth_type;
  shown.cors = record.url->cors;
  shown.creation_time = record.url->created;
  shown.last_modified_time = record.url->modified;
  return shown;
}

std::string configuration_date(base::Time time) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}+0000", utc(time), base::to_unix_ms(time) % 1000);
}

std::string url_date(base::Time time) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:06}Z", utc(time), base::to_unix_us(time) % 1'000'000);
}

Result<Done> check_runtime(const std::optional<std::string>& runtime) {
  if (runtime && *runtime != "provided.al2023" && *runtime != "provided.al2")
    return failure(unsupported_runtime(*runtime));
  return Done{};
}

Result<Done> check_variables(const std::optional<Environment>& environment) {
  if (!environment || !environment->variables) return Done{};
  std::string reserved, json = "{";
  for (const auto& [name, value] : *environment->variables) {
    if (is_reserved_variable(name)) {
      reserved += (reserved.empty() ? "" : ", ") + name;
    } else if (!is_variable_name(name)) {
      return failure(invalid_variable_name());
    }
    if (value.find('\0') != std::string::npos) {
      return failure(invalid_parameter(fmt::format("The value of the environment variable {} holds a NUL.", name)));
    }
    json += json.size() > 1 ? "," : "";
    json::write_string(json, name);
    json += ':';
    json::write_string(json, value);
  }
  json += '}';
  if (!reserved.empty()) return failure(reserved_variables(reserved));
  if (json.size() > kVariablesBytesMax) return failure(variables_too_large(json));
  return Done{};
}

Result<Done> check_tracing(const std::optional<TracingConfig>& tracing) {
  if (tracing && tracing->mode == TracingMode::active) return failure(not_supported("TracingConfig with Mode Active"));
  return Done{};
}

Result<Done> check_tags(const std::map<std::string, std::string>& tags) {
  if (tags.size() > kTagsMax) return failure(invalid_parameter("The number of tags exceeds the limit of 50."));
  for (const auto& [key, value] : tags) {
    if (key.empty() || key.size() > 128 * 4 || value.size() > 256 * 4) {
      return failure(invalid_parameter("A tag key has 1 to 128 characters, a tag value at most 256."));
    }
    if (key.starts_with("aws:")) return failure(invalid_parameter("Tag keys starting with aws: are reserved."));
  }
  return Done{};
}

Result<Done> check_role(Lambda& room, const std::string& role) {
  if (!room.outside.roles.can_assume(role)) return failure(role_cannot_be_assumed());
  return Done{};
}

Result<Done> check_cors(const std::optional<Cors>& cors) {
  if (!cors || !cors->allow_methods) return Done{};
  for (const std::string& method : *cors->allow_methods) {
    constexpr std::string_view kMethods[] = {"GET", "PUT", "HEAD", "POST", "PATCH", "DELETE", "*"};
    if (std::find(std::begin(kMethods), std::end(kMethods), method) == std::end(kMethods)) {
      return failure(invalid_cors_method(method));
    }
  }
  return Done{};
}

Result<FunctionRecord> hold_function(const storage::Reader& reader, const FunctionId& id,
                                     const std::optional<std::string>& revision_id) {
  auto record = find_function(reader, id);
  if (!record) return failure(function_not_found(id.arn()));
  if (revision_id && *revision_id != record->revision_id) return failure(revision_mismatch());
  return *std::move(record);
}

namespace {

Task<Result<std::string>> fetch_code(Lambda& room, wire::Caller caller, FunctionCode code, std::string_view operation) {
  if (code.zip_file) {
    if (code.s3_bucket || code.s3_key) {
      co_return failure(
          invalid_parameter("Please do not provide other FunctionCode parameters when providing a ZipFile."));
    }
    if (code.zip_file->bytes.size() > kZippedInlineMax) co_return failure(zip_too_large(operation));
    co_return std::move(code.zip_file->bytes);
  }
  if (!code.s3_bucket || !code.s3_key) co_return failure(no_code_given());
  Result<std::string> zip =
      co_await room.outside.code.fetch(std::move(caller), *code.s3_bucket, *code.s3_key, kZippedInS3Max);
  if (!zip) co_return failure(code_not_found(zip.error().code, zip.error().message));
  co_return zip;
}

}  // namespace

Task<Result<StoredCode>> store_code(Lambda& room, wire::Caller caller, FunctionCode code, std::string_view operation) {
  base::Executor* const here = base::Executor::current();
  Result<std::string> zip = co_await fetch_code(room, std::move(caller), std::move(code), operation);
  if (!zip) co_return failure(zip.error());
  co_await base::resume_on(room.unzipping);
  std::exception_ptr broken;
  Result<StoredCode> stored = failure(could_not_unzip());
  try {
    stored = room.code.install(*zip);
  } catch (...) {
    broken = std::current_exception();
  }
  if (here) co_await base::resume_on(*here);
  if (broken) std::rethrow_exception(broken);
  co_return stored;
}

}  // namespace localcloud::lambda
