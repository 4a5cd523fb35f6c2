// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/messages/message_search.h"

#include "ui/models/message_model.h"
#include "ui/theme/number_format.h"

#include <algorithm>

namespace jetlag::ui {

void MessageSearch::start(EventsService& events, std::shared_ptr<ServerLink> server, std::string stream,
                          const PositionRange& range, std::uint64_t messages, const std::string& text)
{
    clear();
    m_shared = std::make_shared<Shared>();
    m_total = messages;
    m_begun = std::chrono::steady_clock::now();
    JobPtr<std::uint64_t> job =
        events.read({.server = std::move(server), .stream = std::move(stream), .range = range},
                    [shared = m_shared, text](const Message& message) {
                        ++shared->scanned;
                        shared->at = message.sequence.value();
                        if (findIgnoringCase(message.payload, text) == std::string_view::npos &&
                            findIgnoringCase(message.subject, text) == std::string_view::npos)
                            return true;
                        if (++shared->matched <= kMostKept) {
                            const std::lock_guard lock(shared->mutex);
                            shared->found.push_back(message.sequence);
                        }
                        return true;
                    });
    m_watch = std::make_unique<JobWatch<std::uint64_t>>(
        std::move(job),
        [this](const Result<std::uint64_t>& count) {
            const auto over = std::move(m_watch); // until the end: this runs inside it
            m_ended = std::chrono::steady_clock::now();
            if (!count && !m_wasStopped)
                m_problem = shown(count.error().message());
            takeFound();
        },
        [this](const JobProgress&) { takeFound(); });
    emit changed();
}

void MessageSearch::takeFound()
{
    {
        const std::lock_guard lock(m_shared->mutex);
        m_matches.insert(m_matches.end(), m_shared->found.begin(), m_shared->found.end());
        m_shared->found.clear();
    }
    emit changed();
}

void MessageSearch::stop()
{
    m_wasStopped = true;
    if (m_watch)
        m_watch->cancel();
}

void MessageSearch::clear()
{
    if (m_watch)
        m_watch->cancel();
    m_watch.reset();
    m_shared.reset();
    m_matches.clear();
    m_current.reset();
    m_problem.clear();
    m_wasStopped = false;
    emit changed();
}

std::optional<StreamSequence> MessageSearch::step(int direction)
{
    if (m_matches.empty())
        return std::nullopt;
    const std::size_t last = m_matches.size() - 1;
    if (!m_current)
        m_current = 0;
    else if (direction > 0)
        m_current = *m_current == last ? 0 : *m_current + 1;
    else
        m_current = *m_current == 0 ? last : *m_current - 1;
    return m_matches[*m_current];
}

std::uint64_t MessageSearch::matched() const
{
    return m_shared ? m_shared->matched.load() : 0;
}

StreamSequence MessageSearch::scannedTo() const
{
    return StreamSequence(m_shared ? m_shared->at.load() : 0);
}

QString MessageSearch::words() const
{
    if (!m_shared)
        return {};
    const std::uint64_t scanned = m_shared->scanned;
    QString words = tr("scanned %1 of %2 · matched %3")
                        .arg(count(static_cast<double>(scanned)),
                             count(static_cast<double>(std::max(m_total, scanned))), exact(matched()));
    if (!m_problem.isEmpty())
        return words + QStringLiteral(" · ") + m_problem;
    const auto until = isRunning() ? std::chrono::steady_clock::now() : m_ended;
    const double seconds = std::chrono::duration<double>(until - m_begun).count();
    if (isRunning() && seconds > 0.5 && scanned > 0) {
        const double perSecond = static_cast<double>(scanned) / seconds;
        const double left = m_total > scanned ? static_cast<double>(m_total - scanned) / perSecond : 0;
        words += tr(" · %1, %2 left").arg(rate(perSecond), duration(left));
    } else if (m_wasStopped) {
        words += tr(" · stopped");
    }
    return words;
}

} // namespace jetlag::ui
