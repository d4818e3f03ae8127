#pragma once
// REST XML's documents: a body to a tree of values and a shape to XML.
// https://smithy.io/2.0/aws/protocols/aws-restxml-protocol.html

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "localcloud/wire/codec.hpp"

namespace localcloud::wire {

// The content of the root element: an element that holds elements becomes an object, those of the same name an array,
// any other its text. Nothing where the text isn't well-formed, has a document type, nests deeper than 16 or holds more
// than 20,000 elements. Attributes and name spaces are passed over. Pure.
std::optional<json::Value> parse_xml(std::string_view text);

// Writes one document, whose root element is called `root`; take() answers the whole of it.
std::unique_ptr<Writer> begin_xml(std::string_view root, std::string_view xml_namespace);

}  // namespace localcloud::wire
