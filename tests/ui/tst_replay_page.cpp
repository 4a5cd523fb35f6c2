// SPDX-License-Identifier: Apache-2.0
#include "app/runtime/runtime.h"
#include "model/analyzers/registry.h"
#include "tests/support/broker.h"
#include "tests/support/extra_data.h"
#include "tests/support/fake_services.h"
#include "tests/support/temp_folder.h"
#include "ui/bridge/live_session.h"
#include "ui/pages/replay/facts_panel.h"
#include "ui/pages/replay/quarantine_view.h"
#include "ui/pages/replay/replay_page.h"
#include "ui/pages/replay/result_table.h"
#include "ui/pages/replay/result_view.h"
#include "ui/pages/replay/run_panel.h"
#include "ui/widgets/byte_text.h"
#include "ui/widgets/range_line.h"

#include <QDropEvent>
#include <QLabel>
#include <QMimeData>
#include <QPushButton>
#include <QRegularExpression>
#include <QSettings>
#include <QSignalSpy>
#include <QTabBar>
#include <QTest>
#include <QThreadPool>
#include <QUrl>

#include <fstream>

using namespace jetlag;
using namespace jetlag::test;
using namespace jetlag::ui;

namespace {

constexpr int kPatienceMs = 30'000;
using State = ReplayRunner::State;

/// The tables of the hive analyzer, with so many queries.
std::vector<Table> hiveTables(int queries)
{
    std::vector<Table> tables;
    for (const TableSchema& schema : findAnalyzer("hive")->tables({}))
        tables.emplace_back(schema);
    for (int i = 0; i < queries; ++i) {
        Row row(tables[0].schema().columns.size());
        row[0] = "hive_" + std::to_string(1000 + i);
        row[1] = std::string("ann");
        tables[0].add(std::move(row));
    }
    return tables;
}

ClusterReport hiveReport()
{
    ClusterReport report;
    report.at = kReportTime;
    StreamReport stream = streamRow("HIVE", 1'000);
    stream.stream.subjects = {"hive.>"};
    CollectorReport collector = collectorRow(stream, "hive-queries", 300);
    collector.consumer.ackFloor = {ConsumerSequence(700), StreamSequence(700)};
    collector.consumer.delivered = {ConsumerSequence(730), StreamSequence(730)};
    collector.consumer.filters = {"hive.>"};
    report.streams.push_back(stream);
    report.collectors.push_back(collector);
    return report;
}

CaptureDescription hiveCapture()
{
    CaptureDescription capture;
    capture.messages = 500;
    capture.streams.push_back({.identity = {.name = "HIVE"},
                               .messages = 500,
                               .bytes = 5'000,
                               .firstSequence = StreamSequence(101),
                               .lastSequence = StreamSequence(600)});
    return capture;
}

PageLink linkTo(ReplayRequest request)
{
    return {.page = PageId::Replay, .replay = std::move(request)};
}

ReplayRequest captureRequest(const char* file = "/captures/hive.jetlag")
{
    return {.analyzer = "hive", .source = CaptureReplaySource{.file = file}};
}

/// The page over fakes, with a connection where a test asks for one.
struct Faked
{
    explicit Faked(bool connected = false)
        : session(fakes.services())
        , page(session)
    {
        fakes.replays.onStart = [](FakeReplayRun& run) {
            run.setRange(StreamSequence(101), StreamSequence(600));
            run.setTables(hiveTables(0));
        };
        fakes.captures.addFile("/captures/hive.jetlag", hiveCapture());
        page.resize(1300, 850);
        page.show();
        if (connected) {
            fakes.connections.addServer("prod", hiveReport());
            session.open({.context = "prod"});
        }
    }
    ~Faked() { page.hide(); }
    void openCapture()
    {
        page.openLink(linkTo(captureRequest()));
        QTRY_VERIFY_WITH_TIMEOUT(page.runPanel().runButton()->isEnabled(), kPatienceMs);
    }
    std::shared_ptr<FakeReplayRun> start()
    {
        page.runPressed();
        return fakes.replays.lastRun();
    }
    State state() { return page.runner().state(); }

    FakeServices fakes;
    LiveSession session;
    ReplayPage page;
};

/// The page over the real services.
struct Real
{
    Real()
        : session(runtime.services())
        , page(session)
    {
        page.resize(1300, 850);
        page.show();
    }
    ~Real() { page.hide(); }

    OwnDataHome dataHome;
    Runtime runtime;
    LiveSession session;
    ReplayPage page;
};

ReplayRequest logRequest(const char* analyzer, std::filesystem::path log)
{
    return {.analyzer = analyzer, .source = LogReplaySource{.paths = {std::move(log)}}};
}

std::filesystem::path hiveLog()
{
    return testData() / "hive/query-events.jsonl";
}

} // namespace

class TestReplayPage : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init()
    {
        // All but what the offscreen platform says of every window that has a least size.
        QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }
    void cleanup() { QThreadPool::globalInstance()->waitForDone(); }

    void nothingHasRunYet();
    void runWaitsForTheLookAtTheSource();
    void aStreamWithoutServerIsRefusedInPlace();
    void overviewFillsEverythingIn();
    void aCollectorsPositionIsAStart();
    void wrongTextsAreSaidBesideTheField();
    void theCommandLineSaysTheSame();
    void aPasswordIsNotInTheCommandLine();
    void tablesFillWhileItRuns();
    void onlyOneRequestForTablesAtATime();
    void pausedStaysPaused();
    void cancelKeepsThePartialResult();
    void aFailureStandsInThePage();
    void anUnreadableCaptureStandsInThePage();
    void aCutCaptureIsReplayedAndSaid();
    void quarantineShowsBytes();
    void aDroppedFileIsTheSource();
    void theRangeFollowsTheRun();
    void closingWhileItRunsCancels();
    void aStreamThatIsDeletedWhileChosenIsSaid();
    void hostileNamesAreOnlyNames();

    void digestEqualsTheServices();
    void analyzerIsFoundByTheLogsContent();
    void aPacedRunPausesAndIsCancelled();
    void exportsTheTable();
    void aMissingLogIsSaid();
    void aStreamIsReadWithoutATrace();
    void realLogsGiveTheDigestOfTheCommandLine();

private:
    TempFolder m_settings;
};

void TestReplayPage::initTestCase()
{
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope,
                       QString::fromStdString(m_settings.path().string()));
    QCoreApplication::setOrganizationName(QStringLiteral("jetlag-test"));
    QCoreApplication::setApplicationName(QStringLiteral("replay-page"));
}

void TestReplayPage::runWaitsForTheLookAtTheSource()
{
    Faked faked;
    faked.page.openLink(linkTo(logRequest("", hiveLog())));
    faked.page.runPressed(); // before anybody can know whose log it is
    QTRY_VERIFY_WITH_TIMEOUT(faked.state() == State::Running, kPatienceMs);
    QCOMPARE(faked.fakes.replays.lastRun()->request().analyzer, std::string("hive"));
}

void TestReplayPage::nothingHasRunYet()
{
    Faked faked;
    QVERIFY(faked.state() == State::Idle);
    QVERIFY(!faked.page.playPause());
    QCOMPARE(faked.page.results().tabs()->tabText(0), QStringLiteral("Applications"));
    QCOMPARE(faked.page.results().table(0)->rows().rowCount(), 0);
    QVERIFY(faked.page.factsPanel().digest().isEmpty());
}

void TestReplayPage::aStreamWithoutServerIsRefusedInPlace()
{
    Faked faked;
    QVERIFY(!faked.page.check().isGood());
    QVERIFY(!faked.page.runPanel().runButton()->isEnabled());
    QVERIFY(faked.page.check().source.error.startsWith(QStringLiteral("No server is connected")));
    faked.page.runPressed();
    QCOMPARE(faked.fakes.replays.count(), std::size_t{0});
}

void TestReplayPage::overviewFillsEverythingIn()
{
    Faked faked(true);
    QTRY_VERIFY_WITH_TIMEOUT(faked.session.report() != nullptr, kPatienceMs);
    ReplayRequest request;
    request.source =
        StreamReplaySource{.server = faked.session.link(), .stream = "HIVE", .likeDurable = "hive-queries"};
    request.range.from = StreamSequence(701);
    faked.page.openLink(linkTo(request));

    QVERIFY2(faked.page.check().isGood(), qPrintable(faked.page.check().firstError()));
    QCOMPARE(faked.page.draft().analyzer, std::string("hive"));
    QCOMPARE(faked.page.check().events.value(), std::uint64_t{300});
    QVERIFY(faked.page.check().filter.note.contains(QStringLiteral("hive-queries")));
    QVERIFY(faked.state() == State::Idle); // filled in, not run
    const auto run = faked.start();
    const ReplayRequest& asked = run->request();
    QCOMPARE(asked.analyzer, std::string("hive"));
    QVERIFY(asked.range.from == Position(StreamSequence(701)));
    const auto& source = std::get<StreamReplaySource>(asked.source);
    QCOMPARE(source.stream, std::string("HIVE"));
    QCOMPARE(source.likeDurable.value(), std::string("hive-queries"));
    QVERIFY(source.server == faked.session.link());
}

void TestReplayPage::aCollectorsPositionIsAStart()
{
    const SourceFacts facts = streamFacts(hiveReport(), "HIVE");
    ReplayDraft draft{.stream = "HIVE", .start = StartKind::AckFloor, .collector = "hive-queries"};
    draft.analyzer = "hive";
    QVERIFY(checkDraft(draft, facts, true, kReportTime).range.from == Position(StreamSequence(701)));
    draft.start = StartKind::Delivered;
    QVERIFY(checkDraft(draft, facts, true, kReportTime).range.from == Position(StreamSequence(731)));

    ClusterReport report = hiveReport();
    report.collectors[0].consumer.ackFloor = {ConsumerSequence(0), StreamSequence(0)};
    draft.start = StartKind::AckFloor; // deliveries and not one ack: everything is still unprocessed
    const DraftCheck never = checkDraft(draft, streamFacts(report, "HIVE"), true, kReportTime);
    QVERIFY(never.isGood());
    QVERIFY(!never.range.from);

    report.collectors[0].consumer.ackFloor = {ConsumerSequence(1'000), StreamSequence(1'000)};
    const DraftCheck done = checkDraft(draft, streamFacts(report, "HIVE"), true, kReportTime);
    QVERIFY2(done.start.error.contains(QStringLiteral("nothing left")), qPrintable(done.start.error));
}

void TestReplayPage::wrongTextsAreSaidBesideTheField()
{
    const SourceFacts facts = streamFacts(hiveReport(), "HIVE");
    const ReplayDraft good{.stream = "HIVE", .analyzer = "hive"};
    const auto check = [&facts](const ReplayDraft& draft) {
        return checkDraft(draft, facts, true, kReportTime);
    };
    QVERIFY(check(good).isGood());

    ReplayDraft draft = good;
    draft.start = StartKind::Sequence;
    for (const char* text : {"", "0", "-3", "abc", "18446744073709551616"}) {
        draft.startText = QString::fromLatin1(text);
        QVERIFY2(!check(draft).start.error.isEmpty(), text);
    }
    draft.startText = QStringLiteral("1 000"); // pasted from where digits are grouped
    QVERIFY(check(draft).range.from == Position(StreamSequence(1'000)));
    draft.startText = QStringLiteral("1001");
    QVERIFY(check(draft).start.error.contains(QStringLiteral("behind the last event")));

    draft = good;
    draft.start = StartKind::Time;
    draft.startText = QStringLiteral("yesterday");
    QVERIFY(!check(draft).start.error.isEmpty());
    draft.startText = QStringLiteral("-5m");
    QVERIFY(check(draft).range.from == Position(kReportTime - std::chrono::minutes(5)));

    draft = good;
    draft.start = StartKind::Sequence;
    draft.startText = QStringLiteral("500");
    draft.end = EndKind::Sequence;
    draft.endText = QStringLiteral("400");
    QVERIFY(check(draft).end.error.contains(QStringLiteral("before the start")));

    draft = good;
    draft.filter = QStringLiteral("hive.> spark..x");
    QVERIFY(check(draft).filter.error.contains(QStringLiteral("spark..x")));
    draft = good;
    draft.speed = QStringLiteral("fast");
    QVERIFY(!check(draft).speed.error.isEmpty());
    draft = good;
    draft.source = SourceKind::Logs;
    draft.logs = {"/x"};
    draft.timeZone = QStringLiteral("Mars/Olympus");
    QVERIFY(!check(draft).timeZone.error.isEmpty());
    draft.timeZone = QStringLiteral("Europe/Berlin");
    QVERIFY(check(draft).timeZone.error.isEmpty());
}

void TestReplayPage::theCommandLineSaysTheSame()
{
    const SourceFacts facts = streamFacts(hiveReport(), "HIVE");
    ReplayDraft draft{.stream = "HIVE"};
    draft.analyzer = "hive";
    draft.start = StartKind::AckFloor;
    draft.collector = "hive-queries";
    draft.filter = QStringLiteral("hive.*.ann hive.*.it's");
    draft.workers = 3;
    draft.speed = QStringLiteral("10");
    QCOMPARE(
        commandLineOf(draft, checkDraft(draft, facts, true, kReportTime), QStringLiteral("--context prod")),
        QStringLiteral(
            "jetlagctl replay hive --stream HIVE \\\n  --context prod --from 701 \\\n"
            "  --filter 'hive.*.ann' \\\n  --filter 'hive.*.it'\\''s' --workers 3 \\\n  --speed 10"));

    ReplayDraft logs{.source = SourceKind::Logs, .logs = {"/var/log/a b.log", "/var/log/c.log"}};
    logs.analyzer = "hdfs";
    logs.timeZone = QStringLiteral("Europe/Berlin");
    QCOMPARE(commandLineOf(logs, checkDraft(logs, {}, false, kReportTime), {}),
             QStringLiteral("jetlagctl replay hdfs \\\n  --log '/var/log/a b.log' /var/log/c.log \\\n"
                            "  --time-zone Europe/Berlin"));
}

void TestReplayPage::aPasswordIsNotInTheCommandLine()
{
    Faked faked;
    faked.fakes.connections.addServer("nats://ops:s3cret@n1:4222", hiveReport());
    faked.session.open({.server = "nats://ops:s3cret@n1:4222"});
    QTRY_VERIFY_WITH_TIMEOUT(faked.page.check().isGood(), kPatienceMs);
    const QString command = faked.page.factsPanel().command();
    QVERIFY2(command.contains(QStringLiteral("--server nats://n1:4222")), qPrintable(command));
    QVERIFY(!command.contains(QStringLiteral("s3cret")));
}

void TestReplayPage::tablesFillWhileItRuns()
{
    Faked faked;
    faked.openCapture();
    const auto run = faked.start();
    QVERIFY(faked.state() == State::Running);
    ResultView& results = faked.page.results();
    run->setTables(hiveTables(3));
    run->advance(100);
    QTRY_COMPARE_WITH_TIMEOUT(results.table(0)->rows().rowCount(), 3, kPatienceMs);
    QCOMPARE(results.tabs()->tabText(0), QStringLiteral("Queries 3"));
    results.table(0)->selectRow(1);
    run->setTables(hiveTables(5));
    run->advance(100);
    QTRY_COMPARE_WITH_TIMEOUT(results.table(0)->rows().rowCount(), 5, kPatienceMs);
    QCOMPARE(results.table(0)->currentIndex().row(), 1);

    run->setTables(hiveTables(9));
    run->setDigest(hash128("whole"));
    run->finish();
    QTRY_VERIFY_WITH_TIMEOUT(faked.state() == State::Ended, kPatienceMs);
    QCOMPARE(results.table(0)->rows().rowCount(), 9);
    QCOMPARE(faked.page.factsPanel().digest(), QString::fromStdString(hash128("whole").toHex()));
    QCOMPARE(faked.page.runPanel().title(), QStringLiteral("Done: a whole result"));
}

void TestReplayPage::onlyOneRequestForTablesAtATime()
{
    Faked faked;
    faked.openCapture();
    const auto run = faked.start();
    run->holdTables(true);
    QSignalSpy looks(&faked.page.runner(), &ReplayRunner::progressed);
    run->advance(10);
    QTRY_VERIFY_WITH_TIMEOUT(looks.count() >= 6, kPatienceMs);
    QVERIFY(!faked.page.runner().tables());
    run->setTables(hiveTables(2));
    run->holdTables(false); // the one that was asked for is answered
    QTRY_COMPARE_WITH_TIMEOUT(faked.page.results().table(0)->rows().rowCount(), 2, kPatienceMs);
}

void TestReplayPage::pausedStaysPaused()
{
    Faked faked;
    faked.openCapture();
    const auto run = faked.start();
    run->advance(50);
    QVERIFY(faked.page.playPause());
    QVERIFY(faked.state() == State::Paused);
    QVERIFY(run->isPaused());
    QVERIFY(!run->advance(1));
    QSignalSpy looks(&faked.page.runner(), &ReplayRunner::progressed);
    QTRY_VERIFY_WITH_TIMEOUT(looks.count() >= 2, kPatienceMs);
    QVERIFY(faked.page.runPanel().title().startsWith(QStringLiteral("Paused at 10")));
    QVERIFY(faked.page.rangeLine().picture().isPaused);
    QVERIFY(faked.page.playPause());
    QVERIFY(!run->isPaused());
    QVERIFY(run->advance(1));
}

void TestReplayPage::cancelKeepsThePartialResult()
{
    Faked faked;
    faked.openCapture();
    const auto run = faked.start();
    run->setTables(hiveTables(4));
    run->advance(200);
    QTest::mouseClick(faked.page.runPanel().cancelButton(), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(faked.state() == State::Ended, kPatienceMs);
    QVERIFY(faked.page.runner().result()->cancelled);
    QCOMPARE(faked.page.results().table(0)->rows().rowCount(), 4);
    QCOMPARE(faked.page.runPanel().title(), QStringLiteral("Cancelled: a partial result"));
    QCOMPARE(wholenessOf(*faked.page.runner().result(), faked.page.runner().request()),
             QStringLiteral("Cancelled: the result covers only 101 to 300."));
    QVERIFY(faked.page.runPanel().runButton()->isEnabled());
}

void TestReplayPage::aFailureStandsInThePage()
{
    Faked faked;
    faked.openCapture();
    faked.start()->fail(Error(ErrorCode::NotFound, "there is no stream HIVE"));
    QTRY_VERIFY_WITH_TIMEOUT(faked.state() == State::Failed, kPatienceMs);
    QCOMPARE(faked.page.runPanel().title(), QStringLiteral("Could not replay"));
    QCOMPARE(faked.page.runner().error(), QStringLiteral("there is no stream HIVE"));
    faked.start(); // and it can be tried again
    QVERIFY(faked.state() == State::Running);
}

void TestReplayPage::anUnreadableCaptureStandsInThePage()
{
    Faked faked;
    faked.fakes.captures.addFile("/captures/broken.jetlag",
                                 Error(ErrorCode::Corrupt, "broken.jetlag is no capture"));
    faked.page.openLink(linkTo(captureRequest("/captures/broken.jetlag")));
    QTRY_COMPARE_WITH_TIMEOUT(faked.page.check().source.error, QStringLiteral("broken.jetlag is no capture"),
                              kPatienceMs);
    QVERIFY(!faked.page.runPanel().runButton()->isEnabled());
}

void TestReplayPage::aCutCaptureIsReplayedAndSaid()
{
    Faked faked;
    CaptureDescription cut = hiveCapture();
    cut.recovery = "The last 12 events were not on disk yet when the writer ended.";
    faked.fakes.captures.addFile("/captures/cut.jetlag", cut);
    faked.page.openLink(linkTo(captureRequest("/captures/cut.jetlag")));
    const auto isSaid = [&faked] {
        const QList<QLabel*> labels = faked.page.findChildren<QLabel*>();
        return std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
            return label->isVisible() && label->text().startsWith(QStringLiteral("The last 12 events"));
        });
    };
    QTRY_VERIFY_WITH_TIMEOUT(isSaid(), kPatienceMs);
    QVERIFY(faked.page.check().isGood());
}

void TestReplayPage::quarantineShowsBytes()
{
    Faked faked;
    faked.openCapture();
    const auto run = faked.start();
    run->quarantine(quarantinedEvent(StreamSequence(140), "{\"a\": tru"));
    run->advance(60);
    QTRY_COMPARE_WITH_TIMEOUT(faked.page.results().tabs()->tabText(2), QStringLiteral("Quarantine 1"),
                              kPatienceMs);
    faked.page.results().tabs()->setCurrentIndex(2);
    QCOMPARE(faked.page.results().quarantine()->rows().rowCount(), 1);
    QCOMPARE(hexDump(std::string_view("{\"a\":\0x", 7)),
             QStringLiteral("00000000  7b 22 61 22 3a 00 78                              {\"a\":.x\n"));
}

void TestReplayPage::aDroppedFileIsTheSource()
{
    Faked faked;
    QMimeData files;
    files.setUrls({QUrl::fromLocalFile(QString::fromStdString(hiveLog().string()))});
    QDragEnterEvent enter(QPoint(10, 10), Qt::CopyAction, &files, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&faked.page, &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent drop(QPointF(10, 10), Qt::CopyAction, &files, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&faked.page, &drop);
    QVERIFY(faked.page.draft().source == SourceKind::Logs);
    QTRY_COMPARE_WITH_TIMEOUT(faked.page.draft().analyzer, std::string("hive"), kPatienceMs);
}

void TestReplayPage::theRangeFollowsTheRun()
{
    Faked faked;
    faked.openCapture();
    QVERIFY(faked.page.rangeLine().picture().last == StreamSequence(600));
    const auto run = faked.start();
    run->advance(250);
    QTRY_VERIFY_WITH_TIMEOUT(faked.page.rangeLine().picture().position == StreamSequence(350), kPatienceMs);
    QVERIFY(faked.page.rangeLine().words().contains(QStringLiteral("Read up to 350")));
    QCOMPARE(faked.page.runner().fraction().value(), 0.5);
}

void TestReplayPage::closingWhileItRunsCancels()
{
    std::shared_ptr<FakeReplayRun> run;
    {
        Faked faked;
        faked.openCapture();
        run = faked.start();
        QVERIFY(!run->job()->isFinished());
    }
    QVERIFY(run->job()->isCancelled());
    QVERIFY(run->job()->isFinished());
}

void TestReplayPage::aStreamThatIsDeletedWhileChosenIsSaid()
{
    Faked faked;
    const auto server = faked.fakes.connections.addServer("prod", hiveReport());
    faked.session.open({.context = "prod"});
    QTRY_VERIFY_WITH_TIMEOUT(faked.page.check().isGood(), kPatienceMs);
    QCOMPARE(faked.page.draft().stream, std::string("HIVE"));
    server->monitor().setReport(reportWith(1));
    QTRY_VERIFY_WITH_TIMEOUT(
        faked.page.check().source.error.startsWith(QStringLiteral("There is no stream HIVE")), kPatienceMs);
    QVERIFY(!faked.page.runPanel().runButton()->isEnabled());
    server->monitor().setReport(hiveReport()); // and it is back
    QTRY_VERIFY_WITH_TIMEOUT(faked.page.check().isGood(), kPatienceMs);
}

void TestReplayPage::hostileNamesAreOnlyNames()
{
    Faked faked;
    const ClusterReport report = hostileReport();
    faked.fakes.connections.addServer("prod", report);
    faked.session.open({.context = "prod"});
    QTRY_VERIFY_WITH_TIMEOUT(faked.session.report() != nullptr, kPatienceMs);
    for (const StreamReport& row : report.streams) {
        ReplayRequest request{.analyzer = "traffic"};
        request.source = StreamReplaySource{.server = faked.session.link(), .stream = row.stream.name};
        faked.page.openLink(linkTo(request));
        QVERIFY2(faked.page.check().source.error.isEmpty(), qPrintable(faked.page.check().source.error));
        QCOMPARE(faked.page.draft().stream, row.stream.name); // shown safely, kept exactly
    }
}

void TestReplayPage::digestEqualsTheServices()
{
    Real real;
    const auto reference = real.runtime.services().replays.start(logRequest("hive", hiveLog()));
    QVERIFY(reference->job()->wait(std::chrono::milliseconds(kPatienceMs)));
    const Result<ReplayResult> expected = reference->job()->takeResult();
    QVERIFY(expected);

    real.page.openLink(linkTo(logRequest("hive", hiveLog())));
    QTRY_VERIFY_WITH_TIMEOUT(real.page.runPanel().runButton()->isEnabled(), kPatienceMs);
    real.page.runPressed();
    QTRY_VERIFY_WITH_TIMEOUT(real.page.runner().state() == State::Ended, kPatienceMs);
    QCOMPARE(real.page.factsPanel().digest(), QString::fromStdString(expected->engine.digest.toHex()));
    QCOMPARE(static_cast<std::size_t>(real.page.results().table(0)->rows().rowCount()),
             expected->engine.tables[0].rows().size());
    QVERIFY(real.page.results().table(0)->rows().rowCount() > 0);
}

void TestReplayPage::analyzerIsFoundByTheLogsContent()
{
    Real real;
    ReplayRequest request = logRequest("", testData() / "hdfs/audit.log");
    PageLink link = linkTo(request);
    link.runReplay = true;
    real.page.openLink(link);
    QTRY_VERIFY_WITH_TIMEOUT(real.page.runner().state() == State::Ended, kPatienceMs);
    QCOMPARE(real.page.runner().request().analyzer, std::string("hdfs"));
    QVERIFY(real.page.runner().result()->engine.counters.applied > 0);
}

void TestReplayPage::aPacedRunPausesAndIsCancelled()
{
    Real real;
    ReplayRequest request = logRequest("hive", hiveLog());
    request.speed = 0.001; // in real time a thousand times slower than it was: it cannot end by itself
    real.page.openLink(linkTo(request));
    QTRY_VERIFY_WITH_TIMEOUT(real.page.runPanel().runButton()->isEnabled(), kPatienceMs);
    real.page.runPressed();
    QTRY_VERIFY_WITH_TIMEOUT(real.page.runner().progress().messages > 0, kPatienceMs);
    real.page.runPressed();
    QVERIFY(real.page.runner().state() == State::Paused);
    const std::uint64_t held = real.page.runner().progress().messages;
    QSignalSpy looks(&real.page.runner(), &ReplayRunner::progressed);
    QTRY_VERIFY_WITH_TIMEOUT(looks.count() >= 3, kPatienceMs);
    QCOMPARE(real.page.runner().progress().messages, held);

    real.page.cancel();
    QTRY_VERIFY_WITH_TIMEOUT(real.page.runner().state() == State::Ended, kPatienceMs);
    QVERIFY(real.page.runner().result()->cancelled);
    QCOMPARE(real.page.runner().result()->engine.counters.records.messages, held);
    QVERIFY(!real.page.factsPanel().digest().isEmpty());
}

void TestReplayPage::exportsTheTable()
{
    const TempFolder folder;
    Real real;
    real.page.openLink(linkTo(logRequest("hive", hiveLog())));
    QTRY_VERIFY_WITH_TIMEOUT(real.page.runPanel().runButton()->isEnabled(), kPatienceMs);
    real.page.runPressed();
    QTRY_VERIFY_WITH_TIMEOUT(real.page.runner().state() == State::Ended, kPatienceMs);
    const auto file = folder / "queries.csv";
    real.page.results().exportTo(QString::fromStdString(file.string()), ResultView::Format::Csv);
    QTRY_VERIFY_WITH_TIMEOUT(real.page.results().note().contains(QStringLiteral("rows saved")), kPatienceMs);
    QVERIFY(readFile(file).starts_with("hiveQueryId,user,"));
    real.page.results().exportTo(QString::fromStdString((folder / "no/where.csv").string()),
                                 ResultView::Format::Csv);
    QTRY_VERIFY_WITH_TIMEOUT(real.page.results().note().contains(QStringLiteral("could not be written")),
                             kPatienceMs);
}

void TestReplayPage::aMissingLogIsSaid()
{
    Real real;
    real.page.openLink(linkTo(logRequest("hive", "/nowhere/at/all.log")));
    QTRY_VERIFY_WITH_TIMEOUT(real.page.check().source.error.contains(QStringLiteral("cannot be read")),
                             kPatienceMs);
    QVERIFY(!real.page.runPanel().runButton()->isEnabled());
}

void TestReplayPage::aStreamIsReadWithoutATrace()
{
    Broker broker;
    TestClient client = broker.client();
    client.createStream(R"({"name":"HIVE","subjects":["hive.>"],"storage":"memory"})");
    client.createConsumer("HIVE", R"({"durable_name":"watched","ack_policy":"explicit"})");
    std::ifstream log(hiveLog());
    std::uint64_t published = 0;
    for (std::string line; std::getline(log, line); ++published)
        client.publish("hive.log", line);
    const std::string before = client.api("CONSUMER.INFO.HIVE.watched");

    Real real;
    real.session.open({.server = broker.url()});
    QTRY_VERIFY_WITH_TIMEOUT(real.page.check().isGood(), kPatienceMs);
    QCOMPARE(real.page.draft().analyzer, std::string("hive"));
    real.page.runPressed();
    QTRY_VERIFY_WITH_TIMEOUT(real.page.runner().state() == State::Ended, kPatienceMs);
    QCOMPARE(real.page.runner().result()->engine.counters.records.messages, published);
    QVERIFY(real.page.rangeLine().picture().position == StreamSequence(published));

    const auto reference = real.runtime.services().replays.start(logRequest("hive", hiveLog()));
    QVERIFY(reference->job()->wait(std::chrono::milliseconds(kPatienceMs)));
    const Result<ReplayResult> expected = reference->job()->takeResult();
    QVERIFY(expected);
    QCOMPARE(real.page.factsPanel().digest(), QString::fromStdString(expected->engine.digest.toHex()));

    // Offsets, counts and waiting pulls of the consumer are what they were, and there is no other.
    const auto afterTime = [](const std::string& info) { // what the server says beside its own clock
        return QString::fromStdString(info).remove(QRegularExpression(QStringLiteral("\"ts\":\"[^\"]*\",?")));
    };
    QCOMPARE(afterTime(client.api("CONSUMER.INFO.HIVE.watched")), afterTime(before));
    QVERIFY(client.api("CONSUMER.NAMES.HIVE").find(R"("total":1)") != std::string::npos);
    QCOMPARE(real.session.link()->footprint().consumersCreated, std::uint64_t{0});
}

void TestReplayPage::realLogsGiveTheDigestOfTheCommandLine()
{
    JETLAG_NEED_EXTRA_DATA();
    Real real;
    const auto log = extraData() / "spark/spark-rapids-tools/gpu_oom_eventlog.zst";
    ReplayRequest request = logRequest("spark", log);
    request.workers = 2;
    real.page.openLink(linkTo(request));
    QTRY_VERIFY_WITH_TIMEOUT(real.page.runPanel().runButton()->isEnabled(), kPatienceMs);
    real.page.runPressed();
    QTRY_VERIFY_WITH_TIMEOUT(real.page.runner().state() == State::Ended, kPatienceMs);
    request.workers = 1;
    const auto reference = real.runtime.services().replays.start(request);
    QVERIFY(reference->job()->wait(std::chrono::milliseconds(kPatienceMs)));
    const Result<ReplayResult> expected = reference->job()->takeResult();
    QVERIFY(expected);
    QCOMPARE(expected->engine.counters.events(), std::uint64_t{25'084});
    QCOMPARE(real.page.factsPanel().digest(), QString::fromStdString(expected->engine.digest.toHex()));
}

QTEST_MAIN(TestReplayPage)
#include "tst_replay_page.moc"
