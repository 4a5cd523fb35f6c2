// SPDX-License-Identifier: Apache-2.0
#include "model/engine/fail_point.h"

#include "model/base/text.h"

#include <csignal>
#include <cstdlib>

namespace jetlag {

FailPoints parseFailPoints(std::string_view text)
{
    FailPoints points;
    while (!text.empty()) {
        const std::size_t comma = text.find(',');
        const std::string_view word = text.substr(0, comma);
        text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);

        const std::size_t equals = word.find('=');
        const std::string_view name = word.substr(0, equals);
        const std::uint64_t number =
            equals == std::string_view::npos ? 1 : parseU64(word.substr(equals + 1)).value_or(0);
        if (name == "ack-before-checkpoint")
            points.ackBeforeCheckpoint = true;
        else if (name == "kill-between-checkpoint-and-ack")
            points.killAfterCommit = static_cast<unsigned>(number);
        else if (name == "hold-acks-ms")
            points.holdAcks = std::chrono::milliseconds(number);
    }
    return points;
}

FailPoints failPointsFromEnvironment()
{
    const char* text = std::getenv("JETLAG_FAIL_POINT");
    return text ? parseFailPoints(text) : FailPoints();
}

void dieAtOnce()
{
    std::raise(SIGKILL);
    std::abort();
}

} // namespace jetlag
