// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fake_services.h"
#include "ui/bridge/live_session.h"
#include "ui/models/collector_model.h"
#include "ui/models/stream_model.h"
#include "ui/pages/overview/overview_page.h"
#include "ui/pages/overview/selection_panel.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/record_table.h"

#include <QAbstractButton>
#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QHeaderView>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QRegularExpression>
#include <QScrollBar>
#include <QSettings>
#include <QSignalSpy>
#include <QTabBar>
#include <QTemporaryDir>
#include <QTest>
#include <QThreadPool>
#include <QTimer>

#include <algorithm>
#include <memory>
#include <optional>

using namespace jetlag;
using namespace jetlag::test;
using namespace jetlag::ui;

namespace {

constexpr auto kServer = "nats://fake:4222";
constexpr int kPatienceMs = 20'000;
constexpr QChar kThin(0x202f);

/// The page on a server that says what the test wants.
class Overview final
{
public:
    explicit Overview(QSize size = {1356, 830})
        : session(fakes.services())
        , page(std::make_unique<OverviewPage>(session))
    {
        QObject::connect(page.get(), &Page::linkFollowed, page.get(),
                         [this](const PageLink& followed) { link = followed; });
        page->resize(size);
        page->show();
    }
    ~Overview()
    {
        page.reset();
        session.close();
        QThreadPool::globalInstance()->waitForDone(); // it lets go of what the fakes handed out
    }

    void connectTo(std::optional<ClusterReport> report)
    {
        server = fakes.connections.addServer(kServer, std::move(report));
        session.open({.context = std::nullopt, .server = kServer});
    }
    /// As connectTo(), and everything has arrived.
    [[nodiscard]] bool showing(const ClusterReport& report)
    {
        connectTo(report);
        return QTest::qWaitFor([&] { return session.report() != nullptr; }, kPatienceMs);
    }
    [[nodiscard]] bool next(const ClusterReport& report)
    {
        server->monitor().setReport(report);
        return QTest::qWaitFor([&] { return session.report()->at == report.at; }, kPatienceMs);
    }

    [[nodiscard]] RecordTable& table(const char* name = "Collectors") const
    {
        for (RecordTable* one : page->findChildren<RecordTable*>()) {
            if (one->accessibleName() == QLatin1String(name))
                return *one;
        }
        qFatal("no table %s", name);
    }
    [[nodiscard]] QLineEdit& filter() const { return *page->findChild<QLineEdit*>(); }
    [[nodiscard]] QModelIndex cell(int row, const char* column) const
    {
        const auto& model = *qobject_cast<CollectorModel*>(table().proxy().sourceModel());
        return table().proxy().index(row, model.columnOf(QLatin1String(column)));
    }
    [[nodiscard]] QStringList names() const
    {
        QStringList names;
        for (int row = 0; row < table().proxy().rowCount(); ++row)
            names << cell(row, "collector").data().toString();
        return names;
    }
    /// Every word that can be seen, one label or button a line.
    [[nodiscard]] QString words() const
    {
        QStringList texts;
        for (const QLabel* label : page->findChildren<QLabel*>()) {
            if (label->isVisible())
                texts << label->text();
        }
        for (const QAbstractButton* button : page->findChildren<QAbstractButton*>()) {
            if (button->isVisible())
                texts << button->text();
        }
        return texts.join(QLatin1Char('\n'));
    }
    [[nodiscard]] bool says(const QString& text) const { return words().contains(text); }
    [[nodiscard]] bool comesToSay(const QString& text) const
    {
        return QTest::qWaitFor([&] { return says(text); }, kPatienceMs);
    }
    /// The visible button whose words begin so; null when there is none.
    [[nodiscard]] QAbstractButton* button(const QString& begins) const
    {
        QCoreApplication::processEvents(); // new ones are shown with the next turn
        for (QAbstractButton* button : page->findChildren<QAbstractButton*>()) {
            if (button->isVisible() && button->text().startsWith(begins))
                return button;
        }
        return nullptr;
    }
    /// Of the panel's "Copy …".
    void copy(const QString& what) const
    {
        auto* menu = qobject_cast<QPushButton*>(button(QStringLiteral("Copy …")))->menu();
        for (QAction* action : menu->actions()) {
            if (action->text() == what)
                return action->trigger();
        }
        QFAIL(qPrintable(what));
    }
    void pointAt(QWidget& widget) const
    {
        QEnterEvent enter(QPointF(5, 5), QPointF(5, 5), QPointF(5, 5));
        QApplication::sendEvent(&widget, &enter);
    }
    void pointAway(QWidget& widget) const
    {
        QEvent leave(QEvent::Leave);
        QApplication::sendEvent(&widget, &leave);
    }

    FakeServices fakes;
    LiveSession session;
    std::shared_ptr<FakeServerLink> server;
    std::unique_ptr<OverviewPage> page;
    std::optional<PageLink> link;
};

/// Three collectors whose order by lag is c, b, a.
ClusterReport threeCollectors()
{
    ClusterReport report;
    report.at = kReportTime;
    report.server = "n1";
    report.streams = {streamRow("HDFS", 500), streamRow("SPARK", 1000)};
    report.collectors = {collectorRow(report.streams[1], "c", 300), collectorRow(report.streams[1], "b", 20),
                         collectorRow(report.streams[0], "a", 10)};
    return report;
}

ClusterReport withLag(ClusterReport report, const std::string& name, std::uint64_t lag)
{
    for (CollectorReport& row : report.collectors) {
        if (row.consumer.name == name)
            row = collectorRow(streamRow(row.consumer.stream, 1000), name, lag);
    }
    return report;
}

ClusterReport secondsLater(ClusterReport report, int seconds)
{
    report.at += std::chrono::seconds(seconds);
    return report;
}

} // namespace

class TestOverview final : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void standsBeforeAnythingIsKnown();
    void saysThatItConnects();
    void rowsTotalsAndTheWorstFirst();
    void refreshKeepsSelectionAndScroll();
    void nothingMovesUnderThePointer();
    void aTableThatShrinksFromUnderThePointerGoesOn();
    void worseVerdictsComeBeforeMoreLag();
    void deletedWhileSelected();
    void filterAndEsc();
    void aBadFilterSaysSoAndClearsNothing();
    void hiddenStreamsByASwitch();
    void emptyAccountOffersWhatIsHidden();
    void deniedSaysWhy();
    void whatCannotBeSeenIsSaidOnce();
    void aLostConnectionShowsWhatWas();
    void theMenuOfARowLeadsOn();
    void whatToAskForIsCopied();
    void connectionLost();
    void enterDiagnosesAndTheButtonReplaysFromTheAckFloor();
    void replayNeverStartsBeforeTheStream();
    void ephemeralsGiveTheirFilterNotTheirName();
    void copies();
    void thePanelSaysWhyAndWhatToTry();
    void totalsNameTheOldestAndWhoIsAtRisk();
    void commandsAreQuoted();
    void columnsThatDoNotFitAreHiddenAndCounted();
    void layoutIsRemembered();
    void aLayoutOfBeforeKeepsItsColumns();
    void csvIsWhatIsShown();
    void streams();
    void theStreamsTabIsAboutStreams();
    void troubleOfAStreamItselfIsTold();
    void narrowWindow();
    void theStripBelowTheTableStandsStill();
    void hostileNamesEverywhere();
    void manyCollectorsStandInGroups();
    void aPointerThatLiesThereHoldsNothing();
    void aThousandCollectors();
    void aReportCostsOneKeyARow_data();
    void aReportCostsOneKeyARow();
    void aPageThatNobodySeesTakesNoRows();
    void aPageOfAConnectionThatHasAnsweredHasItsRows();

private:
    QTemporaryDir m_settings;
};

void TestOverview::initTestCase()
{
    QCoreApplication::setOrganizationName(QStringLiteral("jetlag"));
    QCoreApplication::setApplicationName(QStringLiteral("tst_overview"));
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_settings.path());
    Theme::instance().install(ThemeMode::Dark);
}

void TestOverview::init()
{
    QSettings().clear();
    // The platform without a display says so of every window.
    QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
}

void TestOverview::standsBeforeAnythingIsKnown()
{
    const Overview overview;
    QVERIFY(overview.says(QStringLiteral("Not connected")));
    for (const char* figure : {"published", "acked", "unprocessed"})
        QVERIFY2(overview.says(QLatin1String(figure)), figure);
    QVERIFY(overview.words().count(QStringLiteral("–")) >= 3);
    QVERIFY(overview.button(QStringLiteral("Start the demo")) != nullptr);
}

void TestOverview::saysThatItConnects()
{
    Overview overview;
    overview.fakes.connections.addServer(kServer);
    overview.fakes.connections.stall(kServer);
    overview.session.open({.context = std::nullopt, .server = kServer});
    QVERIFY(overview.comesToSay(QStringLiteral("Connecting")));
    QAbstractButton* cancel = overview.button(QStringLiteral("Cancel"));
    QVERIFY(cancel != nullptr);
    cancel->click();
    QVERIFY(overview.comesToSay(QStringLiteral("Not connected")));
    overview.button(QStringLiteral("Other connection"))->click();
    QVERIFY(overview.link && overview.link->page == PageId::Connections);
}

void TestOverview::rowsTotalsAndTheWorstFirst()
{
    Overview overview;
    QVERIFY(overview.showing(threeCollectors()));
    QCOMPARE(overview.names(), (QStringList{QStringLiteral("c"), QStringLiteral("b"), QStringLiteral("a")}));
    QVERIFY(overview.says(QStringLiteral("3 collectors in 2 streams")));
    QVERIFY(overview.says(QStringLiteral("330"))); // unprocessed by all
    QVERIFY(overview.says(QStringLiteral("2.00%1k/s").arg(kThin)));
    // The worst is chosen, with exact figures.
    QVERIFY(overview.says(QStringLiteral("SPARK › c")));
    QCOMPARE(overview.table().currentIndex().row(), 0);
}

void TestOverview::refreshKeepsSelectionAndScroll()
{
    QSettings().setValue(QStringLiteral("overview/grouped"), false);
    Overview overview;
    ClusterReport report = reportWith(300);
    QVERIFY(overview.showing(report));
    overview.table().setCurrentIndex(overview.table().proxy().index(150, 0));
    const QString chosen = overview.cell(150, "collector").data().toString();
    QTRY_VERIFY(overview.table().verticalScrollBar()->value() > 0);
    overview.table().verticalScrollBar()->setValue(1234);
    for (int turn = 0; turn < 3; ++turn) {
        report = later(std::move(report), std::chrono::seconds(1));
        QVERIFY(overview.next(report));
        QCOMPARE(overview.table().verticalScrollBar()->value(), 1234);
        const int row = overview.table().currentIndex().row();
        QCOMPARE(overview.cell(row, "collector").data().toString(), chosen);
        QCOMPARE(overview.table().selectionModel()->selectedRows().size(), 1);
        QVERIFY(overview.says(chosen));
    }
}

void TestOverview::nothingMovesUnderThePointer()
{
    Overview overview;
    const ClusterReport report = threeCollectors();
    QVERIFY(overview.showing(report));
    overview.pointAt(overview.table());
    QVERIFY(overview.next(secondsLater(withLag(report, "a", 400), 1)));
    QCOMPARE(overview.names(), (QStringList{QStringLiteral("c"), QStringLiteral("b"), QStringLiteral("a")}));
    QCOMPARE(overview.cell(2, "lag").data().toString(), QStringLiteral("400"));
    overview.pointAway(overview.table());
    QCOMPARE(overview.names(), (QStringList{QStringLiteral("a"), QStringLiteral("c"), QStringLiteral("b")}));
}

void TestOverview::aTableThatShrinksFromUnderThePointerGoesOn()
{
    Overview overview;
    const ClusterReport report = threeCollectors();
    QVERIFY(overview.showing(report));
    QCursor::setPos(overview.page->mapToGlobal(QPoint(5, 5)));
    overview.pointAt(overview.table());
    overview.table().resize(overview.table().width(), overview.table().height() / 2); // no leave event comes
    QVERIFY(overview.next(secondsLater(withLag(report, "a", 400), 1)));
    QCOMPARE(overview.names(), (QStringList{QStringLiteral("a"), QStringLiteral("c"), QStringLiteral("b")}));
}

void TestOverview::worseVerdictsComeBeforeMoreLag()
{
    Overview overview;
    ClusterReport report = threeCollectors();
    for (CollectorReport& row : report.collectors) {
        row.verdict = "keeping-up";
        row.cause = "none";
    }
    QVERIFY(overview.showing(report));
    QCOMPARE(overview.names(), (QStringList{QStringLiteral("c"), QStringLiteral("b"), QStringLiteral("a")}));
    const auto becomes = [&report](const char* name, const char* verdict, const char* cause) {
        for (CollectorReport& row : report.collectors) {
            if (row.consumer.name == name) {
                row.verdict = verdict;
                row.cause = cause;
            }
        }
    };
    becomes("a", "stopped", "no-pulls");
    QVERIFY(overview.next(secondsLater(report, 1)));
    QCOMPARE(overview.names(), (QStringList{QStringLiteral("a"), QStringLiteral("c"), QStringLiteral("b")}));
    QCOMPARE(overview.cell(0, "verdict").data().toString(), QStringLiteral("stopped · no pulls"));
    becomes("b", "lost", "lost");
    QVERIFY(overview.next(secondsLater(report, 2)));
    QCOMPARE(overview.names(), (QStringList{QStringLiteral("b"), QStringLiteral("a"), QStringLiteral("c")}));
}

void TestOverview::deletedWhileSelected()
{
    Overview overview;
    ClusterReport report = threeCollectors();
    QVERIFY(overview.showing(report));
    QVERIFY(overview.says(QStringLiteral("SPARK › c")));
    report.streams.pop_back();
    report.collectors.erase(report.collectors.begin(), report.collectors.begin() + 2);
    QVERIFY(overview.next(secondsLater(report, 1)));
    QCOMPARE(overview.names(), QStringList{QStringLiteral("a")});
    // Nobody is led to believe that the next row is the one that was chosen.
    QVERIFY2(!overview.says(QStringLiteral("HDFS › a")), qPrintable(overview.words()));
    QVERIFY(overview.says(QStringLiteral("SPARK › c")));
    QVERIFY(overview.says(QStringLiteral("no longer there")));
    QVERIFY(overview.button(QStringLiteral("Replay from")) == nullptr);
    // It comes back, and is the chosen one again.
    QVERIFY(overview.next(secondsLater(threeCollectors(), 2)));
    QVERIFY(!overview.says(QStringLiteral("no longer there")));
    QCOMPARE(overview.cell(overview.table().currentIndex().row(), "collector").data().toString(),
             QStringLiteral("c"));
}

void TestOverview::filterAndEsc()
{
    Overview overview;
    QVERIFY(overview.showing(threeCollectors()));
    QVERIFY(overview.page->focusFilter());
    QTest::keyClicks(&overview.filter(), QStringLiteral("lag>15 stream:spark"));
    QCOMPARE(overview.names(), (QStringList{QStringLiteral("c"), QStringLiteral("b")}));
    QVERIFY(overview.says(QStringLiteral("2 of 3 collectors")));
    // Rows enter and leave it with their values.
    QVERIFY(overview.next(secondsLater(withLag(threeCollectors(), "b", 5), 1)));
    QCOMPARE(overview.names(), QStringList{QStringLiteral("c")});
    QVERIFY(overview.page->goBack());
    QCOMPARE(overview.table().proxy().rowCount(), 3);
    QVERIFY(!overview.page->goBack());
}

void TestOverview::aBadFilterSaysSoAndClearsNothing()
{
    Overview overview;
    QVERIFY(overview.showing(threeCollectors()));
    overview.filter().setText(QStringLiteral("lag>many"));
    QVERIFY(overview.says(QStringLiteral("\"lag>many\" needs a number")));
    QCOMPARE(overview.table().proxy().rowCount(), 3);
    // And it goes on saying so: the next report comes a second later.
    QVERIFY(overview.next(secondsLater(threeCollectors(), 1)));
    QVERIFY(overview.says(QStringLiteral("\"lag>many\" needs a number")));
    overview.filter().setText(QStringLiteral("lag>100"));
    QVERIFY(!overview.says(QStringLiteral("needs a number")));
    QCOMPARE(overview.table().proxy().rowCount(), 1);
}

void TestOverview::hiddenStreamsByASwitch()
{
    Overview overview;
    ClusterReport report = threeCollectors();
    report.hiddenStreams = 4;
    report.hiddenConsumers = 2;
    QVERIFY(overview.showing(report));
    QAbstractButton* hidden = overview.button(QStringLiteral("6 hidden"));
    QVERIFY(hidden != nullptr);
    hidden->click();
    QVERIFY(overview.session.showsAll());
    QVERIFY(overview.server->monitor().requests().back().all);
    QVERIFY(hidden->isChecked());
    hidden->click();
    QVERIFY(!overview.server->monitor().requests().back().all);
}

void TestOverview::emptyAccountOffersWhatIsHidden()
{
    Overview overview;
    ClusterReport report;
    report.at = kReportTime;
    report.server = "n1";
    report.hiddenStreams = 6;
    QVERIFY(overview.showing(report));
    QVERIFY(overview.comesToSay(QStringLiteral("No streams")));
    QVERIFY(overview.says(QStringLiteral("6 system, KV and object streams are hidden")));
    QVERIFY(overview.button(QStringLiteral("Start the demo")) != nullptr);
    QVERIFY(overview.button(QStringLiteral("Show the 6 hidden")) != nullptr);
    overview.button(QStringLiteral("Show the 6 hidden"))->click();
    QVERIFY(overview.server->monitor().requests().back().all);
    // The switch in the tool row knows of it.
    QVERIFY(overview.next(secondsLater(threeCollectors(), 1)));
    QAbstractButton* all = overview.button(QStringLiteral("All are shown"));
    QVERIFY(all != nullptr && all->isChecked());
}

void TestOverview::deniedSaysWhy()
{
    Overview overview;
    overview.fakes.connections.addServer(kServer);
    overview.fakes.connections.deny(kServer);
    overview.session.open({.context = std::nullopt, .server = kServer});
    QVERIFY(overview.comesToSay(QStringLiteral("Could not connect")));
    QVERIFY2(overview.says(overview.session.lastError()), qPrintable(overview.words()));
    QVERIFY(overview.button(QStringLiteral("Other connection")) != nullptr);
}

void TestOverview::whatCannotBeSeenIsSaidOnce()
{
    Overview overview;
    ClusterReport report = threeCollectors();
    report.problems = {"The consumers of AUDIT cannot be listed: no permission."};
    const QString sentence = QStringLiteral("The consumers of AUDIT cannot be listed: no permission.");
    QVERIFY(overview.showing(report));
    QVERIFY(overview.comesToSay(sentence));
    QCOMPARE(overview.table().proxy().rowCount(), 3);
    overview.button(QStringLiteral("Hide"))->click();
    QVERIFY(!overview.says(sentence));
    QVERIFY(overview.next(secondsLater(report, 1)));
    QVERIFY(!overview.says(sentence));
    report.problems.push_back("The streams of domain HUB cannot be listed.");
    QVERIFY(overview.next(secondsLater(report, 2)));
    QVERIFY(overview.says(QStringLiteral("domain HUB")));
}

namespace {

/// a, with least lag, was not asked for; unread messages of it will be deleted. All others keep up.
ClusterReport oneStopped()
{
    ClusterReport report = threeCollectors();
    for (CollectorReport& row : report.collectors) {
        const bool isStopped = row.consumer.name == "a";
        auto diagnosis = std::make_shared<Diagnosis>();
        diagnosis->cause = isStopped ? Cause::NoPulls : Cause::None;
        diagnosis->at = report.at;
        diagnosis->sentence = isStopped ? "Nobody asks for messages." : "It keeps up.";
        row.verdict = std::string(diagnosis->verdict());
        row.cause = std::string(toString(*diagnosis->cause));
        row.diagnosis = std::move(diagnosis);
        if (isStopped) {
            row.runwaySeconds = 500;
            row.etaSeconds.reset();
        }
    }
    return report;
}

} // namespace

// The last sample is all there is: it stays, grey and in its order, and only the runway goes on.
void TestOverview::aLostConnectionShowsWhatWas()
{
    Overview overview;
    QVERIFY(overview.showing(oneStopped()));
    QVERIFY(overview.says(QStringLiteral("1 at risk")));
    const QStringList before = overview.names();
    QCOMPARE(before.front(), QStringLiteral("a"));
    const auto value = [&](const char* column) { return overview.cell(0, column).data().toString(); };
    const auto ink = [&](const char* column) {
        return overview.cell(0, column).data(Qt::ForegroundRole).value<QColor>();
    };
    const QString acked = value("acked_rate");
    overview.fakes.connections.kill(kServer);
    overview.server->setNextTry(
        NextTry{.number = 9, .comesAt = std::chrono::steady_clock::now() + std::chrono::hours(2)});
    overview.server->monitor().failLook("no answer");
    QVERIFY(overview.comesToSay(QStringLiteral("attempt 9.")));
    QVERIFY(overview.says(QStringLiteral("Trying again in 1%1h 59%1m").arg(kThin)) ||
            overview.says(QStringLiteral("Trying again in 2%1h").arg(kThin)));
    QTRY_COMPARE(value("verdict"), QStringLiteral("was no pulls"));
    QCOMPARE(overview.names(), before);
    QCOMPARE(overview.cell(1, "verdict").data().toString(), QStringLiteral("was keeping up"));
    QVERIFY(ink("verdict") == colors().secondary);
    QCOMPARE(value("acked_rate"), acked);
    QVERIFY(ink("acked_rate") == colors().secondary);
    QTRY_VERIFY_WITH_TIMEOUT(overview.cell(0, "runway").data(SortRole).toDouble() < 500, kPatienceMs);
    QVERIFY(value("runway").endsWith(QLatin1Char('?')));
    QVERIFY(ink("runway") == colors().bad);
    QVERIFY(overview.says(QStringLiteral("1 at risk")));
    QVERIFY(overview.says(QStringLiteral("deletion in ")));
    QVERIFY(overview.says(rate(2000.0)) && overview.says(QStringLiteral("published, "))); // of both streams
    QVERIFY(overview.says(QStringLiteral("Nobody asks for messages.")));                  // as of then
    QVERIFY(overview.says(QStringLiteral("As of ")));
    overview.button(QStringLiteral("Try now"))->click();
    QCOMPARE(overview.server->hurried.load(), 1);
    overview.fakes.connections.revive(kServer);
    QVERIFY(overview.next(secondsLater(oneStopped(), 5)));
    QTRY_VERIFY(!overview.says(QStringLiteral("lost at")));
    QCOMPARE(value("verdict"), QStringLiteral("stopped · no pulls"));
    QVERIFY(!overview.says(QStringLiteral("published, ")) && !overview.says(QStringLiteral("As of ")));
}

void TestOverview::theMenuOfARowLeadsOn()
{
    Overview overview;
    ClusterReport report = oneStopped();
    report.collectors[0].diagnosis.reset(); // of c nothing is known yet
    QVERIFY(overview.showing(report));
    const auto menuOf = [&](int row, const QString& press) {
        QStringList words;
        overview.table().setCurrentIndex(overview.table().proxy().index(row, 0));
        QTimer::singleShot(0, overview.page.get(), [&] {
            auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
            for (QAction* action : menu->actions()) {
                words << action->text();
                if (action->text() == press)
                    action->trigger();
            }
            menu->close();
        });
        const QPoint at = overview.table().visualRect(overview.table().proxy().index(row, 0)).center();
        QContextMenuEvent event(QContextMenuEvent::Mouse, at, overview.table().viewport()->mapToGlobal(at));
        QApplication::sendEvent(overview.table().viewport(), &event);
        return words;
    };
    const int stopped = static_cast<int>(overview.names().indexOf(QStringLiteral("a")));
    const QString markdown = QStringLiteral("Copy diagnosis as Markdown");
    QVERIFY(menuOf(stopped, markdown).contains(markdown));
    QVERIFY(QApplication::clipboard()->text().contains(QStringLiteral("Nobody asks for messages.")));
    (void)menuOf(stopped, QStringLiteral("Messages here"));
    QVERIFY(overview.link && overview.link->page == PageId::Messages);
    QVERIFY(overview.link->collector == (ConsumerName{"HDFS", "a"}));
    QVERIFY(!menuOf(static_cast<int>(overview.names().indexOf(QStringLiteral("c"))), {}).contains(markdown));
}

// One line for the administrator, whatever the number of streams.
void TestOverview::whatToAskForIsCopied()
{
    Overview overview;
    ClusterReport report = threeCollectors();
    report.problems = {"This account may not read messages of HDFS and SPARK: time lag there may be ?."};
    report.missingPermissions = {"$JS.API.STREAM.MSG.GET.HDFS", "$JS.API.STREAM.MSG.GET.SPARK"};
    QVERIFY(overview.showing(report));
    QVERIFY(overview.comesToSay(QStringLiteral("HDFS and SPARK")));
    overview.button(QStringLiteral("Copy line"))->click();
    QCOMPARE(QApplication::clipboard()->text(),
             QStringLiteral(
                 R"(publish: { allow: ["$JS.API.STREAM.MSG.GET.HDFS", "$JS.API.STREAM.MSG.GET.SPARK"] })"));
    overview.button(QStringLiteral("What this account may see"))->click();
    QVERIFY(overview.link && overview.link->page == PageId::Connections && overview.link->account);
    report.missingPermissions.clear(); // of this nothing can be granted
    QVERIFY(overview.next(secondsLater(report, 1)));
    QVERIFY(overview.says(QStringLiteral("HDFS and SPARK")));
    QVERIFY(overview.button(QStringLiteral("Copy line")) == nullptr);
}

void TestOverview::connectionLost()
{
    Overview overview;
    QVERIFY(overview.showing(threeCollectors()));
    overview.fakes.connections.kill(kServer);
    overview.server->monitor().failLook("no answer");
    QVERIFY(overview.comesToSay(QStringLiteral("lost at")));
    // The last values stay, grey.
    QCOMPARE(overview.table().proxy().rowCount(), 3);
    QTRY_VERIFY(overview.cell(0, "lag").data(StaleRole).toBool());
    QVERIFY(overview.cell(0, "lag").data(Qt::ForegroundRole).value<QColor>() == colors().secondary);
    QVERIFY(!overview.table().isColumnHidden(overview.cell(0, "age").column()));
    QTRY_VERIFY_WITH_TIMEOUT(overview.cell(0, "age").data(SortRole).toDouble() > 0.5, kPatienceMs);
    const QRegularExpression age(QStringLiteral("These values are [1-9]\\d*%1s old").arg(kThin));
    QTRY_VERIFY_WITH_TIMEOUT(overview.words().contains(age), kPatienceMs);
    overview.fakes.connections.revive(kServer);
    QVERIFY(overview.next(secondsLater(threeCollectors(), 5)));
    QTRY_VERIFY(!overview.says(QStringLiteral("lost at")));
    QVERIFY(!overview.cell(0, "lag").data(StaleRole).toBool());
    QVERIFY(overview.table().isColumnHidden(overview.cell(0, "age").column()));
}

void TestOverview::enterDiagnosesAndTheButtonReplaysFromTheAckFloor()
{
    Overview overview;
    QVERIFY(overview.showing(threeCollectors()));
    // c has 300 of 1,000 to go, 30 of them delivered: acked up to 700.
    QVERIFY(overview.button(QStringLiteral("Replay from 701")) != nullptr);
    overview.table().setFocus();
    QTest::keyClick(&overview.table(), Qt::Key_Return); // first why, then the events
    QVERIFY(overview.link && overview.link->page == PageId::Diagnosis);
    QVERIFY(overview.link->collector == (ConsumerName{"SPARK", "c"}));
    overview.button(QStringLiteral("Replay from 701"))->click();
    QVERIFY(overview.link && overview.link->page == PageId::Replay && overview.link->replay);
    const ReplayRequest& request = *overview.link->replay;
    QVERIFY(request.range.from == std::optional<Position>(StreamSequence(701)));
    QVERIFY(!request.range.to);
    const auto& source = std::get<StreamReplaySource>(request.source);
    QVERIFY(source.server == overview.session.link());
    QVERIFY(source.stream == "SPARK");
    QVERIFY(source.likeDurable == std::optional<std::string>("c"));
}

void TestOverview::replayNeverStartsBeforeTheStream()
{
    Overview overview;
    ClusterReport report = threeCollectors();
    report.streams[1].stream.firstSequence = StreamSequence(900); // retention took what c has not read
    QVERIFY(overview.showing(report));
    overview.button(QStringLiteral("Replay from 900"))->click();
    QVERIFY(overview.link->replay->range.from == std::optional<Position>(StreamSequence(900)));
    report.streams[1].stream.firstSequence = StreamSequence(1); // it was put back, below where c stands
    report.streams[1].stream.lastSequence = StreamSequence(600);
    QVERIFY(overview.showing(report));
    QTRY_VERIFY(overview.button(QStringLiteral("Replay from 601")) != nullptr);
}

void TestOverview::ephemeralsGiveTheirFilterNotTheirName()
{
    Overview overview;
    ClusterReport report = threeCollectors();
    report.collectors[0].consumer.durable.clear();
    report.collectors[0].consumer.filters = {"spark.*.a", "spark.*.b"};
    QVERIFY(overview.showing(report));
    overview.button(QStringLiteral("Replay from"))->click();
    const ReplayRequest& request = *overview.link->replay;
    QVERIFY(!std::get<StreamReplaySource>(request.source).likeDurable);
    QVERIFY(request.filters == (std::vector<std::string>{"spark.*.a", "spark.*.b"}));
}

void TestOverview::copies()
{
    Overview overview;
    QVERIFY(overview.showing(threeCollectors()));
    overview.table().setFocus();
    QTest::keyClick(&overview.table(), Qt::Key_C, Qt::ControlModifier);
    const QStringList cells = QApplication::clipboard()->text().split(QLatin1Char('\t'));
    QVERIFY2(cells.contains(QStringLiteral("c")) && cells.contains(QStringLiteral("300")),
             qPrintable(QApplication::clipboard()->text()));
    overview.copy(QStringLiteral("Row as JSON"));
    const QJsonObject row = QJsonDocument::fromJson(QApplication::clipboard()->text().toUtf8()).object();
    QCOMPARE(row[QStringLiteral("collector")].toString(), QStringLiteral("c"));
    QCOMPARE(row[QStringLiteral("lag")].toInt(), 300);
    overview.copy(QStringLiteral("nats command"));
    QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("nats consumer info SPARK c"));
}

void TestOverview::thePanelSaysWhyAndWhatToTry()
{
    Overview overview;
    ClusterReport report = threeCollectors();
    auto diagnosis = std::make_shared<Diagnosis>();
    diagnosis->cause = Cause::NoPulls;
    diagnosis->since = kReportTime - std::chrono::seconds(372);
    diagnosis->at = kReportTime;
    diagnosis->sentence = "Nobody asks for messages.";
    for (int at = 0; at < 9; ++at)
        diagnosis->evidence.push_back(
            {.what = "number " + std::to_string(at), .value = at, .at = kReportTime});
    diagnosis->also = {Cause::LimitsNear};
    diagnosis->steps = {
        {"Look at the process.", "nats consumer info SPARK c"}, {"Win time.", ""}, {"More.", ""}};
    report.collectors[0].verdict = "stopped";
    report.collectors[0].cause = "no-pulls";
    report.collectors[0].diagnosis = diagnosis;
    QVERIFY(overview.showing(report));
    QVERIFY(overview.says(QStringLiteral("stopped · no pulls, since ")));
    QVERIFY(overview.says(QStringLiteral("(%1)").arg(duration(372.0))));
    QVERIFY(overview.says(QStringLiteral("Nobody asks for messages.")));
    QVERIFY(overview.says(QStringLiteral("Look at the process.")) &&
            overview.says(QStringLiteral("Win time.")));
    QVERIFY(overview.says(QStringLiteral("Also true: limits near")));
    // The most telling of it; the page Diagnosis has all.
    QVERIFY(overview.says(QStringLiteral("number 5")) && !overview.says(QStringLiteral("number 6")));
    QVERIFY(!overview.says(QStringLiteral("More.")));
    overview.copy(QStringLiteral("Diagnosis as Markdown"));
    QVERIFY(QApplication::clipboard()->text().contains(QStringLiteral("number 8")));
    overview.button(QStringLiteral("Messages here"))->click();
    QVERIFY(overview.link->page == PageId::Messages);
    QVERIFY(overview.link->message->sequence == StreamSequence(701));
    // One that nothing is known of has its figures.
    overview.table().setCurrentIndex(overview.table().proxy().index(1, 0));
    QVERIFY(!overview.says(QStringLiteral("number 0")) && overview.says(QStringLiteral("ack floor")));
    QVERIFY(!overview.says(QStringLiteral("Evidence")));
}

void TestOverview::totalsNameTheOldestAndWhoIsAtRisk()
{
    Overview overview;
    ClusterReport report = threeCollectors();
    for (CollectorReport& row : report.collectors) {
        row.timeLagSeconds.reset();
        row.verdict = "keeping-up";
    }
    report.collectors[2].verdict.reset();
    QVERIFY(overview.showing(report));
    QVERIFY(!overview.says(QStringLiteral("at risk"))); // of one nobody knows yet
    report.collectors[2].verdict = "lost";
    report.collectors[2].etaSeconds.reset();
    QVERIFY(overview.next(secondsLater(report, -1)));
    QVERIFY(overview.says(QStringLiteral("1 at risk"))); // it loses some already
    report.collectors[2].verdict = "keeping-up";
    QVERIFY(overview.next(secondsLater(report, 0)));
    QVERIFY(overview.says(QStringLiteral("none at risk")));
    CollectorReport& oldest = report.collectors[2]; // a
    oldest.timeLagSeconds = 4'920;
    CollectorReport& late = report.collectors[1]; // b
    late.timeLagSeconds = 12;
    late.runwaySeconds = 900;
    late.etaSeconds = 901;
    report.collectors[0].runwaySeconds = 900; // drains in time
    report.collectors[0].etaSeconds = 899;
    late.verdict = "slow";
    QVERIFY(overview.next(secondsLater(report, 1)));
    QVERIFY(overview.says(duration(4'920.0)));
    QVERIFY(overview.says(QStringLiteral("1 at risk")));
    const auto click = [&](const QString& words) {
        for (auto* box : overview.page->findChildren<QAbstractButton*>()) {
            if (box->focusPolicy() == Qt::TabFocus && box->accessibleName().contains(words))
                return box->click();
        }
        QFAIL(qPrintable(words));
    };
    click(QStringLiteral("oldest unprocessed"));
    QVERIFY(overview.says(QStringLiteral("HDFS › a")));
    click(QStringLiteral("at risk"));
    QVERIFY(overview.says(QStringLiteral("SPARK › b")));
    // Without an ETA: at risk where nothing shows that it will be through.
    report.collectors[1].etaSeconds.reset();
    report.collectors[0].etaSeconds.reset();
    QVERIFY(overview.next(secondsLater(report, 2)));
    QVERIFY(overview.says(QStringLiteral("1 at risk")));
    report.collectors[1].runwaySeconds.reset();
    QVERIFY(overview.next(secondsLater(report, 3)));
    QVERIFY(overview.says(QStringLiteral("none at risk")));
}

void TestOverview::commandsAreQuoted()
{
    Overview overview;
    ClusterReport report;
    report.at = kReportTime;
    report.streams = {streamRow("it's $(reboot)", 1000)};
    report.collectors = {collectorRow(report.streams[0], "-x;\u202e`ls`", 10)};
    QVERIFY(overview.showing(report));
    overview.copy(QStringLiteral("nats command"));
    // Exactly the server's names, and one word each for a shell.
    QCOMPARE(QApplication::clipboard()->text(),
             QStringLiteral("nats consumer info -- 'it'\\''s $(reboot)' '-x;\u202e`ls`'"));
}

void TestOverview::columnsThatDoNotFitAreHiddenAndCounted()
{
    Overview overview;
    QVERIFY(overview.showing(threeCollectors()));
    RecordTable& table = overview.table();
    // What is shown at first fits into 1440, but for what the panel beside it tells too.
    const auto isHidden = [&](const char* id) { return table.isColumnHidden(overview.cell(0, id).column()); };
    QCOMPARE(table.columnsWithoutRoom(), 2);
    QVERIFY(isHidden("in") && isHidden("ack_pending"));
    for (const char* wanted :
         {"verdict", "time_lag", "runway", "eta", "acked_rate", "redelivery_share", "offsets", "lagline"})
        QVERIFY2(!isHidden(wanted), wanted);
    overview.page->resize(1700, 830);
    QTRY_COMPARE(table.columnsWithoutRoom(), 0);
    QVERIFY(!isHidden("in") && !isHidden("ack_pending"));
    QVERIFY(isHidden("waiting")); // there to be chosen
    overview.page->resize(640, 600);
    QTRY_VERIFY(table.columnsWithoutRoom() > 0);
    QTRY_VERIFY(overview.says(QStringLiteral("Columns, %1 hidden").arg(table.columnsWithoutRoom())));
    QCOMPARE(table.horizontalScrollBar()->maximum(), 0);
    for (const char* never : {"stream", "collector", "lag"})
        QVERIFY2(!table.isColumnHidden(overview.cell(0, never).column()), never);
    // No header is cut either.
    for (int column = 0; column < table.model()->columnCount(); ++column) {
        if (!table.isColumnHidden(column))
            QVERIFY(table.columnWidth(column) >=
                    table.fontMetrics().horizontalAdvance(
                        table.model()->headerData(column, Qt::Horizontal).toString()));
    }
    overview.page->resize(1356, 830);
    QTRY_COMPARE(table.columnsWithoutRoom(), 2);
}

void TestOverview::layoutIsRemembered()
{
    {
        Overview overview;
        QVERIFY(overview.showing(threeCollectors()));
        RecordTable& table = overview.table();
        QMenu menu;
        table.fillColumnMenu(menu);
        for (QAction* action : menu.actions()) {
            if (action->text() == QStringLiteral("Acked /s"))
                action->trigger();
        }
        QVERIFY(table.isColumnHidden(overview.cell(0, "acked_rate").column()));
        table.horizontalHeader()->moveSection(2, 0); // the collector's name comes first
        table.sortByColumn(overview.cell(0, "collector").column(), Qt::AscendingOrder);
        overview.page->saveLayout();
    }
    Overview again;
    QVERIFY(again.showing(threeCollectors()));
    QCOMPARE(again.names(), (QStringList{QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c")}));
    QVERIFY(again.table().isColumnHidden(again.cell(0, "acked_rate").column()));
    QCOMPARE(again.table().horizontalHeader()->visualIndex(again.cell(0, "collector").column()), 0);
}

void TestOverview::aLayoutOfBeforeKeepsItsColumns()
{
    const QString key = QStringLiteral("tables/collectors-2/chosen");
    QSettings().setValue(key, QStringList{QStringLiteral("verdict"), QStringLiteral("stream"),
                                          QStringLiteral("collector"), QStringLiteral("lag"),
                                          QStringLiteral("a_column_of_long_ago")});
    Overview overview;
    QVERIFY(overview.showing(threeCollectors()));
    overview.page->resize(1900, 830);
    RecordTable& table = overview.table();
    QTRY_COMPARE(table.columnsWithoutRoom(), 0);
    for (const char* id : {"in", "redelivery_share", "ack_pending", "eta", "offsets"})
        QVERIFY2(table.isColumnHidden(overview.cell(0, id).column()), id);
    QVERIFY(!table.isColumnHidden(overview.cell(0, "lag").column()));
    QSettings().remove(key);
}

void TestOverview::csvIsWhatIsShown()
{
    Overview overview;
    ClusterReport report = threeCollectors();
    report.collectors[0].ackedPerSecond.reset();
    QVERIFY(overview.showing(report));
    overview.filter().setText(QStringLiteral("stream:SPARK"));
    const QStringList lines = overview.table().toCsv().split(QStringLiteral("\r\n"), Qt::SkipEmptyParts);
    QCOMPARE(lines.size(), 3);
    const QStringList header = lines[0].split(QLatin1Char(','));
    const QStringList first = lines[1].split(QLatin1Char(','));
    QCOMPARE(first.size(), header.size());
    QCOMPARE(first[header.indexOf(QStringLiteral("collector"))], QStringLiteral("c"));
    QCOMPARE(first[header.indexOf(QStringLiteral("lag"))], QStringLiteral("300"));
    QCOMPARE(first[header.indexOf(QStringLiteral("acked_rate"))], QString()); // unknown is not 0
}

void TestOverview::streams()
{
    Overview overview;
    QVERIFY(overview.showing(threeCollectors()));
    overview.page->findChild<QTabBar*>()->setCurrentIndex(1);
    RecordTable& table = overview.table("Streams");
    QVERIFY(table.isVisible());
    QCOMPARE(table.proxy().rowCount(), 2);
    QVERIFY(overview.says(QStringLiteral("2 streams")));
    // A stream leads to its collectors.
    table.setFocus();
    for (int row = 0; row < 2; ++row) {
        if (table.proxy().index(row, 0).data().toString() == QStringLiteral("HDFS"))
            table.setCurrentIndex(table.proxy().index(row, 0));
    }
    QTest::keyClick(&table, Qt::Key_Return);
    QVERIFY(overview.table().isVisible());
    QCOMPARE(overview.names(), QStringList{QStringLiteral("a")});
}

// On the other tab the plot is of the stream; the collector's figures stand aside.
void TestOverview::theStreamsTabIsAboutStreams()
{
    Overview overview;
    ClusterReport report = reportWith(40);
    QVERIFY(overview.showing(report));
    auto* selection = overview.page->findChild<SelectionPanel*>();
    QVERIFY(selection->isVisible());
    overview.page->findChild<QTabBar*>()->setCurrentIndex(1);
    QVERIFY(!selection->isVisible());
    QVERIFY(overview.table("Streams").currentSourceRow() >= 0);
    for (int second = 0; second < 3; ++second) {
        report = later(std::move(report), std::chrono::seconds(1));
        QVERIFY(overview.next(report));
    }
    if (const QString folder = qEnvironmentVariable("JETLAG_PICTURES"); !folder.isEmpty())
        QVERIFY(overview.page->grab().save(folder + QStringLiteral("/overview-streams.png")));
    overview.page->findChild<QTabBar*>()->setCurrentIndex(0);
    QVERIFY(selection->isVisible());
}

void TestOverview::troubleOfAStreamItselfIsTold()
{
    Overview overview;
    ClusterReport report = threeCollectors();
    report.streams[1].findings = {{"source-behind", "its source EU lags 4 k messages"},
                                  {"refusing", "it is full and discards new messages"}};
    QVERIFY(overview.showing(report));
    auto* tabs = overview.page->findChild<QTabBar*>();
    QCOMPARE(tabs->tabText(1), QStringLiteral("Streams · 1 in trouble")); // seen from the collectors too
    QVERIFY(!overview.says(QStringLiteral("it is full")));
    tabs->setCurrentIndex(1);
    RecordTable& table = overview.table("Streams");
    auto* model = overview.page->findChild<StreamModel*>();
    const int column = model->columnOf(QStringLiteral("finding"));
    QCOMPARE(model->index(1, column).data().toString(), QStringLiteral("refusing and 1 more"));
    QCOMPARE(model->index(0, column).data().toString(), notApplicable());
    QVERIFY(model->index(1, column).data(Qt::ToolTipRole).toString().contains(QStringLiteral("source EU")));
    table.selectSourceRow(1);
    QVERIFY(overview.next(secondsLater(report, 1)));
    QVERIFY(overview.says(QStringLiteral("refusing: it is full and discards new messages")));
    report.streams[1].findings.clear();
    QVERIFY(overview.next(secondsLater(report, 2)));
    QCOMPARE(tabs->tabText(1), QStringLiteral("Streams"));
    QVERIFY(!overview.says(QStringLiteral("it is full")));
}

void TestOverview::narrowWindow()
{
    Overview overview({940, 630});
    QVERIFY(overview.showing(threeCollectors()));
    QVERIFY(overview.says(QStringLiteral("SPARK › c")));
    QVERIFY(overview.button(QStringLiteral("Replay from 701")) != nullptr);
    QCOMPARE(overview.table().horizontalScrollBar()->maximum(), 0);
}

// From row to row the strip below the table keeps its place, however long its sentence is; without it the
// table is no higher than its rows.
void TestOverview::theStripBelowTheTableStandsStill()
{
    Overview overview({1000, 630});
    ClusterReport report = threeCollectors();
    const auto say = [&report](std::size_t row, const QString& sentence) {
        auto diagnosis = std::make_shared<Diagnosis>();
        diagnosis->sentence = sentence.toStdString();
        report.collectors[row].diagnosis = diagnosis;
    };
    say(0, QStringLiteral("Short."));
    say(1, QStringLiteral("It works off 395/s of 834/s that come: the lag grows and never drains. ")
               .repeated(2));
    QVERIFY(overview.showing(report));
    const auto& strip = *overview.page->findChild<SelectionPanel*>();
    const auto topOf = [&](int row) {
        overview.table().setCurrentIndex(overview.table().proxy().index(row, 0));
        (void)overview.next(secondsLater(report, row + 1));
        QCoreApplication::processEvents();
        return strip.mapTo(overview.page.get(), QPoint()).y();
    };
    const int first = topOf(0);
    QVERIFY(first > 0);
    QCOMPARE(topOf(1), first);
    QCOMPARE(topOf(0), first);
    QCOMPARE(overview.table().verticalScrollBar()->maximum(), 0); // three rows always have room
    const int rows = overview.table().height();
    overview.page->findChild<QTabBar*>()->setCurrentIndex(1);
    QCoreApplication::processEvents();
    QVERIFY(strip.isHidden());
    QVERIFY2(overview.table("Streams").height() <= rows + 2,
             qPrintable(QString::number(overview.table("Streams").height())));
}

void TestOverview::hostileNamesEverywhere()
{
    Overview overview;
    QVERIFY(overview.showing(hostileReport()));
    for (int row = 0; row < overview.table().proxy().rowCount(); ++row) {
        overview.table().setCurrentIndex(overview.table().proxy().index(row, 0));
        const QString words = overview.words();
        QVERIFY(!words.contains(QChar(0x202e)) && !words.contains(QChar(0x1b)));
        QVERIFY(!overview.page->grab().isNull());
    }
    QVERIFY(overview.page->width() <= 1356); // no name makes the page wider
    overview.page->findChild<QTabBar*>()->setCurrentIndex(1);
    QVERIFY(!overview.page->grab().isNull());
    QVERIFY(!overview.table("Streams").toCsv().contains(QChar(0x202e)));
}

void TestOverview::manyCollectorsStandInGroups()
{
    Overview overview;
    ClusterReport report = reportWith(1000);
    report.collectors.front().verdict = "slow";
    QVERIFY(overview.showing(report));
    RecordTable& table = overview.table();
    QVERIFY(overview.button(QStringLiteral("Grouped")) != nullptr);
    QCOMPARE(table.rowHeight(0), Metrics::kCompactRowHeight);
    QVERIFY(table.proxy().rowCount() < 10);
    QCOMPARE(table.proxy().groups().front().rows.size(), std::size_t{1});
    QCOMPARE(table.currentIndex().row(), 1); // the worst is chosen
    // Keys: down to the next group, right opens it and goes into it, left goes up and folds it.
    QTest::keyClick(&table, Qt::Key_Down);
    QCOMPARE(table.currentIndex().row(), 2);
    const int folded = table.proxy().rowCount();
    QTest::keyClick(&table, Qt::Key_Right);
    QVERIFY(table.proxy().rowCount() > folded);
    QTest::keyClick(&table, Qt::Key_Right);
    QVERIFY(table.currentSourceRow() >= 0);
    QTest::keyClick(&table, Qt::Key_Left);
    QCOMPARE(table.currentSourceRow(), -1);
    QTest::keyClick(&table, Qt::Key_Left);
    QCOMPARE(table.proxy().rowCount(), folded);
    QTest::keyClick(&table, Qt::Key_Return);
    QVERIFY(table.proxy().rowCount() > folded);
    // Who stands on a group stays there, and the CSV has every collector.
    report = later(std::move(report), std::chrono::seconds(1));
    QVERIFY(overview.next(report));
    QCOMPARE(table.currentIndex().row(), 2);
    QCOMPARE(table.toCsv().count(QLatin1String("\r\n")), 1001);
    QVERIFY(!overview.page->grab().isNull());
    // What is open is remembered; one row below the other when somebody wants that.
    const int open = table.proxy().rowCount();
    Overview again;
    QVERIFY(again.showing(report));
    QCOMPARE(again.table().proxy().rowCount(), open);
    again.button(QStringLiteral("Grouped"))->click();
    QCOMPARE(again.table().proxy().rowCount(), 1000);
}

void TestOverview::aPointerThatLiesThereHoldsNothing()
{
    Overview overview;
    const ClusterReport report = threeCollectors();
    QVERIFY(overview.showing(report));
    overview.table().setLongestHold(std::chrono::milliseconds(1));
    overview.pointAt(overview.table());
    QTRY_VERIFY_WITH_TIMEOUT(!overview.table().proxy().isHeld(), kPatienceMs);
    QVERIFY(overview.next(secondsLater(withLag(report, "a", 400), 1)));
    QCOMPARE(overview.names().first(), QStringLiteral("a"));
}

void TestOverview::aThousandCollectors()
{
    QSettings().setValue(QStringLiteral("overview/grouped"), false);
    Overview overview;
    ClusterReport report = reportWith(1000);
    QVERIFY(overview.showing(report));
    QCOMPARE(overview.table().proxy().rowCount(), 1000);
    QVERIFY(overview.says(QStringLiteral("1000 collectors in 100 streams")));
    QCOMPARE(overview.table().rowHeight(0), Metrics::kCompactRowHeight);
    for (int turn = 0; turn < 3; ++turn) {
        report = later(std::move(report), std::chrono::seconds(1));
        QVERIFY(overview.next(report));
        const auto lagAt = [&](int row) { return overview.cell(row, "lag").data(SortRole).toULongLong(); };
        for (int row = 1; row < 1000; ++row)
            QVERIFY(lagAt(row - 1) >= lagAt(row));
    }
    QVERIFY(!overview.page->grab().isNull());
}

void TestOverview::aReportCostsOneKeyARow_data()
{
    QTest::addColumn<bool>("grouped");
    QTest::addColumn<QString>("sortedBy");
    QTest::newRow("one list, by verdict") << false << QStringLiteral("verdict");
    QTest::newRow("one list, by name") << false << QStringLiteral("collector");
    QTest::newRow("in groups") << true << QStringLiteral("verdict");
}

// What is slow only at the size of an installation, counted: a cell for each comparison, all cells of all
// rows, an order for each row, a question to the history or the server for each row.
void TestOverview::aReportCostsOneKeyARow()
{
    QFETCH(bool, grouped);
    QFETCH(QString, sortedBy);
    QSettings().setValue(QStringLiteral("overview/grouped"), grouped);
    const auto costOf = [&](std::size_t collectors) {
        Overview overview;
        ClusterReport report = reportWith(collectors);
        if (!overview.showing(report))
            qFatal("no report");
        const auto& model = *qobject_cast<CollectorModel*>(overview.table().proxy().sourceModel());
        overview.table().sortByColumn(model.columnOf(sortedBy), Qt::DescendingOrder);
        QCoreApplication::processEvents();
        QSignalSpy arranged(&overview.table().proxy(), &CalmProxy::arranged);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        const std::uint64_t cells = model.cellsMade();
        const std::size_t asked = overview.fakes.history.asked.count();
        constexpr int kReports = 5;
        for (int turn = 0; turn < kReports; ++turn) {
            report = later(std::move(report), std::chrono::seconds(1));
            if (!overview.next(report))
                qFatal("no next report");
            (void)overview.page->grab(); // painted too
        }
        if (arranged.size() > kReports || changed.size() > kReports)
            qFatal("%d orders and %d changes for %d reports", static_cast<int>(arranged.size()),
                   static_cast<int>(changed.size()), kReports);
        // The chosen one's past, however many there are.
        if (overview.fakes.history.asked.count() - asked > kReports)
            qFatal("the history was asked %d times",
                   static_cast<int>(overview.fakes.history.asked.count() - asked));
        return (model.cellsMade() - cells) / kReports;
    };
    const std::uint64_t few = costOf(1'000);
    const std::uint64_t many = costOf(3'000);
    // What is painted is nearly the same (the screen may paint once more by itself), so the difference is
    // what each of 2,000 rows costs: its sort key. A second cell for each would be 4,000.
    QVERIFY2(many - few <= 3'000, qPrintable(QStringLiteral("%1 and %2 cells a report").arg(few).arg(many)));
    QVERIFY2(few <= 1'000 + 3'000, qPrintable(QStringLiteral("%1 cells a report").arg(few)));
}

void TestOverview::aPageThatNobodySeesTakesNoRows()
{
    Overview overview;
    const ClusterReport report = threeCollectors();
    QVERIFY(overview.showing(report));
    QCOMPARE(overview.names().first(), QStringLiteral("c"));
    const auto& model = *qobject_cast<CollectorModel*>(overview.table().proxy().sourceModel());
    overview.page->hide();
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    QSignalSpy came(&model, &QAbstractItemModel::rowsInserted);
    QVERIFY(overview.next(secondsLater(withLag(report, "a", 400), 1)));
    Theme::instance().setMode(ThemeMode::Light);
    Theme::instance().setMode(ThemeMode::Dark);
    ClusterReport another = secondsLater(withLag(report, "b", 900), 2);
    another.collectors.push_back(collectorRow(another.streams[0], "d", 5));
    QVERIFY(overview.next(another));
    overview.session.close();
    overview.session.open({.context = std::nullopt, .server = kServer});
    QVERIFY(QTest::qWaitFor([&] { return overview.session.report() != nullptr; }, kPatienceMs));
    QCOMPARE(changed.size() + came.size(), 0);
    QCOMPARE(model.rowCount(), 3);
    overview.page->show(); // and all of it is there at once
    QCOMPARE(overview.names(), (QStringList{QStringLiteral("b"), QStringLiteral("c"), QStringLiteral("a"),
                                            QStringLiteral("d")}));
    QCOMPARE(overview.cell(0, "lag").data(SortRole).toULongLong(), 900ULL);
    QVERIFY(overview.says(QStringLiteral("4 collectors in 2 streams")));
    QVERIFY(overview.next(secondsLater(withLag(another, "a", 2000), 3))); // and goes on
    QCOMPARE(overview.names().first(), QStringLiteral("a"));
}

void TestOverview::aPageOfAConnectionThatHasAnsweredHasItsRows()
{
    Overview overview;
    QVERIFY(overview.showing(threeCollectors()));
    overview.page = std::make_unique<OverviewPage>(overview.session);
    overview.page->show();
    QCOMPARE(overview.names().first(), QStringLiteral("c"));
    QCOMPARE(overview.table().proxy().rowCount(), 3);
}

QTEST_MAIN(TestOverview)
#include "tst_overview.moc"
