// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/connections/connection_tile.h"

#include "ui/bridge/session_words.h"
#include "ui/models/record_cells.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/parts.h"
#include "ui/widgets/verdict_counts.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

namespace jetlag::ui {

namespace {

constexpr int kStripe = 4;

ElidedLabel* quietLine()
{
    auto* label = new ElidedLabel;
    label->setProperty("role", QStringLiteral("secondary"));
    label->setFont(Theme::instance().smallFont());
    return label;
}

QString counted(std::size_t number, const QString& one, const QString& many)
{
    return number == 1 ? one : many.arg(number);
}

} // namespace

ConnectionTile::ConnectionTile(LiveSession& session, QWidget* parent)
    : QFrame(parent)
    , m_session(session)
    , m_name(new ElidedLabel)
    , m_word(quietLabel())
    , m_place(quietLabel())
    , m_sign(new QLabel)
    , m_state(quietLabel())
    , m_verdicts(new VerdictCounts)
    , m_server(quietLine())
    , m_footprint(quietLine())
    , m_show(new QPushButton(tr("Show")))
    , m_tryNow(new QPushButton(tr("Try now")))
{
    setProperty("role", QStringLiteral("panel"));
    m_name->setFont(Theme::instance().titleFont());
    m_word->setWordWrap(false);
    m_place->setWordWrap(false);
    m_place->setFont(Theme::instance().smallFont());
    m_sign->setFixedWidth(14);
    m_sign->setAlignment(Qt::AlignTop);
    m_sign->setContentsMargins(0, 5, 0, 0);
    m_state->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    auto* close = new QPushButton(tr("Close"));
    close->setToolTip(tr("Ends this connection here; its history stays, and nothing on the server changes"));

    auto* title = new QHBoxLayout;
    title->setSpacing(Metrics::kSpacing);
    title->addWidget(m_name, 1);
    title->addWidget(m_word);
    title->addWidget(m_place);
    auto* state = new QHBoxLayout;
    state->setSpacing(4);
    state->addWidget(m_sign, 0, Qt::AlignTop);
    state->addWidget(m_state, 1);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_show);
    buttons->addWidget(m_tryNow);
    buttons->addStretch();
    buttons->addWidget(close);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(Metrics::kMargin + kStripe, Metrics::kMargin, Metrics::kMargin,
                               Metrics::kMargin);
    column->setSpacing(6);
    column->addLayout(title);
    column->addLayout(state);
    column->addWidget(m_verdicts);
    column->addWidget(m_server);
    column->addWidget(m_footprint);
    column->addStretch();
    column->addLayout(buttons);

    connect(m_show, &QPushButton::clicked, this, &ConnectionTile::showWanted);
    connect(m_tryNow, &QPushButton::clicked, &session, &LiveSession::tryNow);
    connect(close, &QPushButton::clicked, this, &ConnectionTile::closeWanted);
    connect(&session, &LiveSession::stateChanged, this, &ConnectionTile::refresh);
    connect(&session, &LiveSession::reportChanged, this, &ConnectionTile::refresh);
    refresh();
}

void ConnectionTile::setPlace(bool isCurrent, const QString& key)
{
    m_place->setText(isCurrent ? tr("shown now") : key);
    setProperty("current", isCurrent);
}

void ConnectionTile::refresh()
{
    const Environment environment = environmentOf(m_session);
    m_name->setText(m_session.name());
    m_word->setText(environment.word == m_session.name() ? QString() : environment.word);
    setAccessibleName(titleOf(m_session));
    setAccessibleDescription(aboutConnection(m_session));
    showState();

    const ClusterReport* report = m_session.report().get();
    m_verdicts->setCounts(report != nullptr ? verdictCounts(*report) : std::vector<VerdictCount>());
    m_verdicts->setStale(m_session.state() != LiveSession::State::Connected);
    m_verdicts->setVisible(report != nullptr && !report->collectors.empty());
    m_server->setText(aboutServer());
    m_server->setVisible(!m_server->text().isEmpty());
    m_footprint->setText(footprintLine());
    m_footprint->setVisible(m_session.link() != nullptr);
    m_tryNow->setVisible(m_session.state() == LiveSession::State::Waiting ||
                         m_session.state() == LiveSession::State::Lost);
    update();
}

void ConnectionTile::showState()
{
    constexpr int kSide = 12;
    constexpr int kScale = 2;
    const StateSign sign = stateSign(m_session);
    QPixmap pixmap(kSide * kScale, kSide * kScale);
    pixmap.setDevicePixelRatio(kScale);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    paintGlyph(painter, sign.glyph, QRectF(1, 1, kSide - 2, kSide - 2), sign.color);
    painter.end();
    m_sign->setPixmap(pixmap);

    const QString sentence = m_session.stateSentence();
    if (!sentence.isEmpty()) {
        m_state->setText(sentence);
        return;
    }
    const std::optional<double> age = m_session.ageSeconds();
    m_state->setText(age ? tr("%1 · sample %2 old").arg(stateWord(m_session), duration(age))
                         : tr("%1 · waiting for the first sample").arg(stateWord(m_session)));
}

QString ConnectionTile::aboutServer() const
{
    if (!m_session.link())
        return {};
    const ServerDescription server = m_session.link()->description();
    QStringList words;
    if (const ClusterReport* report = m_session.report().get())
        words << counted(report->streams.size(), tr("1 stream"), tr("%1 streams"))
              << counted(report->collectors.size(), tr("1 collector"), tr("%1 collectors"));
    words
        << tr("nats-server %1").arg(server.version.empty() ? tr("of unknown version") : shown(server.version))
        << shown(server.url); // last: it may be long
    return words.join(QStringLiteral(" · "));
}

QString ConnectionTile::footprintLine() const
{
    const FootprintMeter& footprint = m_session.footprint();
    return tr("footprint %1 req/s · %2 · %3 consumers created")
        .arg(bareRate(footprint.requestsPerSecond()), byteRate(footprint.bytesPerSecond()))
        .arg(footprint.total().consumersCreated);
}

void ConnectionTile::paintEvent(QPaintEvent* event)
{
    QFrame::paintEvent(event);
    QPainter painter(this);
    painter.fillRect(QRect(0, 0, kStripe, height()), stripeColor(environmentOf(m_session).kind, colors()));
}

void ConnectionTile::mouseDoubleClickEvent(QMouseEvent*)
{
    emit showWanted();
}

} // namespace jetlag::ui
