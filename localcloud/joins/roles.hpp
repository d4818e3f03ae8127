#pragma once
// Other rooms acting under roles: IAM joined to Lambda and Step Functions.

#include "localcloud/services/iam/sessions.hpp"
#include "localcloud/services/lambda/role_credentials.hpp"
#include "localcloud/services/lambda/service.hpp"
#include "localcloud/services/stepfunctions/integrations.hpp"
#include "localcloud/wire/router.hpp"

namespace localcloud {

// A function's credentials: sessions of its execution role. Thread-safe.
class LambdaRoles final : public lambda::RoleCredentials {
 public:
  explicit LambdaRoles(iam::RoleSessions& sessions) : sessions_(sessions) {}
  bool can_assume(const std::string& role_arn) override;
  Task<Result<lambda::Credentials>> mint(std::string role_arn, std::string session_name) override;

 private:
  iam::RoleSessions& sessions_;
};

// The caller that a state machine's calls are made by: a session of its role. Thread-safe.
class StateMachineRoles {
 public:
  StateMachineRoles(iam::RoleSessions& sessions, const base::Clock& clock, base::Ids& ids)
      : sessions_(sessions), clock_(clock), ids_(ids) {}
  Result<wire::Caller> assume(const stepfunctions::Acting& acting);

 private:
  iam::RoleSessions& sessions_;
  const base::Clock& clock_;
  base::Ids& ids_;
};

// A Task state's calls of AWS services: straight to the rooms, IAM asked as for anyone. Thread-safe.
class ServiceCalls final : public stepfunctions::Integrations {
 public:
  // `router` may be set later, before the first call: the front desk is built after the rooms.
  ServiceCalls(StateMachineRoles& roles, wire::Authorizer& authorizer) : roles_(roles), authorizer_(authorizer) {}
  void join(wire::Router& router) { router_ = &router; }
  bool knows(std::string_view service, std::string_view action) const override;
  Task<Result<json::Value>> call(stepfunctions::Acting acting, std::string service, std::string action,
                                 json::Value parameters) override;
  bool may(const stepfunctions::Acting& acting, std::string_view action, std::string_view resource) override;

 private:
  StateMachineRoles& roles_;
  wire::Authorizer& authorizer_;
  wire::Router* router_ = nullptr;
};

// A Task state's functions. Thread-safe.
class FunctionCalls final : public stepfunctions::LambdaInvoker {
 public:
  // The room and the router may be set later, before the first call: they are built after this.
  FunctionCalls(StateMachineRoles& roles, wire::Authorizer& authorizer) : roles_(roles), authorizer_(authorizer) {}
  void join(lambda::Lambda& room, wire::Router& router);
  Task<Result<stepfunctions::FunctionReply>> invoke(stepfunctions::FunctionCall call) override;

 private:
  Task<Result<stepfunctions::FunctionReply>> invoke_as_client(stepfunctions::FunctionCall call, wire::Caller caller);

  StateMachineRoles& roles_;
  wire::Authorizer& authorizer_;
  lambda::Lambda* room_ = nullptr;
  wire::Service desk_;
  wire::Router* router_ = nullptr;
};

}  // namespace localcloud
