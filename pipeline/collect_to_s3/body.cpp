// gzip and JSON's parts.

#include "pipeline/collect_to_s3/body.hpp"

#include <fmt/core.h>
#include <zlib.h>

#include "base/check.hpp"
#include "json/parse.hpp"

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

// The end of the JSON value that begins at text[at]; the text is known to be valid.
std::size_t end_of_value(std::string_view text, std::size_t at) {
  std::size_t depth = 0;
  bool in_string = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (in_string) {
      if (c == '\\') {
        ++at;
      } else if (c == '"') {
        in_string = false;
        if (depth == 0) return at + 1;
      }
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      ++depth;
    } else if (c == ']' || c == '}') {
      if (depth == 0) return at;  // of what the value lies in
      if (--depth == 0) return at + 1;
    } else if (depth == 0 && (c == ',' || is_space(c))) {
      return at;
    }
  }
  return at;
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

std::vector<std::string_view> items_of(std::string_view array) {
  std::vector<std::string_view> items;
  std::size_t at = skip_space(array, 1);
  while (at < array.size() && array[at] != ']') {
    const std::size_t end = end_of_value(array, at);
    items.push_back(array.substr(at, end - at));
    at = skip_space(array, end);
    if (at < array.size() && array[at] == ',') at = skip_space(array, at + 1);
  }
  return items;
}

std::optional<std::string_view> member_of(std::string_view object, std::string_view name) {
  std::optional<std::string_view> found;
  std::size_t at = skip_space(object, 1);
  while (at < object.size() && object[at] != '}') {
    const std::size_t name_end = end_of_value(object, at);
    const std::string_view quoted = object.substr(at, name_end - at);
    at = skip_space(object, skip_space(object, name_end) + 1);  // past the colon
    const std::size_t end = end_of_value(object, at);
    // A name may be written with escapes.
    const auto parsed = quoted.find('\\') == std::string_view::npos ? json::Value(quoted.substr(1, quoted.size() - 2))
                                                                    : json::parse(quoted).value_or(json::Value(""));
    if (parsed.as_string() == name) found = object.substr(at, end - at);
    at = skip_space(object, end);
    if (at < object.size() && object[at] == ',') at = skip_space(object, at + 1);
  }
  return found;
}

}  // namespace pipeline::collect_to_s3
