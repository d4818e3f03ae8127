#pragma once
// Every error that Lambda answers, in AWS's words.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace localcloud::lambda {

// InvalidParameterValueException, with a sentence of its own.
ServiceError invalid_parameter(std::string message);
// What AWS can and this room can't.
ServiceError not_supported(std::string_view what);

ServiceError function_not_found(std::string_view arn);
ServiceError function_exists(std::string_view name);
ServiceError role_cannot_be_assumed();
ServiceError unsupported_runtime(std::string_view runtime);
ServiceError reserved_variables(std::string_view names);
ServiceError variables_too_large(std::string_view json);
ServiceError wrong_region(std::string_view of_function, std::string_view of_request);
ServiceError invalid_variable_name();
ServiceError runtime_and_handler_needed();

ServiceError could_not_unzip();
ServiceError empty_zip();
ServiceError unzipped_too_large();
ServiceError zip_too_large(std::string_view operation);
ServiceError no_code_given();
ServiceError code_not_found(std::string_view code, std::string_view message);

ServiceError revision_mismatch();
ServiceError policy_not_found();
ServiceError no_policy_for(std::string_view arn);
ServiceError statement_exists(std::string_view id);
ServiceError statement_not_found(std::string_view id);
ServiceError policy_too_long(std::size_t bytes);
ServiceError url_not_found();
ServiceError invalid_principal();
ServiceError invalid_cors_method(std::string_view method);
ServiceError url_exists(std::string_view arn);
ServiceError concurrency_too_high(int unreserved_min);

ServiceError payload_too_large();
ServiceError event_too_large(std::size_t bytes);
ServiceError payload_not_json(std::string_view reason);
ServiceError throttled_by_function();
ServiceError throttled_by_account();
ServiceError too_many_events();
ServiceError cannot_run(std::string_view reason);

}  // namespace localcloud::lambda
