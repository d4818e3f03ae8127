// The environment's say.

#include "pipeline/aws_client/settings.hpp"

#include <array>
#include <cstdlib>

#include "base/text.hpp"

namespace pipeline::aws_client {

std::string Endpoint::authority() const {
  const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  const bool is_default = port == (scheme == Scheme::https ? 443 : 80);
  return is_default ? name : name + ":" + std::to_string(port);
}

std::optional<Endpoint> parse_endpoint(std::string_view url) {
  Endpoint endpoint;
  if (url.starts_with("http://")) {
    endpoint.scheme = Scheme::http;
    endpoint.port = 80;
    url.remove_prefix(7);
  } else if (url.starts_with("https://")) {
    url.remove_prefix(8);
  } else {
    return std::nullopt;
  }
  if (url.ends_with('/')) url.remove_suffix(1);
  std::string_view port;
  if (url.starts_with('[')) {
    const auto end = url.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    endpoint.host = url.substr(1, end - 1);
    port = url.substr(end + 1);
    if (!port.empty() && !port.starts_with(':')) return std::nullopt;
    if (!port.empty()) port.remove_prefix(1);
  } else {
    const auto colon = url.find(':');
    endpoint.host = url.substr(0, colon);
    if (colon != std::string_view::npos) port = url.substr(colon + 1);
  }
  if (endpoint.host.empty() || endpoint.host.find_first_of("/?#@ ") != std::string::npos) return std::nullopt;
  if (!port.empty()) {
    const auto number = base::to_number<std::uint16_t>(port);
    if (!number || *number == 0) return std::nullopt;
    endpoint.port = *number;
  }
  return endpoint;
}

std::string_view service_name(Service service) {
  switch (service) {
    case Service::states:
      return "states";
    case Service::dynamodb:
      return "dynamodb";
    case Service::lambda:
      return "lambda";
    case Service::sts:
      return "sts";
    case Service::s3:
      break;
  }
  return "s3";
}

std::optional<std::string> process_environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value ? std::optional<std::string>(value) : std::nullopt;
}

std::expected<Settings, std::string> read_settings(const Environment& environment) {
  const auto text = [&](const std::string& name) { return environment(name).value_or(""); };
  Settings settings;
  settings.region = text("AWS_REGION").empty() ? text("AWS_DEFAULT_REGION") : text("AWS_REGION");
  if (settings.region.empty()) return std::unexpected("AWS_REGION is missing");
  settings.credentials = {text("AWS_ACCESS_KEY_ID"), text("AWS_SECRET_ACCESS_KEY"), text("AWS_SESSION_TOKEN")};
  if (settings.credentials.access_key_id.empty()) return std::unexpected("AWS_ACCESS_KEY_ID is missing");
  if (settings.credentials.secret_access_key.empty()) return std::unexpected("AWS_SECRET_ACCESS_KEY is missing");
  settings.ca_file = text("AWS_CA_BUNDLE");
  const std::array<std::pair<Service, std::string>, 5> services = {{{Service::s3, "S3"},
                                                                    {Service::states, "SFN"},
                                                                    {Service::dynamodb, "DYNAMODB"},
                                                                    {Service::lambda, "LAMBDA"},
                                                                    {Service::sts, "STS"}}};
  for (const auto& [service, suffix] : services) {
    std::string name = "AWS_ENDPOINT_URL_" + suffix;
    if (text(name).empty()) name = "AWS_ENDPOINT_URL";
    if (text(name).empty()) continue;
    const auto endpoint = parse_endpoint(text(name));
    if (!endpoint) return std::unexpected(name + " must be http(s)://host[:port], is \"" + text(name) + "\"");
    settings.endpoints[service] = *endpoint;
  }
  return settings;
}

namespace {

std::string domain_of(const Settings& settings) {
  return settings.region + (settings.region.starts_with("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com");
}

}  // namespace

Address address_of(const Settings& settings, Service service) {
  if (const auto found = settings.endpoints.find(service); found != settings.endpoints.end())
    return {found->second, "/"};
  return {{.host = std::string(service_name(service)) + "." + domain_of(settings)}, "/"};
}

Address address_of_object(const Settings& settings, const std::string& bucket, const std::string& key) {
  const std::string encoded_key = aws::uri_encode_path(key);
  if (const auto found = settings.endpoints.find(Service::s3); found != settings.endpoints.end()) {
    return {found->second, "/" + bucket + "/" + encoded_key};
  }
  // The certificate of *.s3.… names no bucket with a dot in it.
  if (bucket.find('.') != std::string::npos)
    return {{.host = "s3." + domain_of(settings)}, "/" + bucket + "/" + encoded_key};
  return {{.host = bucket + ".s3." + domain_of(settings)}, "/" + encoded_key};
}

}  // namespace pipeline::aws_client
