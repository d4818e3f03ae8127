#pragma once
// The certificate authorities of AWS's endpoints, compiled in: reading a system's 140 takes 20 ms of every cold start,
// and where there is no system there are none.

#include <string_view>

namespace pipeline::aws_client {

extern const std::string_view kAmazonRoots;  // PEM, one after the other

}  // namespace pipeline::aws_client
