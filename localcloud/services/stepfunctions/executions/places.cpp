// Places for running executions, counted.

#include "localcloud/services/stepfunctions/executions/places.hpp"

#include <atomic>

namespace localcloud::stepfunctions {

struct Place::Taken {
  std::atomic<std::size_t> count = 0, bytes = 0;
};

Place::~Place() {
  if (!taken_) return;
  taken_->bytes -= bytes_;
  --taken_->count;
}

void Place::resize(std::size_t bytes) {
  taken_->bytes += bytes - bytes_;  // modulo 2^64: also where it is less
  bytes_ = bytes;
}

Places::Places(PlacesMax max) : max_(max), taken_(std::make_shared<Place::Taken>()) {}
Places::~Places() = default;

Place Places::take() {
  ++taken_->count;
  return Place(taken_);
}

bool Places::suffice() const {
  return taken_->count <= max_.count && taken_->bytes <= max_.bytes;
}

}  // namespace localcloud::stepfunctions
