// event-pipeline send: events from files, standard input or the command line to the collector.
//
// Each event gets an id before it is sent for the first time, so a request that is sent again stores nothing twice.

#include <fmt/core.h>

#include <fstream>
#include <iostream>
#include <thread>

#include "aws/dates.hpp"
#include "base/text.hpp"
#include "cli/verbs.hpp"
#include "json/parse.hpp"
#include "json/write.hpp"
#include "pipeline/aws_client/connection.hpp"

namespace cli {

namespace {

using namespace pipeline::aws_client;
using namespace std::chrono_literals;

constexpr int kAttemptsMax = 6;
constexpr base::Duration kAttemptMax = std::chrono::seconds(15);
constexpr base::Duration kBackoffFirst = std::chrono::milliseconds(200);

// Posts batches over one connection.
class Sender {
 public:
  explicit Sender(Calls& calls) : calls_(calls), trust_(calls.place().settings.ca_file), url_(calls.events_url()) {
    const auto endpoint = parse_endpoint(url_);
    if (!endpoint) throw Failed("the collector's address must be http(s)://host[:port], is \"" + url_ + "\"");
    endpoint_ = *endpoint;
    if (calls.place().write_key.empty())
      throw Failed("no write key is known: there is none in the data folder; set EVENT_PIPELINE_WRITE_KEY");
  }

  void add(json::Value event, std::size_t batch_max) {
    if (event.is_object()) {
      json::Object& members = event.as_object();
      if (!members.contains("event_id") && !members.contains("messageId") && !members.contains("message_id"))
        members.set("event_id", calls_.ids().ulid(calls_.clock().now()));
    }
    batch_ += batch_.empty() ? "" : "\n";
    batch_ += json::write(event);
    if (++count_ >= batch_max) flush();
  }

  void flush() {
    if (count_ == 0) return;
    const json::Value answer = post(batch_);
    sent_ += count_;
    if (const auto key = answer.get_string("key")) last_key_ = *key;
    batch_.clear();
    count_ = 0;
  }

  std::uint64_t sent() const { return sent_; }
  const std::string& last_key() const { return last_key_; }

 private:
  json::Value post(const std::string& body) {
    const HttpRequest request{.method = "POST",
                              .target = "/v1/events",
                              .headers = {{"host", endpoint_.authority()},
                                          {"x-write-key", calls_.place().write_key},
                                          {"content-type", "application/x-ndjson"},
                                          {"content-length", std::to_string(body.size())}},
                              .body = body};
    std::string last;
    for (int attempt = 0; attempt < kAttemptsMax; ++attempt) {
      if (attempt > 0) std::this_thread::sleep_for(kBackoffFirst * (1 << attempt));
      auto response = exchange(request);
      if (!response) {
        last = response.error().message;
        connection_.reset();
        continue;
      }
      auto parsed = json::parse(response->body);
      if (response->status == 200 && parsed) return *std::move(parsed);
      last = fmt::format("answered {} {}", response->status, printable(response->body, 300));
      if (response->status < 500 && response->status != 429) break;
    }
    throw Failed(fmt::format("{} events were stored, then {}: {}", sent_, url_, last));
  }

  std::expected<HttpResponse, Broken> exchange(const HttpRequest& request) {
    const base::Time deadline = calls_.clock().now() + kAttemptMax;
    if (!connection_ || !connection_->is_reusable()) {
      auto opened = Connection::open(endpoint_, trust_, deadline);
      if (!opened) return std::unexpected(opened.error());
      connection_ = *std::move(opened);
    }
    return connection_->exchange(request, deadline);
  }

  Calls& calls_;
  Trust trust_;
  const std::string url_;
  Endpoint endpoint_;
  std::unique_ptr<Connection> connection_;
  std::string batch_;
  std::size_t count_ = 0;
  std::uint64_t sent_ = 0;
  std::string last_key_;
};

json::Value event_of(const SendOptions& options, base::Time now) {
  if (options.type.empty() || options.user.empty())
    throw Failed("say --type and --user, or give files (- is standard input)");
  json::Object properties;
  for (const std::string& property : options.properties) {
    const auto equals = property.find('=');
    if (equals == std::string::npos || equals == 0) throw Failed("a property is name=value, not \"" + property + "\"");
    const std::string text = property.substr(equals + 1);
    auto value = json::parse(text);
    properties.set(property.substr(0, equals), value ? *std::move(value) : json::Value(text));
  }
  return json::Object{{"type", options.type},
                      {"user_id", options.user},
                      {"timestamp", aws::format_rfc3339_ms(now)},
                      {"properties", std::move(properties)}};
}

// A file is one JSON document, or one a line.
void add_file(Sender& sender, std::istream& in, const std::string& name, const SendOptions& options,
              Progress& progress) {
  std::size_t number = 0;
  const auto add = [&](const std::string& text, bool is_last) {
    auto value = json::parse(text);
    if (!value) return false;
    if (value->is_array()) {
      for (json::Value& one : value->as_array()) sender.add(std::move(one), options.batch);
    } else {
      sender.add(*std::move(value), options.batch);
    }
    progress.at(sender.sent(), 0, is_last ? "" : "events");
    return true;
  };
  std::string held;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (held.empty() && base::trim(line).empty()) continue;
    if (held.empty() && add(line, false)) continue;
    held += line + "\n";  // a document over several lines
    if (held.size() > (64u << 20)) throw Failed(name + ": no JSON document within 64 MiB");
  }
  if (!held.empty() && !add(held, true)) {
    const auto parsed = json::parse(held);
    throw Failed(fmt::format("{}, before line {}: {}", name, number + 1, parsed.error().describe()));
  }
}

}  // namespace

int send(Calls& calls, const SendOptions& options, Form form) {
  Sender sender(calls);
  Progress progress("sending");
  if (options.files.empty()) sender.add(event_of(options, calls.clock().now()), options.batch);
  for (const auto& path : options.files) {
    if (path == "-") {
      add_file(sender, std::cin, "standard input", options, progress);
      continue;
    }
    std::ifstream file(path, std::ios::binary);
    if (!file) throw Failed(path.string() + " can't be read");
    add_file(sender, file, path.string(), options, progress);
  }
  sender.flush();
  progress.clear();
  if (form == Form::json) {
    std::cout << json::write(json::Object{{"sent", sender.sent()}, {"last_key", sender.last_key()}}) << "\n";
  } else {
    fmt::print("{} {} stored; the last request's in {}\n", sender.sent(),
               sender.sent() == 1 ? "event is" : "events are", sender.last_key());
  }
  return 0;
}

}  // namespace cli
