// Rules, pseudonyms, and what they make of an event.

#include <gtest/gtest.h>

#include "json/parse.hpp"
#include "json/write.hpp"
#include "pipeline/aws_client/blocking.hpp"
#include "pipeline/aws_client/memory_client.hpp"
#include "pipeline/privacy/mask.hpp"
#include "pipeline/privacy/policies.hpp"
#include "pipeline/privacy/pseudonym.hpp"
#include "pipeline/schema/schema.hpp"

namespace pipeline::privacy {
namespace {

const std::string kKey = "0123456789abcdef0123456789abcdef";

event::Event event_of(const std::string& properties, const std::string& context = "{}") {
  event::Event event;
  event.type = "signup";
  event.properties = json::parse(properties).value().as_object();
  event.context = json::parse(context).value().as_object();
  event.properties_path = "/traits";
  return event;
}

// What the rules, given as "path action", leave of an event; a hash is shown as "#".
std::string left(const std::vector<std::string>& given, const std::string& properties,
                 const std::string& context = "{}") {
  json::Array list;
  for (const std::string& one : given) {
    const auto space = one.find(' ');
    list.push_back(json::Object{{"path", one.substr(0, space)}, {"action", one.substr(space + 1)}});
  }
  const auto rules = parse_rules(json::write(json::Object{{"rules", list}}));
  if (!rules) return rules.error();
  event::Event event = event_of(properties, context);
  const bool is_changed = Mask(&*rules, nullptr, "web", "signup").apply(event, kKey);
  std::string out = json::write(event.properties) + (event.context.empty() ? "" : json::write(event.context));
  EXPECT_EQ(is_changed, out != json::write(json::parse(properties).value()) +
                                   (context == "{}" ? "" : json::write(json::parse(context).value())));
  constexpr std::size_t kDigits = 64;
  for (std::size_t at = 0; (at = out.find('"', at)) != std::string::npos; ++at) {
    const auto digits = out.find_first_not_of("0123456789abcdef", at + 1);
    if (digits == at + 1 + kDigits) out.replace(at + 1, kDigits, "#");
  }
  return out;
}

TEST(Mask, each_action_and_each_way_to_a_value) {
  struct Case {
    std::vector<std::string> rules;
    std::string properties, expected;
  };
  const Case cases[] = {
      {{"/properties/a drop"}, R"({"a":1,"b":2})", R"({"b":2})"},
      {{"/properties/a mask"}, R"({"a":1,"b":2})", R"({"a":"***","b":2})"},
      {{"/properties/a hash"}, R"({"a":1,"b":2})", R"({"a":"#","b":2})"},
      {{"/properties/a hash"}, R"({"b":2})", R"({"b":2})"},
      {{"/properties/a hash"}, R"({"a":null})", R"({"a":null})"},
      {{"/properties/a drop"}, R"({"a":null})", "{}"},
      {{"/properties/a mask"}, R"({"a":{"b":[1,2]}})", R"({"a":"***"})"},
      {{"/properties/a/b mask"}, R"({"a":{"b":1,"c":2},"b":3})", R"({"a":{"b":"***","c":2},"b":3})"},
      {{"/properties/a/b mask"}, R"({"a":"text"})", R"({"a":"text"})"},
      {{"/properties/*/mail hash"},
       R"({"x":{"mail":"m"},"y":{"mail":"n","z":1}})",
       R"({"x":{"mail":"#"},"y":{"mail":"#","z":1}})"},
      {{"/properties/* drop"}, R"({"a":1,"b":{"c":1}})", "{}"},
      {{"/properties/l/*/mail drop"}, R"({"l":[{"mail":1,"n":2},{"mail":3}]})", R"({"l":[{"n":2},{}]})"},
      {{"/properties/l/1 drop"}, R"({"l":["a","b","c"]})", R"({"l":["a","c"]})"},
      {{"/properties/l/* drop"}, R"({"l":["a","b","c"]})", R"({"l":[]})"},
      {{"/properties/a~1b mask", "/properties/~0 mask"}, R"({"a/b":1,"~":2})", R"({"a/b":"***","~":"***"})"},
      // The first that fits a value decides; one further up takes what lies below with it.
      {{"/properties/a hash", "/properties/* drop"}, R"({"a":1,"b":2})", R"({"a":"#"})"},
      {{"/properties/* mask", "/properties/a drop"}, R"({"a":1})", R"({"a":"***"})"},
      {{"/properties/a/b hash", "/properties/a drop"}, R"({"a":{"b":1},"c":1})", R"({"c":1})"},
  };
  for (const auto& [rules, properties, expected] : cases) {
    EXPECT_EQ(left(rules, properties), expected) << rules[0] << " of " << properties;
  }
  EXPECT_EQ(left({"/context/ip drop"}, R"({"ip":1})", R"({"ip":1,"page":2})"), R"({"ip":1}{"page":2})");
}

// A rule holds for the source and the type that it names, or for all.
TEST(Mask, whose_events) {
  const auto rules = parse_rules(
      R"({"rules":[{"source":"web","type":"signup","path":"/properties/a","action":"drop"},
                   {"source":"shop","path":"/properties/b","action":"drop"},
                   {"type":"login","path":"/properties/c","action":"drop"}]})");
  ASSERT_TRUE(rules);
  const auto left_of = [&](std::string_view source, std::string_view type) {
    event::Event event = event_of(R"({"a":1,"b":1,"c":1})");
    Mask(&*rules, nullptr, source, type).apply(event, kKey);
    return json::write(event.properties);
  };
  EXPECT_EQ(left_of("web", "signup"), R"({"b":1,"c":1})");
  EXPECT_EQ(left_of("shop", "signup"), R"({"a":1,"c":1})");
  EXPECT_EQ(left_of("shop", "login"), R"({"a":1})");
  EXPECT_TRUE(Mask(&*rules, nullptr, "web", "click").is_empty());
}

// What the schema says counts where no rule does.
TEST(Mask, rules_and_the_schema) {
  const auto schema = schema::Schema::compile(
      json::parse(
          R"({"properties":{"a":{"x-privacy":"drop"},"b":{"x-privacy":"drop"},"l":{"items":{"x-privacy":"mask"}}}})")
          .value());
  ASSERT_TRUE(schema);
  const auto rules = parse_rules(R"({"rules":[{"path":"/properties/a","action":"mask"}]})");
  ASSERT_TRUE(rules);
  event::Event event = event_of(R"({"a":1,"b":1,"c":1,"l":[1]})", R"({"b":1})");
  Mask(&*rules, &schema->treatments(), "web", "signup").apply(event, kKey);
  EXPECT_EQ(json::write(event.properties), R"({"a":"***","c":1,"l":["***"]})");
  EXPECT_EQ(json::write(event.context), R"({"b":1})");
}

// Names within what is masked are masked, in the reasons, too.
TEST(Mask, shortens_paths) {
  const auto rules = parse_rules(R"({"rules":[{"path":"/properties/by_mail","action":"mask"},
                                              {"path":"/properties/l/*/x~1y","action":"hash"},
                                              {"path":"/context/who","action":"drop"}]})");
  ASSERT_TRUE(rules);
  const auto schema =
      schema::Schema::compile(json::parse(R"({"properties":{"m":{"items":{"x-privacy":"mask"}}}})").value());
  ASSERT_TRUE(schema);
  const Mask mask(&*rules, &schema->treatments(), "web", "signup");
  const std::pair<std::string, std::string> cases[] = {
      {"/traits/by_mail/alice@example.org", "/traits/by_mail"},
      {"/traits/by_mail", "/traits/by_mail"},
      {"/traits/l/3/x~1y/z", "/traits/l/3/x~1y"},
      {"/traits/l/3/x/z", "/traits/l/3/x/z"},
      {"/traits/m/0/alice", "/traits/m/0"},
      {"/traits", "/traits"},
      {"/traitsman/by_mail/x", "/traitsman/by_mail/x"},
      {"/context/who/alice", "/context/who"},
      {"/context/where/alice", "/context/where/alice"},
      {"", ""},
  };
  for (const auto& [path, expected] : cases) {
    std::vector<event::Reason> reasons = {{path, "type", "must be text"}};
    mask.shorten(reasons, event_of("{}"));
    EXPECT_EQ(reasons[0].path, expected);
  }
}

// Equal values have equal pseudonyms, others others, under another key all others; text's are those of any HMAC tool.
TEST(Pseudonym, of_values) {
  const auto of = [](const std::string& text) { return pseudonym(kKey, json::parse(text).value()); };
  EXPECT_EQ(of(R"("alice@example.org")"), "3c4b2380463bfa993aab26f6640e5e02b47b9ba79fabd5dc8bd9f9a033048184");
  for (const char* const same : {"1.5", "1.50", "15e-1", "0.15e1", "150E-2", "0.015e+2"})
    EXPECT_EQ(of(same), of("1.5"));
  for (const char* const same : {"0", "-0", "0.0", "0e5"}) EXPECT_EQ(of(same), of("0"));
  EXPECT_EQ(of(R"({"a":1,"b":[2.0]})"), of(R"({"b":[2],"a":1.0})"));
  const char* const others[] = {"1",        "-1",         "10",         "0.1",    "true",       "[1]",
                                R"([1,2])", R"(["1,2"])", R"({"a":1})", R"("a")", "1e999999999"};
  for (const char* const one : others) {
    for (const char* const other : others) EXPECT_EQ(of(one) == of(other), one == other) << one << " " << other;
  }
  EXPECT_NE(pseudonym("another", "a"), pseudonym(kKey, "a"));
}

TEST(Pseudonym, keys) {
  EXPECT_EQ(parse_key(kKey + "\n"), kKey);
  EXPECT_FALSE(parse_key("short"));
  EXPECT_FALSE(parse_key(std::string(40, ' ')));
}

// A rule that can't be understood is told, and none of them counts.
TEST(Rules, malformed) {
  const std::pair<std::string, std::string> cases[] = {
      {"{", "not JSON: expected a member's name at byte 1"},
      {"[]", R"(must be {"rules": [...]} and nothing else)"},
      {R"({"rules":[],"more":1})", R"(must be {"rules": [...]} and nothing else)"},
      {R"({"rules":[1]})", "rule 1: must be an object"},
      {R"({"rules":[{"path":"/properties/a","action":"drop","typ":"x"}]})", R"(rule 1: has an unknown member "typ")"},
      {R"({"rules":[{"path":"/properties/a","action":"drop","type":""}]})", R"(rule 1: "type" must be text)"},
      {R"({"rules":[{"path":"/properties/a","action":"hide"}]})",
       R"(rule 1: "action" must be "hash", "mask" or "drop")"},
  };
  for (const auto& [text, problem] : cases) EXPECT_EQ(parse_rules(text).error(), problem);
  for (const char* const path :
       {"/", "properties/a", "/properties", "/context", "/user_id", "/properties/~2", "/properties/~"}) {
    EXPECT_EQ(left({std::string(path) + " drop"}, "{}"),
              R"(rule 1: "path" must be a JSON pointer below /properties or /context)");
  }
  std::string many;
  for (int i = 0; i < 501; ++i) many += R"(,{"path":"/properties/a","action":"drop"})";
  EXPECT_EQ(parse_rules(R"({"rules":[)" + many.substr(1) + "]}").error(), "has more than 500 rules");
}

// No object means no rules; one that can't be used, or read, is an error that is worth another attempt.
TEST(Policies, from_the_bucket) {
  base::ManualClock clock;
  aws_client::MemoryClient client;
  Policies policies({.bucket = "b", .fresh_for = std::chrono::seconds(30), .missing_for = std::chrono::seconds(30)},
                    client, clock);
  const auto rules = [&] { return aws_client::run_blocking(policies.rules({})); };
  const auto key = [&] { return aws_client::run_blocking(policies.key({})); };
  EXPECT_EQ(rules().value()->size(), 0u);
  EXPECT_EQ(rules().value()->size(), 0u);
  EXPECT_EQ(client.calls.size(), 1u);
  EXPECT_EQ(key().error().message, "config/pseudonym_key can't be used: it isn't there");
  client.put("config/privacy.json", R"({"rules":[{"path":"/properties/a","action":"drop"}]})");
  client.put("config/pseudonym_key", kKey + "\n");
  clock.advance(std::chrono::seconds(31));
  EXPECT_EQ(rules().value()->size(), 1u);
  EXPECT_EQ(*key().value(), kKey);
  client.put("config/privacy.json", "{}");
  clock.advance(std::chrono::seconds(31));
  EXPECT_EQ(rules().error().http_status, 503);
  EXPECT_EQ(rules().error().message, R"(config/privacy.json can't be used: must be {"rules": [...]} and nothing else)");
}

}  // namespace
}  // namespace pipeline::privacy
