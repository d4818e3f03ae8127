#pragma once
// A server of one's own to measure: its data in a folder that goes at the end. Writes are durable, calls are signed and
// authorized, as they always are.

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "aws/sigv4.hpp"
#include "bench/load.hpp"
#include "json/value.hpp"

namespace bench {

// A call of one of the services.
struct Call {
  std::string service;  // the signature's name for it
  std::string method = "POST";
  std::string path = "/";
  aws::Headers headers = {};
  std::string body = {};
};

class Server {
 public:
  explicit Server(std::vector<std::string> options = {});
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  void start();
  void stop();

  double start_ms() const { return start_ms_; }   // from fork to ready
  std::string text(std::string_view name) const;  // of the line that `serve --json` prints
  Place place() const { return Place::of(text("endpoint")); }

  // Stops and starts again with what is stored; the median.
  double restart_ms(int times);
  double stored_mib() const;

  // The call as signed bytes, and its answer's body.
  std::string request(const Call& call) const;
  std::string ask(const Call& call) const { return bench::ask(place(), request(call)); }
  // The head alone, signed for a body of that hash and length.
  std::string head(const Call& call, std::string_view payload_hash, std::size_t length) const;

  // Of the server and its children.
  double resident_mib() const;
  double cpu_s() const;

 private:
  template <typename Visit>
  void each_process(Visit&& visit) const;

  std::filesystem::path folder_;
  std::vector<std::string> options_;
  pid_t pid_ = 0;
  double start_ms_ = 0;
  json::Value ready_;
  aws::Credentials credentials_;
  mutable aws::SigningKeys keys_;
};

// A call of a JSON service: DynamoDB_20120810.PutItem, AWSStepFunctions.StartExecution.
Call json_call(std::string_view target, std::string body);

}  // namespace bench
