// event-pipeline query: a user's events, or those of a type, from the table.

#include <fmt/core.h>

#include <algorithm>
#include <functional>
#include <iostream>
#include <iterator>
#include <optional>
#include <vector>

#include "aws/dates.hpp"
#include "base/text.hpp"
#include "cli/items.hpp"
#include "cli/verbs.hpp"
#include "json/write.hpp"
#include "pipeline/parse_validate/config.hpp"

namespace cli {

namespace parse = pipeline::parse_validate;

namespace {

class Printer {
 public:
  Printer(Form form, std::size_t limit) : form_(form), limit_(limit) {}

  // Whether more is wanted.
  bool print(const json::Object& item) {
    const json::Object plain = plain_item(item);
    if (form_ == Form::json) {
      std::cout << json::write(plain) << "\n";
    } else {
      if (printed_ == 0)
        fmt::print("{}\n", in_colour(Colour::bold,
                                     fmt::format("{:24}  {:20}  {:24}  {}", "time", "type", "user", "properties")));
      const std::string_view sk = text_of(plain, "sk");
      const std::string_view time = sk.substr(0, sk.find('#'));
      std::string_view user = text_of(plain, "user_id");
      if (user.empty()) user = text_of(plain, "anonymous_id");
      const json::Value* properties = plain.find("p");
      const std::string remark = remark_of(plain);
      fmt::print("{:24}  {:20}  {:24}  {}{}\n", time, printable(text_of(plain, "type"), 40), printable(user, 40),
                 printable(properties ? json::write(*properties) : "", 160),
                 remark.empty() ? "" : in_colour(Colour::yellow, "  " + printable(remark, 100)));
    }
    return ++printed_ < limit_;
  }
  std::size_t printed() const { return printed_; }
  std::size_t left() const { return limit_ - printed_; }

 private:
  const Form form_;
  const std::size_t limit_;
  std::size_t printed_ = 0;
};

void query_identity(Calls& calls, const std::string& pk, const Span& span, Printer& printer) {
  calls.query(json::Object{{"KeyConditionExpression", "pk = :pk AND sk BETWEEN :from AND :to"},
                           {"ScanIndexForward", false},
                           {"ExpressionAttributeValues",
                            json::Object{{":pk", json::Object{{"S", pk}}},
                                         {":from", json::Object{{"S", aws::format_rfc3339_ms(span.from)}}},
                                         {":to", json::Object{{"S", aws::format_rfc3339_ms(span.to)}}}}}},
              [&](const json::Object& item) { return printer.print(item); });
}

std::string_view index_key(const json::Object& item) {
  const json::Value* key = item.find("gsk");
  return key ? key->get_string("S").value_or("") : std::string_view();
}

// How many shards the deployed function divides a day of a type into. Who may read the table need not be allowed to
// ask.
unsigned shards_of(Calls& calls) {
  std::optional<json::Value> configuration;
  try {
    configuration = calls.function_configuration("parse_validate");
  } catch (const Failed& failed) {
    fmt::print(stderr, "{}: {} shards are asked, as many as there are unless the setting Shards says otherwise\n",
               failed.what(), parse::kShards);
  }
  const json::Value* environment = configuration ? configuration->find("Environment") : nullptr;
  const json::Value* variables = environment ? environment->find("Variables") : nullptr;
  const auto shards = base::to_number<unsigned>(variables ? variables->get_string("SHARDS").value_or("") : "");
  return std::clamp(shards.value_or(parse::kShards), 1U, parse::kShardsMax);
}

// Of a day of a type, whose shards are asked side by side: the newest items first, `count` of each shard at most.
struct Newest {
  std::vector<json::Object> items;  // of all shards, in order
  std::string complete_after;       // up to which key, itself not, some shard may hold more; empty where none does
};

Newest newest_of(Calls& calls, const std::string& day_of_type, unsigned shards, const std::string& from,
                 const std::string& to, std::size_t count) {
  std::vector<std::vector<json::Object>> found(shards);
  in_parallel(shards, [&](std::size_t shard) {
    const std::string gpk = fmt::format("{}#{}", day_of_type, shard);
    calls.query(json::Object{{"IndexName", "by_type"},
                             {"KeyConditionExpression", "gpk = :gpk AND gsk BETWEEN :from AND :to"},
                             {"ScanIndexForward", false},
                             {"Limit", std::uint64_t{count}},
                             {"ExpressionAttributeValues", json::Object{{":gpk", json::Object{{"S", gpk}}},
                                                                        {":from", json::Object{{"S", from}}},
                                                                        {":to", json::Object{{"S", to}}}}}},
                [&](const json::Object& item) {
                  found[shard].push_back(item);
                  return found[shard].size() < count;
                });
  });
  Newest newest;
  for (auto& items : found) {
    if (items.size() == count)
      newest.complete_after = std::max(newest.complete_after, std::string(index_key(items.back())));
    std::ranges::move(items, std::back_inserter(newest.items));
  }
  std::ranges::stable_sort(newest.items, std::greater(), index_key);
  return newest;
}

// The index is by day and shard: the newest day first, and so within it.
void query_type(Calls& calls, const std::string& type, const Span& span, Printer& printer) {
  const unsigned shards = shards_of(calls);
  const std::string from = aws::format_rfc3339_ms(span.from);
  bool wants_more = true;
  for (auto day = std::chrono::floor<std::chrono::days>(span.to); wants_more && day + std::chrono::days(1) > span.from;
       day -= std::chrono::days(1)) {
    const std::string day_of_type = type + "#" + aws::format_rfc3339(day).substr(0, 10);
    std::string to = aws::format_rfc3339_ms(span.to);
    constexpr std::size_t kAtATime = 1000;
    for (std::size_t count = std::min(printer.left() + 1, kAtATime); wants_more;) {
      const Newest newest = newest_of(calls, day_of_type, shards, from, to, count);
      for (const json::Object& item : newest.items) {
        if (!wants_more || index_key(item) <= newest.complete_after) break;
        wants_more = printer.print(item);
      }
      if (newest.complete_after.empty()) break;
      if (newest.complete_after == to) count *= 2;  // as many have that very key
      to = newest.complete_after;
    }
  }
}

}  // namespace

int query(Calls& calls, const QueryOptions& options, Form form) {
  const Span span = read_span(options.span, calls.clock().now());
  Printer printer(form, options.limit);
  if (!options.user.empty()) {
    query_identity(calls, "user#" + options.user, span, printer);
  } else if (!options.anonymous.empty()) {
    query_identity(calls, "anonymous#" + options.anonymous, span, printer);
  } else if (!options.type.empty()) {
    query_type(calls, options.type, span, printer);
  } else {
    throw Failed("say whose or which events: --user, --anonymous or --type");
  }
  if (printer.printed() == 0 && form == Form::text) fmt::print("no events; --last 30d looks further back\n");
  if (printer.printed() == options.limit && form == Form::text)
    fmt::print("… the first {}; --limit asks for more\n", options.limit);
  return 0;
}

}  // namespace cli
