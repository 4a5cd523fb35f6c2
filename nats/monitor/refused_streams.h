#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/clock.h"
#include "model/base/error.h"
#include "model/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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
        m_granted.erase(stream);
        m_refused.insert_or_assign(stream, Refused{std::move(refusal), m_clock.steadyNow()});
    }
    void allow(const std::string& stream)
    {
        m_refused.erase(stream);
        m_granted.insert(stream);
    }
    /// Why it is not asked for now; nullptr = ask.
    [[nodiscard]] const Error* find(const std::string& stream) const
    {
        const auto found = m_refused.find(stream);
        return found != m_refused.end() && m_clock.steadyNow() - found->second.since < kAskAgainAfter
                   ? &found->second.why
                   : nullptr;
    }

    /// What to ask for, so that none is refused: by name, or one for all where no other stream may be used
    /// either. `call` ends in a dot: "$JS.API.STREAM.MSG.GET.".
    [[nodiscard]] std::vector<std::string> subjects(std::string_view call) const
    {
        if (m_refused.size() > 1 && m_granted.empty())
            return {fmt::format("{}*", call)};
        std::vector<std::string> all;
        for (const auto& [stream, refused] : m_refused)
            all.push_back(fmt::format("{}{}", call, stream));
        return all;
    }

    /// In one sentence for all streams: what may not be done, what is not known without it, and what to ask
    /// for.
    [[nodiscard]] std::optional<std::string> sentence(std::string_view mayNot, std::string_view unknown,
                                                      std::string_view call) const
    {
        if (m_refused.empty())
            return std::nullopt;
        std::vector<std::string> streams;
        for (const auto& [stream, refused] : m_refused)
            streams.push_back(stream);
        return fmt::format("This account may not {} {}: {}. Ask for permission to publish to {}", mayNot,
                           listed(streams), unknown, listed(subjects(call)));
    }

private:
    /// "A", "A and B", "A, B and C", "A, B, C and 5 more".
    static std::string listed(const std::vector<std::string>& names)
    {
        constexpr std::size_t kMost = 3;
        std::string words = safeForDisplay(names.front());
        for (std::size_t at = 1; at < std::min(names.size(), kMost); ++at)
            words += (at + 1 == names.size() ? " and " : ", ") + safeForDisplay(names[at]);
        return names.size() > kMost ? fmt::format("{} and {} more", words, names.size() - kMost) : words;
    }

    struct Refused
    {
        Error why;
        std::chrono::steady_clock::time_point since;
    };
    const Clock& m_clock;
    std::map<std::string, Refused> m_refused;
    std::set<std::string> m_granted; ///< it was answered for these
};

} // namespace jetlag
