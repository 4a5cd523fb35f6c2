// SPDX-License-Identifier: Apache-2.0
#include "nats/monitor/info_parser.h"
#include "nats/monitor/list_pages.h"
#include "nats/monitor/monitor_probe.h"
#include "tests/support/broker.h"
#include "tests/support/wait_until.h"

#include <QTest>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <functional>

using namespace jetlag;
using namespace jetlag::test;
using namespace std::chrono_literals;
using Json = nlohmann::json;

namespace {

/// Plays a JetStream API under a prefix of its own, so that a test decides every answer.
class FakeApi final
{
public:
    using Answer = std::function<std::string(const std::string& call, const Json& body)>;

    FakeApi(Broker& broker, Answer answer)
        : FakeApi(broker.profile(), std::move(answer))
    {}
    FakeApi(const ConnectionProfile& profile, Answer answer)
        : m_answerer(openPatiently(profile))
        , m_answer(std::move(answer))
        , m_listening(
              NatsSubscription::calledBack(m_answerer->handle(), "FAKE.API.>", [this](MessageHandle message) {
                  reply(message.get());
              }).value())
    {
        (void)m_answerer->flush(20s);
    }
    static ConnectionProfile profile(Broker& broker)
    {
        ConnectionProfile profile = broker.profile();
        profile.jetStreamApiPrefix = "FAKE.API";
        return profile;
    }

private:
    void reply(natsMsg* message)
    {
        const std::string call =
            std::string(natsMsg_GetSubject(message)).substr(std::string_view("FAKE.API.").size());
        const std::string body(natsMsg_GetData(message),
                               static_cast<std::size_t>(natsMsg_GetDataLength(message)));
        const std::string text = m_answer(call, Json::parse(body, nullptr, false));
        if (!text.empty())
            natsConnection_PublishString(m_answerer->handle(), natsMsg_GetReply(message), text.c_str());
    }

    std::unique_ptr<Connection> m_answerer;
    Answer m_answer;
    NatsSubscription m_listening;
};

Json streamInfo(const std::string& name, int consumers)
{
    return {{"config", {{"name", name}, {"subjects", {name}}}},
            {"created", "2024-01-01T00:00:00Z"},
            {"state", {{"messages", 1}, {"last_seq", 1}, {"first_seq", 1}, {"consumer_count", consumers}}}};
}

Json consumerInfo(const std::string& stream, const std::string& name)
{
    return {{"stream_name", stream}, {"name", name}, {"config", {{"durable_name", name}}}};
}

/// A page of `all` as a server cuts it.
std::string page(const char* list, const std::vector<Json>& all, const Json& body, std::size_t limit,
                 const std::vector<std::string>& missing = {})
{
    const std::size_t offset = body.value("offset", std::size_t(0));
    Json items = Json::array();
    for (std::size_t i = offset; i < all.size() && i < offset + limit; ++i)
        if (!all[i].is_null())
            items.push_back(all[i]);
    Json answer{{"total", all.size()}, {"offset", offset}, {"limit", limit}, {list, items}};
    if (!missing.empty() && offset == 0)
        answer["missing"] = missing;
    return answer.dump();
}

} // namespace

class TestMonitorProbe : public QObject
{
    Q_OBJECT

private slots:
    void pagesAdvanceByTheServersLimit()
    {
        using Offsets = std::vector<std::uint64_t>;
        QVERIFY(ListPages().afterPage({.total = 0, .limit = 256, .items = 0}) == Offsets());
        QVERIFY(ListPages().afterPage({.total = 256, .limit = 256, .items = 256}) == Offsets());
        QVERIFY(ListPages().afterPage({.total = 257, .limit = 256, .items = 256}) == Offsets({256}));
        // Fewer items than the limit: names without an answer leave holes.
        QVERIFY(ListPages().afterPage({.total = 700, .limit = 256, .items = 3}) == Offsets({256, 512}));
        // No limit told, as no server does.
        QVERIFY(ListPages().afterPage({.total = 5, .limit = 0, .items = 2}) == Offsets({2, 4}));
        QVERIFY(ListPages().afterPage({.total = 5, .limit = 0, .items = 0}) == Offsets());
        // The list grows while it is read; an empty last page leaves the total out.
        ListPages growing;
        QVERIFY(growing.afterPage({.total = 300, .limit = 256, .items = 256}) == Offsets({256}));
        QVERIFY(growing.afterPage({.total = 600, .limit = 256, .items = 256}) == Offsets({512}));
        QVERIFY(growing.afterPage({.total = 0, .limit = 256, .items = 0}) == Offsets());
        // An absurd total asks for so many pages and no more.
        QVERIFY(ListPages().afterPage({.total = UINT64_MAX, .limit = 1, .items = 1}).size() < 10'000);
    }

    void answersAreReadTolerantly()
    {
        InfoParser parser;
        const Result<StreamPage> page = parser.streamList(
            R"({"type":"x","total":2,"offset":0,"limit":256,"extra":{"deep":[1,{"a":null}]},"missing":["M"],"streams":[
               {"new_field":[[]],"config":{"name":"A","retention":"by_moon","subjects":["a.>",7,"b"],"max_msgs":"many",
                "num_replicas":3,"max_age":5},"created":"not a time",
                "state":{"messages":18446744073709551615,"bytes":-1,"first_seq":3,"last_ts":"0001-01-01T00:00:00Z","lost":{}},
                "cluster":{"name":"c","leader":"n1","replicas":[{"name":"n2","current":true,"active":1500000000,"peer":"x"},7]},
                "ts":"2030-01-01T00:00:00Z"},
               {"no":"config"}]})");
        QVERIFY2(page.hasValue(), page ? "" : page.error().message().c_str());
        QCOMPARE(page->streams.size(), std::size_t(1)); // without a name it is no row
        const StreamSnapshot& stream = page->streams[0];
        QCOMPARE(stream.name, std::string("A"));
        QCOMPARE(stream.retention, std::string("by_moon"));
        QCOMPARE(stream.subjects, (std::vector<std::string>{"a.>", "", "b"}));
        QCOMPARE(stream.maxMessages, std::int64_t(-1)); // a wrong type: as if it were not there
        QCOMPARE(stream.configuredReplicas, 3u);
        QCOMPARE(stream.messages, UINT64_MAX);
        QCOMPARE(stream.bytes, std::uint64_t(0));
        QVERIFY(stream.created == ServerTime{} && stream.lastTime == ServerTime{});
        QCOMPARE(stream.placement.leader, std::string("n1"));
        QCOMPARE(stream.placement.replicas.size(), std::size_t(1));
        QVERIFY(stream.placement.replicas[0].active == 1500ms);
        QCOMPARE(page->missing, std::vector<std::string>{"M"});
        QVERIFY(page->latest == parseRfc3339("2030-01-01T00:00:00Z").value());

        const Result<ConsumerSnapshot> consumer = parser.consumer(
            R"({"stream_name":"A","name":"c","config":{"filter_subjects":["x","y"],"ack_wait":30000000000,"pause_until":"?"},
               "delivered":{"consumer_seq":5,"stream_seq":9,"last_active":"2024-01-01T00:00:00.5Z"},
               "ack_floor":{"consumer_seq":1,"stream_seq":2},"num_pending":4,"paused":true,"priority_groups":[{}]})");
        QVERIFY(consumer.hasValue());
        QCOMPARE(consumer->filters, (std::vector<std::string>{"x", "y"}));
        QVERIFY(consumer->paused && !consumer->isDurable() && consumer->isPull());
        QCOMPARE(consumer->delivered.stream.value(), std::uint64_t(9));
        QVERIFY(consumer->lastDelivered && !consumer->lastAcked);
        QVERIFY(consumer->ackWait == 30s);

        std::vector<ConsumerSnapshot> rows;
        QVERIFY(parser.consumerList(R"({"total":0,"consumers":null})", rows).hasValue());
        // A broken page leaves no half of itself.
        QVERIFY(!parser.consumerList(R"({"consumers":[{"name":"a"},{"name":"b")", rows).hasValue());
        QVERIFY(rows.empty());
        QCOMPARE(parser
                     .consumerList(
                         R"({"error":{"code":404,"err_code":10059,"description":"stream not found"}})", rows)
                     ->error->errCode,
                 10059);
    }

    void deletedSequencesBecomeRanges()
    {
        InfoParser parser;
        const auto gaps = parser.deleted(
            R"({"config":{"name":"A"},"state":{"messages":9,"first_seq":1,"last_seq":20,"num_deleted":6,
                "deleted":[3,4,5,9,18446744073709551614,18446744073709551615]}})");
        QVERIFY(gaps.hasValue());
        QCOMPARE(gaps->size(), std::size_t(3));
        QVERIFY(gaps->at(0) == (SequenceGap{StreamSequence(3), StreamSequence(5), GapReason::Deleted}));
        QVERIFY(gaps->at(1).first == StreamSequence(9) && gaps->at(1).last == StreamSequence(9));
        QVERIFY(countBetween(gaps->at(2).first, gaps->at(2).last) == 2);
        QVERIFY(parser.deleted(R"({"state":{"deleted":null}})")->empty());
        QVERIFY(parser.deleted(R"({"state":{"messages":1}})")->empty()); // nothing is
        QVERIFY(!parser.deleted(R"({"error":{"code":404,"err_code":10059,"description":"no"}})").hasValue());
        QVERIFY(!parser.deleted(R"({"state":{"deleted":[1,)").hasValue());
    }

    void brokenAnswersAreRefused_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("no object") << QByteArray("[]");
        QTest::newRow("text") << QByteArray("-ERR 'what'");
        QTest::newRow("cut short") << QByteArray(R"({"total":1,"streams":[{"config":{"name":"A")");
        QTest::newRow("cut in a list") << QByteArray(R"({"total":1,"streams":[{"config":{"name":"A"}},)");
    }
    /// As nats-server 2.15.1 answers: it serves one of the two groups that the config names.
    void priorityGroupsTellWhoIsPinned()
    {
        InfoParser parser;
        const auto read = [&](const std::string& groups) {
            return parser
                .consumer(
                    R"({"stream_name":"S","name":"c","config":{"durable_name":"c","priority_groups":["A","B"],)"
                    R"("priority_policy":"pinned_client","priority_timeout":5000000000},"priority_groups":)" +
                    groups + "}")
                .value();
        };
        const ConsumerSnapshot pinned =
            read(R"([{"group":"A","pinned_client_id":"uCXq","pinned_ts":"2026-11-26T02:59:56Z"}])");
        QCOMPARE(pinned.priorityPolicy, std::string("pinned_client"));
        QCOMPARE(pinned.priorityGroups.size(), std::size_t(2));
        QCOMPARE(pinned.priorityGroups[0].name, std::string("A"));
        QVERIFY(pinned.priorityGroups[0].isPinned);
        QVERIFY(!pinned.priorityGroups[1].isPinned);
        const ConsumerSnapshot nobody = read(R"([{"group":"A","pinned_ts":"0001-01-01T00:00:00Z"}])");
        QVERIFY(!nobody.priorityGroups[0].isPinned);
        QCOMPARE(nobody.priorityGroups.size(), std::size_t(2));
        QCOMPARE(read("null").priorityGroups.size(), std::size_t(2));
    }

    void brokenAnswersAreRefused()
    {
        QFETCH(QByteArray, answer);
        InfoParser parser;
        QVERIFY(!parser.streamList(answer.toStdString()).hasValue());
        QVERIFY(!parser.stream(answer.toStdString()).hasValue());
        QVERIFY(
            parser.streamList(R"({"total":0,"streams":[]})").hasValue()); // and the next one is read again
    }

    void everyPageIsAskedForAndRowsComeOnce()
    {
        Broker broker;
        std::vector<Json> streams;
        for (int i = 0; i < 25; ++i)
            streams.push_back(streamInfo(fmt::format("S{:02}", 24 - i), i == 0 ? 23 : i % 2));
        streams.push_back(streams[3]); // deleted and made while paging: seen twice
        streams[10] = nullptr;         // and one whose leader is silent
        streams.push_back(streamInfo("KV_hidden", 5));
        std::vector<Json> consumers;
        for (int i = 0; i < 23; ++i)
            consumers.push_back(consumerInfo("S24", fmt::format("c{:02}", i)));
        std::atomic<int> hiddenAsked = 0;
        FakeApi fake(broker, [&](const std::string& call, const Json& body) -> std::string {
            if (call == "STREAM.LIST")
                return page("streams", streams, body, 7, {"S14"});
            if (call == "CONSUMER.LIST.S24")
                return page("consumers", consumers, body, 4, {"silent"});
            if (call == "CONSUMER.LIST.KV_hidden")
                ++hiddenAsked;
            const std::string stream = call.substr(call.rfind('.') + 1);
            return page("consumers", {consumerInfo(stream, "only")}, body, 4);
        });
        const auto connection = openPatiently(FakeApi::profile(broker));
        ReadOnlyApi api(*connection);
        MonitorProbe probe(api, {.window = 3});
        const Result<ClusterSnapshot> snapshot = probe.look({});
        QVERIFY2(snapshot.hasValue(), snapshot ? "" : snapshot.error().message().c_str());
        QCOMPARE(snapshot->streams.size(), std::size_t(25)); // 24 that answered, and the hidden one
        for (std::size_t i = 1; i < snapshot->streams.size(); ++i)
            QVERIFY(snapshot->streams[i - 1].name < snapshot->streams[i].name);
        QCOMPARE(snapshot->missingStreams, std::vector<std::string>{"S14"});
        QCOMPARE(snapshot->missingConsumers.size(), std::size_t(1));
        QCOMPARE(snapshot->consumers.size(), std::size_t(23 + 12));
        QCOMPARE(snapshot->problems.size(), std::size_t(0));
        QCOMPARE(hiddenAsked.load(), 0);
    }

    void partsThatFailAreSaidAndTheRestIsThere()
    {
        Broker broker;
        FakeApi fake(broker, [](const std::string& call, const Json& body) -> std::string {
            if (call == "STREAM.LIST")
                return page("streams",
                            {streamInfo("bad", 1), streamInfo("gone", 1), streamInfo("good", 1),
                             streamInfo("mute", 1)},
                            body, 256);
            if (call.ends_with("bad"))
                return R"({"error":{"code":503,"err_code":10008,"description":"JetStream system temporarily unavailable"}})";
            if (call.ends_with("gone"))
                return R"({"error":{"code":404,"err_code":10059,"description":"stream not found"}})";
            if (call.ends_with("mute"))
                return {};
            return page("consumers", {consumerInfo("good", "c")}, body, 256);
        });
        const auto connection = openPatiently(FakeApi::profile(broker));
        ReadOnlyApi api(*connection);
        MonitorProbe probe(api, {.timeout = 3s});
        const ClusterSnapshot snapshot = probe.look({}).value();
        QCOMPARE(snapshot.streams.size(), std::size_t(4));
        QCOMPARE(snapshot.consumers.size(), std::size_t(1));
        QCOMPARE(snapshot.problems.size(),
                 std::size_t(2)); // unavailable, timed out; a deleted stream is none
        QCOMPARE(snapshot.unlistedConsumersOf.size(), std::size_t(2));
    }

    // A cluster without a leader lists nothing, yet each stream's own leader still tells of it.
    void whoIsKnownIsAskedOneByOneWhileNoListIsAnswered()
    {
        Broker broker;
        std::atomic<bool> lists = true;
        std::atomic<bool> isMute = false;
        std::atomic<bool> listsNobody = false;
        std::atomic<int> empty = 0;
        FakeApi fake(broker, [&](const std::string& call, const Json& body) -> std::string {
            if (isMute)
                return {};
            if (call == "STREAM.LIST" && listsNobody) {
                ++empty;
                return page("streams", {}, body, 256);
            }
            if (call == "STREAM.LIST")
                return lists ? page("streams", {streamInfo("dead", 1), streamInfo("good", 2)}, body, 256)
                             : "";
            if (call == "CONSUMER.LIST.dead")
                return page("consumers", {consumerInfo("dead", "d")}, body, 256);
            if (call == "CONSUMER.LIST.good")
                return page("consumers", {consumerInfo("good", "a"), consumerInfo("good", "b")}, body, 256);
            if (call == "STREAM.INFO.good")
                return streamInfo("good", 2).dump();
            if (call == "CONSUMER.INFO.good.a")
                return consumerInfo("good", "a").dump();
            if (call == "CONSUMER.INFO.good.b")
                return R"({"error":{"code":404,"err_code":10014,"description":"consumer not found"}})";
            return {};
        });
        const auto connection = openPatiently(FakeApi::profile(broker));
        ReadOnlyApi api(*connection);
        MonitorProbe probe(api, {.timeout = 2s, .patience = 500ms});
        QCOMPARE(probe.look({}).value().consumers.size(), std::size_t(3));

        lists = false;
        const ClusterSnapshot named = probe.look({}).value();
        QCOMPARE(named.streams.size(), std::size_t(1));
        QCOMPARE(named.consumers.size(), std::size_t(1));
        QCOMPARE(named.consumers.front().name, std::string("a"));
        QVERIFY(named.missingStreams == std::vector<std::string>{"dead"});
        // A server without a leader does not know who is gone: only a list drops a row.
        QVERIFY(named.missingConsumers == (std::vector<ConsumerName>{{"dead", "d"}, {"good", "b"}}));
        QCOMPARE(named.problems.size(), std::size_t(1));
        QVERIFY(named.problems.front().find("2 streams and 3 collectors") != std::string::npos);

        isMute = true; // nobody at all
        QVERIFY(probe.look({}).error().code() == ErrorCode::Timeout);

        isMute = false;
        lists = true;
        const auto isListed = [&] {
            const Result<ClusterSnapshot> look = probe.look({});
            return look && look->missingStreams.empty() && look->consumers.size() == 3;
        };
        QVERIFY(waitUntil(isListed));

        // After trouble a list that lacks somebody is believed when it is said twice.
        lists = false;
        QCOMPARE(probe.look({}).value().missingConsumers.size(), std::size_t(2));
        listsNobody = true;
        QVERIFY(waitUntil([&] { return probe.look({}).value().missingConsumers.empty(); }));
        QVERIFY(empty >= 2);
    }

    // More silent ones than a usual window holds, and one that is well behind them all.
    void theSilentDoNotKeepTheOthersWaiting()
    {
        Broker broker;
        std::atomic<bool> lists = true;
        std::vector<Json> consumers;
        for (int i = 0; i < 700; ++i)
            consumers.push_back(consumerInfo("S", fmt::format("c{:03}", i)));
        FakeApi fake(broker, [&](const std::string& call, const Json& body) -> std::string {
            if (call == "STREAM.LIST")
                return lists ? page("streams", {streamInfo("S", 700)}, body, 256) : "";
            if (call == "CONSUMER.LIST.S")
                return page("consumers", consumers, body, 256);
            if (call == "CONSUMER.INFO.S.c699")
                return consumerInfo("S", "c699").dump();
            return {};
        });
        const auto connection = openPatiently(FakeApi::profile(broker));
        ReadOnlyApi api(*connection);
        MonitorProbe probe(api, {.timeout = 2s, .patience = 500ms});
        QCOMPARE(probe.look({}).value().consumers.size(), std::size_t(700));
        lists = false;
        const ClusterSnapshot named = probe.look({}).value();
        QCOMPARE(named.consumers.size(), std::size_t(1));
        QCOMPARE(named.missingConsumers.size(), std::size_t(699));
    }

    // As when a stream had no leader before anybody looked: waiting for it is not what a list usually takes.
    void aListWithHolesIsNotWaitedForTwice()
    {
        Broker broker;
        FakeApi fake(broker, [](const std::string& call, const Json& body) -> std::string {
            if (call == "STREAM.LIST")
                return page("streams", {streamInfo("dead", 1), streamInfo("good", 1)}, body, 256);
            if (call == "CONSUMER.LIST.good")
                return page("consumers", {consumerInfo("good", "a")}, body, 256);
            if (call == "STREAM.INFO.good")
                return streamInfo("good", 1).dump();
            if (call == "CONSUMER.INFO.good.a")
                return consumerInfo("good", "a").dump();
            return {};
        });
        const auto connection = openPatiently(FakeApi::profile(broker));
        ReadOnlyApi api(*connection);
        MonitorProbe probe(api, {.timeout = 1s, .patience = 100ms});
        QVERIFY(probe.look({}).value().unlistedConsumersOf == std::vector<std::string>{"dead"});
        const ClusterSnapshot second = probe.look({}).value();
        QVERIFY(second.missingStreams == std::vector<std::string>{"dead"});
        QVERIFY(second.problems.front().find("one by one") != std::string::npos);
    }

    void whatMayNotBeListedIsNoHole()
    {
        Broker broker({.extraConfig = R"(accounts { A { users: [
            { user: watcher, password: p, permissions: { publish: { deny: ["FAKE.API.CONSUMER.LIST.closed"] } } },
            { user: api, password: p } ] } })"});
        const auto profileOf = [&](const char* user) {
            ConnectionProfile profile = FakeApi::profile(broker);
            profile.user = user;
            profile.password = SecretReference{"p", SecretReference::Bare::Value};
            return profile;
        };
        std::atomic<bool> lists = true;
        FakeApi fake(profileOf("api"), [&](const std::string& call, const Json& body) -> std::string {
            if (!lists)
                return call == "STREAM.INFO.open" ? streamInfo("open", 0).dump() : std::string();
            return page("streams", {streamInfo("closed", 1), streamInfo("open", 0)}, body, 256);
        });
        const auto connection = openPatiently(profileOf("watcher"));
        ReadOnlyApi api(*connection);
        MonitorProbe probe(api, {.timeout = 1s, .patience = 300ms});
        const auto looksByName = [&]() -> std::optional<bool> {
            const Result<ClusterSnapshot> look = probe.look({});
            if (!look)
                return std::nullopt;
            return std::ranges::any_of(look->problems, [](const std::string& one) {
                return one.find("one by one") != std::string::npos;
            });
        };
        QVERIFY(looksByName() == false);
        lists = false;
        QVERIFY(looksByName() == true);
        lists = true;
        QVERIFY(waitUntil([&] { return looksByName() == false; }));
    }

    void anAccountThatMayOnlyListWaitsForTheList()
    {
        Broker broker({.extraConfig = R"(accounts { A { users: [
            { user: lister, password: p, permissions: { publish: { deny: ["FAKE.API.*.INFO.>"] } } },
            { user: api, password: p } ] } })"});
        const auto profileOf = [&](const char* user) {
            ConnectionProfile profile = FakeApi::profile(broker);
            profile.user = user;
            profile.password = SecretReference{"p", SecretReference::Bare::Value};
            return profile;
        };
        const auto answerer = openPatiently(profileOf("api"));
        std::atomic<int> lists = 0;
        const auto answer = [&](natsMsg* request) {
            const std::string text = page("streams", {streamInfo("good", 0)}, Json::object(), 256);
            natsConnection_PublishString(answerer->handle(), natsMsg_GetReply(request), text.c_str());
        };
        auto listening = NatsSubscription::calledBack(answerer->handle(), "FAKE.API.STREAM.LIST",
                                                      [&](MessageHandle request) {
                                                          if (++lists == 2)
                                                              return; // no answer
                                                          answer(request.get());
                                                      });
        QVERIFY(listening.hasValue() && answerer->flush(20s));
        const auto connection = openPatiently(profileOf("lister"));
        ReadOnlyApi api(*connection);
        MonitorProbe probe(api, {.timeout = 2s, .patience = 300ms});
        QVERIFY(probe.look({}).hasValue());
        const Result<ClusterSnapshot> late = probe.look({}); // in which INFO is refused
        QVERIFY(late.error().code() == ErrorCode::Timeout);
        const Result<ClusterSnapshot> listed = probe.look({});
        QVERIFY(listed.hasValue() && listed->problems.empty());
    }

    void withoutTheFirstPageThereIsNothing()
    {
        Broker broker;
        const auto connection = openPatiently(FakeApi::profile(broker));
        ReadOnlyApi api(*connection);
        MonitorProbe probe(api, {});
        const Result<ClusterSnapshot> nobody = probe.look({});
        QVERIFY(nobody.error().code() == ErrorCode::Unavailable);
        QVERIFY(nobody.error().message().starts_with("listing streams: "));
        std::stop_source stopped;
        stopped.request_stop();
        QVERIFY(probe.look(stopped.get_token()).error().code() == ErrorCode::Cancelled);
    }

    /// The whole of what watching needs, and nothing else: the server complains of nothing.
    void readPermissionsAreEnough()
    {
        Broker broker({.extraConfig = R"(accounts { A { jetstream: enabled, users: [
            { user: admin, password: p },
            { user: watcher, password: p, permissions: {
                publish: { allow: ["$JS.API.INFO", "$JS.API.STREAM.NAMES", "$JS.API.STREAM.LIST", "$JS.API.STREAM.INFO.*",
                                   "$JS.API.CONSUMER.NAMES.*", "$JS.API.CONSUMER.LIST.*", "$JS.API.CONSUMER.INFO.*.*",
                                   "$JS.API.DIRECT.GET.*", "$JS.API.DIRECT.GET.*.>", "$JS.API.STREAM.MSG.GET.*"] }
                subscribe: { allow: ["_INBOX.>", "$JS.EVENT.ADVISORY.CONSUMER.>", "$JS.EVENT.ADVISORY.STREAM.>"] } } } ] } })"});
        const auto profileOf = [&](const char* user) {
            ConnectionProfile profile = broker.profile();
            profile.user = user;
            profile.password = SecretReference{"p", SecretReference::Bare::Value};
            return profile;
        };
        TestClient admin(profileOf("admin"));
        admin.createStream(R"({"name":"S","subjects":["s.>"],"storage":"memory"})");
        admin.createConsumer("S", R"({"durable_name":"c","ack_policy":"explicit","filter_subject":"s.a"})");
        admin.publishMany("s.a", "x", 3);
        const std::string before = admin.api("CONSUMER.INFO.S.c");

        const auto watcher = openPatiently(profileOf("watcher"));
        {
            ReadOnlyApi api(*watcher);
            MonitorProbe probe(api, {.includeHidden = true});
            const ClusterSnapshot snapshot = probe.look({}).value();
            QCOMPARE(snapshot.consumers.size(), std::size_t(1));
            QCOMPARE(snapshot.problems.size(), std::size_t(0));
            const OldestMessageQuery query{"S", StreamSequence(1), {"s.a"}};
            QCOMPARE(probe.oldestMessages(std::span(&query, 1), {}).at(0)->sequence.value(),
                     std::uint64_t(2));
        }
        QCOMPARE(admin.api("CONSUMER.INFO.S.c"), before);
        QVERIFY(broker.log().find("iolation") == std::string::npos);
        // The log would show one.
        (void)watcher->request("$JS.API.STREAM.PURGE.S", "", 20s);
        QVERIFY(waitUntil([&] { return broker.log().find("iolation") != std::string::npos; }));
    }
};

QTEST_GUILESS_MAIN(TestMonitorProbe)
#include "tst_monitor_probe.moc"
