#pragma once
// S3's answers, as far as they are flat: the texts of elements by their names. Pure.

#include <string>
#include <string_view>
#include <vector>

namespace pipeline::aws_client {

// The text of each element of that name, in their order, wherever it stands. What isn't well-formed ends the list.
std::vector<std::string> xml_elements(std::string_view xml, std::string_view name);
// Of the first; empty where there is none.
std::string xml_element(std::string_view xml, std::string_view name);

}  // namespace pipeline::aws_client
