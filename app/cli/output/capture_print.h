#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/service/capture_service.h"

#include <string>

namespace jetlag {

[[nodiscard]] std::string captureSummaryJson(const CaptureSummary& summary, const std::string& file);
/// `capture info --format json`.
[[nodiscard]] std::string captureDescriptionJson(const CaptureDescription& description);
void printCaptureDescription(const CaptureDescription& description, const std::string& file);

} // namespace jetlag
