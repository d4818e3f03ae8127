#pragma once
// What became of the events received in an hour, from each source: looked up in what is stored, not in counters.
//
// received = stored + duplicate + quarantined + missing. Nothing may be missing once parse_validate has been through.
// The sheets of hours that are over are kept under balance/, so an hour is looked at once.

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "cli/calls.hpp"
#include "cli/screen.hpp"
#include "cli/span.hpp"

namespace cli {

struct Counts {
  std::int64_t received = 0, stored = 0, duplicate = 0, quarantined = 0, missing = 0;

  void add(const Counts& other);
  bool operator==(const Counts&) const = default;
};

struct HourSheet {
  std::int64_t objects = 0;                 // raw objects that were looked at
  std::map<std::string, Counts> by_source;  // whose write key; empty where a line isn't ours
  std::int64_t missing() const;
};

// By hour, "2026-11-22T13".
std::map<std::string, HourSheet> make_sheets(Calls& calls, const Span& span, Progress& progress);

// The kept sheets of the hours that these objects are of don't hold any more.
void forget_sheets(Calls& calls, std::span<const std::string> raw_keys);

}  // namespace cli
