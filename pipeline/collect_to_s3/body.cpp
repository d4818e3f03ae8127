// gzip and JSON's parts.

#include "pipeline/collect_to_s3/body.hpp"

#include <fmt/core.h>
#include <zlib.h>

#include "base/check.hpp"

namespace pipeline::collect_to_s3 {

namespace {

bool is_gzip(std::string_view bytes) {
  return bytes.size() > 2 && bytes[0] == '\x1f' && bytes[1] == '\x8b' && bytes[2] == '\x08';
}

struct Inflater {
  z_stream stream{};
  Inflater() {
    constexpr int kGzip = 16 + MAX_WBITS;
    CHECK(inflateInit2(&stream, kGzip) == Z_OK);
  }
  ~Inflater() { inflateEnd(&stream); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
};

std::expected<std::string, Undecodable> inflate_all(std::string_view bytes, std::size_t bytes_max) {
  Inflater inflater;
  z_stream& stream = inflater.stream;
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::string out;
  char chunk[16384];
  while (true) {
    stream.next_out = reinterpret_cast<Bytef*>(chunk);
    stream.avail_out = sizeof chunk;
    const int code = inflate(&stream, Z_NO_FLUSH);
    out.append(chunk, sizeof chunk - stream.avail_out);
    if (out.size() > bytes_max) {
      return std::unexpected(Undecodable{413, fmt::format("the decompressed body is larger than {} bytes", bytes_max)});
    }
    const std::size_t at = bytes.size() - stream.avail_in;
    if (code == Z_STREAM_END) {
      const std::string_view rest = bytes.substr(at);
      // Another member follows, or padding, which gzip lets stand.
      if (!is_gzip(rest)) {
        if (rest.find_first_not_of('\0') == std::string_view::npos) return out;
        return std::unexpected(Undecodable{400, fmt::format("gzip: something else follows the stream at byte {}", at)});
      }
      inflateReset(&stream);
      continue;
    }
    if (code == Z_BUF_ERROR || (code == Z_OK && stream.avail_in == 0 && stream.avail_out != 0)) {
      return std::unexpected(Undecodable{400, fmt::format("gzip: the stream ends too early, at byte {}", at)});
    }
    if (code != Z_OK) {
      return std::unexpected(
          Undecodable{400, fmt::format("gzip: {} at byte {}", stream.msg ? stream.msg : "not a gzip stream", at)});
    }
  }
}

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::size_t end_of_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      return at + 1;
    }
  }
  return std::string_view::npos;
}

std::unexpected<SplitError> split_error(std::string message, std::size_t offset) {
  return std::unexpected(SplitError{std::move(message), offset});
}

// The value that begins at text[at].
std::expected<Part, SplitError> take_value(std::string_view text, std::size_t at) {
  const std::size_t begin = at;
  std::string open;  // the brackets that are to be closed, innermost last
  std::size_t depth = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      at = end_of_string(text, at);
      if (at == std::string_view::npos) return split_error("a string has no end", text.size());
    } else if (c == '[' || c == '{') {
      open += c == '[' ? ']' : '}';
      depth = std::max(depth, open.size());
      ++at;
    } else if (c == ']' || c == '}') {
      if (open.empty()) break;  // of what the value lies in
      if (open.back() != c) return split_error(fmt::format("expected '{}'", open.back()), at);
      open.pop_back();
      ++at;
    } else if (open.empty() && (c == ',' || c == ':' || is_space(c))) {
      break;
    } else {
      ++at;
      continue;  // within a number or a word
    }
    if (open.empty()) break;
  }
  if (!open.empty()) return split_error(fmt::format("expected '{}'", open.back()), text.size());
  if (at == begin) return split_error("expected a value", at);
  return Part{text.substr(begin, at - begin), depth};
}

std::size_t skip_space(std::string_view text, std::size_t at) {
  while (at < text.size() && is_space(text[at])) ++at;
  return at;
}

}  // namespace

std::expected<std::string, Undecodable> decompress(std::string body, std::size_t bytes_max) {
  for (int times = 0; is_gzip(body); ++times) {
    if (times == 2) return std::unexpected(Undecodable{400, "gzip within gzip within gzip"});
    auto inflated = inflate_all(body, bytes_max);
    if (!inflated) return inflated;
    body = *std::move(inflated);
  }
  if (body.size() > bytes_max) {
    return std::unexpected(Undecodable{413, fmt::format("the body is larger than {} bytes", bytes_max)});
  }
  return body;
}

std::string_view without_marks(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  while (text.ends_with('\0')) text.remove_suffix(1);
  return text;
}

std::string_view trim_json(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::expected<Part, SplitError> split_value(std::string_view text) {
  auto part = take_value(text, 0);
  if (part && part->bytes.size() < text.size())
    return split_error("something else follows the value", part->bytes.size());
  return part;
}

std::expected<std::vector<Part>, SplitError> split_array(std::string_view text) {
  std::vector<Part> items;
  if (!text.starts_with('[')) return split_error("expected '['", 0);
  std::size_t at = skip_space(text, 1);
  if (at < text.size() && text[at] == ']') {
    ++at;
  } else {
    while (true) {
      auto item = take_value(text, at);
      if (!item) return std::unexpected(item.error());
      items.push_back(*item);
      at = skip_space(text, at + item->bytes.size());
      const char c = at < text.size() ? text[at] : '\0';
      if (c != ',' && c != ']') return split_error("expected ',' or ']'", at);
      at = skip_space(text, at + 1);
      if (c == ']') break;
    }
  }
  if (at < text.size()) return split_error("something else follows the value", at);
  return items;
}

std::expected<std::vector<std::pair<Part, Part>>, SplitError> split_object(std::string_view text) {
  std::vector<std::pair<Part, Part>> members;
  if (!text.starts_with('{')) return split_error("expected '{'", 0);
  std::size_t at = skip_space(text, 1);
  if (at < text.size() && text[at] == '}') {
    ++at;
  } else {
    while (true) {
      if (at >= text.size() || text[at] != '"') return split_error("expected a member's name", at);
      auto name = take_value(text, at);
      if (!name) return std::unexpected(name.error());
      at = skip_space(text, at + name->bytes.size());
      if (at >= text.size() || text[at] != ':') return split_error("expected ':'", at);
      at = skip_space(text, at + 1);
      auto value = take_value(text, at);
      if (!value) return std::unexpected(value.error());
      members.emplace_back(*name, *value);
      at = skip_space(text, at + value->bytes.size());
      const char c = at < text.size() ? text[at] : '\0';
      if (c != ',' && c != '}') return split_error("expected ',' or '}'", at);
      at = skip_space(text, at + 1);
      if (c == '}') break;
    }
  }
  if (at < text.size()) return split_error("something else follows the value", at);
  return members;
}

}  // namespace pipeline::collect_to_s3
