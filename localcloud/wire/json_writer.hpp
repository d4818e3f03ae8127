#pragma once
// A shape as JSON, for awsJson, restJson and direct calls.

#include "localcloud/wire/writer.hpp"

namespace localcloud::wire {

class JsonWriter final : public Writer {
 public:
  enum class Members { of_body, all };
  explicit JsonWriter(Members members = Members::of_body) : members_(members) {}

  bool writes_every_place() const override { return members_ == Members::all; }
  void begin_structure() override { open('{'); }
  void end_structure() override { close('}'); }
  void name(std::string_view name) override;
  void member(std::string_view name, const Limits& limits) override;
  void begin_list(std::size_t, const Limits&) override { open('['); }
  void end_list() override { close(']'); }
  void begin_map(std::size_t, const Limits&) override { open('{'); }
  void end_map() override { close('}'); }
  void text(std::string_view value) override;
  void boolean(bool value) override;
  void integer(std::int64_t value) override;
  void number(double value) override;
  void timestamp(base::Time value, TimestampFormat format) override;
  void blob(std::string_view bytes) override;
  void document(const json::Value& value) override;
  std::string* json_text() override;
  std::string take() override { return std::move(out_); }

 private:
  void open(char bracket);
  void close(char bracket);
  void separate();

  Members members_;
  std::string out_;
  bool first_ = true;        // nothing written yet at this level
  bool after_name_ = false;  // the value of a member comes next
};

}  // namespace localcloud::wire
