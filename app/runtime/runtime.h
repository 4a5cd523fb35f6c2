#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/service/services.h"

#include <memory>

namespace jetlag {

/// The real services, wired: the only place that knows nats/ and replay/. One per process. Its destructor
/// cancels what still runs and waits for it, so destroy it outside a UI thread.
class Runtime final
{
public:
    Runtime();
    ~Runtime();
    Runtime(const Runtime&) = delete;
    Runtime& operator=(const Runtime&) = delete;

    [[nodiscard]] Services services();

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace jetlag
