#pragma once
// CBOR (RFC 8949) as smithy-rpc-v2-cbor uses it: values in, a Writer out.
// https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "localcloud/wire/writer.hpp"

namespace localcloud::wire {

// A CBOR item as a json::Value: byte strings as strings, a tagged time as its number. Nothing where it isn't CBOR, is
// nested deeper than 64, or has something behind it.
std::optional<json::Value> parse_cbor(std::string_view bytes);

class CborWriter final : public Writer {
 public:
  void begin_structure() override { out_ += '\xbf'; }
  void end_structure() override { out_ += '\xff'; }
  void name(std::string_view name) override { text(name); }
  void begin_list(std::size_t size, const Limits&) override { head(4, size); }
  void end_list() override {}
  void begin_map(std::size_t size, const Limits&) override { head(5, size); }
  void end_map() override {}
  void text(std::string_view value) override;
  void boolean(bool value) override { out_ += value ? '\xf5' : '\xf4'; }
  void integer(std::int64_t value) override;
  void number(double value) override;
  void timestamp(base::Time value, TimestampFormat) override;
  void blob(std::string_view bytes) override;
  void document(const json::Value& value) override;
  std::string* json_text() override;
  void json_text_done() override;
  std::string take() override { return std::move(out_); }

 private:
  void head(int major, std::uint64_t argument);

  std::string out_;
  std::string json_;
};

}  // namespace localcloud::wire
