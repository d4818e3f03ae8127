// OTLP's logs from Protocol Buffers to JSON: the messages of opentelemetry/proto/collector/logs/v1/logs_service.proto
// and those that they hold, by hand; what is unknown is skipped.
// https://protobuf.dev/programming-guides/encoding/ https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding

#include <fmt/core.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <span>

#include "base/text.hpp"
#include "json/write.hpp"
#include "pipeline/collect_to_s3/wires/wires.hpp"

namespace pipeline::collect_to_s3 {

namespace {

enum class Message { request, resource_logs, resource, scope_logs, scope, log_record, pair, any, values, pairs };
enum class Kind { text, hex, base64, boolean, number, number_as_text, real, message, messages };

struct Field {
  std::uint64_t number;
  std::string_view name;
  Kind kind;
  Message message = {};  // of a message, or of several
};

constexpr Field kRequest[] = {{1, "resourceLogs", Kind::messages, Message::resource_logs}};
constexpr Field kResourceLogs[] = {{1, "resource", Kind::message, Message::resource},
                                   {2, "scopeLogs", Kind::messages, Message::scope_logs},
                                   {3, "schemaUrl", Kind::text}};
constexpr Field kResource[] = {{1, "attributes", Kind::messages, Message::pair},
                               {2, "droppedAttributesCount", Kind::number}};
constexpr Field kScopeLogs[] = {{1, "scope", Kind::message, Message::scope},
                                {2, "logRecords", Kind::messages, Message::log_record},
                                {3, "schemaUrl", Kind::text}};
constexpr Field kScope[] = {{1, "name", Kind::text},
                            {2, "version", Kind::text},
                            {3, "attributes", Kind::messages, Message::pair},
                            {4, "droppedAttributesCount", Kind::number}};
constexpr Field kLogRecord[] = {{1, "timeUnixNano", Kind::number_as_text},
                                {11, "observedTimeUnixNano", Kind::number_as_text},
                                {2, "severityNumber", Kind::number},
                                {3, "severityText", Kind::text},
                                {12, "eventName", Kind::text},
                                {5, "body", Kind::message, Message::any},
                                {6, "attributes", Kind::messages, Message::pair},
                                {7, "droppedAttributesCount", Kind::number},
                                {8, "flags", Kind::number},
                                {9, "traceId", Kind::hex},
                                {10, "spanId", Kind::hex}};
constexpr Field kPair[] = {{1, "key", Kind::text}, {2, "value", Kind::message, Message::any}};
constexpr Field kAny[] = {{1, "stringValue", Kind::text},
                          {2, "boolValue", Kind::boolean},
                          {3, "intValue", Kind::number_as_text},
                          {4, "doubleValue", Kind::real},
                          {5, "arrayValue", Kind::message, Message::values},
                          {6, "kvlistValue", Kind::message, Message::pairs},
                          {7, "bytesValue", Kind::base64}};
constexpr Field kValues[] = {{1, "values", Kind::messages, Message::any}};
constexpr Field kPairs[] = {{1, "values", Kind::messages, Message::pair}};

std::span<const Field> fields_of(Message message) {
  switch (message) {
    case Message::request:
      return kRequest;
    case Message::resource_logs:
      return kResourceLogs;
    case Message::resource:
      return kResource;
    case Message::scope_logs:
      return kScopeLogs;
    case Message::scope:
      return kScope;
    case Message::log_record:
      return kLogRecord;
    case Message::pair:
      return kPair;
    case Message::any:
      return kAny;
    case Message::values:
      return kValues;
    case Message::pairs:
      return kPairs;
  }
  return {};
}

// A field as it lies in a message: a number, or bytes.
struct Entry {
  std::uint64_t field = 0;
  bool is_bytes = false;
  std::uint64_t number = 0;
  std::string_view bytes;
};

// Takes a message apart, entry by entry.
class Entries {
 public:
  explicit Entries(std::string_view bytes) : rest_(bytes) {}

  // False at the end, and where the bytes are no message: then is_broken().
  bool next(Entry& entry) {
    std::uint64_t tag = 0;
    if (rest_.empty() || is_broken_ || !take_varint(tag)) return false;
    entry = {.field = tag >> 3};
    if (entry.field == 0) return fail();
    switch (tag & 7) {
      case 0:
        return take_varint(entry.number);
      case 1:
        return take_fixed(entry.number, 8);
      case 2: {
        std::uint64_t size = 0;
        if (!take_varint(size)) return false;
        if (size > rest_.size()) return fail();
        entry.is_bytes = true;
        entry.bytes = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return true;
      }
      case 5:
        return take_fixed(entry.number, 4);
      default:
        return fail();  // groups, which OTLP has none of
    }
  }

  bool is_broken() const { return is_broken_; }

 private:
  bool fail() {
    is_broken_ = true;
    return false;
  }

  bool take_varint(std::uint64_t& number) {
    number = 0;
    for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      number |= std::uint64_t{byte & 0x7fU} << shift;
      if (byte < 0x80) return true;
    }
    return fail();
  }

  bool take_fixed(std::uint64_t& number, std::size_t size) {
    if (rest_.size() < size) return fail();
    number = 0;
    for (std::size_t i = size; i-- > 0;) number = number << 8 | static_cast<unsigned char>(rest_[i]);
    rest_.remove_prefix(size);
    return true;
  }

  std::string_view rest_;
  bool is_broken_ = false;
};

class JsonWriter {
 public:
  explicit JsonWriter(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  // Goes over the message once for each field that it may have, so that repeated ones come together. False where the
  // bytes are no message, or the JSON is too large.
  bool write(std::string_view bytes, Message message, std::size_t depth) {
    constexpr std::size_t kDepthMax = 100;
    if (depth > kDepthMax) {  // nobody reads it, but it is kept
      out_ += "{\"bytesValue\":";
      json::write_string(out_, base::to_base64(bytes));
      out_ += '}';
      return fits();
    }
    out_ += '{';
    bool is_first = true;
    for (const Field& field : fields_of(message)) {
      if (!write_field(bytes, field, depth, is_first)) return false;
    }
    out_ += '}';
    return fits();
  }

  bool fits() const { return out_.size() <= bytes_max_; }
  std::string take() && { return std::move(out_); }

 private:
  bool write_field(std::string_view bytes, const Field& field, std::size_t depth, bool& is_first) {
    const bool wants_bytes = field.kind != Kind::boolean && field.kind != Kind::number &&
                             field.kind != Kind::number_as_text && field.kind != Kind::real;
    Entries entries(bytes);
    Entry entry;
    std::optional<Entry> last;
    while (entries.next(entry)) {
      if (entry.field != field.number || entry.is_bytes != wants_bytes) continue;
      if (field.kind == Kind::messages) {
        if (last) out_ += ',';
        if (!last) begin(field, is_first).append("[");
        if (!write(entry.bytes, field.message, depth + 1)) return false;
      }
      last = entry;
    }
    if (entries.is_broken()) return false;
    if (!last) return true;
    if (field.kind == Kind::messages) {
      out_ += ']';
      return fits();
    }
    begin(field, is_first);
    if (field.kind == Kind::message) return write(last->bytes, field.message, depth + 1);
    write_scalar(*last, field.kind);
    return fits();
  }

  std::string& begin(const Field& field, bool& is_first) {
    if (!is_first) out_ += ',';
    is_first = false;
    json::write_string(out_, field.name);
    return out_ += ':';
  }

  void write_scalar(const Entry& entry, Kind kind) {
    switch (kind) {
      case Kind::text:
        // Text must be UTF-8; what isn't goes on as base64.
        json::write_string(
            out_, base::first_invalid_utf8(entry.bytes) ? base::to_base64(entry.bytes) : std::string(entry.bytes));
        break;
      case Kind::hex:
        json::write_string(out_, base::to_hex(entry.bytes));
        break;
      case Kind::boolean:
        out_ += entry.number ? "true" : "false";
        break;
      case Kind::number:
        out_ += std::to_string(entry.number);
        break;
      case Kind::number_as_text:
        json::write_string(out_, std::to_string(static_cast<std::int64_t>(entry.number)));
        break;
      case Kind::real: {
        const auto real = std::bit_cast<double>(entry.number);
        if (std::isfinite(real)) {
          json::write(out_, json::Value(real));
        } else {
          json::write_string(out_, std::isnan(real) ? "NaN" : real > 0 ? "Infinity" : "-Infinity");
        }
        break;
      }
      default:
        json::write_string(out_, base::to_base64(entry.bytes));
    }
  }

  const std::size_t bytes_max_;
  std::string out_;
};

}  // namespace

std::expected<std::string, Undecodable> otlp_json(std::string_view bytes, std::size_t bytes_max) {
  JsonWriter writer(bytes_max);
  if (writer.write(bytes, Message::request, 0)) return std::move(writer).take();
  if (!writer.fits()) {
    return std::unexpected(
        Undecodable{413, fmt::format("the log records as JSON are larger than {} bytes", bytes_max)});
  }
  return std::unexpected(Undecodable{400, "the body is not an ExportLogsServiceRequest"});
}

}  // namespace pipeline::collect_to_s3
