// Pseudonyms of visitors.

#include "pipeline/collect_to_s3/visitor.hpp"

#include "aws/crypto.hpp"

namespace pipeline::collect_to_s3 {

bool may_name_nobody(event::Wire wire) {
  return wire == event::Wire::umami || wire == event::Wire::plausible || wire == event::Wire::matomo;
}

std::string visitor_of(const Request& request, std::string_view source, base::Time received_at) {
  constexpr std::size_t kDigits = 32;
  std::string text = event::format_time(received_at).substr(0, 10);  // the day
  for (const std::string_view part : {source, std::string_view(request.source_ip), request.header("user-agent")}) {
    text.append(1, '\n').append(part);
  }
  return aws::sha256_hex(text).substr(0, kDigits);
}

}  // namespace pipeline::collect_to_s3
