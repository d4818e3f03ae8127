#pragma once
// Functions whose code is part of this process: called directly, without a process, HTTP or a signature. main.cpp joins
// in which packages they are. What runs here is what would run there: the same code, under the same role.

#include <expected>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "json/document.hpp"
#include "localcloud/services/lambda/runtime/function_version.hpp"

namespace localcloud::lambda {

struct LinkedEvent {
  json::Document payload;
  std::string request_id;
  std::string trace_id;
  base::Time deadline;
};

// As the Runtime API takes it: the error's type, and the whole as JSON text.
struct LinkedError {
  std::string type;
  std::string payload;
};

// What a function writes to its output.
class LinkedOutput {
 public:
  virtual ~LinkedOutput() = default;
  virtual void write(std::string line) = 0;  // without its line break
};

// A function that has been started, as an instance of it is. Thread-safe.
class LinkedFunction {
 public:
  virtual ~LinkedFunction() = default;
  // The answer or the error. Any number at a time. The event, whose payload it may take, and the output outlive the
  // task, which runs on the executor that awaits it.
  using Handled = std::expected<json::Document, LinkedError>;
  virtual Task<Handled> handle(LinkedEvent& event, LinkedOutput& output) = 0;
};

// Thread-safe.
class LinkedCode {
 public:
  virtual ~LinkedCode() = default;
  // Whether the version's package is one whose code is linked, and nothing about it wants a process.
  virtual bool has(const FunctionVersion& version) const = 0;
  // Starts it under its role: as a ServiceError where the role can't be assumed. What the function itself says against
  // its start is a LinkedError.
  using Started = std::expected<std::shared_ptr<LinkedFunction>, LinkedError>;
  virtual Result<Started> start(const FunctionVersion& version) = 0;
};

}  // namespace localcloud::lambda
