// SPDX-License-Identifier: Apache-2.0
#include "model/engine/table_requests.h"

#include <algorithm>

namespace jetlag {

std::optional<TableSnapshot> TableRequests::ask(std::chrono::milliseconds patience)
{
    const auto request = std::make_shared<Request>();
    std::future<std::optional<TableSnapshot>> answer = request->m_answer.get_future();
    {
        const std::lock_guard lock(m_mutex);
        if (!m_knock)
            return std::nullopt;
        m_waiting.push_back(request);
        m_knock();
    }
    if (answer.wait_for(patience) == std::future_status::ready)
        return answer.get();
    const std::lock_guard lock(m_mutex);
    m_waiting.erase(std::remove(m_waiting.begin(), m_waiting.end(), request), m_waiting.end());
    return std::nullopt;
}

void TableRequests::open(std::function<void()> knock)
{
    const std::lock_guard lock(m_mutex);
    m_knock = std::move(knock);
}

void TableRequests::close(std::shared_ptr<Request> taken)
{
    std::deque<std::shared_ptr<Request>> abandoned;
    {
        const std::lock_guard lock(m_mutex);
        m_knock = nullptr;
        abandoned.swap(m_waiting);
    }
    if (taken)
        abandoned.push_back(std::move(taken));
    for (const std::shared_ptr<Request>& request : abandoned)
        request->m_answer.set_value(std::nullopt);
}

std::shared_ptr<TableRequests::Request> TableRequests::take()
{
    const std::lock_guard lock(m_mutex);
    if (m_waiting.empty())
        return nullptr;
    std::shared_ptr<Request> request = std::move(m_waiting.front());
    m_waiting.pop_front();
    return request;
}

bool TableRequests::isAnybodyWaiting() const
{
    const std::lock_guard lock(m_mutex);
    return !m_waiting.empty();
}

} // namespace jetlag
