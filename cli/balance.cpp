// event-pipeline balance: received = stored + duplicate + quarantined, by hour and source.

#include <fmt/core.h>

#include <iostream>

#include "cli/balance_sheet.hpp"
#include "cli/verbs.hpp"
#include "json/write.hpp"

namespace cli {

namespace {

void print_json(const std::string& hour, const std::string& source, const Counts& counts) {
  std::cout << json::write(json::Object{{"hour", hour},
                                        {"source", source},
                                        {"received", counts.received},
                                        {"stored", counts.stored},
                                        {"duplicate", counts.duplicate},
                                        {"quarantined", counts.quarantined},
                                        {"missing", counts.missing}})
            << "\n";
}

std::vector<std::string> row(std::string hour, std::string source, const Counts& counts) {
  return {std::move(hour),
          printable(source, 40),
          std::to_string(counts.received),
          std::to_string(counts.stored),
          std::to_string(counts.duplicate),
          std::to_string(counts.quarantined),
          std::to_string(counts.missing)};
}

}  // namespace

int balance(Calls& calls, const BalanceOptions& options, Form form) {
  Progress progress("adding up");
  const auto sheets = make_sheets(calls, read_span(options.span, calls.clock().now()), progress);
  progress.clear();
  Counts sum;
  std::vector<std::vector<std::string>> rows = {
      {"hour (UTC)", "source", "received", "stored", "duplicate", "quarantined", "missing"}};
  for (const auto& [hour, sheet] : sheets) {
    for (const auto& [source, counts] : sheet.by_source) {
      sum.add(counts);
      if (form == Form::json) print_json(hour, source, counts);
      rows.push_back(row(hour, source.empty() ? "?" : source, counts));
    }
  }
  if (form == Form::text) {
    rows.push_back(row("all", "", sum));
    fmt::print("{}", columns(rows));
    if (sum.missing == 0) {
      fmt::print("{}\n", in_colour(Colour::green, "It closes."));
    } else {
      fmt::print(
          "{} {} events are neither in the table nor in quarantine. Those of the last seconds may be on their way; "
          "`event-pipeline replay` carries the others on.\n",
          in_colour(Colour::red, "It doesn't close:"), sum.missing);
    }
  }
  return sum.missing == 0 ? 0 : 1;
}

}  // namespace cli
