#include "cli/span.hpp"

#include "aws/dates.hpp"
#include "base/text.hpp"
#include "pipeline/event/envelope.hpp"

namespace cli {

namespace {

constexpr std::size_t kPage = 1000;
constexpr std::size_t kReadAtATime = 64;

base::Time read_time(const std::string& name, const std::string& text) {
  std::string whole = text;
  if (whole.size() == 10) whole += "T00:00:00Z";
  if (whole.size() == 13) whole += ":00:00Z";
  const auto time = aws::parse_rfc3339(whole);
  if (!time)
    throw Failed(name + " must be like 2026-11-22, 2026-11-22T13 or 2026-11-22T13:30:00Z, is \"" + text + "\"");
  return *time;
}

base::Duration read_duration(const std::string& text) {
  const auto count = text.empty() ? std::nullopt : base::to_number<std::int64_t>(text.substr(0, text.size() - 1));
  if (count && *count > 0 && *count < 100'000) {
    switch (text.back()) {
      case 'm':
        return std::chrono::minutes(*count);
      case 'h':
        return std::chrono::hours(*count);
      case 'd':
        return std::chrono::days(*count);
      default:
        break;
    }
  }
  throw Failed("--last must be like 90m, 12h or 7d, is \"" + text + "\"");
}

// "raw/year=…/month=…/day=…/hour=13/": what the keys of that hour begin with.
std::string hour_prefix(std::string_view prefix, base::Time time) {
  const std::string key = pipeline::event::partition_key(prefix, time, "");
  return key.substr(0, key.rfind('/') + 1);
}

}  // namespace

Span read_span(const SpanOptions& options, base::Time now) {
  Span span{.from = {}, .to = options.to.empty() ? now + std::chrono::hours(1) : read_time("--to", options.to)};
  span.from = options.from.empty() ? now - read_duration(options.last) : read_time("--from", options.from);
  if (span.from >= span.to) throw Failed("--from must be before --to");
  return span;
}

void for_each_key(Calls& calls, std::string_view prefix, const Span& span,
                  const std::function<void(const ListedObject&)>& visit) {
  std::string after = hour_prefix(prefix, span.from);
  const std::string end = hour_prefix(prefix, span.to - base::Duration(1)) + "~";  // behind every ULID of that hour
  while (true) {
    const auto page = calls.list_objects(std::string(prefix), after, kPage);
    for (const ListedObject& object : page) {
      if (object.key > end) return;
      visit(object);
    }
    if (page.size() < kPage) return;
    after = page.back().key;
  }
}

void for_each_object(Calls& calls, std::string_view prefix, const Span& span,
                     const std::function<void(const std::string& key, std::string body)>& visit) {
  std::vector<std::string> keys;
  const auto read = [&] {
    std::vector<std::optional<std::string>> bodies(keys.size());
    in_parallel(keys.size(), [&](std::size_t i) { bodies[i] = calls.get_object(keys[i]); });
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (bodies[i]) visit(keys[i], *std::move(bodies[i]));
    }
    keys.clear();
  };
  for_each_key(calls, prefix, span, [&](const ListedObject& object) {
    keys.push_back(object.key);
    if (keys.size() == kReadAtATime) read();
  });
  read();
}

void for_each_line(std::string_view body, const std::function<void(std::string_view line)>& visit) {
  while (!body.empty()) {
    const auto end = body.find('\n');
    if (const std::string_view line = body.substr(0, end); !line.empty()) visit(line);
    body.remove_prefix(end == std::string_view::npos ? body.size() : end + 1);
  }
}

}  // namespace cli
