#pragma once
// The forms of INSERTs by their texts, each parsed once.

#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "localcloud/services/dynamodb/partiql/statement.hpp"

namespace localcloud::dynamodb {

// Thread-safe. What a text means depends on nothing else, so an entry never grows old.
class FormCache {
 public:
  static constexpr std::size_t kFormsMax = 256;  // of 8 KB at most each, as requests limit them

  // Nothing where the text has no form.
  std::shared_ptr<const InsertForm> find(const std::string& text);
  std::size_t size() const;

 private:
  mutable std::shared_mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<const InsertForm>> forms_;
};

// As parse_statement(), by way of the text's form where it has one.
Result<Statement> read_statement(FormCache& forms, const std::string& text, Parameters parameters);

}  // namespace localcloud::dynamodb
