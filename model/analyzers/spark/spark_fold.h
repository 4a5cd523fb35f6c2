#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/analyzers/spark/spark_state.h"
#include "model/json/json_record.h"

namespace jetlag {

/// Folds one SparkListener event, already judged as a whole, into the state of its application. Fields are
/// found by name and default to 0, so logs of every Spark version from 1.2 on read; events of other types
/// change nothing. Counts as Spark's own AppStatusListener does. Never fails.
void foldSparkEvent(JsonValue event, SparkApplicationState& state, bool keepTasks);

} // namespace jetlag
