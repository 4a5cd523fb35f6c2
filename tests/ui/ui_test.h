#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "tests/support/fake_services.h"
#include "tests/ui/report_rows.h"
#include "ui/bridge/live_sessions.h"
#include "ui/pages/page.h"
#include "ui/theme/theme.h"
#include "ui/window/main_window.h"

#include <QObject>
#include <QTemporaryDir>

#include <memory>
#include <optional>

namespace jetlag::test {

inline constexpr auto kServer = "nats://fake:4222";
inline constexpr int kPatienceMs = 30'000;

/// Settings of its own, the dark theme, no warning unheard: what every test of widgets begins with.
class WidgetTest : public QObject
{
    Q_OBJECT

protected slots:
    void initTestCase();
    void init();

private:
    QTemporaryDir m_settings;
};

/// The same with fake services and sessions over them; the window, where there is one, goes first.
class UiTest : public WidgetTest
{
    Q_OBJECT

protected:
    /// The window with this page alone, active, at 1440 x 900; what the page links to is kept.
    void showIn(ui::Page* page);
    /// Opens kServer.
    void openServer() { m_session->open({.context = std::nullopt, .server = kServer}); }
    /// Nothing is open, as after a restart.
    void startSessions();
    /// What uses the session and is not the window's goes here.
    virtual void closeParts() {}

    std::unique_ptr<FakeServices> m_fakes;
    std::unique_ptr<ui::LiveSessions> m_sessions;
    ui::LiveSession* m_session = nullptr; ///< the first
    std::unique_ptr<ui::MainWindow> m_window;
    std::optional<ui::PageLink> m_link; ///< the newest

protected slots:
    void init();
    void cleanup();
};

} // namespace jetlag::test
