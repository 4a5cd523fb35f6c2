// SPDX-License-Identifier: Apache-2.0
#include "model/events/cluster_event.h"

#include <nlohmann/json.hpp>

namespace jetlag {

namespace {

using Json = nlohmann::ordered_json;

Json orNull(const std::string& text)
{
    return text.empty() ? Json(nullptr) : Json(text);
}

Json orNull(std::uint64_t number)
{
    return number == 0 ? Json(nullptr) : Json(number);
}

} // namespace

std::string_view toString(EventSeverity severity) noexcept
{
    switch (severity) {
    case EventSeverity::Information:
        return "information";
    case EventSeverity::Good:
        return "good";
    case EventSeverity::Warning:
        return "warning";
    case EventSeverity::Bad:
        return "bad";
    }
    return "";
}

std::string eventJson(const ClusterEvent& event)
{
    Json object{{"at", toMillis(event.at)},
                {"last", toMillis(event.last)},
                {"count", event.count},
                {"kind", toString(event.kind)},
                {"severity", toString(event.severity)},
                {"stream", orNull(event.stream)},
                {"collector", orNull(event.collector)},
                {"word", event.word},
                {"sentence", event.sentence},
                {"verdict", orNull(event.verdict)},
                {"verdict_before", orNull(event.verdictBefore)},
                {"sequence", orNull(event.sequence)},
                {"deliveries", orNull(event.deliveries)}};
    return object.dump(2, ' ', false, Json::error_handler_t::replace);
}

} // namespace jetlag
