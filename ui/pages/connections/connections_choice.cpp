// SPDX-License-Identifier: Apache-2.0
// Of which connection the right side speaks.
#include "model/profile/connection_profile.h"
#include "ui/bridge/session_words.h"
#include "ui/pages/connections/address_row.h"
#include "ui/pages/connections/connections_page.h"
#include "ui/pages/connections/found_contexts.h"
#include "ui/pages/connections/test_panel.h"
#include "ui/theme/number_format.h"

#include <QSettings>

#include <algorithm>

namespace jetlag::ui {

namespace {

constexpr auto kLastContext = "connection/context";
constexpr auto kLastAddress = "connection/address";

} // namespace

void ConnectionsPage::chooseContext()
{
    if (m_found->chosen() == nullptr)
        return;
    m_choseItself = false;
    const FoundContext& context = *m_found->chosen();
    if (!context.problem.empty()) {
        choose(std::nullopt);
        m_test->showBroken(shown(context.name), shown(context.problem),
                           QString::fromStdString(context.file.string()));
        return;
    }
    choose(Target{.request = {.context = context.name},
                  .name = shown(context.name),
                  .environment = environmentOf(QString::fromStdString(context.name),
                                               QString::fromStdString(context.colorScheme),
                                               QString::fromStdString(context.url))
                                     .word,
                  .key = context.name,
                  .context = context.name});
}

void ConnectionsPage::chooseAddress()
{
    m_choseItself = false;
    const QString address = m_address->address();
    if (address.isEmpty())
        return choose(std::nullopt);
    m_found->clearChoice();
    const std::string server = address.toStdString();
    const std::string title = profileFromUrl(server).title(); // a password that was typed ends here
    choose(Target{.request = {.server = server}, .name = shown(title), .key = title});
}

void ConnectionsPage::choose(std::optional<Target> target)
{
    m_testing.reset();
    m_target = std::move(target);
    m_test->showIdle(m_target ? m_target->name : QString(), m_target ? m_target->environment : QString(),
                     m_target.has_value());
    m_isTold = false;
    refreshTarget();
    tellOpen();
}

// Until somebody chooses, it is the connection that the window shows, and never one that is merely first in
// the list. Its login stands in no line that can be read.
bool ConnectionsPage::chooseCurrent()
{
    const LiveSession* shownNow = &m_sessions.current();
    if (shownNow->isMakeshift()) {
        const std::vector<LiveSession*> open = m_sessions.open();
        const auto other = std::ranges::find_if(open, [](const auto* one) { return !one->isMakeshift(); });
        shownNow = other != open.end() ? *other : nullptr;
    }
    if (shownNow == nullptr || shownNow->key().empty())
        return false;
    const ConnectionRequest& request = shownNow->request();
    if (m_target && m_target->key == shownNow->key() && m_target->request.server == request.server)
        return true;
    if (request.server || !m_found->choose(shownNow->key())) {
        m_found->clearChoice();
        choose(Target{.request = request,
                      .name = shownNow->name(),
                      .environment = environmentOf(*shownNow).word,
                      .key = shownNow->key(),
                      .context = request.server ? std::string() : shownNow->key()});
    }
    m_choseItself = true;
    return true;
}

void ConnectionsPage::chooseLast()
{
    const QSettings settings;
    if (const QString address = settings.value(QLatin1String(kLastAddress)).toString(); !address.isEmpty()) {
        m_address->setAddress(address);
        chooseAddress();
    } else {
        m_found->chooseOr(settings.value(QLatin1String(kLastContext)).toString().toStdString());
    }
    m_choseItself = true;
}

void ConnectionsPage::openLink(const PageLink& link)
{
    if (link.account)
        chooseCurrent();
    tellOpen();
}

// What was open last stands ready after a restart. An address that holds a login is not written anywhere.
void ConnectionsPage::rememberConnection() const
{
    QSettings settings;
    const LiveSession& session = m_sessions.current();
    const std::optional<std::string>& server = session.request().server;
    if (server && server->find('@') != std::string::npos)
        return;
    settings.setValue(QLatin1String(kLastAddress), server ? QString::fromStdString(*server) : QString());
    settings.setValue(QLatin1String(kLastContext),
                      server ? QString() : QString::fromStdString(session.key()));
}

} // namespace jetlag::ui
