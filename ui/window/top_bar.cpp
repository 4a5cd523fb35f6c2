// SPDX-License-Identifier: Apache-2.0
#include "ui/window/top_bar.h"

#include "ui/bridge/live_session.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/parts.h"

#include <QActionGroup>
#include <QDateTime>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QTimer>
#include <QToolButton>

namespace jetlag::ui {

namespace {

constexpr int kFootprintBeatMs = 1000;
constexpr qint64 kFootprintSpanMs = 10'000;
constexpr int kServerWordsFrom = 1120; // narrower windows drop version and footprint

QIcon stateDot(LiveSession::State state)
{
    const Palette& now = colors();
    Glyph glyph = Glyph::Ring;
    QColor color = now.secondary;
    if (state == LiveSession::State::Connected) {
        glyph = Glyph::Disc;
        color = now.good;
    } else if (state == LiveSession::State::Lost || state == LiveSession::State::Waiting) {
        glyph = Glyph::Cross;
        color = now.bad;
    } else if (state == LiveSession::State::Connecting || state == LiveSession::State::StartingDemo) {
        glyph = Glyph::DottedRing;
    }
    QPixmap pixmap(32, 32);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    paintGlyph(painter, glyph, QRectF(0, 0, 32, 32), color);
    return pixmap;
}

QString stateWord(LiveSession::State state)
{
    switch (state) {
    case LiveSession::State::None:
        return QObject::tr("not connected");
    case LiveSession::State::StartingDemo:
        return QObject::tr("starting the demo");
    case LiveSession::State::Connecting:
        return QObject::tr("connecting");
    case LiveSession::State::Waiting:
        return QObject::tr("trying again");
    case LiveSession::State::Connected:
        return QObject::tr("live");
    case LiveSession::State::Lost:
        return QObject::tr("connection lost");
    }
    return {};
}

QLabel* oneLine()
{
    QLabel* label = quietLabel();
    label->setWordWrap(false);
    return label;
}

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

TopBar::TopBar(LiveSession& session, QWidget* parent)
    : QWidget(parent)
    , m_session(session)
    , m_chip(new QToolButton)
    , m_server(oneLine())
    , m_footprint(oneLine())
    , m_state(oneLine())
    , m_theme(new QToolButton)
{
    setProperty("role", QStringLiteral("bar"));
    setAttribute(Qt::WA_StyledBackground);
    setFixedHeight(Metrics::kTopBarHeight);
    m_chip->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_chip->setAccessibleName(tr("Connection"));
    m_chip->setToolTip(tr("Choose another connection"));
    m_theme->setText(tr("Theme"));
    m_theme->setPopupMode(QToolButton::InstantPopup);
    m_theme->setMenu(themeMenu(this));
    auto* keys = new QToolButton;
    keys->setText(QStringLiteral("?"));
    keys->setToolTip(tr("Keys (?)"));
    keys->setAccessibleName(tr("Keys"));

    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(Metrics::kMargin, 0, Metrics::kMargin, 0);
    layout->setSpacing(Metrics::kMargin);
    layout->addWidget(m_chip);
    layout->addWidget(m_state);
    layout->addWidget(m_server);
    layout->addStretch();
    layout->addWidget(m_footprint);
    layout->addWidget(m_theme);
    layout->addWidget(keys);

    connect(m_chip, &QToolButton::clicked, this, &TopBar::connectionsWanted);
    connect(keys, &QToolButton::clicked, this, &TopBar::shortcutsWanted);
    connect(&session, &LiveSession::stateChanged, this, &TopBar::refresh);
    connect(&Theme::instance(), &Theme::changed, this, &TopBar::refresh);
    auto* timer = new QTimer(this);
    connect(timer, &QTimer::timeout, this, &TopBar::refresh);
    timer->start(kFootprintBeatMs);
    refresh();
}

void TopBar::refresh()
{
    const LiveSession::State state = m_session.state();
    update();
    m_chip->setIcon(stateDot(state));
    m_chip->setText(chipWords());
    m_state->setText(stateWord(state));
    if (!m_session.link()) {
        m_server->clear();
        m_footprint->clear();
        m_looks.clear();
        return;
    }
    const ServerDescription server = m_session.link()->description();
    m_server->setText(tr("%1 · nats-server %2 · read only").arg(shown(server.url), shown(server.version)));

    showFootprint();
}

void TopBar::showFootprint()
{
    const Footprint footprint = m_session.link()->footprint();
    const std::uint64_t bytesNow = footprint.bytesSent + footprint.bytesReceived;
    m_looks.push_back({QDateTime::currentMSecsSinceEpoch(), footprint.requests, bytesNow});
    while (m_looks.back().atMs - m_looks.front().atMs > kFootprintSpanMs)
        m_looks.pop_front();
    const Look& first = m_looks.front();
    const double seconds = static_cast<double>(m_looks.back().atMs - first.atMs) / 1000;
    std::optional<double> requestsPerSecond;
    std::optional<double> bytesPerSecond;
    if (seconds >= 0.9) {
        requestsPerSecond = static_cast<double>(footprint.requests - first.requests) / seconds;
        bytesPerSecond = static_cast<double>(bytesNow - first.bytes) / seconds;
    }
    m_footprint->setText(tr("footprint %1 req/s · %2 · %3 consumers")
                             .arg(bareRate(requestsPerSecond), byteRate(bytesPerSecond))
                             .arg(footprint.consumersCreated));
    m_footprint->setToolTip(tr("What Jetlag itself costs the server: %1 requests and %2 so far. It creates "
                               "no consumers and acks nothing.")
                                .arg(exact(footprint.requests), bytes(static_cast<double>(bytesNow))));
}

QString TopBar::chipWords() const
{
    if (m_session.name().isEmpty())
        return tr("Choose a connection");
    const Environment environment = this->environment();
    return environment.word.isEmpty() || environment.word == m_session.name()
               ? m_session.name()
               : tr("%1 · %2").arg(m_session.name(), environment.word);
}

Environment TopBar::environment() const
{
    if (!m_session.link())
        return environmentOf(m_session.name(), {}, m_session.name());
    const ServerDescription server = m_session.link()->description();
    return environmentOf(m_session.name(), QString::fromStdString(server.colorScheme),
                         QString::fromStdString(server.url));
}

void TopBar::paintEvent(QPaintEvent* event)
{
    QWidget::paintEvent(event);
    if (m_session.name().isEmpty())
        return;
    QPainter painter(this);
    const QRect chip = m_chip->geometry();
    painter.fillRect(QRect(chip.left() - 6, chip.top(), 4, chip.height()),
                     stripeColor(environment().kind, colors()));
}

void TopBar::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    const bool wide = window()->width() >= kServerWordsFrom;
    m_server->setVisible(wide);
}

} // namespace jetlag::ui
