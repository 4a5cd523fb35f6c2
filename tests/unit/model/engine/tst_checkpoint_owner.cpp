// SPDX-License-Identifier: Apache-2.0
#include "model/engine/checkpoint_owner.h"

#include <QTest>

using namespace jetlag;
using namespace std::chrono_literals;

namespace {

CheckpointHeader header()
{
    CheckpointHeader header;
    header.analyzer = "spark";
    header.analyzerVersion = 2;
    header.stream = {"SPARK", ServerTime(1'700'000'000s), StreamSequence(50), ServerTime(1'700'000'100s)};
    header.filters = {"spark.>", "other.>"};
    header.sequence = StreamSequence(50);
    return header;
}

CheckpointOwner owner()
{
    return {"spark", 2, {"SPARK", ServerTime(1'700'000'000s), {}, {}}, {"other.>", "spark.>"}, {}};
}

} // namespace

class TestCheckpointOwner : public QObject
{
    Q_OBJECT

private slots:
    void ownersMayGoOn() { QVERIFY(checkBelongs(header(), owner(), "state directory /x")); }

    void othersAreRefused_data()
    {
        QTest::addColumn<QByteArray>("what");
        QTest::addColumn<QByteArray>("sentence");
        QTest::newRow("another stream")
            << QByteArray("stream")
            << QByteArray("state directory /x belongs to stream SPARK, not to stream HDFS; "
                          "use another one, or remove it to start anew");
        QTest::newRow("another analyzer") << QByteArray("analyzer")
                                          << QByteArray("state directory /x belongs to analyzer spark "
                                                        "version 2, not to analyzer hive version 2; use "
                                                        "another one, or remove it to start anew");
        QTest::newRow("another version") << QByteArray("version")
                                         << QByteArray("state directory /x belongs to analyzer spark version "
                                                       "2, not to analyzer spark version 3; use "
                                                       "another one, or remove it to start anew");
        QTest::newRow("another filter")
            << QByteArray("filter")
            << QByteArray(
                   "state directory /x belongs to filter spark.>, other.>, not to every subject; use another "
                   "one, or remove it to start anew");
    }
    void othersAreRefused()
    {
        QFETCH(QByteArray, what);
        QFETCH(QByteArray, sentence);
        CheckpointOwner other = owner();
        if (what == "stream")
            other.stream.name = "HDFS";
        else if (what == "analyzer")
            other.analyzer = "hive";
        else if (what == "version")
            other.analyzerVersion = 3;
        else
            other.filters.clear();
        const Result<void> refused = checkBelongs(header(), other, "state directory /x");
        QVERIFY(!refused);
        QVERIFY(refused.error().code() == ErrorCode::Conflict);
        QCOMPARE(refused.error().message(), sentence.toStdString());
    }

    // `created` moves after a restart and a config edit: then the message that was known decides.
    void knownMessageDecidesWhereCreatedDiffers()
    {
        CheckpointOwner moved = owner();
        QVERIFY(!needsKnownMessage(header(), moved.stream));
        moved.stream.created += 1s;
        QVERIFY(needsKnownMessage(header(), moved.stream));
        QVERIFY(!checkBelongs(header(), moved, "x")); // gone
        moved.knownMessageTime = ServerTime(1'700'000'100s);
        QVERIFY(checkBelongs(header(), moved, "x"));
        moved.knownMessageTime = ServerTime(1'700'000'101s);
        const Result<void> another = checkBelongs(header(), moved, "state directory /x");
        QVERIFY(!another);
        QCOMPARE(another.error().message(),
                 std::string(
                     "state directory /x belongs to another stream SPARK (created 2023-11-14T22:13:20Z, "
                     "message 50 of 2023-11-14T22:15:00Z), not to the one created 2023-11-14T22:13:21Z; use "
                     "another one, or remove it to start anew"));
    }

    void nothingKnownProvesNothing()
    {
        CheckpointHeader empty = header();
        empty.stream.knownSequence = {};
        empty.stream.knownTime = {};
        CheckpointOwner moved = owner();
        moved.stream.created += 1s;
        moved.knownMessageTime = ServerTime();
        QVERIFY(!needsKnownMessage(empty, moved.stream));
        QVERIFY(!checkBelongs(empty, moved, "x"));
    }
};

QTEST_GUILESS_MAIN(TestCheckpointOwner)
#include "tst_checkpoint_owner.moc"
