// Envelopes, partitions, derived ids.

#include "pipeline/event/envelope.hpp"

#include <fmt/core.h>

#include <array>
#include <chrono>

#include "aws/dates.hpp"
#include "base/text.hpp"
#include "json/parse.hpp"
#include "json/write.hpp"

namespace pipeline::event {

namespace {

constexpr std::array<std::pair<Wire, std::string_view>, 21> kWireNames = {{
    {Wire::events, "events"},
    {Wire::segment, "segment"},
    {Wire::segment_track, "segment/track"},
    {Wire::segment_page, "segment/page"},
    {Wire::segment_screen, "segment/screen"},
    {Wire::segment_identify, "segment/identify"},
    {Wire::segment_group, "segment/group"},
    {Wire::segment_alias, "segment/alias"},
    {Wire::posthog, "posthog"},
    {Wire::snowplow, "snowplow"},
    {Wire::snowplow_query, "snowplow/query"},
    {Wire::cloudevents, "cloudevents"},
    {Wire::clickstream, "clickstream"},
    {Wire::otlp, "otlp"},
    {Wire::amplitude, "amplitude"},
    {Wire::mixpanel, "mixpanel"},
    {Wire::mixpanel_engage, "mixpanel/engage"},
    {Wire::mixpanel_groups, "mixpanel/groups"},
    {Wire::matomo, "matomo"},
    {Wire::umami, "umami"},
    {Wire::plausible, "plausible"},
}};

// Nothing where the text is empty.
void append_member(std::string& out, std::string_view name, std::string_view text) {
  if (text.empty()) return;
  out += name;
  json::write_string(out, text);
}

}  // namespace

std::string_view wire_name(Wire wire) {
  for (const auto& [known, name] : kWireNames) {
    if (known == wire) return name;
  }
  return "events";
}

std::optional<Wire> wire_of(std::string_view name) {
  for (const auto& [wire, known] : kWireNames) {
    if (known == name) return wire;
  }
  return std::nullopt;
}

void append_raw_member(std::string& out, std::string_view raw) {
  if (base::first_invalid_utf8(raw)) {
    out += "\"raw_base64\":";
    json::write_string(out, base::to_base64(raw));
  } else {
    out += "\"raw\":";
    json::write_string(out, raw);
  }
}

std::string write_envelope(const Envelope& envelope) {
  std::string out;
  out.reserve(envelope.raw.size() + envelope.raw.size() / 8 + 160);
  out += "{\"id\":";
  json::write_string(out, envelope.id);
  out += ",\"received_at\":\"";
  out += format_time(envelope.received_at);
  out += "\",\"wire\":\"";
  out += wire_name(envelope.wire);
  out += "\",\"source\":";
  json::write_string(out, envelope.source);
  append_member(out, ",\"held\":", envelope.held);
  append_member(out, ",\"sent_at\":", envelope.sent_at);
  append_member(out, ",\"visitor\":", envelope.visitor);
  append_member(out, ",\"address\":", envelope.address);
  append_member(out, ",\"user_agent\":", envelope.user_agent);
  out += ',';
  append_raw_member(out, envelope.raw);
  out += '}';
  return out;
}

std::string write_erased(base::Time when) {
  return fmt::format("{{\"erased_at\":\"{}\"}}", format_time(when));
}

bool is_erased(std::string_view line) {
  return line.starts_with("{\"erased_at\":");
}

std::expected<Envelope, std::string> read_envelope(std::string_view line) {
  auto parsed = json::parse(line);
  if (!parsed) return std::unexpected("not JSON: " + parsed.error().describe());
  const auto id = parsed->get_string("id");
  const auto received_at = parsed->get_string("received_at");
  const auto wire = wire_of(parsed->get_string("wire").value_or(""));
  const auto source = parsed->get_string("source");
  if (!id || !received_at || !wire || !source)
    return std::unexpected("not an envelope: id, received_at, wire or source is missing");
  const auto time = aws::parse_rfc3339(*received_at);
  if (!time) return std::unexpected("not an envelope: received_at is not a time");
  Envelope envelope{.id = std::string(*id),
                    .received_at = *time,
                    .wire = *wire,
                    .source = std::string(*source),
                    .held = std::string(parsed->get_string("held").value_or("")),
                    .sent_at = std::string(parsed->get_string("sent_at").value_or("")),
                    .raw = {},
                    .visitor = std::string(parsed->get_string("visitor").value_or("")),
                    .address = std::string(parsed->get_string("address").value_or("")),
                    .user_agent = std::string(parsed->get_string("user_agent").value_or(""))};
  if (const auto raw = parsed->get_string("raw")) {
    envelope.raw = *raw;
    return envelope;
  }
  auto bytes = base::from_base64(parsed->get_string("raw_base64").value_or("?"));
  if (!bytes) return std::unexpected("not an envelope: neither raw nor raw_base64 is there");
  envelope.raw = std::move(*bytes);
  return envelope;
}

std::string format_time(base::Time time) {
  return aws::format_rfc3339_ms(time);
}

std::string partition_key(std::string_view prefix, base::Time received_at, std::string_view ulid) {
  const auto day = std::chrono::floor<std::chrono::days>(received_at);
  const std::chrono::year_month_day date{day};
  const auto hour = std::chrono::floor<std::chrono::hours>(received_at - day).count();
  return fmt::format("{}year={:04}/month={:02}/day={:02}/hour={:02}/{}.json", prefix, static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), hour, ulid);
}

std::optional<std::string> quarantine_key(std::string_view raw_key) {
  if (!raw_key.starts_with(kRawPrefix) || raw_key.size() == kRawPrefix.size()) return std::nullopt;
  return std::string(kQuarantinePrefix) + std::string(raw_key.substr(kRawPrefix.size()));
}

std::string derived_id(std::string_view ulid, std::size_t line) {
  return fmt::format("{}-{}", ulid, line);
}

}  // namespace pipeline::event
