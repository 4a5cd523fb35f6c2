// SPDX-License-Identifier: Apache-2.0
#include "model/history/change_finder.h"
#include "model/history/config_change.h"
#include "tests/support/fake_reports.h"

#include <QTest>

using namespace jetlag;
using namespace jetlag::test;
using namespace std::chrono_literals;

namespace {

ClusterReport oneCollector()
{
    ClusterReport report;
    report.at = kReportTime;
    report.streams = {streamRow("SPARK", 1000)};
    report.collectors = {collectorRow(report.streams.front(), "jobs", 10)};
    report.collectors.front().consumer.placement = {.cluster = "c", .leader = "n1", .replicas = {}};
    report.streams.front().stream.placement = {.cluster = "c", .leader = "n1", .replicas = {}};
    return report;
}

/// "verdict slow, config created": kinds and words.
std::string textOf(const std::vector<HistoryMark>& marks)
{
    std::string text;
    for (const HistoryMark& mark : marks)
        text += (text.empty() ? "" : ", ") + std::string(toString(mark.kind)) + " " + mark.word;
    return text;
}

} // namespace

class TestChangeFinder final : public QObject
{
    Q_OBJECT

private slots:
    void changesBecomeMarks_data();
    void changesBecomeMarks();
    void theFirstReportIsNoNews();
    void troubleAtFirstSightIsNews();
    void aNewStartThatFindsTheSameIsNoNews();
    void aFloodOfAdvisoriesIsOneMark();
    void lookingAgainKeepsWhatItWas();
    void staleRowsSayNothing();
    void whatIsNewAndWhatIsGone();
    void whatWasHiddenIsNotNew();
    void detailsNameTheServersFields();
    void verdictsReadAsProse();
    void durationsInWords();
};

using Change = std::function<void(ClusterReport&)>;

void TestChangeFinder::changesBecomeMarks_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<QString>("expected");
    const auto collector = [](void (*change)(CollectorReport&)) {
        return Change([change](ClusterReport& report) { change(report.collectors.front()); });
    };
    const auto stream = [](void (*change)(StreamSnapshot&)) {
        return Change([change](ClusterReport& report) { change(report.streams.front().stream); });
    };
    QTest::newRow("nothing but numbers")
        << collector([](CollectorReport& row) { row.lag = row.consumer.pending = 99; }) << "";
    QTest::newRow("verdict") << collector([](CollectorReport& row) {
        row.verdict = "stopped";
        row.cause = "no-pulls";
    }) << "verdict no-pulls";
    QTest::newRow("the consumer's leader")
        << collector([](CollectorReport& row) { row.consumer.placement.leader = "n2"; })
        << "leader leader n2";
    QTest::newRow("nobody leads the stream")
        << stream([](StreamSnapshot& row) { row.placement.leader.clear(); }) << "leader no leader";
    QTest::newRow("no cluster, no leader")
        << collector([](CollectorReport& row) { row.consumer.placement = {}; }) << "";
    QTest::newRow("paused") << collector([](CollectorReport& row) { row.consumer.paused = true; })
                            << "pause paused";
    QTest::newRow("ack_wait") << collector([](CollectorReport& row) { row.consumer.ackWait = 45s; })
                              << "config config";
    QTest::newRow("what the server writes for itself") << collector([](CollectorReport& row) {
        row.consumer.metadata = {{"_nats.ver", "2.11.0"}};
    }) << "";
    QTest::newRow("metadata of people") << collector([](CollectorReport& row) {
        row.consumer.metadata = {{"owner", "ops"}};
    }) << "config config";
    QTest::newRow("the stream's limit")
        << stream([](StreamSnapshot& row) { row.maxMessages = 5; }) << "config config";
    QTest::newRow("a time of creation that moved")
        << collector([](CollectorReport& row) { row.consumer.created += 5s; }) << "";
    QTest::newRow("created anew") << collector([](CollectorReport& row) {
        row.consumer.created += 5s;
        row.consumer.delivered = {};
    }) << "config re-created";
}

void TestChangeFinder::changesBecomeMarks()
{
    QFETCH(Change, change);
    QFETCH(QString, expected);
    ClusterReport report = oneCollector();
    report.collectors.front().verdict = "keeping-up";
    report.collectors.front().cause = "none";
    ChangeFinder finder;
    QCOMPARE(textOf(finder.add(report)), std::string());
    report.at += 1s;
    change(report);
    const std::vector<HistoryMark> marks = finder.add(report);
    QCOMPARE(QString::fromStdString(textOf(marks)), expected);
    for (const HistoryMark& mark : marks) {
        QVERIFY(mark.at == report.at);
        QCOMPARE(mark.stream, std::string("SPARK"));
        QVERIFY(!mark.detail.empty());
    }
    report.at += 1s;
    QCOMPARE(textOf(finder.add(report)), std::string());
}

void TestChangeFinder::theFirstReportIsNoNews()
{
    ClusterReport report = reportWith(100);
    for (CollectorReport& row : report.collectors) {
        row.verdict = "keeping-up";
        row.cause = "none";
    }
    QVERIFY(ChangeFinder().add(report).empty());
}

void TestChangeFinder::troubleAtFirstSightIsNews()
{
    ClusterReport report = oneCollector();
    report.collectors.front().verdict = "slow";
    report.collectors.front().cause = "slow";
    ChangeFinder finder;
    const std::vector<HistoryMark> marks = finder.add(report);
    QCOMPARE(textOf(marks), std::string("verdict slow"));
    QCOMPARE(marks.front().verdict, std::string("slow"));
    QCOMPARE(marks.front().verdictBefore, std::string());
}

// What the marks of several starts of a program come to.
void TestChangeFinder::aNewStartThatFindsTheSameIsNoNews()
{
    std::vector<HistoryMark> marks;
    ClusterReport report = oneCollector();
    const auto startAndFind = [&](const char* verdict, const char* cause) {
        report = later(std::move(report), 1min);
        report.collectors.front().verdict = verdict;
        report.collectors.front().cause = cause;
        for (HistoryMark& mark : ChangeFinder().add(report))
            marks.push_back(std::move(mark));
    };
    startAndFind("stopped", "no-pulls");
    startAndFind("stopped", "no-pulls");
    startAndFind("stopped", "capped");
    startAndFind("stopped", "no-pulls");
    startAndFind("stopped", "no-pulls");
    QCOMPARE(textOf(marks),
             "verdict no-pulls, verdict no-pulls, verdict capped, verdict no-pulls, verdict no-pulls");
    dropRepeatedSights(marks);
    QCOMPARE(textOf(marks), "verdict no-pulls, verdict capped, verdict no-pulls");
    // Another collector's mark, and one that says what it was, stay.
    HistoryMark other = marks.back();
    other.collector += "2";
    HistoryMark changed = marks.back();
    changed.verdictBefore = "keeping-up";
    marks.insert(marks.end(), {other, changed});
    dropRepeatedSights(marks);
    QCOMPARE(marks.size(), 5u);
}

void TestChangeFinder::aFloodOfAdvisoriesIsOneMark()
{
    const ServerTime begin = oneCollector().at;
    std::vector<HistoryMark> marks;
    const auto add = [&](std::chrono::milliseconds after, const char* word,
                         MarkKind kind = MarkKind::Advisory, const char* collector = "c") {
        marks.push_back({.id = static_cast<std::int64_t>(marks.size() + 1),
                         .at = begin + after,
                         .kind = kind,
                         .stream = "S",
                         .collector = collector,
                         .word = word,
                         .detail = "of message " + std::to_string(marks.size())});
    };
    for (int i = 0; i < 20; ++i)
        add(500ms * i, "terminated");
    add(9'600ms, "lost", MarkKind::Verdict);
    add(9'700ms, "terminated", MarkKind::Advisory, "another");
    add(9'800ms, "max deliveries");
    add(30s, "terminated");
    add(31s, "lost", MarkKind::Verdict); // what is no advisory stays as it is
    joinFloods(marks, 5s);
    QStringList words;
    for (const HistoryMark& mark : marks)
        words << QString::fromStdString(mark.word);
    QCOMPARE(
        words.join(QLatin1String(", ")),
        QStringLiteral("terminated ×11, terminated ×9, lost, terminated, max deliveries, terminated, lost"));
    QCOMPARE(marks[0].id, std::int64_t(1)); // it leads to the first
    QCOMPARE(marks[1].at, begin + 5'500ms);
    QCOMPARE(marks[1].detail, std::string("9 times from here on, first: of message 11"));
}

void TestChangeFinder::lookingAgainKeepsWhatItWas()
{
    ClusterReport report = oneCollector();
    ChangeFinder finder;
    const auto say = [&](const char* verdict, const char* cause) {
        report.at += 1s;
        report.collectors.front().verdict = verdict ? std::optional<std::string>(verdict) : std::nullopt;
        report.collectors.front().cause = cause ? std::optional<std::string>(cause) : std::nullopt;
        return finder.add(report);
    };
    QCOMPARE(textOf(say("slow", "slow")), std::string("verdict slow"));
    QCOMPARE(textOf(say(nullptr, nullptr)), std::string());
    QCOMPARE(textOf(say("slow", "slow")), std::string());
    QCOMPARE(textOf(say(nullptr, nullptr)), std::string());
    const std::vector<HistoryMark> marks = say("keeping-up", "none");
    QCOMPARE(textOf(marks), std::string("verdict keeping-up"));
    QCOMPARE(marks.front().verdictBefore, std::string("slow"));
}

void TestChangeFinder::staleRowsSayNothing()
{
    ClusterReport report = oneCollector();
    ChangeFinder finder;
    QVERIFY(finder.add(report).empty());
    ClusterReport stale = report;
    stale.at += 1s;
    stale.collectors.front().consumer.stale = true;
    stale.collectors.front().consumer.placement.leader.clear();
    stale.streams.front().stream.stale = true;
    stale.streams.front().stream.maxMessages = 7;
    QVERIFY(finder.add(stale).empty());
    report.at += 2s;
    QVERIFY(finder.add(report).empty());
}

void TestChangeFinder::whatIsNewAndWhatIsGone()
{
    ClusterReport report = oneCollector();
    ChangeFinder finder;
    QVERIFY(finder.add(report).empty());
    ClusterReport more = report;
    more.at += 1s;
    more.collectors.push_back(collectorRow(more.streams.front(), "fresh", 0));
    more.collectors.back().consumer.created = more.at;
    const std::vector<HistoryMark> created = finder.add(more);
    QCOMPARE(textOf(created), std::string("config created"));
    QCOMPARE(created.front().collector, std::string("fresh"));
    report.at += 2s;
    QCOMPARE(textOf(finder.add(report)), std::string("config gone"));
}

void TestChangeFinder::whatWasHiddenIsNotNew()
{
    ClusterReport report = oneCollector();
    ChangeFinder finder;
    QVERIFY(finder.add(report).empty());
    ClusterReport all = report;
    all.at += 1s;
    all.streams.push_back(streamRow("KV_settings", 10));
    all.collectors.push_back(collectorRow(all.streams.back(), "watcher", 0));
    all.collectors.back().consumer.durable.clear();
    QVERIFY(finder.add(all).empty());
    report.at += 2s;
    QVERIFY(finder.add(report).empty());
}

void TestChangeFinder::verdictsReadAsProse()
{
    ClusterReport report = oneCollector();
    CollectorReport& row = report.collectors.front();
    row.verdict = "keeping-up";
    row.cause = "none";
    ChangeFinder finder;
    QVERIFY(finder.add(report).empty());
    report.at += 1s;
    row.verdict = "stopped";
    row.cause = "no-pulls";
    const std::vector<HistoryMark> marks = finder.add(report);
    QCOMPARE(marks.size(), std::size_t(1));
    QCOMPARE(marks.front().word, std::string("no-pulls")); // a word of ours: filters and colours know it
    QCOMPARE(marks.front().detail, std::string("stopped (no pulls); it was keeping up"));
}

void TestChangeFinder::detailsNameTheServersFields()
{
    ConsumerSnapshot before;
    before.ackWait = 30s;
    before.maxDeliver = -1;
    ConsumerSnapshot now = before;
    QCOMPARE(configChange(before, now), std::string());
    now.ackWait = 90s;
    now.maxDeliver = 5;
    now.filters = {"a.>", "b.>"};
    QCOMPARE(configChange(before, now),
             std::string("filter_subjects all → a.> b.>, ack_wait 30 s → 1 m 30 s, max_deliver -1 → 5"));
    StreamSnapshot stream;
    StreamSnapshot other = stream;
    other.maxAge = 24h;
    other.sealed = true;
    QCOMPARE(configChange(stream, other), std::string("max_age none → 1 d, sealed no → yes"));
}

void TestChangeFinder::durationsInWords()
{
    QCOMPARE(durationWords(0s), std::string("0 s"));
    QCOMPARE(durationWords(250ms), std::string("250 ms"));
    QCOMPARE(durationWords(90min), std::string("1 h 30 m"));
    QCOMPARE(durationWords(24h * 7 + 1s), std::string("7 d 1 s"));
}

QTEST_GUILESS_MAIN(TestChangeFinder)
#include "tst_change_finder.moc"
