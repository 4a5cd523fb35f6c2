// SPDX-License-Identifier: Apache-2.0
#include "model/analyzers/registry.h"

#include "model/event/subject.h"

namespace jetlag {

std::span<const Analyzer* const> builtinAnalyzers()
{
    return {};
}

const Analyzer* findAnalyzer(std::string_view name)
{
    for (const Analyzer* analyzer : builtinAnalyzers()) {
        if (analyzer->name() == name)
            return analyzer;
    }
    return nullptr;
}

bool belongsToAnotherKind(std::string_view subject, std::string_view own) noexcept
{
    // `lines` belongs to traffic, which takes everything.
    static constexpr std::string_view kKinds[] = {"spark", "hdfs", "hive"};
    const std::string_view kind = firstToken(subject);
    for (std::string_view other : kKinds) {
        if (kind == other && other != own)
            return true;
    }
    return false;
}

} // namespace jetlag
