// How much memory values, and a machine with all its threads, take.

#include "localcloud/services/stepfunctions/asl/held_bytes.hpp"

#include <bit>

#include "localcloud/services/stepfunctions/asl/machine_thread.hpp"

namespace localcloud::stepfunctions::asl {
namespace {

constexpr std::size_t kBlockBytes = 16;  // that an allocation takes beside what was asked for
constexpr std::size_t kNodeBytes = 48;   // of a map, beside its entry

std::size_t array_bytes(const json::Array& array) {
  if (array.capacity() == 0) return 0;
  std::size_t bytes = kBlockBytes + array.capacity() * sizeof(json::Value);
  for (const json::Value& item : array) bytes += heap_bytes(item);
  return bytes;
}

std::size_t object_bytes(const json::Object& object) {
  if (object.empty()) return 0;
  // Members are added one by one, so there may be room for twice as many.
  std::size_t bytes = kBlockBytes + std::bit_ceil(object.size()) * sizeof(json::Object::Member);
  for (const auto& [name, member] : object) bytes += heap_bytes(name) + heap_bytes(member);
  return bytes;
}

}  // namespace

std::size_t heap_bytes(const std::string& text) {
  static const std::size_t kWithinItself = std::string().capacity();
  return text.capacity() > kWithinItself ? kBlockBytes + text.capacity() : 0;
}

std::size_t heap_bytes(const json::Value& value) {
  if (value.is_string()) return heap_bytes(value.as_string());
  if (value.is_number()) return heap_bytes(value.as_number().text());
  if (value.is_array()) return array_bytes(value.as_array());
  return value.is_object() ? object_bytes(value.as_object()) : 0;
}

std::size_t Machine::Thread::held_bytes() const {
  std::size_t bytes = kBlockBytes + sizeof(Thread) + heap_bytes(input) + heap_bytes(effective);
  if (item) bytes += heap_bytes(*item);
  for (const auto& [name, value] : variables)
    bytes += kNodeBytes + sizeof(name) + sizeof(value) + heap_bytes(name) + heap_bytes(value);
  bytes += array_bytes(items) + array_bytes(results) + attempts.capacity() * sizeof(attempts.front()) +
           children.capacity() * sizeof(children.front());
  for (const std::unique_ptr<Thread>& child : children) bytes += child->held_bytes();
  return bytes;
}

std::size_t Machine::held_bytes() const {
  std::size_t bytes = sizeof(Machine) + heap_bytes(facts_.input) + heap_bytes(facts_.input_text) + heap_bytes(output_);
  // What hasn't started will hold it as its first state's input, before and after InputPath, and as a task's
  // parameters.
  bytes += root_ ? root_->held_bytes() : 3 * heap_bytes(facts_.input);
  for (const auto& [id, pending] : pending_) bytes += kNodeBytes + sizeof(pending) + pending.parameters_bytes;
  return bytes;
}

}  // namespace localcloud::stepfunctions::asl
