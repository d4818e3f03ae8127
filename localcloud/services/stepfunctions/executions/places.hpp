#pragma once
// Places for running executions: how many there are, and how much memory they hold together. Where they don't suffice,
// no new execution is taken on; what runs goes on, and counts with what it has grown to.

#include <cstddef>
#include <memory>
#include <utility>

namespace localcloud::stepfunctions {

struct PlacesMax {
  std::size_t count = 1'000'000;
  std::size_t bytes = 512 << 20;
};

// One execution's place, until it is destroyed; it may outlive the places. Thread-compatible.
class Place {
 public:
  Place(Place&&) noexcept = default;
  Place& operator=(Place&&) = delete;
  ~Place();

  // What the execution holds now.
  void resize(std::size_t bytes);

 private:
  friend class Places;
  struct Taken;
  explicit Place(std::shared_ptr<Taken> taken) : taken_(std::move(taken)) {}

  std::shared_ptr<Taken> taken_;
  std::size_t bytes_ = 0;
};

// Thread-safe.
class Places {
 public:
  explicit Places(PlacesMax max);
  ~Places();

  Place take();
  // Whether all that were taken, with what they hold, are as many as there may be.
  bool suffice() const;

 private:
  const PlacesMax max_;
  const std::shared_ptr<Place::Taken> taken_;
};

}  // namespace localcloud::stepfunctions
