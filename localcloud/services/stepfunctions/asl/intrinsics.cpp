// The intrinsic functions.

#include "localcloud/services/stepfunctions/asl/intrinsics.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "base/text.hpp"
#include "json/parse.hpp"
#include "json/write.hpp"

namespace localcloud::stepfunctions::asl {
namespace {

using Answer = std::expected<json::Value, std::string>;

constexpr std::size_t kTextLengthMax = 10'000;  // of what Hash, Base64Encode and Base64Decode take
constexpr std::size_t kArrayLengthMax = 1'000;

// AWS rounds halves up, as Java's Math.round does.
std::int64_t rounded(const json::Value& number) {
  const double value = std::floor(number.as_number().as_double() + 0.5);
  if (value >= 9.2e18) return INT64_MAX;
  if (value <= -9.2e18) return INT64_MIN;
  return number.as_number().as_int64().value_or(static_cast<std::int64_t>(value));
}

std::string as_text(const json::Value& value) {
  return value.is_string() ? value.as_string() : json::write(value);
}

// The template's `{}` are replaced in turn. The parser has left the template's own escapes of braces as `\{`.
Answer format(Arguments& arguments, Random&) {
  const std::string& pattern = arguments[0].as_string();
  std::string out;
  std::size_t next = 1;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '\\' && i + 1 < pattern.size() && (pattern[i + 1] == '{' || pattern[i + 1] == '}')) {
      out.push_back(pattern[++i]);
    } else if (pattern[i] == '{' && i + 1 < pattern.size() && pattern[i + 1] == '}') {
      ++i;
      if (next >= arguments.size()) return std::unexpected("number of arguments do not match the occurrences of {}");
      out += as_text(arguments[next++]);
    } else {
      out.push_back(pattern[i]);
    }
  }
  if (next != arguments.size()) return std::unexpected("number of arguments do not match the occurrences of {}");
  return json::Value(std::move(out));
}

Answer string_to_json(Arguments& arguments, Random&) {
  const std::string& text = arguments[0].as_string();
  if (text.find_first_not_of(" \t\r\n") == std::string::npos) return json::Value();
  auto value = json::parse(text, {.depth_max = 128});
  if (!value) return std::unexpected("the string is not valid JSON: " + value.error().describe());
  return std::move(*value);
}

Answer json_to_string(Arguments& arguments, Random&) {
  return json::Value(json::write(arguments[0]));
}

Answer array(Arguments& arguments, Random&) {
  return json::Value(json::Array(std::move(arguments)));
}

Answer array_partition(Arguments& arguments, Random&) {
  const std::int64_t size = rounded(arguments[1]);
  if (size <= 0) return std::unexpected("chunk size must be a positive integer");
  json::Array chunks;
  for (json::Value& item : arguments[0].as_array()) {
    if (chunks.empty() || static_cast<std::int64_t>(chunks.back().as_array().size()) == size)
      chunks.emplace_back(json::Array{});
    chunks.back().as_array().push_back(std::move(item));
  }
  return json::Value(std::move(chunks));
}

Answer array_contains(Arguments& arguments, Random&) {
  const json::Array& array = arguments[0].as_array();
  return json::Value(std::ranges::find(array, arguments[1]) != array.end());
}

Answer array_range(Arguments& arguments, Random&) {
  const std::int64_t from = rounded(arguments[0]), to = rounded(arguments[1]), step = rounded(arguments[2]);
  if (step == 0) return std::unexpected("step cannot be 0");
  json::Array range;
  for (__int128 i = from; step > 0 ? i <= to : i >= to; i += step) {
    if (range.size() == kArrayLengthMax) return std::unexpected("the range must not have more than 1000 items");
    range.emplace_back(static_cast<std::int64_t>(i));
  }
  return json::Value(std::move(range));
}

Answer array_get_item(Arguments& arguments, Random&) {
  const json::Array& array = arguments[0].as_array();
  const std::int64_t index = rounded(arguments[1]);
  if (index < 0 || index >= static_cast<std::int64_t>(array.size())) return std::unexpected("index is out of bounds");
  return array[static_cast<std::size_t>(index)];
}

Answer array_length(Arguments& arguments, Random&) {
  return json::Value(static_cast<std::int64_t>(arguments[0].as_array().size()));
}

// Equal values have equal hashes: numbers by value, members in any order.
std::size_t hash_of(const json::Value& value) {
  if (value.is_string()) return std::hash<std::string>()(value.as_string());
  if (value.is_number()) return std::hash<double>()(value.as_number().as_double());
  std::size_t hash = std::hash<std::string_view>()(value.kind()) + (value.is_bool() && value.as_bool() ? 1 : 0);
  if (value.is_array()) {
    for (const json::Value& item : value.as_array()) hash = hash * 31 + hash_of(item);
  } else if (value.is_object()) {
    for (const auto& [name, member] : value.as_object())
      hash += std::hash<std::string>()(name) ^ (hash_of(member) * 31);
  }
  return hash;
}

Answer array_unique(Arguments& arguments, Random&) {
  json::Array unique;
  std::unordered_multimap<std::size_t, std::size_t> places;
  for (json::Value& item : arguments[0].as_array()) {
    const std::size_t hash = hash_of(item);
    const auto [from, to] = places.equal_range(hash);
    if (std::any_of(from, to, [&](const auto& place) { return unique[place.second] == item; })) continue;
    places.emplace(hash, unique.size());
    unique.push_back(std::move(item));
  }
  return json::Value(std::move(unique));
}

Answer base64_encode(Arguments& arguments, Random&) {
  const std::string& text = arguments[0].as_string();
  if (text.size() > kTextLengthMax) return std::unexpected("the data must not have more than 10000 characters");
  return json::Value(base::to_base64(text));
}

Answer base64_decode(Arguments& arguments, Random&) {
  const std::string& text = arguments[0].as_string();
  if (text.size() > kTextLengthMax) return std::unexpected("the data must not have more than 10000 characters");
  std::optional<std::string> bytes = base::from_base64(text);
  if (!bytes || base::first_invalid_utf8(*bytes)) return std::unexpected("the data is not the base64 form of a string");
  return json::Value(std::move(*bytes));
}

Answer hash(Arguments& arguments, Random&) {
  static constexpr std::pair<std::string_view, const char*> kAlgorithms[] = {
      {"MD5", "MD5"}, {"SHA-1", "SHA1"}, {"SHA-256", "SHA256"}, {"SHA-384", "SHA384"}, {"SHA-512", "SHA512"}};
  const auto* const algorithm = std::ranges::find(kAlgorithms, std::string_view(arguments[1].as_string()),
                                                  &std::pair<std::string_view, const char*>::first);
  if (algorithm == std::end(kAlgorithms))
    return std::unexpected("the algorithm must be one of MD5, SHA-1, SHA-256, SHA-384, SHA-512");
  const std::string data = as_text(arguments[0]);
  if (data.size() > kTextLengthMax) return std::unexpected("the data must not have more than 10000 characters");
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  std::size_t length = 0;
  const int done = EVP_Q_digest(nullptr, algorithm->second, nullptr, data.data(), data.size(),
                                reinterpret_cast<unsigned char*>(digest.data()), &length);
  if (done != 1) return std::unexpected("the algorithm is not available");
  digest.resize(length);
  return json::Value(base::to_hex(digest));
}

Answer json_merge(Arguments& arguments, Random&) {
  if (arguments[2].as_bool())
    return std::unexpected("the deep merging mode is not supported, the third argument must be false");
  json::Value merged = std::move(arguments[0]);
  for (auto& [name, value] : arguments[1].as_object()) merged.as_object().set(name, std::move(value));
  return merged;
}

Answer math_random(Arguments& arguments, Random& random) {
  const std::int64_t from = rounded(arguments[0]), to = rounded(arguments[1]);
  if (from >= to) return std::unexpected("the start must be less than the end");
  if (arguments.size() == 3)
    return json::Value(Random(static_cast<std::uint64_t>(rounded(arguments[2]))).between(from, to));
  return json::Value(random.between(from, to));
}

Answer math_add(Arguments& arguments, Random&) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(rounded(arguments[0]), rounded(arguments[1]), &sum))
    return std::unexpected("integer overflow");
  return json::Value(sum);
}

// Splits at every character of the second argument, and drops what is empty.
Answer string_split(Arguments& arguments, Random&) {
  const std::string& text = arguments[0].as_string();
  const std::string& separators = arguments[1].as_string();
  json::Array parts;
  if (separators.empty()) {
    if (!text.empty()) parts.emplace_back(text);
    return json::Value(std::move(parts));
  }
  std::size_t at = 0;
  while ((at = text.find_first_not_of(separators, at)) != std::string::npos) {
    const std::size_t end = std::min(text.find_first_of(separators, at), text.size());
    parts.emplace_back(text.substr(at, end - at));
    at = end;
  }
  return json::Value(std::move(parts));
}

Answer uuid(Arguments&, Random& random) {
  return json::Value(random.uuid());
}

constexpr std::size_t kAny = 256;

constexpr Intrinsic kIntrinsics[] = {
    {"States.Format", 1, kAny, "s.", format},
    {"States.StringToJson", 1, 1, "s", string_to_json},
    {"States.JsonToString", 1, 1, ".", json_to_string},
    {"States.Array", 0, kAny, ".", array},
    {"States.ArrayPartition", 2, 2, "an", array_partition},
    {"States.ArrayContains", 2, 2, "a.", array_contains},
    {"States.ArrayRange", 3, 3, "n", array_range},
    {"States.ArrayGetItem", 2, 2, "an", array_get_item},
    {"States.ArrayLength", 1, 1, "a", array_length},
    {"States.ArrayUnique", 1, 1, "a", array_unique},
    {"States.Base64Encode", 1, 1, "s", base64_encode},
    {"States.Base64Decode", 1, 1, "s", base64_decode},
    {"States.Hash", 2, 2, ".s", hash},
    {"States.JsonMerge", 3, 3, "oob", json_merge},
    {"States.MathRandom", 2, 3, "n", math_random},
    {"States.MathAdd", 2, 2, "n", math_add},
    {"States.StringSplit", 2, 2, "s", string_split},
    {"States.UUID", 0, 0, ".", uuid},
};

}  // namespace

const Intrinsic* find_intrinsic(std::string_view name) {
  const auto* const found = std::ranges::find(kIntrinsics, name, &Intrinsic::name);
  return found == std::end(kIntrinsics) ? nullptr : found;
}

bool fits_argument(const Intrinsic& intrinsic, std::size_t index, const json::Value& value) {
  switch (intrinsic.kinds[std::min(index, intrinsic.kinds.size() - 1)]) {
    case 'a':
      return value.is_array();
    case 's':
      return value.is_string();
    case 'n':
      return value.is_number();
    case 'b':
      return value.is_bool();
    case 'o':
      return value.is_object();
    default:
      return true;
  }
}

}  // namespace localcloud::stepfunctions::asl
