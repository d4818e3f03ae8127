#include "cli/place.hpp"

#include <fstream>
#include <sstream>

#include "base/text.hpp"
#include "json/parse.hpp"

namespace cli {

namespace {

namespace fs = std::filesystem;
using pipeline::aws_client::Service;

constexpr char kLocalEndpoint[] = "http://127.0.0.1:4566";
constexpr char kLocalEvents[] = "http://127.0.0.1:8080";

std::optional<std::string> read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::ostringstream out;
  out << file.rdbuf();
  return std::move(out).str();
}

// The members of one profile of a credentials file.
std::map<std::string, std::string> read_profile(const std::string& text, const std::string& profile) {
  std::map<std::string, std::string> out;
  std::istringstream lines(text);
  bool is_in = false;
  for (std::string line; std::getline(lines, line);) {
    const std::string_view content = base::trim(line);
    if (content.starts_with('[')) {
      is_in = content == "[" + profile + "]";
    } else if (const auto equals = content.find('='); is_in && equals != std::string_view::npos) {
      out[std::string(base::trim(content.substr(0, equals)))] = base::trim(content.substr(equals + 1));
    }
  }
  return out;
}

aws::Credentials read_credentials(const fs::path& file, const std::string& profile) {
  const auto text = read_file(file);
  if (!text) throw Failed(file.string() + " can't be read; is AWS_SHARED_CREDENTIALS_FILE right?");
  auto members = read_profile(*text, profile);
  if (members["aws_access_key_id"].empty() || members["aws_secret_access_key"].empty())
    throw Failed(file.string() + " holds no access key under [" + profile + "]");
  return {members["aws_access_key_id"], members["aws_secret_access_key"], members["aws_session_token"]};
}

constexpr Service kServices[] = {Service::s3, Service::states, Service::dynamodb, Service::lambda, Service::sts};

}  // namespace

Place find_place(const PlaceOptions& options, const pipeline::aws_client::Environment& environment) {
  const auto text = [&](const std::string& name) { return environment(name).value_or(""); };
  const fs::path own_credentials = options.data / "credentials";
  const bool has_keys = !text("AWS_ACCESS_KEY_ID").empty();
  // The local pipeline's own file is no reason to look for it on AWS: the AWS CLI is told of it so.
  std::error_code ignored;
  const bool has_file = !text("AWS_SHARED_CREDENTIALS_FILE").empty() &&
                        !fs::equivalent(text("AWS_SHARED_CREDENTIALS_FILE"), own_credentials, ignored);
  const bool is_local = !has_keys && !has_file;
  if (is_local && !fs::exists(own_credentials)) {
    throw Failed(
        "no pipeline is known: there is no " + own_credentials.string() +
        ", and the environment holds no credentials.\nGo where `./run` was started, or say --data DIR; for AWS "
        "set AWS_ACCESS_KEY_ID and its fellows\n(`eval \"$(aws configure export-credentials --format env)\"`).");
  }
  const std::string profile = text("AWS_PROFILE").empty() ? "default" : text("AWS_PROFILE");
  aws::Credentials credentials = {text("AWS_ACCESS_KEY_ID"), text("AWS_SECRET_ACCESS_KEY"), text("AWS_SESSION_TOKEN")};
  if (is_local) credentials = read_credentials(own_credentials, "default");
  if (has_file && !has_keys) credentials = read_credentials(text("AWS_SHARED_CREDENTIALS_FILE"), profile);

  Place place{
      .settings = {}, .account = {}, .prefix = options.prefix, .events_url = options.events_url, .write_key = {}};
  std::string region = options.region;
  if (const auto account = read_file(options.data / "account.json"); account && is_local) {
    const auto parsed = json::parse(*account);
    place.account = parsed ? parsed->get_string("id").value_or("") : "";
    if (region.empty() && parsed) region = parsed->get_string("region").value_or("");
  }
  const auto given = [&](const std::string& name) -> std::optional<std::string> {
    if (name == "AWS_ACCESS_KEY_ID") return credentials.access_key_id;
    if (name == "AWS_SECRET_ACCESS_KEY") return credentials.secret_access_key;
    if (name == "AWS_SESSION_TOKEN") return credentials.session_token;
    if (name == "AWS_REGION" && !region.empty()) return region;
    if (name == "AWS_ENDPOINT_URL" && text(name).empty() && is_local) return kLocalEndpoint;
    return environment(name);
  };
  auto settings = pipeline::aws_client::read_settings(given);
  if (!settings) throw Failed(settings.error() + (region.empty() ? "; or say --region" : ""));
  place.settings = *std::move(settings);
  if (!options.endpoint_url.empty()) {
    const auto endpoint = pipeline::aws_client::parse_endpoint(options.endpoint_url);
    if (!endpoint) throw Failed("--endpoint-url must be http(s)://host[:port], is \"" + options.endpoint_url + "\"");
    for (const Service service : kServices) place.settings.endpoints[service] = *endpoint;
  }
  if (place.events_url.empty() && is_local && options.endpoint_url.empty()) place.events_url = kLocalEvents;
  place.write_key = text("EVENT_PIPELINE_WRITE_KEY");
  if (place.write_key.empty()) place.write_key = base::trim(read_file(options.data / "write_key").value_or(""));
  while (place.write_key.ends_with('\n')) place.write_key.pop_back();
  return place;
}

}  // namespace cli
