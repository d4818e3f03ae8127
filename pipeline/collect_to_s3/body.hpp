#pragma once
// Bodies as they come: decompressing them, and cutting JSON into its parts without changing a byte. Pure.

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::collect_to_s3 {

// Why a body can't be taken, and with which status that is answered.
struct Undecodable {
  int status = 400;
  std::string message;
};

// The body decompressed where it begins like gzip, whatever its headers say: SDKs send gzip without a Content-Encoding
// and proxies undo it without removing one. Several members are joined; what is gzip inside once more is undone too.
std::expected<std::string, Undecodable> decompress(std::string body, std::size_t bytes_max);

// Without a byte order mark, and without the NULs that some clients add.
std::string_view without_marks(std::string_view text);

// The bytes of each item of an array. `array` must be valid JSON, an array, without white space around it.
std::vector<std::string_view> items_of(std::string_view array);
// The bytes of the value of that name, the last of them where a name is repeated. `object` must be valid JSON, an
// object.
std::optional<std::string_view> member_of(std::string_view object, std::string_view name);

std::string_view trim_json(std::string_view text);  // what JSON calls white space

}  // namespace pipeline::collect_to_s3
