#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"
#include "nats/client/handles.h"

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace jetlag {

/// A subscription at the server that is taken down without losing or crashing on a message still on its way:
/// unsubscribe, let the server confirm, then destroy (destroying at once while messages arrive crashes
/// nats.c 3.4.1). The connection must outlive it.
///
/// Two ways: polled, where the owner's thread takes messages with next(); and called back, on a thread of
/// nats.c. When the destructor of a called-back one returns, no more calls come, not even one already under
/// way; so never destroy it from its own callback.
class NatsSubscription final
{
public:
    using Callback = std::function<void(MessageHandle message)>;

    /// At most `pendingMessages` wait in the client; beyond it messages are dropped (see dropped()).
    [[nodiscard]] static Result<NatsSubscription>
    polled(natsConnection* connection, const std::string& subject, int pendingMessages = 65'536);
    [[nodiscard]] static Result<NatsSubscription> calledBack(natsConnection* connection,
                                                             const std::string& subject, Callback callback,
                                                             int pendingMessages = 65'536);

    NatsSubscription(); ///< none
    ~NatsSubscription();
    NatsSubscription(NatsSubscription&&) noexcept;
    NatsSubscription& operator=(NatsSubscription&&) noexcept;

    /// Polled ones only. A null handle: nothing came within `wait` (0 = only what is here already).
    [[nodiscard]] Result<MessageHandle> next(std::chrono::milliseconds wait);

    [[nodiscard]] natsSubscription* handle() const noexcept;
    [[nodiscard]] std::int64_t dropped() const noexcept;
    explicit operator bool() const noexcept { return m_impl != nullptr; }

private:
    struct Impl;
    explicit NatsSubscription(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace jetlag
