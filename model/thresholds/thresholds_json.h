#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/thresholds/thresholds.h"

#include <nlohmann/json_fwd.hpp>

namespace jetlag {

/// A list of `{"what","level","limit","value","unit","sentence"}`; what is not known is null.
[[nodiscard]] nlohmann::ordered_json thresholdsJson(const std::vector<ThresholdFinding>& findings);

} // namespace jetlag
