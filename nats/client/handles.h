#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <nats/nats.h>

#include <memory>

/// Owners for the C handles of nats.c: each is wrapped on the line where it is born, nobody calls Destroy.
/// Subscriptions need more than a destroy call: see subscription.h.
namespace jetlag {

template <auto Destroy>
struct NatsDeleter
{
    template <typename Handle>
    void operator()(Handle* handle) const noexcept
    {
        Destroy(handle);
    }
};

using ConnectionHandle = std::unique_ptr<natsConnection, NatsDeleter<&natsConnection_Destroy>>;
using OptionsHandle = std::unique_ptr<natsOptions, NatsDeleter<&natsOptions_Destroy>>;
using MessageHandle = std::unique_ptr<natsMsg, NatsDeleter<&natsMsg_Destroy>>;
using InboxHandle = std::unique_ptr<natsInbox, NatsDeleter<&natsInbox_Destroy>>;
using JetStreamHandle = std::unique_ptr<jsCtx, NatsDeleter<&jsCtx_Destroy>>;

} // namespace jetlag
