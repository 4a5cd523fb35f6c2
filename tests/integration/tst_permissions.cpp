// SPDX-License-Identifier: Apache-2.0
#include "model/cluster/cluster_monitor.h"
#include "nats/monitor/monitor_probe.h"
#include "tests/support/broker.h"
#include "tests/support/fake_clock.h"

#include <QTest>
#include <fmt/format.h>

using namespace jetlag;
using namespace jetlag::test;

namespace {

/// All that watching needs.
const std::vector<std::string> kPublish{"$JS.API.INFO",
                                        "$JS.API.STREAM.NAMES",
                                        "$JS.API.STREAM.LIST",
                                        "$JS.API.STREAM.INFO.*",
                                        "$JS.API.CONSUMER.NAMES.*",
                                        "$JS.API.CONSUMER.LIST.*",
                                        "$JS.API.CONSUMER.INFO.*.*",
                                        "$JS.API.DIRECT.GET.*",
                                        "$JS.API.STREAM.MSG.GET.*"};
const std::vector<std::string> kSubscribe{"_INBOX.>", "$JS.EVENT.ADVISORY.CONSUMER.>",
                                          "$JS.EVENT.ADVISORY.STREAM.>"};
constexpr int kLooks = 5;

/// How long an answer may take. Without an inbox none comes, and each question takes all of it.
std::chrono::seconds patienceWithout(const std::string& missing)
{
    return std::chrono::seconds(missing == "_INBOX.>" ? 1 : 10);
}

std::string allowed(const std::vector<std::string>& subjects, const std::string& but)
{
    std::string list;
    for (const std::string& subject : subjects) {
        if (subject != but)
            list += fmt::format("{}\"{}\"", list.empty() ? "" : ", ", subject);
    }
    return list;
}

std::size_t count(const std::string& text, const std::string& what)
{
    std::size_t found = 0;
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1))
        ++found;
    return found;
}

/// The config of an account with an administrator and with a watcher who may do all that watching needs, but
/// one thing.
std::string accountWithout(const std::string& missing)
{
    return fmt::format(
        R"(accounts {{ A {{ jetstream: enabled, users: [
            {{ user: admin, password: p }},
            {{ user: watcher, password: p, permissions: {{ publish: {{ allow: [{}] }}, subscribe: {{ allow: [{}] }} }} }}
            ] }} }})",
        allowed(kPublish, missing), allowed(kSubscribe, missing));
}

ConnectionProfile profileOf(const Broker& broker, const char* user)
{
    ConnectionProfile profile = broker.profile();
    profile.user = user;
    profile.password = SecretReference{"p", SecretReference::Bare::Value};
    return profile;
}

void fillStream(TestClient& admin)
{
    admin.createStream(R"({"name":"S","subjects":["s.>"],"storage":"memory"})");
    admin.createConsumer("S", R"({"durable_name":"c","ack_policy":"explicit","filter_subject":"s.b"})");
    admin.publishMany("s.a", "x", 30); // so that the first unread one has to be looked for
    admin.publishMany("s.b", "x", 30);
}

/// What a look shows, in words: "streams collectors time-lag count advisories", as far as they are there.
class Watcher
{
public:
    Watcher(const Broker& broker, const Clock& clock, std::chrono::milliseconds timeout)
        : m_connection(openPatiently(profileOf(broker, "watcher")))
        , m_api(*m_connection)
        , m_probe(m_api, {.timeout = timeout, .clock = &clock})
        , m_monitor(m_probe)
    {}

    QString look(TestClient& admin)
    {
        // Both kinds of advisories, from before the look.
        admin.createStream(R"({"name":"T","subjects":["t"],"storage":"memory"})");
        admin.createConsumer("T", R"({"durable_name":"d","ack_policy":"explicit"})");
        admin.api("STREAM.DELETE.T");
        (void)admin.connection().flush(std::chrono::seconds(20));
        (void)m_connection->flush(std::chrono::seconds(20));
        QStringList seen;
        if (const Result<ClusterReport> report = m_monitor.sample(false)) {
            m_said = fmt::format("{}", fmt::join(report->problems, "\n"));
            if (!report->streams.empty())
                seen << QStringLiteral("streams");
            if (!report->collectors.empty())
                seen << QStringLiteral("collectors");
            if (!report->collectors.empty() && report->collectors.front().timeLagSeconds)
                seen << QStringLiteral("time-lag");
            for (const char* kind : {"stream_action", "consumer_action"}) {
                if (std::ranges::any_of(report->advisories,
                                        [&](const Advisory& one) { return one.kind == kind; }))
                    seen << QLatin1String(kind);
            }
        } else {
            m_said = report.error().message();
        }
        const MatchingQuery query{"S", {"s.b"}};
        if (m_probe.countMatching({&query, 1}, {}).front())
            seen << QStringLiteral("count");
        (void)m_connection->flush(std::chrono::seconds(20));
        return seen.join(QLatin1Char(' '));
    }
    /// The troubles of the last look.
    [[nodiscard]] const std::string& said() const { return m_said; }

private:
    std::unique_ptr<Connection> m_connection;
    ReadOnlyApi m_api;
    MonitorProbe m_probe;
    ClusterMonitor m_monitor;
    std::string m_said;
};

} // namespace

/// An account that lacks one permission lacks what that gives and nothing else, is told which one to ask for,
/// and does not fill the server's log with refusals. What the table of abilities says of each:
/// tst_ability_probe.
class TestPermissions : public QObject
{
    Q_OBJECT

private slots:
    void eachMissingPermissionCostsItsOwnColumn_data()
    {
        QTest::addColumn<QString>("missing");
        QTest::addColumn<bool>("hasStreams");
        QTest::addColumn<bool>("hasCollectors");
        QTest::addColumn<bool>("hasTimeLag");
        QTest::addColumn<QString>("askFor"); // in what is said; empty = nothing is said
        QTest::addColumn<int>("refusals");   // in the server's log
        QTest::newRow("none") << "" << true << true << true << "" << 0;
        for (const char* unused : {"$JS.API.INFO", "$JS.API.STREAM.NAMES", "$JS.API.CONSUMER.NAMES.*",
                                   "$JS.API.CONSUMER.INFO.*.*", "$JS.API.DIRECT.GET.*"})
            QTest::newRow(unused) << unused << true << true << true << "" << 0;
        QTest::newRow("stream info") << "$JS.API.STREAM.INFO.*" << true << true << true
                                     << "$JS.API.STREAM.INFO.S" << 1;
        QTest::newRow("message get") << "$JS.API.STREAM.MSG.GET.*" << true << true << false
                                     << "$JS.API.STREAM.MSG.GET.S" << 1;
        QTest::newRow("collectors") << "$JS.API.CONSUMER.LIST.*" << true << false << false
                                    << "$JS.API.CONSUMER.LIST.S" << 1;
        QTest::newRow("streams") << "$JS.API.STREAM.LIST" << false << false << false << "$JS.API.STREAM.LIST"
                                 << 1;
        QTest::newRow("collector advisories")
            << "$JS.EVENT.ADVISORY.CONSUMER.>" << true << true << true << "" << 1;
        QTest::newRow("stream advisories")
            << "$JS.EVENT.ADVISORY.STREAM.>" << true << true << true << "" << 1;
        QTest::newRow("inbox") << "_INBOX.>" << false << false << false << "_INBOX" << 2;
    }
    void eachMissingPermissionCostsItsOwnColumn()
    {
        QFETCH(QString, missing);
        QFETCH(bool, hasStreams);
        QFETCH(bool, hasCollectors);
        QFETCH(bool, hasTimeLag);
        QFETCH(QString, askFor);
        QFETCH(int, refusals);
        const Broker broker({.extraConfig = accountWithout(missing.toStdString())});
        TestClient admin(profileOf(broker, "admin"));
        fillStream(admin);

        const auto watcher = openPatiently(profileOf(broker, "watcher"));
        ReadOnlyApi api(*watcher);
        MonitorProbe probe(api, {.timeout = patienceWithout(missing.toStdString())});
        ClusterMonitor monitor(probe);
        Result<ClusterReport> report = monitor.sample(false);
        std::string said;
        for (int look = 1; look < kLooks; ++look) {
            report = monitor.sample(false);
            said = report ? fmt::format("{}", fmt::join(report->problems, "\n")) : report.error().message();
        }
        QCOMPARE(report && report->streams.size() == 1, hasStreams);
        QCOMPARE(report && report->collectors.size() == 1, hasCollectors);
        QCOMPARE(hasCollectors && report->collectors.front().timeLagSeconds.has_value(), hasTimeLag);
        if (hasCollectors)
            QCOMPARE(report->collectors.front().consumer.pending, std::uint64_t(30));
        QVERIFY2(askFor.isEmpty() ? said.empty() : said.find(askFor.toStdString()) != std::string::npos,
                 said.c_str());
        QVERIFY(watcher->flush(std::chrono::seconds(20)).hasValue()); // the log has it all
        const std::string log = broker.log();
        const std::string refused = log.substr(std::min(log.find("Violation"), log.size()));
        // A busy machine may take what was refused for lost and ask once more; at each look it would be more.
        QVERIFY2(count(log, "Violation") <= 2 * static_cast<std::size_t>(refusals), refused.c_str());
    }

    /// A server that reads its config anew keeps connections and tells nobody. What was refused is asked for
    /// again after a minute, by the product's own monitor, and all is there without a restart.
    void whatIsAllowedLaterComesBack_data()
    {
        QTest::addColumn<QString>("missing");
        // Of what a look shows. Where there is nothing to show, advisories wait.
        QTest::addColumn<QString>("lacks");
        QTest::newRow("streams") << "$JS.API.STREAM.LIST"
                                 << "streams collectors time-lag stream_action consumer_action";
        QTest::newRow("collectors") << "$JS.API.CONSUMER.LIST.*"
                                    << "collectors time-lag";
        QTest::newRow("message get") << "$JS.API.STREAM.MSG.GET.*"
                                     << "time-lag";
        QTest::newRow("stream info") << "$JS.API.STREAM.INFO.*"
                                     << "count";
        QTest::newRow("stream advisories") << "$JS.EVENT.ADVISORY.STREAM.>"
                                           << "stream_action";
        QTest::newRow("collector advisories") << "$JS.EVENT.ADVISORY.CONSUMER.>"
                                              << "consumer_action";
        QTest::newRow("inbox") << "_INBOX.>"
                               << "streams collectors time-lag stream_action consumer_action count";
    }
    void whatIsAllowedLaterComesBack()
    {
        QFETCH(QString, missing);
        QFETCH(QString, lacks);
        const QStringList all{"streams",       "collectors",      "time-lag",
                              "stream_action", "consumer_action", "count"};
        QStringList part = all;
        for (const QString& lacking : lacks.split(QLatin1Char(' ')))
            part.removeOne(lacking);

        Broker broker({.extraConfig = accountWithout(missing.toStdString())});
        TestClient admin(profileOf(broker, "admin"));
        fillStream(admin);
        FakeClock clock;
        Watcher watcher(broker, clock, patienceWithout(missing.toStdString()));
        const auto shows = [&](const QStringList& wanted) {
            return waitUntil([&] { return watcher.look(admin) == wanted.join(QLatin1Char(' ')); });
        };
        QVERIFY2(shows(part), qPrintable(watcher.look(admin)));
        const std::size_t refusals = count(broker.log(), "Violation");
        QVERIFY(refusals > 0);

        broker.reload(accountWithout({}));
        // Not yet asked for again. Of the rest a look may show less: advisories come when they come.
        const QStringList early = watcher.look(admin).split(QLatin1Char(' '));
        for (const QString& lacking : lacks.split(QLatin1Char(' ')))
            QVERIFY2(!early.contains(lacking), qPrintable(early.join(QLatin1Char(' '))));
        QCOMPARE(count(broker.log(), "Violation"), refusals);
        clock.advance(std::chrono::seconds(61));
        QVERIFY2(shows(all), qPrintable(watcher.look(admin)));
        QVERIFY2(watcher.said().empty(), watcher.said().c_str());
        QCOMPARE(count(broker.log(), "Violation"), refusals);
    }

    /// And what is still refused costs one line in the server's log for each minute.
    void whatStaysRefusedIsAskedOnceAMinute_data() { whatIsAllowedLaterComesBack_data(); }
    void whatStaysRefusedIsAskedOnceAMinute()
    {
        QFETCH(QString, missing);
        const Broker broker({.extraConfig = accountWithout(missing.toStdString())});
        TestClient admin(profileOf(broker, "admin"));
        fillStream(admin);
        FakeClock clock;
        Watcher watcher(broker, clock, patienceWithout(missing.toStdString()));
        std::size_t before = 0;
        for (int minute = 0; minute < 3; ++minute) {
            for (int look = 0; look < 4; ++look)
                (void)watcher.look(admin);
            const std::size_t now = count(broker.log(), "Violation");
            QVERIFY2(now > before, "it is asked for again");
            // An inbox each for lists, reads, and the count that this test asks for; and once more, as above.
            // At each look it would be twice as many.
            QVERIFY2(now - before <= (missing == QLatin1String("_INBOX.>") ? 6 : 2), broker.log().c_str());
            before = now;
            clock.advance(std::chrono::seconds(61));
        }
    }
};

QTEST_GUILESS_MAIN(TestPermissions)
#include "tst_permissions.moc"
