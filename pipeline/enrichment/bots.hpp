#pragma once
// Who says of itself that it is a program. Pure.

#include <string>
#include <string_view>
#include <vector>

namespace pipeline::enrichment {

// What user agents of crawlers, monitors and libraries have in them, in lower case.
std::vector<std::string> default_bot_words();

// Whether ua-parser's rules call the device a "Spider", or the user agent holds one of the words, whatever its case.
bool is_bot(std::string_view user_agent, std::string_view device, const std::vector<std::string>& words);

}  // namespace pipeline::enrichment
