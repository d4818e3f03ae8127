// What the service model's patterns say, by hand: no regular expression runs on a request.

#include "localcloud/services/lambda/names.hpp"

#include <fmt/core.h>

#include "aws/arn.hpp"
#include "localcloud/services/lambda/errors.hpp"

namespace localcloud::lambda {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_name_character(char c) {
  return is_letter(c) || is_digit(c) || c == '-' || c == '_';
}

template <class Predicate>
bool all(std::string_view text, Predicate predicate) {
  return !text.empty() && std::all_of(text.begin(), text.end(), predicate);
}

bool is_name(std::string_view text) {
  return all(text, is_name_character);
}

struct Parts {
  std::string_view region, account, name, version;
};

// Takes the parts of a function's name from the left: each is there or not, the name alone always.
std::optional<Parts> split(std::string_view text) {
  Parts parts;
  const auto take = [&text] {
    const std::size_t colon = text.find(':');
    const std::string_view part = text.substr(0, colon);
    text = colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
    return part;
  };
  if (text.starts_with("arn:")) {
    take();
    if (!take().starts_with("aws") || take() != "lambda") return std::nullopt;
    parts.region = take();
    if (parts.region.empty()) return std::nullopt;
  }
  const std::string_view account = text.substr(0, text.find(':'));
  if (is_account(account) && account.size() < text.size()) parts.account = take();
  if (text.starts_with("function:")) take();
  const bool has_version = text.find(':') != std::string_view::npos;
  parts.name = take();
  parts.version = text;
  if (!is_name(parts.name)) return std::nullopt;
  if (has_version && parts.version != "$LATEST" && !is_name(parts.version)) return std::nullopt;
  return parts;
}

}  // namespace

bool is_function_name(std::string_view text) {
  return split(text).has_value();
}
bool is_qualifier(std::string_view text) {
  return all(text, [](char c) { return is_name_character(c) || c == '$'; });
}
bool is_role_arn(std::string_view text) {
  const auto arn = aws::parse_arn(text);
  return arn && arn->service == "iam" && is_account(arn->account) && arn->resource.starts_with("role/") &&
         all(arn->resource, [](char c) { return is_name_character(c) || std::string_view("+=,.@/").contains(c); });
}
bool is_handler(std::string_view text) {
  return all(text, [](char c) { return static_cast<unsigned char>(c) > ' '; });
}
bool is_statement_id(std::string_view text) {
  return is_name(text);
}
bool is_permitted_action(std::string_view text) {
  if (text == "*" || text == "lambda:*") return true;
  return text.starts_with("lambda:") && all(text.substr(7), is_letter);
}
bool is_principal(std::string_view text) {
  return is_handler(text);
}
bool is_account(std::string_view text) {
  return text.size() == 12 && all(text, is_digit);
}
bool is_arn(std::string_view text) {
  return aws::parse_arn(text).has_value();
}

Result<FunctionId> to_function_id(const wire::Caller& caller, std::string_view text,
                                  const std::optional<std::string>& qualifier) {
  const auto parts = split(text);
  if (!parts) return failure(function_not_found(text));
  FunctionId id{.account = parts->account.empty() ? caller.account : std::string(parts->account),
                .region = parts->region.empty() ? caller.region : std::string(parts->region),
                .name = std::string(parts->name)};
  if (id.region != caller.region) return failure(wrong_region(id.region, caller.region));
  const std::string_view version = qualifier ? std::string_view(*qualifier) : parts->version;
  if (qualifier && !parts->version.empty() && parts->version != *qualifier) {
    return failure(
        invalid_parameter("The derived qualifier from the function name does not match the specified qualifier."));
  }
  // Unlike AWS: there are no published versions and no aliases, only $LATEST.
  if (!version.empty() && version != "$LATEST")
    return failure(function_not_found(id.arn() + ":" + std::string(version)));
  return id;
}

}  // namespace localcloud::lambda
