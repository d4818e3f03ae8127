// event-pipeline erase: removes a person from the table, the raw objects, the quarantine and the records of failed
// executions, and leaves a record that proves it.
//
// A raw event's line becomes a tombstone, so that the lines after it keep their numbers, which rows and quarantine
// point to. Erasing again finds nothing.

#include <fmt/core.h>
#include <unistd.h>

#include <iostream>

#include "aws/crypto.hpp"
#include "aws/dates.hpp"
#include "base/text.hpp"
#include "cli/balance_sheet.hpp"
#include "cli/items.hpp"
#include "cli/quarantine_lines.hpp"
#include "cli/verbs.hpp"
#include "json/parse.hpp"
#include "json/write.hpp"
#include "pipeline/event/event.hpp"

namespace cli {

namespace {

constexpr std::size_t kDeletesMax = 25;  // of a BatchWriteItem
constexpr char kFailedPrefix[] = "failed/";

// Whether a text with that very value is anywhere within.
bool holds_text(const json::Value& value, const std::string& text) {
  if (value.is_string()) return value.as_string() == text;
  if (value.is_array()) {
    for (const json::Value& element : value.as_array()) {
      if (holds_text(element, text)) return true;
    }
  }
  if (value.is_object()) {
    for (const auto& [name, member] : value.as_object()) {
      if (holds_text(member, text)) return true;
    }
  }
  return false;
}

// In bytes that aren't JSON: the text by itself, not within a longer word.
bool holds_word(std::string_view bytes, std::string_view text) {
  const auto is_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  for (auto at = bytes.find(text); at != std::string_view::npos; at = bytes.find(text, at + 1)) {
    const bool begins = at == 0 || !is_word(bytes[at - 1]);
    const auto end = at + text.size();
    if (begins && (end == bytes.size() || !is_word(bytes[end]))) return true;
  }
  return false;
}

struct Found {
  std::uint64_t rows = 0, raw_events = 0, quarantined = 0, failed = 0;
  std::vector<std::string> objects;  // that were rewritten or removed
};

class Eraser {
 public:
  Eraser(Calls& calls, std::string identity, std::string id, Span span)
      : calls_(calls), identity_(std::move(identity)), id_(std::move(id)), span_(span) {}

  Found run() {
    erase_rows();
    erase_raw();
    erase_quarantine();
    erase_failed();
    return std::move(found_);
  }

 private:
  void erase_rows() {
    std::vector<json::Object> keys;
    calls_.query(json::Object{{"KeyConditionExpression", "pk = :pk"},
                              {"ProjectionExpression", "pk, sk"},
                              {"ConsistentRead", true},
                              {"ExpressionAttributeValues", json::Object{{":pk", json::Object{{"S", identity_}}}}}},
                 [&](const json::Object& item) {
                   keys.push_back(item);
                   return true;
                 });
    for (std::size_t first = 0; first < keys.size(); first += kDeletesMax) {
      json::Array requests;
      for (std::size_t i = first; i < std::min(first + kDeletesMax, keys.size()); ++i)
        requests.push_back(json::Object{{"DeleteRequest", json::Object{{"Key", std::move(keys[i])}}}});
      delete_rows(std::move(requests));
    }
    found_.rows = keys.size();
  }

  // Until nothing is left unprocessed.
  void delete_rows(json::Array requests) {
    json::Value wanted = json::Object{{calls_.place().table(), std::move(requests)}};
    for (int round = 0; wanted.is_object() && !wanted.as_object().empty(); ++round) {
      pause_before_round(round);
      if (round == 20) throw Failed("the table throttles the deletes; run it again");
      json::Value answer = calls_.dynamodb("BatchWriteItem", json::Object{{"RequestItems", std::move(wanted)}});
      const json::Value* left = answer.find("UnprocessedItems");
      wanted = left ? *left : json::Value();
    }
  }

  bool is_theirs(const pipeline::event::Envelope& envelope) const {
    const auto event = pipeline::event::read_event(envelope);
    if (event)
      return identity_ == (event->user_id.empty() ? "anonymous#" + event->anonymous_id : "user#" + event->user_id);
    const auto parsed = json::parse(envelope.raw);
    return parsed ? holds_text(*parsed, id_) : holds_word(envelope.raw, id_);
  }

  void erase_raw() {
    Progress progress("searching raw/");
    std::uint64_t objects = 0;
    const std::string tombstone = pipeline::event::write_erased(calls_.clock().now());
    for_each_object(calls_, pipeline::event::kRawPrefix, span_, [&](const std::string& key, const std::string& body) {
      std::set<std::size_t> lines;
      std::string rewritten;
      std::size_t index = 0;
      for_each_line(body, [&](std::string_view line) {
        const auto envelope = pipeline::event::read_envelope(line);
        const bool goes = envelope && is_theirs(*envelope);
        if (goes) lines.insert(index);
        rewritten += goes ? std::string_view(tombstone) : line;
        rewritten += '\n';
        ++index;
      });
      progress.at(++objects, 0, "objects");
      if (lines.empty()) return;
      // The quarantine first: its lines are found by the raw lines, which must still tell whose they are after a crash.
      erase_quarantine_lines(key, lines);
      forget_sheets(calls_, {&key, 1});
      calls_.put_object(key, std::move(rewritten), "application/x-ndjson");
      found_.raw_events += lines.size();
      found_.objects.push_back(key);
    });
  }

  void erase_quarantine_lines(const std::string& raw_key, const std::set<std::size_t>& lines) {
    const std::string key = quarantine_key_of(raw_key);
    const auto body = calls_.get_object(key);
    if (!body) return;
    rewrite_quarantine(key, *body, [&](const json::Value& line) {
      const json::Value* const pointer = line.find("raw_pointer");
      return pointer && lines.contains(static_cast<std::size_t>(pointer->get_int64("line").value_or(-1)));
    });
  }

  // What couldn't be decoded has no raw object: the bytes lie in the quarantine itself.
  void erase_quarantine() {
    Progress progress("searching quarantine/");
    std::uint64_t objects = 0;
    for_each_object(calls_, pipeline::event::kQuarantinePrefix, span_,
                    [&](const std::string& key, const std::string& body) {
                      rewrite_quarantine(key, body, [&](const json::Value& line) {
                        const auto raw = line.get_string("raw");
                        const auto encoded = line.get_string("raw_base64");
                        const auto decoded = encoded ? base::from_base64(*encoded) : std::nullopt;
                        return (raw && holds_word(*raw, id_)) || (decoded && holds_word(*decoded, id_));
                      });
                      progress.at(++objects, 0, "objects");
                    });
  }

  void rewrite_quarantine(const std::string& key, const std::string& body,
                          const std::function<bool(const json::Value&)>& goes) {
    std::string rewritten;
    std::uint64_t removed = 0;
    for_each_line(body, [&](std::string_view line) {
      const auto parsed = json::parse(line);
      if (parsed && goes(*parsed)) {
        ++removed;
      } else {
        rewritten.append(line).push_back('\n');
      }
    });
    if (removed == 0) return;
    if (rewritten.empty()) {
      calls_.delete_object(key);
    } else {
      calls_.put_object(key, std::move(rewritten), "application/x-ndjson");
    }
    found_.quarantined += removed;
    found_.objects.push_back(key);
  }

  // An execution that was started with a raw event, and failed, left the event there.
  void erase_failed() {
    std::string after;
    while (true) {
      const auto page = calls_.list_objects(kFailedPrefix, after, 1000);
      for (const ListedObject& object : page) {
        const auto body = calls_.get_object(object.key);
        const auto parsed = body ? json::parse(*body) : json::parse("null");
        if (parsed ? !holds_text(*parsed, id_) : !holds_word(*body, id_)) continue;
        calls_.delete_object(object.key);
        ++found_.failed;
        found_.objects.push_back(object.key);
      }
      if (page.size() < 1000) return;
      after = page.back().key;
    }
  }

  Calls& calls_;
  const std::string identity_, id_;
  const Span span_;
  Found found_;
};

void ask(const std::string& identity) {
  if (::isatty(STDIN_FILENO) == 0) throw Failed("this deletes for good: say --yes");
  fmt::print("Erase {} for good, from the table, raw/, quarantine/ and failed/? Type the name again: ",
             printable(identity, 100));
  std::fflush(stdout);
  std::string typed;
  std::getline(std::cin, typed);
  if (typed != identity) throw Failed("nothing was erased");
}

}  // namespace

int erase(Calls& calls, const EraseOptions& options, Form form) {
  if (options.user.empty() == options.anonymous.empty()) throw Failed("say who: --user or --anonymous");
  const std::string id = options.user.empty() ? options.anonymous : options.user;
  const std::string identity = (options.user.empty() ? "anonymous#" : "user#") + id;
  const Span span = read_span(options.span, calls.clock().now());
  if (options.asked == EraseOptions::Asked::ask) ask(id);
  const Found found = Eraser(calls, identity, id, span).run();
  const std::string key = "erasures/" + calls.ids().ulid(calls.clock().now()) + ".json";
  json::Array objects;
  for (const std::string& object : found.objects) objects.emplace_back(object);
  json::Object record{{"subject_sha256", aws::sha256_hex(identity)},
                      {"erased_at", aws::format_rfc3339_ms(calls.clock().now())},
                      {"by", calls.caller_arn()},
                      {"searched_from", aws::format_rfc3339(span.from)},
                      {"searched_to", aws::format_rfc3339(span.to)},
                      {"rows", found.rows},
                      {"raw_events", found.raw_events},
                      {"quarantined", found.quarantined},
                      {"failed", found.failed},
                      {"objects", std::move(objects)}};
  calls.put_object(key, json::write(record) + "\n", "application/json");
  if (form == Form::json) {
    record.set("record", key);
    std::cout << json::write(record) << "\n";
  } else {
    fmt::print(
        "erased: {} rows, {} raw events, {} lines of quarantine, {} records of failures\nthe record, without the name: "
        "{}\n",
        found.rows, found.raw_events, found.quarantined, found.failed, key);
  }
  return 0;
}

}  // namespace cli
