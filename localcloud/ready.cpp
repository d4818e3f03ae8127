#include "localcloud/ready.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include "json/write.hpp"

namespace localcloud {

namespace {

std::string url(const std::string& bind, std::uint16_t port) {
  const std::string host = bind == "0.0.0.0"                     ? "127.0.0.1"
                           : bind == "::"                        ? "[::1]"
                           : bind.find(':') != std::string::npos ? "[" + bind + "]"
                                                                 : bind;
  return fmt::format("http://{}:{}", host, port);
}

// Quoted for a shell where it has to be.
std::string quoted(const std::string& text) {
  if (text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:") ==
      std::string::npos)
    return text;
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "'\\''" : std::string(1, c);
  return out + "'";
}

}  // namespace

std::string ready_text(const Ready& ready, const ServeOptions& options, const DataFolder& folder) {
  const bool colours = ::isatty(STDOUT_FILENO) != 0;
  const char* const bold = colours ? "\033[1m" : "";
  const char* const plain = colours ? "\033[0m" : "";
  const Account& account = folder.account;
  const std::string aws =
      fmt::format("AWS_SHARED_CREDENTIALS_FILE={} aws --region {} --endpoint-url {}",
                  quoted(folder.credentials().string()), account.region, url(ready.bind, ready.port));
  std::string out =
      fmt::format("\n{}event-pipeline is ready{}: account {}, {}, {}\n\n", bold, plain, account.id, account.region,
                  options.keep == ServeOptions::Keep::data ? "data in " + folder.path.string() : "nothing is kept");
  if (ready.events_port != 0) {
    out += fmt::format(
        "{0}Send an event{1}\n  curl -sS {2}/v1/events -H 'x-write-key: {3}' \\\n    -d "
        "'{{\"type\":\"click\",\"user_id\":\"u1\",\"timestamp\":\"2026-01-01T12:00:00Z\",\"properties\":{{\"element\":"
        "\"buy\"}}}}'\n\n"
        "{0}Query a user's events{1}\n  {4} dynamodb query --table-name events \\\n    --key-condition-expression 'pk "
        "= :user' "
        "--expression-attribute-values '{{\":user\":{{\"S\":\"user#u1\"}}}}'\n\n"
        "{0}Read the logs{1}\n  {4} logs tail /aws/lambda/parse_validate\n\n",
        bold, plain, url(ready.bind, ready.events_port), folder.write_key, aws);
  } else {
    out += fmt::format("{0}Try{1}\n  {2} s3 ls\n\n", bold, plain, aws);
  }
  return out + "Ctrl-C stops it.\n";
}

std::string ready_json(const Ready& ready, const ServeOptions& options, const DataFolder& folder) {
  json::Object out{
      {"endpoint", url(ready.bind, ready.port)},
      {"account", folder.account.id},
      {"region", folder.account.region},
      {"credentials", folder.credentials().string()},
      {"data", options.keep == ServeOptions::Keep::data ? json::Value(folder.path.string()) : json::Value()},
      {"pid", static_cast<std::int64_t>(::getpid())}};
  if (ready.events_port != 0) {
    out.set("events", url(ready.bind, ready.events_port));
    out.set("write_key", folder.write_key);
  }
  return json::write(json::Value(std::move(out))) + "\n";
}

}  // namespace localcloud
