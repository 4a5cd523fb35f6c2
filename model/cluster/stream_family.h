#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <map>
#include <set>
#include <string>

namespace jetlag {

/// To which family each stream belongs, as an operator would group them by their names: "SPARK-01" and
/// "SPARK-eu" are both of "SPARK-*". Made for lists that are too long to be read row by row.
///
/// The rule: names whose first word is the same are one family. A word ends before the first digit or the
/// first character that is neither letter nor digit; what lies beyond ASCII counts as a letter, case counts,
/// and a name that begins with digits has them for its first word. Where all names share the first word (one
/// prefix for a whole account, "prod-spark-1" and "prod-hdfs-2"), the next word decides too, as long as that
/// makes several families of which one holds more than one stream. A family of one stream is called by the
/// stream's whole name.
///
/// The label is the shared words, the separator behind them where it is the same in all, and "*". Pure; the
/// answer depends on the set of names only.
[[nodiscard]] std::map<std::string, std::string, std::less<>>
streamFamilies(const std::set<std::string, std::less<>>& streams);

} // namespace jetlag
