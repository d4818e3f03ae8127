// Names and ARNs.

#include "localcloud/services/stepfunctions/names.hpp"

#include "aws/arn.hpp"
#include "base/text.hpp"
#include "localcloud/services/stepfunctions/errors.hpp"

namespace localcloud::stepfunctions {
namespace {

// The resource after `kind:`, or InvalidArn.
Result<aws::Arn> parse_states_arn(std::string_view text, std::string_view kind) {
  std::optional<aws::Arn> arn = aws::parse_arn(text);
  if (!arn || arn->service != "states" || arn->account.empty() || arn->region.empty()) {
    return failure(invalid_arn("Invalid ARN prefix: " + std::string(text)));
  }
  const std::size_t colon = arn->resource.find(':');
  const std::string type = arn->resource.substr(0, colon);
  if (type != kind || colon == std::string::npos)
    return failure(invalid_arn("Resource type not valid in this context: " + type));
  arn->resource.erase(0, colon + 1);
  return std::move(*arn);
}

}  // namespace

std::string MachineId::arn() const {
  return aws::make_arn("states", region, account, "stateMachine:" + name);
}

std::string ExecutionId::arn() const {
  const std::string resource =
      is_express() ? "express:" + machine.name + ":" + name + ":" + uuid : "execution:" + machine.name + ":" + name;
  return aws::make_arn("states", machine.region, machine.account, resource);
}

bool is_good_name(std::string_view name) {
  if (name.empty() || base::first_invalid_utf8(name) || base::count_code_points(name) > 80) return false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const auto c = static_cast<unsigned char>(name[i]);
    if (c <= 0x20 || c == 0x7f || std::string_view("<>{}[]?*\"#%\\^|~`$&,;:/").find(name[i]) != std::string_view::npos)
      return false;
    // U+0080 to U+009F
    if (c == 0xc2 && i + 1 < name.size() && static_cast<unsigned char>(name[i + 1]) < 0xa0) return false;
  }
  return true;
}

Result<MachineId> parse_machine_arn(std::string_view text) {
  aws::Arn arn = TRY(parse_states_arn(text, "stateMachine"));
  if (!is_good_name(arn.resource)) return failure(invalid_arn("Invalid ARN prefix: " + std::string(text)));
  return MachineId{std::move(arn.account), std::move(arn.region), std::move(arn.resource)};
}

Result<ExecutionId> parse_execution_arn(std::string_view text) {
  aws::Arn arn = TRY(parse_states_arn(text, "execution"));
  const std::size_t colon = arn.resource.find(':');
  if (colon == std::string::npos) return failure(invalid_arn("Invalid ARN prefix: " + std::string(text)));
  ExecutionId id{{std::move(arn.account), std::move(arn.region), arn.resource.substr(0, colon)},
                 arn.resource.substr(colon + 1)};
  if (!is_good_name(id.machine.name) || !is_good_name(id.name))
    return failure(invalid_arn("Invalid ARN prefix: " + std::string(text)));
  return id;
}

}  // namespace localcloud::stepfunctions
