#pragma once
// Writes a shape, whatever the protocol: each protocol has a Writer, whose calls a shape's declaration makes.

#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "json/value.hpp"
#include "localcloud/wire/http/message.hpp"
#include "localcloud/wire/shape.hpp"

namespace localcloud::wire {

// What every protocol but CBOR writes: "1.5", "NaN", "-Infinity"; a moment in a form that isn't of_place, to the
// millisecond.
std::string number_text(double value);
std::string timestamp_text(base::Time value, TimestampFormat format);

// Writes a shape as one protocol writes it. Values come in order: name(), then one value.
class Writer {
 public:
  virtual ~Writer() = default;
  virtual void begin_structure() = 0;
  virtual void end_structure() = 0;
  // Whether members that travel outside the body are written too.
  virtual bool writes_every_place() const { return false; }
  virtual void name(std::string_view name) = 0;  // of the member or map entry whose value comes next
  // A structure's member, which may be called otherwise on the wire (limits.wire_name).
  virtual void member(std::string_view name, const Limits& limits) {
    this->name(limits.wire_name.empty() ? name : limits.wire_name);
  }
  virtual void begin_list(std::size_t size, const Limits& limits) = 0;
  virtual void end_list() = 0;
  virtual void begin_map(std::size_t size, const Limits& limits) = 0;
  virtual void end_map() = 0;
  virtual void text(std::string_view value) = 0;
  virtual void boolean(bool value) = 0;
  virtual void integer(std::int64_t value) = 0;
  virtual void number(double value) = 0;
  virtual void timestamp(base::Time value, TimestampFormat format) = 0;
  virtual void blob(std::string_view bytes) = 0;
  virtual void document(const json::Value& value) = 0;
  // JSON text of a type that writes itself; JSON protocols only.
  virtual std::string* json_text() = 0;
  virtual void json_text_done() {}
  // Everything that was written.
  virtual std::string take() = 0;
};

inline void write_value(Writer& writer, const std::string& value, const Limits&) {
  writer.text(value);
}
inline void write_value(Writer& writer, bool value, const Limits&) {
  writer.boolean(value);
}
inline void write_value(Writer& writer, std::int32_t value, const Limits&) {
  writer.integer(value);
}
inline void write_value(Writer& writer, std::int64_t value, const Limits&) {
  writer.integer(value);
}
inline void write_value(Writer& writer, double value, const Limits&) {
  writer.number(value);
}
inline void write_value(Writer& writer, Timestamp value, const Limits& limits) {
  writer.timestamp(value.time, limits.timestamp_format);
}
inline void write_value(Writer& writer, const Blob& value, const Limits&) {
  writer.blob(value.bytes);
}
inline void write_value(Writer& writer, const json::Value& value, const Limits&) {
  writer.document(value);
}
template <WireEnum T>
void write_value(Writer& writer, T value, const Limits&) {
  writer.text(to_wire(value));
}
template <class T>
void write_value(Writer& writer, const std::vector<T>& value, const Limits& limits);
template <class T>
void write_value(Writer& writer, const std::map<std::string, T>& value, const Limits& limits);
template <Shape T>
void write_value(Writer& writer, const T& value, const Limits&);
template <class T>
  requires requires(std::string& out, const T& value) { write_json(out, value); }
void write_value(Writer& writer, const T& value, const Limits&) {
  write_json(*writer.json_text(), value);
  writer.json_text_done();
}

// A stream's bytes, for a caller within the process; as much as 16 MB.
std::string read_whole(const http::Stream& stream);

template <class S, std::size_t N>
void write_member(Writer&, const S&, const RefusedNames<N>&) {}
template <class S, class Member>
void write_member(Writer& writer, const S& shape, const Field<S, Member>& field) {
  const Member& member = shape.*field.member;
  if constexpr (std::is_same_v<Member, http::Stream>) {
    if (writer.writes_every_place()) writer.member(field.name, field.limits), writer.text(read_whole(member));
  } else {
    if (field.place != Place::body && !writer.writes_every_place()) return;
    if constexpr (requires { member.has_value(); }) {
      if (!member.has_value()) return;
      writer.member(field.name, field.limits);
      write_value(writer, *member, field.limits);
    } else {
      writer.member(field.name, field.limits);
      write_value(writer, member, field.limits);
    }
  }
}
template <Shape T>
void write_value(Writer& writer, const T& value, const Limits&) {
  writer.begin_structure();
  std::apply([&](const auto&... field) { (write_member(writer, value, field), ...); }, T::members());
  writer.end_structure();
}
template <class T>
void write_value(Writer& writer, const std::vector<T>& value, const Limits& limits) {
  writer.begin_list(value.size(), limits);
  for (const T& element : value) write_value(writer, element, limits_of_each(limits));
  writer.end_list();
}
template <class T>
void write_value(Writer& writer, const std::map<std::string, T>& value, const Limits& limits) {
  writer.begin_map(value.size(), limits);
  for (const auto& [key, element] : value) {
    writer.name(key);
    write_value(writer, element, limits_of_each(limits));
  }
  writer.end_map();
}

}  // namespace localcloud::wire
