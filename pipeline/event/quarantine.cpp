// Quarantine lines.

#include "pipeline/event/quarantine.hpp"

#include "json/write.hpp"
#include "pipeline/version.hpp"

namespace pipeline::event {

std::string_view failure_name(Failure failure) {
  switch (failure) {
    case Failure::undecodable:
      return "undecodable";
    case Failure::foreign:
      return "foreign";
    case Failure::unreadable:
      return "unreadable";
    case Failure::unknown_type:
      return "unknown_type";
    case Failure::unusable_schema:
      return "unusable_schema";
    case Failure::unstorable:
      return "unstorable";
    case Failure::held:
      return "held";
    case Failure::id_reused:
      return "id_reused";
    case Failure::invalid:
      break;
  }
  return "invalid";
}

std::string write_quarantined(const Quarantined& quarantined) {
  json::Object line{{"failure", failure_name(quarantined.failure)}, {"id", quarantined.id}};
  line.set("type", quarantined.type.empty() ? json::Value() : json::Value(quarantined.type));
  line.set("received_at", format_time(quarantined.received_at));
  line.set("source", quarantined.source);
  if (!quarantined.schema.empty()) line.set("schema", quarantined.schema);
  line.set("component", json::Object{{"name", quarantined.stage}, {"version", kVersion}});
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
