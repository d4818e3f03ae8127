#pragma once
// The front desk of the one endpoint: which service and operation a request means, whether its signature holds, and
// the one place where an exception becomes a 500.

#include <functional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "localcloud/wire/http/message.hpp"
#include "localcloud/wire/operation.hpp"
#include "localcloud/wire/verify.hpp"

namespace localcloud::wire {

// Doors that need no signature: what answers them is joined in by main.cpp.
struct UnsignedDoors {
  // GET /_localcloud/health
  std::function<Task<http::Reply>()> health;
  // A request to the host <id>.lambda-url.<region>.…
  std::function<Task<http::Reply>(std::string url_id, http::Request& request, http::Body& body)> function_url;
};

// Thread-safe once built. The services and what they point at must outlive it.
class Router {
 public:
  Router(std::vector<Service> services, Verifier& verifier, Authorizer& authorizer, const base::Clock& clock,
         base::Ids& ids, UnsignedDoors doors);

  Task<http::Reply> handle(http::Request& request, http::Body& body);

  // Carries out an operation for a caller within the process: no signature, but IAM as for anyone. `service` is
  // botocore's name or the signing name. The input has every member by its API name, blobs in base64.
  Task<Result<json::Value>> call(std::string service, std::string operation, json::Value input, Caller caller);

  // Whether there is such an operation.
  bool knows(std::string_view service, std::string_view operation) const;

  // Every operation's declaration, a JSON object a line.
  std::string describe() const;

 private:
  Task<http::Reply> serve(http::Request& request, http::Body& body, Encoded& encoded);
  Result<const Operation*> find_operation(const http::Request& request, Encoded& encoded) const;
  const Service* find_service(const http::Request& request) const;
  const Service* find_service(std::string_view name) const;
  // The one that a form means by its Version, in whose words one without a signature is refused.
  const Service* find_service_of_form(std::string_view form) const;

  std::vector<Service> services_;
  Verifier& verifier_;
  Authorizer& authorizer_;
  const base::Clock& clock_;
  base::Ids& ids_;
  UnsignedDoors doors_;
};

// The bucket that a virtual-hosted request's Host names: "photos" in photos.s3.us-east-1.localhost:4566 and
// photos.localhost:4566.
std::optional<std::string> bucket_of_host(std::string_view host);
// The id in <id>.lambda-url.<region>.….
std::optional<std::string> function_url_of_host(std::string_view host);

}  // namespace localcloud::wire
