// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/ui_test.h"
#include "ui/bridge/live_session.h"
#include "ui/pages/diagnosis/diagnosis_page.h"
#include "ui/pages/diagnosis/held_messages.h"
#include "ui/plots/history_plot.h"
#include "ui/plots/time_plot.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/command_line.h"
#include "ui/widgets/diagnosis_panel.h"
#include "ui/widgets/pick_box.h"
#include "ui/window/main_window.h"

#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTableWidget>
#include <QTest>
#include <QToolButton>

using namespace jetlag;
using namespace jetlag::test;
using namespace jetlag::ui;
using namespace std::chrono_literals;

namespace {

constexpr ServerTime kAt{1'790'000'000s};

std::shared_ptr<Diagnosis> poisoned()
{
    auto diagnosis = std::make_shared<Diagnosis>();
    diagnosis->stream = "SPARK";
    diagnosis->collector = "jobs";
    diagnosis->cause = Cause::Poison;
    diagnosis->since = kAt - 60s;
    diagnosis->at = kAt;
    diagnosis->sentence = "Message 7 holds the ack floor.";
    diagnosis->evidence = {{.what = "num_redelivered", .value = 1, .unit = "messages", .at = kAt}};
    diagnosis->also = {Cause::Slow};
    diagnosis->steps = {{"Read it.", "nats stream get SPARK 7"}, {"Terminate it.", ""}};
    diagnosis->messages = {
        {.role = "holds the ack floor", .sequence = 7, .time = kAt, .subject = "spark.a", .bytes = 64}};
    return diagnosis;
}

/// One that is stuck, one that keeps up.
ClusterReport twoCollectors(std::shared_ptr<const Diagnosis> diagnosis)
{
    ClusterReport report;
    report.at = kAt;
    report.server = kServer;
    StreamReport& stream = report.streams.emplace_back();
    stream.stream.name = "SPARK";
    stream.stream.firstSequence = StreamSequence(1);
    stream.stream.lastSequence = StreamSequence(100);
    for (const char* name : {"calm", "jobs"}) {
        CollectorReport& row = report.collectors.emplace_back();
        row.consumer.stream = "SPARK";
        row.consumer.name = row.consumer.durable = name;
        row.verdict = "keeping-up";
        row.cause = "none";
    }
    CollectorReport& stuck = report.collectors.back();
    stuck.consumer.ackFloor = {ConsumerSequence(6), StreamSequence(6)};
    stuck.consumer.delivered = {ConsumerSequence(100), StreamSequence(100)};
    stuck.consumer.ackPending = 1;
    stuck.lag = 1;
    stuck.timeLagSeconds = 65;
    stuck.verdict = std::string(diagnosis->verdict());
    stuck.cause = std::string(toString(*diagnosis->cause));
    stuck.diagnosis = std::move(diagnosis);
    return report;
}

} // namespace

class TestDiagnosisPage : public UiTest
{
    Q_OBJECT

private:
    DiagnosisPage* m_page = nullptr; // the window's
    std::shared_ptr<FakeServerLink> m_server;

    void open(ClusterReport report)
    {
        m_server = m_fakes->connections.addServer(kServer, std::move(report));
        m_page = new DiagnosisPage(*m_session);
        showIn(m_page);
        openServer();
        QTRY_VERIFY_WITH_TIMEOUT(m_session->report(), kPatienceMs);
    }
    [[nodiscard]] bool says(const QString& words) const
    {
        for (const QLabel* label : m_page->findChildren<QLabel*>()) {
            if (label->isVisible() && label->width() >= 10 && label->text().contains(words))
                return true;
        }
        return false;
    }
    [[nodiscard]] QPushButton* button(const QString& words) const
    {
        for (auto* one : m_page->findChildren<QPushButton*>()) {
            if (one->isVisible() && one->text().startsWith(words))
                return one;
        }
        return nullptr;
    }
    [[nodiscard]] HeldMessages& messages() const { return *m_page->findChild<HeldMessages*>(); }
    void closeParts() override { m_server.reset(); }

    void loseConnection()
    {
        m_fakes->connections.kill(kServer);
        m_server->monitor().failLook("no answer");
        QTRY_VERIFY_WITH_TIMEOUT(m_session->state() == LiveSession::State::Lost, kPatienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(m_session->report()->collectors.back().consumer.stale, kPatienceMs);
    }
    [[nodiscard]] TimePlot& plot() const { return m_page->findChild<HistoryPlot*>()->plot(); }
    /// In the coordinates of the page.
    [[nodiscard]] int topOf(const QWidget& part) const { return part.mapTo(m_page, QPoint(0, 0)).y(); }

private slots:
    // What was so is told as what was so, and what became of the connection stands above it.
    void aLostConnectionTellsWhatWas()
    {
        ClusterReport report = twoCollectors(poisoned());
        report.collectors.back().runwaySeconds = 300;
        open(report);
        QTRY_VERIFY_WITH_TIMEOUT(says(QStringLiteral("Message 7 holds the ack floor.")), kPatienceMs);
        QVERIFY(!says(QStringLiteral("As of")));
        m_server->setNextTry(NextTry{.number = 3});
        loseConnection();
        QTRY_VERIFY_WITH_TIMEOUT(says(QStringLiteral("Trying now, attempt 3.")), kPatienceMs);
        QVERIFY(says(QStringLiteral("lost at")));
        QTRY_VERIFY(says(QStringLiteral("was poison")));
        QVERIFY(says(QStringLiteral("As of ")) && says(QStringLiteral("Message 7 holds the ack floor.")));
        QVERIFY(says(QStringLiteral("Evidence, as it was")));
        const QString unseen = QStringLiteral("?");
        QTRY_VERIFY_WITH_TIMEOUT(says(unseen) && !says(duration(300.0) + unseen), kPatienceMs); // it goes on
        for (QToolButton* one : m_page->findChildren<QToolButton*>()) {
            if (one->isVisible() && one->text() == QStringLiteral("Try now"))
                one->click();
        }
        QCOMPARE(m_server->hurried.load(), 1);
        m_fakes->connections.revive(kServer);
        report.at += 60s;
        m_server->monitor().setReport(report);
        QTRY_VERIFY_WITH_TIMEOUT(!says(QStringLiteral("lost at")), kPatienceMs);
        QVERIFY(!says(QStringLiteral("As of ")) && !says(QStringLiteral("as it was")));
    }

    // Also where somebody comes only afterwards, the time axis ends now and not at the last sample.
    void theTimeAxisGoesOnWithoutAConnection()
    {
        open(twoCollectors(poisoned()));
        loseConnection();
        QTRY_VERIFY_WITH_TIMEOUT(m_session->ageSeconds().value_or(0) > 0.5, kPatienceMs);
        m_page = new DiagnosisPage(*m_session);
        showIn(m_page);
        const double age = 0.5;
        QVERIFY2(plot().viewTo() >= std::chrono::duration<double>(kAt.time_since_epoch()).count() + age,
                 qPrintable(QString::number(plot().viewTo(), 'f', 3)));
    }

    // At 1024 x 700 why and what to try stand where somebody looks first.
    void inASmallWindowTheReasonsFollowTheStrip()
    {
        open(twoCollectors(poisoned()));
        QTRY_VERIFY_WITH_TIMEOUT(says(QStringLiteral("Message 7 holds the ack floor.")), kPatienceMs);
        const auto& panel = *m_page->findChild<DiagnosisPanel*>();
        const auto isSeen = [&](const QWidget& part) {
            return part.isVisible() && part.visibleRegion().boundingRect() == part.rect();
        };
        m_window->resize(1024, 700);
        QTRY_VERIFY(topOf(panel) < topOf(plot()));
        QTRY_VERIFY(isSeen(*button(QStringLiteral("Replay from"))));
        for (const QLabel* label : panel.findChildren<QLabel*>()) {
            if (label->text() == QStringLiteral("Evidence") || label->text() == QStringLiteral("What to try"))
                QVERIFY2(isSeen(*label), qPrintable(label->text()));
        }
        for (const CommandLine* line : panel.findChildren<CommandLine*>())
            QVERIFY(isSeen(*line->viewport())); // it covers the line itself
        m_window->resize(1440, 900);
        QTRY_VERIFY(panel.mapTo(m_page, QPoint(0, 0)).x() > plot().mapTo(m_page, QPoint(0, 0)).x());
        QTRY_VERIFY(isSeen(*button(QStringLiteral("Replay from"))));
    }

    void theWorstIsExplainedByItself()
    {
        open(twoCollectors(poisoned()));
        QTRY_VERIFY(says(QStringLiteral("Message 7 holds the ack floor.")));
        QTRY_VERIFY(says(QStringLiteral("stuck · poison, since ")));
        QTRY_VERIFY(says(QStringLiteral("SPARK › jobs")));
        QTRY_VERIFY(says(QStringLiteral("num_redelivered")) && says(QStringLiteral("1 message")));
        QVERIFY(says(QStringLiteral("Read it.")) && says(QStringLiteral("Terminate it.")));
        QVERIFY(says(QStringLiteral("Also true: slow")));
        QStringList commands;
        for (const CommandLine* line : m_page->findChildren<CommandLine*>()) {
            if (line->isVisible())
                commands << line->command();
        }
        QCOMPARE(commands, QStringList{QStringLiteral("nats stream get SPARK 7")});
        QVERIFY(messages().isVisible());
        QCOMPARE(messages().table().item(0, 4)->text(), QStringLiteral("spark.a"));
    }

    void aLongCommandGoesOnBelow_data()
    {
        QTest::addColumn<QString>("command");
        QTest::addColumn<int>("characters");
        QTest::addColumn<QStringList>("lines");
        const QString edit = QStringLiteral("nats consumer edit --max-deliver 5 SPARK jobs");
        QTest::newRow("fits") << edit << 45 << QStringList{edit};
        QTest::newRow("two lines") << edit << 44
                                   << QStringList{
                                          QStringLiteral("nats consumer edit --max-deliver 5 SPARK \\"),
                                          QStringLiteral("  jobs")};
        QTest::newRow("many") << edit << 20
                              << QStringList{QStringLiteral("nats consumer edit \\"),
                                             QStringLiteral("  --max-deliver 5 \\"),
                                             QStringLiteral("  SPARK jobs")};
        QTest::newRow("quoted blanks")
            << QStringLiteral("nats stream info 'a b c d e f'") << 20
            << QStringList{QStringLiteral("nats stream info \\"), QStringLiteral("  'a b c d e f'")};
        QTest::newRow("no room at all") << QStringLiteral("nats info") << 1
                                        << QStringList{QStringLiteral("nats \\"), QStringLiteral("  info")};
    }
    void aLongCommandGoesOnBelow()
    {
        QFETCH(QString, command);
        QFETCH(int, characters);
        QFETCH(QStringList, lines);
        QCOMPARE(commandInLines(command, characters), lines);
    }

    void aCommandIsWholeAtAnyWidth()
    {
        const QString command = QStringLiteral("nats consumer edit --max-deliver 5 SPARK a-long-name-of-one");
        CommandLine line(command);
        line.show();
        for (const int width : {900, 300, 200, 900}) {
            line.resize(width, line.height());
            QTRY_VERIFY(line.document()->idealWidth() <= line.viewport()->width());
            QTRY_COMPARE(line.verticalScrollBar()->maximum(), 0);
        }
        QTest::keyClick(&line, Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QApplication::clipboard()->text(), command); // in one line
    }

    // Names and moments of the server are longer than the panel is wide.
    void noEvidenceIsCut()
    {
        auto diagnosis = std::make_shared<Diagnosis>(*poisoned());
        diagnosis->evidence = {
            {.what = "delivered.consumer_seq before", .value = 1'430, .unit = "deliveries", .at = kAt},
            {.what = "created", .text = "2026-11-26T08:12:16.167190417Z", .at = kAt},
            {.what = "deliver_subject", .text = std::string(120, 'x'), .at = kAt}};
        open(twoCollectors(diagnosis));
        QTRY_VERIFY(says(QStringLiteral("1.43")));
        const auto& panel = *m_page->findChild<DiagnosisPanel*>();
        QTRY_VERIFY(panel.width() > 100 && panel.width() <= panel.parentWidget()->width());
        const auto created = parseRfc3339("2026-11-26T08:12:16.167190417Z");
        QVERIFY(says(clockTime(*created)) && !says(QStringLiteral("16.167190417")));
    }

    void everythingLeadsSomewhere()
    {
        open(twoCollectors(poisoned()));
        QTRY_VERIFY(button(QStringLiteral("Replay from 7")) != nullptr);
        button(QStringLiteral("Replay from 7"))->click();
        QVERIFY(m_link && m_link->page == PageId::Replay && m_link->replay);
        QVERIFY(m_link->replay->range.from == std::optional<Position>(StreamSequence(7)));
        emit messages().table().cellActivated(0, 1);
        QVERIFY(m_link->page == PageId::Messages && m_link->message->sequence == StreamSequence(7));
        button(QStringLiteral("Copy as Markdown"))->click();
        QVERIFY(QApplication::clipboard()->text().contains(QStringLiteral("Message 7 holds the ack floor.")));
        QVERIFY(QApplication::clipboard()->text().contains(QStringLiteral("`nats stream get SPARK 7`")));
        QVERIFY(m_page->goBack());
        QVERIFY(m_link->page == PageId::Overview && m_link->collector == (ConsumerName{"SPARK", "jobs"}));
    }

    void theEventsThatHoldItUpHaveAgeSizeAndBody()
    {
        m_fakes->events.addStream("SPARK", 100, [](StreamSequence sequence) {
            return std::optional(FakeEvent{.sequence = sequence,
                                           .time = kAt - 90s,
                                           .subject = "spark.b",
                                           .payload = "{\"job\":" + std::to_string(sequence.value()) + '}'});
        });
        ClusterReport report = twoCollectors(poisoned());
        report.collectors.back().lag = 94;
        report.collectors.back().consumer.delivered = {ConsumerSequence(9), StreamSequence(9)};
        report.collectors.back().consumer.ackPending = 3;
        open(report);
        QTableWidget& table = messages().table();
        QTRY_COMPARE_WITH_TIMEOUT(table.rowCount(), 10, kPatienceMs);
        const auto text = [&](int row, int column) { return table.item(row, column)->text(); };
        QCOMPARE(text(0, 0), QStringLiteral("holds the ack floor")); // as the rules named it
        QCOMPARE(text(1, 0), QStringLiteral("delivered"));
        QCOMPARE(text(3, 0), QStringLiteral("not delivered"));
        QCOMPARE(text(3, 1), QStringLiteral("10"));
        QCOMPARE(text(3, 3), duration(90.0));
        QCOMPARE(text(3, 4), QStringLiteral("spark.b"));
        QCOMPARE(text(3, 6), QStringLiteral("{\"job\":10}"));
        QVERIFY(says(QStringLiteral("10 of 94")));
        // Who stands on a row stays there; nothing is read again of one that stands still.
        table.setCurrentCell(5, 1);
        const std::size_t reads = m_fakes->events.requests().size();
        report.at = kAt + 1s;
        m_server->monitor().setReport(report);
        QTRY_VERIFY_WITH_TIMEOUT(m_session->report()->at == report.at, kPatienceMs);
        QCOMPARE(table.currentRow(), 5);
        QCOMPARE(m_fakes->events.requests().size(), reads);
        // One that has gone on since they were read.
        report.collectors.back().consumer.ackFloor = {ConsumerSequence(8), StreamSequence(8)};
        report.at = kAt + 2s;
        m_server->monitor().setReport(report);
        QTRY_VERIFY_WITH_TIMEOUT(says(QStringLiteral(", read ")), kPatienceMs);
        QCOMPARE(text(1, 0), QStringLiteral("acked meanwhile"));
    }

    // Where the server counts nothing, the neighbours of what is left behind are processed.
    void withoutLagOnlyWhatWasNamedHoldsItUp()
    {
        CollectorReport row = twoCollectors(poisoned()).collectors.back();
        row.lag = 0;
        row.consumer.ackFloor = {ConsumerSequence(100), StreamSequence(100)};
        const std::vector<StoredMessage> read{
            {.sequence = StreamSequence(7), .subject = "spark.a", .payload = "seven", .bytes = 5},
            {.sequence = StreamSequence(8), .subject = "spark.a", .payload = "eight", .bytes = 5}};
        const std::vector<HeldRow> rows = heldRows(row, read, StreamSequence(101));
        QCOMPARE(rows.size(), std::size_t{1});
        QCOMPARE(rows.front().role, std::string("holds the ack floor"));
        QVERIFY(rows.front().body == "seven");
        // With lag, the lowest above the floor is the one that is surely not acked, whatever was read before
        // it.
        row.diagnosis.reset();
        row.lag = 5;
        row.consumer.ackFloor = {ConsumerSequence(7), StreamSequence(7)};
        const std::vector<HeldRow> counted = heldRows(row, read, StreamSequence(8));
        QCOMPARE(counted[0].role, std::string("acked meanwhile"));
        QCOMPARE(counted[1].role, std::string("delivered, not acked"));
        // Retention was faster.
        QCOMPARE(heldRows(row, read, StreamSequence(9))[1].role, std::string("deleted meanwhile"));
    }

    // What was read would be acked before anybody had read it.
    void ofACollectorThatFlowsOnlyWhatWasNamedIsListed()
    {
        m_fakes->events.addStream("SPARK", 100, [](StreamSequence sequence) {
            return std::optional(FakeEvent{.sequence = sequence, .subject = "spark.b", .payload = "a body"});
        });
        ClusterReport report = twoCollectors(poisoned());
        CollectorReport& row = report.collectors.back();
        row.lag = 94;
        row.ackedPerSecond = 2;
        open(report);
        QTRY_VERIFY_WITH_TIMEOUT(says(QStringLiteral("too fast for a list")), kPatienceMs);
        QCOMPARE(messages().table().rowCount(), 1);
        const auto reads = [this] {
            return std::ranges::count_if(m_fakes->events.requests(),
                                         [](const EventsRequest& request) { return !request.range.to; });
        };
        QCOMPARE(reads(), 0); // those of Offsets now have an end
        const auto next = [&](double rate) {
            row.ackedPerSecond = rate;
            report.at += 1s;
            m_server->monitor().setReport(report);
            QTRY_VERIFY_WITH_TIMEOUT(m_session->report()->at == report.at, kPatienceMs);
        };
        next(1.1); // near the limit nothing comes and goes
        QVERIFY(says(QStringLiteral("too fast for a list")));
        QCOMPARE(reads(), 0);
        QCOMPARE(messages().table().item(0, 6)->text(), QStringLiteral("not read"));
        // What stands still while it flows on is what somebody wants to see.
        auto later = std::make_shared<Diagnosis>(*poisoned());
        later->at += 10s;
        row.diagnosis = later;
        next(1.1);
        QTRY_COMPARE_WITH_TIMEOUT(messages().table().item(0, 6)->text(), QStringLiteral("a body"),
                                  kPatienceMs);
        QCOMPARE(messages().table().rowCount(), 1);
        next(1.1);
        QCOMPARE(reads(), 1);
        next(0.9);
        QTRY_COMPARE_WITH_TIMEOUT(messages().table().rowCount(), 10, kPatienceMs);
        next(1.9);
        QCOMPARE(messages().table().rowCount(), 10);
        QVERIFY(!says(QStringLiteral("too fast for a list")));
        // Where nothing is named either, there is nothing to list.
        row.diagnosis =
            std::make_shared<const Diagnosis>(Diagnosis{.stream = "SPARK", .collector = row.consumer.name});
        next(300);
        QVERIFY(!messages().isVisible());
    }

    void whereBodiesMayNotBeReadItSaysSo()
    {
        m_fakes->events.failStream("SPARK", Error(ErrorCode::Denied, "direct get is not allowed"));
        open(twoCollectors(poisoned()));
        QTRY_VERIFY_WITH_TIMEOUT(says(QStringLiteral("direct get is not allowed")), kPatienceMs);
        QCOMPARE(messages().table().rowCount(), 1); // what the rules found stays
    }

    void rowsAreMadeAnewWhenTheCauseIsAnother()
    {
        open(twoCollectors(poisoned()));
        QTRY_VERIFY(says(QStringLiteral("num_redelivered")));
        auto slow = poisoned();
        slow->cause = Cause::Slow;
        slow->sentence = "It takes 60/s of 300/s.";
        slow->evidence = {{.what = "arrivals", .value = 300, .unit = "/s", .at = kAt},
                          {.what = "needed factor", .value = 5, .unit = "times as much", .at = kAt}};
        slow->also = {};
        slow->thresholds = {{.what = "unprocessed-critical", .sentence = "50 messages are not delivered"}};
        slow->messages = {};
        slow->counter = CounterTruth{"lag 0", "6 unread", "The server does not count them."};
        ClusterReport next = twoCollectors(slow);
        next.at = kAt + 1s;
        next.collectors.back().lag = 0;
        m_server->monitor().setReport(next);
        QTRY_VERIFY_WITH_TIMEOUT(says(QStringLiteral("needed factor")), kPatienceMs);
        QVERIFY(says(QStringLiteral("300/s")) && !says(QStringLiteral("num_redelivered")));
        QVERIFY(!says(QStringLiteral("Also true")) && !messages().isVisible());
        QVERIFY(says(QStringLiteral("50 messages are not delivered")));
        // Where the server's counter misleads, both stand there, with the reason.
        QTRY_VERIFY(says(QStringLiteral("lag 0")) && says(QStringLiteral("6 unread")));
        QVERIFY(says(QStringLiteral("The server does not count them.")));
        // As in Overview: what never drains says so.
        next.at += 1s;
        next.collectors.back().lag = 12;
        next.collectors.back().verdict = next.collectors.back().cause = "slow";
        next.collectors.back().runwaySeconds.reset();
        next.collectors.back().etaSeconds.reset();
        m_server->monitor().setReport(next);
        QTRY_VERIFY_WITH_TIMEOUT(says(QStringLiteral("never")), kPatienceMs);
        next.at += 1s;
        next.collectors.back().etaSeconds = 90;
        m_server->monitor().setReport(next);
        QTRY_VERIFY_WITH_TIMEOUT(!says(QStringLiteral("never")), kPatienceMs);
        QVERIFY(says(QStringLiteral("1\u202fm 30\u202fs")));
    }

    void anotherCanBeChosenAndOneMayGo()
    {
        open(twoCollectors(poisoned()));
        QTRY_VERIFY(says(QStringLiteral("SPARK › jobs")));
        auto* choice = m_page->findChild<PickBox*>();
        QCOMPARE(choice->count(), 2);
        QCOMPARE(choice->currentText(), QStringLiteral("SPARK › jobs"));
        choice->setCurrentIndex(0);
        emit choice->activated(0);
        QVERIFY(says(QStringLiteral("SPARK › calm")) && says(QStringLiteral("keeping up")));
        m_page->openLink({.page = PageId::Diagnosis, .collector = ConsumerName{"SPARK", "nobody"}});
        QVERIFY(says(QStringLiteral("nobody is no longer there")));
    }

    void oneOfAThousandIsFoundByWordsTheWorstFirst()
    {
        ClusterReport report = twoCollectors(poisoned());
        for (int number = 0; number < 1'000; ++number) {
            CollectorReport row = report.collectors.front();
            row.consumer.stream = "SPARK";
            row.consumer.name = "worker-" + std::to_string(number);
            report.collectors.push_back(row);
        }
        open(report);
        QTRY_VERIFY(says(QStringLiteral("SPARK › jobs")));
        auto* choice = m_page->findChild<PickBox*>();
        QTRY_COMPARE(choice->count(), 1'002);
        choice->showPopup();
        QWidget* popup = QApplication::activePopupWidget();
        QVERIFY(popup != nullptr);
        auto* list = popup->findChild<QListView*>();
        QCOMPARE(list->model()->index(0, 0).data().toString(), QStringLiteral("SPARK › jobs"));
        QTest::keyClicks(popup->findChild<QLineEdit*>(), QStringLiteral("spark 777"));
        QCOMPARE(list->model()->rowCount(), 1);
        QTest::keyClick(popup->findChild<QLineEdit*>(), Qt::Key_Return);
        QTRY_VERIFY(says(QStringLiteral("SPARK › worker-777")) && says(QStringLiteral("keeping up")));
    }

    // What a stream has deleted cannot be replayed: the button says where it begins.
    void aReplayBeginsWhereTheStreamDoes()
    {
        ClusterReport report = twoCollectors(poisoned());
        report.streams.front().stream.firstSequence = StreamSequence(40);
        open(report);
        QPushButton* replay = nullptr;
        QTRY_VERIFY((replay = button(QStringLiteral("Replay from 40"))) != nullptr);
        replay->click();
        QVERIFY(m_link && m_link->replay);
        QVERIFY(m_link->replay->range.from == Position(StreamSequence(40)));
    }

    // Where there is no room for all of it the page scrolls; no part is squeezed until it says nothing.
    void aSmallWindowScrolls()
    {
        m_fakes->events.addStream("SPARK", 100, [](StreamSequence sequence) {
            return std::optional(FakeEvent{.sequence = sequence, .subject = "spark.b"});
        });
        open(twoCollectors(poisoned()));
        m_window->resize(1024, 700);
        QTRY_VERIFY_WITH_TIMEOUT(messages().isVisible() && messages().table().rowCount() > 3, kPatienceMs);
        const auto* plot = m_page->findChild<HistoryPlot*>();
        QTRY_VERIFY(plot->height() >= 200);
        auto* button = this->button(QStringLiteral("Replay from"));
        QVERIFY(button != nullptr);
        auto* area = m_page->findChild<QScrollArea*>(QStringLiteral("diagnosisScroll"));
        area->ensureWidgetVisible(button);
        QTRY_VERIFY(!button->visibleRegion().isEmpty());
        QCOMPARE(area->horizontalScrollBar()->maximum(), 0);
        QVERIFY(area->widget()->width() <= area->viewport()->width());
    }

    void withoutAServerItSaysSo()
    {
        m_page = new DiagnosisPage(*m_session);
        showIn(m_page);
        QTRY_VERIFY(says(QStringLiteral("Nothing to diagnose yet")));
    }

    void hostileNamesMakeNoWiderWindow()
    {
        auto hostile = poisoned();
        hostile->sentence = std::string(2'000, 'x');
        ClusterReport report = twoCollectors(hostile);
        const std::string name(255, 'W');
        report.collectors.back().consumer.name = name;
        open(report);
        m_window->resize(1024, 700);
        QTRY_COMPARE(m_window->width(), 1024);
        QVERIFY(m_page->minimumSizeHint().width() <= 1024);
    }
};

QTEST_MAIN(TestDiagnosisPage)
#include "tst_diagnosis_page.moc"
