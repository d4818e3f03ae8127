#pragma once
// Bodies as they come: decompressing them, and cutting JSON into its parts without changing a byte. Pure.

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
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

// A value within JSON text, found by its brackets and quotes alone: what is inside has not been looked at.
struct Part {
  std::string_view bytes;
  std::size_t depth = 0;  // of the arrays and objects within each other
};
struct SplitError {
  std::string message;
  std::size_t offset = 0;
};

// `text` must have no white space around it. Bodies are cut before they are parsed, so that memory is needed for one
// event at a time, and one that is too large or too deep doesn't take its neighbours along.
std::expected<Part, SplitError> split_value(std::string_view text);                                 // the whole of it
std::expected<std::vector<Part>, SplitError> split_array(std::string_view text);                    // its items
std::expected<std::vector<std::pair<Part, Part>>, SplitError> split_object(std::string_view text);  // names and values

std::string_view trim_json(std::string_view text);  // what JSON calls white space

}  // namespace pipeline::collect_to_s3
