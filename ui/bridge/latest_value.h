#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QMetaObject>
#include <QObject>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace jetlag::ui {

/// The door from any thread to the UI thread: keeps the newest value and posts once, so that a fast sender
/// costs one delivery per turn of the event loop. Values sent after its end, or still on their way then,
/// are dropped.
///
///     LatestValue<Report> m_reports{[this](Report report) { show(report); }};
///     subscription = monitor.watch(request, m_reports.inlet());
///
/// Made and destroyed on the UI thread; inlet() may be called, copied and kept by any thread.
template <typename Value>
class LatestValue final
{
    struct Shared
    {
        std::mutex mutex;
        QObject* receiver = nullptr; // null = closed
        std::optional<Value> value;
        std::function<void(Value)> take;         // UI thread only
        std::function<Value(Value, Value)> join; // any thread, under the mutex

        void put(std::shared_ptr<Shared> self, Value next)
        {
            const std::lock_guard lock(mutex);
            const bool posted = value.has_value();
            value.emplace(posted && join ? join(std::move(*value), std::move(next)) : std::move(next));
            if (receiver != nullptr && !posted)
                QMetaObject::invokeMethod(
                    receiver, [self = std::move(self)] { self->deliver(); }, Qt::QueuedConnection);
        }
        void deliver()
        {
            std::optional<Value> next;
            {
                const std::lock_guard lock(mutex);
                next = std::exchange(value, std::nullopt);
                if (receiver == nullptr)
                    return;
            }
            if (next)
                take(std::move(*next));
        }
    };

public:
    /// `join(older, newer)`, where given, makes the newest value out of one that nobody has taken yet and the
    /// next; any thread.
    explicit LatestValue(std::function<void(Value)> take, std::function<Value(Value, Value)> join = {})
        : m_shared(std::make_shared<Shared>())
    {
        m_shared->receiver = &m_receiver;
        m_shared->take = std::move(take);
        m_shared->join = std::move(join);
    }
    ~LatestValue()
    {
        const std::lock_guard lock(m_shared->mutex);
        m_shared->receiver = nullptr;
    }
    LatestValue(const LatestValue&) = delete;
    LatestValue& operator=(const LatestValue&) = delete;

    [[nodiscard]] std::function<void(Value)> inlet() const
    {
        return [shared = m_shared](Value value) { shared->put(shared, std::move(value)); };
    }

private:
    QObject m_receiver;
    std::shared_ptr<Shared> m_shared;
};

} // namespace jetlag::ui
