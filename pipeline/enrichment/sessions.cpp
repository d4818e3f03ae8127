// Sessions: the SDK's, or half hours.

#include "pipeline/enrichment/sessions.hpp"

#include <optional>

#include "aws/crypto.hpp"
#include "base/text.hpp"
#include "pipeline/event/first_bytes.hpp"

namespace pipeline::enrichment {

namespace {

constexpr std::size_t kIdBytesMax = 128;

// Text, or a number as its text; Amplitude's -1 is no session.
std::optional<std::string> id_in(const json::Value* value) {
  if (!value) return std::nullopt;
  std::string text = value->is_string() ? value->as_string() : value->is_number() ? value->as_number().text() : "";
  if (text.empty() || text == "-1") return std::nullopt;
  return std::string(event::first_bytes(text, kIdBytesMax));
}

std::optional<std::string> id_of_sdk(const event::Event& event) {
  for (const char* const name : {"session_id", "sessionId"}) {
    if (auto id = id_in(event.context.find(name))) return id;
  }
  // What begins with a $ or an underscore in PostHog's and AWS's events.
  for (const char* const sdk : {"posthog", "clickstream"}) {
    const json::Value* const details = event.context.find(sdk);
    if (auto id = id_in(details ? details->find("session_id") : nullptr)) return id;
  }
  for (const char* const name : {"session_id", "session.id"}) {
    if (auto id = id_in(event.properties.find(name))) return id;
  }
  const json::Value* const resource = event.context.find("resource");
  return id_in(resource ? resource->find("session.id") : nullptr);
}

}  // namespace

json::Object session_of(const event::Event& event, base::Time received_at) {
  if (auto id = id_of_sdk(event)) return {{"id", *std::move(id)}, {"by", "sdk"}};
  using HalfHours = std::chrono::duration<std::int64_t, std::ratio<1800>>;
  constexpr std::size_t kDigits = 32;
  const base::Time time = event.occurred_at.value_or(received_at);
  const auto window = std::chrono::floor<HalfHours>(time.time_since_epoch()).count();
  const std::string who = event.user_id.empty() ? "anonymous#" + event.anonymous_id : "user#" + event.user_id;
  return {{"id", aws::sha256_hex(std::to_string(window) + "\n" + who).substr(0, kDigits)}, {"by", "half_hour"}};
}

}  // namespace pipeline::enrichment
