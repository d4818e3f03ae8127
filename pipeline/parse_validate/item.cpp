// Items.

#include "pipeline/parse_validate/item.hpp"

#include <fmt/core.h>

#include "pipeline/event/envelope.hpp"

namespace pipeline::parse_validate {

namespace {

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
constexpr std::size_t kItemBytesMax = 400 * 1024;
constexpr std::size_t kLevelsMax = 32;
constexpr std::size_t kDigitsMax = 38;

constexpr std::string_view kNoTime = "0000-00-00T00:00:00.000Z";

json::Value string_attribute(std::string_view text) {
  return json::Object{{"S", text}};
}
json::Value number_attribute(std::string text) {
  return json::Object{{"N", std::move(text)}};
}

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
    return parent->pointer() + "/" + (is_index ? std::to_string(index) : event::escape_pointer(name));
  }
};

// A value in DynamoDB's JSON form, with the size that DynamoDB counts for it.
class Converter {
 public:
  explicit Converter(std::vector<event::Reason>& reasons) : reasons_(reasons) {}

  json::Value convert(const json::Value& value, const Path& path, std::size_t level) {
    if (value.is_null()) return scalar("NULL", true, 1);
    if (value.is_bool()) return scalar("BOOL", value.as_bool(), 1);
    if (value.is_string()) return scalar("S", value.as_string(), value.as_string().size());
    if (value.is_number()) return number(value.as_number().text(), path);
    if (level > kLevelsMax) {
      refuse(path, fmt::format("lies deeper than the {} levels that the table can hold", kLevelsMax));
      return {};
    }
    bytes_ += 3;
    return value.is_array() ? list(value.as_array(), path, level) : map(value.as_object(), path, level);
  }

  std::size_t bytes() const { return bytes_; }

 private:
  json::Value list(const json::Array& items, const Path& path, std::size_t level) {
    json::Array list;
    list.reserve(items.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
      ++bytes_;
      list.push_back(convert(items[i], {.parent = &path, .name = {}, .index = i, .is_index = true}, level + 1));
    }
    return json::Object{{"L", std::move(list)}};
  }

  json::Value map(const json::Object& object, const Path& path, std::size_t level) {
    json::Object map;
    for (const auto& [name, member] : object) {
      const Path place{.parent = &path, .name = name};
      if (name.empty()) refuse(place, "has an empty name, which the table can't hold");
      bytes_ += 1 + name.size();
      map.append(name, convert(member, place, level + 1));
    }
    return json::Object{{"M", std::move(map)}};
  }

  json::Value scalar(std::string_view type, json::Value value, std::size_t bytes) {
    bytes_ += bytes;
    return json::Object{{std::string(type), std::move(value)}};
  }

  json::Value number(const std::string& text, const Path& path) {
    constexpr std::size_t kNumberBytesMax = 21;
    bytes_ += std::min(kNumberBytesMax, text.size() / 2 + 2);
    if (!is_storable(text))
      refuse(path, fmt::format("has more than the {} digits that the table can hold", kDigitsMax));
    return number_attribute(text);
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

}  // namespace

unsigned shard_of(std::string_view event_id) {
  std::uint32_t hash = 2'166'136'261;  // FNV-1a
  for (const char c : event_id) hash = (hash ^ static_cast<unsigned char>(c)) * 16'777'619;
  return hash % kShards;
}

std::expected<Item, std::vector<event::Reason>> make_item(const event::Event& event, const Provenance& provenance) {
  const std::string occurred_at = event.occurred_at ? event::format_time(*event.occurred_at) : std::string(kNoTime);
  const std::string received_at = event::format_time(provenance.received_at);
  // In the index an event without a time of its own is found where it came in.
  const std::string& indexed_at = event.occurred_at ? occurred_at : received_at;
  Item item;
  item.pk = event.user_id.empty() ? "anonymous#" + event.anonymous_id : "user#" + event.user_id;
  item.sk = occurred_at + "#" + event.id;
  json::Object& attributes = item.attributes;
  attributes.append("pk", string_attribute(item.pk));
  attributes.append("sk", string_attribute(item.sk));
  attributes.append(
      "gpk", string_attribute(fmt::format("{}#{}#{}", event.type, indexed_at.substr(0, 10), shard_of(event.id))));
  attributes.append("gsk", string_attribute(indexed_at + "#" + event.id));
  attributes.append("type", string_attribute(event.type));
  attributes.append("v", number_attribute(std::to_string(event.schema_version)));
  attributes.append("id", string_attribute(event.id));
  if (!event.user_id.empty()) attributes.append("user_id", string_attribute(event.user_id));
  if (!event.anonymous_id.empty()) attributes.append("anonymous_id", string_attribute(event.anonymous_id));
  attributes.append("received_at", string_attribute(received_at));
  attributes.append("stored_at", string_attribute(event::format_time(provenance.stored_at)));
  attributes.append("src", string_attribute(provenance.source));
  attributes.append("raw", string_attribute(provenance.raw_pointer));
  if (provenance.retention_days > 0) {
    const base::Time expires_at = provenance.received_at + std::chrono::days(provenance.retention_days);
    attributes.append("expires_at", number_attribute(std::to_string(base::to_unix_s(expires_at))));
  }
  std::vector<event::Reason> reasons;
  Converter converter(reasons);
  attributes.append("p", converter.convert(event.properties, {.name = event.properties_path}, 1));
  if (!event.context.empty()) attributes.append("ctx", converter.convert(event.context, {.name = "/context"}, 1));
  constexpr std::size_t kMetadataBytes = 512;  // names and fixed parts of the others
  const std::size_t bytes = converter.bytes() + kMetadataBytes +
                            2 * (item.pk.size() + 3 * event.id.size() + event.type.size()) + event.anonymous_id.size() +
                            provenance.source.size() + provenance.raw_pointer.size();
  if (bytes > kItemBytesMax) reasons.push_back({"", "storable", "is larger than the 400 KB that the table can hold"});
  if (!reasons.empty()) return std::unexpected(std::move(reasons));
  return item;
}

aws::Statement insert_statement(std::string_view table, const Item& item) {
  aws::Statement statement;
  for (const auto& [name, value] : item.attributes) {
    statement.text += statement.text.empty() ? "INSERT INTO " + quoted_table(table) + " VALUE {" : ", ";
    statement.text += "'" + name + "': ?";
    statement.parameters.push_back(value);
  }
  statement.text += "}";
  return statement;
}

aws::Statement select_statement(std::string_view table, const Item& item) {
  return {.text = "SELECT \"raw\" FROM " + quoted_table(table) + " WHERE pk = ? AND sk = ?",
          .parameters = {string_attribute(item.pk), string_attribute(item.sk)}};
}

}  // namespace pipeline::parse_validate
