// Reading policy documents. Their nesting is fixed, so nothing here recurses.

#include "localcloud/services/iam/policy/document.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "json/parse.hpp"

namespace localcloud::iam::policy {
namespace {

constexpr std::string_view kSyntax = "Syntax errors in policy.";
constexpr std::size_t kDepthMax = 8;

template <class T>
using Parsed = std::expected<T, Problem>;

std::unexpected<Problem> problem(std::string_view text) {
  return std::unexpected<Problem>(text);
}

// Everything that may be one string may be a list of strings. Conditions also take booleans and numbers.
enum class Scalars : std::uint8_t { strings, any };

std::optional<std::string> scalar_text(const json::Value& value, Scalars scalars) {
  if (value.is_string()) return value.as_string();
  if (scalars == Scalars::any && value.is_bool()) return value.as_bool() ? "true" : "false";
  if (scalars == Scalars::any && value.is_number()) return value.as_number().text();
  return std::nullopt;
}

std::optional<std::vector<std::string>> one_or_many(const json::Value& value, Scalars scalars) {
  std::vector<std::string> texts;
  if (!value.is_array()) {
    auto text = scalar_text(value, scalars);
    if (!text) return std::nullopt;
    texts.push_back(std::move(*text));
    return texts;
  }
  for (const json::Value& each : value.as_array()) {
    auto text = scalar_text(each, scalars);
    if (!text) return std::nullopt;
    texts.push_back(std::move(*text));
  }
  return texts;
}

class StatementReader {
 public:
  StatementReader(const json::Object& object, DocumentKind kind, Variables variables)
      : object_(object), kind_(kind), variables_(variables) {}

  Parsed<Statement> read() {
    for (const auto& [name, value] : object_) {
      static const std::set<std::string_view> kKnown = {
          "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"};
      if (!kKnown.contains(name)) return problem(kSyntax);
    }
    for (const auto step :
         {&StatementReader::read_head, &StatementReader::read_actions, &StatementReader::read_resources,
          &StatementReader::read_principals, &StatementReader::read_conditions}) {
      if (auto wrong = (this->*step)()) return std::unexpected(std::move(*wrong));
    }
    return std::move(statement_);
  }

 private:
  using Wrong = std::optional<Problem>;

  Wrong read_head() {
    const json::Value* const sid = object_.find("Sid");
    if (sid != nullptr && !sid->is_string()) return Problem(kSyntax);
    if (sid != nullptr) statement_.sid = sid->as_string();
    const bool sid_is_plain = std::ranges::all_of(statement_.sid, [](unsigned char c) {
      return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    });
    // Only IAM's own policies are strict about it: a bucket policy's Sid may hold spaces.
    if (kind_ != DocumentKind::resource && !sid_is_plain)
      return "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression "
             "[0-9A-Za-z]*";
    const json::Value* const effect = object_.find("Effect");
    if (effect == nullptr || !effect->is_string()) return Problem(kSyntax);
    if (effect->as_string() != "Allow" && effect->as_string() != "Deny") return Problem(kSyntax);
    statement_.effect = effect->as_string() == "Allow" ? Effect::allow : Effect::deny;
    return std::nullopt;
  }

  // Of a pair like Action and NotAction, the one that is there.
  struct Found {
    const json::Value* value = nullptr;
    Inverted inverted = Inverted::no;
    bool both = false;
  };
  Found find_either(std::string_view name, std::string_view inverted_name) const {
    const json::Value* const plain = object_.find(name);
    const json::Value* const inverted = object_.find(inverted_name);
    if (plain != nullptr && inverted != nullptr) return {.both = true};
    return plain != nullptr ? Found{.value = plain} : Found{.value = inverted, .inverted = Inverted::yes};
  }

  Wrong read_actions() {
    const Found found = find_either("Action", "NotAction");
    if (found.both) return Problem(kSyntax);
    if (found.value == nullptr) return "Policy statement must contain actions.";
    const auto texts = one_or_many(*found.value, Scalars::strings);
    if (!texts) return Problem(kSyntax);
    if (texts->empty()) return "Policy statement must contain actions.";
    statement_.actions.inverted = found.inverted;
    for (const std::string& text : *texts) {
      if (text != "*") {
        const auto colons = std::ranges::count(text, ':');
        if (colons == 0) return "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.";
        if (colons > 1) return "Actions/Condition can contain only one colon.";
      }
      if (kind_ == DocumentKind::trust && text != "*" && !base::lower(text).starts_with("sts:")) {
        return "AssumeRole policy may only specify STS AssumeRole actions.";
      }
      auto pattern = Pattern::compile(text, Wildcards::active, Variables::literal);
      if (!pattern) return Problem(kSyntax);
      statement_.actions.list.push_back(std::move(*pattern));
    }
    return std::nullopt;
  }

  Wrong read_resources() {
    const Found found = find_either("Resource", "NotResource");
    if (found.both) return Problem(kSyntax);
    if (kind_ == DocumentKind::trust) {
      if (found.value != nullptr) return "Has prohibited field Resource";
      return std::nullopt;
    }
    if (found.value == nullptr) return "Policy statement must contain resources.";
    const auto texts = one_or_many(*found.value, Scalars::strings);
    if (!texts) return Problem(kSyntax);
    if (texts->empty()) return "Policy statement must contain resources.";
    statement_.resources.inverted = found.inverted;
    for (const std::string& text : *texts) {
      if (text != "*" && !text.starts_with("arn:")) return "Resource " + text + " must be in ARN format or \"*\".";
      if (text != "*" && std::ranges::count(text, ':') < 5) return "The policy failed legacy parsing";
      auto pattern = Pattern::compile(text, Wildcards::active, variables_);
      if (!pattern) return Problem(kSyntax);
      statement_.resources.list.push_back(std::move(*pattern));
    }
    return std::nullopt;
  }

  Wrong read_principals() {
    const Found found = find_either("Principal", "NotPrincipal");
    if (found.both) return Problem(kSyntax);
    if (kind_ == DocumentKind::identity) {
      if (found.value != nullptr) return "Policy document should not specify a principal.";
      return std::nullopt;
    }
    if (found.value == nullptr) return "Missing required field Principal";
    if (kind_ == DocumentKind::trust && found.inverted == Inverted::yes) return "Has prohibited field NotPrincipal";
    statement_.principals_inverted = found.inverted;
    Principals& principals = statement_.principals.emplace();
    if (found.value->is_string()) {
      if (found.value->as_string() != "*") return "Invalid principal in policy";
      principals.everyone = true;
      return std::nullopt;
    }
    if (!found.value->is_object() || found.value->as_object().empty()) return "Invalid principal in policy";
    for (const auto& [kind, value] : found.value->as_object()) {
      auto texts = one_or_many(value, Scalars::strings);
      if (!texts || texts->empty()) return "Invalid principal in policy";
      for (std::string& text : *texts) {
        if (auto wrong = add_principal(principals, kind, std::move(text))) return wrong;
      }
    }
    return std::nullopt;
  }

  static Wrong add_principal(Principals& principals, std::string_view kind, std::string text) {
    const Problem invalid = invalid_principal(kind, text);
    if (kind == "Service") {
      if (!text.ends_with(".amazonaws.com")) return invalid;
      principals.services.push_back(std::move(text));
    } else if (kind == "AWS") {
      const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
      const bool is_account = text.size() == 12 && std::ranges::all_of(text, is_digit);
      if (text == "*") {
        principals.everyone = true;
      } else if (is_account || text.starts_with("arn:aws:iam::") || text.starts_with("arn:aws:sts::") ||
                 text.starts_with("AROA") || text.starts_with("AIDA")) {
        principals.aws.push_back(std::move(text));
      } else {
        return invalid;
      }
    } else if (kind == "Federated" || kind == "CanonicalUser") {
      // Unlike AWS: these match nobody here.
      principals.others.push_back(std::move(text));
    } else {
      return invalid;
    }
    return std::nullopt;
  }

  Wrong read_conditions() {
    const json::Value* const block = object_.find("Condition");
    if (block == nullptr) return std::nullopt;
    if (!block->is_object()) return Problem(kSyntax);
    for (const auto& [operator_name, keys] : block->as_object()) {
      if (!keys.is_object()) return Problem(kSyntax);
      for (const auto& [key, value] : keys.as_object()) {
        const auto values = one_or_many(value, Scalars::any);
        if (!values) return Problem(kSyntax);
        auto condition = Condition::compile(operator_name, key, *values, variables_);
        if (!condition) return Problem(kSyntax);
        statement_.conditions.push_back(std::move(*condition));
      }
    }
    return std::nullopt;
  }

  const json::Object& object_;
  DocumentKind kind_;
  Variables variables_;
  Statement statement_;
};

// The document's language: 2008-10-17 knows no variables.
Parsed<Variables> read_version(const json::Value& document, DocumentKind kind) {
  const json::Value* const version = document.find("Version");
  if (version != nullptr && !version->is_string()) return problem(kSyntax);
  if (version != nullptr && version->as_string() == "2012-10-17") return Variables::expanded;
  if (version != nullptr && version->as_string() != "2008-10-17") return problem(kSyntax);
  if (kind == DocumentKind::identity) return problem("Policy document must be version 2012-10-17 or greater.");
  return Variables::literal;
}

}  // namespace

Problem invalid_principal(std::string_view kind, std::string_view name) {
  return "Invalid principal in policy: \"" + std::string(kind) + "\":\"" + std::string(name) + "\"";
}

std::expected<Document, Problem> parse(std::string_view text, DocumentKind kind) {
  const auto document = json::parse(text, {.depth_max = kDepthMax});
  if (!document) return problem("This policy contains invalid Json");
  if (!document->is_object()) return problem(kSyntax);
  for (const auto& [name, value] : document->as_object()) {
    if (name != "Version" && name != "Id" && name != "Statement") return problem(kSyntax);
  }
  const auto variables = read_version(*document, kind);
  if (!variables) return std::unexpected(variables.error());
  const json::Value* const statements = document->find("Statement");
  if (statements == nullptr) return problem(kSyntax);

  Document out;
  std::set<std::string> sids;
  const auto add = [&](const json::Value& value) -> std::optional<Problem> {
    if (!value.is_object()) return Problem(kSyntax);
    auto statement = StatementReader(value.as_object(), kind, *variables).read();
    if (!statement) return std::move(statement).error();
    if (!statement->sid.empty() && !sids.insert(statement->sid).second) {
      return "Statement IDs (SID) in a single policy must be unique.";
    }
    out.statements.push_back(std::move(*statement));
    return std::nullopt;
  };
  if (!statements->is_array()) {
    if (auto wrong = add(*statements)) return std::unexpected(std::move(*wrong));
    return out;
  }
  if (statements->as_array().empty()) return problem(kSyntax);
  for (const json::Value& value : statements->as_array()) {
    if (auto wrong = add(value)) return std::unexpected(std::move(*wrong));
  }
  return out;
}

}  // namespace localcloud::iam::policy
