// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/ui_test.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QSettings>
#include <QTest>
#include <QThreadPool>

namespace jetlag::test {

void WidgetTest::initTestCase()
{
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_settings.path());
    QCoreApplication::setOrganizationName(QStringLiteral("jetlag-test"));
    QCoreApplication::setApplicationName(QStringLiteral("jetlag-test"));
    ui::Theme::instance().install(ui::ThemeMode::Dark);
}

void WidgetTest::init()
{
    // All but what the offscreen platform says of every window that has a least size.
    QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    QSettings().clear();
}

void UiTest::init()
{
    WidgetTest::init();
    m_fakes = std::make_unique<FakeServices>();
    startSessions();
    m_link.reset();
}

void UiTest::startSessions()
{
    m_sessions = std::make_unique<ui::LiveSessions>(m_fakes->services());
    m_session = &m_sessions->current();
}

void UiTest::showIn(ui::Page* page)
{
    m_window = std::make_unique<ui::MainWindow>(*m_sessions);
    m_window->addPage(page);
    connect(page, &ui::Page::linkFollowed, this, [this](const ui::PageLink& link) { m_link = link; });
    m_window->resize(1440, 900);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get(), kPatienceMs));
}

void UiTest::cleanup()
{
    m_window.reset();
    closeParts();
    m_sessions.reset();
    QThreadPool::globalInstance()->waitForDone();
    m_fakes.reset();
}

} // namespace jetlag::test
