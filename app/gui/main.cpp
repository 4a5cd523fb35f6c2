// SPDX-License-Identifier: Apache-2.0
//
// jetlag: the console. Distributed under GPL-3.0-or-later because it links QCustomPlot; this file itself is
// Apache-2.0.

#include "app/gui/options.h"
#include "app/gui/screenshot.h"
#include "app/gui/unix_signals.h"
#include "app/runtime/runtime.h"
#include "ui/bridge/live_sessions.h"
#include "ui/bridge/remembered_connections.h"
#include "ui/pages/pages.h"
#include "ui/window/main_window.h"

#include <QApplication>
#include <QSettings>
#include <QThreadPool>

namespace jetlag {

namespace {

constexpr auto kThemeKey = "window/theme";

ui::ThemeMode rememberedTheme()
{
    const QString word = QSettings().value(QLatin1String(kThemeKey)).toString();
    if (word == QLatin1String("dark"))
        return ui::ThemeMode::Dark;
    return word == QLatin1String("light") ? ui::ThemeMode::Light : ui::ThemeMode::System;
}

void rememberThemeChanges()
{
    ui::Theme& theme = ui::Theme::instance();
    QObject::connect(&theme, &ui::Theme::changed, &theme, [&theme] {
        const char* word = theme.mode() == ui::ThemeMode::Dark    ? "dark"
                           : theme.mode() == ui::ThemeMode::Light ? "light"
                                                                  : "system";
        QSettings().setValue(QLatin1String(kThemeKey), QLatin1String(word));
    });
}

bool namesConnections(const GuiOptions& options)
{
    return !options.contexts.empty() || !options.servers.empty();
}

void openNamed(const GuiOptions& options, ui::LiveSessions& sessions)
{
    for (const std::string& context : options.contexts)
        sessions.open({.context = context, .server = {}}, ui::LiveSessions::Then::StayInTheBackground);
    for (const std::string& server : options.servers)
        sessions.open({.context = {}, .server = server}, ui::LiveSessions::Then::StayInTheBackground);
    sessions.setCurrent(*sessions.open().front());
}

void openFile(const GuiOptions& options, ui::MainWindow& window)
{
    ui::PageLink link{.page = ui::PageId::Replay, .runReplay = options.run};
    const std::filesystem::path file = options.open;
    if (file.extension() == ".jetlag")
        link.replay = ReplayRequest{.source = CaptureReplaySource{.file = file}};
    else
        link.replay = ReplayRequest{.source = LogReplaySource{.paths = {file}}};
    window.follow(link);
}

/// A window that was told what to open leaves what is remembered alone. The caller keeps the answer as long
/// as the sessions.
std::unique_ptr<ui::RememberedConnections> startWith(const GuiOptions& options, ui::LiveSessions& sessions,
                                                     ui::MainWindow& window)
{
    if (options.page)
        window.showPage(*options.page);
    if (options.demo) {
        sessions.startDemo({.scenario = options.scenario});
    } else if (!options.open.empty()) {
        openFile(options, window);
    } else if (namesConnections(options)) {
        openNamed(options, sessions);
    } else {
        auto remembered = std::make_unique<ui::RememberedConnections>(sessions);
        if (!remembered->restore())
            sessions.open({});
        return remembered;
    }
    return nullptr;
}

int run(int argc, char** argv)
{
    QApplication application(argc, argv); // takes Qt's own options out of argv
    QCoreApplication::setOrganizationName(QStringLiteral("jetlag"));
    QCoreApplication::setApplicationName(QStringLiteral("jetlag"));
    QCoreApplication::setApplicationVersion(QStringLiteral(JETLAG_VERSION));

    Runtime runtime;
    int code = 0;
    {
        std::variant<GuiOptions, int> parsed = parseGuiOptions(argc, argv);
        if (const int* done = std::get_if<int>(&parsed))
            return *done;
        const GuiOptions& options = std::get<GuiOptions>(parsed);

        endOnSignals(application);
        ui::Theme::instance().install(options.theme.value_or(rememberedTheme()));
        if (!options.theme)
            rememberThemeChanges();
        ui::LiveSessions sessions(runtime.services());
        ui::MainWindow window(sessions);
        ui::addPages(window, sessions);
        if (options.size.isValid())
            window.resize(options.size);
        else
            window.restoreLayout();
        const auto remembered = startWith(options, sessions, window);
        window.show();
        if (!options.screenshot.isEmpty())
            takeScreenshotLater(window, options.screenshot, options.afterSeconds);
        code = QApplication::exec();
    }
    // Connections, the demo's processes and the like end here, off the screen but before the services go.
    QThreadPool::globalInstance()->waitForDone();
    return code;
}

} // namespace

} // namespace jetlag

int main(int argc, char** argv)
{
    // Help, and what is wrong with the options, need no display.
    if (!jetlag::namesQtOptions(argc, argv)) {
        const std::variant<jetlag::GuiOptions, int> parsed = jetlag::parseGuiOptions(argc, argv);
        if (const int* done = std::get_if<int>(&parsed))
            return *done;
    }
    return jetlag::run(argc, argv);
}
