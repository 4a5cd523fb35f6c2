#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "nats/client/read_only_api.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <stop_token>
#include <unordered_map>
#include <utility>
#include <vector>

namespace jetlag {

enum class PumpEnd {
    AllAnswered,
    Stopped,
    Silent ///< nothing came for as long as was bearable
};

/// Items that are asked for, many in flight. Every one is answered once: by the server or by an error.
/// One thread at a time.
template <typename Item>
class RequestPump final
{
public:
    void add(Item item) { m_todo.push_back(std::move(item)); }
    [[nodiscard]] bool isDone() const { return m_todo.empty() && m_inFlight.empty(); }

    /// Keeps the requester's window full until all is answered, or nothing came for as long as is bearable:
    /// then it can be run on later, or given up. `send(item)` gives the request's id; `done(item, answer)`
    /// may add items; it is also called for what could not be sent.
    template <typename Send, typename Done>
    [[nodiscard]] PumpEnd run(ReadRequester& requester, Send send, Done done,
                              std::chrono::milliseconds bearable, const std::stop_token& stop)
    {
        using std::chrono::duration_cast;
        using std::chrono::milliseconds;
        using std::chrono::steady_clock;
        constexpr milliseconds kWaitStep{1'000}; // the stop token is looked at by the requester itself

        // nats.c wakes a thread for each message that is given back while that thread waits, so answers are
        // kept and go together: so many at once, which are a few megabytes.
        constexpr std::size_t kAnswersKept = 256;
        std::vector<MessageHandle> answered;
        auto heard = steady_clock::now();
        while (!isDone()) {
            if (stop.stop_requested())
                return PumpEnd::Stopped;
            while (!m_todo.empty() && requester.hasRoom()) {
                Item item = std::move(m_todo.front());
                m_todo.pop_front();
                const Result<std::uint64_t> id = send(item);
                if (id)
                    m_inFlight.emplace(*id, std::move(item));
                else
                    done(item, RequestAnswer{0, nullptr, id.error()});
            }
            if (m_inFlight.empty())
                continue;
            const milliseconds left = bearable - duration_cast<milliseconds>(steady_clock::now() - heard);
            std::optional<RequestAnswer> answer =
                requester.next(std::clamp(left, milliseconds(0), kWaitStep), stop);
            const auto asked = answer ? m_inFlight.find(answer->id) : m_inFlight.end();
            if (asked == m_inFlight.end()) {
                if (left <= milliseconds(0))
                    return PumpEnd::Silent;
                continue;
            }
            heard = steady_clock::now();
            const Item item = std::move(asked->second);
            m_inFlight.erase(asked);
            done(item, *answer);
            if (answered.size() >= kAnswersKept)
                answered.clear();
            answered.push_back(std::move(answer->message));
        }
        return PumpEnd::AllAnswered;
    }

    /// What is open ends as timed out.
    template <typename Done>
    void giveUp(ReadRequester& requester, Done done)
    {
        const Error silent(ErrorCode::Timeout, "no answer");
        for (const auto& [id, item] : std::exchange(m_inFlight, {}))
            done(item, RequestAnswer{id, nullptr, silent});
        for (const Item& item : std::exchange(m_todo, {}))
            done(item, RequestAnswer{0, nullptr, silent});
        requester.abandon();
    }

private:
    std::deque<Item> m_todo;
    std::unordered_map<std::uint64_t, Item> m_inFlight;
};

} // namespace jetlag
