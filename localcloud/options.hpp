#pragma once
// What `event-pipeline` is told on its command line.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/command_line.hpp"

namespace localcloud {

// A further account of one's own: --account ID:ACCESS_KEY:SECRET.
struct AccountOption {
  std::string id;  // 12 digits
  std::string access_key_id;
  std::string secret_access_key;
};

struct ServeOptions {
  std::filesystem::path data = "data";
  std::string bind = "127.0.0.1";
  std::uint16_t port = 4566;         // 0 picks a free one
  std::uint16_t events_port = 8080;  // likewise
  std::string region = "us-east-1";  // where the pipeline is deployed; kept from the first start on
  std::vector<AccountOption> accounts;
  std::size_t threads = 0;                              // of the HTTP server; 0: one for each core
  std::size_t memory_mib = 1024;                        // what is throttled beyond it: ARCHITECTURE.md, under Limits
  enum class Keep { data, nothing } keep = Keep::data;  // --ephemeral
  enum class Deploy { pipeline, nothing } deploy = Deploy::pipeline;       // --empty
  enum class Functions { linked, process } functions = Functions::linked;  // the pipeline's own
  enum class Print { text, json } print = Print::text;                     // --json
  std::filesystem::path deployment;                                        // the tree that holds deploy/ and pipeline/
  std::filesystem::path packages;                                          // the folder of the functions' zips
};

enum class Verb { serve, describe, operate };

struct CommandLine {
  Verb verb = Verb::serve;
  ServeOptions serve;
  std::shared_ptr<cli::Verbs> operate;  // send, tail, query, …
};

// Reads the command line; where it is wrong or asks for help, says so and answers the exit status instead.
std::optional<CommandLine> parse_command_line(int argc, char** argv, int& exit_status);

}  // namespace localcloud
