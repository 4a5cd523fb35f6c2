// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/ui_test.h"
#include "ui/bridge/live_session.h"
#include "ui/offsets/offsets_now.h"
#include "ui/offsets/offsets_view.h"
#include "ui/pages/diagnosis/diagnosis_page.h"
#include "ui/pages/diagnosis/held_messages.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QHelpEvent>
#include <QImage>
#include <QPushButton>
#include <QTableWidget>
#include <QTest>
#include <QToolTip>
#include <QWheelEvent>

using namespace jetlag;
using namespace jetlag::test;
using namespace jetlag::ui;
using namespace std::chrono_literals;

namespace {

constexpr ServerTime kAt{1'790'000'000s};
constexpr std::uint64_t kLast = 500;

/// 100 is poison: 101 to 300 were acked above it. 310 to 320 are deleted.
ClusterReport poisoned()
{
    ClusterReport report;
    report.at = kAt;
    report.server = kServer;
    StreamSnapshot& stream = report.streams.emplace_back().stream;
    stream.name = "SPARK";
    stream.firstSequence = StreamSequence(1);
    stream.lastSequence = StreamSequence(kLast);
    stream.messages = kLast - 11;
    stream.bytes = 64 * stream.messages;
    stream.deleted = 11;
    for (const char* name : {"calm", "jobs"}) {
        CollectorReport& row = report.collectors.emplace_back();
        row.consumer.stream = "SPARK";
        row.consumer.name = row.consumer.durable = name;
        row.consumer.ackPolicy = "explicit";
        row.consumer.ackFloor = row.consumer.delivered.stream == StreamSequence()
                                    ? AckFloorPosition{ConsumerSequence(9), StreamSequence(kLast)}
                                    : AckFloorPosition{};
        row.consumer.delivered = {ConsumerSequence(9), StreamSequence(kLast)};
        row.verdict = "keeping-up";
        row.cause = "none";
    }
    CollectorReport& stuck = report.collectors.back();
    stuck.consumer.ackFloor = {ConsumerSequence(99), StreamSequence(99)};
    stuck.consumer.delivered = {ConsumerSequence(400), StreamSequence(300)};
    stuck.consumer.ackPending = 1;
    stuck.consumer.pending = 189;
    stuck.lag = 190;
    auto diagnosis = std::make_shared<Diagnosis>();
    diagnosis->cause = Cause::Poison;
    diagnosis->at = kAt;
    diagnosis->sentence = "Message 100 holds the ack floor.";
    diagnosis->messages = {
        {.role = "holds the ack floor", .sequence = 100, .time = kAt, .subject = "spark.a"},
        {.role = "oldest unread", .sequence = 301}};
    stuck.verdict = std::string(diagnosis->verdict());
    stuck.cause = "poison";
    stuck.diagnosis = diagnosis;
    return report;
}

std::optional<FakeEvent> message(StreamSequence sequence)
{
    if (sequence >= StreamSequence(310) && sequence <= StreamSequence(320))
        return std::nullopt;
    return FakeEvent{.sequence = sequence,
                     .time = kAt - 372s,
                     .subject = sequence == StreamSequence(103) ? "spark.<b>bold</b>" : "spark.a",
                     .payload = "hello"};
}

} // namespace

class TestOffsetsNow : public UiTest
{
    Q_OBJECT

private:
    DiagnosisPage* m_page = nullptr; // the window's
    std::shared_ptr<FakeServerLink> m_server;
    ClusterReport m_report;

    void open(ClusterReport report)
    {
        m_report = std::move(report);
        m_fakes->events.addStream("SPARK", kLast, message);
        m_fakes->events.setDeleted("SPARK", {{StreamSequence(310), StreamSequence(320), GapReason::Deleted}});
        m_server = m_fakes->connections.addServer(kServer, m_report);
        m_page = new DiagnosisPage(*m_session);
        showIn(m_page);
        openServer();
        QTRY_VERIFY_WITH_TIMEOUT(m_session->report(), kPatienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(!view().boxes().empty(), kPatienceMs);
    }
    /// The next look, a second later.
    void send()
    {
        m_report.at += 1s;
        m_server->monitor().setReport(m_report);
        QTRY_VERIFY_WITH_TIMEOUT(m_session->report()->at == m_report.at, kPatienceMs);
    }
    [[nodiscard]] ConsumerSnapshot& jobs() { return m_report.collectors.back().consumer; }
    [[nodiscard]] OffsetsNow& panel() const { return *m_page->findChild<OffsetsNow*>(); }
    [[nodiscard]] OffsetsView& view() const { return panel().view(); }
    [[nodiscard]] HeldMessages& held() const { return *m_page->findChild<HeldMessages*>(); }
    [[nodiscard]] BoxState stateOf(std::uint64_t sequence) const
    {
        for (const HeadBox& box : view().boxes()) {
            if (box.sequence == StreamSequence(sequence))
                return box.state;
        }
        return BoxState::ToCome;
    }
    [[nodiscard]] QPoint middleOf(std::uint64_t sequence) const
    {
        return view().boxRect(sequence - view().window().from.value()).center().toPoint();
    }
    /// Of the row that is chosen in the list below; 0 = none.
    [[nodiscard]] quint64 heldSequence() const
    {
        const QList<QTableWidgetItem*> chosen = held().table().selectedItems();
        return chosen.isEmpty()
                   ? 0
                   : held().table().item(chosen.first()->row(), 1)->data(Qt::UserRole).toULongLong();
    }
    /// What was read for the boxes: the list below reads some, too.
    [[nodiscard]] std::vector<EventsRequest> readForBoxes() const
    {
        std::vector<EventsRequest> requests = m_fakes->events.requests();
        std::erase_if(requests,
                      [](const EventsRequest& one) { return one.count == HeldMessages::kMostMessages; });
        return requests;
    }
    [[nodiscard]] QString replayText() const
    {
        for (const auto* one : m_page->findChildren<QPushButton*>()) {
            if (one->text().startsWith(QStringLiteral("Replay from")))
                return one->text();
        }
        return {};
    }
    [[nodiscard]] bool isRead() const { return view().readOut().contains(QStringLiteral("ago")); }
    void closeParts() override { m_server.reset(); }

private slots:
    void theHeadStandsThereAndIsReadWhenItRests()
    {
        open(poisoned());
        QVERIFY(view().window().holds(StreamSequence(100)));
        QVERIFY(stateOf(99) == BoxState::Acked && stateOf(101) == BoxState::Delivered);
        QVERIFY(stateOf(100) == BoxState::InHand); // the diagnosis names it
        QVERIFY(panel().words().contains(QStringLiteral("one box is one event")));
        QTRY_VERIFY_WITH_TIMEOUT(view().strip().gaps.size() == 1, kPatienceMs);
        QTRY_VERIFY(panel().words().contains(QStringLiteral("11 deleted inside, in one place")));
        view().choose(StreamSequence(102));
        QTRY_VERIFY_WITH_TIMEOUT(isRead(), kPatienceMs);
        QVERIFY(view().readOut().contains(QStringLiteral("6\u202fm 12\u202fs ago · spark.a · 5\u202fB")));
        // What is enlarged was read and nothing else.
        for (const EventsRequest& request : readForBoxes()) {
            QVERIFY(request.stream == "SPARK" && request.count && *request.count <= view().window().count);
        }
    }

    void deletedOnesAreSeenAsSuch()
    {
        open(poisoned());
        view().choose(StreamSequence(315));
        QVERIFY(stateOf(315) == BoxState::Waiting);
        QVERIFY(view().readOut().contains(QStringLiteral("or deleted")));
        QTRY_VERIFY_WITH_TIMEOUT(stateOf(315) == BoxState::Deleted, kPatienceMs);
        QVERIFY(stateOf(309) == BoxState::Waiting && stateOf(320) == BoxState::Deleted);
        QVERIFY(view().readOut().startsWith(QStringLiteral("315 · deleted")));
    }

    void aHeadThatFlowsIsNotRead()
    {
        open(poisoned());
        jobs().ackPending = 0;
        m_report.collectors.back().diagnosis.reset();
        for (std::uint64_t at = 120; at < 300; at += 20) {
            jobs().ackFloor.stream = StreamSequence(at);
            jobs().delivered.stream = StreamSequence(at);
            send();
            QVERIFY(view().window().holds(StreamSequence(at + 1)));
        }
        const std::size_t before = readForBoxes().size();
        QVERIFY(before <= 1); // of the first moments at most
        QTRY_COMPARE_WITH_TIMEOUT(readForBoxes().size(), before + 1, kPatienceMs); // it rests
    }

    void keysGoFromBoxToBox()
    {
        open(poisoned());
        view().setFocus();
        QTest::keyClick(&view(), Qt::Key_Right);
        QCOMPARE(view().chosen().value(), StreamSequence(100));
        QVERIFY(
            view().accessibleDescription().startsWith(QStringLiteral("100 · in hand · holds the ack floor")));
        QTest::keyClick(&view(), Qt::Key_Right);
        QTest::keyClick(&view(), Qt::Key_Right, Qt::ShiftModifier);
        QCOMPARE(view().chosen().value(), StreamSequence(201));
        QVERIFY(view().window().holds(StreamSequence(201)) && !view().follows());
        QTest::keyClick(&view(), Qt::Key_Left);
        QTest::keyClick(&view(), Qt::Key_Return);
        QVERIFY(m_link && m_link->page == PageId::Messages);
        QCOMPARE(m_link->message->sequence, StreamSequence(200));
        QTest::keyClick(&view(), Qt::Key_R);
        QVERIFY(m_link->page == PageId::Replay && m_link->replay);
        QVERIFY(m_link->replay->range.from == std::optional<Position>(StreamSequence(200)));
        QTest::keyClick(&view(), Qt::Key_C);
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("200"));
        QTest::keyClick(&view(), Qt::Key_End);
        QCOMPARE(view().chosen().value(), StreamSequence(kLast));
        QTest::keyClick(&view(), Qt::Key_Right);
        QTest::keyClick(&view(), Qt::Key_PageDown); // there is nothing behind
        QVERIFY(view().chosen().value() <= StreamSequence(kLast + 3));
        QTest::keyClick(&view(), Qt::Key_PageUp);
        QTest::keyClick(&view(), Qt::Key_Home);
        QVERIFY(view().follows() && !view().chosen());
        QVERIFY(view().window().holds(StreamSequence(100)));
        for (int i = 0; i < 3; ++i)
            QTest::keyClick(&view(), Qt::Key_Left, Qt::ShiftModifier);
        QCOMPARE(view().chosen().value(), StreamSequence(1));
    }

    void theMouseDoesTheSame()
    {
        open(poisoned());
        QTest::mouseMove(&view(), middleOf(103));
        QTRY_VERIFY_WITH_TIMEOUT(view().readOut().startsWith(QStringLiteral("103 · delivered")), kPatienceMs);
        QTest::mouseClick(&view(), Qt::LeftButton, {}, middleOf(103));
        QCOMPARE(view().chosen().value(), StreamSequence(103));
        // A key goes on from there, and is what is read out though the pointer still rests on its box.
        QTest::keyClick(&view(), Qt::Key_Right);
        QVERIFY(view().readOut().startsWith(QStringLiteral("104 · ")));
        QTest::mouseDClick(&view(), Qt::LeftButton, {}, middleOf(103));
        QVERIFY(m_link && m_link->page == PageId::Messages);
        QCOMPARE(m_link->message->sequence, StreamSequence(103));
        // The strip goes to any place of the stream.
        const QRectF strip = view().stripRect();
        QTest::mouseClick(&view(), Qt::LeftButton, {},
                          QPoint(static_cast<int>(strip.right()) - 2, static_cast<int>(strip.center().y())));
        QVERIFY(view().window().holds(StreamSequence(kLast - 3)) && !view().follows());
        const StreamSequence from = view().window().from;
        const QPointF onBoxes = view().boxRect(5).center();
        QWheelEvent up(onBoxes, view().mapToGlobal(onBoxes), {}, {0, 120}, {}, {}, Qt::NoScrollPhase, false);
        QApplication::sendEvent(&view(), &up);
        QVERIFY(view().window().from < from);
        // Markup in a subject stays text.
        view().followHead();
        view().choose(StreamSequence(103));
        QTRY_VERIFY_WITH_TIMEOUT(isRead(), kPatienceMs);
        QHelpEvent help(QEvent::ToolTip, middleOf(103), view().mapToGlobal(middleOf(103)));
        QApplication::sendEvent(&view(), &help);
        QTRY_VERIFY(QToolTip::text().contains(QStringLiteral("&lt;b&gt;bold")));
    }

    void boxesAndTheListBelowAreOne()
    {
        open(poisoned());
        QCOMPARE(replayText(), QStringLiteral("Replay from 100"));
        view().choose(StreamSequence(301));
        QCOMPARE(heldSequence(), 301ULL);
        QCOMPARE(replayText(), QStringLiteral("Replay from 301"));
        view().choose(StreamSequence(305));
        QCOMPARE(heldSequence(), 0ULL);
        QCOMPARE(replayText(), QStringLiteral("Replay from 305"));
        held().table().setFocus();
        held().table().setCurrentCell(0, 0);
        QCOMPARE(view().chosen().value(), StreamSequence(100));
        send(); // and stays so
        QCOMPARE(view().chosen().value(), StreamSequence(100));
        QCOMPARE(replayText(), QStringLiteral("Replay from 100"));
        auto* choice = m_page->findChild<QComboBox*>();
        choice->setCurrentIndex(0);
        emit choice->activated(0); // another collector begins anew
        QVERIFY(view().follows() && !view().chosen());
        QCOMPARE(replayText(), QStringLiteral("Replay from 501"));
    }

    void whatCannotBeReadIsSaid()
    {
        m_fakes->events.failStream("SPARK", Error(ErrorCode::Denied, "may not read SPARK"));
        m_report = poisoned();
        m_server = m_fakes->connections.addServer(kServer, m_report);
        m_page = new DiagnosisPage(*m_session);
        showIn(m_page);
        openServer();
        QTRY_VERIFY_WITH_TIMEOUT(panel().words().contains(QStringLiteral("not read: may not read SPARK")),
                                 kPatienceMs);
        QVERIFY(panel().words().contains(QStringLiteral("11 deleted inside, where is not known")));
        QVERIFY(stateOf(100) == BoxState::InHand); // the numbers still say what they say
    }

    void manyHolesAreNotAskedFor()
    {
        ClusterReport report = poisoned();
        report.streams[0].stream.deleted = kMostDeletedAsked + 1;
        open(report);
        QVERIFY(panel().words().contains(QStringLiteral("too many to ask where")));
        QCOMPARE(m_fakes->events.deletedAsked(), std::size_t(0));
        // Messages of a megabyte: two at a time, where the head begins.
        m_report.streams[0].stream.bytes = m_report.streams[0].stream.messages * 1'000'000;
        send();
        QTRY_VERIFY_WITH_TIMEOUT(!readForBoxes().empty(), kPatienceMs);
        const EventsRequest last = readForBoxes().back();
        QVERIFY(last.range.from == std::optional<Position>(StreamSequence(99)));
        QCOMPARE(last.count.value(), std::uint64_t(2));
    }

    void advisoriesNameSingleMessages()
    {
        open(poisoned());
        jobs().redelivered = 1;
        m_report.advisories = {
            {.kind = "nak", .stream = "SPARK", .consumer = "jobs", .sequence = 100, .deliveries = 4},
            {.kind = "nak", .stream = "SPARK", .consumer = "another", .sequence = 101, .deliveries = 4}};
        send();
        view().choose(StreamSequence(100));
        QVERIFY(view().readOut().contains(QStringLiteral("naked at delivery 4")));
        view().choose(StreamSequence(101));
        QVERIFY(!view().readOut().contains(QStringLiteral("naked")));
    }

    void everyShapeIsPainted_data()
    {
        QTest::addColumn<qulonglong>("first");
        QTest::addColumn<qulonglong>("last");
        QTest::addColumn<qulonglong>("floor");
        QTest::addColumn<qulonglong>("delivered");
        constexpr qulonglong kHuge = qulonglong(1) << 63;
        QTest::newRow("empty stream") << 1ULL << 0ULL << 0ULL << 0ULL;
        QTest::newRow("one message") << 1ULL << 1ULL << 0ULL << 0ULL;
        QTest::newRow("all deleted") << 501ULL << 500ULL << 99ULL << 300ULL;
        QTest::newRow("lost") << 400ULL << 500ULL << 99ULL << 300ULL;
        QTest::newRow("put back") << 1ULL << 80ULL << 100ULL << 100ULL;
        QTest::newRow("2^63") << 1ULL << kHuge << kHuge - 9 << kHuge - 4;
    }
    void everyShapeIsPainted()
    {
        QFETCH(qulonglong, first);
        QFETCH(qulonglong, last);
        QFETCH(qulonglong, floor);
        QFETCH(qulonglong, delivered);
        open(poisoned());
        m_report.streams[0].stream.firstSequence = StreamSequence(first);
        m_report.streams[0].stream.lastSequence = StreamSequence(last);
        jobs().ackFloor.stream = StreamSequence(floor);
        jobs().delivered.stream = StreamSequence(delivered);
        m_report.collectors.back().diagnosis.reset();
        send();
        for (const int width : {1440, 1024, 700}) {
            m_window->resize(width, 800);
            QApplication::processEvents();
            QVERIFY(!view().grab().toImage().isNull());
            QVERIFY(view().boxes().empty() ||
                    view().boxRect(view().boxes().size() - 1).right() <= view().width());
        }
        for (const Qt::Key key : {Qt::Key_Right, Qt::Key_End, Qt::Key_PageUp, Qt::Key_Left, Qt::Key_Home})
            QTest::keyClick(&view(), key);
        m_window->resize(1024, 700); // low: the strip goes
        QTRY_VERIFY(view().grab().toImage().height() < 80);
        QCOMPARE(view().accessibleName(), QStringLiteral("Offsets now, one box per message"));
    }
};

QTEST_MAIN(TestOffsetsNow)
#include "tst_offsets_now.moc"
