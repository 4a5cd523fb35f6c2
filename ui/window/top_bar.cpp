// SPDX-License-Identifier: Apache-2.0
#include "ui/window/top_bar.h"

#include "ui/bridge/live_sessions.h"
#include "ui/bridge/session_words.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/parts.h"
#include "ui/window/chip_row.h"
#include "ui/window/footprint_words.h"

#include <QActionGroup>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QTimer>
#include <QToolButton>

namespace jetlag::ui {

namespace {

constexpr int kFootprintBeatMs = 1000;
constexpr int kServerWordsFrom = 1120; // narrower windows drop address and version

QMenu* themeMenu(QWidget* parent)
{
    auto* menu = new QMenu(parent);
    auto* group = new QActionGroup(menu);
    const auto add = [&](const QString& words, ThemeMode mode) {
        QAction* action = menu->addAction(words);
        action->setCheckable(true);
        action->setActionGroup(group);
        QObject::connect(action, &QAction::triggered, menu, [mode] { Theme::instance().setMode(mode); });
        QObject::connect(menu, &QMenu::aboutToShow, action,
                         [action, mode] { action->setChecked(Theme::instance().mode() == mode); });
    };
    add(QObject::tr("Like the system"), ThemeMode::System);
    add(QObject::tr("Dark"), ThemeMode::Dark);
    add(QObject::tr("Light"), ThemeMode::Light);
    return menu;
}

} // namespace

TopBar::TopBar(LiveSessions& sessions, QWidget* parent)
    : QWidget(parent)
    , m_sessions(sessions)
    , m_another(new QToolButton)
    , m_current(new ElidedLabel)
    , m_footprint(quietLabel())
    , m_theme(new QToolButton)
{
    setProperty("role", QStringLiteral("bar"));
    setAttribute(Qt::WA_StyledBackground);
    setFixedHeight(Metrics::kTopBarHeight);
    m_another->setAccessibleName(tr("Open another connection"));
    m_another->setToolTip(tr("Open another connection"));
    m_current->setProperty("role", QStringLiteral("secondary"));
    m_footprint->setWordWrap(false);
    m_theme->setText(tr("Theme"));
    m_theme->setPopupMode(QToolButton::InstantPopup);
    m_theme->setMenu(themeMenu(this));
    auto* keys = new QToolButton;
    keys->setText(QStringLiteral("?"));
    keys->setToolTip(tr("Keys (?)"));
    keys->setAccessibleName(tr("Keys"));

    auto* chips = new ChipRow(sessions);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(Metrics::kMargin, 0, Metrics::kMargin, 0);
    layout->setSpacing(Metrics::kMargin);
    layout->addWidget(chips);
    layout->addWidget(m_another);
    layout->addWidget(m_current, 1);
    layout->addWidget(m_footprint);
    layout->addWidget(m_theme);
    layout->addWidget(keys);

    connect(chips, &ChipRow::chosen, this, &TopBar::connectionChosen);
    connect(m_another, &QToolButton::clicked, this, &TopBar::connectionsWanted);
    connect(keys, &QToolButton::clicked, this, &TopBar::shortcutsWanted);
    connect(&sessions, &LiveSessions::changed, this, &TopBar::refresh);
    connect(&sessions, &LiveSessions::openChanged, this, &TopBar::refresh);
    connect(&sessions, &LiveSessions::currentChanged, this, &TopBar::refresh);
    auto* timer = new QTimer(this);
    connect(timer, &QTimer::timeout, this, &TopBar::refresh);
    timer->start(kFootprintBeatMs);
    refresh();
}

void TopBar::refresh()
{
    m_another->setText(m_sessions.open().empty() ? tr("Choose a connection") : QStringLiteral("+"));
    m_current->setText(aboutCurrent());
    const bool isWide = window()->width() >= kFootprintInTopBarFrom;
    m_footprint->setText(isWide ? footprintWords(m_sessions) : QString());
    m_footprint->setToolTip(aboutFootprint(m_sessions));
}

QString TopBar::aboutCurrent() const
{
    const LiveSession& session = m_sessions.current();
    if (session.isBlank())
        return {};
    if (!session.link() || window()->width() < kServerWordsFrom)
        return stateWord(session);
    const ServerDescription server = session.link()->description();
    return tr("%1 · %2 · nats-server %3 · read only")
        .arg(stateWord(session), shown(server.url),
             server.version.empty() ? tr("of unknown version") : shown(server.version));
}

} // namespace jetlag::ui
