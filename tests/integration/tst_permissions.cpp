// SPDX-License-Identifier: Apache-2.0
#include "model/cluster/cluster_monitor.h"
#include "nats/monitor/monitor_probe.h"
#include "tests/support/broker.h"

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
        QTest::addColumn<int>("refusals");   // in the server's log, at the most
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
        const Broker broker(
            {.extraConfig = fmt::format(
                 R"(accounts {{ A {{ jetstream: enabled, users: [
            {{ user: admin, password: p }},
            {{ user: watcher, password: p, permissions: {{ publish: {{ allow: [{}] }}, subscribe: {{ allow: [{}] }} }} }}
            ] }} }})",
                 allowed(kPublish, missing.toStdString()), allowed(kSubscribe, missing.toStdString()))});
        const auto profileOf = [&](const char* user) {
            ConnectionProfile profile = broker.profile();
            profile.user = user;
            profile.password = SecretReference{"p", SecretReference::Bare::Value};
            return profile;
        };
        TestClient admin(profileOf("admin"));
        admin.createStream(R"({"name":"S","subjects":["s.>"],"storage":"memory"})");
        admin.createConsumer("S", R"({"durable_name":"c","ack_policy":"explicit","filter_subject":"s.b"})");
        admin.publishMany("s.a", "x", 30); // so that the first unread one has to be looked for
        admin.publishMany("s.b", "x", 30);

        const auto watcher = Connection::open(profileOf("watcher")).value();
        ReadOnlyApi api(*watcher);
        MonitorProbe probe(api, {.timeout = std::chrono::seconds(1)});
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
        QVERIFY2(count(log, "Violation") <= static_cast<std::size_t>(refusals), refused.c_str());
    }
};

QTEST_GUILESS_MAIN(TestPermissions)
#include "tst_permissions.moc"
