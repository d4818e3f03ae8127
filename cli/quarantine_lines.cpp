#include "cli/quarantine_lines.hpp"

#include "cli/items.hpp"
#include "cli/span.hpp"
#include "json/parse.hpp"
#include "pipeline/event/envelope.hpp"

namespace cli {

using pipeline::event::kQuarantinePrefix, pipeline::event::kRawPrefix;

std::map<std::size_t, QuarantineLine> read_quarantine(std::string_view body) {
  std::map<std::size_t, QuarantineLine> out;
  for_each_line(body, [&](std::string_view text) {
    const auto parsed = json::parse(text);
    if (!parsed || !parsed->is_object()) return;
    const json::Object& members = parsed->as_object();
    QuarantineLine line{.id = std::string(text_of(members, "id")),
                        .type = std::string(text_of(members, "type")),
                        .source = std::string(text_of(members, "source")),
                        .reason = {},
                        .line = out.size()};
    if (const json::Value* reasons = members.find("reasons");
        reasons && reasons->is_array() && !reasons->as_array().empty()) {
      const json::Value& first = reasons->as_array().front();
      line.reason = std::string(first.get_string("keyword").value_or("")) + " " +
                    std::string(first.get_string("path").value_or(""));
    }
    if (const json::Value* pointer = members.find("raw_pointer"); pointer && pointer->is_object()) {
      line.is_of_raw = true;
      line.line = static_cast<std::size_t>(pointer->get_int64("line").value_or(0));
    }
    out[line.line] = std::move(line);
  });
  return out;
}

std::map<std::size_t, QuarantineLine> quarantine_of(Calls& calls, std::string_view raw_key) {
  return read_quarantine(calls.get_object(quarantine_key_of(raw_key)).value_or(""));
}

std::string raw_key_of(std::string_view quarantine_key) {
  return std::string(kRawPrefix) + std::string(quarantine_key.substr(kQuarantinePrefix.size()));
}

std::string quarantine_key_of(std::string_view raw_key) {
  return std::string(kQuarantinePrefix) + std::string(raw_key.substr(kRawPrefix.size()));
}

}  // namespace cli
