// SPDX-License-Identifier: Apache-2.0
// What the account of the chosen connection may see.
#include "ui/pages/connections/connections_page.h"
#include "ui/pages/connections/found_contexts.h"
#include "ui/pages/connections/test_panel.h"
#include "ui/theme/number_format.h"

namespace jetlag::ui {

void ConnectionsPage::test()
{
    if (!m_target)
        return;
    m_isTold = true;
    m_test->showRunning(m_target->name);
    m_testing = std::make_unique<JobWatch<ConnectionTest>>(
        m_sessions.services().connections.test(m_target->request), [this](Result<ConnectionTest> result) {
            if (result) {
                const Told& told =
                    m_told.insert_or_assign(loginOf(*m_target), Told{*result, systemClock().now()})
                        .first->second;
                m_test->showResult(m_target->name, told.test, told.at);
            } else {
                m_told.erase(loginOf(*m_target));
                m_test->showError(m_target->name, shown(result.error().message()));
            }
            if (!m_target->context.empty())
                m_found->model().setTested(m_target->context,
                                           result ? tr("tested just now") : tr("no answer"));
            m_testing.reset();
        });
}

// A login that is only being typed is tried at no server: failed ones are counted against its owner.
bool ConnectionsPage::isOpen(const Target& target) const
{
    const LiveSession* open = m_sessions.find(target.key);
    return open != nullptr && !open->isMakeshift() && open->state() == LiveSession::State::Connected &&
           open->request().server == target.request.server;
}

// What is open is told without being asked for, once; what was found before it was opened stays.
void ConnectionsPage::tellOpen()
{
    if (!isVisible() || !m_target || m_isTold)
        return;
    if (const auto told = m_told.find(loginOf(*m_target)); told != m_told.end()) {
        m_isTold = true;
        return m_test->showResult(m_target->name, told->second.test, told->second.at);
    }
    if (isOpen(*m_target))
        test();
}

} // namespace jetlag::ui
