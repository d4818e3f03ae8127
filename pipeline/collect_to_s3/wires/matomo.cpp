// Matomo's wire: https://developer.matomo.org/api-reference/tracking-api

#include "json/parse.hpp"
#include "pipeline/collect_to_s3/wires/wires.hpp"

namespace pipeline::collect_to_s3 {

namespace {

constexpr std::string_view kSite = "idsite";

// The site that an item of a bulk request is of: a query string in JSON, or an object.
std::string site_of(const Item& item) {
  if (item.raw.size() > kParsedBytesMax) return {};
  const auto value = json::parse(item.raw);
  if (!value) return {};
  if (value->is_string()) {
    std::string_view query = value->as_string();
    if (query.starts_with('?')) query.remove_prefix(1);
    return parameter_of(query, kSite).value_or("");
  }
  const json::Value* site = value->find(kSite);
  if (site && site->is_number()) return site->as_number().text();
  return std::string(value->get_string(kSite).value_or(""));
}

}  // namespace

std::string matomo_body(const Request& request, std::string body) {
  if (trim_json(body).starts_with('{')) return body;
  if (body.empty() || request.query.empty()) return body.empty() ? request.query : body;
  return request.query + "&" + body;
}

std::expected<Batch, Undecodable> decode_matomo(std::string_view body, std::size_t events_max) {
  const std::string_view bulk = trim_json(without_marks(body));
  if (!bulk.starts_with('{')) {
    return Batch{.items = {{.raw = body, .client_id = std::nullopt}},
                 .write_key = parameter_of(body, kSite).value_or("")};
  }
  auto batch = decode_list(bulk, {"requests", ""}, event::Wire::matomo, events_max);
  if (batch && !batch->items.empty()) batch->write_key = site_of(batch->items.front());
  return batch;
}

}  // namespace pipeline::collect_to_s3
