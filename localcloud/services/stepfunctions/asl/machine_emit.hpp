#pragma once
// How a Machine writes its events. Used by machine*.cpp alone.

#include "json/write.hpp"
#include "localcloud/services/stepfunctions/asl/machine_thread.hpp"

namespace localcloud::stepfunctions::asl {

// `details` fills the event's details; it is called only where somebody reads events.
template <class Details>
std::int64_t Machine::emit(std::string_view type, std::string_view details_name, std::int64_t previous,
                           Details details) {
  // The last place is the end's: what doesn't fit before it is dropped, and run() ends the execution.
  if (events_count_ >= facts_.events_max - 1 && status_ == Status::running) {
    is_full_ = true;
    return events_count_;
  }
  ++events_count_;
  if (recording_ == Recording::events || (recording_ == Recording::failures && is_failure(type))) {
    Event event{events_count_, previous, now_, std::string(type), std::string(details_name), {}};
    details(event.details);
    events_.push_back(std::move(event));
  }
  return events_count_;
}

// A payload as events show it: its JSON text, and that it is whole.
inline void put_payload(json::Object& details, std::string_view name, const json::Value& value) {
  details.append(std::string(name), json::write(value));
  details.append(std::string(name) + "Details", json::Object{{"truncated", false}});
}

inline void put_failure(json::Object& details, const Failure& failure) {
  if (failure.error) details.append("error", *failure.error);
  if (failure.cause) details.append("cause", *failure.cause);
}

}  // namespace localcloud::stepfunctions::asl
