#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/analyzers/table.h"

#include <string>
#include <vector>

namespace jetlag::ui {

/// The columns of a table, the ones that an operator looks at first in front. Tables that are not known here
/// keep the order of their schema.
[[nodiscard]] std::vector<int> tellingColumns(const std::string& analyzer, const TableSchema& schema);

} // namespace jetlag::ui
