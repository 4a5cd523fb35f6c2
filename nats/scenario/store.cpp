// SPDX-License-Identifier: Apache-2.0
//
// The part of the driver that meddles with a stopped server's files, as a restored backup does.
#include "nats/scenario/driver.h"

#include <fmt/format.h>

namespace jetlag::scenario {

namespace fs = std::filesystem;

namespace {

fs::path messagesOf(const EmbeddedCluster& servers, const std::string& stream)
{
    return servers.storeOf(0) / "jetstream" / "$G" / "streams" / stream / "msgs";
}

fs::path copyOf(const EmbeddedCluster& servers, const std::string& stream)
{
    return servers.folder() / ("remembered-" + stream);
}

} // namespace

void Driver::rememberStore()
{
    stop(0);
    if (isOver())
        return;
    std::error_code failure;
    fs::copy(messagesOf(m_servers, m_stream), copyOf(m_servers, m_stream), fs::copy_options::recursive,
             failure);
    if (failure)
        fail("the stream's files could not be copied: " + failure.message());
    restart(0);
}

void Driver::putStoreBack()
{
    stop(0);
    if (isOver())
        return;
    std::error_code failure;
    fs::remove_all(messagesOf(m_servers, m_stream), failure);
    if (!failure)
        fs::rename(copyOf(m_servers, m_stream), messagesOf(m_servers, m_stream), failure);
    if (failure)
        fail("the stream's files could not be put back: " + failure.message());
    restart(0);
}

} // namespace jetlag::scenario
