// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/connections/connections_page.h"

#include "model/profile/connection_profile.h"
#include "ui/bridge/session_words.h"
#include "ui/pages/connections/context_delegate.h"
#include "ui/pages/connections/offers.h"
#include "ui/pages/connections/open_tiles.h"
#include "ui/pages/connections/test_panel.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/parts.h"

#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileSystemWatcher>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QScrollArea>
#include <QSettings>
#include <QShortcut>
#include <QSplitter>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <map>

namespace jetlag::ui {

namespace {

constexpr int kSideBySideFrom = 1120;
constexpr int kRowsShown = 12;
constexpr auto kLastContext = "connection/context";
constexpr auto kLastAddress = "connection/address";

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
    , m_contexts(new ContextModel(this))
    , m_files(new QFileSystemWatcher(this))
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
    column->addWidget(addressRow());
    for (QWidget* part : {foundBox(), static_cast<QWidget*>(m_offers)}) {
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

    connect(open, &OpenTiles::chosen, this, [this] { emit linkFollowed({.page = PageId::Overview}); });
    connect(&sessions, &LiveSessions::changed, this, &ConnectionsPage::refreshState);
    connect(&sessions, &LiveSessions::openChanged, this, &ConnectionsPage::refreshState);
    connect(m_test, &TestPanel::testWanted, this, &ConnectionsPage::test);
    connect(m_test, &TestPanel::connectWanted, this, &ConnectionsPage::connectTo);
    connect(m_offers, &Offers::demoWanted, this,
            [this] { emit linkFollowed({.page = PageId::Overview, .startDemo = true}); });
    connect(m_offers, &Offers::captureWanted, this, &ConnectionsPage::askForCapture);
    connect(m_files, &QFileSystemWatcher::directoryChanged, this, &ConnectionsPage::readContexts);
    auto* testKey = new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_T), this);
    connect(testKey, &QShortcut::activated, this, &ConnectionsPage::test);
    setFocusProxy(m_table);
    readContexts();
    refreshState();
}

ConnectionsPage::~ConnectionsPage() = default;

QWidget* ConnectionsPage::addressRow()
{
    auto* widget = new QWidget;
    auto* row = new QHBoxLayout(widget);
    row->setContentsMargins(0, 0, 0, 0);
    auto* label = quietLabel(tr("Address"));
    label->setWordWrap(false);
    m_address = new QLineEdit;
    m_address->setPlaceholderText(tr("nats://host:4222, more with commas"));
    m_address->setAccessibleName(tr("Address of a server"));
    auto* test = new QPushButton(tr("Test"));
    auto* open = new QPushButton(tr("Connect"));
    row->addWidget(label);
    row->addWidget(m_address, 1);
    row->addWidget(test);
    row->addWidget(open);
    connect(m_address, &QLineEdit::textEdited, this, &ConnectionsPage::chooseAddress);
    connect(m_address, &QLineEdit::returnPressed, this, [this] {
        chooseAddress();
        connectTo();
    });
    connect(test, &QPushButton::clicked, this, [this] {
        chooseAddress();
        this->test();
    });
    connect(open, &QPushButton::clicked, this, [this] {
        chooseAddress();
        connectTo();
    });
    return widget;
}

QWidget* ConnectionsPage::foundBox()
{
    auto* widget = new QWidget;
    auto* column = new QVBoxLayout(widget);
    column->setContentsMargins(0, 0, 0, 0);
    auto* title = new QHBoxLayout;
    title->addWidget(titleLabel(tr("Found on this machine")));
    m_found = quietLabel();
    title->addWidget(m_found, 1);
    column->addLayout(title);

    m_table = new QTableView;
    m_table->setModel(m_contexts);
    m_table->setItemDelegate(new ContextDelegate(m_table));
    m_table->setShowGrid(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setTabKeyNavigation(false);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(Metrics::kRowHeight);
    QHeaderView* header = m_table->horizontalHeader();
    header->setHighlightSections(false);
    header->setMinimumSectionSize(72); // an empty list shows its headings whole
    header->setSectionResizeMode(QHeaderView::ResizeToContents);
    header->setSectionResizeMode(ContextModel::AddressColumn, QHeaderView::Stretch);
    m_table->setAccessibleName(tr("nats contexts"));
    column->addWidget(m_table);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &ConnectionsPage::chooseRow);
    connect(m_table, &QTableView::activated, this, [this] {
        chooseRow();
        connectTo();
    });
    return widget;
}

void ConnectionsPage::readContexts()
{
    m_contexts->setContexts(m_sessions.services().connections.contexts());
    m_table->clearSpans();
    int broken = 0;
    for (int row = 0; row < m_contexts->rowCount(); ++row) {
        const bool isBroken = !m_contexts->context(row).problem.empty();
        broken += isBroken ? 1 : 0;
        if (isBroken) // the reason needs the room of both
            m_table->setSpan(row, ContextModel::AddressColumn, 1, 2);
    }
    const int rows = std::clamp(m_contexts->rowCount(), 3, kRowsShown);
    m_table->setFixedHeight(m_table->horizontalHeader()->sizeHint().height() + rows * Metrics::kRowHeight +
                            2 * m_table->frameWidth() + 2);
    const int count = m_contexts->rowCount();
    QString words = count == 0 ? tr("no nats contexts; `nats context add` makes one")
                               : tr("%n nats context(s)", nullptr, count);
    words.replace(QLatin1String("context(s)"),
                  count == 1 ? QStringLiteral("context") : QStringLiteral("contexts"));
    if (broken > 0)
        words += tr(", %1 cannot be loaded").arg(broken);
    m_found->setText(words);
    watchContexts();
}

void ConnectionsPage::watchContexts()
{
    QStringList folders;
    for (int row = 0; row < m_contexts->rowCount(); ++row) {
        const QString folder = QString::fromStdString(m_contexts->context(row).file.parent_path().string());
        if (!folders.contains(folder) && !m_files->directories().contains(folder))
            folders << folder;
    }
    if (!folders.isEmpty())
        m_files->addPaths(folders);
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
    m_contexts->setInUse(std::move(inUse));
    const LiveSession& current = m_sessions.current();
    if (current.state() == LiveSession::State::Connected && !current.isDemo())
        rememberConnection();
    refreshTarget();
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

void ConnectionsPage::chooseRow()
{
    const QModelIndexList rows = m_table->selectionModel()->selectedRows();
    if (rows.isEmpty())
        return;
    const FoundContext& context = m_contexts->context(rows.first().row());
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
    const QString address = m_address->text().trimmed();
    if (address.isEmpty())
        return choose(std::nullopt);
    m_table->clearSelection();
    const std::string server = address.toStdString();
    choose(Target{.request = {.server = server}, .name = address, .key = profileFromUrl(server).title()});
}

void ConnectionsPage::choose(std::optional<Target> target)
{
    m_testing.reset();
    m_target = std::move(target);
    m_test->showIdle(m_target ? m_target->name : QString(), m_target ? m_target->environment : QString(),
                     m_target.has_value());
    refreshTarget();
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

void ConnectionsPage::test()
{
    if (!m_target)
        return;
    m_test->showRunning(m_target->name);
    m_testing = std::make_unique<JobWatch<ConnectionTest>>(
        m_sessions.services().connections.test(m_target->request), [this](Result<ConnectionTest> result) {
            if (result)
                m_test->showResult(m_target->name, *result);
            else
                m_test->showError(m_target->name, shown(result.error().message()));
            if (!m_target->context.empty())
                m_contexts->setTested(m_target->context, result ? tr("tested just now") : tr("no answer"));
            m_testing.reset();
        });
}

void ConnectionsPage::connectTo()
{
    if (!m_target)
        return;
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
    if (m_table->selectionModel()->hasSelection() || !m_address->text().isEmpty())
        return;
    if (const QString address = QSettings().value(QLatin1String(kLastAddress)).toString();
        !address.isEmpty()) {
        m_address->setText(address);
        return chooseAddress();
    }
    const std::string last = QSettings().value(QLatin1String(kLastContext)).toString().toStdString();
    int chosen = 0;
    for (int row = 0; row < m_contexts->rowCount(); ++row) {
        const FoundContext& context = m_contexts->context(row);
        if (context.name == last || (last.empty() && context.selected))
            chosen = row;
    }
    m_table->selectRow(chosen);
}

void ConnectionsPage::resizeEvent(QResizeEvent* event)
{
    Page::resizeEvent(event);
    const Qt::Orientation wanted = width() >= kSideBySideFrom ? Qt::Horizontal : Qt::Vertical;
    if (wanted == m_split->orientation())
        return;
    m_split->setOrientation(wanted);
    m_split->setSizes(wanted == Qt::Horizontal ? QList<int>{1000, 400} : QList<int>{700, 300});
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
