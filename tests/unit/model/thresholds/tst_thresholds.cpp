// SPDX-License-Identifier: Apache-2.0
#include "model/thresholds/thresholds.h"

#include <QTest>

using namespace jetlag;
using namespace std::chrono_literals;

namespace {

constexpr ServerTime kNow{1'000'000s};

StreamSnapshot stream(AssetMetadata metadata)
{
    StreamSnapshot made;
    made.name = "S";
    made.messages = 1'000;
    made.subjectCount = 50;
    made.placement.cluster = "c";
    made.placement.leader = "n1";
    made.placement.replicas = {{.name = "n2", .active = 500ms, .lag = 3},
                               {.name = "n3", .active = 40s, .lag = 90}};
    made.sources = {{.name = "A", .lag = 200, .active = 10s},
                    {.name = "B", .lag = 0, .active = std::nullopt}};
    made.metadata = std::move(metadata);
    return made;
}

ConsumerSnapshot consumer(AssetMetadata metadata)
{
    ConsumerSnapshot made;
    made.stream = "S";
    made.name = "c";
    made.created = kNow - 1h;
    made.delivered = {ConsumerSequence(900), StreamSequence(900)};
    made.ackFloor = {ConsumerSequence(800), StreamSequence(800)};
    made.lastDelivered = kNow - 30s;
    made.lastAcked = kNow - 90s;
    made.pending = 500;
    made.ackPending = 100;
    made.redelivered = 7;
    made.waiting = 2;
    made.metadata = std::move(metadata);
    return made;
}

/// "unprocessed-critical critical 500>=500; ..." in the order they come.
QString words(const std::vector<ThresholdFinding>& findings)
{
    QStringList list;
    for (const ThresholdFinding& finding : findings)
        list << QStringLiteral("%1 %2 %3/%4")
                    .arg(QString::fromStdString(finding.what),
                         QString::fromUtf8(toString(finding.level).data(),
                                           static_cast<qsizetype>(toString(finding.level).size())),
                         finding.value ? QString::number(*finding.value) : QStringLiteral("-"),
                         finding.limit ? QString::number(*finding.limit) : QStringLiteral("-"));
    return list.join(QStringLiteral("; "));
}

AssetMetadata one(const char* name, const char* value)
{
    return {{std::string("io.nats.monitor.") + name, value}};
}

} // namespace

class TestThresholds : public QObject
{
    Q_OBJECT

private slots:
    void consumers_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QString>("found");
        const auto row = [](const char* name, const char* value, const char* found) {
            QTest::addRow("%s %s", name, value)
                << QByteArray(name) << QByteArray(value) << QString::fromLatin1(found);
        };
        row("unprocessed-critical", "500", "unprocessed-critical critical 500/500");
        row("unprocessed-critical", "501", "");
        row("unprocessed-critical", "0", "");
        row("outstanding-ack-critical", "100", "outstanding-ack-critical critical 100/100");
        row("outstanding-ack-critical", "101", "");
        row("waiting-critical", "2", "waiting-critical critical 2/2");
        row("redelivery-critical", "7", "redelivery-critical critical 7/7");
        row("redelivery-critical", "8", "");
        row("last-delivery-critical", "30s", "last-delivery-critical critical 30/30");
        row("last-delivery-critical", "1m", "");
        row("last-ack-critical", "1m", "last-ack-critical critical 90/60");
        row("last-ack-critical", "2m", "");
        row("unprocessed-critical", "-1", ""); // the commands' word for none
        row("outstanding-ack-critical", "-5", "");
        row("unprocessed-critical", "-x", "unprocessed-critical unreadable -/-");
        row("pinned", "true", "pinned critical -/-"); // no pinned_client policy
        row("pinned", "false", "");
        row("pinned", "sometimes", "pinned unreadable -/-");
        row("unprocessed-critical", "many", "unprocessed-critical unreadable -/-");
        row("last-ack-critical", "soon", "last-ack-critical unreadable -/-");
        row("enabled", "perhaps", "enabled unreadable -/-");
        row("msgs-critical", "5000", ""); // a stream's
        row("somebody-elses", "x", "");
    }
    void consumers()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, value);
        QTEST(words(crossedThresholds(consumer(one(name.constData(), value.constData())), kNow)), "found");
    }

    void streams_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QString>("found");
        const auto row = [](const char* name, const char* value, const char* found) {
            QTest::addRow("%s %s", name, value)
                << QByteArray(name) << QByteArray(value) << QString::fromLatin1(found);
        };
        row("msgs-warn", "1000", "msgs-warn warn 1000/1000"); // too few
        row("msgs-warn", "999", "");
        row("msgs-critical", "2000", "msgs-critical critical 1000/2000");
        row("subjects-critical", "50", "subjects-critical critical 50/50"); // too many
        row("subjects-critical", "51", "");
        row("subjects-warn", "50", "subjects-warn warn 50/50"); // alone: too few
        row("subjects-warn", "49", "");
        row("lag-critical", "200", "lag-critical critical 200/200");
        row("lag-critical", "201", "");
        row("seen-critical", "10s", "seen-critical critical 10/10");
        row("min-sources", "3", "min-sources critical 2/3");
        row("min-sources", "2", "");
        row("max-sources", "1", "max-sources critical 2/1");
        row("peer-expect", "5", "peer-expect critical 3/5");
        row("peer-expect", "3", "");
        row("peer-lag-critical", "89", "peer-lag-critical critical 90/89");
        row("peer-lag-critical", "90", "");
        row("peer-seen-critical", "5s", "peer-seen-critical critical 40/5");
        row("msgs-warn", "-1", "msgs-warn unreadable -/-"); // the commands refuse it here
        row("min-sources", "-1", "");
        row("subjects-warn", "-1", "");
        row("pinned", "true", ""); // a consumer's
    }
    void streams()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, value);
        QTEST(words(crossedThresholds(stream(one(name.constData(), value.constData())))), "found");
    }

    void subjectsBetweenTwoLimits()
    {
        const auto with = [](const char* warn, const char* critical) {
            AssetMetadata both = one("subjects-warn", warn);
            both.push_back(one("subjects-critical", critical).front());
            return words(crossedThresholds(stream(both)));
        };
        QCOMPARE(with("40", "60"), QStringLiteral("subjects-warn warn 50/40"));
        QCOMPARE(with("60", "40"), QStringLiteral("subjects-warn warn 50/60"));
        QCOMPARE(with("70", "60"), QStringLiteral("subjects-critical critical 50/60"));
        QCOMPARE(with("51", "60"), QString());
    }

    void theWorstComesFirstAndIsCritical()
    {
        AssetMetadata metadata = one("msgs-warn", "2000");
        metadata.push_back(one("max-sources", "1").front());
        const auto found = crossedThresholds(stream(metadata));
        QCOMPARE(words(found), QStringLiteral("max-sources critical 2/1; msgs-warn warn 1000/2000"));
        QVERIFY(hasCritical(found));
        QVERIFY(!hasCritical(crossedThresholds(stream(one("msgs-warn", "2000")))));
        QVERIFY(!hasCritical(crossedThresholds(stream(one("msgs-warn", "x")))));
    }

    void everyPriorityGroupNeedsAPinnedClient()
    {
        ConsumerSnapshot row = consumer(one("pinned", "true"));
        row.priorityPolicy = "pinned_client";
        QCOMPARE(words(crossedThresholds(row, kNow)), QStringLiteral("pinned critical -/-")); // no group
        row.priorityGroups = {{.name = "A", .isPinned = true}, {.name = "B", .isPinned = false}};
        QCOMPARE(words(crossedThresholds(row, kNow)), QStringLiteral("pinned critical 1/2"));
        row.priorityGroups.back().isPinned = true;
        QVERIFY(crossedThresholds(row, kNow).empty());
        row.priorityPolicy = "overflow";
        QCOMPARE(words(crossedThresholds(row, kNow)), QStringLiteral("pinned critical -/-"));
    }

    void switchedOffNothingIsCrossed()
    {
        AssetMetadata metadata = one("unprocessed-critical", "1");
        metadata.push_back(one("enabled", "false").front());
        QVERIFY(crossedThresholds(consumer(metadata), kNow).empty());
        metadata.back() = one("enabled", "true").front();
        QCOMPARE(crossedThresholds(consumer(metadata), kNow).size(), 1u);
    }

    void whatLeadersForgetCrossesNothing()
    {
        ConsumerSnapshot row = consumer(one("last-ack-critical", "1s"));
        row.lastAcked.reset();
        QVERIFY(crossedThresholds(row, kNow).empty());
        row.ackFloor = {}; // never acked, in an hour
        const auto found = crossedThresholds(row, kNow);
        QCOMPARE(words(found), QStringLiteral("last-ack-critical critical -/1"));
        QVERIFY(found.front().sentence.find("ever acked") != std::string::npos);
    }

    void staleRowsCrossNothing()
    {
        ConsumerSnapshot row = consumer(one("unprocessed-critical", "1"));
        row.stale = true;
        QVERIFY(crossedThresholds(row, kNow).empty());
        StreamSnapshot other = stream(one("msgs-critical", "5000"));
        other.stale = true;
        QVERIFY(crossedThresholds(other).empty());
    }

    void whatIsUnreadableIsShownSafely()
    {
        const auto found = crossedThresholds(consumer(one("unprocessed-critical", "\x1b[31m99\xff")), kNow);
        QCOMPARE(found.size(), 1u);
        QCOMPARE(found.front().sentence.find('\x1b'), std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestThresholds)
#include "tst_thresholds.moc"
