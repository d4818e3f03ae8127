#pragma once
// Where the pipeline is that a verb works on, and who asks: a local one by its data folder, or one on AWS by the
// environment, with the same names of everything in it.

#include <filesystem>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>

#include "pipeline/aws_client/settings.hpp"

namespace cli {

// What went wrong, and what to do about it. The program prints it and exits with 1.
class Failed : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct PlaceOptions {
  std::filesystem::path data = "data";  // of a local pipeline: its credentials, account and write key are read there
  std::string endpoint_url;             // of all services; empty: the environment's, else the local one's
  std::string events_url;               // of the collector; empty: the local one's, else its function URL
  std::string region;
  std::string prefix = "event-pipeline";
};

struct Place {
  pipeline::aws_client::Settings settings;
  std::string account;  // empty: STS is to be asked
  std::string prefix;
  std::string events_url;  // empty: Lambda is to be asked
  std::string write_key;   // empty: not known

  std::string bucket() const { return prefix + "-" + account + "-" + settings.region; }
  std::string table() const { return prefix == "event-pipeline" ? "events" : prefix + "-events"; }
  std::string function(const std::string& name) const {
    return prefix == "event-pipeline" ? name : prefix + "-" + name;
  }
  std::string state_machine_arn() const {
    return "arn:aws:states:" + settings.region + ":" + account + ":stateMachine:" + prefix;
  }
};

// Credentials come from AWS_ACCESS_KEY_ID and its fellows, else from AWS_SHARED_CREDENTIALS_FILE, else from the data
// folder. Throws Failed.
Place find_place(const PlaceOptions& options, const pipeline::aws_client::Environment& environment);

}  // namespace cli
