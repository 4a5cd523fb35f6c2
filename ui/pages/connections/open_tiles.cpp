// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/connections/open_tiles.h"

#include "ui/bridge/live_sessions.h"
#include "ui/pages/connections/connection_tile.h"
#include "ui/theme/theme.h"
#include "ui/widgets/parts.h"

#include <QGridLayout>
#include <QLabel>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>

namespace jetlag::ui {

namespace {

constexpr int kTileWidth = 290;
constexpr int kBeatMs = 1000;

QWidget* hintTile()
{
    QFrame* frame = panelFrame();
    auto* column = new QVBoxLayout(frame);
    column->setContentsMargins(Metrics::kMargin, Metrics::kMargin, Metrics::kMargin, Metrics::kMargin);
    column->addWidget(titleLabel(OpenTiles::tr("One more beside them")));
    column->addWidget(quietLabel(OpenTiles::tr(
        "Choose a context below and press Enter, or type an address. Each connection keeps its own colour, "
        "pages and history, and is watched whether it is shown or not.")));
    column->addStretch();
    return frame;
}

} // namespace

OpenTiles::OpenTiles(LiveSessions& sessions, QWidget* parent)
    : QWidget(parent)
    , m_sessions(sessions)
    , m_grid(new QGridLayout)
    , m_hint(hintTile())
{
    m_hint->setParent(this); // shown without one it would be a window
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(titleLabel(tr("Open now")));
    m_grid->setSpacing(Metrics::kSpacing);
    column->addLayout(m_grid);
    connect(&sessions, &LiveSessions::openChanged, this, &OpenTiles::followOpen);
    connect(&sessions, &LiveSessions::currentChanged, this, &OpenTiles::refresh);
    auto* timer = new QTimer(this); // ages go on
    connect(timer, &QTimer::timeout, this, [this] {
        for (ConnectionTile* tile : m_tiles)
            tile->refresh();
    });
    timer->start(kBeatMs);
    followOpen();
}

ConnectionTile* OpenTiles::makeTile(LiveSession& session)
{
    auto* tile = new ConnectionTile(session, this);
    connect(tile, &ConnectionTile::showWanted, this, [this, &session] {
        m_sessions.setCurrent(session);
        emit chosen();
    });
    connect(tile, &ConnectionTile::closeWanted, this, [this, &session] { m_sessions.closeOrAsk(session); });
    return tile;
}

void OpenTiles::followOpen()
{
    std::vector<ConnectionTile*> tiles;
    for (LiveSession* session : m_sessions.open()) {
        const auto same = std::ranges::find_if(m_tiles, [session](const ConnectionTile* tile) {
            return tile != nullptr && &tile->session() == session;
        });
        tiles.push_back(same != m_tiles.end() ? std::exchange(*same, nullptr) : makeTile(*session));
    }
    for (ConnectionTile* gone : m_tiles) {
        if (gone == nullptr)
            continue;
        gone->hide();
        gone->deleteLater(); // it may be its own button
    }
    m_tiles = std::move(tiles);
    setVisible(!m_tiles.empty());
    refresh();
    m_columns = 0;
    arrange();
}

void OpenTiles::refresh()
{
    for (std::size_t at = 0; at < m_tiles.size(); ++at) {
        const QString key = at < 9 ? QStringLiteral("Alt+%1").arg(at + 1) : QString();
        m_tiles[at]->setPlace(&m_tiles[at]->session() == &m_sessions.current(), key);
    }
}

void OpenTiles::arrange()
{
    const int columns = std::max(1, (width() + Metrics::kSpacing) / (kTileWidth + Metrics::kSpacing));
    if (columns == m_columns)
        return;
    for (int column = 0; column < m_columns; ++column)
        m_grid->setColumnStretch(column, 0);
    m_columns = columns;
    while (QLayoutItem* item = m_grid->takeAt(0))
        delete item;
    std::vector<QWidget*> widgets(m_tiles.begin(), m_tiles.end());
    const bool hasPlace = static_cast<int>(m_tiles.size()) % columns != 0; // no line of its own
    m_hint->setVisible(hasPlace);
    if (hasPlace)
        widgets.push_back(m_hint);
    for (std::size_t at = 0; at < widgets.size(); ++at) {
        const int place = static_cast<int>(at);
        m_grid->addWidget(widgets[at], place / columns, place % columns);
        widgets[at]->show();
    }
    for (int column = 0; column < columns; ++column)
        m_grid->setColumnStretch(column, 1);
}

void OpenTiles::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrange();
}

} // namespace jetlag::ui
