// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/event_scenes.h"
#include "tests/ui/ui_test.h"
#include "ui/bridge/event_feed.h"
#include "ui/models/dead_letter_model.h"
#include "ui/pages/events/dead_letters_view.h"
#include "ui/pages/events/events_page.h"
#include "ui/widgets/message_detail.h"
#include "ui/widgets/record_table.h"
#include "ui/widgets/state_panel.h"
#include "ui/window/main_window.h"

#include <QAbstractButton>
#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QTabBar>
#include <QTest>

using namespace jetlag;
using namespace jetlag::test;
using namespace jetlag::ui;

namespace {

HistoryMark givenUp(std::string stream, std::uint64_t sequence, const char* word = "max deliveries")
{
    return {.at = reportTime(-60 - static_cast<int>(sequence)),
            .kind = MarkKind::Advisory,
            .stream = std::move(stream),
            .collector = "spark-jobs",
            .word = word,
            .detail = "message " + std::to_string(sequence) + " was delivered 5 times and is given up",
            .sequence = sequence};
}

} // namespace

class TestDeadLettersView : public UiTest
{
    Q_OBJECT

private:
    std::unique_ptr<EventFeed> m_feed;
    EventsPage* m_page = nullptr; // the window's

    /// Messages 10, 20, 30 of SPARK (30 is gone) and 7 of HIVE were given up before.
    void open(bool withLetters = true)
    {
        m_fakes->connections.addServer(kServer, verdictReport(0, {}));
        if (withLetters) {
            for (const std::uint64_t sequence : {10U, 20U, 30U})
                m_fakes->history.addMark(kServer, givenUp("SPARK", sequence));
            m_fakes->history.addMark(kServer, givenUp("HIVE", 7, "terminated"));
        }
        m_fakes->events.addStream("SPARK", 1'000, [](StreamSequence at) -> std::optional<FakeEvent> {
            if (at.value() == 30)
                return std::nullopt;
            return FakeEvent{.sequence = at,
                             .subject = "spark.3.application_" + std::to_string(at.value()),
                             .payload = R"({"Event":"SparkListenerTaskEnd","Stage ID":4})",
                             .headers = {{"Nats-Msg-Id", "h3"}}};
        });
        m_feed = std::make_unique<EventFeed>(*m_session, std::make_unique<FakeNotifier>());
        m_page = new EventsPage(*m_feed);
        showIn(m_page);
        m_page->openLink({.page = PageId::Events, .deadLetters = true});
        openServer();
        QTRY_VERIFY_WITH_TIMEOUT(m_session->report(), kPatienceMs);
        if (withLetters)
            QTRY_VERIFY_WITH_TIMEOUT(table().proxy().rowCount() >= 4, kPatienceMs);
        new QAbstractItemModelTester(&model(), QAbstractItemModelTester::FailureReportingMode::QtTest,
                                     m_page);
    }
    [[nodiscard]] DeadLettersView& view() const { return *m_page->findChild<DeadLettersView*>(); }
    [[nodiscard]] RecordTable& table() const { return view().table(); }
    [[nodiscard]] DeadLetterModel& model() const { return *m_page->findChild<DeadLetterModel*>(); }
    [[nodiscard]] MessageDetail& detail() const { return *m_page->findChild<MessageDetail*>(); }
    void choose(std::uint64_t sequence)
    {
        const auto row = model().rowOf({sequence == 7 ? "HIVE" : "SPARK", "spark-jobs", sequence});
        QVERIFY(row);
        table().setCurrentIndex(table().proxy().mapFromSource(model().index(*row, 0)));
    }
    [[nodiscard]] QAbstractButton* button(const QString& words) const
    {
        for (auto* one : view().findChildren<QAbstractButton*>()) {
            if (one->isVisible() && one->text() == words)
                return one;
        }
        return nullptr;
    }
    [[nodiscard]] QString cell(std::uint64_t sequence, const char* id) const
    {
        const auto row = model().rowOf({sequence == 7 ? "HIVE" : "SPARK", "spark-jobs", sequence});
        return model().index(row.value_or(-1), model().columnOf(QLatin1String(id))).data().toString();
    }
    void closeParts() override { m_feed.reset(); }

private slots:
    void noneAreSaidInASentence()
    {
        open(/*withLetters=*/false);
        bool isSaid = false;
        for (const auto* state : view().findChildren<StatePanel*>())
            isSaid =
                isSaid || (state->isVisible() && state->accessibleName() == QLatin1String("No dead letters"));
        QVERIFY(isSaid);
    }

    void theBodyIsReadWhenSomebodyLooks()
    {
        open();
        QVERIFY(m_fakes->events.requests().empty());
        choose(20);
        QTRY_VERIFY_WITH_TIMEOUT(detail().message(), kPatienceMs);
        QVERIFY(detail().bodyText().contains(QLatin1String("\"Stage ID\": 4")));
        const EventsRequest asked = m_fakes->events.requests().back();
        QCOMPARE(asked.stream, std::string("SPARK"));
        QVERIFY(asked.count == 1U && std::get<StreamSequence>(*asked.range.from).value() == 20);
        QCOMPARE(cell(20, "subject"), QStringLiteral("spark.3.application_20"));
        QCOMPARE(cell(20, "state"), QStringLiteral("in the stream"));
        picture(*m_window, QStringLiteral("dead-letters"));
    }

    // The focus alone makes a row current: its body is shown, and the buttons are about it.
    void whatIsShownIsChosen()
    {
        open();
        table().setFocus();
        if (!table().currentIndex().isValid())
            table().selectionModel()->setCurrentIndex(table().model()->index(0, 0),
                                                      QItemSelectionModel::NoUpdate);
        QTRY_VERIFY_WITH_TIMEOUT(table().selectionModel()->hasSelection(), kPatienceMs);
        QVERIFY(button(QStringLiteral("Mark as reviewed"))->isEnabled());
        QTest::keyClick(&table(), Qt::Key_Space);
        QVERIFY(button(QStringLiteral("Not reviewed after all")) != nullptr);
    }

    // Sequences are numbers of their stream.
    void theSameNumberOfAnotherStreamIsAnotherMessage()
    {
        m_fakes->history.addMark(kServer, givenUp("HIVE", 20));
        m_fakes->events.addStream("HIVE", 100, [](StreamSequence at) {
            return std::optional(FakeEvent{.sequence = at, .subject = "hive.q", .payload = "of HIVE"});
        });
        open();
        choose(20);
        QTRY_VERIFY_WITH_TIMEOUT(detail().bodyText().contains(QLatin1String("Stage ID")), kPatienceMs);
        const auto other = model().rowOf({"HIVE", "spark-jobs", 20});
        QVERIFY(other);
        table().setCurrentIndex(table().proxy().mapFromSource(model().index(*other, 0)));
        QTRY_COMPARE_WITH_TIMEOUT(detail().bodyText(), QStringLiteral("of HIVE"), kPatienceMs);
    }

    void whatIsGoneIsSaidAndListedSo()
    {
        open();
        choose(30);
        QTRY_COMPARE_WITH_TIMEOUT(cell(30, "state"), QStringLiteral("gone"), kPatienceMs);
        QVERIFY(!detail().message());
        picture(*m_window, QStringLiteral("dead-letters-gone"));
    }

    void aReadThatFailsSaysWhy()
    {
        open();
        m_fakes->events.failStream("SPARK", Error(ErrorCode::Denied, "this account may not use message get"));
        choose(20);
        bool isSaid = false;
        QTRY_VERIFY_WITH_TIMEOUT(
            [&] {
                for (const auto* state : detail().findChildren<StatePanel*>())
                    isSaid = isSaid || state->accessibleDescription().contains(QLatin1String("may not use"));
                return isSaid;
            }(),
            kPatienceMs);
        QCOMPARE(cell(20, "state"), QStringLiteral("in the stream")); // nobody knows better
    }

    void reviewedMarksOutliveTheWindow()
    {
        open();
        QCOMPARE(m_feed->unreviewed(), 4);
        QCOMPARE(m_page->findChild<QTabBar*>()->tabText(1), QStringLiteral("Dead letters 4"));
        choose(10);
        button(QStringLiteral("Mark as reviewed"))->click();
        QCOMPARE(m_feed->unreviewed(), 3);
        const QModelIndex tick = model().index(*model().rowOf({"SPARK", "spark-jobs", 20}),
                                               model().columnOf(QStringLiteral("reviewed")));
        QVERIFY(model().setData(tick, Qt::Checked, Qt::CheckStateRole)); // as a click does
        QCOMPARE(m_feed->unreviewed(), 2);
        m_window.reset();
        m_feed.reset();
        startSessions();
        m_fakes->history.addMark(kServer, givenUp("SPARK", 40));
        m_feed = std::make_unique<EventFeed>(*m_session, std::make_unique<FakeNotifier>());
        openServer();
        QTRY_COMPARE_WITH_TIMEOUT(m_feed->deadLetters().letters().size(), 5u, kPatienceMs);
        QCOMPARE(m_feed->unreviewed(), 3);
        QVERIFY(m_feed->isReviewed({"SPARK", "spark-jobs", 10}));
    }

    void selectedOnesOfOneStreamAreReplayed()
    {
        open();
        choose(10);
        for (const std::uint64_t sequence : {10U, 30U}) {
            const auto row = model().rowOf({"SPARK", "spark-jobs", sequence});
            table().selectionModel()->select(table().proxy().mapFromSource(model().index(*row, 0)),
                                             QItemSelectionModel::Select | QItemSelectionModel::Rows);
        }
        // A replay reads a range: the button says which, where it holds more than what is chosen.
        QAbstractButton* replay = button(QStringLiteral("Replay 10 to 30"));
        QVERIFY(replay != nullptr);
        QVERIFY2(replay->toolTip().contains(QLatin1String("every message between")),
                 qPrintable(replay->toolTip()));
        replay->click();
        QVERIFY(m_link && m_link->page == PageId::Replay && m_link->replay);
        const auto& source = std::get<StreamReplaySource>(m_link->replay->source);
        QCOMPARE(source.stream, std::string("SPARK"));
        QVERIFY(source.likeDurable == "spark-jobs");
        QVERIFY(std::get<StreamSequence>(*m_link->replay->range.from).value() == 10);
        QVERIFY(std::get<StreamSequence>(*m_link->replay->range.to).value() == 30);
        table().selectAll(); // HIVE too
        QVERIFY(!button(QStringLiteral("Replay selected"))->isEnabled());
    }

    void oneLeadsToItsStreamAndIsCopiedAsACommand()
    {
        open();
        choose(20);
        button(QStringLiteral("Show in Messages"))->click();
        QVERIFY(m_link && m_link->page == PageId::Messages && m_link->message);
        QVERIFY(m_link->message->sequence.value() == 20 && m_link->collector->name == "spark-jobs");
        button(QStringLiteral("Copy nats command"))->click();
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("nats stream get SPARK 20"));
    }
};

QTEST_MAIN(TestDeadLettersView)
#include "tst_dead_letters_view.moc"
