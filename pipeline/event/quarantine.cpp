// Quarantine lines.

#include "pipeline/event/quarantine.hpp"

#include "json/write.hpp"

namespace pipeline::event {

std::string write_quarantined(const Quarantined& quarantined) {
  json::Object line{{"id", quarantined.id}};
  line.set("type", quarantined.type.empty() ? json::Value() : json::Value(quarantined.type));
  line.set("received_at", format_time(quarantined.received_at));
  line.set("source", quarantined.source);
  json::Array reasons;
  for (const Reason& reason : quarantined.reasons) {
    reasons.push_back(json::Object{{"path", reason.path}, {"keyword", reason.keyword}, {"message", reason.message}});
  }
  line.set("reasons", std::move(reasons));
  if (const auto& pointer = quarantined.raw_pointer) {
    line.set("raw_pointer",
             json::Object{{"bucket", pointer->bucket}, {"key", pointer->key}, {"line", std::uint64_t{pointer->line}}});
  }
  std::string out = json::write(line);
  if (quarantined.raw) {
    out.pop_back();
    out += ',';
    append_raw_member(out, *quarantined.raw);
    out += '}';
  }
  return out;
}

}  // namespace pipeline::event
