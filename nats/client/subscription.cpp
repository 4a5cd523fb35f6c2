// SPDX-License-Identifier: Apache-2.0
#include "nats/client/subscription.h"

#include "model/base/log.h"
#include "model/base/text.h"
#include "nats/client/status.h"

#include <fmt/format.h>

#include <condition_variable>
#include <exception>
#include <mutex>

namespace jetlag {

struct NatsSubscription::Impl
{
    natsConnection* connection = nullptr;
    natsSubscription* subscription = nullptr;
    Callback callback;

    std::mutex mutex;
    std::condition_variable changed;
    bool completed = false;

    Impl() = default;
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;
    ~Impl()
    {
        if (!subscription)
            return;
        natsSubscription_Unsubscribe(subscription);
        // The server's answer to the ping behind the unsubscribe says that nothing more is on its way. A
        // server that is gone sends nothing more either, and closing does not wait for it.
        constexpr std::int64_t kConfirmMillis = 1'000;
        if (natsConnection_Status(connection) == NATS_CONN_STATUS_CONNECTED)
            natsConnection_FlushTimeout(connection, kConfirmMillis);
        if (callback) {
            std::unique_lock lock(mutex);
            changed.wait(lock, [this] { return completed; });
        }
        natsSubscription_Destroy(subscription);
    }

    static void onMessage(natsConnection*, natsSubscription*, natsMsg* raw, void* closure)
    {
        MessageHandle message(raw);
        try {
            static_cast<Impl*>(closure)->callback(std::move(message));
        } catch (const std::exception& exception) {
            log().error("a message handler failed: {}", exception.what());
        }
    }

    static void onComplete(void* closure)
    {
        auto* self = static_cast<Impl*>(closure);
        const std::lock_guard lock(self->mutex);
        self->completed = true;
        self->changed.notify_all();
    }
};

namespace {

// Bytes are not bounded here: one message may be as large as max_payload, the count is the bound.
constexpr int kNoByteLimit = -1;

std::string subscribingTo(const std::string& subject)
{
    return fmt::format("subscribing to {}", safeForDisplay(subject));
}

} // namespace

NatsSubscription::NatsSubscription() = default;
NatsSubscription::NatsSubscription(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl))
{}
NatsSubscription::~NatsSubscription() = default;
NatsSubscription::NatsSubscription(NatsSubscription&&) noexcept = default;
NatsSubscription& NatsSubscription::operator=(NatsSubscription&&) noexcept = default;

Result<NatsSubscription> NatsSubscription::polled(natsConnection* connection, const std::string& subject,
                                                  int pendingMessages)
{
    auto impl = std::make_unique<Impl>();
    impl->connection = connection;
    if (const natsStatus status =
            natsConnection_SubscribeSync(&impl->subscription, connection, subject.c_str()))
        return errorFromStatus(status, subscribingTo(subject));
    natsSubscription_SetPendingLimits(impl->subscription, pendingMessages, kNoByteLimit);
    return NatsSubscription(std::move(impl));
}

Result<NatsSubscription> NatsSubscription::calledBack(natsConnection* connection, const std::string& subject,
                                                      Callback callback, int pendingMessages)
{
    auto impl = std::make_unique<Impl>();
    impl->connection = connection;
    impl->callback = std::move(callback);
    const natsStatus status = natsConnection_Subscribe(&impl->subscription, connection, subject.c_str(),
                                                       &Impl::onMessage, impl.get());
    if (status != NATS_OK)
        return errorFromStatus(status, subscribingTo(subject));
    if (const natsStatus refused =
            natsSubscription_SetOnCompleteCB(impl->subscription, &Impl::onComplete, impl.get())) {
        impl->completed = true; // nobody will tell
        return errorFromStatus(refused, subscribingTo(subject));
    }
    natsSubscription_SetPendingLimits(impl->subscription, pendingMessages, kNoByteLimit);
    return NatsSubscription(std::move(impl));
}

Result<MessageHandle> NatsSubscription::next(std::chrono::milliseconds wait)
{
    natsMsg* raw = nullptr;
    const natsStatus status = natsSubscription_NextMsg(&raw, m_impl->subscription, wait.count());
    MessageHandle message(raw);
    if (status == NATS_TIMEOUT)
        return MessageHandle();
    // Messages were dropped, said once per overflow; the next call goes on. The owner reads dropped().
    if (status == NATS_SLOW_CONSUMER)
        return MessageHandle();
    if (status != NATS_OK)
        return errorFromStatus(status, "waiting for a message");
    return message;
}

natsSubscription* NatsSubscription::handle() const noexcept
{
    return m_impl ? m_impl->subscription : nullptr;
}

std::int64_t NatsSubscription::dropped() const noexcept
{
    std::int64_t count = 0;
    if (m_impl)
        natsSubscription_GetDropped(m_impl->subscription, &count);
    return count;
}

} // namespace jetlag
