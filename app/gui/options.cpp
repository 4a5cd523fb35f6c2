// SPDX-License-Identifier: Apache-2.0
#include "app/gui/options.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

namespace jetlag {

namespace {

constexpr int kWrongUse = 2;

std::string checkSize(const std::string& text)
{
    const QStringList sides = QString::fromStdString(text).split(QLatin1Char('x'));
    bool widthIsNumber = false;
    bool heightIsNumber = false;
    if (sides.size() == 2 && sides[0].toInt(&widthIsNumber) > 0 && sides[1].toInt(&heightIsNumber) > 0 &&
        widthIsNumber && heightIsNumber)
        return {};
    return "a size looks like 1440x900";
}

} // namespace

bool namesQtOptions(int argc, char** argv)
{
    // Those of Qt 6's QGuiApplication and QApplication, with one dash or two.
    static const std::set<std::string_view> names{"platform",
                                                  "platformpluginpath",
                                                  "platformtheme",
                                                  "plugin",
                                                  "qwindowgeometry",
                                                  "qwindowicon",
                                                  "qwindowtitle",
                                                  "icon",
                                                  "geometry",
                                                  "title",
                                                  "display",
                                                  "session",
                                                  "style",
                                                  "stylesheet",
                                                  "reverse",
                                                  "dialogs",
                                                  "fontengine",
                                                  "fullscreen",
                                                  "nograb",
                                                  "dograb",
                                                  "sync",
                                                  "visual",
                                                  "widgetcount",
                                                  "qmljsdebugger"};
    return std::any_of(argv + 1, argv + argc, [&](std::string_view word) {
        if (!word.starts_with('-'))
            return false;
        word.remove_prefix(word.starts_with("--") ? 2 : 1);
        return names.contains(word.substr(0, word.find('=')));
    });
}

std::variant<GuiOptions, int> parseGuiOptions(int argc, char** argv)
{
    GuiOptions options;
    std::string page;
    std::string theme;
    std::string size;
    std::string screenshot;
    CLI::App app("See, understand and replay lag in NATS JetStream: the console.", "jetlag");
    app.set_version_flag("--version", JETLAG_VERSION);
    auto* context = app.add_option("--context", options.contexts,
                                   "nats context to open; again for one more beside it, the first is shown")
                        ->type_name("NAME")
                        ->expected(1)
                        ->take_all();
    auto* server = app.add_option("--server", options.servers, "address to open; again for one more")
                       ->type_name("URL")
                       ->expected(1)
                       ->take_all();
    auto* demo = app.add_flag("--demo", options.demo, "a server, hooks and collectors on this machine");
    app.add_option("--scenario", options.scenario,
                   "with --demo: one collector with one known thing wrong (jetlagctl demo --scenario list)")
        ->type_name("NAME")
        ->needs(demo);
    auto* open =
        app.add_option("--open", options.open, "a capture or log file for the page Replay; needs no server")
            ->type_name("FILE");
    app.add_flag("--run", options.run, "replay it at once")->needs(open);
    for (auto* one : {context, server}) {
        one->excludes(demo);
        one->excludes(open);
    }
    demo->excludes(open);
    app.add_option("--page", page, "page to show first")
        ->check(CLI::IsMember({"overview", "diagnosis", "messages", "replay", "events", "connections"}));
    app.add_option("--theme", theme, "colours (default: like the system)")
        ->check(CLI::IsMember({"dark", "light", "system"}));
    app.add_option("--size", size, "of the window")->type_name("WxH")->check(checkSize);
    auto* picture =
        app.add_option("--screenshot", screenshot, "write a picture there, then end")->type_name("FILE.png");
    app.add_option("--after", options.afterSeconds, "seconds to wait before the picture")
        ->type_name("SECONDS")
        ->check(CLI::Range(0.0, 3600.0))
        ->needs(picture)
        ->capture_default_str();
    app.footer(
        "With none of --context, --server, --demo and --open: what was open when the window was closed;\n"
        "else the selected nats context, else localhost, else the page Connections.\n"
        "Qt's own options (-platform offscreen, -style ...) are understood too.");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& wrong) {
        return app.exit(wrong) == 0 ? 0 : kWrongUse;
    }

    options.page = ui::pageOfWord(QString::fromStdString(page));
    static const std::map<std::string, ui::ThemeMode> themes{
        {"dark", ui::ThemeMode::Dark}, {"light", ui::ThemeMode::Light}, {"system", ui::ThemeMode::System}};
    if (const auto found = themes.find(theme); found != themes.end())
        options.theme = found->second;
    if (!size.empty()) {
        const QStringList sides = QString::fromStdString(size).split(QLatin1Char('x'));
        options.size = QSize(sides[0].toInt(), sides[1].toInt());
    }
    options.screenshot = QString::fromStdString(screenshot);
    return options;
}

} // namespace jetlag
