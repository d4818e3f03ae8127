#pragma once
// Reads a definition and gathers what is wrong with it. Used by definition.cpp alone.

#include <initializer_list>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.hpp"
#include "localcloud/services/stepfunctions/asl/definition.hpp"

namespace localcloud::stepfunctions::asl {

class DefinitionParser {
 public:
  // Never nullptr; good only where flaws() is empty.
  std::shared_ptr<const Block> machine(const json::Value& value);
  std::vector<Flaw> take_flaws() { return std::move(flaws_); }

 private:
  using Names = std::initializer_list<std::string_view>;

  void flaw(std::string message, const std::string& where, std::string code = "SCHEMA_VALIDATION_FAILED");
  void unsupported(std::string feature, std::string message, const std::string& where);
  void check_names(const json::Object& object, const std::vector<std::string_view>& allowed, const std::string& where);

  // Each leaves its target as it is where the field is absent, and notes a flaw where it is malformed.
  void text(const json::Object& object, std::string_view name, std::optional<std::string>& out,
            const std::string& where);
  void integer(const json::Object& object, std::string_view name, std::optional<std::int64_t>& out, std::int64_t min,
               const std::string& where);
  void path(const json::Object& object, std::string_view name, std::optional<Path>& out, const std::string& where);
  void path_field(const json::Object& object, std::string_view name, PathField& out, const std::string& where);
  void result_path(const json::Object& object, PathField& out, const std::string& where);
  void expression(const json::Object& object, std::string_view name, std::optional<Expression>& out,
                  const std::string& where);
  void payload(const json::Object& object, std::string_view name, std::optional<Template>& out,
               const std::string& where);
  void assign(const json::Object& object, std::optional<Template>& out, const std::string& where);
  void at_most_one(const json::Object& object, Names names, const std::string& where);

  std::shared_ptr<const Block> block(const json::Object& object, const std::string& where, int depth);
  void transitions(const Block& block, const std::string& where);
  void visit_targets(const State& state, const std::string& where,
                     const std::function<void(const std::string&, const std::string&)>& visit);

  State state(const std::string& name, const json::Object& object, const std::string& where, int depth);
  void fields_of(State& state, const json::Object& object, const std::string& where, int depth);
  void next_or_end(State& state, const json::Object& object, const std::string& where);
  void task(State& state, const json::Object& object, const std::string& where);
  void resource(State& state, const std::string& arn, const std::string& where);
  void wait(State& state, const json::Object& object, const std::string& where);
  void fail(State& state, const json::Object& object, const std::string& where);
  void parallel(State& state, const json::Object& object, const std::string& where, int depth);
  void map(State& state, const json::Object& object, const std::string& where, int depth);
  void choice(State& state, const json::Object& object, const std::string& where);
  ChoiceRule rule(const json::Object& object, const std::string& where, int depth);
  void comparison(ChoiceRule& rule, const json::Object& object, const std::string& where);
  void retriers(State& state, const json::Object& object, const std::string& where);
  void catchers(State& state, const json::Object& object, const std::string& where);
  std::vector<std::string> error_names(const json::Object& object, const std::string& where, std::size_t index,
                                       std::size_t count);

  std::vector<Flaw> flaws_;
  std::set<std::string, std::less<>> names_;  // of all states so far
};

}  // namespace localcloud::stepfunctions::asl
