// SPDX-License-Identifier: Apache-2.0
#include "model/thresholds/thresholds_json.h"

#include <nlohmann/json.hpp>

namespace jetlag {

namespace {

using Json = nlohmann::ordered_json;

Json orNull(const std::optional<double>& value)
{
    return value ? Json(*value) : Json(nullptr);
}

} // namespace

Json thresholdsJson(const std::vector<ThresholdFinding>& findings)
{
    Json list = Json::array();
    for (const ThresholdFinding& finding : findings)
        list.push_back({{"what", finding.what},
                        {"level", toString(finding.level)},
                        {"limit", orNull(finding.limit)},
                        {"value", orNull(finding.value)},
                        {"unit", finding.unit.empty() ? Json(nullptr) : Json(finding.unit)},
                        {"sentence", finding.sentence}});
    return list;
}

} // namespace jetlag
