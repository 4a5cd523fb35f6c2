// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/event_scenes.h"
#include "tests/ui/ui_test.h"
#include "ui/bridge/event_feed.h"
#include "ui/models/event_model.h"
#include "ui/pages/events/events_page.h"
#include "ui/widgets/notice_strip.h"
#include "ui/widgets/pick_box.h"
#include "ui/widgets/record_table.h"
#include "ui/widgets/state_panel.h"
#include "ui/window/main_window.h"

#include <QAbstractButton>
#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>

using namespace jetlag;
using namespace jetlag::test;
using namespace jetlag::ui;

namespace {} // namespace

class TestEventsPage : public UiTest
{
    Q_OBJECT

private:
    std::unique_ptr<EventFeed> m_feed;
    FakeNotifier* m_notifier = nullptr; // the feed's
    EventsPage* m_page = nullptr;       // the window's
    std::shared_ptr<FakeServerLink> m_server;

    void open()
    {
        m_server = m_fakes->connections.addServer(kServer, verdictReport(0, {}));
        auto notifier = std::make_unique<FakeNotifier>();
        m_notifier = notifier.get();
        m_feed = std::make_unique<EventFeed>(*m_session, std::move(notifier));
        m_page = new EventsPage(*m_feed);
        showIn(m_page);
        openServer();
        QTRY_VERIFY_WITH_TIMEOUT(m_session->report(), kPatienceMs);
        new QAbstractItemModelTester(&model(), QAbstractItemModelTester::FailureReportingMode::QtTest,
                                     m_page);
    }
    void report(int second, const std::vector<std::pair<const char*, const char*>>& verdicts)
    {
        QSignalSpy reports(m_session, &LiveSession::reportChanged);
        m_server->monitor().setReport(verdictReport(second, verdicts));
        QVERIFY(!reports.isEmpty() || reports.wait(kPatienceMs));
        bool isTaken = false; // by the feed, in the next turn of the event loop
        QTimer::singleShot(0, this, [&isTaken] { isTaken = true; });
        QTRY_VERIFY_WITH_TIMEOUT(isTaken, kPatienceMs);
    }
    /// hive-queries stops, spark-jobs is slow; a minute after the beginning.
    void trouble()
    {
        const std::pair<const char*, const char*> well{"keeping-up", "none"};
        report(1, {well, well, well});
        report(60, {{"stopped", "no-pulls"}, {"slow", "slow"}, well});
    }
    [[nodiscard]] RecordTable& table() const
    {
        return *m_page->findChild<RecordTable*>(QStringLiteral("events"));
    }
    [[nodiscard]] EventModel& model() const { return *m_page->findChild<EventModel*>(); }
    [[nodiscard]] QStringList column(const QString& id) const
    {
        QStringList texts;
        for (int row = 0; row < table().proxy().rowCount(); ++row)
            texts << table().proxy().index(row, model().columnOf(id)).data().toString();
        return texts;
    }
    [[nodiscard]] QAbstractButton* button(const QString& words) const
    {
        for (auto* one : m_page->findChildren<QAbstractButton*>()) {
            if (one->isVisible() && one->text().startsWith(words))
                return one;
        }
        return nullptr;
    }
    void closeParts() override
    {
        m_feed.reset();
        m_server.reset();
    }

private slots:
    // What came and went is called by what came, and has its shape.
    void aVerdictHasItsOwnSign()
    {
        const auto sign = [](const char* word, const char* verdict) {
            ClusterEvent event;
            event.kind = MarkKind::Verdict;
            event.word = word;
            event.verdict = verdict;
            return glyphOf(event);
        };
        QVERIFY(sign("no-pulls", "stopped") == Glyph::Square);
        QVERIFY(sign("no-pulls", "keeping-up") == Glyph::Square);
        QVERIFY(sign("dead-letters", "idle") == Glyph::Diamond);
        QVERIFY(sign("keeping-up", "keeping-up") == Glyph::Disc);
        QVERIFY(sign("idle", "idle") == Glyph::Ring);
        QVERIFY(sign("stale", "stale") == Glyph::DottedRing);
    }

    void nothingHasHappenedIsSaid()
    {
        open();
        const auto* state = m_page->findChild<StatePanel*>(QStringLiteral("eventsState"));
        QTRY_VERIFY_WITH_TIMEOUT(state->isVisible(), kPatienceMs);
        QCOMPARE(state->accessibleName(), QStringLiteral("Nothing has happened"));
        picture(*m_window, QStringLiteral("events-empty"));
    }

    void twoReportsInOneTurnAreBothTaken()
    {
        open();
        const std::pair<const char*, const char*> well{"keeping-up", "none"};
        const std::pair<const char*, const char*> stopped{"stopped", "no-pulls"};
        QObject context;
        connect(m_session, &LiveSession::reportChanged, &context, [this, well, stopped] {
            if (m_session->report()->at < verdictReport(60, {}).at)
                m_server->monitor().setReport(verdictReport(60, {stopped, well, well}));
        });
        m_server->monitor().setReport(verdictReport(1, {well, well, well}));
        QTRY_VERIFY_WITH_TIMEOUT(
            table().toCsv().contains(QLatin1String("stopped (no pulls); it was keeping up")), kPatienceMs);
    }

    void changesAreListedNewestFirst()
    {
        open();
        trouble();
        report(90, {{"catching-up", "catching-up"}, {"slow", "slow"}, {"keeping-up", "none"}});
        QCOMPARE(
            column(QStringLiteral("event")),
            (QStringList{QStringLiteral("Catching up"), QStringLiteral("No pulls"), QStringLiteral("Slow")}));
        QCOMPARE(column(QStringLiteral("collector")).first(), QStringLiteral("hive-queries"));
        QCOMPARE(column(QStringLiteral("ago")).last(), QStringLiteral("30\u202fs ago"));
        const QModelIndex sign = model().index(0, model().columnOf(EventModel::glyphColumn()));
        QCOMPARE(sign.data(EventModel::GlyphRole).toInt(), static_cast<int>(Glyph::Square)); // stopped
        table().selectRow(1);
        picture(*m_window, QStringLiteral("events"));
    }

    // What is new stands at the end of the list meanwhile: it must not look old.
    void aNewOrderThatWaitsForThePointerIsOffered()
    {
        open();
        trouble();
        table().proxy().hold(true);
        report(90, {{"catching-up", "catching-up"}, {"slow", "slow"}, {"keeping-up", "none"}});
        const QString offer = QStringLiteral("New order waits");
        QTRY_VERIFY_WITH_TIMEOUT(button(offer), kPatienceMs);
        QCOMPARE(column(QStringLiteral("event")).last(), QStringLiteral("Catching up"));
        button(offer)->click();
        QCOMPARE(column(QStringLiteral("event")).first(), QStringLiteral("Catching up"));
        QVERIFY(!button(offer));
    }

    void filterAndKindsNarrowTheList()
    {
        open();
        trouble();
        m_page->findChild<QLineEdit*>()->setText(QStringLiteral("stream:SPARK"));
        QCOMPARE(column(QStringLiteral("event")), QStringList{QStringLiteral("Slow")});
        m_page->findChild<QLineEdit*>()->clear();
        button(QStringLiteral("Leaders"))->click();
        QVERIFY(table().proxy().rowCount() == 0);
        const auto* state = m_page->findChild<StatePanel*>(QStringLiteral("eventsState"));
        QVERIFY(state->isVisible());
        QCOMPARE(state->accessibleName(), QStringLiteral("No event fits"));
        QVERIFY(m_page->goBack());
        QCOMPARE(table().proxy().rowCount(), 2);
        QVERIFY(!m_page->goBack());
    }

    void theBadgeCountsWhatNobodyHasSeen()
    {
        open();
        auto* other = new QWidget(nullptr, Qt::Window); // another page, so that this one is hidden
        m_page->hide();
        QSignalSpy badges(m_feed.get(), &EventFeed::unseenChanged);
        trouble();
        QCOMPARE(m_feed->unseen(), 2);
        QCOMPARE(badges.last().first().toInt(), 2);
        m_feed->setMuted({"HIVE", "hive-queries"}, true);
        QCOMPARE(m_feed->unseen(), 1);
        m_page->show();
        QCOMPARE(m_feed->unseen(), 0);
        QCOMPARE(badges.last().first().toInt(), 0);
        delete other;
    }

    void aRowLeadsToItsCollector()
    {
        open();
        trouble();
        table().selectRow(0);
        QVERIFY(button(QStringLiteral("Show the collector")) != nullptr);
        QTest::keyClick(&table(), Qt::Key_Return);
        QVERIFY(m_link && m_link->page == PageId::Diagnosis && m_link->collector);
        QCOMPARE(m_link->collector->stream, std::string("HIVE"));
    }

    void rowsAreCopiedAsTextAndJson()
    {
        open();
        trouble();
        table().selectRow(0);
        table().copySelection();
        QVERIFY(QApplication::clipboard()->text().contains(QLatin1String("hive-queries")));
        QVERIFY(table().toCsv().startsWith(QLatin1String("time,ago,event,")));
        QVERIFY(table().toCsv().contains(QLatin1String("stopped (no pulls); it was keeping up")));
    }

    void aNoticeComesOnceAndNotOfTheMuted()
    {
        open();
        m_feed->setMuted({"SPARK", "spark-jobs"}, true);
        m_feed->setLevel(NoticeLevel::All);
        trouble();
        QTRY_COMPARE_WITH_TIMEOUT(m_notifier->told.size(), 1u, kPatienceMs);
        QCOMPARE(m_notifier->told.front().title, std::string(kServer) + " · local: hive-queries: no pulls");
    }

    void manyAtOnceAreOneNotice()
    {
        open();
        report(1, {{"keeping-up", "none"}, {"keeping-up", "none"}, {"keeping-up", "none"}});
        report(60, {{"stopped", "no-pulls"}, {"stopped", "no-pulls"}, {"stopped", "capped"}});
        QTRY_COMPARE_WITH_TIMEOUT(m_notifier->told.size(), 1u, kPatienceMs);
        QCOMPARE(m_notifier->told.front().title, std::string(kServer) + " · local: 3 collectors stopped");
    }

    void showLeadsToTheWorst()
    {
        open();
        QSignalSpy wanted(m_feed.get(), &EventFeed::showWanted);
        m_notifier->press(
            {.title = "x", .collector = ConsumerName{"HIVE", "hive-queries"}, .connection = kServer});
        m_notifier->press({.title = "x", .connection = "another"}); // is that one's to show
        QCOMPARE(wanted.count(), 1);
    }

    void withoutADesktopItStaysInTheWindow()
    {
        open();
        QSignalSpy inside(m_feed.get(), &EventFeed::stayedInside);
        m_notifier->stayInside({.title = "x", .connection = kServer});
        m_notifier->stayInside({.title = "x", .connection = "another"});
        QCOMPARE(inside.count(), 1);
    }

    void mutesAndLevelOutliveTheWindow()
    {
        open();
        m_feed->setMuted({"SPARK", "a/b \xff"}, true);
        auto* level = m_page->findChild<QComboBox*>();
        level->setCurrentIndex(0);
        emit level->activated(0);
        m_window.reset();
        m_feed.reset();
        startSessions();
        open();
        QVERIFY(m_feed->level() == NoticeLevel::Off);
        QVERIFY(m_feed->isMuted({"SPARK", "a/b \xff"}));
        QVERIFY(!m_feed->isMuted({"SPARK", "a"}));
    }

    void muteIsReachedFromARow()
    {
        open();
        trouble();
        table().selectRow(0);
        button(QStringLiteral("Mute hive-queries"))->click();
        QVERIFY(m_feed->isMuted({"HIVE", "hive-queries"}));
        QCOMPARE(column(QStringLiteral("collector")).first(), QStringLiteral("hive-queries (muted)"));
        button(QStringLiteral("Unmute hive-queries"))->click();
        QVERIFY(!m_feed->isMuted({"HIVE", "hive-queries"}));
    }

    void aLostConnectionIsAnEvent()
    {
        open();
        m_server->setConnected(false);
        QTRY_VERIFY_WITH_TIMEOUT(m_session->state() == LiveSession::State::Lost, kPatienceMs);
        QTRY_COMPARE_WITH_TIMEOUT(column(QStringLiteral("event")),
                                  QStringList{QStringLiteral("Connection lost")}, kPatienceMs);
        // Said above the list, and nothing that this account could be granted mends it.
        const auto* notice = m_page->findChild<NoticeStrip*>();
        QTRY_VERIFY_WITH_TIMEOUT(
            notice->isVisible() && notice->accessibleName().contains(QLatin1String("lost")), kPatienceMs);
        QVERIFY(button(QStringLiteral("What this account")) == nullptr);
        m_server->setConnected(true);
        QTRY_COMPARE_WITH_TIMEOUT(column(QStringLiteral("event")).size(), 2, kPatienceMs);
    }

    void deniedAdvisoriesAreSaidWithTheLineToAskFor()
    {
        open();
        ClusterReport denied = verdictReport(3, {});
        denied.problems = {"this account may not subscribe to $JS.EVENT.ADVISORY.CONSUMER.>",
                           "something else"};
        QSignalSpy reports(m_session, &LiveSession::reportChanged);
        m_server->monitor().setReport(denied);
        QVERIFY(!reports.isEmpty() || reports.wait(kPatienceMs));
        const auto said = [](const QLabel& label) {
            return label.isVisible() &&
                   label.text().remove(QChar(0x200b)).contains(QLatin1String("ADVISORY.CONSUMER"));
        };
        bool isSaid = false;
        for (const auto* label : m_page->findChildren<QLabel*>())
            isSaid = isSaid || said(*label);
        QVERIFY(isSaid);
        picture(*m_window, QStringLiteral("events-denied"));
    }

    void thePastComesFromTheHistory()
    {
        m_fakes->history.addMark(kServer, {.at = reportTime(-600),
                                           .kind = MarkKind::Verdict,
                                           .stream = "HIVE",
                                           .collector = "hive-queries",
                                           .word = "no-pulls",
                                           .detail = "it was so",
                                           .verdict = "stopped"});
        open();
        QTRY_COMPARE_WITH_TIMEOUT(column(QStringLiteral("event")), QStringList{QStringLiteral("No pulls")},
                                  kPatienceMs);
        QCOMPARE(m_feed->unseen(), 0);
        QTest::qWait(0);
        QVERIFY(m_notifier->told.empty());
    }

    void theLevelOfNoticesCanBeRead()
    {
        open();
        const auto* box = m_page->findChild<PickBox*>();
        for (int entry = 0; entry < box->count(); ++entry)
            QVERIFY(box->width() > box->fontMetrics().horizontalAdvance(box->itemText(entry)) + 20);
    }

    void aMarkOfAPlotLeadsToItsEvent()
    {
        open();
        trouble();
        m_page->openLink({.page = PageId::Events, .collector = ConsumerName{"SPARK", "spark-jobs"}});
        table().setCurrentIndex(table().model()->index(0, 0)); // somebody has looked at another one
        HistoryMark mark{.at = m_session->report()->at,
                         .kind = MarkKind::Verdict,
                         .stream = "HIVE",
                         .collector = "hive-queries"};
        m_page->openLink({.page = PageId::Events, .mark = mark});
        QVERIFY(table().currentSourceRow() >= 0); // nothing is filtered any more
        QCOMPARE(model().record(table().currentSourceRow()).event.collector, std::string("hive-queries"));
        m_feed->setMuted({"SPARK", "spark-jobs"}, true); // shown anew, it stays chosen
        QCOMPARE(model().record(table().currentSourceRow()).event.collector, std::string("hive-queries"));
        // Another kind at that moment, and one of long ago, are no events of this list.
        QSignalSpy done(m_page, &Page::done);
        mark.kind = MarkKind::Leader;
        m_page->openLink({.page = PageId::Events, .mark = mark});
        mark.kind = MarkKind::Verdict;
        mark.at -= std::chrono::hours(1);
        m_page->openLink({.page = PageId::Events, .mark = mark});
        QCOMPARE(done.count(), 2);
        QVERIFY(done.last().first().toString().contains(QStringLiteral("no longer in the list")));
    }

    void aLinkFiltersByItsCollector()
    {
        open();
        trouble();
        m_page->openLink({.page = PageId::Events, .collector = ConsumerName{"SPARK", "spark-jobs"}});
        QCOMPARE(column(QStringLiteral("event")), QStringList{QStringLiteral("Slow")});
    }
};

QTEST_MAIN(TestEventsPage)
#include "tst_events_page.moc"
