// One operation, declared once, answered in every protocol; AWS's words for what is wrong with a request.

#include "localcloud/wire/codec.hpp"

#include <gtest/gtest.h>

#include "localcloud/wire/cbor.hpp"
#include "localcloud/wire/operation.hpp"
#include "localcloud/wire/protocol.hpp"

namespace localcloud::wire {
namespace {

enum class Colour { red, green };
constexpr std::array<std::string_view, 2> wire_names(Colour) {
  return {"RED", "GREEN"};
}

struct Tag {
  std::string key;
  std::optional<std::string> value;
  static constexpr auto members() {
    return wire::members(required("Key", &Tag::key, length(1, 5)), optional("Value", &Tag::value));
  }
};

struct Paint {
  static constexpr std::string_view kName = "Paint";
  struct Input {
    std::string table_name;
    std::optional<std::int32_t> count;
    std::optional<Colour> colour;
    std::vector<Tag> tags;
    std::map<std::string, std::string> names;
    std::vector<std::int64_t> sizes;
    std::optional<Timestamp> since;
    std::optional<Blob> bytes;
    static constexpr auto members() {
      return wire::members(required("TableName", &Input::table_name, length(3, 255)),
                           optional("Count", &Input::count, range(1, 10)), optional("Colour", &Input::colour),
                           optional("Tags", &Input::tags), optional("Names", &Input::names, length(0, 2)),
                           optional("Sizes", &Input::sizes, length(0, 2)), optional("Since", &Input::since),
                           optional("Bytes", &Input::bytes), refused("Expected"));
    }
  };
  struct Output {
    std::string name;
    std::optional<double> weight;
    std::vector<Tag> tags;
    std::optional<Timestamp> at;
    static constexpr auto members() {
      return wire::members(optional("Name", &Output::name), optional("Weight", &Output::weight),
                           optional("Tags", &Output::tags), optional("At", &Output::at));
    }
  };
};

constexpr ErrorShape kErrorShapes[] = {{"NotThereFault", "NotThere", "Message"}};
const Service kService{.name = "paint",
                       .signing_name = "paint",
                       .json_version = "1.0",
                       .api_version = "2020-01-01",
                       .xml_namespace = "https://paint/",
                       .operations = {},
                       .error_shapes = kErrorShapes};

Result<Paint::Input> decode_from(Protocol protocol, std::string_view body) {
  Encoded request{.protocol = protocol, .service = &kService};
  if (Result<Done> parsed = parse_document(request, body); !parsed) return failure(parsed.error());
  return decode<Paint::Input>(request);
}

void expect_whole(const Result<Paint::Input>& input) {
  ASSERT_TRUE(input) << input.error().message;
  EXPECT_EQ(input->table_name, "events");
  EXPECT_EQ(input->count, 7);
  EXPECT_EQ(input->colour, Colour::green);
  ASSERT_EQ(input->tags.size(), 2u);
  EXPECT_EQ(input->tags[0].key, "a");
  EXPECT_EQ(input->tags[1].value, "2");
  EXPECT_EQ(input->names.at("#n"), "name");
  EXPECT_EQ(base::to_unix_ms(input->since->time), 1'750'000'000'500);
  EXPECT_EQ(input->bytes->bytes, "hi");
}

// The same request in JSON, as a form and in CBOR reads the same.
TEST(Codec, ReadsEveryProtocol) {
  expect_whole(
      decode_from(Protocol::aws_json,
                  R"({"TableName":"events","Count":7,"Colour":"GREEN","Tags":[{"Key":"a"},{"Key":"b","Value":"2"}],
                               "Names":{"#n":"name"},"Since":1750000000.5,"Bytes":"aGk=","Unknown":1})"));
  expect_whole(decode_from(Protocol::aws_query,
                           "Action=Paint&TableName=events&Count=7&Colour=GREEN&Tags.member.1.Key=a&Tags.member.2.Key=b&"
                           "Tags.member.2.Value=2&Names.entry.1.key=%23n&Names.entry.1.value=name&"
                           "Since=2025-06-15T15%3A06%3A40.500Z&Bytes=aGk%3D"));
  CborWriter cbor;
  cbor.document(
      json::Object{{"TableName", "events"},
                   {"Count", 7},
                   {"Colour", "GREEN"},
                   {"Tags", json::Array{json::Object{{"Key", "a"}}, json::Object{{"Key", "b"}, {"Value", "2"}}}},
                   {"Names", json::Object{{"#n", "name"}}},
                   {"Since", 1750000000.5},
                   {"Bytes", "hi"}});
  expect_whole(decode_from(Protocol::cbor, cbor.take()));
}

// Types first, and the first wrong one alone; then every broken limit together; a member that isn't implemented is
// named.
TEST(Codec, SaysWhatIsWrongAsAwsDoes) {
  const struct {
    std::string_view body, message;
  } cases[] = {
      {R"({"TableName":7,"Count":99})", "NUMBER_VALUE cannot be converted to String"},
      {R"({"TableName":true})", "TRUE_VALUE cannot be converted to String"},
      {R"({"TableName":{}})", "Start of structure or map found where not expected"},
      {R"({"TableName":"events","Tags":"x"})", "Unexpected field type"},
      {R"({})",
       "1 validation error detected: Value null at 'tableName' failed to satisfy constraint: Member must not be null"},
      {R"({"TableName":"a","Colour":"BLUE"})",
       "2 validation errors detected: Value 'a' at 'tableName' failed to satisfy constraint: Member must have length "
       "greater "
       "than or equal to 3; Value 'BLUE' at 'colour' failed to satisfy constraint: Member must satisfy enum value set: "
       "[RED, GREEN]"},
      {R"({"TableName":"events","Tags":[{"Key":"toolong"}]})",
       "1 validation error detected: Value 'toolong' at 'tags.1.member.key' failed to satisfy constraint: Member must "
       "have "
       "length less than or equal to 5"},
      {R"({"TableName":"events","Count":0})",
       "1 validation error detected: Value '0' at 'count' failed to satisfy constraint: Member must have value greater "
       "than or equal to 1"},
      {R"({"TableName":"events","Sizes":[1,2,3]})",
       "1 validation error detected: Value '[1, 2, 3]' at 'sizes' failed to satisfy constraint: Member must have "
       "length less than or equal to 2"},
      {R"({"TableName":"events","Names":{"a":"b","c":"d","e":"f"}})",
       "1 validation error detected: Value '{a=b, c=d, e=f}' at 'names' failed to satisfy constraint: Member must have "
       "length less than or equal to 2"},
      {R"({"TableName":"events","Expected":{}})", "The member Expected is not implemented by localcloud."},
  };
  for (const auto& [body, message] : cases) {
    const auto input = decode_from(Protocol::aws_json, body);
    ASSERT_FALSE(input) << body;
    EXPECT_EQ(input.error().message, message) << body;
  }
}

http::Reply answer(Protocol protocol) {
  const Encoded request{.protocol = protocol, .service = &kService, .request_id = "id-1"};
  return reply<Paint>(request, Paint::Output{.name = "a<b",
                                             .weight = 1.5,
                                             .tags = {{.key = "k", .value = {}}},
                                             .at = Timestamp{base::from_unix_ms(1'750'000'000'500)}});
}

// The same answer as each protocol writes it.
TEST(Codec, WritesEveryProtocol) {
  EXPECT_EQ(answer(Protocol::aws_json).body, R"({"Name":"a<b","Weight":1.5,"Tags":[{"Key":"k"}],"At":1750000000.5})");
  EXPECT_EQ(answer(Protocol::aws_query).body,
            "<PaintResponse xmlns=\"https://paint/\"><PaintResult><Name>a&lt;b</Name><Weight>1.5</Weight><Tags><member>"
            "<Key>k</Key></member></Tags><At>2025-06-15T15:06:40Z</At></PaintResult><ResponseMetadata><RequestId>id-1"
            "</RequestId></ResponseMetadata></PaintResponse>");
  const auto cbor = parse_cbor(answer(Protocol::cbor).body);
  ASSERT_TRUE(cbor);
  EXPECT_EQ(cbor->get_string("Name"), "a<b");
  EXPECT_EQ(cbor->find("At")->as_number().as_double(), 1750000000.5);
}

// Errors too, each protocol in its form; the query-compatible header tells new SDKs the old code.
TEST(Codec, WritesErrors) {
  const ServiceError error{"com.amazonaws.x#NotThere", "no <it>", 400, {{"Item", R"({"a":1})"}}};
  const auto in = [&](Protocol protocol) {
    return error_reply(Encoded{.protocol = protocol, .service = &kService, .request_id = "r"}, error);
  };
  EXPECT_EQ(in(Protocol::aws_json).body, R"({"__type":"com.amazonaws.x#NotThere","message":"no <it>","Item":{"a":1}})");
  EXPECT_EQ(http::find_header(in(Protocol::aws_json).headers, "X-Amzn-Query-Error"), "NotThere;Sender");
  EXPECT_EQ(
      in(Protocol::aws_query).body,
      "<ErrorResponse xmlns=\"https://paint/\"><Error><Type>Sender</Type><Code>NotThere</Code><Message>no &lt;it&gt;"
      "</Message><Item><a>1</a></Item></Error><RequestId>r</RequestId></ErrorResponse>");
  EXPECT_EQ(in(Protocol::rest_json).body, R"({"message":"no <it>","Item":{"a":1},"Type":"User"})");
}

// An error whose shape, query code and message member differ goes by each where it belongs.
TEST(Codec, WritesErrorsThatProtocolsCallDifferently) {
  const ServiceError error{"NotThereFault", "no", 404};
  const auto in = [&](Protocol protocol) {
    return error_reply(Encoded{.protocol = protocol, .service = &kService, .request_id = "r"}, error);
  };
  EXPECT_EQ(in(Protocol::aws_json).body, R"({"__type":"NotThereFault","Message":"no"})");
  EXPECT_EQ(http::find_header(in(Protocol::aws_json).headers, "X-Amzn-Query-Error"), "NotThere;Sender");
  EXPECT_EQ(parse_cbor(in(Protocol::cbor).body)->get_string("__type"), "NotThereFault");
  EXPECT_EQ(http::find_header(in(Protocol::cbor).headers, "X-Amzn-Query-Error"), "NotThere;Sender");
  EXPECT_TRUE(in(Protocol::aws_query).body.contains("<Code>NotThere</Code><Message>no</Message>"));
  EXPECT_EQ(in(Protocol::rest_json).body, R"({"Message":"no","Type":"User"})");
  EXPECT_EQ(in(Protocol::direct).body, R"({"__type":"NotThereFault","message":"no"})");
}

// CBOR from outside: what is cut, nested too deep or has something behind it is refused.
TEST(Cbor, RefusesWhatIsBroken) {
  EXPECT_FALSE(parse_cbor(""));
  EXPECT_FALSE(parse_cbor("\xa1"));
  EXPECT_FALSE(parse_cbor(std::string("\x01\x01")));
  EXPECT_FALSE(parse_cbor(std::string(100'000, '\x81')));
  EXPECT_FALSE(parse_cbor("\x9b\x7f\xff\xff\xff\xff\xff\xff\xff"));
  EXPECT_EQ(parse_cbor("\x3b\xff\xff\xff\xff\xff\xff\xff\xff")->as_number().text(), "-18446744073709551616");
}

// A form that nests without end or never stops is refused.
TEST(Form, HasLimits) {
  EXPECT_FALSE(parse_form("a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q=1"));
  EXPECT_FALSE(parse_form("a=%zz"));
  std::string many;
  for (int i = 0; i < 10'001; ++i) many += "a=1&";
  EXPECT_FALSE(parse_form(many));
}

}  // namespace
}  // namespace localcloud::wire
