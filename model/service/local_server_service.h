#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace jetlag {

struct LocalServerOptions
{
    std::uint16_t port = 0;            ///< on 127.0.0.1; 0 = a free one
    std::filesystem::path storeFolder; ///< JetStream's files; made if missing
};

/// A nats-server of our own, a child process; it ends with this object, and with this process however
/// that ends.
class LocalServer
{
public:
    virtual ~LocalServer() = default;
    [[nodiscard]] virtual std::string url() const = 0;
    [[nodiscard]] virtual bool isRunning() = 0;
};

class LocalServerService
{
public:
    virtual ~LocalServerService() = default;
    /// Returns when the server answers.
    [[nodiscard]] virtual Result<std::unique_ptr<LocalServer>> start(LocalServerOptions options) = 0;
};

} // namespace jetlag
