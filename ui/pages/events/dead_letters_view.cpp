// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/events/dead_letters_view.h"

#include "ui/bridge/event_feed.h"
#include "ui/models/dead_letter_model.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/message_detail.h"
#include "ui/widgets/record_table.h"
#include "ui/widgets/state_panel.h"
#include "ui/widgets/tick_delegate.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <set>

namespace jetlag::ui {

namespace {

constexpr std::size_t kMostBytes = 1U << 20U; // of a body

} // namespace

std::optional<ReplayRequest> replayOf(const std::vector<DeadLetterKey>& letters,
                                      std::shared_ptr<ServerLink> server)
{
    const auto isOfFirst = [&](const DeadLetterKey& one) { return one.stream == letters.front().stream; };
    if (letters.empty() || !std::ranges::all_of(letters, isOfFirst))
        return std::nullopt;
    StreamReplaySource source{.server = std::move(server), .stream = letters.front().stream};
    if (std::ranges::all_of(
            letters, [&](const DeadLetterKey& one) { return one.collector == letters.front().collector; }))
        source.likeDurable = letters.front().collector;
    const auto [first, last] = std::ranges::minmax(letters, {}, &DeadLetterKey::sequence);
    ReplayRequest request;
    request.source = std::move(source);
    request.range.from = StreamSequence(first.sequence);
    request.range.to = StreamSequence(last.sequence);
    return request;
}

DeadLettersView::DeadLettersView(EventFeed& feed, QWidget* parent)
    : QWidget(parent)
    , m_feed(feed)
    , m_model(new DeadLetterModel(this))
    , m_table(new RecordTable(QStringLiteral("dead_letters")))
    , m_detail(new MessageDetail)
    , m_state(new StatePanel)
    , m_body(new QStackedWidget)
    , m_split(new QSplitter(Qt::Horizontal))
{
    m_table->setAccessibleName(tr("Dead letters"));
    m_table->setRecords(m_model, tableColumns(*m_model), QStringLiteral("time"), Qt::DescendingOrder);
    m_table->setItemDelegateForColumn(m_model->columnOf(QStringLiteral("reviewed")),
                                      new TickDelegate(m_table));
    m_detail->setObjectName(QStringLiteral("panel"));

    auto* left = new QWidget;
    auto* column = new QVBoxLayout(left);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Metrics::kSpacing);
    column->addWidget(m_table, 1);
    column->addWidget(actions());
    auto* right = new QFrame;
    right->setProperty("role", QStringLiteral("panel"));
    auto* inRight = new QVBoxLayout(right);
    inRight->setContentsMargins(0, 0, 0, 0);
    inRight->addWidget(m_detail);
    m_split->addWidget(left);
    m_split->addWidget(right);
    m_split->setChildrenCollapsible(false);
    m_split->setHandleWidth(Metrics::kSpacing);
    m_split->setStretchFactor(0, 3);
    m_split->setStretchFactor(1, 2);
    m_body->addWidget(m_split);
    m_body->addWidget(m_state);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_body);
    setFocusProxy(m_table);
    connectParts();
    showLetters();
}

QWidget* DeadLettersView::actions()
{
    auto* bar = new QWidget;
    m_review = new QPushButton(tr("Mark as reviewed"));
    m_replay = new QPushButton(tr("Replay selected"));
    m_messages = new QPushButton(tr("Show in Messages"));
    m_copy = new QPushButton(tr("Copy nats command"));
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    for (QPushButton* button : {m_review, m_replay, m_messages, m_copy})
        row->addWidget(button);
    row->addStretch();
    return bar;
}

void DeadLettersView::connectParts()
{
    connect(&m_feed, &EventFeed::lettersChanged, this, &DeadLettersView::showLetters);
    connect(&Theme::instance(), &Theme::changed, this, &DeadLettersView::showLetters);
    connect(m_table, &RecordTable::currentRecordChanged, this, &DeadLettersView::choose);
    connect(m_table, &RecordTable::roomChanged, this, &DeadLettersView::countsChanged);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &DeadLettersView::showState);
    connect(m_table, &RecordTable::clearFilterWanted, this, &DeadLettersView::clearFilterWanted);
    connect(m_table, &QTableView::activated, this, &DeadLettersView::followMessage);
    connect(m_table, &RecordTable::copied, this, &DeadLettersView::done);
    connect(m_model, &DeadLetterModel::reviewedChanged, this,
            [this](const DeadLetterKey& key, bool reviewed) { m_feed.setReviewed(key, reviewed); });
    connect(m_review, &QPushButton::clicked, this, &DeadLettersView::markChosen);
    connect(m_replay, &QPushButton::clicked, this, &DeadLettersView::followReplay);
    connect(m_messages, &QPushButton::clicked, this, &DeadLettersView::followMessage);
    connect(m_copy, &QPushButton::clicked, this, &DeadLettersView::copyCommand);
    connect(m_detail, &MessageDetail::done, this, &DeadLettersView::done);
    connect(m_detail, &MessageDetail::replayWanted, this, [this] {
        if (!m_chosen)
            return;
        auto request = replayOf({*m_chosen}, m_feed.session().link());
        request->range.to.reset(); // and all that came behind it
        emit linkFollowed({.page = PageId::Replay, .replay = std::move(request)});
    });
}

void DeadLettersView::showLetters()
{
    m_model->show(m_feed.deadLetters(), [this](const DeadLetterKey& key) { return m_feed.isReviewed(key); });
    m_table->proxy().arrange();
    if (m_chosen) {
        const std::optional<int> row = m_model->rowOf(*m_chosen);
        if (!row) {
            m_chosen.reset();
            m_detail->say({}, tr("Choose a message."));
        }
    }
    showState();
    emit countsChanged();
}

QString DeadLettersView::setFilter(const QString& text)
{
    const QString mistake = m_table->proxy().setFilter(text);
    showState();
    return mistake;
}

QString DeadLettersView::counts() const
{
    const int all = m_model->rowCount();
    QString words =
        all == 1 ? tr("1 message") : tr("%1 messages").arg(exact(static_cast<std::uint64_t>(all)));
    if (m_table->proxy().rowCount() != all)
        words = tr("%1 of %2").arg(m_table->proxy().rowCount()).arg(words);
    if (const int open = m_feed.unreviewed(); all > 0)
        words += open == 0 ? tr(" · all reviewed") : tr(" · %1 not reviewed").arg(open);
    if (m_feed.deadLetters().dropped() > 0)
        words += tr(" · %1 older ones are no longer kept").arg(exact(m_feed.deadLetters().dropped()));
    return words;
}

void DeadLettersView::setBeside(bool beside)
{
    m_split->setOrientation(beside ? Qt::Horizontal : Qt::Vertical);
}

void DeadLettersView::showState()
{
    const std::vector<DeadLetterKey> chosen = chosenKeys();
    const bool isConnected = m_feed.session().link() != nullptr;
    m_review->setEnabled(!chosen.empty());
    const bool areReviewed = !chosen.empty() && std::ranges::all_of(chosen, [this](const DeadLetterKey& key) {
        return m_feed.isReviewed(key);
    });
    m_review->setText(areReviewed ? tr("Not reviewed after all") : tr("Mark as reviewed"));
    m_messages->setEnabled(chosen.size() == 1);
    m_copy->setEnabled(!chosen.empty());
    showReplay(chosen, isConnected);
    const bool isEmpty = m_model->rowCount() == 0;
    m_body->setCurrentIndex(isEmpty ? 1 : 0);
    if (isEmpty)
        m_state->say(
            tr("No dead letters"),
            tr("Messages that used up their deliveries, were terminated, or are found stuck behind an ack "
               "floor come here. Servers announce them once: what they said while nobody listened "
               "is not listed, unless it is found stuck."));
}

// A replay reads a range: where that holds more than what is chosen, the button says so.
void DeadLettersView::showReplay(const std::vector<DeadLetterKey>& chosen, bool isConnected)
{
    const std::optional<ReplayRequest> request = replayOf(chosen, nullptr);
    m_replay->setEnabled(isConnected && request.has_value());
    m_replay->setText(tr("Replay selected"));
    m_replay->setToolTip({});
    if (!chosen.empty() && !request)
        m_replay->setToolTip(tr("A replay reads one stream; these are of several."));
    else if (!chosen.empty() && !isConnected)
        m_replay->setToolTip(tr("There is no connection."));
    if (!request)
        return;
    const std::uint64_t first = std::get<StreamSequence>(*request->range.from).value();
    const std::uint64_t last = std::get<StreamSequence>(*request->range.to).value();
    std::set<std::uint64_t> sequences;
    for (const DeadLetterKey& key : chosen)
        sequences.insert(key.sequence);
    if (last - first + 1 == sequences.size())
        return;
    m_replay->setText(tr("Replay %1 to %2").arg(exact(first), exact(last)));
    if (isConnected)
        m_replay->setToolTip(tr("Reads the whole range: the %1 chosen ones and every message between them.")
                                 .arg(sequences.size()));
}

std::vector<DeadLetterKey> DeadLettersView::chosenKeys() const
{
    std::vector<DeadLetterKey> keys;
    for (const QModelIndex& index : m_table->selectionModel()->selectedRows())
        keys.push_back(m_model->record(m_table->proxy().mapToSource(index).row()).letter.key);
    return keys;
}

void DeadLettersView::choose(int row)
{
    m_chosen.reset();
    if (row >= 0)
        m_chosen = m_model->record(row).letter.key;
    if (isVisible())
        fetch();
}

void DeadLettersView::fetch()
{
    if (!m_chosen)
        return;
    const DeadLetterKey key = *m_chosen;
    // What is shown beside is what the buttons are about.
    if (const std::optional<int> row = m_model->rowOf(key); row && !m_table->selectionModel()->hasSelection())
        m_table->selectSourceRow(*row);
    const LiveSession& session = m_feed.session();
    if (!session.link())
        return m_detail->say(tr("Not connected"),
                             tr("The body is read from the server when somebody looks."));
    if (m_detail->message() && m_read == key)
        return;
    m_detail->say({}, tr("Reading message %1 …").arg(exact(key.sequence)));
    const StreamSequence sequence(key.sequence);
    m_reader.read(session.services().events,
                  {.server = session.link(),
                   .stream = key.stream,
                   .range = {.from = sequence, .to = sequence},
                   .count = 1},
                  kMostBytes, [this, key](Result<MessageReader::Messages> read) {
                      if (m_chosen && *m_chosen == key)
                          showBody(key, std::move(read));
                  });
}

void DeadLettersView::showBody(const DeadLetterKey& key, Result<MessageReader::Messages> read)
{
    if (!read)
        return m_detail->say(tr("Message %1 could not be read").arg(exact(key.sequence)),
                             shown(read.error().message()));
    if (read->empty()) {
        m_model->learn(key, {}, /*isGone=*/true);
        m_detail->say(
            tr("Message %1 is gone").arg(exact(key.sequence)),
            tr("The stream does not hold it any more: a limit, a purge or somebody has deleted it."));
    } else {
        m_model->learn(key, read->front().subject, /*isGone=*/false);
        const std::optional<int> row = m_model->rowOf(key);
        const std::uint64_t deliveries = row ? m_model->record(*row).letter.deliveries : 0;
        m_read = key;
        m_detail->showMessage(key.stream, std::move(read->front()),
                              deliveries == 1  ? tr("delivered once, given up")
                              : deliveries > 1 ? tr("delivered %1 times, given up").arg(deliveries)
                                               : tr("given up"),
                              QStringLiteral("warning"));
    }
    showLetters();
}

void DeadLettersView::markChosen()
{
    const std::vector<DeadLetterKey> keys = chosenKeys();
    const bool areReviewed =
        std::ranges::all_of(keys, [this](const DeadLetterKey& key) { return m_feed.isReviewed(key); });
    for (const DeadLetterKey& key : keys)
        m_feed.setReviewed(key, !areReviewed);
}

void DeadLettersView::followMessage()
{
    if (m_chosen)
        emit linkFollowed({.page = PageId::Messages,
                           .collector = ConsumerName{m_chosen->stream, m_chosen->collector},
                           .message = MessagePlace{m_chosen->stream, StreamSequence(m_chosen->sequence)}});
}

void DeadLettersView::followReplay()
{
    std::vector<DeadLetterKey> keys = chosenKeys();
    if (keys.empty() && m_chosen)
        keys.push_back(*m_chosen);
    if (auto request = replayOf(keys, m_feed.session().link()))
        emit linkFollowed({.page = PageId::Replay, .replay = std::move(request)});
}

void DeadLettersView::copyCommand()
{
    QStringList lines;
    for (const DeadLetterKey& key : chosenKeys())
        lines << natsGetCommand(key.stream, StreamSequence(key.sequence));
    QApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
    emit done(lines.size() == 1 ? tr("Copied: %1").arg(lines.first())
                                : tr("Copied %1 commands").arg(lines.size()));
}

void DeadLettersView::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    showLetters();
    fetch();
}

} // namespace jetlag::ui
