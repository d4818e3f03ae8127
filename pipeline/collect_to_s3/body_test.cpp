// Decompressing bodies and cutting JSON apart.

#include "pipeline/collect_to_s3/body.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include "pipeline/collect_to_s3/wires/wires.hpp"

namespace pipeline::collect_to_s3 {
namespace {

std::string gzip(std::string_view text) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()) + 32, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string decompressed(std::string body, std::size_t bytes_max = 1 << 20) {
  const auto out = decompress(std::move(body), bytes_max);
  return out ? *out : std::to_string(out.error().status) + " " + out.error().message;
}

// Pitfall 2: gzip is told by its bytes; members are joined; what is gzip twice is undone twice.
TEST(Decompress, gzip) {
  EXPECT_EQ(decompressed("{}"), "{}");
  EXPECT_EQ(decompressed(""), "");
  EXPECT_EQ(decompressed(gzip("{\"a\":1}")), "{\"a\":1}");
  EXPECT_EQ(decompressed(gzip("{\"a\":") + gzip("1}")), "{\"a\":1}");
  EXPECT_EQ(decompressed(gzip("{}") + std::string(7, '\0')), "{}");
  EXPECT_EQ(decompressed(gzip(gzip("{}"))), "{}");
  EXPECT_EQ(decompressed(gzip(gzip(gzip("{}")))), "400 gzip within gzip within gzip");
}

// Damage is told with its place.
TEST(Decompress, damage) {
  const std::string whole = gzip("some text that is long enough to be cut in the middle");
  EXPECT_EQ(decompressed(whole.substr(0, 20)), "400 gzip: the stream ends too early, at byte 20");
  EXPECT_EQ(decompressed(whole.substr(0, whole.size() - 1)).substr(0, 37), "400 gzip: the stream ends too early, ");
  std::string damaged = whole;
  damaged[damaged.size() - 6] ^= 1;
  EXPECT_EQ(decompressed(damaged).substr(0, 35), "400 gzip: incorrect data check at b");
  EXPECT_EQ(decompressed(whole + "x").substr(0, 30), "400 gzip: something else follo");
}

// Pitfall 3: the cap is on the decompressed bytes, whatever the ratio.
TEST(Decompress, cap) {
  const std::string bomb = gzip(std::string(10 << 20, ' '));
  EXPECT_EQ(decompressed(bomb, 1 << 20), "413 the decompressed body is larger than 1048576 bytes");
  EXPECT_EQ(decompressed(bomb, 10 << 20).size(), std::size_t{10} << 20);
  EXPECT_EQ(decompressed("12345", 4), "413 the body is larger than 4 bytes");
}

std::string parts_of(std::string_view array) {
  const auto parts = split_array(array);
  if (!parts) return parts.error().message + " at " + std::to_string(parts.error().offset);
  std::string out;
  for (const Part& part : *parts) out += std::string(part.bytes) + "(" + std::to_string(part.depth) + ")|";
  return out;
}

// Items and members come out byte for byte; what isn't an array says where it stops being one.
TEST(Parts, exact_bytes) {
  EXPECT_EQ(parts_of("[ {\"a\" : [1, 2]} ,1.50,\"x],\\\"\",\n null , [ ], {}]"),
            "{\"a\" : [1, 2]}(2)|1.50(0)|\"x],\\\"\"(0)|null(0)|[ ](1)|{}(1)|");
  EXPECT_EQ(parts_of("[ ]"), "");
  EXPECT_EQ(parts_of("[1,]"), "expected a value at 3");
  EXPECT_EQ(parts_of("[1 2]"), "expected ',' or ']' at 3");
  EXPECT_EQ(parts_of("[1"), "expected ',' or ']' at 2");
  EXPECT_EQ(parts_of("[{]}"), "expected '}' at 2");
  EXPECT_EQ(parts_of("[\"a]"), "a string has no end at 4");
  EXPECT_EQ(parts_of("[1]x"), "something else follows the value at 3");
  EXPECT_EQ(parts_of("["), "expected a value at 1");
  const auto members = split_object(R"({"a":1 , "batch" : [ {} ] ,"b":"}"})");
  ASSERT_TRUE(members);
  EXPECT_EQ((*members)[1].first.bytes, "\"batch\"");
  EXPECT_EQ((*members)[1].second.bytes, "[ {} ]");
  for (const char* text : {"{", "{1:2}", "{\"a\"}", "{\"a\":}", "{\"a\":1", "{\"a\":1,}", "{}x", "[]"})
    EXPECT_FALSE(split_object(text)) << text;
}

std::string items_as_text(std::string_view body, std::string_view content_type = "") {
  const auto batch = decode_events(body, content_type, 5);
  if (!batch) return std::to_string(batch.error().status) + " " + batch.error().message;
  std::string out;
  for (const Item& item : batch->items) out += std::string(item.raw) + "(" + item.client_id.value_or("") + ")|";
  return out;
}

// Pitfall 6: one object, an array, NDJSON with and without a content type that says so, and what is none of them.
TEST(Events, shapes) {
  EXPECT_EQ(items_as_text(" {\"event_id\":\"a\"}\n"), "{\"event_id\":\"a\"}(a)|");
  EXPECT_EQ(items_as_text("\xef\xbb\xbf[{\"messageId\":\"a\"},2]"), "{\"messageId\":\"a\"}(a)|2()|");
  EXPECT_EQ(items_as_text("{\"event_id\":1}\r\n\n{}"), "{\"event_id\":1}(1)|{}()|");
  EXPECT_EQ(items_as_text("{\"a\":1}\n{\"a\":\n{}"), "{\"a\":1}()|{\"a\":()|{}()|");
  EXPECT_EQ(items_as_text("oops\n{}"), "oops()|{}()|");
  EXPECT_EQ(items_as_text("oops", "application/x-ndjson; charset=utf-8"), "oops()|");
  EXPECT_EQ(items_as_text("{\"a\":1}", "application/x-ndjson"), "{\"a\":1}()|");
  EXPECT_EQ(items_as_text("[]"), "");
  EXPECT_EQ(items_as_text(std::string("{}\0", 3)), "{}()|");
  EXPECT_EQ(items_as_text("").substr(0, 4), "400 ");
  EXPECT_EQ(items_as_text("\"text\""), "400 an event must be an object");
  EXPECT_NE(items_as_text("{\"a\":").find("at byte 5"), std::string::npos) << items_as_text("{\"a\":");
  EXPECT_EQ(items_as_text("[\n{}\n").substr(0, 25), "400 the body is not JSON:");
  EXPECT_EQ(items_as_text("[1,2,3,4,5,6]"), "413 more than 5 events");
  EXPECT_EQ(items_as_text("1\n{}\n3\n4\n5\n6"), "413 more than 5 events");
}

// Pitfall 20: an event that is too deep for itself or too large doesn't take its neighbours along.
TEST(Events, depth) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_EQ(items_as_text("[" + nested(100'000) + ",{}]"), nested(100'000) + "()|{}()|");
  EXPECT_EQ(items_as_text(std::string(100'000, '[')).substr(0, 4), "400 ");
  const std::string large = "{\"event_id\":\"x\",\"a\":\"" + std::string(2 << 20, 'a') + "\"}";
  EXPECT_EQ(items_as_text("[" + large + ",{\"event_id\":\"y\"}]"), large + "()|{\"event_id\":\"y\"}(y)|");
}

// An item that isn't JSON doesn't either; where none is, the body says at which byte.
TEST(Events, broken_items) {
  EXPECT_EQ(items_as_text("[{\"event_id\":\"a\"},{\"a\":tru}]"), "{\"event_id\":\"a\"}(a)|{\"a\":tru}()|");
  EXPECT_EQ(items_as_text("[{\"a\":tru},{\"a\":fals}]"), "400 the body is not JSON: expected a value at byte 6");
}

}  // namespace
}  // namespace pipeline::collect_to_s3
