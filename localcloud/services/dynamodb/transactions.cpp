#include "localcloud/services/dynamodb/transactions.hpp"

#include <algorithm>

#include "json/write.hpp"
#include "localcloud/services/dynamodb/errors.hpp"

namespace localcloud::dynamodb {

namespace {

std::string_view reason_code(const std::optional<ServiceError>& objection) {
  if (!objection) return "None";
  return objection->code == conditional_check_failed().code ? "ConditionalCheckFailed" : "ValidationError";
}

}  // namespace

Result<Done> check_none(const Objections& objections) {
  if (std::ranges::none_of(objections, [](const auto& one) { return one.has_value(); })) return Done{};
  std::string codes, reasons = "[";
  for (const std::optional<ServiceError>& objection : objections) {
    const std::string_view code = reason_code(objection);
    if (!codes.empty()) {
      codes += ", ";
      reasons += ',';
    }
    codes += code;
    reasons += R"({"Code":")";
    reasons += code;
    reasons += '"';
    if (objection) {
      reasons += R"(,"Message":)";
      json::write_string(reasons, objection->message);
      for (const auto& [name, value] : objection->members) reasons += ",\"" + name + "\":" + value;
    }
    reasons += '}';
  }
  return failure(transaction_canceled(codes, reasons + "]"));
}

}  // namespace localcloud::dynamodb
