// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/event_scenes.h"
#include "tests/ui/ui_test.h"
#include "ui/bridge/live_session.h"
#include "ui/models/message_model.h"
#include "ui/pages/messages/messages_page.h"
#include "ui/widgets/message_detail.h"
#include "ui/widgets/state_panel.h"
#include "ui/widgets/stream_strip.h"
#include "ui/window/main_window.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

using namespace jetlag;
using namespace jetlag::test;
using namespace jetlag::ui;

namespace {

constexpr std::uint64_t kFloor = kLastSequence - 318'000; // of spark-jobs

/// A million Spark events; 47 behind the floor's page and every thousandth are gone; every 250,000th failed.
std::optional<FakeEvent> sparkEvent(StreamSequence at)
{
    const std::uint64_t sequence = at.value();
    if ((sequence > kFloor + 5 && sequence <= kFloor + 52) || sequence % 1'000 == 999)
        return std::nullopt;
    const char* reason = sequence % 250'000 == 0 ? "ExceptionFailure" : "Success";
    return FakeEvent{
        .sequence = at,
        .time = reportTime(0) - std::chrono::milliseconds(kLastSequence - sequence),
        .subject = "spark.3.application_1538416563558_0014",
        .payload = "{\"Event\":\"SparkListenerTaskEnd\",\"Stage ID\":4,\"Task End Reason\":{\"Reason\":\"" +
                   std::string(reason) + "\"}}",
        .headers = {{"Nats-Msg-Id", "h3:app_0014:4:1180442"}, {"Jetlag-Key", "application_0014"}}};
}

} // namespace

class TestMessagesPage : public UiTest
{
    Q_OBJECT

private:
    std::shared_ptr<FakeServerLink> m_server;
    MessagesPage* m_page = nullptr; // the window's

    void open(const std::optional<PageLink>& first = std::nullopt)
    {
        m_server = m_fakes->connections.addServer(kServer, sparkReport());
        m_fakes->events.addStream("SPARK", kLastSequence, sparkEvent);
        m_page = new MessagesPage(*m_session);
        showIn(m_page);
        new QAbstractItemModelTester(&model(), QAbstractItemModelTester::FailureReportingMode::QtTest,
                                     m_page);
        if (first)
            m_page->openLink(*first);
        openServer();
        QTRY_VERIFY_WITH_TIMEOUT(model().rowCount() > 0, kPatienceMs);
    }
    /// spark-jobs alone: floor and, 9 further, delivered.
    [[nodiscard]] static ClusterReport sparkReport(int second = 0)
    {
        CollectorReport row = plainCollector("SPARK", "spark-jobs", 318'000);
        row.consumer.delivered.stream = StreamSequence(kFloor + 60);
        return reportOf({row}, second);
    }
    /// A stream of so few messages, all of them delivered and acked.
    [[nodiscard]] static ClusterReport beganReport(std::uint64_t last)
    {
        ClusterReport report = reportOf({plainCollector("SPARK", "spark-jobs", 0)}, static_cast<int>(last));
        report.streams.front().stream.messages = last;
        report.streams.front().stream.lastSequence = StreamSequence(last);
        report.collectors.front().consumer.ackFloor.stream = StreamSequence(last);
        report.collectors.front().consumer.delivered.stream = StreamSequence(last);
        return report;
    }
    [[nodiscard]] MessageModel& model() const { return *m_page->findChild<MessageModel*>(); }
    [[nodiscard]] QTableView& table() const { return *m_page->findChild<QTableView*>(); }
    [[nodiscard]] MessageDetail& detail() const { return *m_page->findChild<MessageDetail*>(); }
    [[nodiscard]] QPushButton* button(const QString& words) const
    {
        for (auto* one : m_page->findChildren<QPushButton*>()) {
            if (one->isVisible() && one->text() == words)
                return one;
        }
        return nullptr;
    }
    [[nodiscard]] QLineEdit* edit(const char* name) const
    {
        for (auto* one : m_page->findChildren<QLineEdit*>()) {
            if (one->accessibleName() == QLatin1String(name))
                return one;
        }
        return nullptr;
    }
    [[nodiscard]] std::uint64_t chosen() const
    {
        const int row = table().currentIndex().row();
        return row < 0 ? 0 : model().sequenceOf(row).value();
    }
    [[nodiscard]] QStringList bands() const
    {
        QStringList words;
        for (int row = 0; row < model().rowCount(); ++row) {
            if (model().kindOf(row) != MessageModel::RowKind::Message)
                words << model().index(row, 0).data().toString().remove(QChar(0x202f));
        }
        return words;
    }
    void closeParts() override { m_server.reset(); }

private slots:
    // An answer that does not come is not being read for ever.
    void whileTheConnectionIsLostItSaysSo()
    {
        m_fakes->events.holdAt(StreamSequence(1));
        m_server = m_fakes->connections.addServer(kServer, beganReport(20));
        m_fakes->events.addStream("SPARK", 20, [](StreamSequence at) {
            return std::optional(FakeEvent{.sequence = at, .subject = "spark.a"});
        });
        m_page = new MessagesPage(*m_session);
        showIn(m_page);
        openServer();
        QTRY_VERIFY_WITH_TIMEOUT(m_session->report() && !m_fakes->events.requests().empty(), kPatienceMs);
        m_server->setConnected(false);
        const auto says = [this](const char* words) {
            for (const auto* state : m_page->findChildren<StatePanel*>()) {
                if (state->isVisible() && state->accessibleName() == QLatin1String(words))
                    return true;
            }
            return false;
        };
        QTRY_VERIFY_WITH_TIMEOUT(says("Nothing can be read now"), kPatienceMs);
        m_server->setConnected(true);
        m_fakes->events.release();
        QTRY_VERIFY_WITH_TIMEOUT(model().rowCount() > 0, kPatienceMs);
        QVERIFY(!says("Nothing can be read now"));
    }

    void itBeginsAtTheFirstUnprocessedAmongItsNeighbours()
    {
        open();
        QTRY_COMPARE_WITH_TIMEOUT(chosen(), kFloor + 1, kPatienceMs);
        QVERIFY(model().rowOf(StreamSequence(kFloor - 20)) >= 0);
        QVERIFY(bands().contains(QStringLiteral("ack floor of spark-jobs · %1").arg(kFloor)));
        QVERIFY(bands().contains(QStringLiteral("delivered to spark-jobs · %1").arg(kFloor + 60)));
        QVERIFY(bands().contains(QStringLiteral("47 deleted · %1 to %2").arg(kFloor + 6).arg(kFloor + 52)));
        QTRY_VERIFY_WITH_TIMEOUT(detail().message(), kPatienceMs);
        QVERIFY(detail().bodyText().contains(QLatin1String("\"Stage ID\": 4")));
        picture(*m_window, QStringLiteral("messages"));
    }

    void theGutterSaysHowEachStands()
    {
        open();
        QTRY_COMPARE_WITH_TIMEOUT(chosen(), kFloor + 1, kPatienceMs);
        const auto gutter = [&](std::uint64_t sequence) {
            const int row = model().rowOf(StreamSequence(sequence));
            return static_cast<MessageModel::Gutter>(
                model().index(row, 0).data(MessageModel::GutterRole).toInt());
        };
        QVERIFY(gutter(kFloor) == MessageModel::Gutter::Acked);
        QVERIFY(gutter(kFloor + 1) == MessageModel::Gutter::Delivered);
        QVERIFY(gutter(kFloor + 60) == MessageModel::Gutter::Delivered);
        QVERIFY(gutter(kFloor + 61) == MessageModel::Gutter::NotDelivered);
    }

    // Positions that jump over the whole list change none of its rows.
    void theChosenOneTellsHowItStandsByNow()
    {
        open();
        QTRY_VERIFY_WITH_TIMEOUT(chosen() != 0, kPatienceMs);
        edit("Go to a sequence or time")->setText(QString::number(kFloor + 100'000));
        QTest::keyClick(edit("Go to a sequence or time"), Qt::Key_Return);
        QTRY_COMPARE_WITH_TIMEOUT(chosen(), kFloor + 100'000, kPatienceMs);
        const auto says = [this](const char* words) {
            const QList<QLabel*> labels = detail().findChildren<QLabel*>();
            return std::ranges::any_of(
                labels, [words](const QLabel* one) { return one->text() == QLatin1String(words); });
        };
        QTRY_VERIFY_WITH_TIMEOUT(says("not delivered"), kPatienceMs);
        ClusterReport next = sparkReport(1);
        next.collectors.front().consumer.delivered.stream = StreamSequence(kFloor + 200'000);
        next.collectors.front().consumer.ackFloor.stream = StreamSequence(kFloor + 200'000);
        m_server->monitor().setReport(next);
        QTRY_VERIFY_WITH_TIMEOUT(says("acked"), kPatienceMs);
        QCOMPARE(chosen(), kFloor + 100'000);
    }

    // At the stream's end, where rows come below it.
    void theChosenOneIsNotCutByRowsThatCome()
    {
        open();
        button(QStringLiteral("Last"))->click();
        QTRY_COMPARE_WITH_TIMEOUT(chosen(), kLastSequence, kPatienceMs);
        const auto isWhole = [this] {
            return table().viewport()->rect().contains(table().visualRect(table().currentIndex()));
        };
        QTRY_VERIFY_WITH_TIMEOUT(isWhole(), kPatienceMs);
        m_window->resize(m_window->width(), m_window->height() - 15); // no multiple of a row
        m_fakes->events.addStream("SPARK", kLastSequence + 40, sparkEvent);
        ClusterReport next = sparkReport(1);
        next.streams.front().stream.lastSequence = StreamSequence(kLastSequence + 40);
        const int rows = model().rowCount();
        m_server->monitor().setReport(next);
        QTRY_VERIFY_WITH_TIMEOUT(model().rowCount() > rows, kPatienceMs);
        QCOMPARE(chosen(), kLastSequence);
        QVERIFY(isWhole());
    }

    void jumpsLeadToPositions()
    {
        open();
        QTRY_COMPARE_WITH_TIMEOUT(chosen(), kFloor + 1, kPatienceMs);
        button(QStringLiteral("First"))->click();
        QTRY_COMPARE_WITH_TIMEOUT(chosen(), 1u, kPatienceMs);
        button(QStringLiteral("Last"))->click();
        QTRY_COMPARE_WITH_TIMEOUT(chosen(), kLastSequence, kPatienceMs);
        button(QStringLiteral("Ack floor"))->click();
        QTRY_COMPARE_WITH_TIMEOUT(chosen(), kFloor, kPatienceMs);
        button(QStringLiteral("Delivered"))->click();
        QTRY_COMPARE_WITH_TIMEOUT(chosen(), kFloor + 60, kPatienceMs);
        button(QStringLiteral("Oldest unprocessed"))->click();
        QTRY_COMPARE_WITH_TIMEOUT(chosen(), kFloor + 1, kPatienceMs);
    }

    void sequencesAndTimesAreFound()
    {
        open();
        QTRY_COMPARE_WITH_TIMEOUT(chosen(), kFloor + 1, kPatienceMs);
        QLineEdit* place = edit("Go to a sequence or time");
        place->setText(QStringLiteral("500000"));
        QTest::keyClick(place, Qt::Key_Return);
        QTRY_COMPARE_WITH_TIMEOUT(chosen(), 500'000u, kPatienceMs);
        place->setText(QStringLiteral("600999")); // gone: its neighbour
        QTest::keyClick(place, Qt::Key_Return);
        QTRY_COMPARE_WITH_TIMEOUT(chosen(), 601'000u, kPatienceMs);
        place->setText(QStringLiteral("-10s")); // a message a millisecond
        QTest::keyClick(place, Qt::Key_Return);
        QTRY_COMPARE_WITH_TIMEOUT(chosen(), kLastSequence - 10'000, kPatienceMs);
        place->setText(QStringLiteral("yesterday"));
        QTest::keyClick(place, Qt::Key_Return);
        QVERIFY(place->property("bad").toBool());
        QCOMPARE(chosen(), kLastSequence - 10'000);
    }

    void scrollingReadsOn()
    {
        open();
        QTRY_COMPARE_WITH_TIMEOUT(chosen(), kFloor + 1, kPatienceMs);
        const StreamSequence last = model().sequenceOf(model().rowCount() - 1);
        table().verticalScrollBar()->setValue(table().verticalScrollBar()->maximum());
        QTRY_VERIFY_WITH_TIMEOUT(model().sequenceOf(model().rowCount() - 1) > last, kPatienceMs);
        const StreamSequence first = model().sequenceOf(0);
        // What somebody reads keeps its place while rows come before it.
        table().verticalScrollBar()->setValue(0);
        QTRY_VERIFY_WITH_TIMEOUT(model().sequenceOf(0) < first, kPatienceMs);
        QVERIFY(model().rowOf(first) >= 0);
    }

    void aLinkLeadsToItsMessage()
    {
        open(PageLink{.page = PageId::Messages,
                      .collector = ConsumerName{"SPARK", "spark-jobs"},
                      .message = MessagePlace{"SPARK", StreamSequence(777'777)}});
        QTRY_COMPARE_WITH_TIMEOUT(chosen(), 777'777u, kPatienceMs);
        m_page->openLink({.page = PageId::Messages, .message = MessagePlace{"SPARK", StreamSequence(12)}});
        QTRY_COMPARE_WITH_TIMEOUT(chosen(), 12u, kPatienceMs);
    }

    void aSearchFindsAllAndThePreviewGoesThere()
    {
        open();
        QTRY_COMPARE_WITH_TIMEOUT(chosen(), kFloor + 1, kPatienceMs);
        m_fakes->events.holdAt(StreamSequence(600'000));
        edit("Search")->setText(QStringLiteral("exceptionfailure")); // whatever the case
        QTest::keyClick(edit("Search"), Qt::Key_Return);
        QTRY_COMPARE_WITH_TIMEOUT(chosen(), 250'000u, kPatienceMs); // while it goes on
        QVERIFY(button(QStringLiteral("Stop")) != nullptr);
        picture(*m_window, QStringLiteral("messages-search"));
        m_fakes->events.release();
        QTRY_VERIFY_WITH_TIMEOUT(button(QStringLiteral("Search")) != nullptr, kPatienceMs);
        button(QStringLiteral("Next"))->click();
        QTRY_COMPARE_WITH_TIMEOUT(chosen(), 500'000u, kPatienceMs);
        button(QStringLiteral("Previous"))->click();
        button(QStringLiteral("Previous"))->click(); // round
        QTRY_COMPARE_WITH_TIMEOUT(chosen(), 1'000'000u, kPatienceMs);
        bool isSaid = false;
        for (const auto* label : m_page->findChildren<QLabel*>())
            isSaid = isSaid || label->text().contains(QLatin1String("matched 4"));
        QVERIFY(isSaid);
    }

    void aSearchCanBeStopped()
    {
        open();
        QTRY_COMPARE_WITH_TIMEOUT(chosen(), kFloor + 1, kPatienceMs);
        m_fakes->events.holdAt(StreamSequence(300'000));
        edit("Search")->setText(QStringLiteral("ExceptionFailure"));
        QTest::keyClick(edit("Search"), Qt::Key_Return);
        QTRY_COMPARE_WITH_TIMEOUT(chosen(), 250'000u, kPatienceMs);
        button(QStringLiteral("Stop"))->click();
        QTRY_VERIFY_WITH_TIMEOUT(button(QStringLiteral("Search")) != nullptr, kPatienceMs);
        QVERIFY(m_page->goBack()); // forgets it
        QVERIFY(!m_page->goBack());
    }

    void aListThatDoesNotFillItsRoomGoesOnWithTheStream()
    {
        m_server = m_fakes->connections.addServer(kServer, beganReport(1));
        m_fakes->events.addStream("SPARK", 1, sparkEvent);
        m_page = new MessagesPage(*m_session);
        showIn(m_page);
        openServer();
        QTRY_COMPARE_WITH_TIMEOUT(chosen(), 1u, kPatienceMs);
        m_fakes->events.addStream("SPARK", 4, sparkEvent);
        m_server->monitor().setReport(beganReport(4));
        QTRY_VERIFY_WITH_TIMEOUT(model().rowOf(StreamSequence(4)) >= 0, kPatienceMs);
        QCOMPARE(chosen(), 1u);
    }

    void theTailIsFollowed()
    {
        open();
        QTRY_COMPARE_WITH_TIMEOUT(chosen(), kFloor + 1, kPatienceMs);
        QVERIFY(m_page->playPause());
        QTRY_VERIFY_WITH_TIMEOUT(model().rowOf(StreamSequence(kLastSequence)) >= 0, kPatienceMs);
        m_fakes->events.addStream("SPARK", kLastSequence + 5, sparkEvent);
        ClusterReport grown = sparkReport(1);
        grown.streams.front().stream.lastSequence = StreamSequence(kLastSequence + 5);
        m_server->monitor().setReport(grown);
        QTRY_VERIFY_WITH_TIMEOUT(model().rowOf(StreamSequence(kLastSequence + 5)) >= 0, kPatienceMs);
        QTRY_COMPARE_WITH_TIMEOUT(table().verticalScrollBar()->value(),
                                  table().verticalScrollBar()->maximum(), kPatienceMs);
    }

    void replayBeginsAtTheChosenOne()
    {
        open();
        QTRY_COMPARE_WITH_TIMEOUT(chosen(), kFloor + 1, kPatienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(button(QStringLiteral("Replay from here")) != nullptr, kPatienceMs);
        button(QStringLiteral("Replay from here"))->click();
        QVERIFY(m_link && m_link->page == PageId::Replay && m_link->replay);
        QVERIFY(std::get<StreamSequence>(*m_link->replay->range.from).value() == kFloor + 1);
        QVERIFY(std::get<StreamReplaySource>(m_link->replay->source).likeDurable == "spark-jobs");
    }

    void whatMayNotBeReadIsSaid()
    {
        m_server = m_fakes->connections.addServer(kServer, sparkReport());
        m_fakes->events.failStream("SPARK", Error(ErrorCode::Denied, "this account may not use message get"));
        m_page = new MessagesPage(*m_session);
        showIn(m_page);
        openServer();
        const auto isSaid = [&] {
            for (const auto* state : m_page->findChildren<StatePanel*>()) {
                if (state->isVisible() &&
                    state->accessibleDescription().contains(QLatin1String("may not use")))
                    return true;
            }
            return false;
        };
        QTRY_VERIFY_WITH_TIMEOUT(isSaid(), kPatienceMs);
        picture(*m_window, QStringLiteral("messages-denied"));

        // Asked for once, not with each report, and again when somebody says so.
        const std::size_t asked = m_fakes->events.requests().size();
        for (int second = 1; second <= 5; ++second) {
            m_server->monitor().setReport(sparkReport(second));
            QTRY_COMPARE_WITH_TIMEOUT(m_session->report()->at, reportTime(second), kPatienceMs);
        }
        QTest::qWait(0);
        QCOMPARE(m_fakes->events.requests().size(), asked);
        QVERIFY(isSaid());
        button(QStringLiteral("Try again"))->click();
        QTRY_VERIFY_WITH_TIMEOUT(m_fakes->events.requests().size() > asked, kPatienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(isSaid(), kPatienceMs);
        m_fakes->events.addStream("SPARK", kLastSequence, sparkEvent);
        button(QStringLiteral("Try again"))->click();
        QTRY_VERIFY_WITH_TIMEOUT(model().rowCount() > 0, kPatienceMs);
    }

    void textsAreFoundWhateverTheirCase()
    {
        QCOMPARE(findIgnoringCase("Some Failure here", "failure"), 5u);
        QCOMPARE(findIgnoringCase("abc", "d"), std::string_view::npos);
        QCOMPARE(findIgnoringCase("", "d"), std::string_view::npos);
        QCOMPARE(findIgnoringCase(std::string_view("\0\xff X", 4), "x"), 3u);
    }
};

QTEST_MAIN(TestMessagesPage)
#include "tst_messages_page.moc"
