#pragma once
// The operators' verbs. Each answers the program's exit status: 0, or 1 where what it looked for isn't well; what stops
// it throws Failed.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "cli/calls.hpp"
#include "cli/screen.hpp"
#include "cli/span.hpp"

namespace cli {

struct SendOptions {
  std::vector<std::filesystem::path> files;  // NDJSON, JSON objects or arrays; "-": standard input; none: one event
  std::string type;                          // of that one event
  std::string user;
  std::vector<std::string> properties;  // name=value, each value JSON or else text
  std::size_t batch = 100;              // events a request, 1 to 1000
};
int send(Calls& calls, const SendOptions& options, Form form);

struct QueryOptions {
  std::string user;
  std::string anonymous;
  std::string type;  // within the span, from the index by_type
  SpanOptions span;  // by the events' own time
  std::size_t limit = 100;
};
int query(Calls& calls, const QueryOptions& options, Form form);

struct TailOptions {
  std::string type;
  std::string user;
  std::string source;  // whose write key
  std::string last;    // begin that long ago, e.g. 10m; empty: with what comes now
  enum class Follow { on, once } follow = Follow::on;
};
int tail(Calls& calls, const TailOptions& options, Form form);

struct BalanceOptions {
  SpanOptions span;
};
int balance(Calls& calls, const BalanceOptions& options, Form form);

struct ReplayOptions {
  SpanOptions span;
  enum class What { raw, quarantined } what = What::raw;
  enum class Held { stay, go_in } held = Held::stay;  // events of retired write keys
  enum class Run { dry, real } run = Run::real;
};
int replay(Calls& calls, const ReplayOptions& options, Form form);

struct SchemaOptions {
  std::filesystem::path file;
  std::string type;
  std::string version;  // "1-0-2"; empty: the next one
  enum class Model { newest, next } model = Model::newest;
  SpanOptions span;
  enum class Breaking { refused, allowed } breaking = Breaking::refused;
};
int schema_check(const SchemaOptions& options, Form form);  // asks nobody
int schema_add(Calls& calls, const SchemaOptions& options, Form form);
int schema_backtest(Calls& calls, const SchemaOptions& options, Form form);
int schema_infer(Calls& calls, const SchemaOptions& options);

struct EraseOptions {
  std::string user;
  std::string anonymous;
  SpanOptions span;  // of the raw and quarantined objects that are searched
  enum class Asked { ask, yes } asked = Asked::ask;
};
int erase(Calls& calls, const EraseOptions& options, Form form);

int doctor(Calls& calls, Form form);

}  // namespace cli
