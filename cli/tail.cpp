// event-pipeline tail: events as they come, each with what became of it. It looks at the raw objects, so it shows what
// was received even where nothing came of it.

#include <fmt/core.h>

#include <deque>
#include <iostream>
#include <thread>

#include "aws/dates.hpp"
#include "cli/items.hpp"
#include "cli/quarantine_lines.hpp"
#include "cli/verbs.hpp"
#include "json/write.hpp"
#include "pipeline/event/event.hpp"
#include "pipeline/parse_validate/item.hpp"

namespace cli {

namespace {

using namespace std::chrono_literals;
using pipeline::event::Envelope, pipeline::event::Event;

constexpr auto kPause = 500ms;
constexpr base::Duration kPatience = 5s;  // until an event without a verdict is shown as it is
constexpr base::Duration kOverlap = 10s;  // collectors' clocks differ: keys may come in out of order
constexpr std::size_t kSeenMax = 100'000;

struct Shown {
  Envelope envelope;
  std::optional<Event> event;  // nothing where it can't be read
  std::string verdict;
  std::string why;
};

class Tail {
 public:
  Tail(Calls& calls, const TailOptions& options, Form form) : calls_(calls), options_(options), form_(form) {}

  // Looks at what has come since, and answers whether everything has its verdict.
  bool look(base::Time from) {
    const base::Time now = calls_.clock().now();
    for_each_key(calls_, pipeline::event::kRawPrefix, {from, now + std::chrono::hours(1)},
                 [&](const ListedObject& object) {
                   if (time_of(object.key) < from || !seen_.insert(object.key).second) return;
                   waiting_.push_back({object.key, now});
                 });
    if (seen_.size() > kSeenMax) seen_.erase(seen_.begin(), std::next(seen_.begin(), kSeenMax / 2));
    std::deque<Waiting> still;
    for (const Waiting& one : waiting_) {
      if (!show(one.key, now - one.since > kPatience)) still.push_back(one);
    }
    waiting_ = std::move(still);
    return waiting_.empty();
  }

 private:
  struct Waiting {
    std::string key;
    base::Time since;
  };

  // A ULID begins with its milliseconds; the key's ULID is the object's time of receipt.
  static base::Time time_of(const std::string& key) {
    constexpr std::string_view kDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    const std::string name = key.substr(key.rfind('/') + 1);
    std::int64_t ms = 0;
    for (std::size_t i = 0; i < std::min<std::size_t>(10, name.size()); ++i) {
      const auto digit = kDigits.find(name[i]);
      ms = ms * 32 + static_cast<std::int64_t>(digit == std::string_view::npos ? 0 : digit);
    }
    return base::from_unix_ms(ms);
  }

  // False: some of its events have no verdict yet, and there is patience left.
  bool show(const std::string& key, bool is_late) {
    const auto body = calls_.get_object(key);
    if (!body) return true;
    const std::map<std::size_t, QuarantineLine> quarantined = quarantine_of(calls_, key);
    std::vector<Shown> all;
    std::size_t index = 0;
    bool is_whole = true;
    for_each_line(*body, [&](std::string_view line) {
      const std::size_t at = index++;
      auto envelope = pipeline::event::read_envelope(line);
      if (!envelope) return;
      Shown shown{.envelope = *std::move(envelope), .event = {}, .verdict = {}, .why = {}};
      if (auto event = pipeline::event::read_event(shown.envelope)) shown.event = *std::move(event);
      if (!is_wanted(shown)) return;
      if (const auto found = quarantined.find(at); found != quarantined.end()) {
        shown.verdict = "quarantined";
        shown.why = found->second.reason;
      } else if (shown.event) {
        look_up(shown, fmt::format("{}#{}", key, at));
      }
      is_whole = is_whole && !shown.verdict.empty();
      all.push_back(std::move(shown));
    });
    if (!is_whole && !is_late) return false;
    for (const Shown& shown : all) print(shown, key);
    return true;
  }

  bool is_wanted(const Shown& shown) const {
    if (!options_.source.empty() && shown.envelope.source != options_.source) return false;
    if (!options_.type.empty() && (!shown.event || shown.event->type != options_.type)) return false;
    return options_.user.empty() ||
           (shown.event && (shown.event->user_id == options_.user || shown.event->anonymous_id == options_.user));
  }

  // "stored" where the table's item is this very line, "duplicate" where it is another; empty where there is none yet.
  void look_up(Shown& shown, const std::string& pointer) {
    const auto [pk, sk] = pipeline::parse_validate::key_of(*shown.event);
    const json::Value answer = calls_.dynamodb(
        "GetItem", json::Object{{"TableName", calls_.place().table()},
                                {"Key", json::Object{{"pk", json::Object{{"S", pk}}}, {"sk", json::Object{{"S", sk}}}}},
                                {"ProjectionExpression", "#raw, violations, omitted_properties"},
                                {"ExpressionAttributeNames", json::Object{{"#raw", "raw"}}},
                                {"ConsistentRead", true}});
    const json::Value* const found = answer.find("Item");
    if (!found || !found->is_object()) return;
    const json::Object item = plain_item(found->as_object());
    const bool is_this = text_of(item, "raw") == pointer;
    shown.verdict = is_this ? "stored" : "duplicate";
    if (is_this) shown.why = remark_of(item);
  }

  void print(const Shown& shown, const std::string& key) const {
    const std::string verdict = shown.verdict.empty() ? "pending" : shown.verdict;
    const std::string type = shown.event ? shown.event->type : "?";
    const std::string user = !shown.event                    ? ""
                             : !shown.event->user_id.empty() ? shown.event->user_id
                                                             : shown.event->anonymous_id;
    if (form_ == Form::json) {
      std::cout << json::write(json::Object{{"received_at", aws::format_rfc3339_ms(shown.envelope.received_at)},
                                            {"verdict", verdict},
                                            {"reason", shown.why},
                                            {"id", shown.envelope.id},
                                            {"type", type},
                                            {"user", user},
                                            {"source", shown.envelope.source},
                                            {"wire", pipeline::event::wire_name(shown.envelope.wire)},
                                            {"raw", key}})
                << std::endl;
      return;
    }
    const Colour colour = verdict == "stored"        ? Colour::green
                          : verdict == "quarantined" ? Colour::red
                          : verdict == "duplicate"   ? Colour::yellow
                                                     : Colour::dim;
    fmt::print("{}  {}  {:18}  {:20}  {:10}  {}\n", aws::format_rfc3339_ms(shown.envelope.received_at),
               in_colour(colour, fmt::format("{:11}", verdict)), printable(type, 40), printable(user, 40),
               printable(shown.envelope.source, 20), printable(shown.why, 100));
    std::fflush(stdout);
  }

  Calls& calls_;
  const TailOptions& options_;
  const Form form_;
  std::set<std::string> seen_;
  std::deque<Waiting> waiting_;
};

}  // namespace

int tail(Calls& calls, const TailOptions& options, Form form) {
  const base::Time began = calls.clock().now();
  const base::Time from =
      options.last.empty() ? began : read_span({.from = {}, .to = {}, .last = options.last}, began).from;
  Tail tail(calls, options, form);
  bool is_settled = tail.look(from);
  while (options.follow == TailOptions::Follow::on || !is_settled) {
    std::this_thread::sleep_for(kPause);
    // What began the tail stays its beginning; later looks go back as far as clocks may differ.
    is_settled = tail.look(std::max(from, calls.clock().now() - kOverlap));
  }
  return 0;
}

}  // namespace cli
