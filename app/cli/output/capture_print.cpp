// SPDX-License-Identifier: Apache-2.0
#include "app/cli/output/capture_print.h"

#include "app/cli/output/text_table.h"
#include "model/base/number_text.h"
#include "model/base/text.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace jetlag {

namespace {

using Json = nlohmann::ordered_json;

std::string dumped(const Json& json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace

std::string captureSummaryJson(const CaptureSummary& summary, const std::string& file)
{
    return dumped({{"file", file},
                   {"messages", summary.messages},
                   {"bytes", summary.bytes},
                   {"gaps", summary.gaps},
                   {"first_sequence", summary.firstSequence.value()},
                   {"last_sequence", summary.lastSequence.value()},
                   {"cancelled", summary.cancelled}});
}

std::string captureDescriptionJson(const CaptureDescription& description)
{
    Json streams = Json::array();
    for (const CapturedStream& stream : description.streams) {
        Json gaps = Json::array();
        for (const SequenceGap& gap : stream.gaps)
            gaps.push_back({{"first_sequence", gap.first.value()},
                            {"last_sequence", gap.last.value()},
                            {"reason", toString(gap.reason)}});
        streams.push_back(
            {{"stream", stream.identity.name},
             {"created", formatRfc3339(stream.identity.created)},
             {"messages", stream.messages},
             {"bytes", stream.bytes},
             {"first_sequence", stream.firstSequence.value()},
             {"last_sequence", stream.lastSequence.value()},
             {"first_time", stream.messages ? Json(formatRfc3339(stream.firstTime)) : Json(nullptr)},
             {"last_time", stream.messages ? Json(formatRfc3339(stream.lastTime)) : Json(nullptr)},
             {"gaps", std::move(gaps)}});
    }
    return dumped({{"messages", description.messages},
                   {"bytes", description.bytes},
                   {"file_bytes", description.fileBytes},
                   {"clean_close", description.cleanClose},
                   {"recovery", description.recovery.empty() ? Json(nullptr) : Json(description.recovery)},
                   {"format_version", description.formatVersion},
                   {"written_by", description.writtenBy},
                   {"streams", std::move(streams)}});
}

void printCaptureDescription(const CaptureDescription& description, const std::string& file)
{
    fmt::print("{}: {} messages, {} of payload in a file of {}\n", file, exactCount(description.messages),
               shortBytes(static_cast<double>(description.bytes)),
               shortBytes(static_cast<double>(description.fileBytes)));
    fmt::print("format {}, written by {}, {}\n", description.formatVersion,
               safeForDisplay(description.writtenBy),
               description.cleanClose ? "closed cleanly" : "not closed cleanly");
    if (!description.recovery.empty())
        fmt::print("{}\n", description.recovery);
    TextTable table({{"stream"},
                     {"messages", TextTable::Align::Right},
                     {"first", TextTable::Align::Right},
                     {"last", TextTable::Align::Right},
                     {"from"},
                     {"to"},
                     {"gaps", TextTable::Align::Right}});
    for (const CapturedStream& stream : description.streams) {
        const bool any = stream.messages > 0;
        table.add({safeForDisplay(stream.identity.name), exactCount(stream.messages),
                   exactCount(stream.firstSequence.value()), exactCount(stream.lastSequence.value()),
                   any ? formatRfc3339(stream.firstTime) : "–", any ? formatRfc3339(stream.lastTime) : "–",
                   exactCount(stream.gaps.size())});
    }
    if (!table.isEmpty())
        fmt::print("\n{}", table.text());
    // Ten gaps say where it hurts; JSON lists all.
    constexpr std::size_t kGapsShown = 10;
    for (const CapturedStream& stream : description.streams) {
        for (std::size_t i = 0; i < std::min(stream.gaps.size(), kGapsShown); ++i) {
            const SequenceGap& gap = stream.gaps[i];
            fmt::print("{}: {} to {} missing ({})\n", safeForDisplay(stream.identity.name),
                       exactCount(gap.first.value()), exactCount(gap.last.value()), toString(gap.reason));
        }
        if (stream.gaps.size() > kGapsShown)
            fmt::print("{}: {} more gaps; --format json lists all\n", safeForDisplay(stream.identity.name),
                       stream.gaps.size() - kGapsShown);
    }
}

} // namespace jetlag
