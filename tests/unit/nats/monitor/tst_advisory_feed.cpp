// SPDX-License-Identifier: Apache-2.0
#include "nats/monitor/advisory_feed.h"
#include "tests/support/broker.h"

#include <QTest>

using namespace jetlag;
using namespace jetlag::test;

class TestAdvisoryFeed : public QObject
{
    Q_OBJECT

private slots:
    void readsWhatServersSay()
    {
        const Result<Advisory> said = parseAdvisory(
            R"({"type":"io.nats.jetstream.advisory.v1.max_deliver","id":"x1","timestamp":"2026-11-25T20:00:00.5Z",
                "stream":"S","consumer":"c","stream_seq":42,"deliveries":3,"domain":"hub","new_field":[1]})");
        QVERIFY(said);
        QVERIFY(said->kind == "max_deliver" && said->id == "x1" && said->stream == "S" &&
                said->consumer == "c");
        QCOMPARE(said->sequence, std::uint64_t(42));
        QCOMPARE(said->deliveries, std::uint64_t(3));
        QCOMPARE(toMillis(said->time) % 1'000, std::int64_t(500));
        const Result<Advisory> paused = parseAdvisory(
            R"({"type":"io.nats.jetstream.advisory.v1.consumer_pause","stream":"S","consumer":"c","paused":true})");
        QVERIFY(paused && paused->action == "paused");
    }

    void whatIsNoAdvisoryIsAnError_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("no JSON") << QByteArray("hello");
        QTest::newRow("cut") << QByteArray("{\"type\":\"io.nats");
        QTest::newRow("a list") << QByteArray("[1]");
        QTest::newRow("no type") << QByteArray(R"({"stream":"S"})");
        QTest::newRow("type of another kind") << QByteArray(R"({"type":7})");
        QTest::newRow("no UTF-8") << QByteArray("{\"type\":\"\xff\"}");
    }
    void whatIsNoAdvisoryIsAnError()
    {
        QFETCH(const QByteArray, text);
        QVERIFY(!parseAdvisory({text.constData(), static_cast<std::size_t>(text.size())}));
    }

    void hearsARealServerAndHandsOutOnce()
    {
        Broker broker;
        TestClient client = broker.client();
        ReadOnlyApi api(client.connection());
        AdvisoryFeed feed(api);
        (void)client.api("INFO"); // behind the subscriptions: they stand once it is answered
        client.createStream(R"({"name":"S","subjects":["s"],"storage":"memory"})");
        client.createConsumer("S", R"({"durable_name":"c","ack_policy":"explicit"})");
        std::vector<Advisory> heard;
        const auto created = [&] {
            for (Advisory& one : feed.take())
                heard.push_back(std::move(one));
            return std::any_of(heard.begin(), heard.end(), [](const Advisory& one) {
                return one.kind == "consumer_action" && one.stream == "S" && one.consumer == "c" &&
                       one.action == "create";
            });
        };
        QTRY_VERIFY_WITH_TIMEOUT(created(), 20'000);
        QVERIFY(std::any_of(heard.begin(), heard.end(),
                            [](const Advisory& one) { return one.kind == "stream_action"; }));
        QVERIFY(feed.take().empty());
        QCOMPARE(api.footprint().requests, std::uint64_t(0)); // it only listens
    }
};

QTEST_GUILESS_MAIN(TestAdvisoryFeed)
#include "tst_advisory_feed.moc"
