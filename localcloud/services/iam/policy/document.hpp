#pragma once
// A policy document, compiled: parsed and checked once, then asked many times.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "localcloud/services/iam/policy/condition.hpp"
#include "localcloud/services/iam/policy/pattern.hpp"

namespace localcloud::iam::policy {

enum class Effect : std::uint8_t { allow, deny };

// Which policies a document may be: what it must and must not say depends on it.
enum class DocumentKind : std::uint8_t {
  identity,  // of a user or role, or of a session: whose it is is known, so no Principal
  resource,  // of a bucket or function: Principal and Resource
  trust,     // of a role: Principal, and no Resource
};

struct Principals {
  bool everyone = false;              // "*", or {"AWS": "*"}
  std::vector<std::string> aws;       // ARNs, account ids, and the unique ids of roles and users
  std::vector<std::string> services;  // "lambda.amazonaws.com"
  std::vector<std::string> others;    // federated and canonical users, which never match here
};

enum class Inverted : std::uint8_t { no, yes };  // yes: NotAction, NotResource, NotPrincipal

template <class T>
struct Element {
  std::vector<T> list;
  Inverted inverted = Inverted::no;
};

struct Statement {
  std::string sid;
  Effect effect = Effect::deny;
  Element<Pattern> actions;
  Element<Pattern> resources;  // empty in a trust policy: the role itself
  std::optional<Principals> principals;
  Inverted principals_inverted = Inverted::no;
  std::vector<Condition> conditions;
};

struct Document {
  std::vector<Statement> statements;
};

// What AWS says is wrong with a document, in its words, to be put behind the service's own code.
using Problem = std::string;

Problem invalid_principal(std::string_view kind, std::string_view name);

// Immutable once parsed.
std::expected<Document, Problem> parse(std::string_view text, DocumentKind kind);

}  // namespace localcloud::iam::policy
