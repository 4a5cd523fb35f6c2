// SPDX-License-Identifier: Apache-2.0
#include "model/cluster/visibility.h"

namespace jetlag {

bool isHiddenStreamName(std::string_view name) noexcept
{
    return name.starts_with('$') || name.starts_with("KV_") || name.starts_with("OBJ_");
}

bool isHiddenByDefault(const StreamSnapshot& stream) noexcept
{
    return isHiddenStreamName(stream.name);
}

bool isHiddenByDefault(const ConsumerSnapshot& consumer) noexcept
{
    return !consumer.isDurable() || isHiddenStreamName(consumer.stream);
}

} // namespace jetlag
