#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "nats/scenario/driver.h"

#include <memory>
#include <string>
#include <thread>

namespace jetlag::scenario {

/// Plays a scenario on a thread of its own until it has shown everything; its load and its workers then go
/// on until the player is destroyed, which takes well under a second.
///
/// Any thread. The servers must outlive it, and are the scenario's alone where it says so.
class Player final
{
public:
    /// `stream`: the name of the stream it makes; one each where several share servers.
    [[nodiscard]] static Result<std::unique_ptr<Player>> start(EmbeddedCluster& servers,
                                                               const Scenario& scenario, std::string stream);
    ~Player();
    Player(const Player&) = delete;
    Player& operator=(const Player&) = delete;

    [[nodiscard]] Progress progress() const { return m_driver->progress(); }
    [[nodiscard]] const std::string& stream() const noexcept { return m_driver->stream(); }

private:
    Player() = default;

    std::stop_source m_stop;
    std::unique_ptr<Driver> m_driver;
    std::jthread m_thread;
};

} // namespace jetlag::scenario
