// What each request needs, by the service authorization reference:
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html

#include "localcloud/services/lambda/names.hpp"
#include "localcloud/services/lambda/service.hpp"

namespace localcloud::lambda {

namespace {

// A name that means no function is refused by the operation; until then it stands as it is, so that nobody without
// rights learns which names are good.
wire::Access on_function(Lambda& room, const wire::Caller& caller, std::string action, std::string_view name) {
  const auto id = to_function_id(caller, name);
  wire::Access access{.action = "lambda:" + action, .resource = id ? id->arn() : std::string(name)};
  if (!id) return access;
  access.resource_account = id->account;
  if (const auto function = room.functions.find(*id); function && !function->policy.empty()) {
    access.resource_policy = function->policy;
  }
  return access;
}

wire::Access pass_role(const std::string& role) {
  return {.action = "iam:PassRole", .resource = role, .context = {{"iam:PassedToService", {"lambda.amazonaws.com"}}}};
}

wire::Access on_url(Lambda& room, const wire::Caller& caller, std::string action, std::string_view name,
                    std::optional<UrlAuthType> type) {
  wire::Access access = on_function(room, caller, std::move(action), name);
  if (type) access.context.push_back({"lambda:FunctionUrlAuthType", {std::string(wire::to_wire(*type))}});
  return access;
}

}  // namespace

Accesses access(Lambda& room, const wire::Caller& caller, const CreateFunction::Input& input) {
  Accesses accesses{on_function(room, caller, "CreateFunction", input.function_name), pass_role(input.role)};
  if (input.tags && !input.tags->empty())
    accesses.push_back(on_function(room, caller, "TagResource", input.function_name));
  return accesses;
}
Accesses access(Lambda& room, const wire::Caller& caller, const UpdateFunctionCode::Input& input) {
  return {on_function(room, caller, "UpdateFunctionCode", input.function_name)};
}
Accesses access(Lambda& room, const wire::Caller& caller, const UpdateFunctionConfiguration::Input& input) {
  Accesses accesses{on_function(room, caller, "UpdateFunctionConfiguration", input.function_name)};
  if (input.role) accesses.push_back(pass_role(*input.role));
  return accesses;
}
Accesses access(Lambda& room, const wire::Caller& caller, const GetFunction::Input& input) {
  return {on_function(room, caller, "GetFunction", input.function_name)};
}
Accesses access(Lambda& room, const wire::Caller& caller, const GetFunctionConfiguration::Input& input) {
  return {on_function(room, caller, "GetFunctionConfiguration", input.function_name)};
}
Accesses access(Lambda&, const wire::Caller&, const ListFunctions::Input&) {
  return {{.action = "lambda:ListFunctions", .resource = "*"}};
}
Accesses access(Lambda& room, const wire::Caller& caller, const ListVersionsByFunction::Input& input) {
  return {on_function(room, caller, "ListVersionsByFunction", input.function_name)};
}
Accesses access(Lambda& room, const wire::Caller& caller, const DeleteFunction::Input& input) {
  return {on_function(room, caller, "DeleteFunction", input.function_name)};
}
Accesses access(Lambda& room, const wire::Caller& caller, const Invoke::Input& input) {
  return {on_function(room, caller, "InvokeFunction", input.function_name)};
}
Accesses access(Lambda& room, const wire::Caller& caller, const InvokeWithin::Input& input) {
  return {on_function(room, caller, "InvokeFunction", input.function_name)};
}
Accesses access(Lambda& room, const wire::Caller& caller, const CreateFunctionUrlConfig::Input& input) {
  return {on_url(room, caller, "CreateFunctionUrlConfig", input.function_name, input.auth_type)};
}
Accesses access(Lambda& room, const wire::Caller& caller, const GetFunctionUrlConfig::Input& input) {
  return {on_function(room, caller, "GetFunctionUrlConfig", input.function_name)};
}
Accesses access(Lambda& room, const wire::Caller& caller, const UpdateFunctionUrlConfig::Input& input) {
  return {on_url(room, caller, "UpdateFunctionUrlConfig", input.function_name, input.auth_type)};
}
Accesses access(Lambda& room, const wire::Caller& caller, const DeleteFunctionUrlConfig::Input& input) {
  return {on_function(room, caller, "DeleteFunctionUrlConfig", input.function_name)};
}
Accesses access(Lambda& room, const wire::Caller& caller, const ListFunctionUrlConfigs::Input& input) {
  return {on_function(room, caller, "ListFunctionUrlConfigs", input.function_name)};
}
Accesses access(Lambda& room, const wire::Caller& caller, const AddPermission::Input& input) {
  wire::Access access = on_url(room, caller, "AddPermission", input.function_name, input.function_url_auth_type);
  access.context.push_back({"lambda:Principal", {input.principal}});
  return {std::move(access)};
}
Accesses access(Lambda& room, const wire::Caller& caller, const GetPolicy::Input& input) {
  return {on_function(room, caller, "GetPolicy", input.function_name)};
}
Accesses access(Lambda& room, const wire::Caller& caller, const RemovePermission::Input& input) {
  return {on_function(room, caller, "RemovePermission", input.function_name)};
}
Accesses access(Lambda& room, const wire::Caller& caller, const PutFunctionConcurrency::Input& input) {
  return {on_function(room, caller, "PutFunctionConcurrency", input.function_name)};
}
Accesses access(Lambda& room, const wire::Caller& caller, const GetFunctionConcurrency::Input& input) {
  return {on_function(room, caller, "GetFunctionConcurrency", input.function_name)};
}
Accesses access(Lambda& room, const wire::Caller& caller, const DeleteFunctionConcurrency::Input& input) {
  return {on_function(room, caller, "DeleteFunctionConcurrency", input.function_name)};
}
Accesses access(Lambda& room, const wire::Caller& caller, const TagResource::Input& input) {
  return {on_function(room, caller, "TagResource", input.resource)};
}
Accesses access(Lambda& room, const wire::Caller& caller, const UntagResource::Input& input) {
  return {on_function(room, caller, "UntagResource", input.resource)};
}
Accesses access(Lambda& room, const wire::Caller& caller, const ListTags::Input& input) {
  return {on_function(room, caller, "ListTags", input.resource)};
}
Accesses access(Lambda&, const wire::Caller&, const GetAccountSettings::Input&) {
  return {{.action = "lambda:GetAccountSettings", .resource = "*"}};
}

}  // namespace localcloud::lambda
