#pragma once
// Each operation's request and response. No behaviour.
// https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html

#include "json/document.hpp"
#include "localcloud/wire/operation.hpp"

namespace localcloud::lambda {

enum class UrlAuthType { none, aws_iam };
constexpr std::array<std::string_view, 2> wire_names(UrlAuthType) {
  return {"NONE", "AWS_IAM"};
}
enum class InvokeMode { buffered, response_stream };
constexpr std::array<std::string_view, 2> wire_names(InvokeMode) {
  return {"BUFFERED", "RESPONSE_STREAM"};
}
enum class InvocationType { event, request_response, dry_run };
constexpr std::array<std::string_view, 3> wire_names(InvocationType) {
  return {"Event", "RequestResponse", "DryRun"};
}
enum class LogType { none, tail };
constexpr std::array<std::string_view, 2> wire_names(LogType) {
  return {"None", "Tail"};
}
enum class PackageType { zip, image };
constexpr std::array<std::string_view, 2> wire_names(PackageType) {
  return {"Zip", "Image"};
}
enum class Architecture { x86_64, arm64 };
constexpr std::array<std::string_view, 2> wire_names(Architecture) {
  return {"x86_64", "arm64"};
}
enum class TracingMode { active, pass_through };
constexpr std::array<std::string_view, 2> wire_names(TracingMode) {
  return {"Active", "PassThrough"};
}
enum class ListedVersions { all };
constexpr std::array<std::string_view, 1> wire_names(ListedVersions) {
  return {"ALL"};
}

bool is_function_name(std::string_view text);  // a name, a partial ARN or an ARN, with or without a qualifier
bool is_qualifier(std::string_view text);
bool is_role_arn(std::string_view text);
bool is_handler(std::string_view text);
bool is_statement_id(std::string_view text);
bool is_permitted_action(std::string_view text);
bool is_principal(std::string_view text);
bool is_account(std::string_view text);
bool is_arn(std::string_view text);

constexpr wire::Limits kFunctionName = wire::pattern(
    "(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)"
    "(:(\\$LATEST|[a-zA-Z0-9-_]+))?",
    &is_function_name, 1, 140);
// Where a function is named that exists: an ARN with a qualifier may be longer.
constexpr wire::Limits kFunctionReference = [] {
  wire::Limits limits = kFunctionName;
  limits.max = 256;
  return limits;
}();
constexpr wire::Limits kQualifier = wire::pattern("(|[a-zA-Z0-9$_-]+)", &is_qualifier, 1, 128);
constexpr wire::Limits kRole =
    wire::pattern("arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+", &is_role_arn, INT64_MIN, 10000);
constexpr wire::Limits kHandler = wire::pattern("[^\\s]+", &is_handler, 0, 128);

struct Nothing {
  static constexpr auto members() { return wire::members(); }
};

struct FunctionCode {
  std::optional<wire::Blob> zip_file;
  std::optional<std::string> s3_bucket;
  std::optional<std::string> s3_key;
  static constexpr auto members() {
    return wire::members(wire::optional("ZipFile", &FunctionCode::zip_file),
                         wire::optional("S3Bucket", &FunctionCode::s3_bucket, wire::length(3, 63)),
                         wire::optional("S3Key", &FunctionCode::s3_key, wire::length(1, 1024)),
                         wire::refused("S3ObjectVersion", "S3ObjectStorageMode", "ImageUri", "SourceKMSKeyArn"));
  }
};

struct Environment {
  std::optional<std::map<std::string, std::string>> variables;
  static constexpr auto members() { return wire::members(wire::optional("Variables", &Environment::variables)); }
};

struct TracingConfig {
  std::optional<TracingMode> mode;
  static constexpr auto members() { return wire::members(wire::optional("Mode", &TracingConfig::mode)); }
};

struct EphemeralStorage {
  std::int32_t size = 512;
  static constexpr auto members() {
    return wire::members(wire::required("Size", &EphemeralStorage::size, wire::range(512, 10240)));
  }
};

struct LoggingConfig {
  std::string log_format = "Text";
  std::string log_group;
  static constexpr auto members() {
    return wire::members(wire::optional("LogFormat", &LoggingConfig::log_format),
                         wire::optional("LogGroup", &LoggingConfig::log_group));
  }
};

struct SnapStartResponse {
  std::string apply_on = "None";
  std::string optimization_status = "Off";
  static constexpr auto members() {
    return wire::members(wire::optional("ApplyOn", &SnapStartResponse::apply_on),
                         wire::optional("OptimizationStatus", &SnapStartResponse::optimization_status));
  }
};

struct FunctionConfiguration {
  std::string function_name, function_arn, runtime, role, handler;
  std::int64_t code_size = 0;
  std::string description;
  std::int32_t timeout = 3, memory_size = 128;
  std::string last_modified, code_sha256, version = "$LATEST";
  std::optional<Environment> environment;
  TracingConfig tracing_config;
  std::string revision_id, state = "Active", last_update_status = "Successful";
  PackageType package_type = PackageType::zip;
  std::vector<Architecture> architectures;
  EphemeralStorage ephemeral_storage;
  SnapStartResponse snap_start;
  LoggingConfig logging_config;
  static constexpr auto members() {
    using F = FunctionConfiguration;
    return wire::members(
        wire::optional("FunctionName", &F::function_name), wire::optional("FunctionArn", &F::function_arn),
        wire::optional("Runtime", &F::runtime), wire::optional("Role", &F::role),
        wire::optional("Handler", &F::handler), wire::optional("CodeSize", &F::code_size),
        wire::optional("Description", &F::description), wire::optional("Timeout", &F::timeout),
        wire::optional("MemorySize", &F::memory_size), wire::optional("LastModified", &F::last_modified),
        wire::optional("CodeSha256", &F::code_sha256), wire::optional("Version", &F::version),
        wire::optional("Environment", &F::environment), wire::optional("TracingConfig", &F::tracing_config),
        wire::optional("RevisionId", &F::revision_id), wire::optional("State", &F::state),
        wire::optional("LastUpdateStatus", &F::last_update_status), wire::optional("PackageType", &F::package_type),
        wire::optional("Architectures", &F::architectures), wire::optional("EphemeralStorage", &F::ephemeral_storage),
        wire::optional("SnapStart", &F::snap_start), wire::optional("LoggingConfig", &F::logging_config));
  }
};

struct CreateFunction {
  static constexpr std::string_view kName = "CreateFunction";
  static constexpr wire::Route kRoute{"POST", "/2015-03-31/functions"};
  static constexpr int kStatus = 201;
  struct Input {
    std::string function_name;
    std::optional<std::string> runtime;
    std::string role;
    std::optional<std::string> handler;
    FunctionCode code;
    std::optional<std::string> description;
    std::optional<std::int32_t> timeout, memory_size;
    std::optional<bool> publish;
    std::optional<PackageType> package_type;
    std::optional<Environment> environment;
    std::optional<TracingConfig> tracing_config;
    std::optional<std::map<std::string, std::string>> tags;
    std::optional<std::vector<Architecture>> architectures;
    std::optional<EphemeralStorage> ephemeral_storage;
    static constexpr auto members() {
      return wire::members(
          wire::required("FunctionName", &Input::function_name, kFunctionName),
          wire::optional("Runtime", &Input::runtime), wire::required("Role", &Input::role, kRole),
          wire::optional("Handler", &Input::handler, kHandler), wire::required("Code", &Input::code),
          wire::optional("Description", &Input::description, wire::length(0, 256)),
          wire::optional("Timeout", &Input::timeout, wire::range(1, 900)),
          wire::optional("MemorySize", &Input::memory_size, wire::range(128, 10240)),
          wire::optional("Publish", &Input::publish), wire::optional("PackageType", &Input::package_type),
          wire::optional("Environment", &Input::environment), wire::optional("TracingConfig", &Input::tracing_config),
          wire::optional("Tags", &Input::tags),
          wire::optional("Architectures", &Input::architectures, wire::length(1, 1)),
          wire::optional("EphemeralStorage", &Input::ephemeral_storage),
          wire::refused("PublishTo", "VpcConfig", "DeadLetterConfig", "KMSKeyArn", "Layers", "FileSystemConfigs",
                        "CodeSigningConfigArn", "ImageConfig", "SnapStart", "LoggingConfig", "TenancyConfig",
                        "CapacityProviderConfig", "DurableConfig", "RuntimeConfig", "AcceleratorConfig"));
    }
  };
  using Output = FunctionConfiguration;
};

struct UpdateFunctionCode {
  static constexpr std::string_view kName = "UpdateFunctionCode";
  static constexpr wire::Route kRoute{"PUT", "/2015-03-31/functions/{FunctionName}/code"};
  struct Input {
    std::string function_name;
    std::optional<wire::Blob> zip_file;
    std::optional<std::string> s3_bucket, s3_key;
    std::optional<bool> publish, dry_run;
    std::optional<std::string> revision_id;
    std::optional<std::vector<Architecture>> architectures;
    static constexpr auto members() {
      return wire::members(
          wire::label("FunctionName", &Input::function_name, kFunctionName),
          wire::optional("ZipFile", &Input::zip_file),
          wire::optional("S3Bucket", &Input::s3_bucket, wire::length(3, 63)),
          wire::optional("S3Key", &Input::s3_key, wire::length(1, 1024)), wire::optional("Publish", &Input::publish),
          wire::optional("DryRun", &Input::dry_run), wire::optional("RevisionId", &Input::revision_id),
          wire::optional("Architectures", &Input::architectures, wire::length(1, 1)),
          wire::refused("S3ObjectVersion", "S3ObjectStorageMode", "ImageUri", "PublishTo", "SourceKMSKeyArn"));
    }
  };
  using Output = FunctionConfiguration;
};

struct UpdateFunctionConfiguration {
  static constexpr std::string_view kName = "UpdateFunctionConfiguration";
  static constexpr wire::Route kRoute{"PUT", "/2015-03-31/functions/{FunctionName}/configuration"};
  struct Input {
    std::string function_name;
    std::optional<std::string> role, handler, description;
    std::optional<std::int32_t> timeout, memory_size;
    std::optional<Environment> environment;
    std::optional<std::string> runtime;
    std::optional<TracingConfig> tracing_config;
    std::optional<std::string> revision_id;
    std::optional<EphemeralStorage> ephemeral_storage;
    static constexpr auto members() {
      return wire::members(
          wire::label("FunctionName", &Input::function_name, kFunctionName),
          wire::optional("Role", &Input::role, kRole), wire::optional("Handler", &Input::handler, kHandler),
          wire::optional("Description", &Input::description, wire::length(0, 256)),
          wire::optional("Timeout", &Input::timeout, wire::range(1, 900)),
          wire::optional("MemorySize", &Input::memory_size, wire::range(128, 10240)),
          wire::optional("Environment", &Input::environment), wire::optional("Runtime", &Input::runtime),
          wire::optional("TracingConfig", &Input::tracing_config), wire::optional("RevisionId", &Input::revision_id),
          wire::optional("EphemeralStorage", &Input::ephemeral_storage),
          wire::refused("VpcConfig", "DeadLetterConfig", "KMSKeyArn", "Layers", "FileSystemConfigs", "ImageConfig",
                        "SnapStart", "LoggingConfig", "CapacityProviderConfig", "DurableConfig", "RuntimeConfig",
                        "AcceleratorConfig"));
    }
  };
  using Output = FunctionConfiguration;
};

// What names one function, and its only version; of a type of its own for each operation. AWS's model lets some names
// be longer than others.
enum class NameLimits { of_reference, of_name };
template <class Operation, NameLimits limits = NameLimits::of_reference>
struct NamedFunction {
  std::string function_name;
  std::optional<std::string> qualifier;
  static constexpr auto members() {
    return wire::members(wire::label("FunctionName", &NamedFunction::function_name,
                                     limits == NameLimits::of_reference ? kFunctionReference : kFunctionName),
                         wire::query("Qualifier", "Qualifier", &NamedFunction::qualifier, kQualifier));
  }
};

struct CodeLocation {
  std::string repository_type = "S3";
  static constexpr auto members() {
    return wire::members(wire::optional("RepositoryType", &CodeLocation::repository_type));
  }
};

struct Concurrency {
  std::optional<std::int32_t> reserved_concurrent_executions;
  static constexpr auto members() {
    return wire::members(wire::optional("ReservedConcurrentExecutions", &Concurrency::reserved_concurrent_executions));
  }
};

struct GetFunction {
  static constexpr std::string_view kName = "GetFunction";
  static constexpr wire::Route kRoute{"GET", "/2015-03-31/functions/{FunctionName}"};
  using Input = NamedFunction<GetFunction>;
  struct Output {
    FunctionConfiguration configuration;
    CodeLocation code;
    std::optional<std::map<std::string, std::string>> tags;
    std::optional<Concurrency> concurrency;
    static constexpr auto members() {
      return wire::members(wire::optional("Configuration", &Output::configuration),
                           wire::optional("Code", &Output::code), wire::optional("Tags", &Output::tags),
                           wire::optional("Concurrency", &Output::concurrency));
    }
  };
};

struct GetFunctionConfiguration {
  static constexpr std::string_view kName = "GetFunctionConfiguration";
  static constexpr wire::Route kRoute{"GET", "/2015-03-31/functions/{FunctionName}/configuration"};
  using Input = NamedFunction<GetFunctionConfiguration>;
  using Output = FunctionConfiguration;
};

struct ListFunctions {
  static constexpr std::string_view kName = "ListFunctions";
  static constexpr wire::Route kRoute{"GET", "/2015-03-31/functions"};
  struct Input {
    std::optional<std::string> master_region;
    std::optional<ListedVersions> function_version;
    std::optional<std::string> marker;
    std::optional<std::int32_t> max_items;
    static constexpr auto members() {
      return wire::members(wire::query("MasterRegion", "MasterRegion", &Input::master_region, wire::length(1, 50)),
                           wire::query("FunctionVersion", "FunctionVersion", &Input::function_version),
                           wire::query("Marker", "Marker", &Input::marker),
                           wire::query("MaxItems", "MaxItems", &Input::max_items, wire::range(1, 10000)));
    }
  };
  struct Output {
    std::optional<std::string> next_marker;
    std::vector<FunctionConfiguration> functions;
    static constexpr auto members() {
      return wire::members(wire::optional("NextMarker", &Output::next_marker),
                           wire::optional("Functions", &Output::functions));
    }
  };
};

struct ListVersionsByFunction {
  static constexpr std::string_view kName = "ListVersionsByFunction";
  static constexpr wire::Route kRoute{"GET", "/2015-03-31/functions/{FunctionName}/versions"};
  struct Input {
    std::string function_name;
    std::optional<std::string> marker;
    std::optional<std::int32_t> max_items;
    static constexpr auto members() {
      return wire::members(wire::label("FunctionName", &Input::function_name, kFunctionReference),
                           wire::query("Marker", "Marker", &Input::marker),
                           wire::query("MaxItems", "MaxItems", &Input::max_items, wire::range(1, 10000)));
    }
  };
  struct Output {
    std::optional<std::string> next_marker;
    std::vector<FunctionConfiguration> versions;
    static constexpr auto members() {
      return wire::members(wire::optional("NextMarker", &Output::next_marker),
                           wire::optional("Versions", &Output::versions));
    }
  };
};

struct DeleteFunction {
  static constexpr std::string_view kName = "DeleteFunction";
  static constexpr wire::Route kRoute{"DELETE", "/2015-03-31/functions/{FunctionName}"};
  static constexpr int kStatus = 204;
  using Input = NamedFunction<DeleteFunction>;
  using Output = Nothing;
};

struct Invoke {
  static constexpr std::string_view kName = "Invoke";
  static constexpr wire::Route kRoute{"POST", "/2015-03-31/functions/{FunctionName}/invocations"};
  struct Input {
    std::string function_name;
    std::optional<InvocationType> invocation_type;
    std::optional<LogType> log_type;
    std::optional<std::string> client_context;
    wire::Blob payload;
    std::optional<std::string> qualifier;
    static constexpr auto members() {
      return wire::members(wire::label("FunctionName", &Input::function_name, kFunctionReference),
                           wire::header("InvocationType", "X-Amz-Invocation-Type", &Input::invocation_type),
                           wire::header("LogType", "X-Amz-Log-Type", &Input::log_type),
                           wire::header("ClientContext", "X-Amz-Client-Context", &Input::client_context),
                           wire::payload("Payload", &Input::payload),
                           wire::query("Qualifier", "Qualifier", &Input::qualifier, kQualifier),
                           wire::refused("DurableExecutionName", "TenantId"));
    }
  };
  struct Output {
    std::int32_t status_code = 200;
    std::optional<std::string> function_error, log_result;
    wire::Blob payload;
    std::optional<std::string> executed_version;
    static constexpr auto members() {
      return wire::members(wire::status("StatusCode", &Output::status_code),
                           wire::header("FunctionError", "X-Amz-Function-Error", &Output::function_error),
                           wire::header("LogResult", "X-Amz-Log-Result", &Output::log_result),
                           wire::payload("Payload", &Output::payload),
                           wire::header("ExecutedVersion", "X-Amz-Executed-Version", &Output::executed_version));
    }
  };
};

// Invoke for who is in this process: payload and answer are documents, not bytes.
struct InvokeWithin {
  static constexpr std::string_view kName = "Invoke";
  struct Input {
    std::string function_name;
    std::optional<InvocationType> invocation_type;
    std::optional<LogType> log_type;
    std::optional<std::string> client_context;
    json::Document payload;
    std::optional<std::string> qualifier;
  };
  struct Output {
    std::int32_t status_code = 200;
    std::optional<std::string> function_error, log_result;
    json::Document payload;
    std::optional<std::string> executed_version;
  };
};

}  // namespace localcloud::lambda
