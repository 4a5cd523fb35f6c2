// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/connections/connections_page.h"

#include "ui/bridge/session_words.h"
#include "ui/pages/connections/address_row.h"
#include "ui/pages/connections/found_contexts.h"
#include "ui/pages/connections/offers.h"
#include "ui/pages/connections/open_tiles.h"
#include "ui/pages/connections/test_panel.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/parts.h"

#include <QDragEnterEvent>
#include <QFileDialog>
#include <QMimeData>
#include <QScrollArea>
#include <QShortcut>
#include <QSplitter>
#include <QVBoxLayout>

#include <algorithm>
#include <map>

namespace jetlag::ui {

namespace {

constexpr int kSideBySideFrom = 1120;
constexpr int kMostOfPage = 50; // percent that the test may take where it stands below

/// The capture dropped on the page, if it is one.
QString droppedCapture(const QMimeData& data)
{
    for (const QUrl& url : data.urls()) {
        if (url.isLocalFile() && url.toLocalFile().endsWith(QLatin1String(".jetlag")))
            return url.toLocalFile();
    }
    return {};
}

} // namespace

ConnectionsPage::ConnectionsPage(LiveSessions& sessions, QWidget* parent)
    : Page(parent)
    , m_sessions(sessions)
    , m_address(new AddressRow)
    , m_found(new FoundContexts(sessions.services().connections))
    , m_offers(new Offers)
    , m_test(new TestPanel)
    , m_split(new QSplitter)
{
    setAcceptDrops(true);
    auto* left = new QWidget;
    auto* column = new QVBoxLayout(left);
    column->setContentsMargins(Metrics::kMargin, Metrics::kMargin, Metrics::kMargin, Metrics::kMargin);
    column->setSpacing(Metrics::kMargin);
    auto* open = new OpenTiles(sessions);
    column->addWidget(open);
    column->addWidget(m_address);
    for (QWidget* part : {static_cast<QWidget*>(m_found), static_cast<QWidget*>(m_offers)}) {
        part->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
        column->addWidget(part);
    }
    column->addStretch();

    m_split->addWidget(scrolledDown(left));
    m_split->addWidget(scrolledDown(m_test));
    m_split->widget(1)->setMinimumWidth(Metrics::kSidePanelWidth);
    m_split->setStretchFactor(0, 1);
    m_split->setSizes({1000, 400});
    m_split->setChildrenCollapsible(false);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_split);

    connectParts(*open);
    setFocusProxy(m_found);
    readContexts();
    refreshState();
}

void ConnectionsPage::connectParts(OpenTiles& open)
{
    connect(&open, &OpenTiles::chosen, this, [this] { emit linkFollowed({.page = PageId::Overview}); });
    connect(&m_sessions, &LiveSessions::changed, this, &ConnectionsPage::refreshState);
    connect(&m_sessions, &LiveSessions::openChanged, this, &ConnectionsPage::refreshState);
    connect(&m_sessions, &LiveSessions::currentChanged, this, &ConnectionsPage::refreshState);
    connect(m_address, &AddressRow::chosen, this, &ConnectionsPage::chooseAddress);
    connect(m_address, &AddressRow::testWanted, this, &ConnectionsPage::test);
    connect(m_address, &AddressRow::connectWanted, this, &ConnectionsPage::connectTo);
    connect(m_found, &FoundContexts::chosenChanged, this, &ConnectionsPage::chooseContext);
    connect(m_found, &FoundContexts::activated, this, [this] {
        chooseContext();
        connectTo();
    });
    connect(m_test, &TestPanel::testWanted, this, &ConnectionsPage::test);
    connect(m_test, &TestPanel::connectWanted, this, &ConnectionsPage::connectTo);
    connect(m_test, &TestPanel::contentChanged, this, &ConnectionsPage::fitTest);
    connect(m_split, &QSplitter::splitterMoved, this, [this] { m_isSplitMoved = true; });
    connect(m_offers, &Offers::demoWanted, this,
            [this] { emit linkFollowed({.page = PageId::Overview, .startDemo = true}); });
    connect(m_offers, &Offers::captureWanted, this, &ConnectionsPage::askForCapture);
    auto* testKey = new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_T), this);
    connect(testKey, &QShortcut::activated, this, &ConnectionsPage::test);
}

ConnectionsPage::~ConnectionsPage() = default;

void ConnectionsPage::readContexts()
{
    m_found->read();
}

void ConnectionsPage::refreshState()
{
    std::map<std::string, ContextModel::InUse> inUse;
    bool demoRuns = false;
    for (const LiveSession* session : m_sessions.open()) {
        demoRuns |= session->isDemo();
        const bool isWell = session->state() == LiveSession::State::Connected;
        if (!session->isDemo() && !session->request().server)
            inUse[session->key()] = {isWell ? tr("connected") : stateWord(*session), isWell};
    }
    m_offers->setDemoRuns(demoRuns);
    m_found->model().setInUse(std::move(inUse));
    const LiveSession& current = m_sessions.current();
    if (current.state() == LiveSession::State::Connected && !current.isDemo())
        rememberConnection();
    if (m_choseItself && isVisible())
        chooseCurrent();
    refreshTarget();
    tellOpen();
}

// What "Connect" will do depends on what is open.
void ConnectionsPage::refreshTarget()
{
    if (!m_target)
        return m_test->setConnectWords(tr("Connect"));
    const std::vector<LiveSession*> open = m_sessions.open();
    const LiveSession* same = m_sessions.find(m_target->key);
    const auto staying =
        std::ranges::count_if(open, [](const LiveSession* one) { return !one->isMakeshift(); });
    if (same != nullptr && !same->isMakeshift())
        m_test->setConnectWords(tr("Show it, it is open"));
    else
        m_test->setConnectWords(staying == 0 ? tr("Connect") : tr("Connect beside the %1 open").arg(staying));
}

void ConnectionsPage::connectTo()
{
    if (!m_target)
        return;
    // A demo has a key that its address does not lead to.
    if (LiveSession* same = m_sessions.find(m_target->key); same != nullptr && !same->isMakeshift())
        m_sessions.setCurrent(*same);
    else
        m_sessions.open(m_target->request);
    emit linkFollowed({.page = PageId::Overview});
}

void ConnectionsPage::openCapture(const QString& file)
{
    PageLink link{.page = PageId::Replay};
    link.replay = ReplayRequest{.source = CaptureReplaySource{.file = file.toStdString()}};
    emit linkFollowed(link);
}

void ConnectionsPage::askForCapture()
{
    const QString file = QFileDialog::getOpenFileName(this, tr("Open a capture"), {},
                                                      tr("Captures (*.jetlag);;All files (*)"));
    if (!file.isEmpty())
        openCapture(file);
}

bool ConnectionsPage::refreshNow()
{
    readContexts();
    return true;
}

bool ConnectionsPage::focusFilter()
{
    m_address->setFocus(Qt::ShortcutFocusReason);
    return true;
}

QList<std::pair<QString, QString>> ConnectionsPage::shortcuts() const
{
    return {{QStringLiteral("Enter"), tr("connect to the chosen context")},
            {QStringLiteral("Ctrl+T"), tr("test what it may see")},
            {QStringLiteral("/"), tr("type an address")},
            {QStringLiteral("F5"), tr("read the context files again")}};
}

void ConnectionsPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    readContexts();
    const bool isChosen = m_found->chosen() != nullptr || !m_address->address().isEmpty();
    if ((!isChosen || m_choseItself) && !chooseCurrent() && !isChosen)
        chooseLast();
    tellOpen();
}

// Below, the test takes what it needs to say, never more than half; a splitter that was moved stays.
void ConnectionsPage::fitTest()
{
    if (m_split->orientation() != Qt::Vertical || m_isSplitMoved)
        return;
    const int all = height() - m_split->handleWidth();
    const int wanted = m_test->heightForWidth(width()) + 2;
    const int test = std::min(wanted, all * kMostOfPage / 100);
    m_split->setSizes({all - test, test});
}

void ConnectionsPage::resizeEvent(QResizeEvent* event)
{
    Page::resizeEvent(event);
    const Qt::Orientation wanted = width() >= kSideBySideFrom ? Qt::Horizontal : Qt::Vertical;
    if (wanted == m_split->orientation())
        return fitTest();
    m_split->setOrientation(wanted);
    m_isSplitMoved = false;
    if (wanted == Qt::Horizontal)
        m_split->setSizes({1000, 400});
    fitTest();
}

void ConnectionsPage::dragEnterEvent(QDragEnterEvent* event)
{
    if (!droppedCapture(*event->mimeData()).isEmpty())
        event->acceptProposedAction();
}

void ConnectionsPage::dropEvent(QDropEvent* event)
{
    if (const QString file = droppedCapture(*event->mimeData()); !file.isEmpty())
        openCapture(file);
}

} // namespace jetlag::ui
