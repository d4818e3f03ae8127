// Every member that looks like a reference is taken for one, wherever it stands: what isn't meant as one costs a read.

#include "pipeline/schema/references.hpp"

#include <fmt/core.h>

#include "base/check.hpp"
#include "pipeline/event/event.hpp"
#include "pipeline/schema/documents.hpp"
#include "pipeline/schema/newest_versions.hpp"
#include "pipeline/schema/uri.hpp"

namespace pipeline::schema {

namespace {

constexpr std::string_view kPrefix = "schemas/";

// The addresses of registered schemas that `value` refers to, whose own base is `base`.
void collect(const json::Value& value, std::string base, std::string_view id_name, std::set<std::string>& out) {
  if (value.is_array()) {
    for (const json::Value& element : value.as_array()) collect(element, base, id_name, out);
  }
  if (!value.is_object()) return;
  const auto id = value.get_string(id_name);
  if (id && !id->starts_with('#')) base = split_fragment(resolve_uri(base, *id)).document;
  for (const auto& [name, member] : value.as_object()) {
    if (member.is_string() && (name == "$ref" || name == "$dynamicRef")) {
      std::string address = split_fragment(resolve_uri(base, member.as_string())).document;
      if (registered_key(address)) out.insert(std::move(address));
    } else {
      collect(member, base, id_name, out);
    }
  }
}

}  // namespace

std::string registry_address(std::string_view key) {
  CHECK(key.starts_with(kPrefix));
  return std::string(kRegistry) + std::string(key.substr(kPrefix.size()));
}

std::optional<std::string> registered_key(std::string_view address) {
  if (!address.starts_with(kRegistry)) return std::nullopt;
  address.remove_prefix(kRegistry.size());
  const std::string_view type = address.substr(0, address.find('/'));
  const auto version = version_of_key(address);
  if (!event::is_type_name(type) || !version) return std::nullopt;
  std::string key = schema_key(type, *version);
  if (key.substr(kPrefix.size()) != address) return std::nullopt;
  return key;
}

References::References(const json::Value& schema, const std::string& address) : known_{address} {
  look_into(schema, address);
}

std::optional<std::string> References::next() const {
  if (waiting_.empty() || !problem_.empty()) return std::nullopt;
  return registered_key(waiting_.front());
}

void References::found(const json::Value& document, std::size_t bytes) {
  const std::string address = std::move(waiting_.front());
  waiting_.pop_front();
  bytes_ += bytes;
  if (bytes_ > kBytesMax) problem_ = fmt::format("refers to schemas of more than {} bytes", kBytesMax);
  if (!problem_.empty()) return;
  look_into(documents_.emplace(address, document).first->second, address);
}

void References::missing(const std::string& problem) {
  if (!problem.empty()) problem_ = fmt::format("refers to \"{}\", which is {}", waiting_.front(), problem);
  waiting_.pop_front();
  is_whole_ = false;
}

void References::look_into(const json::Value& document, const std::string& address) {
  const auto dialect = document.get_string("$schema");
  const bool is_draft4 = dialect && draft_of(*dialect) == Draft::draft4;
  std::set<std::string> addresses;
  collect(document, address, is_draft4 ? "id" : "$id", addresses);
  for (const std::string& one : addresses) {
    if (known_.insert(one).second) waiting_.push_back(one);
  }
  // Those that are missing count, too: each is a read.
  if (known_.size() > 1 + kDocumentsMax) problem_ = fmt::format("refers to more than {} schemas", kDocumentsMax);
}

}  // namespace pipeline::schema
