#pragma once
// For tests: AWS's signing suite as it lies beside the source tree, or where PIPELINE_SHARED points; no cases where it
// is absent.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "aws/crypto.hpp"
#include "aws/dates.hpp"
#include "aws/sigv4.hpp"
#include "json/parse.hpp"

namespace aws::sigv4_suite {

namespace fs = std::filesystem;

inline std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

inline fs::path suite_folder() {
  const char* shared = std::getenv("PIPELINE_SHARED");
  const fs::path root = shared != nullptr ? fs::path(shared) : fs::path(__FILE__).parent_path() / "../../shared";
  return root / "conformance/sigv4/v4";
}

// A request as the suite writes it down.
struct Request {
  std::string method, path, query, body;
  Headers headers;
};

inline Request parse_request(const std::string& text) {
  Request request;
  std::istringstream lines(text);
  std::string line;
  std::getline(lines, line);
  const auto first_space = line.find(' ');
  request.method = line.substr(0, first_space);
  const std::string target = line.substr(first_space + 1, line.rfind(' ') - first_space - 1);
  const auto question = target.find('?');
  request.path = target.substr(0, question);
  if (question != std::string::npos) request.query = target.substr(question + 1);
  while (std::getline(lines, line) && !line.empty()) {
    if (line.front() == ' ') {
      request.headers.back().second.append("\n").append(line);
    } else {
      const auto colon = line.find(':');
      request.headers.emplace_back(line.substr(0, colon), line.substr(colon + 1));
    }
  }
  std::getline(lines, request.body, '\0');
  return request;
}

struct Case {
  json::Value context;
  Request request;
  SigningContext signing;
  Credentials credentials;
  std::string payload_hash;

  RequestToSign to_sign() const {
    return {.method = request.method,
            .path = request.path,
            .query = request.query,
            .headers = request.headers,
            .payload_hash = payload_hash};
  }
};

inline Case load_case(const fs::path& folder) {
  Case it;
  it.context = json::parse(read(folder / "context.json")).value();
  it.request = parse_request(read(folder / "request.txt"));
  const json::Value& credentials = *it.context.find("credentials");
  it.credentials = {.access_key_id = std::string(*credentials.get_string("access_key_id")),
                    .secret_access_key = std::string(*credentials.get_string("secret_access_key")),
                    .session_token = std::string(credentials.get_string("token").value_or(""))};
  it.signing = {.region = std::string(*it.context.get_string("region")),
                .service = std::string(*it.context.get_string("service")),
                .time = *parse_rfc3339(*it.context.get_string("timestamp"))};
  if (!*it.context.get_bool("normalize")) it.signing.options.path_rule = PathRule::s3;
  if (it.context.get_bool("omit_session_token").value_or(false)) {
    it.signing.options.token = SigningOptions::Token::added_afterwards;
  }
  it.payload_hash = sha256_hex(it.request.body);
  return it;
}

inline std::vector<fs::path> suite_cases() {
  std::vector<fs::path> cases;
  if (!fs::exists(suite_folder())) return cases;
  for (const auto& entry : fs::directory_iterator(suite_folder())) cases.push_back(entry.path());
  std::ranges::sort(cases);
  return cases;
}

}  // namespace aws::sigv4_suite
