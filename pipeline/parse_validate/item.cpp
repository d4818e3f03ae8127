// Items.

#include "pipeline/parse_validate/item.hpp"

#include <fmt/core.h>

#include "json/parse.hpp"
#include "json/pointer.hpp"
#include "json/write.hpp"
#include "pipeline/event/envelope.hpp"
#include "pipeline/parse_validate/pointer.hpp"

namespace pipeline::parse_validate {

namespace {

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
constexpr std::size_t kItemBytesMax = 400 * 1024;
constexpr std::size_t kLevelsMax = 32;
constexpr std::size_t kDigitsMax = 38;

constexpr std::string_view kNoTime = "0000-00-00T00:00:00.000Z";

// Whether DynamoDB's numbers can hold it exactly: 38 digits, 1E-130 to 9.99…E+125.
bool is_storable(const std::string& number) {
  std::string digits;
  std::int64_t exponent = 0;
  std::size_t i = number.starts_with('-') ? 1 : 0;
  bool is_after_point = false;
  for (; i < number.size() && number[i] != 'e' && number[i] != 'E'; ++i) {
    if (number[i] == '.') {
      is_after_point = true;
      continue;
    }
    digits += number[i];
    if (is_after_point) --exponent;
  }
  if (i < number.size()) {
    if (number.size() - i > 6) return digits.find_first_not_of('0') == std::string::npos;
    exponent += std::stoll(number.substr(i + 1));
  }
  digits.erase(0, digits.find_first_not_of('0'));
  if (digits.empty()) return true;
  const std::size_t last = digits.find_last_not_of('0');
  const std::int64_t magnitude = exponent + static_cast<std::int64_t>(digits.size()) - 1;
  return last < kDigitsMax && magnitude >= -130 && magnitude <= 125;
}

// Where in the event a value lies: a chain on the stack, written out only for a reason.
struct Path {
  const Path* parent = nullptr;
  std::string_view name;  // of the root: its whole pointer
  std::size_t index = 0;
  bool is_index = false;

  std::string pointer() const {
    if (!parent) return std::string(name);
    return parent->pointer() + "/" + (is_index ? std::to_string(index) : json::escape_pointer(name));
  }
};

// Whether the table can hold values, and the size that DynamoDB counts for them.
class Check {
 public:
  explicit Check(std::vector<event::Reason>& reasons) : reasons_(reasons) {}

  void object(const json::Object& object, const Path& path, std::size_t level) {
    bytes_ += 3;
    for (const auto& [name, member] : object) {
      const Path place{.parent = &path, .name = name};
      if (name.empty()) refuse(place, "has an empty name, which the table can't hold");
      bytes_ += 1 + name.size();
      value(member, place, level + 1);
    }
  }

  // What is said of the event beside it. What was omitted lies where it was, as far as is told.
  void side(const Provenance& provenance, std::string_view properties_path) {
    list(provenance.violations, {.name = "/violations"}, 1);
    for (const auto& [pointer, omitted] : provenance.omitted_properties) {
      const std::string place = std::string(properties_path) + pointer;
      bytes_ += 1 + pointer.size();
      value(omitted, {.name = place}, 2);
    }
  }

  std::size_t bytes() const { return bytes_; }

 private:
  void value(const json::Value& value, const Path& path, std::size_t level) {
    if (value.is_null() || value.is_bool()) {
      ++bytes_;
    } else if (value.is_string()) {
      bytes_ += value.as_string().size();
    } else if (value.is_number()) {
      number(value.as_number().text(), path);
    } else if (level > kLevelsMax) {
      refuse(path, fmt::format("lies deeper than the {} levels that the table can hold", kLevelsMax));
    } else if (value.is_array()) {
      list(value.as_array(), path, level);
    } else {
      object(value.as_object(), path, level);
    }
  }

  void list(const json::Array& items, const Path& path, std::size_t level) {
    bytes_ += 3;
    for (std::size_t i = 0; i < items.size(); ++i) {
      ++bytes_;
      value(items[i], {.parent = &path, .name = {}, .index = i, .is_index = true}, level + 1);
    }
  }

  void number(const std::string& text, const Path& path) {
    constexpr std::size_t kNumberBytesMax = 21;
    bytes_ += std::min(kNumberBytesMax, text.size() / 2 + 2);
    if (!is_storable(text))
      refuse(path, fmt::format("has more than the {} digits that the table can hold", kDigitsMax));
  }

  void refuse(const Path& path, std::string message) {
    if (reasons_.size() < event::kReasonsMax) reasons_.push_back({path.pointer(), "storable", std::move(message)});
  }

  std::vector<event::Reason>& reasons_;
  std::size_t bytes_ = 0;
};

std::string quoted_table(std::string_view table) {
  std::string out = "\"";
  for (const char c : table) {
    out += c;
    if (c == '"') out += c;
  }
  return out + "\"";
}

// How far a client's clock may be ahead, and an event behind, before it is marked.
constexpr base::Duration kAhead = std::chrono::minutes(10);
constexpr base::Duration kBehind = std::chrono::days(30);

std::int64_t milliseconds(base::Duration duration) {
  return std::chrono::floor<std::chrono::milliseconds>(duration).count();
}

// What is known of the client's clock. Nothing is corrected by it: that is for whoever reads, who sees all times.
void add_clock(std::vector<std::pair<std::string_view, json::Value>>& attributes, const event::Event& event,
               base::Time received_at) {
  if (event.sent_at) {
    attributes.emplace_back("sent_at", event::format_time(*event.sent_at));
    attributes.emplace_back("skew_ms", milliseconds(received_at - *event.sent_at));
    if (event.occurred_at) attributes.emplace_back("queued_ms", milliseconds(*event.sent_at - *event.occurred_at));
  }
  if (!event.occurred_at) return;
  if (*event.occurred_at > received_at + kAhead) attributes.emplace_back("clock", "future");
  if (*event.occurred_at < received_at - kBehind) attributes.emplace_back("clock", "ancient");
}

}  // namespace

unsigned shard_of(std::string_view event_id, unsigned shards) {
  std::uint32_t hash = 2'166'136'261;  // FNV-1a
  for (const char c : event_id) hash = (hash ^ static_cast<unsigned char>(c)) * 16'777'619;
  return hash % shards;
}

ItemKey key_of(const event::Event& event) {
  const std::string occurred_at = event.occurred_at ? event::format_time(*event.occurred_at) : std::string(kNoTime);
  return {.pk = event.user_id.empty() ? "anonymous#" + event.anonymous_id : "user#" + event.user_id,
          .sk = occurred_at + "#" + event.id};
}

std::expected<Item, std::vector<event::Reason>> make_item(event::Event event, Provenance provenance) {
  const std::string received_at = event::format_time(provenance.received_at);
  // In the index an event without a time of its own is found where it came in.
  const std::string indexed_at = event.occurred_at ? event::format_time(*event.occurred_at) : received_at;
  ItemKey key = key_of(event);
  Item item{.pk = std::move(key.pk), .sk = std::move(key.sk), .attributes = {}};

  std::vector<event::Reason> reasons;
  Check check(reasons);
  check.object(event.properties, {.name = event.properties_path}, 1);
  if (!event.context.empty()) check.object(event.context, {.name = "/context"}, 1);
  check.side(provenance, event.properties_path);
  constexpr std::size_t kMetadataBytes = 640;  // names and fixed parts of the others
  const std::size_t bytes = check.bytes() + kMetadataBytes +
                            2 * (item.pk.size() + 3 * event.id.size() + event.type.size()) + event.anonymous_id.size() +
                            provenance.source.size() + provenance.raw_pointer.size();
  if (bytes > kItemBytesMax) reasons.push_back({"", "storable", "is larger than the 400 KB that the table can hold"});
  if (!reasons.empty()) return std::unexpected(std::move(reasons));

  auto& attributes = item.attributes;
  attributes.reserve(24);
  attributes.emplace_back("pk", item.pk);
  attributes.emplace_back("sk", item.sk);
  attributes.emplace_back(
      "gpk", fmt::format("{}#{}#{}", event.type, indexed_at.substr(0, 10), shard_of(event.id, provenance.shards)));
  attributes.emplace_back("gsk", indexed_at + "#" + event.id);
  attributes.emplace_back("type", std::move(event.type));
  attributes.emplace_back("schema_version", provenance.schema_version);
  attributes.emplace_back("id", std::move(event.id));
  if (!event.user_id.empty()) attributes.emplace_back("user_id", std::move(event.user_id));
  if (!event.anonymous_id.empty()) attributes.emplace_back("anonymous_id", std::move(event.anonymous_id));
  attributes.emplace_back("received_at", received_at);
  attributes.emplace_back("stored_at", event::format_time(provenance.stored_at));
  attributes.emplace_back("src", provenance.source);
  attributes.emplace_back("raw", provenance.raw_pointer);
  if (!provenance.address.empty()) attributes.emplace_back("address", provenance.address);
  if (!provenance.fingerprint.empty()) attributes.emplace_back("fingerprint", provenance.fingerprint);
  add_clock(attributes, event, provenance.received_at);
  if (provenance.retention_days > 0) {
    const base::Time expires_at = provenance.received_at + std::chrono::days(provenance.retention_days);
    attributes.emplace_back("expires_at", base::to_unix_s(expires_at));
  }
  if (!provenance.enriched.empty() && bytes + json::written_size(provenance.enriched) <= kItemBytesMax)
    attributes.emplace_back("enriched", std::move(provenance.enriched));
  attributes.emplace_back("p", std::move(event.properties));
  if (!event.context.empty()) attributes.emplace_back("ctx", std::move(event.context));
  if (!provenance.violations.empty()) attributes.emplace_back("violations", std::move(provenance.violations));
  if (!provenance.omitted_properties.empty())
    attributes.emplace_back("omitted_properties", std::move(provenance.omitted_properties));
  return item;
}

aws::Statement insert_statement(std::string_view table, Item& item) {
  aws::Statement statement;
  statement.text = "INSERT INTO " + quoted_table(table) + " VALUE {";
  statement.parameters.reserve(item.attributes.size());
  for (bool first = true; auto& [name, value] : item.attributes) {
    statement.text.append(std::exchange(first, false) ? "'" : ", '").append(name) += "': ?";
    statement.parameters.push_back(std::move(value));
  }
  statement.text += "}";
  return statement;
}

namespace {

bool is_same(const json::Value& value, const json::Value* attribute);

// Whether the attribute is of that kind and holds the members, or the elements, of the value.
bool is_same_map(const json::Object& members, const json::Value* map) {
  if (!map || !map->is_object() || map->as_object().size() != members.size()) return false;
  return std::ranges::all_of(members,
                             [&](const auto& member) { return is_same(member.second, map->find(member.first)); });
}

bool is_same_list(const json::Array& elements, const json::Value* list) {
  if (!list || !list->is_array() || list->as_array().size() != elements.size()) return false;
  for (std::size_t i = 0; i < elements.size(); ++i) {
    if (!is_same(elements[i], &list->as_array()[i])) return false;
  }
  return true;
}

// {"N": "1.5"} is 1.50, for DynamoDB writes numbers its own way.
bool is_same(const json::Value& value, const json::Value* attribute) {
  if (!attribute) return false;
  if (value.is_object()) return is_same_map(value.as_object(), attribute->find("M"));
  if (value.is_array()) return is_same_list(value.as_array(), attribute->find("L"));
  if (value.is_string()) return attribute->get_string("S") == value.as_string();
  if (value.is_bool()) return attribute->get_bool("BOOL") == value.as_bool();
  if (value.is_null()) return attribute->find("NULL") != nullptr;
  const auto number = attribute->get_string("N");
  const auto parsed = number ? json::parse(*number) : json::parse("null");
  return parsed && *parsed == value;
}

}  // namespace

bool has_content_of(const event::Event& event, const json::Object& item) {
  if (!is_same(json::Value(event.type), item.find("type"))) return false;
  const json::Value* const properties = item.find("p");
  const json::Value* const map = properties ? properties->find("M") : nullptr;
  const json::Value* const side = item.find("omitted_properties");
  const json::Value* const omitted = side ? side->find("M") : nullptr;
  if (!map || !map->is_object() || !omitted || !omitted->is_object())
    return is_same(json::Value(event.properties), properties);
  const json::Value whole = put_back(map->as_object(), omitted->as_object());
  return is_same_map(event.properties, &whole);
}

aws::Statement select_statement(std::string_view table, const Item& item) {
  return {.text = "SELECT \"raw\", \"type\", \"p\", \"omitted_properties\", \"fingerprint\" FROM " +
                  quoted_table(table) + " WHERE pk = ? AND sk = ?",
          .parameters = {item.pk, item.sk}};
}

}  // namespace pipeline::parse_validate
