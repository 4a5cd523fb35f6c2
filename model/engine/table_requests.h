#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/engine/engine.h"

#include <chrono>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace jetlag {

/// What a barrier found for somebody who asked: the result without tables, and each worker's tables, which
/// the asker merges on its own thread.
struct TableSnapshot
{
    EngineResult result;
    std::vector<std::vector<Table>> parts;
};

/// The way from any thread to the engine's and back.
class TableRequests final
{
public:
    class Request final
    {
    public:
        void fulfil(TableSnapshot snapshot) { m_answer.set_value(std::move(snapshot)); }

    private:
        friend class TableRequests;
        std::promise<std::optional<TableSnapshot>> m_answer;
    };

    /// Any thread. nullopt: no run is under way, it ended, or patience did.
    [[nodiscard]] std::optional<TableSnapshot> ask(std::chrono::milliseconds patience);

    /// Engine's thread: requests are taken from now on; `knock` tells of new ones, on any thread.
    void open(std::function<void()> knock);
    /// No knock comes after it; who still waits gets nothing. `taken` (may be null) was never fulfilled.
    void close(std::shared_ptr<Request> taken);
    [[nodiscard]] std::shared_ptr<Request> take();
    [[nodiscard]] bool isAnybodyWaiting() const;

private:
    mutable std::mutex m_mutex; // guards what follows
    std::function<void()> m_knock;
    std::deque<std::shared_ptr<Request>> m_waiting;
};

} // namespace jetlag
