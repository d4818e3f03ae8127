// Forms, parsed once.

#include "localcloud/services/dynamodb/partiql/form_cache.hpp"

#include <mutex>

namespace localcloud::dynamodb {

std::shared_ptr<const InsertForm> FormCache::find(const std::string& text) {
  {
    const std::shared_lock lock(mutex_);
    const auto found = forms_.find(text);
    if (found != forms_.end()) return found->second;
  }
  std::optional<InsertForm> parsed = parse_insert_form(text);
  if (!parsed) return nullptr;
  auto form = std::make_shared<const InsertForm>(*std::move(parsed));
  const std::unique_lock lock(mutex_);
  if (forms_.size() >= kFormsMax) forms_.clear();
  forms_[text] = form;
  return form;
}

std::size_t FormCache::size() const {
  const std::shared_lock lock(mutex_);
  return forms_.size();
}

Result<Statement> read_statement(FormCache& forms, const std::string& text, Parameters parameters) {
  const auto form = forms.find(text);
  if (form == nullptr) return parse_statement(text, std::move(parameters));
  TRY(form->check(parameters));
  return form->fill(std::move(parameters));
}

}  // namespace localcloud::dynamodb
