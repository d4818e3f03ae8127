#pragma once
// Every error CloudWatch answers with, worded as AWS words it. Each is named by its shape, as the JSON and CBOR
// protocols have it; what the query protocol calls it stands in service.cpp.

#include <string>

#include <fmt/core.h>

#include "base/result.hpp"

namespace localcloud::metrics {

inline ServiceError validation(std::string message) {
  return {"ValidationError", std::move(message)};
}
inline ServiceError invalid_value(std::string message) {
  return {"InvalidParameterValueException", std::move(message)};
}
inline ServiceError invalid_combination(std::string message) {
  return {"InvalidParameterCombinationException", std::move(message)};
}
inline ServiceError missing_parameter(std::string_view name) {
  return {"MissingRequiredParameterException", fmt::format("The parameter {} is required.", name)};
}
inline ServiceError timestamp_too_old(std::size_t index) {
  return invalid_value(fmt::format(
      "The parameter MetricData.member.{}.Timestamp must specify a time within the past two weeks.", index));
}
inline ServiceError timestamp_too_new(std::size_t index) {
  return invalid_value(fmt::format(
      "The parameter MetricData.member.{}.Timestamp must specify a time no more than two hours in the future.", index));
}
inline ServiceError mutually_exclusive(std::string_view first, std::string_view second) {
  return invalid_combination(
      fmt::format("The parameters {} and {} are mutually exclusive and you have specified both.", first, second));
}
inline ServiceError at_least_one(std::string_view first, std::string_view second) {
  return invalid_combination(fmt::format("At least one of the parameters {} and {} must be specified.", first, second));
}
inline ServiceError start_not_before_end(std::string_view code) {
  return {std::string(code), "The parameter StartTime must be less than the parameter EndTime."};
}
inline ServiceError too_many_datapoints(std::int64_t asked, std::int64_t most) {
  const auto grouped = [](std::int64_t number) {
    std::string text = std::to_string(number);
    for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
    return text;
  };
  return invalid_combination(
      fmt::format("You have requested up to {} datapoints, which exceeds the limit of {}. You may reduce the "
                  "datapoints requested by "
                  "increasing Period, or decreasing the time range.",
                  grouped(asked), grouped(most)));
}
inline ServiceError invalid_period(std::string_view name) {
  return invalid_value(fmt::format("The parameter {} must be 1, 5, 10, 20, 30 or a multiple of 60.", name));
}
inline ServiceError invalid_statistic(std::string_view name, std::string_view value) {
  return invalid_value(fmt::format("The value {} for parameter {} is not supported.", value, name));
}
inline ServiceError invalid_next_token() {
  return {"InvalidNextToken", "The next token specified is invalid."};
}
inline ServiceError alarm_not_found() {
  return {"ResourceNotFound", "Alarm not found", 404};
}
inline ServiceError invalid_reason_data() {
  return {"InvalidFormatFault", "StateReasonData must be a valid JSON document."};
}
inline ServiceError resource_not_found(std::string_view arn) {
  return {"ResourceNotFoundException", fmt::format("Resource {} does not exist", arn), 404};
}
inline ServiceError dashboard_not_found(std::string_view name) {
  return {"DashboardNotFoundError", fmt::format("Dashboard {} does not exist", name), 404};
}
inline ServiceError dashboards_not_found(std::string_view names) {
  return {"DashboardNotFoundError", fmt::format("The specified dashboard does not exist. [{}]", names), 404};
}
// `messages` as JSON: what is wrong, and where.
inline ServiceError invalid_dashboard(std::string message, std::string messages = "[]") {
  return {
      "DashboardInvalidInputError", std::move(message), 400, {{"dashboardValidationMessages", std::move(messages)}}};
}
inline ServiceError too_many_tags() {
  return invalid_value("The number of tags exceeds the maximum of 50 for a resource.");
}

}  // namespace localcloud::metrics
