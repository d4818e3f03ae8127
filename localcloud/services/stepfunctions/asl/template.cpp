// Payload templates.

#include "localcloud/services/stepfunctions/asl/template.hpp"

#include "localcloud/services/stepfunctions/asl/limits.hpp"

namespace localcloud::stepfunctions::asl {
namespace {

std::string_view plain_name(std::string_view name) {
  return name.ends_with(".$") ? name.substr(0, name.size() - 2) : name;
}

}  // namespace

std::expected<Template, Template::Flaw> Template::parse(const json::Value& value) {
  Template out;
  if (value.is_array()) {
    out.kind_ = Kind::array;
    for (std::size_t i = 0; i < value.as_array().size(); ++i) {
      auto item = parse(value.as_array()[i]);
      if (!item) return std::unexpected(Flaw{item.error().message, "[" + std::to_string(i) + "]" + item.error().where});
      out.items_.push_back(std::move(*item));
    }
    return out;
  }
  if (!value.is_object()) {
    out.literal_ = value;
    return out;
  }
  out.kind_ = Kind::object;
  for (const auto& [name, member] : value.as_object()) {
    if (name.ends_with(".$")) {
      if (value.as_object().contains(plain_name(name))) {
        return std::unexpected(
            Flaw{"The fields '" + std::string(plain_name(name)) + "' and '" + name + "' are in conflict", ""});
      }
      std::optional<Expression> expression = member.is_string() ? Expression::parse(member.as_string()) : std::nullopt;
      if (!expression) {
        return std::unexpected(Flaw{
            "The value for the field '" + name + "' must be a valid JSONPath or a valid intrinsic function call", ""});
      }
      Template leaf;
      leaf.kind_ = Kind::expression;
      leaf.expression_.push_back(std::move(*expression));
      out.members_.emplace_back(name, std::move(leaf));
      continue;
    }
    auto inner = parse(member);
    if (!inner) return std::unexpected(Flaw{inner.error().message, "/" + name + inner.error().where});
    out.members_.emplace_back(name, std::move(*inner));
  }
  return out;
}

Outcome<json::Value> Template::evaluate(const json::Value& input, const Environment& environment) const {
  std::size_t size = 0;
  return evaluate(input, environment, size);
}

Outcome<json::Value> Template::evaluate(const json::Value& input, const Environment& environment,
                                        std::size_t& size) const {
  if (kind_ == Kind::literal) return literal_;
  if (kind_ == Kind::array) {
    json::Array items;
    items.reserve(items_.size());
    for (const Template& item : items_) {
      Outcome<json::Value> value = item.evaluate(input, environment, size);
      if (!value) return value;
      items.push_back(std::move(*value));
    }
    return json::Value(std::move(items));
  }
  json::Object object;
  for (const auto& [name, member] : members_) {
    if (member.kind_ != Kind::expression) {
      Outcome<json::Value> value = member.evaluate(input, environment, size);
      if (!value) return value;
      object.append(name, std::move(*value));
      continue;
    }
    Outcome<json::Value> value = member.expression_.front().evaluate(input, environment, name);
    if (!value) return value;
    // A template may name a large input many times over.
    if (!add_size(*value, size, kWorkMax))
      return std::unexpected(Failure{"States.DataLimitExceeded",
                                     "The field '" + name + "' exceeds the maximum number of bytes service limit."});
    object.append(std::string(plain_name(name)), std::move(*value));
  }
  return json::Value(std::move(object));
}

}  // namespace localcloud::stepfunctions::asl
