#pragma once
// Records as the API shows them, and the checks that Create and Update share.

#include "localcloud/services/lambda/service.hpp"

namespace localcloud::lambda {

FunctionConfiguration describe(const FunctionRecord& record);
// Of a function that has a URL.
UrlDescription describe_url(const FunctionRecord& record, std::string_view endpoint_url);

std::string configuration_date(base::Time time);  // "2026-11-22T13:05:09.123+0000"
std::string url_date(base::Time time);            // "2026-11-22T13:05:09.123456Z"

Result<Done> check_runtime(const std::optional<std::string>& runtime);
Result<Done> check_variables(const std::optional<Environment>& environment);
Result<Done> check_tracing(const std::optional<TracingConfig>& tracing);
Result<Done> check_tags(const std::map<std::string, std::string>& tags);
Result<Done> check_role(Lambda& room, const std::string& role);
Result<Done> check_cors(const std::optional<Cors>& cors);

// The function, for a change of it: it must exist, and be of that revision where one is given.
Result<FunctionRecord> hold_function(const storage::Reader& reader, const FunctionId& id,
                                     const std::optional<std::string>& revision_id = std::nullopt);

// The code of a request, fetched where it is in S3, unzipped and stored. Takes long; off the worker.
Task<Result<StoredCode>> store_code(Lambda& room, wire::Caller caller, FunctionCode code, std::string_view operation);

}  // namespace localcloud::lambda
