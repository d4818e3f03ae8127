#pragma once
// A shape as XML, for awsQuery and restXml.
// https://smithy.io/2.0/aws/protocols/aws-restxml-protocol.html

#include <vector>

#include "localcloud/wire/writer.hpp"

namespace localcloud::wire {

std::string escape_xml(std::string_view text);

class XmlWriter final : public Writer {
 public:
  // The content of an element that the caller writes around it.
  XmlWriter() = default;
  // A document, whose root element is called `root`.
  XmlWriter(std::string_view root, std::string_view xml_namespace);

  void begin_structure() override { open(); }
  void end_structure() override { close(); }
  void name(std::string_view name) override;
  void member(std::string_view name, const Limits& limits) override;
  void begin_list(std::size_t size, const Limits& limits) override;
  void end_list() override { close(); }
  void begin_map(std::size_t size, const Limits& limits) override;
  void end_map() override { close(); }
  void text(std::string_view value) override { leaf(value); }
  void boolean(bool value) override { leaf(value ? "true" : "false"); }
  void integer(std::int64_t value) override { leaf(std::to_string(value)); }
  void number(double value) override { leaf(number_text(value)); }
  void timestamp(base::Time value, TimestampFormat format) override;
  void blob(std::string_view bytes) override;
  void document(const json::Value& value) override;
  std::string* json_text() override;
  void json_text_done() override { leaf(json_); }
  std::string take() override;

 private:
  // What stands around the values at this level.
  struct Level {
    std::string closing;        // the end tag, or nothing at the outermost level and around what is flattened
    std::string element;        // of a list, what each value is called; of a map, each entry
    std::string key;            // of a map: its entries' keys, or nothing
    std::string value;          // of a map: its entries' values
    std::size_t attributes_at;  // of a structure: where the next attribute goes
  };

  void open();
  void open_flattened() { levels_.push_back({}); }
  void close();
  void leaf(std::string_view text);
  std::string begin_value();  // writes what comes before a value; answers what comes behind it

  std::string out_;
  std::string root_;
  std::string name_;        // of the member or entry whose value comes next
  bool bare_ = false;       // that value, flattened, is the text of the element around it
  bool attribute_ = false;  // that value is an attribute of the element around it
  std::vector<Level> levels_;
  std::string json_;
};

}  // namespace localcloud::wire
