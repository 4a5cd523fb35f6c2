#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/service/connection_test.h"
#include "model/service/job.h"
#include "model/service/next_try.h"
#include "model/service/server_description.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace jetlag {

class MonitorService;

/// A nats context found on this machine. What cannot be loaded keeps its place, with the reason.
struct FoundContext
{
    std::string name;
    std::filesystem::path file;
    std::string description;
    std::string url;
    std::string colorScheme;
    std::string
        credentials; ///< by reference, never a secret: "file ~/monitor.creds", "user ops"; empty = none
    bool selected = false;
    std::string problem; ///< empty = loads
};

/// Where to connect: a context by name, an address, or neither: the selected context, else localhost.
struct ConnectionRequest
{
    std::optional<std::string> context;
    std::optional<std::string> server;
};

/// What Jetlag itself has cost the servers over this connection.
struct Footprint
{
    std::uint64_t requests = 0;
    std::uint64_t bytesSent = 0;
    std::uint64_t bytesReceived = 0;
    std::uint64_t consumersCreated = 0; ///< 0 unless the user opts in
};

/// One open connection to one account. It only watches: nothing that goes through it can create, change
/// or ack anything. Any thread.
class ServerLink
{
public:
    virtual ~ServerLink() = default;
    [[nodiscard]] virtual ServerDescription description() const = 0;
    [[nodiscard]] virtual bool isConnected() const = 0;
    /// nullopt: connected, or not known.
    [[nodiscard]] virtual std::optional<NextTry> nextTry() const = 0;
    /// Where it is lost and a try is waited for, that comes now.
    virtual void tryNow() = 0;
    [[nodiscard]] virtual Footprint footprint() const = 0;
    [[nodiscard]] virtual MonitorService& monitor() = 0;
};

class ConnectionService
{
public:
    virtual ~ConnectionService() = default;
    /// Reads the context files again; a missing folder is an empty list.
    [[nodiscard]] virtual std::vector<FoundContext> contexts() = 0;
    [[nodiscard]] virtual JobPtr<std::shared_ptr<ServerLink>> open(ConnectionRequest request) = 0;
    /// Connects for a moment and asks for each thing that Jetlag would read.
    [[nodiscard]] virtual JobPtr<ConnectionTest> test(ConnectionRequest request) = 0;
};

} // namespace jetlag
