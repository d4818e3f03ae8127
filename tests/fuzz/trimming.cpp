// {"schema", "properties"}: what is put aside of properties leaves them valid, and put back makes them what they were.

#include "aws/attribute.hpp"
#include "json/parse.hpp"
#include "pipeline/parse_validate/item.hpp"
#include "pipeline/parse_validate/verdict.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

using pipeline::parse_validate::has_content_of, pipeline::parse_validate::judge_by, pipeline::parse_validate::Verdict;

// In DynamoDB's JSON form.
json::Value attribute(const json::Object& members) {
  std::string text;
  aws::append_attribute(text, json::Value(members));
  return json::parse(text, {.depth_max = 1000}).value();
}

}  // namespace

void fuzz(std::string_view input) {
  const auto document = json::parse(input);
  if (!document) return;
  const json::Value* const schema = document->find("schema");
  const json::Value* const properties = document->find("properties");
  if (!schema || !properties || !properties->is_object()) return;
  auto compiled = pipeline::schema::Schema::compile(*schema);
  if (!compiled) return;
  const pipeline::schema::Registry::Entry entry{
      .version = "1-0-0",
      .value = std::make_shared<const pipeline::schema::Schema>(*std::move(compiled)),
      .problem = {}};
  pipeline::event::Event event;
  event.type = "t";
  event.properties = properties->as_object();
  const pipeline::event::Event whole = event;
  const Verdict verdict = judge_by(entry, event, pipeline::schema::Policy::Invalid::omit);
  CHECK(event.properties == whole.properties);
  CHECK(verdict.kind != Verdict::Kind::observed);
  if (verdict.kind != Verdict::Kind::trimmed) return;
  const json::Object omitted = take_unknown(verdict, event.properties);
  CHECK(omitted.size() == verdict.unknown.size() && !omitted.empty());
  CHECK(entry.value->is_valid(json::Value(event.properties)));
  json::Object item{{"type", json::Object{{"S", "t"}}}};
  item.set("p", attribute(event.properties));
  item.set("omitted_properties", attribute(omitted));
  CHECK(has_content_of(whole, item));
}
