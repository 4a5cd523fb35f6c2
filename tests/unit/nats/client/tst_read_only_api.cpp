// SPDX-License-Identifier: Apache-2.0
#include "nats/client/api_calls.h"
#include "nats/client/api_error.h"
#include "nats/client/read_only_api.h"
#include "nats/client/server_greeting.h"
#include "nats/client/write_api.h"
#include "tests/support/broker.h"

#include <QTest>

#include <map>
#include <set>

using namespace jetlag;
using namespace jetlag::test;
using namespace std::chrono_literals;

class TestReadOnlyApi : public QObject
{
    Q_OBJECT

private slots:
    void onlyReadingCallsGoThrough()
    {
        Broker broker;
        TestClient client = broker.client();
        ReadOnlyApi api(client.connection());
        for (const char* reads :
             {"INFO", "STREAM.NAMES", "STREAM.LIST", "STREAM.INFO.S", "STREAM.MSG.GET.S", "CONSUMER.NAMES.S",
              "CONSUMER.LIST.S", "CONSUMER.INFO.S.C", "DIRECT.GET.S", "DIRECT.GET.S.a.b"})
            QCOMPARE(api.subject(reads).value().text(), std::string("$JS.API.") + reads);
        for (const char* touches : {"",
                                    "STREAM.CREATE.S",
                                    "STREAM.UPDATE.S",
                                    "STREAM.DELETE.S",
                                    "STREAM.PURGE.S",
                                    "STREAM.MSG.DELETE.S",
                                    "STREAM.SNAPSHOT.S",
                                    "STREAM.RESTORE.S",
                                    "CONSUMER.CREATE.S",
                                    "CONSUMER.CREATE.S.C",
                                    "CONSUMER.DURABLE.CREATE.S.C",
                                    "CONSUMER.DELETE.S.C",
                                    "CONSUMER.MSG.NEXT.S.C",
                                    "CONSUMER.PAUSE.S.C",
                                    "CONSUMER.RESET.S.C",
                                    "STREAM.LEADER.STEPDOWN.S",
                                    "STREAM.INFO.S.T",
                                    "STREAM.INFO",
                                    "INFO.x",
                                    "STREAM.INFO.S 5\r\nPUB x 0\r\n",
                                    "stream.info.S",
                                    "META.LEADER.STEPDOWN"}) {
            const Result<ReadSubject> refused = api.subject(touches);
            QVERIFY2(!refused.hasValue(), touches);
            QVERIFY(refused.error().code() == ErrorCode::Internal);
            QVERIFY(!api.request(touches, "", 1s).hasValue());
        }
        QVERIFY(!api.listenTo("ORDERS.>", [](MessageHandle) {}).hasValue());
        QVERIFY(!api.listenTo("$JS.API.>", [](MessageHandle) {}).hasValue());
        QCOMPARE(api.footprint().requests, std::uint64_t(0)); // nothing left the house

        QVERIFY(api.request("INFO", "", 20s).hasValue());
        QCOMPARE(api.footprint().requests, std::uint64_t(1));
        QVERIFY(api.footprint().bytesReceived > 0);
    }

    void advisoriesAreHeard()
    {
        Broker broker;
        TestClient client = broker.client();
        ReadOnlyApi api(client.connection());
        std::atomic<int> heard = 0;
        {
            const Result<NatsSubscription> listening =
                api.listenTo("$JS.EVENT.ADVISORY.STREAM.>", [&](MessageHandle) { ++heard; });
            QVERIFY(listening.hasValue());
            client.createStream(R"({"name":"S","subjects":["s"],"storage":"memory"})");
            QVERIFY(waitUntil([&] { return heard > 0; }));
        }
        const int before = heard;
        client.api("STREAM.DELETE.S");
        QVERIFY(client.connection().flush(20s).hasValue());
        QCOMPARE(heard.load(), before);
    }

    void answersOfAllKindsBecomeErrors()
    {
        Broker broker;
        TestClient client = broker.client();
        ReadOnlyApi api(client.connection());
        const Result<std::string> unknown = api.request("STREAM.INFO.NOPE", "", 20s);
        QVERIFY(unknown.error().code() == ErrorCode::NotFound);
        QVERIFY2(unknown.error().message().find("stream not found") != std::string::npos,
                 unknown.error().message().c_str());
        // Nobody answers a direct get on a stream without allow_direct, not even "no responders".
        client.createStream(R"({"name":"S","subjects":["s"],"storage":"memory"})");
        QVERIFY(api.request("DIRECT.GET.S", R"({"seq":1})", 200ms).error().code() == ErrorCode::Timeout);
        const Result<std::string> nobody = client.connection().request("nobody.there", "", 60s);
        QVERIFY(nobody.error().code() == ErrorCode::Unavailable);
        QCOMPARE(findApiError("no json")->code, 0);
        QVERIFY(!findApiError(R"({"error_count":1,"streams":[]})"));
    }

    void aBrokenConnectionAnswersAtOnceAndMends()
    {
        Broker broker;
        TestClient client = broker.client();
        std::atomic<bool> reconnected = false;
        const ConnectionListener listener = client.connection().listen([&](const ConnectionEvent& event) {
            if (event.kind == ConnectionEvent::Kind::Reconnected)
                reconnected = true;
        });
        Requester requester = Requester::create(client.connection(), {.window = 4, .timeout = 600s}).value();
        // Somebody listens there and never answers: only the break can end the wait.
        const NatsSubscription silent =
            NatsSubscription::polled(client.connection().handle(), "silent").value();
        QVERIFY(requester.send("silent", "").hasValue());
        QVERIFY(client.connection().flush(20s).hasValue());
        broker.kill9();
        const std::optional<RequestAnswer> answer = requester.next(60s);
        QVERIFY(answer.has_value() && answer->error);
        QVERIFY(answer->error->code() == ErrorCode::Unavailable);
        broker.restart();
        QVERIFY(waitUntil([&] { return reconnected.load(); }, 60s));
        QVERIFY(client.connection().apiRequest("INFO", "", 30s).hasValue());
    }

    void nobodyIsToldFromSlow()
    {
        Broker broker;
        TestClient client = broker.client();
        client.createStream(R"({"name":"S","subjects":["s"],"storage":"memory"})");
        const NatsSubscription silent =
            NatsSubscription::polled(client.connection().handle(), "silent").value();
        Requester requester = Requester::create(client.connection(), {.window = 8, .timeout = 2s}).value();
        // nats.c does not say which request nobody answers: two of them, two that are answered, one that
        // waits.
        const std::uint64_t waits = requester.send("silent", "").value();
        const std::uint64_t nobody = requester.send("nobody.a", "").value();
        std::set<std::uint64_t> fine{requester.send("$JS.API.INFO", "").value(),
                                     requester.send("$JS.API.STREAM.INFO.S", "").value()};
        const std::uint64_t nobodyEither = requester.send("nobody.b", "").value();
        std::map<std::uint64_t, std::optional<ErrorCode>> outcome;
        while (outcome.size() < 5) {
            const std::optional<RequestAnswer> answer = requester.next(30s);
            QVERIFY(answer.has_value());
            outcome[answer->id] = answer->error ? std::optional(answer->error->code()) : std::nullopt;
        }
        for (std::uint64_t id : fine)
            QVERIFY(!outcome[id]);
        for (std::uint64_t id : {waits, nobody, nobodyEither})
            QVERIFY(outcome[id] == ErrorCode::Unavailable || outcome[id] == ErrorCode::Timeout);
        // The same subject for all is clear at once.
        for (int i = 0; i < 3; ++i)
            QVERIFY(requester.send("nobody.a", "").hasValue());
        for (int i = 0; i < 3; ++i)
            QVERIFY(requester.next(30s)->error->code() == ErrorCode::Unavailable);
        // What was given up does not answer for what comes next.
        QVERIFY(requester.send("nobody.a", "").hasValue());
        requester.abandon();
        QVERIFY(requester.send("$JS.API.INFO", "").hasValue());
        QVERIFY(!requester.next(30s)->error);
    }

    void aWaitCanBeStopped()
    {
        Broker broker;
        TestClient client = broker.client();
        const NatsSubscription silent =
            NatsSubscription::polled(client.connection().handle(), "silent").value();
        std::stop_source stop;
        std::jthread stopper([&] {
            (void)waitUntil([&] { return silent.handle() != nullptr; });
            stop.request_stop();
        });
        QVERIFY(client.connection().request("silent", "", 600s, stop.get_token()).error().code() ==
                ErrorCode::Cancelled);
    }

    void serverIsKnown()
    {
        Broker broker({.serverName = "the one"});
        TestClient client = broker.client();
        const ServerInfo info = client.connection().serverInfo();
        QVERIFY(info.version && info.version->find('.') != std::string::npos);
        QCOMPARE(info.name.value_or(""), std::string("the one"));
        QCOMPARE(info.maxPayload, std::int64_t(1024 * 1024));
        QVERIFY(info.jetStream.value_or(false));
        QVERIFY(hostAndPort("nats://u:p@[::1]:7/") == std::pair(std::string("::1"), std::uint16_t(7)));
        QVERIFY(hostAndPort("host") == std::pair(std::string("host"), std::uint16_t(4222)));
        for (const char* bad : {"", "nats://", "host:0", "host:99999", "host:x"})
            QVERIFY2(!hostAndPort(bad), bad);
    }

    void whatIsMissingIsMadeAndWhatIsThereIsLeftAlone()
    {
        Broker broker;
        TestClient client = broker.client();
        WriteApi api(client.connection());
        const NewStream stream{.name = "W", .subjects = {"w.>"}, .memoryStorage = true};
        QVERIFY(api.createStream(stream, 20s).hasValue());
        QVERIFY(api.createStream(stream, 20s).hasValue()); // the same again is fine
        NewStream other = stream;
        other.maxMessages = 5;
        QVERIFY(api.createStream(other, 20s).error().code() == ErrorCode::Exists);
        QVERIFY(api.createStream({.name = "a.b", .subjects = {"x"}}, 20s).error().code() ==
                ErrorCode::InvalidArgument);

        NewDurable durable{.stream = "W", .name = "d", .filters = {"w.a"}};
        const Result<std::string> made = api.createDurable(durable, 20s);
        QVERIFY2(made.hasValue(), made ? "" : made.error().message().c_str());
        for (const char* config :
             {R"("ack_policy":"all")", R"("ack_wait":60000000000)", R"("max_ack_pending":100000)",
              R"("filter_subject":"w.a")", R"("durable_name":"d")"})
            QVERIFY2(made->find(config) != std::string::npos, made->c_str());
        durable.maxAckPending = 7;
        QVERIFY(api.createDurable(durable, 20s).error().code() == ErrorCode::Exists);
        QVERIFY(client.api("CONSUMER.INFO.W.d").find(R"("max_ack_pending":100000)") != std::string::npos);
        const Result<std::string> twoFilters =
            api.createDurable({.stream = "W", .name = "two", .filters = {"w.a", "w.b"}}, 20s);
        if (!twoFilters) { // a server before 2.10: refused, and nothing left behind
            QVERIFY(twoFilters.error().code() == ErrorCode::Unsupported);
            QVERIFY(client.tryApi("CONSUMER.INFO.W.two").error().code() == ErrorCode::NotFound);
        }
    }

    void everythingDeliveredCanBeAckedByItsPosition()
    {
        Broker broker;
        TestClient client = broker.client();
        WriteApi api(client.connection());
        QVERIFY(api.createStream({.name = "W", .subjects = {"w.>"}, .memoryStorage = true}, 20s).hasValue());
        QVERIFY(api.createDurable({.stream = "W", .name = "d"}, 20s).hasValue());
        client.publishMany("w.a", "x", 10);
        const std::string inbox = client.connection().newInbox();
        NatsSubscription taken = NatsSubscription::polled(client.connection().handle(), inbox).value();
        natsConnection_PublishRequestString(client.connection().handle(), "$JS.API.CONSUMER.MSG.NEXT.W.d",
                                            inbox.c_str(), "7");
        for (int i = 0; i < 7; ++i)
            QVERIFY(taken.next(30s).value() != nullptr);
        QVERIFY(client.api("CONSUMER.INFO.W.d").find(R"("num_ack_pending":7)") != std::string::npos);
        QVERIFY(api.acknowledgeThrough("W", "d", {ConsumerSequence(7), StreamSequence(7)}).hasValue());
        QVERIFY(waitUntil([&] {
            return client.api("CONSUMER.INFO.W.d").find(R"("num_ack_pending":0)") != std::string::npos;
        }));
    }
};

QTEST_GUILESS_MAIN(TestReadOnlyApi)
#include "tst_read_only_api.moc"
