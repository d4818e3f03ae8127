#include "localcloud/wire/http/message.hpp"

#include "base/text.hpp"

namespace localcloud::wire::http {

namespace {

bool is_unreserved(unsigned char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
         c == '.' || c == '~';
}

std::optional<std::string> decode_parameter(std::string_view text) {
  std::string spaced(text);
  for (char& c : spaced) {
    if (c == '+') c = ' ';
  }
  return percent_decode(spaced);
}

}  // namespace

std::optional<std::string_view> find_header(const Headers& headers, std::string_view name) {
  for (const auto& [key, value] : headers) {
    if (base::equal_ignoring_case(key, name)) return value;
  }
  return std::nullopt;
}

std::optional<std::string> percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const auto byte = text.size() - i > 2 ? base::from_hex(text.substr(i + 1, 2)) : std::nullopt;
    if (!byte) return std::nullopt;
    out += *byte;
    i += 2;
  }
  return out;
}

std::string percent_encode(std::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const unsigned char c : text) {
    if (is_unreserved(c)) {
      out += static_cast<char>(c);
    } else {
      out += '%';
      out += kHex[c >> 4];
      out += kHex[c & 15];
    }
  }
  return out;
}

std::optional<std::vector<std::pair<std::string, std::string>>> parse_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> out;
  while (!query.empty()) {
    const std::size_t end = query.find('&');
    const std::string_view parameter = query.substr(0, end);
    query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
    if (parameter.empty()) continue;
    const std::size_t equals = parameter.find('=');
    auto name = decode_parameter(parameter.substr(0, equals));
    auto value = equals == std::string_view::npos ? std::string() : decode_parameter(parameter.substr(equals + 1));
    if (!name || !value) return std::nullopt;
    out.emplace_back(std::move(*name), std::move(*value));
  }
  return out;
}

bool Body::hold(std::size_t) {
  return true;
}

const Headers& Body::trailers() const {
  static const Headers kNone;
  return kNone;
}

Task<Result<std::string>> read_all(Body& body, std::size_t size_max) {
  std::string out;
  std::size_t held = 0;
  for (;;) {
    const Result<std::string_view> part = co_await body.next();
    if (!part) co_return failure(part.error());
    if (part->empty()) co_return out;
    if (out.size() + part->size() > size_max) {
      co_return failure({"RequestEntityTooLargeException",
                         "Request must be smaller than " + std::to_string(size_max) + " bytes for this operation",
                         413});
    }
    if (const std::size_t needed = out.size() + part->size(); needed > out.capacity()) {
      // A quarter at a time: doubling would hold twice what a body needs, and refuse one that fits.
      const std::size_t capacity = std::max(needed, out.capacity() + out.capacity() / 4);
      if (!body.hold(capacity - std::exchange(held, capacity))) throw Overloaded();
      out.reserve(capacity);
    }
    out += *part;
  }
}

Task<Result<std::string_view>> StringBody::next() {
  if (std::exchange(read_, true)) co_return std::string_view{};
  co_return std::string_view(bytes_);
}

}  // namespace localcloud::wire::http
