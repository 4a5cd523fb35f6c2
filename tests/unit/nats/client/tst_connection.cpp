// SPDX-License-Identifier: Apache-2.0
#include "nats/client/api_calls.h"
#include "nats/client/connection.h"
#include "nats/client/read_only_api.h"
#include "nats/client/requester.h"
#include "nats/client/write_api.h"
#include "tests/support/broker.h"

#include <QTest>

#include <set>

using namespace jetlag;
using namespace jetlag::test;
using namespace std::chrono_literals;

class TestConnection : public QObject
{
    Q_OBJECT

private slots:
    void manyRequestsAreAnsweredOnceEach()
    {
        Broker broker;
        auto client = broker.client();
        client.createStream(R"({"name":"S","subjects":["s.>"],"storage":"memory","allow_direct":true})");
        client.publishMany("s.a", "x", 100);
        ReadOnlyApi api(client.connection());
        Result<ReadRequester> requester = api.requester({.window = 16, .timeout = 30s});
        QVERIFY(requester.hasValue());
        const Result<ReadSubject> subject = api.subject("STREAM.MSG.GET.S");
        QVERIFY(subject.hasValue());
        std::set<std::uint64_t> answered;
        int sent = 0;
        while (sent < 500 || requester->inFlight() > 0) {
            while (sent < 500 && requester->hasRoom()) {
                QVERIFY(requester->send(*subject, R"({"seq":)" + std::to_string(sent % 100 + 1) + '}')
                            .hasValue());
                ++sent;
            }
            const std::optional<RequestAnswer> answer = requester->next(30s);
            QVERIFY(answer.has_value());
            QVERIFY2(!answer->error, answer->error ? answer->error->message().c_str() : "");
            QVERIFY(answer->body().find("\"message\"") != std::string_view::npos);
            QVERIFY(answered.insert(answer->id).second);
        }
        QCOMPARE(answered.size(), std::size_t(500));
        QCOMPARE(api.footprint().requests, std::uint64_t(500));
    }

    void deadServerIsNamed()
    {
        const auto connection = Connection::open(profileFromUrl("nats://127.0.0.1:1"));
        QVERIFY(!connection.hasValue());
        QVERIFY(connection.error().code() == ErrorCode::Unavailable);
        QCOMPARE(
            connection.error().message(),
            std::string("no NATS server answers at nats://127.0.0.1:1: start one or connect to another"));
    }

    void whatIsNoAddressIsSaid()
    {
        for (const char* typed : {"our server", "nats://127.0.0.1:1,nats://a\tb", "nats://a\x01:4222"}) {
            const auto connection = Connection::open(profileFromUrl(typed));
            QVERIFY(!connection.hasValue());
            QVERIFY(connection.error().code() == ErrorCode::InvalidArgument);
            QVERIFY2(connection.error().message().find("is not an address") != std::string::npos, typed);
        }
        // What is around the names does not count.
        QVERIFY(Connection::open(profileFromUrl(" nats://127.0.0.1:1 , ")).error().code() ==
                ErrorCode::Unavailable);
    }

    void clusterElectsLeadersAndSurvivesTheDeathOfOne()
    {
        BrokerCluster cluster;
        auto client = cluster.client();
        client.createStream(R"({"name":"R","subjects":["r.>"],"num_replicas":3})");
        QCOMPARE(client.publish("r.a", "one"), std::uint64_t(1));
        const std::size_t leader = cluster.streamLeader("R");
        cluster.kill9(leader);
        QVERIFY(waitUntil(
            [&] { return client.tryApi("STREAM.INFO.R").hasValue() && cluster.streamLeader("R") != leader; },
            60s));
        cluster.restart(leader);
        cluster.waitForLeaders();
    }

    // Left to itself it would try again after four minutes: who asks is served at once, and so is the end.
    void aLostServerIsTriedAtOnceOnDemand()
    {
        Broker broker;
        std::unique_ptr<Connection> connection =
            Connection::open(profileFromUrl(broker.url()), {.longestReconnectWait = 1h}).value();
        QVERIFY(!connection->nextTry());
        const auto waitsForLong = [&] {
            const std::optional<NextTry> next = connection->nextTry();
            if (next && next->number >= 14 && next->comesAt)
                return true;
            connection->tryNow();
            return false;
        };
        broker.kill9();
        QVERIFY(waitUntil(waitsForLong));
        broker.restart();
        connection->tryNow();
        QVERIFY(waitUntil([&] { return connection->isConnected() && !connection->nextTry(); }));
        broker.kill9();
        QVERIFY(waitUntil(waitsForLong));
        connection.reset();
    }
};

QTEST_GUILESS_MAIN(TestConnection)
#include "tst_connection.moc"
