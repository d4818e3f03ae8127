#pragma once
// Pseudonyms of values and fingerprints of events: HMAC-SHA-256 under a secret key, so that equal values stay equal and
// nobody without the key finds a value by trying all. Pure.

#include <expected>
#include <string>
#include <string_view>

#include "json/value.hpp"
#include "pipeline/event/event.hpp"

namespace pipeline::privacy {

// 64 hex digits. Of text it is the HMAC of its very bytes, so that whoever has the key finds a person's rows by
// `printf %s VALUE | openssl dgst -sha256 -hmac KEY`; of anything else, of its JSON, members sorted and numbers in one
// form: 1.50 is 1.5.
std::string pseudonym(std::string_view key, const json::Value& value);

// Of an event's type and properties, which must be as they came (event::normalize done): tells one event sent twice
// from an id used twice, where what is stored of them no longer can.
std::string fingerprint(std::string_view key, const event::Event& event);

// config/pseudonym_key: 32 characters or more, without the white space at its end.
std::expected<std::string, std::string> parse_key(const std::string& text);

}  // namespace pipeline::privacy
