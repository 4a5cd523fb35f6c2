#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/clock.h"
#include "model/base/error.h"
#include "model/base/text.h"

#include <fmt/format.h>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace jetlag {

/// What was refused is asked for again after so long: each refusal is a line in the server's log, but an
/// account may be given more while we watch, and servers tell nobody when they read their config anew.
constexpr std::chrono::minutes kAskAgainAfter{1};

/// Streams for which this account may not use a call; "" stands for the account itself. Such a one is asked
/// again after a minute and not with every look. One thread.
class RefusedStreams final
{
public:
    explicit RefusedStreams(const Clock& clock)
        : m_clock(clock)
    {}

    void note(const std::string& stream, Error refusal)
    {
        m_refused.insert_or_assign(stream, Refused{std::move(refusal), m_clock.steadyNow()});
    }
    void forget(const std::string& stream) { m_refused.erase(stream); }
    /// Why it is not asked for now; nullptr = ask.
    [[nodiscard]] const Error* find(const std::string& stream) const
    {
        const auto found = m_refused.find(stream);
        return found != m_refused.end() && m_clock.steadyNow() - found->second.since < kAskAgainAfter
                   ? &found->second.why
                   : nullptr;
    }

    /// In one sentence for all streams: what is missing, and what to ask for. `call` ends in a dot:
    /// "$JS.API.STREAM.MSG.GET.".
    [[nodiscard]] std::optional<std::string> sentence(std::string_view missing, std::string_view mayNot,
                                                      std::string_view call) const
    {
        if (m_refused.empty())
            return std::nullopt;
        const std::string first = safeForDisplay(m_refused.begin()->first);
        const std::string others =
            m_refused.size() == 1 ? std::string() : fmt::format(" and {} more streams", m_refused.size() - 1);
        return fmt::format(
            "{} for some collectors of {}{}: this account may not {}. Ask for permission to publish "
            "to {}{}",
            missing, first, others, mayNot, call, first);
    }

private:
    struct Refused
    {
        Error why;
        std::chrono::steady_clock::time_point since;
    };
    const Clock& m_clock;
    std::map<std::string, Refused> m_refused;
};

} // namespace jetlag
