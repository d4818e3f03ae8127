// OpenTelemetry's wire for logs: https://opentelemetry.io/docs/specs/otlp/#otlphttp

#include <fmt/core.h>

#include "pipeline/collect_to_s3/wires/wires.hpp"

namespace pipeline::collect_to_s3 {

namespace {

// Writes a record with what it shares with its neighbours.
class Records {
 public:
  explicit Records(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  std::expected<void, Undecodable> add_request(std::string_view request) {
    const auto members = split_object(request);
    if (!members) return std::unexpected(not_json(members.error().message, members.error().offset));
    return each(*members, "resourceLogs", [this](std::string_view part) { return add_resource(part); });
  }

  std::string take() && { return std::move(text_) + "]"; }

 private:
  using Members = std::vector<std::pair<Part, Part>>;

  // The last member of that name, as JSON's parser would have it; `otherwise` where there is none.
  static std::string_view find(const Members& members, std::string_view name, std::string_view otherwise) {
    for (const auto& [quoted, value] : members) {
      if (quoted.bytes.size() == name.size() + 2 && quoted.bytes.substr(1, name.size()) == name)
        otherwise = value.bytes;
    }
    return otherwise;
  }

  template <class Add>
  static std::expected<void, Undecodable> each(const Members& members, std::string_view name, const Add& add) {
    const auto parts = split_array(find(members, name, "[]"));
    if (!parts) return std::unexpected(Undecodable{400, fmt::format("the member \"{}\" must be an array", name)});
    for (const Part& part : *parts) {
      if (auto added = add(part.bytes); !added) return added;
    }
    return {};
  }

  std::expected<void, Undecodable> add_resource(std::string_view resource_logs) {
    const auto members = split_object(resource_logs);
    if (!members) return std::unexpected(Undecodable{400, "an item of resourceLogs must be an object"});
    const std::string_view resource = find(*members, "resource", "{}");
    return each(*members, "scopeLogs", [&](std::string_view part) { return add_scope(resource, part); });
  }

  std::expected<void, Undecodable> add_scope(std::string_view resource, std::string_view scope_logs) {
    const auto members = split_object(scope_logs);
    if (!members) return std::unexpected(Undecodable{400, "an item of scopeLogs must be an object"});
    const std::string_view scope = find(*members, "scope", "{}");
    return each(*members, "logRecords", [&](std::string_view part) { return add_record(resource, scope, part); });
  }

  std::expected<void, Undecodable> add_record(std::string_view resource, std::string_view scope,
                                              std::string_view record) {
    if (text_.size() > 1) text_ += ',';
    text_.append("{\"resource\":").append(resource);
    text_.append(",\"scope\":").append(scope);
    text_.append(",\"logRecord\":").append(record).append("}");
    if (text_.size() <= bytes_max_) return {};
    return std::unexpected(
        Undecodable{413, fmt::format("the log records, each with its resource, are larger than {} bytes", bytes_max_)});
  }

  const std::size_t bytes_max_;
  std::string text_ = "[";
};

}  // namespace

std::expected<std::string, Undecodable> otlp_records(std::string_view body, std::string_view content_type,
                                                     std::size_t bytes_max) {
  std::string converted;
  if (media_type(content_type) == kProtobuf) {
    auto json = otlp_json(body, bytes_max);
    if (!json) return json;
    converted = *std::move(json);
    body = converted;
  }
  Records records(bytes_max);
  if (auto added = records.add_request(trim_json(without_marks(body))); !added) return std::unexpected(added.error());
  return std::move(records).take();
}

}  // namespace pipeline::collect_to_s3
