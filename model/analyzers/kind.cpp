// SPDX-License-Identifier: Apache-2.0
#include "model/analyzers/kind.h"

#include "model/event/subject.h"

#include <algorithm>
#include <array>

namespace jetlag {

bool belongsToAnotherKind(std::string_view subject, std::string_view own) noexcept
{
    // `lines` belongs to traffic, which takes everything.
    static constexpr std::array<std::string_view, 3> kKinds{"spark", "hdfs", "hive"};
    const std::string_view kind = firstToken(subject);
    return kind != own && std::find(kKinds.begin(), kKinds.end(), kind) != kKinds.end();
}

} // namespace jetlag
