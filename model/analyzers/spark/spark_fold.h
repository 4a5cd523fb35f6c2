#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/analyzers/spark/spark_state.h"

#include <simdjson.h>

namespace jetlag {

/// Folds one SparkListener event, already parsed whole, into the state of its application. Fields are found
/// by name and default to 0, so logs of every Spark version from 1.2 on read; events of other types change
/// nothing. Counts as Spark's own AppStatusListener does. Never fails.
void foldSparkEvent(const simdjson::dom::element& event, SparkApplicationState& state, bool keepTasks);

} // namespace jetlag
