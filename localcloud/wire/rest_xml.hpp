#pragma once
// REST XML's documents, read: a body to a tree of values. xml_writer.hpp writes them.
// https://smithy.io/2.0/aws/protocols/aws-restxml-protocol.html

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "json/value.hpp"

namespace localcloud::wire {

struct XmlDocument {
  std::string root;  // what the root element is called
  json::Value content;
};

// What the text holds: an element that holds elements becomes an object, those of the same name an array,
// any other its text. Of an element that holds elements, the attributes are there too, as "@name"; name spaces are
// passed over. Nothing where the text isn't well-formed, has a document type, nests deeper than 16 or holds more
// than 20,000 elements and attributes. Pure.
std::optional<XmlDocument> parse_xml(std::string_view text);

// What S3 answers to any other.
ServiceError malformed_xml();

}  // namespace localcloud::wire
