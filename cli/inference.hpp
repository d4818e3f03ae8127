#pragma once
// A schema drafted from examples: what is always there is required, what took few values is listed, the rest is what it
// was. A draft to be read by a person, not a truth. Pure; not thread-safe.

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "json/value.hpp"

namespace cli {

class Inference {
 public:
  Inference();
  ~Inference();

  void add(const json::Object& example);
  std::uint64_t count() const;
  json::Value schema(const std::string& title) const;

 private:
  struct Node;
  std::unique_ptr<Node> root_;
};

}  // namespace cli
