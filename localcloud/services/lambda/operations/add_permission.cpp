// AddPermission: adds a statement to a function's resource policy.
// https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html

#include "base/check.hpp"
#include "json/parse.hpp"
#include "json/write.hpp"
#include "localcloud/services/lambda/describe.hpp"
#include "localcloud/services/lambda/errors.hpp"
#include "localcloud/services/lambda/names.hpp"

namespace localcloud::lambda {

namespace {

constexpr std::size_t kPolicyBytesMax = 20480;

json::Value to_principal(const std::string& principal) {
  if (principal == "*") return "*";
  if (principal.ends_with(".amazonaws.com")) return json::Object{{"Service", principal}};
  if (is_account(principal)) return json::Object{{"AWS", "arn:aws:iam::" + principal + ":root"}};
  return json::Object{{"AWS", principal}};
}

Result<json::Object> to_statement(const AddPermission::Input& input, const std::string& arn) {
  const std::string& principal = input.principal;
  if (principal != "*" && !principal.ends_with(".amazonaws.com") && !is_account(principal) && !is_arn(principal)) {
    return failure(invalid_principal());
  }
  json::Object statement{{"Sid", input.statement_id},
                         {"Effect", "Allow"},
                         {"Principal", to_principal(principal)},
                         {"Action", input.action},
                         {"Resource", arn}};
  json::Object condition;
  if (input.function_url_auth_type) {
    if (input.action != "lambda:InvokeFunctionUrl") {
      return failure(invalid_parameter("FunctionUrlAuthType is only supported for lambda:InvokeFunctionUrl action"));
    }
    condition["StringEquals"] =
        json::Object{{"lambda:FunctionUrlAuthType", std::string(wire::to_wire(*input.function_url_auth_type))}};
  }
  if (input.source_account) {
    json::Value& equals = condition["StringEquals"];
    if (equals.is_null()) equals = json::Object{};
    equals.as_object().set("AWS:SourceAccount", *input.source_account);
  }
  if (input.principal_org_id) {
    json::Value& equals = condition["StringEquals"];
    if (equals.is_null()) equals = json::Object{};
    equals.as_object().set("aws:PrincipalOrgID", *input.principal_org_id);
  }
  if (input.invoked_via_function_url) {
    condition["Bool"] =
        json::Object{{"lambda:InvokedViaFunctionUrl", *input.invoked_via_function_url ? "true" : "false"}};
  }
  if (input.source_arn) condition["ArnLike"] = json::Object{{"AWS:SourceArn", *input.source_arn}};
  if (!condition.empty()) statement.set("Condition", std::move(condition));
  return statement;
}

// The statement as the function keeps it.
Result<json::Value> keep(const wire::ResourcePolicies& policies, const json::Object& statement) {
  const json::Object policy{{"Version", "2012-10-17"}, {"Statement", statement}};
  const auto kept = policies.keep(json::write(policy));
  if (!kept) return failure(invalid_principal());
  const auto document = json::parse(*kept);
  CHECK(document);
  return *document->find("Statement");
}

}  // namespace

wire::Change<AddPermission::Output> add_permission(Lambda& room, const wire::Caller& caller,
                                                   AddPermission::Input input) {
  const FunctionId id = TRY(to_function_id(caller, input.function_name, input.qualifier));
  const json::Object statement = TRY(to_statement(input, id.arn()));
  const json::Value kept = TRY(keep(room.outside.policies, statement));
  return [&room, id, input = std::move(input), statement,
          kept](storage::Transaction& transaction) -> Result<AddPermission::Output> {
    FunctionRecord record = TRY(hold_function(transaction, id, input.revision_id));
    for (const json::Value& present : record.statements) {
      if (present.get_string("Sid") == input.statement_id) return failure(statement_exists(input.statement_id));
    }
    record.statements.push_back(kept);
    if (const std::size_t bytes = record.policy().size(); bytes > kPolicyBytesMax)
      return failure(policy_too_long(bytes));
    record.revision_id = room.ids.uuid();
    write_function(transaction, record);
    return AddPermission::Output{json::write(statement)};
  };
}

}  // namespace localcloud::lambda
