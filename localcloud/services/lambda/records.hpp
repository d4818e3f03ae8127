#pragma once
// What is stored of a function and of its waiting events, and under which keys. The only file that knows key bytes.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "localcloud/services/lambda/api_urls.hpp"
#include "localcloud/services/lambda/runtime/function_version.hpp"
#include "localcloud/storage/store.hpp"

namespace localcloud::lambda {

struct UrlConfig {
  std::string id;  // 32 lower-case letters and digits
  UrlAuthType auth_type = UrlAuthType::aws_iam;
  std::optional<Cors> cors;
  std::string created, modified;  // "2026-11-22T13:05:09.123Z"
};

struct FunctionRecord {
  std::string account, region, name;
  std::string runtime, role, handler, description;
  std::int32_t timeout_s = 3, memory_mb = 128, ephemeral_mb = 512;
  std::optional<std::map<std::string, std::string>> variables;
  Architecture architecture = Architecture::x86_64;
  std::string code_sha256;
  std::int64_t code_bytes = 0;
  std::string modified;     // "2026-11-22T13:05:09.123+0000"
  std::string revision_id;  // a new one with every change
  std::string instances;    // a new one with every change of code or configuration: what runs is retired
  std::map<std::string, std::string> tags;
  std::optional<std::int32_t> reserved_concurrency;
  json::Array statements;  // of its resource policy
  std::optional<UrlConfig> url;

  std::string arn() const;
  // The resource policy as a document; empty where there are no statements.
  std::string policy() const;
};

// Who a function is.
struct FunctionId {
  std::string account, region, name;
  bool operator==(const FunctionId&) const = default;
  std::string arn() const;
};

std::optional<FunctionRecord> find_function(const storage::Reader& reader, const FunctionId& id);
void write_function(storage::Transaction& transaction, const FunctionRecord& record);
void erase_function(storage::Transaction& transaction, const FunctionRecord& record);
void write_url(storage::Transaction& transaction, std::string_view url_id, const FunctionId& id);
void erase_url(storage::Transaction& transaction, std::string_view url_id);

// In order of name, from after `marker` on, until `visit` says stop.
void each_function(const storage::Reader& reader, const std::string& account, const std::string& region,
                   std::string_view marker, const std::function<storage::Step(const FunctionRecord&)>& visit);
void every_function(const storage::Reader& reader, const std::function<void(const FunctionRecord&)>& visit);

std::string function_key(const FunctionId& id);
FunctionRecord read_function(std::string_view value);
std::string url_key(std::string_view url_id);
FunctionId read_url(std::string_view value);  // whose it is

// An event that was accepted and has not been worked off.
struct EventRecord {
  std::string id;  // a ULID: events sort by when they came
  FunctionId function;
  std::string request_id, trace_id, payload;
  int failures = 0;   // of the function
  int throttles = 0;  // in a row
  base::Time accepted, due;
};

void write_event(storage::Transaction& transaction, const EventRecord& event);
void erase_event(storage::Transaction& transaction, std::string_view id);
std::optional<EventRecord> find_event(const storage::Reader& reader, std::string_view id);
void every_event(const storage::Reader& reader, const std::function<void(const EventRecord&)>& visit);

}  // namespace localcloud::lambda
