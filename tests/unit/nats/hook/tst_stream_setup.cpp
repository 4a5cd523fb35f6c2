// SPDX-License-Identifier: Apache-2.0
#include "nats/hook/stream_setup.h"
#include "tests/support/broker.h"

#include <QTest>

#include <memory>

using namespace jetlag;
using namespace std::chrono_literals;

class TestStreamSetup : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { m_broker = std::make_unique<test::Broker>(); }
    void cleanupTestCase() { m_broker.reset(); }
    void covers_data();
    void covers();
    void createsWhatIsMissing();
    void leavesAnExistingOneAlone();
    void refuses_data();
    void refuses();
    void knowsTheStreamAgain();

private:
    static constexpr auto kTimeout = 20s;
    std::unique_ptr<test::Broker> m_broker;
};

void TestStreamSetup::covers_data()
{
    QTest::addColumn<QStringList>("patterns");
    QTest::addColumn<QString>("prefix");
    QTest::addColumn<bool>("expected");
    QTest::newRow("its own") << QStringList{"spark.>"} << "spark" << true;
    QTest::newRow("everything") << QStringList{">"} << "spark" << true;
    QTest::newRow("any two behind") << QStringList{"spark.*.*"} << "spark" << true;
    QTest::newRow("one behind is too few") << QStringList{"spark.*"} << "spark" << false;
    QTest::newRow("three behind are too many") << QStringList{"spark.*.*.*"} << "spark" << false;
    QTest::newRow("another one") << QStringList{"hdfs.>"} << "spark" << false;
    QTest::newRow("begins alike") << QStringList{"spark2.>"} << "spark" << false;
    QTest::newRow("one label only") << QStringList{"spark.*.app"} << "spark" << false;
    QTest::newRow("some partitions") << QStringList{"spark.0.*", "spark.1.>"} << "spark" << false;
    QTest::newRow("all partitions, one by one")
        << QStringList{"spark.0.*", "spark.1.>", "*.2.*",     "spark.3.*",
                       "spark.4.*", "spark.5.*", "spark.6.*", "spark.7.*"}
        << "spark" << true;
    QTest::newRow("a prefix with dots") << QStringList{"prod.*.spark.>"} << "prod.eu.spark" << true;
    QTest::newRow("a shorter pattern") << QStringList{"prod.eu"} << "prod.eu.spark" << false;
    QTest::newRow("no subjects") << QStringList{} << "spark" << false;
}

void TestStreamSetup::covers()
{
    QFETCH(QStringList, patterns);
    QFETCH(QString, prefix);
    QFETCH(bool, expected);
    std::vector<std::string> list;
    for (const QString& pattern : patterns)
        list.push_back(pattern.toStdString());
    QCOMPARE(coversHookSubjects(list, prefix.toStdString(), 8), expected);
}

void TestStreamSetup::createsWhatIsMissing()
{
    test::TestClient client = m_broker->client();
    const auto prepared = prepareStream(client.connection(), "MADE", "made.here", 8, kTimeout);
    QVERIFY2(bool(prepared), prepared ? "" : prepared.error().message().c_str());
    QVERIFY2(prepared->created.find("created stream MADE (subjects made.here.>") == 0,
             prepared->created.c_str());
    const std::string info = client.api("STREAM.INFO.MADE");
    QVERIFY(info.find(R"("storage":"file")") != std::string::npos);
    QVERIFY(info.find(R"("allow_direct":true)") != std::string::npos);
    QVERIFY(info.find(R"("duplicate_window":30000000000)") != std::string::npos);
    QVERIFY(prepared->stream.subjects == std::vector<std::string>{"made.here.>"});

    const auto again = prepareStream(client.connection(), "MADE", "made.here", 8, kTimeout);
    QVERIFY(bool(again));
    QVERIFY(again->created.empty());
    QVERIFY(again->stream.created == prepared->stream.created);
}

void TestStreamSetup::leavesAnExistingOneAlone()
{
    test::TestClient client = m_broker->client();
    client.createStream(R"({"name":"THEIRS","subjects":["theirs.>"],"storage":"memory","max_msg_size":5000,)"
                        R"("retention":"workqueue"})");
    const std::string before = client.api("STREAM.INFO.THEIRS");
    const auto prepared = prepareStream(client.connection(), "THEIRS", "theirs", 8, kTimeout);
    QVERIFY(bool(prepared));
    QVERIFY(prepared->created.empty());
    QVERIFY(prepared->stream.maxMessageBytes == std::optional<std::size_t>(5000));
    const auto configOf = [](const std::string& info) {
        return info.substr(info.find("\"config\""), info.find("\"created\"") - info.find("\"config\""));
    };
    QCOMPARE(configOf(client.api("STREAM.INFO.THEIRS")), configOf(before));
}

void TestStreamSetup::refuses_data()
{
    QTest::addColumn<QByteArray>("existing");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("prefix");
    QTest::addColumn<QString>("words");
    QTest::newRow("it takes other subjects")
        << QByteArray(R"({"name":"R1","subjects":["r1.a","r1.b.*"],"storage":"memory"})") << "R1"
        << "r1"
        << "R1 takes r1.a, r1.b.*, but not r1.>";
    QTest::newRow("the subjects belong to another")
        << QByteArray(R"({"name":"OWNER","subjects":["owned.*.*"],"storage":"memory"})") << "R2"
        << "owned"
        << "owned.> belongs to stream OWNER: use --stream OWNER";
    QTest::newRow("it confirms nothing")
        << QByteArray(R"({"name":"R3","subjects":["r3.>"],"storage":"memory","no_ack":true})") << "R3"
        << "r3"
        << "confirms nothing (no_ack)";
    QTest::newRow("a mirror") << QByteArray(R"({"name":"R4","mirror":{"name":"NOWHERE"},"storage":"memory"})")
                              << "R4"
                              << "r4"
                              << "is a mirror";
    QTest::newRow("no name") << QByteArray() << "A.B"
                             << "ab"
                             << "`A.B` cannot be the name of a stream";
    QTest::newRow("no prefix") << QByteArray() << "R5"
                               << "a..b"
                               << "`a..b` cannot be what subjects begin with";
    QTest::newRow("a wildcard") << QByteArray() << "R6"
                                << "a.*"
                                << "cannot be what subjects begin with";
}

void TestStreamSetup::refuses()
{
    QFETCH(QByteArray, existing);
    QFETCH(QString, name);
    QFETCH(QString, prefix);
    QFETCH(QString, words);
    test::TestClient client = m_broker->client();
    if (!existing.isEmpty())
        client.createStream(existing.toStdString());
    const auto prepared =
        prepareStream(client.connection(), name.toStdString(), prefix.toStdString(), 8, kTimeout);
    QVERIFY(!prepared);
    const QString message = QString::fromStdString(prepared.error().message());
    QVERIFY2(message.contains(words), qPrintable(message));
}

void TestStreamSetup::knowsTheStreamAgain()
{
    test::TestClient client = m_broker->client();
    const std::string config = R"({"name":"K","subjects":["k"],"storage":"file"})";
    client.createStream(config);
    client.publish("k", "one");
    client.publish("k", "two");
    const TargetStream now = *readTargetStream(client.connection(), "K", kTimeout);
    QCOMPARE(now.lastSequence.value(), std::uint64_t(2));

    StreamIdentity known;
    known.name = "K";
    known.created = now.created;
    QVERIFY(*isSameStream(client.connection(), known, now, kTimeout));

    // The creation time moved: the known message decides.
    known.created -= 1h;
    QVERIFY(!*isSameStream(client.connection(), known, now, kTimeout));
    known.knownSequence = StreamSequence(2);
    known.knownTime = *messageTime(client.connection(), "K", StreamSequence(2), kTimeout);
    QVERIFY(*isSameStream(client.connection(), known, now, kTimeout));
    known.knownTime += 1ns;
    QVERIFY(!*isSameStream(client.connection(), known, now, kTimeout));
    known.knownTime -= 1ns;
    known.knownSequence = StreamSequence(3);
    QVERIFY(!*isSameStream(client.connection(), known, now, kTimeout));

    // Deleted and made anew, with as many messages.
    known.knownSequence = StreamSequence(2);
    known.created = now.created;
    client.api("STREAM.DELETE.K");
    client.createStream(config);
    client.publish("k", "one");
    client.publish("k", "two");
    const TargetStream anew = *readTargetStream(client.connection(), "K", kTimeout);
    QVERIFY(!*isSameStream(client.connection(), known, anew, kTimeout));
}

QTEST_GUILESS_MAIN(TestStreamSetup)
#include "tst_stream_setup.moc"
