#pragma once
// An event as an item of the table, and the statement that inserts it. Pure.
//
// The keys are those of pipeline/README.md, "The table".

#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aws/client.hpp"
#include "pipeline/event/event.hpp"

namespace pipeline::parse_validate {

// Where an event lies and when it came: what the table says besides the event itself.
struct Provenance {
  std::string_view raw_pointer = {};  // "raw/….json#3"
  std::string_view source = {};
  std::string_view schema_version = {};  // that judged it, e.g. "1-0-2"
  std::string_view address = {};         // empty where none is kept
  std::string fingerprint = {};          // of the event as it came, where it isn't stored so; else empty
  base::Time received_at = {};
  base::Time stored_at = {};
  std::int64_t retention_days = 0;
  unsigned shards = 1;                   // of a day of a type in the index
  json::Array violations = {};           // of its schema, where it is stored all the same
  json::Object omitted_properties = {};  // that its schema doesn't know, by JSON pointer
  json::Object enriched = {};            // left out where the item would be too large with it
};

struct ItemKey {
  std::string pk;
  std::string sk;
};
ItemKey key_of(const event::Event& event);

struct Item {
  std::string pk;
  std::string sk;
  std::vector<std::pair<std::string_view, json::Value>> attributes;  // all of them
};

// An item, or what DynamoDB can't hold of the event: numbers beyond 38 digits, more than 32 levels, 400 KB.
std::expected<Item, std::vector<event::Reason>> make_item(event::Event event, Provenance provenance);

// Takes the item's attributes.
aws::Statement insert_statement(std::string_view table, Item& item);
// Answers the attributes `raw`, `type`, `p`, `omitted_properties` and `fingerprint` of the item with that key.
aws::Statement select_statement(std::string_view table, const Item& item);

// Whether an event's content (its type and properties) is that of an item that is stored as it came, whose
// attributes are in DynamoDB's JSON form.
bool has_content_of(const event::Event& event, const json::Object& item);

// 0 to shards-1, by the event's id.
unsigned shard_of(std::string_view event_id, unsigned shards);

}  // namespace pipeline::parse_validate
