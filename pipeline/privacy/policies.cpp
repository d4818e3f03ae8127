// Rules and key from the bucket.

#include "pipeline/privacy/policies.hpp"

#include "pipeline/privacy/pseudonym.hpp"

namespace pipeline::privacy {

namespace {

ServiceError unusable(std::string_view object, std::string_view problem) {
  return {.code = "PrivacyUnusable",
          .message = std::string(object) + " can't be used: " + std::string(problem),
          .http_status = 503};
}

}  // namespace

Policies::Policies(cache::Settings settings, aws::Client& client, const base::Clock& clock)
    : rules_(settings, &parse_rules, client, clock), key_(settings, &parse_key, client, clock) {}

Task<Result<std::shared_ptr<const Rules>>> Policies::rules(aws::CallOptions options) {
  static const auto kNone = std::make_shared<const Rules>();
  const auto entry = co_await rules_.get(std::string(kRulesKey), options);
  if (!entry) co_return failure(entry.error());
  if (entry->value) co_return entry->value;
  if (!entry->is_missing()) co_return failure(unusable(kRulesKey, entry->problem));
  co_return kNone;
}

Task<Result<std::shared_ptr<const std::string>>> Policies::key(aws::CallOptions options) {
  const auto entry = co_await key_.get(std::string(kPseudonymKey), options);
  if (!entry) co_return failure(entry.error());
  if (entry->value) co_return entry->value;
  co_return failure(unusable(kPseudonymKey, entry->is_missing() ? "it isn't there" : entry->problem));
}

}  // namespace pipeline::privacy
