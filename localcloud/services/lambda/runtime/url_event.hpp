#pragma once
// A function URL's HTTP, as the function sees it: payload format 2.0 in, and out. Pure.
// https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "json/document.hpp"
#include "localcloud/services/lambda/api_urls.hpp"
#include "localcloud/wire/caller.hpp"
#include "localcloud/wire/http/message.hpp"

namespace localcloud::lambda {

struct UrlRequest {
  const wire::http::Request& head;
  std::string_view body;
  std::string_view url_id;
  std::string_view request_id;
  std::string_view trace_id;
  base::Time time;
  const wire::Caller* caller = nullptr;  // who signed it; of AWS_IAM only
};

json::Value to_url_event(const UrlRequest& request);

// The function's answer as a reply; nothing where it is no answer that a function URL takes (then 502).
std::optional<wire::http::Reply> to_url_reply(const json::Document& payload);

// What a browser asks before it sends, answered by the URL's own Cors; nothing where this isn't such a question.
std::optional<wire::http::Reply> answer_preflight(const Cors& cors, const wire::http::Request& head);
// Adds what Cors says of other requests from a page.
void add_cors(const Cors& cors, const wire::http::Request& head, wire::http::Reply& reply);

}  // namespace localcloud::lambda
