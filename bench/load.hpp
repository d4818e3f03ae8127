#pragma once
// The load generator: many kept-alive connections on one thread, whole requests made ahead, so that it costs less than
// what it measures.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

// Where a server listens on this machine.
struct Place {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;

  static Place of(std::string_view url);  // http://127.0.0.1:4566
  std::string text() const;               // 127.0.0.1:4566
};

struct Load {
  Place place;
  std::vector<std::string> requests;  // as bytes, sent in turn, from the first again after the last
  int connections = 64;               // each with one request at a time
  double seconds = 3;
  // 0: a connection sends as soon as it has its answer. Else requests are due at this rate, whether or not earlier ones
  // were answered, and an answer's time counts from when its request was due: no coordinated omission.
  double rate_per_s = 0;
  enum class Until { time_is_up, all_are_sent } until = Until::time_is_up;  // once each, however long it takes
};

struct Measured {
  long answered = 0;  // with a 2xx
  long failed = 0;
  std::string failure;  // the first answer that was not a 2xx
  double seconds = 0;
  double p50_ms = 0, p99_ms = 0, p999_ms = 0;
  double client_cpu_s = 0;

  double per_s() const { return seconds > 0 ? static_cast<double>(answered) / seconds : 0; }
};

// Throws where the server closes a connection or doesn't answer for ten seconds.
Measured run(const Load& load);

// One request, one answer; its body. Throws where it isn't a 2xx.
std::string ask(const Place& place, std::string_view request);

}  // namespace bench
