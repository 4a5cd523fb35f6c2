#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/text.h"

#include <fmt/format.h>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace jetlag {

/// Streams for which this account may not use a call. Such a one is asked again after a minute and not with
/// every look: each refusal is a line in the server's log.
class RefusedStreams final
{
public:
    void note(const std::string& stream) { m_since[stream] = Clock::now(); }
    void forget(const std::string& stream) { m_since.erase(stream); }
    [[nodiscard]] bool has(const std::string& stream) const
    {
        constexpr std::chrono::minutes kAskAgain{1};
        const auto found = m_since.find(stream);
        return found != m_since.end() && Clock::now() - found->second < kAskAgain;
    }

    /// In one sentence for all streams: what is missing, and what to ask for. `call` ends in a dot:
    /// "$JS.API.STREAM.MSG.GET.".
    [[nodiscard]] std::optional<std::string> sentence(std::string_view missing, std::string_view mayNot,
                                                      std::string_view call) const
    {
        if (m_since.empty())
            return std::nullopt;
        const std::string first = safeForDisplay(m_since.begin()->first);
        const std::string others =
            m_since.size() == 1 ? std::string() : fmt::format(" and {} more streams", m_since.size() - 1);
        return fmt::format(
            "{} for some collectors of {}{}: this account may not {}. Ask for permission to publish "
            "to {}{}",
            missing, first, others, mayNot, call, first);
    }

private:
    using Clock = std::chrono::steady_clock;
    std::map<std::string, Clock::time_point> m_since;
};

} // namespace jetlag
