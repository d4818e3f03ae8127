#pragma once
// The requests and responses of function URLs, permissions, concurrency, tags and the account. No behaviour.

#include "localcloud/services/lambda/api.hpp"

namespace localcloud::lambda {

struct Cors {
  std::optional<bool> allow_credentials;
  std::optional<std::vector<std::string>> allow_headers, allow_methods, allow_origins, expose_headers;
  std::optional<std::int32_t> max_age;
  static constexpr auto members() {
    return wire::members(wire::optional("AllowCredentials", &Cors::allow_credentials),
                         wire::optional("AllowHeaders", &Cors::allow_headers, wire::length(0, 100)),
                         wire::optional("AllowMethods", &Cors::allow_methods, wire::length(0, 6)),
                         wire::optional("AllowOrigins", &Cors::allow_origins, wire::length(0, 100)),
                         wire::optional("ExposeHeaders", &Cors::expose_headers, wire::length(0, 100)),
                         wire::optional("MaxAge", &Cors::max_age, wire::range(0, 86400)));
  }
};

struct UrlDescription {
  std::string function_url, function_arn;
  UrlAuthType auth_type = UrlAuthType::aws_iam;
  std::optional<Cors> cors;
  std::string creation_time, last_modified_time;
  InvokeMode invoke_mode = InvokeMode::buffered;
  static constexpr auto members() {
    using U = UrlDescription;
    return wire::members(wire::required("FunctionUrl", &U::function_url),
                         wire::required("FunctionArn", &U::function_arn), wire::required("AuthType", &U::auth_type),
                         wire::optional("Cors", &U::cors), wire::required("CreationTime", &U::creation_time),
                         wire::required("LastModifiedTime", &U::last_modified_time),
                         wire::optional("InvokeMode", &U::invoke_mode));
  }
};

struct CreateFunctionUrlConfig {
  static constexpr std::string_view kName = "CreateFunctionUrlConfig";
  static constexpr wire::Route kRoute{"POST", "/2021-10-31/functions/{FunctionName}/url"};
  static constexpr int kStatus = 201;
  struct Input {
    std::string function_name;
    std::optional<std::string> qualifier;
    UrlAuthType auth_type = UrlAuthType::aws_iam;
    std::optional<Cors> cors;
    std::optional<InvokeMode> invoke_mode;
    static constexpr auto members() {
      return wire::members(wire::label("FunctionName", &Input::function_name, kFunctionName),
                           wire::query("Qualifier", "Qualifier", &Input::qualifier, kQualifier),
                           wire::required("AuthType", &Input::auth_type), wire::optional("Cors", &Input::cors),
                           wire::optional("InvokeMode", &Input::invoke_mode));
    }
  };
  struct Output {
    std::string function_url, function_arn;
    UrlAuthType auth_type = UrlAuthType::aws_iam;
    std::optional<Cors> cors;
    std::string creation_time;
    InvokeMode invoke_mode = InvokeMode::buffered;
    static constexpr auto members() {
      return wire::members(
          wire::required("FunctionUrl", &Output::function_url), wire::required("FunctionArn", &Output::function_arn),
          wire::required("AuthType", &Output::auth_type), wire::optional("Cors", &Output::cors),
          wire::required("CreationTime", &Output::creation_time), wire::optional("InvokeMode", &Output::invoke_mode));
    }
  };
};

struct GetFunctionUrlConfig {
  static constexpr std::string_view kName = "GetFunctionUrlConfig";
  static constexpr wire::Route kRoute{"GET", "/2021-10-31/functions/{FunctionName}/url"};
  using Input = NamedFunction<GetFunctionUrlConfig, NameLimits::of_name>;
  using Output = UrlDescription;
};

struct UpdateFunctionUrlConfig {
  static constexpr std::string_view kName = "UpdateFunctionUrlConfig";
  static constexpr wire::Route kRoute{"PUT", "/2021-10-31/functions/{FunctionName}/url"};
  struct Input {
    std::string function_name;
    std::optional<std::string> qualifier;
    std::optional<UrlAuthType> auth_type;
    std::optional<Cors> cors;
    std::optional<InvokeMode> invoke_mode;
    static constexpr auto members() {
      return wire::members(wire::label("FunctionName", &Input::function_name, kFunctionName),
                           wire::query("Qualifier", "Qualifier", &Input::qualifier, kQualifier),
                           wire::optional("AuthType", &Input::auth_type), wire::optional("Cors", &Input::cors),
                           wire::optional("InvokeMode", &Input::invoke_mode));
    }
  };
  using Output = UrlDescription;
};

struct DeleteFunctionUrlConfig {
  static constexpr std::string_view kName = "DeleteFunctionUrlConfig";
  static constexpr wire::Route kRoute{"DELETE", "/2021-10-31/functions/{FunctionName}/url"};
  static constexpr int kStatus = 204;
  using Input = NamedFunction<DeleteFunctionUrlConfig, NameLimits::of_name>;
  using Output = Nothing;
};

struct ListFunctionUrlConfigs {
  static constexpr std::string_view kName = "ListFunctionUrlConfigs";
  static constexpr wire::Route kRoute{"GET", "/2021-10-31/functions/{FunctionName}/urls"};
  struct Input {
    std::string function_name;
    std::optional<std::string> marker;
    std::optional<std::int32_t> max_items;
    static constexpr auto members() {
      return wire::members(wire::label("FunctionName", &Input::function_name, kFunctionName),
                           wire::query("Marker", "Marker", &Input::marker),
                           wire::query("MaxItems", "MaxItems", &Input::max_items, wire::range(1, 50)));
    }
  };
  struct Output {
    std::vector<UrlDescription> function_url_configs;
    static constexpr auto members() {
      return wire::members(wire::required("FunctionUrlConfigs", &Output::function_url_configs));
    }
  };
};

struct AddPermission {
  static constexpr std::string_view kName = "AddPermission";
  static constexpr wire::Route kRoute{"POST", "/2015-03-31/functions/{FunctionName}/policy"};
  static constexpr int kStatus = 201;
  struct Input {
    std::string function_name, statement_id, action, principal;
    std::optional<std::string> source_arn;
    std::optional<UrlAuthType> function_url_auth_type;
    std::optional<bool> invoked_via_function_url;
    std::optional<std::string> source_account, qualifier, revision_id, principal_org_id;
    static constexpr auto members() {
      return wire::members(
          wire::label("FunctionName", &Input::function_name, kFunctionReference),
          wire::required("StatementId", &Input::statement_id,
                         wire::pattern("([a-zA-Z0-9-_]+)", &is_statement_id, 1, 100)),
          wire::required("Action", &Input::action,
                         wire::pattern("(lambda:[*]|lambda:[a-zA-Z]+|[*])", &is_permitted_action, INT64_MIN, 10000)),
          wire::required("Principal", &Input::principal, wire::pattern("[^\\s]+", &is_principal, INT64_MIN, 2048)),
          wire::optional(
              "SourceArn", &Input::source_arn,
              wire::pattern("arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\\-])+:([a-z]{2}(-gov)?-[a-z]+-\\d{1})?:(\\d{12})?:(.*)",
                            &is_arn, INT64_MIN, 10000)),
          wire::optional("FunctionUrlAuthType", &Input::function_url_auth_type),
          wire::optional("InvokedViaFunctionUrl", &Input::invoked_via_function_url),
          wire::optional("SourceAccount", &Input::source_account, wire::pattern("\\d{12}", &is_account, 0, 12)),
          wire::query("Qualifier", "Qualifier", &Input::qualifier, kQualifier),
          wire::optional("RevisionId", &Input::revision_id),
          wire::optional("PrincipalOrgID", &Input::principal_org_id, wire::length(12, 34)),
          wire::refused("EventSourceToken"));
    }
  };
  struct Output {
    std::string statement;
    static constexpr auto members() { return wire::members(wire::optional("Statement", &Output::statement)); }
  };
};

struct GetPolicy {
  static constexpr std::string_view kName = "GetPolicy";
  static constexpr wire::Route kRoute{"GET", "/2015-03-31/functions/{FunctionName}/policy"};
  using Input = NamedFunction<GetPolicy>;
  struct Output {
    std::string policy, revision_id;
    static constexpr auto members() {
      return wire::members(wire::optional("Policy", &Output::policy),
                           wire::optional("RevisionId", &Output::revision_id));
    }
  };
};

struct RemovePermission {
  static constexpr std::string_view kName = "RemovePermission";
  static constexpr wire::Route kRoute{"DELETE", "/2015-03-31/functions/{FunctionName}/policy/{StatementId}"};
  static constexpr int kStatus = 204;
  struct Input {
    std::string function_name, statement_id;
    std::optional<std::string> qualifier, revision_id;
    static constexpr auto members() {
      return wire::members(wire::label("FunctionName", &Input::function_name, kFunctionReference),
                           wire::label("StatementId", &Input::statement_id, wire::length(1, 100)),
                           wire::query("Qualifier", "Qualifier", &Input::qualifier, kQualifier),
                           wire::query("RevisionId", "RevisionId", &Input::revision_id));
    }
  };
  using Output = Nothing;
};

template <class Operation>
struct OnlyFunction {
  std::string function_name;
  static constexpr auto members() {
    return wire::members(wire::label("FunctionName", &OnlyFunction::function_name, kFunctionName));
  }
};

struct PutFunctionConcurrency {
  static constexpr std::string_view kName = "PutFunctionConcurrency";
  static constexpr wire::Route kRoute{"PUT", "/2017-10-31/functions/{FunctionName}/concurrency"};
  struct Input {
    std::string function_name;
    std::int32_t reserved_concurrent_executions = 0;
    static constexpr auto members() {
      return wire::members(wire::label("FunctionName", &Input::function_name, kFunctionName),
                           wire::required("ReservedConcurrentExecutions", &Input::reserved_concurrent_executions,
                                          wire::range(0, INT32_MAX)));
    }
  };
  using Output = Concurrency;
};

struct GetFunctionConcurrency {
  static constexpr std::string_view kName = "GetFunctionConcurrency";
  static constexpr wire::Route kRoute{"GET", "/2019-09-30/functions/{FunctionName}/concurrency"};
  using Input = OnlyFunction<GetFunctionConcurrency>;
  using Output = Concurrency;
};

struct DeleteFunctionConcurrency {
  static constexpr std::string_view kName = "DeleteFunctionConcurrency";
  static constexpr wire::Route kRoute{"DELETE", "/2017-10-31/functions/{FunctionName}/concurrency"};
  static constexpr int kStatus = 204;
  using Input = OnlyFunction<DeleteFunctionConcurrency>;
  using Output = Nothing;
};

struct TagResource {
  static constexpr std::string_view kName = "TagResource";
  static constexpr wire::Route kRoute{"POST", "/2017-03-31/tags/{Resource}"};
  static constexpr int kStatus = 204;
  struct Input {
    std::string resource;
    std::map<std::string, std::string> tags;
    static constexpr auto members() {
      return wire::members(wire::label("Resource", &Input::resource, wire::length(1, 10000)),
                           wire::required("Tags", &Input::tags));
    }
  };
  using Output = Nothing;
};

struct UntagResource {
  static constexpr std::string_view kName = "UntagResource";
  static constexpr wire::Route kRoute{"DELETE", "/2017-03-31/tags/{Resource}"};
  static constexpr int kStatus = 204;
  struct Input {
    std::string resource;
    std::vector<std::string> tag_keys;
    static constexpr auto members() {
      return wire::members(wire::label("Resource", &Input::resource, wire::length(1, 10000)),
                           wire::query("TagKeys", "tagKeys", &Input::tag_keys));
    }
  };
  using Output = Nothing;
};

struct ListTags {
  static constexpr std::string_view kName = "ListTags";
  static constexpr wire::Route kRoute{"GET", "/2017-03-31/tags/{Resource}"};
  struct Input {
    std::string resource;
    static constexpr auto members() {
      return wire::members(wire::label("Resource", &Input::resource, wire::length(1, 10000)));
    }
  };
  struct Output {
    std::map<std::string, std::string> tags;
    static constexpr auto members() { return wire::members(wire::optional("Tags", &Output::tags)); }
  };
};

struct GetAccountSettings {
  static constexpr std::string_view kName = "GetAccountSettings";
  static constexpr wire::Route kRoute{"GET", "/2016-08-19/account-settings"};
  using Input = Nothing;
  struct Limit {
    std::int64_t total_code_size = 80'530'636'800, code_size_unzipped = 262'144'000, code_size_zipped = 52'428'800;
    std::int32_t concurrent_executions = 1000, unreserved_concurrent_executions = 1000;
    static constexpr auto members() {
      return wire::members(wire::optional("TotalCodeSize", &Limit::total_code_size),
                           wire::optional("CodeSizeUnzipped", &Limit::code_size_unzipped),
                           wire::optional("CodeSizeZipped", &Limit::code_size_zipped),
                           wire::optional("ConcurrentExecutions", &Limit::concurrent_executions),
                           wire::optional("UnreservedConcurrentExecutions", &Limit::unreserved_concurrent_executions));
    }
  };
  struct Usage {
    std::int64_t total_code_size = 0, function_count = 0;
    static constexpr auto members() {
      return wire::members(wire::optional("TotalCodeSize", &Usage::total_code_size),
                           wire::optional("FunctionCount", &Usage::function_count));
    }
  };
  struct Output {
    Limit account_limit;
    Usage account_usage;
    static constexpr auto members() {
      return wire::members(wire::optional("AccountLimit", &Output::account_limit),
                           wire::optional("AccountUsage", &Output::account_usage));
    }
  };
};

}  // namespace localcloud::lambda
