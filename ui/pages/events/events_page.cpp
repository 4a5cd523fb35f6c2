// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/events/events_page.h"

#include "ui/bridge/event_feed.h"
#include "ui/models/event_model.h"
#include "ui/pages/events/dead_letters_view.h"
#include "ui/pages/events/event_tools.h"
#include "ui/pages/overview/overview_state.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/glyph_delegate.h"
#include "ui/widgets/notice_strip.h"
#include "ui/widgets/order_button.h"
#include "ui/widgets/record_table.h"
#include "ui/widgets/state_panel.h"

#include <QMenu>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace jetlag::ui {

namespace {

constexpr int kAgesMs = 1000;
constexpr int kAgesOfManyMs = 10'000; // of a list that takes a while
constexpr int kMany = 1'000;
constexpr int kBesideFrom = 1240; // of the window

} // namespace

EventsPage::EventsPage(EventFeed& feed, QWidget* parent)
    : Page(parent)
    , m_feed(feed)
    , m_model(new EventModel(this))
    , m_tools(new EventTools)
    , m_notice(new NoticeStrip)
    , m_table(new RecordTable(QStringLiteral("events")))
    , m_letters(new DeadLettersView(feed))
    , m_lists(new QStackedWidget)
    , m_body(new QStackedWidget)
    , m_state(new StatePanel)
{
    makeTable();
    auto* events = new QWidget;
    auto* column = new QVBoxLayout(events);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Metrics::kSpacing);
    column->addWidget(m_table, 1);
    column->addWidget(chosenBar());
    m_body->addWidget(events);
    m_body->addWidget(m_state);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(Metrics::kMargin, Metrics::kMargin, Metrics::kMargin, Metrics::kMargin);
    layout->setSpacing(Metrics::kSpacing);
    layout->addWidget(m_tools);
    layout->addWidget(m_notice);
    m_lists->addWidget(m_body);
    m_lists->addWidget(m_letters);
    layout->addWidget(m_lists, 1);
    connectParts();
    setFocusProxy(m_table);
    m_tools->setLevel(m_feed.level());
    showChosen();
    showState();
    showProblems();
}

void EventsPage::makeTable()
{
    m_table->setAccessibleName(tr("Events"));
    m_table->setObjectName(QStringLiteral("events"));
    m_state->setObjectName(QStringLiteral("eventsState"));
    m_table->setRecords(m_model, tableColumns(*m_model), QStringLiteral("time"), Qt::DescendingOrder);
    m_table->setItemDelegateForColumn(m_model->columnOf(EventModel::glyphColumn()),
                                      new GlyphDelegate(EventModel::GlyphRole, m_table));
    m_table->setRowJson(
        [this](int row) { return QString::fromStdString(eventJson(m_model->record(row).event)); });
    m_table->setMenuExtras([this](QMenu& menu) { fillMenu(menu); });
}

void EventsPage::connectParts()
{
    connect(&m_feed, &EventFeed::eventsChanged, this, &EventsPage::showEvents);
    connect(&m_feed, &EventFeed::levelChanged, this, [this] { m_tools->setLevel(m_feed.level()); });
    for (const auto changed : {&LiveSession::stateChanged, &LiveSession::reportChanged}) {
        connect(&m_feed.session(), changed, this, [this] {
            showProblems();
            showState();
        });
    }
    connect(&Theme::instance(), &Theme::changed, this, &EventsPage::showEvents);
    connect(m_letters, &DeadLettersView::countsChanged, this, &EventsPage::showCounts);
    connect(m_letters, &DeadLettersView::clearFilterWanted, m_tools, &EventTools::clear);
    connect(m_letters, &DeadLettersView::linkFollowed, this, &Page::linkFollowed);
    connect(m_letters, &DeadLettersView::done, this, &Page::done);
    connect(m_tools, &EventTools::tabChanged, this, &EventsPage::showTab);
    connect(m_tools, &EventTools::filterChanged, this, &EventsPage::applyFilter);
    connect(m_tools, &EventTools::levelChosen, this, [this](NoticeLevel level) { m_feed.setLevel(level); });
    connect(m_tools, &EventTools::columnMenuOpens, this,
            [this](QMenu& menu) { table().fillColumnMenu(menu); });
    connect(m_tools, &EventTools::csvWanted, this, &EventsPage::saveCsv);
    m_tools->orderButton().follow(*m_table);
    m_tools->orderButton().follow(m_letters->table());
    connect(m_notice, &NoticeStrip::accountWanted, this,
            [this] { emit linkFollowed({.page = PageId::Connections, .account = true}); });
    connect(m_notice, &NoticeStrip::tryWanted, &m_feed.session(), &LiveSession::tryNow);
    connect(m_table, &RecordTable::roomChanged, this, &EventsPage::showCounts);
    connect(m_table, &RecordTable::currentRecordChanged, this, [this](int row) {
        m_chosen.reset();
        if (row >= 0)
            m_chosen = m_model->record(row).event.number;
        showChosen();
    });
    connect(m_table, &QTableView::activated, this, &EventsPage::follow);
    connect(m_table, &RecordTable::copied, this, &Page::done);
    connect(&m_ages, &QTimer::timeout, this, &EventsPage::showEvents);
}

void EventsPage::showEvents()
{
    if (!isVisible()) // it comes when somebody looks
        return;
    m_model->show(m_feed.log(), now(), [this](const ConsumerName& name) { return m_feed.isMuted(name); });
    m_table->proxy().arrange();
    m_feed.markSeen();
    m_ages.setInterval(m_model->rowCount() > kMany ? kAgesOfManyMs : kAgesMs);
    chooseMarked();
    showCounts();
    showState();
    showChosen();
}

bool EventsPage::onEvents() const
{
    return m_tools->tab() == EventTools::Tab::Events;
}

RecordTable& EventsPage::table() const
{
    return onEvents() ? *m_table : m_letters->table();
}

void EventsPage::showTab()
{
    m_lists->setCurrentIndex(onEvents() ? 0 : 1);
    setFocusProxy(&table());
    applyFilter();
}

void EventsPage::applyFilter()
{
    m_tools->setMistake(onEvents() ? m_table->proxy().setFilter(m_tools->filter())
                                   : m_letters->setFilter(m_tools->filter()));
    showCounts();
    showState();
    showChosen();
}

void EventsPage::showCounts()
{
    const int all = m_model->rowCount();
    const int rows = m_table->proxy().rowCount();
    QString words = all == 1 ? tr("1 event") : tr("%1 events").arg(exact(static_cast<std::uint64_t>(all)));
    if (rows != all)
        words = tr("%1 of %2").arg(rows).arg(words);
    if (m_feed.log().dropped() > 0)
        words += tr(" · %1 older ones are no longer kept").arg(exact(m_feed.log().dropped()));
    if (m_feed.mutedCount() > 0)
        words += tr(" · %1 muted").arg(m_feed.mutedCount());
    m_tools->setCounts(onEvents() ? words : m_letters->counts());
    m_tools->setDeadLetters(m_feed.unreviewed());
    m_tools->setColumnsWithoutRoom(table().columnsWithoutRoom());
}

void EventsPage::showState()
{
    const bool isEmpty = m_table->proxy().rowCount() == 0;
    m_body->setCurrentIndex(isEmpty ? 1 : 0);
    if (!isEmpty)
        return;
    if (m_model->rowCount() > 0)
        return m_state->say(
            tr("No event fits"),
            tr("None of the %1 events has what the filter asks for.").arg(m_model->rowCount()),
            {{tr("Show all"), [this] { m_tools->clear(); }}});
    LiveSession& session = m_feed.session();
    const std::optional<OverviewState> state = overviewState(session);
    if (state)
        return m_state->say(state->title, state->sentence, stepsOf(*state, session, *this));
    m_state->say(tr("Nothing has happened"),
                 tr("Verdict changes, what servers announce (max deliveries, terminated, leaders, quorum), "
                    "changes of configuration and crossed limits come here as they happen."));
}

// Without advisories the list is not complete; the reason and what to ask for stand above it.
void EventsPage::showProblems()
{
    if (m_feed.session().state() == LiveSession::State::Lost)
        return m_notice->say({.sentences = {m_feed.session().stateSentence()}, .canTry = true});
    QStringList lines;
    if (const auto& report = m_feed.session().report()) {
        for (const std::string& problem : report->problems) {
            if (problem.find("ADVISORY") != std::string::npos)
                lines << shown(problem);
        }
    }
    m_notice->say({.sentences = lines, .canHide = true});
}

ServerTime EventsPage::now() const
{
    const LiveSession& session = m_feed.session();
    if (!session.report())
        return std::chrono::time_point_cast<ServerTime::duration>(std::chrono::system_clock::now());
    return session.report()->at +
           std::chrono::milliseconds(static_cast<std::int64_t>(session.ageSeconds().value_or(0) * 1000));
}

void EventsPage::saveLayout()
{
    m_table->saveLayout();
    m_letters->table().saveLayout();
}

void EventsPage::resizeEvent(QResizeEvent* event)
{
    Page::resizeEvent(event);
    m_letters->setBeside(window()->width() >= kBesideFrom);
}

void EventsPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    showEvents();
    m_ages.start(kAgesMs);
}

void EventsPage::hideEvent(QHideEvent* event)
{
    m_ages.stop();
    Page::hideEvent(event);
}

} // namespace jetlag::ui
