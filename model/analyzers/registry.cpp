// SPDX-License-Identifier: Apache-2.0
#include "model/analyzers/registry.h"

#include "model/analyzers/hdfs/hdfs_analyzer.h"
#include "model/analyzers/hive/hive_analyzer.h"
#include "model/analyzers/spark/spark_analyzer.h"
#include "model/analyzers/traffic/traffic_analyzer.h"

#include <array>

namespace jetlag {

std::span<const Analyzer* const> builtinAnalyzers()
{
    static const std::array<const Analyzer*, 4> analyzers{&hdfsAnalyzer(), &hiveAnalyzer(), &sparkAnalyzer(),
                                                          &trafficAnalyzer()};
    return analyzers;
}

const Analyzer* findAnalyzer(std::string_view name)
{
    for (const Analyzer* analyzer : builtinAnalyzers()) {
        if (analyzer->name() == name)
            return analyzer;
    }
    return nullptr;
}

} // namespace jetlag
