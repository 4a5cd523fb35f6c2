#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

namespace jetlag {

/// A queue with a bound between two threads; hand over batches, not items (70-170 ns per hand-over).
/// A full queue makes push() wait: the source slows down, memory does not grow. close() lets readers
/// drain what is left and then see nullopt; writers see false.
template <typename T>
class BoundedQueue final
{
public:
    explicit BoundedQueue(std::size_t capacity)
        : m_capacity(capacity ? capacity : 1)
    {}
    BoundedQueue(const BoundedQueue&) = delete;
    BoundedQueue& operator=(const BoundedQueue&) = delete;

    /// False when the queue was closed or `stop` was requested; the item is then dropped.
    bool push(T item, std::stop_token stop = {})
    {
        std::unique_lock lock(m_mutex);
        m_notFull.wait(lock, stop, [this] { return m_closed || m_items.size() < m_capacity; });
        if (m_closed || m_items.size() >= m_capacity)
            return false;
        m_items.push_back(std::move(item));
        lock.unlock();
        m_notEmpty.notify_one();
        return true;
    }

    /// nullopt when the queue is closed and empty, or `stop` was requested and nothing is left.
    std::optional<T> pop(std::stop_token stop = {})
    {
        std::unique_lock lock(m_mutex);
        m_notEmpty.wait(lock, stop, [this] { return m_closed || !m_items.empty(); });
        return takeFront(lock);
    }

    /// nullopt after `wait` without an item as well; `isClosed()` tells the two apart.
    template <typename Rep, typename Period>
    std::optional<T> popFor(std::chrono::duration<Rep, Period> wait, std::stop_token stop = {})
    {
        std::unique_lock lock(m_mutex);
        m_notEmpty.wait_for(lock, stop, wait, [this] { return m_closed || !m_items.empty(); });
        return takeFront(lock);
    }

    void close()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_closed = true;
        }
        m_notEmpty.notify_all();
        m_notFull.notify_all();
    }

    [[nodiscard]] bool isClosed() const
    {
        const std::lock_guard lock(m_mutex);
        return m_closed;
    }

    [[nodiscard]] std::size_t size() const
    {
        const std::lock_guard lock(m_mutex);
        return m_items.size();
    }

private:
    std::optional<T> takeFront(std::unique_lock<std::mutex>& lock)
    {
        if (m_items.empty())
            return std::nullopt;
        std::optional<T> item(std::move(m_items.front()));
        m_items.pop_front();
        lock.unlock();
        m_notFull.notify_one();
        return item;
    }

    const std::size_t m_capacity;
    mutable std::mutex m_mutex;
    std::condition_variable_any m_notEmpty;
    std::condition_variable_any m_notFull;
    std::deque<T> m_items;
    bool m_closed = false;
};

} // namespace jetlag
