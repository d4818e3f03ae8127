#include "cli/balance_sheet.hpp"

#include "aws/dates.hpp"
#include "cli/items.hpp"
#include "cli/quarantine_lines.hpp"
#include "json/parse.hpp"
#include "json/write.hpp"
#include "pipeline/event/envelope.hpp"
#include "pipeline/event/event.hpp"
#include "pipeline/parse_validate/item.hpp"

namespace cli {

namespace {

using pipeline::event::kQuarantinePrefix, pipeline::event::kRawPrefix;

constexpr std::size_t kGetsMax = 100;  // of a BatchGetItem
constexpr int kRoundsForNothingMax = 60;
constexpr base::Duration kSettled =
    std::chrono::hours(1);  // an hour's sheet is kept when the hour is over for that long
constexpr std::size_t kObjectsAtATime = 256;

// "raw/year=2026/month=11/day=22/hour=13/<ulid>.json" ▶ "2026-11-22T13"; empty where the key isn't like that.
std::string hour_of(std::string_view key) {
  std::string out;
  for (const auto& [name, mark] : {std::pair{"year=", ""}, {"/month=", "-"}, {"/day=", "-"}, {"/hour=", "T"}}) {
    const auto at = key.find(name);
    if (at == std::string_view::npos) return {};
    key.remove_prefix(at + std::string_view(name).size());
    out += mark;
    out += key.substr(0, key.find('/'));
  }
  return out;
}

std::string sheet_key(const std::string& hour) {
  return "balance/" + hour + ".json";
}

std::optional<HourSheet> read_sheet(Calls& calls, const std::string& hour) {
  const auto text = calls.get_object(sheet_key(hour));
  const auto parsed = text ? json::parse(*text) : json::parse("null");
  if (!parsed || !parsed->is_object()) return std::nullopt;
  HourSheet sheet{.objects = number_of(parsed->as_object(), "objects"), .by_source = {}};
  const json::Value* const sources = parsed->find("sources");
  if (!sources || !sources->is_object()) return std::nullopt;
  for (const auto& [source, value] : sources->as_object()) {
    if (!value.is_object()) return std::nullopt;
    const json::Object& counts = value.as_object();
    sheet.by_source[source] = {.received = number_of(counts, "received"),
                               .stored = number_of(counts, "stored"),
                               .duplicate = number_of(counts, "duplicate"),
                               .quarantined = number_of(counts, "quarantined"),
                               .missing = number_of(counts, "missing")};
  }
  return sheet;
}

void keep_sheet(Calls& calls, const std::string& hour, const HourSheet& sheet) {
  json::Object sources;
  for (const auto& [source, counts] : sheet.by_source) {
    sources.set(source, json::Object{{"received", counts.received},
                                     {"stored", counts.stored},
                                     {"duplicate", counts.duplicate},
                                     {"quarantined", counts.quarantined},
                                     {"missing", counts.missing}});
  }
  calls.put_object(
      sheet_key(hour),
      json::write(json::Object{{"hour", hour}, {"objects", sheet.objects}, {"sources", std::move(sources)}}) + "\n",
      "application/json");
}

// One event that should be in the table.
struct Expected {
  std::string pk, sk, pointer, source;
};

// Which raw line the table's items are of, by their keys.
std::map<std::pair<std::string, std::string>, std::string> read_rows(Calls& calls,
                                                                     const std::vector<Expected>& events) {
  std::set<std::pair<std::string, std::string>> wanted;
  for (const Expected& one : events) wanted.emplace(one.pk, one.sk);
  std::map<std::pair<std::string, std::string>, std::string> rows;
  int rounds_for_nothing = 0;
  while (!wanted.empty()) {
    if (rounds_for_nothing == kRoundsForNothingMax) throw Failed("the table throttles the reads; run it again later");
    pause_before_round(rounds_for_nothing);
    json::Array keys;
    for (const auto& [pk, sk] : wanted) {
      if (keys.size() == kGetsMax) break;
      keys.push_back(json::Object{{"pk", json::Object{{"S", pk}}}, {"sk", json::Object{{"S", sk}}}});
    }
    std::set<std::pair<std::string, std::string>> left;
    const json::Value answer = calls.dynamodb(
        "BatchGetItem",
        json::Object{{"RequestItems",
                      json::Object{{calls.place().table(),
                                    json::Object{{"Keys", keys},
                                                 {"ConsistentRead", true},
                                                 {"ProjectionExpression", "pk, sk, #raw"},
                                                 {"ExpressionAttributeNames", json::Object{{"#raw", "raw"}}}}}}}});
    const auto each = [&](const char* where, const char* within, const auto& visit) {
      const json::Value* part = answer.find(where);
      part = part ? part->find(calls.place().table()) : nullptr;
      if (part && *within != '\0') part = part->find(within);
      if (!part || !part->is_array()) return;
      for (const json::Value& item : part->as_array()) visit(plain_item(item.as_object()));
    };
    each("Responses", "", [&](const json::Object& item) {
      rows[{std::string(text_of(item, "pk")), std::string(text_of(item, "sk"))}] = text_of(item, "raw");
    });
    each("UnprocessedKeys", "Keys",
         [&](const json::Object& key) { left.emplace(text_of(key, "pk"), text_of(key, "sk")); });
    for (const json::Value& key : keys) {
      const json::Object plain = plain_item(key.as_object());
      const std::pair<std::string, std::string> which{text_of(plain, "pk"), text_of(plain, "sk")};
      if (!left.contains(which)) wanted.erase(which);
    }
    rounds_for_nothing = left.size() == keys.size() ? rounds_for_nothing + 1 : 0;
  }
  return rows;
}

std::map<std::string, Counts> look_at_object(Calls& calls, const std::string& key) {
  std::map<std::string, Counts> out;
  const auto body = calls.get_object(key);
  if (!body) return out;
  const std::map<std::size_t, QuarantineLine> quarantined = quarantine_of(calls, key);
  std::vector<Expected> expected;
  std::size_t index = 0;
  for_each_line(*body, [&](std::string_view line) {
    const std::size_t at = index++;
    if (pipeline::event::is_erased(line)) return;
    const auto envelope = pipeline::event::read_envelope(line);
    const std::string source = envelope ? envelope->source : "";
    Counts& counts = out[source];
    ++counts.received;
    if (quarantined.contains(at)) {
      ++counts.quarantined;
      return;
    }
    const auto event =
        envelope ? pipeline::event::read_event(*envelope) : std::unexpected(pipeline::event::Unreadable{});
    if (!event) {
      ++counts.missing;
      return;
    }
    auto [pk, sk] = pipeline::parse_validate::key_of(*event);
    expected.push_back({std::move(pk), std::move(sk), key + "#" + std::to_string(at), source});
  });
  const auto rows = read_rows(calls, expected);
  for (const Expected& one : expected) {
    const auto row = rows.find({one.pk, one.sk});
    Counts& counts = out[one.source];
    ++(row == rows.end() ? counts.missing : row->second == one.pointer ? counts.stored : counts.duplicate);
  }
  return out;
}

}  // namespace

void Counts::add(const Counts& other) {
  received += other.received;
  stored += other.stored;
  duplicate += other.duplicate;
  quarantined += other.quarantined;
  missing += other.missing;
}

std::int64_t HourSheet::missing() const {
  std::int64_t sum = 0;
  for (const auto& [source, counts] : by_source) sum += counts.missing;
  return sum;
}

std::map<std::string, HourSheet> make_sheets(Calls& calls, const Span& span, Progress& progress) {
  std::map<std::string, std::vector<std::string>> raw, undecodable;  // by hour
  std::set<std::string> raw_keys;
  for_each_key(calls, kRawPrefix, span, [&](const ListedObject& object) {
    raw[hour_of(object.key)].push_back(object.key);
    raw_keys.insert(object.key);
  });
  // A body that couldn't be decoded has no raw object.
  for_each_key(calls, kQuarantinePrefix, span, [&](const ListedObject& object) {
    if (!raw_keys.contains(raw_key_of(object.key))) undecodable[hour_of(object.key)].push_back(object.key);
  });
  for (const auto& [hour, keys] : undecodable) raw.try_emplace(hour);

  std::map<std::string, HourSheet> out;
  std::uint64_t done = 0;
  for (const auto& [hour, keys] : raw) {
    const auto& without_raw = undecodable[hour];
    const auto objects = static_cast<std::int64_t>(keys.size() + without_raw.size());
    auto kept = read_sheet(calls, hour);
    if (kept && kept->objects == objects && kept->missing() == 0) {
      out[hour] = *std::move(kept);
      continue;
    }
    HourSheet& sheet = out[hour];
    sheet.objects = objects;
    for (std::size_t first = 0; first < keys.size(); first += kObjectsAtATime) {
      const std::size_t count = std::min(kObjectsAtATime, keys.size() - first);
      std::vector<std::map<std::string, Counts>> found(count);
      in_parallel(count, [&](std::size_t i) { found[i] = look_at_object(calls, keys[first + i]); });
      for (const auto& one : found) {
        for (const auto& [source, counts] : one) sheet.by_source[source].add(counts);
      }
      progress.at(done += count, raw_keys.size(), "objects");
    }
    for (const std::string& key : without_raw) {
      for (const auto& [place, line] : read_quarantine(calls.get_object(key).value_or("")))
        if (!line.is_of_raw) sheet.by_source[line.source].add({.received = 1, .quarantined = 1});
    }
    const auto began = aws::parse_rfc3339(hour + ":00:00Z");
    if (began && *began + std::chrono::hours(1) + kSettled < calls.clock().now()) keep_sheet(calls, hour, sheet);
  }
  return out;
}

void forget_sheets(Calls& calls, std::span<const std::string> raw_keys) {
  std::set<std::string> hours;
  for (const std::string& key : raw_keys) hours.insert(hour_of(key));
  hours.erase("");
  for (const std::string& hour : hours) calls.delete_object(sheet_key(hour));
}

}  // namespace cli
