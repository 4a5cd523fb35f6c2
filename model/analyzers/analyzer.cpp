// SPDX-License-Identifier: Apache-2.0
#include "model/analyzers/analyzer.h"

#include <algorithm>

namespace jetlag {

bool AnalyzerOptions::wants(std::string_view table) const
{
    return std::find(onDemandTables.begin(), onDemandTables.end(), table) != onDemandTables.end();
}

} // namespace jetlag
