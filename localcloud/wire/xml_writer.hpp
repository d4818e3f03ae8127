#pragma once
// A shape as XML, for awsQuery.

#include <vector>

#include "localcloud/wire/codec.hpp"

namespace localcloud::wire {

std::string escape_xml(std::string_view text);

class XmlWriter final : public Writer {
 public:
  void begin_structure() override { open(); }
  void end_structure() override { close(); }
  void name(std::string_view name) override { name_ = name; }
  void begin_list(std::size_t size, std::string_view element) override;
  void end_list() override { close(); }
  void begin_map(std::size_t size) override;
  void end_map() override { close(); }
  void text(std::string_view value) override { leaf(escape_xml(value)); }
  void boolean(bool value) override { leaf(value ? "true" : "false"); }
  void integer(std::int64_t value) override { leaf(std::to_string(value)); }
  void number(double value) override;
  void timestamp(base::Time value) override;
  void blob(std::string_view bytes) override;
  void document(const json::Value& value) override;
  std::string* json_text() override;
  void json_text_done() override;
  std::string take() override { return std::move(out_); }

 private:
  // What stands around the values at this level.
  struct Level {
    std::string closing;  // the end tag, or nothing at the outermost level
    std::string element;  // of a list: what each value is called
    bool is_map = false;  // each value stands in an entry, with its key
  };
  void open();
  void close();
  void leaf(std::string_view escaped);
  std::string begin_value();  // writes what comes before a value; answers what comes behind it

  std::string out_;
  std::string name_;
  std::vector<Level> levels_;
  std::string json_;
};

}  // namespace localcloud::wire
