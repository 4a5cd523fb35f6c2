// SPDX-License-Identifier: Apache-2.0
// One choice for all pages, and muting from wherever a collector is looked at: Overview and Diagnosis in one
// window, as hands use them.
#include "tests/ui/event_scenes.h"
#include "tests/ui/ui_test.h"
#include "ui/bridge/event_feed.h"
#include "ui/models/collector_model.h"
#include "ui/pages/diagnosis/diagnosis_page.h"
#include "ui/pages/overview/overview_page.h"
#include "ui/widgets/diagnosis_panel.h"
#include "ui/widgets/muted_sign.h"
#include "ui/widgets/pick_box.h"
#include "ui/widgets/record_table.h"
#include "ui/window/main_window.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QTimer>

using namespace jetlag;
using namespace jetlag::test;
using namespace jetlag::ui;

namespace {

const ConsumerName kHive{"HIVE", "hive-queries"};
const ConsumerName kJobs{"SPARK", "spark-jobs"};
using Verdicts = std::vector<std::pair<const char*, const char*>>;
const std::pair<const char*, const char*> kWell{"keeping-up", "none"};
const std::pair<const char*, const char*> kStopped{"stopped", "no-pulls"};
const std::pair<const char*, const char*> kSlow{"slow", "slow"};

} // namespace

class TestCollectorChoice : public UiTest
{
    Q_OBJECT

private:
    std::unique_ptr<EventFeed> m_feed;
    std::shared_ptr<FakeServerLink> m_server;

    void open(const Verdicts& verdicts)
    {
        m_server = m_fakes->connections.addServer(kServer, verdictReport(1, verdicts));
        m_feed = std::make_unique<EventFeed>(*m_session, std::make_unique<FakeNotifier>());
        m_window = std::make_unique<MainWindow>(*m_sessions);
        m_window->setPages(
            {{PageId::Overview,
              [this](LiveSession& session) { return new OverviewPage(session, m_feed.get()); }},
             {PageId::Diagnosis,
              [this](LiveSession& session) { return new DiagnosisPage(session, m_feed.get()); }}},
            {});
        m_window->resize(1440, 900);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get(), kPatienceMs));
        m_window->showPage(PageId::Overview);
        openServer();
        QTRY_VERIFY_WITH_TIMEOUT(m_session->report() && m_session->state() == LiveSession::State::Connected,
                                 kPatienceMs);
    }
    void report(int second, const Verdicts& verdicts)
    {
        QSignalSpy reports(m_session, &LiveSession::reportChanged);
        m_server->monitor().setReport(verdictReport(second, verdicts));
        QVERIFY(!reports.isEmpty() || reports.wait(kPatienceMs));
    }
    [[nodiscard]] Page& page(PageId id) const { return *m_window->page(id); }
    [[nodiscard]] RecordTable& table() const
    {
        for (auto* one : page(PageId::Overview).findChildren<RecordTable*>()) {
            if (one->accessibleName() == QLatin1String("Collectors"))
                return *one;
        }
        qFatal("no table");
    }
    [[nodiscard]] QModelIndex cell(int row, const char* column) const
    {
        const auto& model = *qobject_cast<CollectorModel*>(table().proxy().sourceModel());
        return table().proxy().index(row, model.columnOf(QLatin1String(column)));
    }
    [[nodiscard]] int rowOf(const char* name) const
    {
        for (int row = 0; row < table().proxy().rowCount(); ++row) {
            if (cell(row, "collector").data() == QLatin1String(name))
                return row;
        }
        return -1;
    }
    [[nodiscard]] QString chosenInOverview() const
    {
        return cell(table().currentIndex().row(), "collector").data().toString();
    }
    [[nodiscard]] QString chosenInDiagnosis() const
    {
        return page(PageId::Diagnosis).findChild<PickBox*>()->currentText();
    }
    void click(const char* name, Qt::KeyboardModifiers modifiers = {}) const
    {
        QTest::mouseClick(table().viewport(), Qt::LeftButton, modifiers,
                          table().visualRect(cell(rowOf(name), "collector")).center());
    }
    /// Takes the offer of a row's menu that begins so; false: there is none.
    [[nodiscard]] bool take(const char* name, const QString& words)
    {
        bool taken = false;
        QTimer::singleShot(0, this, [&] {
            auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
            if (menu == nullptr)
                return;
            for (QAction* action : menu->actions()) {
                if (!action->text().startsWith(words))
                    continue;
                taken = true;
                action->trigger();
            }
            menu->close();
        });
        const QPoint at = table().visualRect(cell(rowOf(name), "collector")).center();
        QContextMenuEvent event(QContextMenuEvent::Mouse, at, table().viewport()->mapToGlobal(at));
        QApplication::sendEvent(table().viewport(), &event);
        return taken;
    }
    [[nodiscard]] bool saysMuted(PageId id) const
    {
        for (const auto* sign : page(id).findChildren<MutedSign*>()) {
            if (sign->isVisible())
                return true;
        }
        return false;
    }
    [[nodiscard]] QPushButton* button(PageId id, const QString& words) const
    {
        for (auto* one : page(id).findChildren<QPushButton*>()) {
            if (one->isVisible() && one->text() == words)
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
    // At the first report nobody knows what is wrong with whom.
    void theWorstIsShownUntilSomebodyChooses()
    {
        open({});
        report(2, {kWell, kWell, kWell});
        report(20, {kWell, kSlow, kWell});
        QCOMPARE(chosenInOverview(), QStringLiteral("spark-jobs"));
        report(30, {kStopped, kSlow, kWell}); // it is read already, and worth it
        QCOMPARE(chosenInOverview(), QStringLiteral("spark-jobs"));
        report(40, {kStopped, kWell, kWell}); // that one is well again
        QCOMPARE(chosenInOverview(), QStringLiteral("hive-queries"));
        report(50, {kWell, kWell, kWell}); // nobody is worth more than another
        QCOMPARE(chosenInOverview(), QStringLiteral("hive-queries"));
        click("hive-queries"); // the row that is current already
        report(60, {kWell, kSlow, kWell});
        QCOMPARE(chosenInOverview(), QStringLiteral("hive-queries"));
    }

    void whatIsChosenOnOnePageIsShownOnTheOther()
    {
        open({kStopped, kWell, kWell});
        m_window->showPage(PageId::Diagnosis); // nobody has chosen
        QCOMPARE(chosenInDiagnosis(), QStringLiteral("HIVE › hive-queries"));
        report(2, {kWell, kSlow, kWell});
        QCOMPARE(chosenInDiagnosis(), QStringLiteral("HIVE › hive-queries")); // not under somebody's eyes
        m_window->showPage(PageId::Overview);
        m_window->showPage(PageId::Diagnosis);
        QCOMPARE(chosenInDiagnosis(), QStringLiteral("SPARK › spark-jobs")); // the worst by now
        m_window->showPage(PageId::Overview);
        click("spark-stages");
        m_window->showPage(PageId::Diagnosis);
        QCOMPARE(chosenInDiagnosis(), QStringLiteral("SPARK › spark-stages"));
        auto& choice = *page(PageId::Diagnosis).findChild<PickBox*>();
        emit choice.activated(0);
        m_window->showPage(PageId::Overview);
        QCOMPARE(chosenInOverview(), QStringLiteral("hive-queries"));
    }

    // Enter, a look, Esc: what somebody filtered for is still there.
    void theWayBackKeepsAFilterThatLetsItThrough()
    {
        open({kStopped, kSlow, kWell});
        auto& filter = *page(PageId::Overview).findChild<QLineEdit*>();
        filter.setText(QStringLiteral("stream:SPARK"));
        QTRY_COMPARE_WITH_TIMEOUT(table().proxy().rowCount(), 2, kPatienceMs);
        click("spark-stages");
        QTest::keyClick(&table(), Qt::Key_Return);
        QCOMPARE(m_window->currentPageId(), PageId::Diagnosis);
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Escape);
        QCOMPARE(m_window->currentPageId(), PageId::Overview);
        QCOMPARE(filter.text(), QStringLiteral("stream:SPARK"));
        QCOMPARE(chosenInOverview(), QStringLiteral("spark-stages"));
        // One that it hides is shown all the same.
        m_window->follow({.page = PageId::Overview, .collector = kHive});
        QCOMPARE(filter.text(), QString());
        QCOMPARE(chosenInOverview(), QStringLiteral("hive-queries"));
    }

    void aRowsMenuMutes()
    {
        open({kWell, kWell, kWell});
        report(60, {kStopped, kWell, kWell});
        QTRY_COMPARE_WITH_TIMEOUT(m_feed->unseen(), 1, kPatienceMs);
        click("hive-queries");
        QVERIFY(!saysMuted(PageId::Overview));
        QVERIFY(take("hive-queries", QStringLiteral("Mute hive-queries")));
        QVERIFY(m_feed->isMuted(kHive) && !m_feed->isMuted(kJobs));
        QCOMPARE(m_feed->unseen(), 0);
        QVERIFY(saysMuted(PageId::Overview)); // beside its verdict, and in its row
        QVERIFY(cell(rowOf("hive-queries"), "collector").data(CollectorModel::MutedRole).toBool());
        QVERIFY(!cell(rowOf("hive-queries"), "stream").data(CollectorModel::MutedRole).toBool());
        QVERIFY(!cell(rowOf("spark-jobs"), "collector").data(CollectorModel::MutedRole).toBool());
        QVERIFY(cell(rowOf("hive-queries"), "collector")
                    .data(Qt::ToolTipRole)
                    .toString()
                    .contains(QStringLiteral("muted")));
        picture(*m_window, QStringLiteral("overview-muted"));
        QCOMPARE(table().proxy().setFilter(QStringLiteral("notices:muted")), QString());
        QCOMPARE(table().proxy().rowCount(), 1);
        (void)table().proxy().setFilter({});
        report(61, {kStopped, kWell, kWell}); // a report takes nothing away
        QVERIFY(cell(rowOf("hive-queries"), "collector").data(CollectorModel::MutedRole).toBool());
        QVERIFY(take("hive-queries", QStringLiteral("Unmute hive-queries")));
        QVERIFY(!m_feed->isMuted(kHive) && !saysMuted(PageId::Overview));
    }

    void severalRowsAreMutedAtOnce()
    {
        open({kStopped, kSlow, kWell});
        m_feed->setMuted(kJobs, true);
        click("hive-queries");
        click("spark-stages", Qt::ControlModifier);
        click("spark-jobs", Qt::ControlModifier);
        QCOMPARE(table().selectionModel()->selectedRows().size(), 3);
        click("spark-stages", Qt::ControlModifier); // that one not, after all
        report(2, {kStopped, kSlow, kWell});
        QCOMPARE(table().selectionModel()->selectedRows().size(), 2);
        QVERIFY(take("hive-queries", QStringLiteral("Mute 2 collectors"))); // one of them is already
        QVERIFY(m_feed->isMuted(kHive) && m_feed->isMuted(kJobs));
        QVERIFY(take("hive-queries", QStringLiteral("Unmute 2 collectors")));
        QCOMPARE(m_feed->mutedCount(), 0);
    }

    void diagnosisMutesAndSaysSo()
    {
        open({kStopped, kWell, kWell});
        m_window->showPage(PageId::Diagnosis);
        QVERIFY(!saysMuted(PageId::Diagnosis));
        // Nothing is known of why, and nothing is said.
        QVERIFY(page(PageId::Diagnosis).findChild<DiagnosisPanel*>()->isHidden());
        button(PageId::Diagnosis, QStringLiteral("Mute"))->click();
        QVERIFY(m_feed->isMuted(kHive) && saysMuted(PageId::Diagnosis));
        picture(*m_window, QStringLiteral("diagnosis-muted"));
        auto& choice = *page(PageId::Diagnosis).findChild<PickBox*>();
        emit choice.activated(1); // of this one somebody is called
        QVERIFY(!saysMuted(PageId::Diagnosis) &&
                button(PageId::Diagnosis, QStringLiteral("Mute")) != nullptr);
        emit choice.activated(0);
        button(PageId::Diagnosis, QStringLiteral("Unmute"))->click();
        QVERIFY(!m_feed->isMuted(kHive) && !saysMuted(PageId::Diagnosis));
        m_feed->setMuted(kHive, true); // on the page Events
        QVERIFY(saysMuted(PageId::Diagnosis));
    }
};

QTEST_MAIN(TestCollectorChoice)
#include "tst_collector_choice.moc"
