#include "localcloud/wire/cbor.hpp"

#include <bit>
#include <cmath>

#include "base/check.hpp"
#include "json/parse.hpp"

namespace localcloud::wire {

namespace {

constexpr int kDepthMax = 64;

class Parser {
 public:
  explicit Parser(std::string_view bytes) : rest_(bytes) {}

  std::optional<json::Value> parse_document() {
    json::Value value;
    if (!parse(value, 0) || !rest_.empty()) return std::nullopt;
    return value;
  }

 private:
  static constexpr int kIndefinite = 31;

  bool parse(json::Value& out, int depth) {
    if (depth > kDepthMax || rest_.empty()) return false;
    const auto initial = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    const int major = initial >> 5, info = initial & 31;
    if (major == 7) return parse_simple(info, out);
    std::uint64_t argument = 0;
    if (info != kIndefinite && !parse_argument(info, argument)) return false;
    const bool indefinite = info == kIndefinite;
    switch (major) {
      case 0:
        out = json::Value(argument);
        return !indefinite;
      case 1:
        out = json::Value(json::Number::from_text(negative(argument)));
        return !indefinite;
      case 2:
      case 3: {
        std::string text;
        if (!parse_text(major, indefinite, argument, text)) return false;
        out = json::Value(std::move(text));
        return true;
      }
      case 4:
        return parse_array(indefinite, argument, out, depth);
      case 5:
        return parse_map(indefinite, argument, out, depth);
      default:  // a tag: what it says of its value, the shape says too
        return !indefinite && parse(out, depth + 1);
    }
  }

  static std::string negative(std::uint64_t argument) {
    if (argument == UINT64_MAX) return "-18446744073709551616";
    return "-" + std::to_string(argument + 1);
  }

  bool parse_argument(int info, std::uint64_t& out) {
    if (info < 24) {
      out = static_cast<std::uint64_t>(info);
      return true;
    }
    if (info > 27) return false;
    const std::size_t size = std::size_t{1} << (info - 24);
    if (rest_.size() < size) return false;
    for (std::size_t i = 0; i < size; ++i) out = out << 8 | static_cast<unsigned char>(rest_[i]);
    rest_.remove_prefix(size);
    return true;
  }

  bool at_break() {
    if (rest_.empty() || rest_.front() != '\xff') return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool parse_text(int major, bool indefinite, std::uint64_t length, std::string& out) {
    if (!indefinite) {
      if (rest_.size() < length) return false;
      out += rest_.substr(0, length);
      rest_.remove_prefix(length);
      return true;
    }
    while (!at_break()) {
      if (rest_.empty()) return false;
      const auto initial = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      std::uint64_t chunk = 0;
      if (initial >> 5 != major || !parse_argument(initial & 31, chunk)) return false;
      if (!parse_text(major, false, chunk, out)) return false;
    }
    return true;
  }

  bool parse_array(bool indefinite, std::uint64_t size, json::Value& out, int depth) {
    json::Array array;
    for (std::uint64_t i = 0; indefinite ? !at_break() : i < size; ++i) {
      if (!parse(array.emplace_back(), depth + 1)) return false;
    }
    out = json::Value(std::move(array));
    return true;
  }

  bool parse_map(bool indefinite, std::uint64_t size, json::Value& out, int depth) {
    json::Object object;
    for (std::uint64_t i = 0; indefinite ? !at_break() : i < size; ++i) {
      json::Value key, value;
      if (!parse(key, depth + 1) || !key.is_string() || !parse(value, depth + 1)) return false;
      if (object.size() > kMapMax) return false;
      object.set(key.as_string(), std::move(value));
    }
    out = json::Value(std::move(object));
    return true;
  }

  bool parse_simple(int info, json::Value& out) {
    std::uint64_t bits = 0;
    switch (info) {
      case 20:
      case 21:
        out = json::Value(info == 21);
        return true;
      case 22:
      case 23:
        out = json::Value();
        return true;
      case 25:
        return parse_argument(info, bits) && parse_double(half(static_cast<std::uint16_t>(bits)), out);
      case 26:
        return parse_argument(info, bits) && parse_double(std::bit_cast<float>(static_cast<std::uint32_t>(bits)), out);
      case 27:
        return parse_argument(info, bits) && parse_double(std::bit_cast<double>(bits), out);
      default:
        return false;
    }
  }

  static double half(std::uint16_t bits) {
    const int exponent = bits >> 10 & 31, mantissa = bits & 1023;
    double value = 0;
    if (exponent == 0) {
      value = std::ldexp(mantissa, -24);
    } else if (exponent != 31) {
      value = std::ldexp(mantissa + 1024, exponent - 25);
    } else {
      value = mantissa == 0 ? INFINITY : std::nan("");
    }
    return bits & 0x8000 ? -value : value;
  }

  static bool parse_double(double number, json::Value& out) {
    if (std::isfinite(number)) {
      out = json::Value(number);
    } else {
      out = json::Value(std::isnan(number) ? "NaN" : number < 0 ? "-Infinity" : "Infinity");
    }
    return true;
  }

  // Members are found one after another, so a map's size is bounded.
  static constexpr std::size_t kMapMax = 10'000;
  std::string_view rest_;
};

}  // namespace

std::optional<json::Value> parse_cbor(std::string_view bytes) {
  return Parser(bytes).parse_document();
}

void CborWriter::head(int major, std::uint64_t argument) {
  const char kind = static_cast<char>(major << 5);
  int bytes = 0;
  if (argument < 24) {
    out_ += static_cast<char>(kind | static_cast<char>(argument));
  } else if (argument <= UINT8_MAX) {
    out_ += static_cast<char>(kind | 24);
    bytes = 1;
  } else if (argument <= UINT16_MAX) {
    out_ += static_cast<char>(kind | 25);
    bytes = 2;
  } else if (argument <= UINT32_MAX) {
    out_ += static_cast<char>(kind | 26);
    bytes = 4;
  } else {
    out_ += static_cast<char>(kind | 27);
    bytes = 8;
  }
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out_ += static_cast<char>(argument >> shift);
}

void CborWriter::text(std::string_view value) {
  head(3, value.size());
  out_ += value;
}

void CborWriter::blob(std::string_view bytes) {
  head(2, bytes.size());
  out_ += bytes;
}

void CborWriter::integer(std::int64_t value) {
  if (value >= 0) {
    head(0, static_cast<std::uint64_t>(value));
  } else {
    head(1, static_cast<std::uint64_t>(-(value + 1)));
  }
}

void CborWriter::number(double value) {
  out_ += '\xfb';
  const auto bits = std::bit_cast<std::uint64_t>(value);
  for (int shift = 56; shift >= 0; shift -= 8) out_ += static_cast<char>(bits >> shift);
}

void CborWriter::timestamp(base::Time value, TimestampFormat) {
  out_ += '\xc1';  // tag 1: seconds since 1970
  const std::int64_t us = base::to_unix_us(value);
  if (us % 1'000'000 == 0) {
    integer(us / 1'000'000);
  } else {
    number(static_cast<double>(us) / 1e6);
  }
}

void CborWriter::document(const json::Value& value) {
  if (value.is_null()) {
    out_ += '\xf6';
  } else if (value.is_bool()) {
    boolean(value.as_bool());
  } else if (value.is_number()) {
    const auto integral = value.as_number().as_int64();
    integral ? integer(*integral) : number(value.as_number().as_double());
  } else if (value.is_string()) {
    text(value.as_string());
  } else if (value.is_array()) {
    head(4, value.as_array().size());
    for (const json::Value& element : value.as_array()) document(element);
  } else {
    head(5, value.as_object().size());
    for (const auto& [name, member] : value.as_object()) {
      text(name);
      document(member);
    }
  }
}

std::string* CborWriter::json_text() {
  json_.clear();
  return &json_;
}

void CborWriter::json_text_done() {
  const auto value = json::parse(json_);
  CHECK(value.has_value());
  document(*value);
}

}  // namespace localcloud::wire
