// SPDX-License-Identifier: Apache-2.0
#include "nats/scenario/player.h"

#include "model/base/thread_name.h"

namespace jetlag::scenario {

Result<std::unique_ptr<Player>> Player::start(EmbeddedCluster& servers, const Scenario& scenario,
                                              std::string stream)
{
    std::unique_ptr<Player> player(new Player);
    Result<std::unique_ptr<Driver>> driver =
        Driver::create(servers, scenario, std::move(stream), player->m_stop.get_token());
    if (!driver)
        return driver.error();
    player->m_driver = std::move(*driver);
    player->m_thread = std::jthread([driver = player->m_driver.get(), &scenario] {
        setCurrentThreadName("scenario");
        scenario.play(*driver);
        driver->until(scenario.length);
        driver->end();
    });
    return player;
}

Player::~Player()
{
    m_stop.request_stop();
    if (m_thread.joinable())
        m_thread.join();
}

} // namespace jetlag::scenario
