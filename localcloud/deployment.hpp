#pragma once
// Carries out deploy/requests within the process: what deploy/up does with the AWS CLI, at the first start and whenever
// the requests or the packages have changed. deploy/README.md says how a request is written.

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/task.hpp"
#include "json/value.hpp"
#include "localcloud/storage/store.hpp"
#include "localcloud/wire/caller.hpp"
#include "localcloud/wire/router.hpp"

namespace localcloud {

struct DeploymentOptions {
  std::filesystem::path root;      // holds deploy/ and pipeline/
  std::filesystem::path packages;  // holds the functions' zips
  std::string prefix = "event-pipeline";
  std::string write_key;
};

// One request.
struct DeployRequest {
  std::string file;       // for error messages
  std::string service;    // botocore's name: "s3", "stepfunctions"
  std::string operation;  // "PutRolePolicy"
  json::Value input;
};

// Every request in order, placeholders and references replaced but for those to files' bytes. Throws std::runtime_error
// that names the file.
std::vector<DeployRequest> read_requests(const DeploymentOptions& options, const std::string& account_id,
                                         const std::string& region);

// Carries the requests out for `caller`, unless the same ones were carried out already. Throws std::runtime_error that
// names the request that was refused and why; carrying on later goes on from there.
Task<void> deploy(DeploymentOptions options, wire::Router& router, storage::Store& store, wire::Caller caller);

}  // namespace localcloud
