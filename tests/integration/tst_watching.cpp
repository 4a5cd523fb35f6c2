// SPDX-License-Identifier: Apache-2.0
//
// Watching leaves no trace: report, events, replay and capture, as processes, on streams of every retention.
// With an account that may do no more than watching needs, and with one that may do everything.

#include "nats/client/subscription.h"
#include "tests/support/broker.h"
#include "tests/support/ctl.h"
#include "tests/support/temp_folder.h"
#include "tests/support/wait_until.h"

#include <QJsonArray>
#include <QTest>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <mutex>

using namespace jetlag;
using namespace jetlag::test;
using namespace std::chrono_literals;

namespace {

using Json = nlohmann::json;

constexpr int kMessages = 300;

struct Watched
{
    const char* name;
    const char* config; ///< what follows the subjects
};

constexpr Watched kStreams[] = {
    {"LIMITS", R"("allow_direct":true)"},
    {"LEADER", R"("allow_direct":false)"}, // read through the stream's leader
    {"QUEUE", R"("allow_direct":true,"retention":"workqueue")"},
    {"INTEREST", R"("allow_direct":true,"retention":"interest")"},
};

// The calls that only read, the answers to them, and what servers and collectors tell of their own accord.
constexpr const char* kAccounts = R"(accounts { A { jetstream: enabled, users: [
    { user: admin, password: p },
    { user: watcher, password: p, permissions: {
        publish: { allow: ["$JS.API.INFO", "$JS.API.STREAM.NAMES", "$JS.API.STREAM.LIST", "$JS.API.STREAM.INFO.*",
                           "$JS.API.CONSUMER.NAMES.*", "$JS.API.CONSUMER.LIST.*", "$JS.API.CONSUMER.INFO.*.*",
                           "$JS.API.DIRECT.GET.*", "$JS.API.STREAM.MSG.GET.*"] }
        subscribe: { allow: ["_INBOX.>", "$JS.EVENT.ADVISORY.CONSUMER.>", "$JS.EVENT.ADVISORY.STREAM.>"] } } } ] } })";

/// With the user's name for a password.
QString addressOf(const Broker& broker, const char* user)
{
    return QStringLiteral("nats://%1:%1@127.0.0.1:%2").arg(QLatin1String(user)).arg(broker.port());
}

QString text(const std::string& bytes)
{
    return QString::fromStdString(bytes);
}

} // namespace

class TestWatching : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<TempFolder> m_folder;
    std::unique_ptr<Ctl> m_ctl;
    std::unique_ptr<Broker> m_broker;
    std::unique_ptr<TestClient> m_admin;

    ConnectionProfile profileOf(const char* user) const
    {
        ConnectionProfile profile = m_broker->profile();
        profile.user = user;
        profile.password = SecretReference{"p", SecretReference::Bare::Value};
        return profile;
    }

    // A durable with something of everything: delivered, acked, delivered and not acked, still to come.
    void makeDurable(const std::string& stream, const std::string& name, const std::string& filter,
                     int delivered, int acked)
    {
        m_admin->createConsumer(stream, Json{{"durable_name", name},
                                             {"ack_policy", "explicit"},
                                             {"ack_wait", std::chrono::nanoseconds(1h).count()},
                                             {"filter_subject", filter}}
                                            .dump());
        m_pulls.push_back({stream, name, filter, delivered, acked});
    }

    void pullAndAck()
    {
        const Result<JetStreamHandle> jetStream = m_admin->connection().jetStream();
        QVERIFY(jetStream.hasValue());
        for (const Pull& pull : m_pulls) {
            if (pull.delivered == 0)
                continue;
            jsSubOptions options;
            jsSubOptions_Init(&options);
            options.Stream = pull.stream.c_str();
            options.Consumer = pull.consumer.c_str();
            natsSubscription* raw = nullptr;
            QVERIFY(js_PullSubscribe(&raw, jetStream->get(),
                                     pull.filter.empty() ? nullptr : pull.filter.c_str(),
                                     pull.consumer.c_str(), nullptr, &options, nullptr) == NATS_OK);
            const std::unique_ptr<natsSubscription, NatsDeleter<&natsSubscription_Destroy>> subscription(raw);
            natsMsgList messages{};
            QVERIFY(natsSubscription_Fetch(&messages, raw, pull.delivered, 30'000, nullptr) == NATS_OK);
            QCOMPARE(messages.Count, pull.delivered);
            for (int i = 0; i < pull.acked; ++i)
                QVERIFY(natsMsg_AckSync(messages.Msgs[i], nullptr, nullptr) == NATS_OK);
            natsMsgList_Destroy(&messages);
        }
    }

    /// Everything the server tells of streams and consumers: configurations, names, offsets, counters,
    /// states.
    std::string everything() const
    {
        Json all;
        for (const char* call : {"STREAM.LIST", "INFO"}) {
            Json answer = Json::parse(m_admin->api(call));
            answer.erase("api"); // counts the questions themselves
            all[call] = std::move(answer);
        }
        for (const Watched& stream : kStreams) {
            const std::string name = stream.name;
            Json consumers = Json::parse(m_admin->api("CONSUMER.LIST." + name))["consumers"];
            std::sort(consumers.begin(), consumers.end(),
                      [](const Json& a, const Json& b) { return a["name"] < b["name"]; });
            all["consumers of " + name] = std::move(consumers);
        }
        return withoutClocks(std::move(all)).dump(1);
    }
    // Newer servers add the time of the answer to it.
    static Json withoutClocks(Json value)
    {
        if (value.is_object())
            value.erase("ts");
        if (value.is_structured()) {
            for (Json& part : value)
                part = withoutClocks(std::move(part));
        }
        return value;
    }

    // What a stream still holds: one was deleted; work queues and interest streams dropped the two that were
    // acked.
    static int left(const QString& line)
    {
        const bool drops = line.contains(QLatin1String("QUEUE")) || line.contains(QLatin1String("INTEREST"));
        return kMessages - 1 - (drops ? 2 : 0);
    }

    QStringList words(const QString& line, const char* user) const
    {
        return QString(line)
            .replace(QLatin1String("%1"), text(m_folder->path().string()))
            .append(QStringLiteral(" --server nats://%1:p@127.0.0.1:%2")
                        .arg(QLatin1String(user))
                        .arg(m_broker->port()))
            .split(QLatin1Char(' '), Qt::SkipEmptyParts);
    }

    struct Pull
    {
        std::string stream;
        std::string consumer;
        std::string filter; ///< empty = none
        int delivered;
        int acked;
    };
    std::vector<Pull> m_pulls;

private slots:
    void initTestCase()
    {
        m_folder = std::make_unique<TempFolder>();
        m_ctl = std::make_unique<Ctl>(text((*m_folder / "xdg").string()));
        m_broker = std::make_unique<Broker>(BrokerOptions{.extraConfig = kAccounts});
        m_admin = std::make_unique<TestClient>(profileOf("admin"));
        for (const Watched& stream : kStreams) {
            const std::string name = stream.name;
            m_admin->createStream(fmt::format(R"({{"name":"{0}","subjects":["{0}.>"],"storage":"file",{1}}})",
                                              name, stream.config));
            // A work queue takes no two consumers that want the same.
            makeDurable(name, "first", name == "QUEUE" ? "QUEUE.a" : "", /*delivered=*/5, /*acked=*/2);
            makeDurable(name, "second", name + ".b", /*delivered=*/0, /*acked=*/0);
            for (const char* subject : {".a", ".b", ".a"})
                m_admin->publishMany(name + subject, "payload", kMessages / 3);
        }
        pullAndAck();
        // A hole in the middle, for readers to fill.
        for (const Watched& stream : kStreams)
            m_admin->api(std::string("STREAM.MSG.DELETE.") + stream.name, R"({"seq":150})");
    }

    void nothingIsLeftBehind_data()
    {
        QTest::addColumn<QByteArray>("user");
        QTest::addColumn<QString>("line");
        QTest::addColumn<bool>("untilStopped");
        for (const char* user : {"watcher", "admin"}) {
            const auto row = [user](const QString& line, bool untilStopped = false) {
                QTest::addRow("%s: %s", user, qPrintable(line)) << QByteArray(user) << line << untilStopped;
            };
            row(QStringLiteral("report --all --format json"));
            row(QStringLiteral("report --watch --format json"), /*untilStopped=*/true);
            for (const Watched& stream : kStreams) {
                const QString name = QLatin1String(stream.name);
                row(QStringLiteral("events %1s --count 1000 --format json")
                        .replace(QLatin1String("%1s"), name));
                row(QStringLiteral("replay traffic --format json --stream ") + name);
                row(QStringLiteral("replay traffic --workers 2 --like second --format json --stream ") +
                    name);
                row(QStringLiteral("capture record %2 -o %1/%2.jetlag --force --format json")
                        .replace(QLatin1String("%2"), name));
                row(QStringLiteral("capture record %2 -o %1/%2f.jetlag --force --follow --format json")
                        .replace(QLatin1String("%2"), name),
                    /*untilStopped=*/true);
            }
        }
    }
    void nothingIsLeftBehind()
    {
        QFETCH(QByteArray, user);
        QFETCH(QString, line);
        QFETCH(bool, untilStopped);
        // What comes and goes in between shows in the server's own notices.
        std::mutex mutex;
        QStringList noticed;
        const Result<NatsSubscription> notices = NatsSubscription::calledBack(
            m_admin->connection().handle(), "$JS.EVENT.ADVISORY.*.>", [&](MessageHandle message) {
                const QString subject = QString::fromUtf8(natsMsg_GetSubject(message.get()));
                const std::lock_guard lock(mutex);
                noticed << subject;
            });
        QVERIFY(notices.hasValue());
        QVERIFY(m_admin->connection().flush(20s).hasValue());
        const std::string before = everything();

        CtlEnd end;
        if (untilStopped) {
            const std::unique_ptr<QProcess> process = m_ctl->start(words(line, user.constData()));
            QByteArray out;
            const bool record = line.startsWith(QLatin1String("capture"));
            // A record says how many it has on stderr, a report is a line each second.
            const auto isSeen = [&] {
                out += process->readAllStandardOutput() + process->readAllStandardError();
                return record ? out.contains(" " + QByteArray::number(left(line)) + " ")
                              : out.count('\n') >= 2;
            };
            QTRY_VERIFY2_WITH_TIMEOUT(isSeen(), out.constData(), 60'000);
            end = Ctl::interrupt(*process);
        } else {
            end = m_ctl->run(words(line, user.constData()));
        }
        QVERIFY2(end.exitCode == 0, end.describe().constData());
        QVERIFY2(!end.err.contains("ermission"), end.describe().constData());

        QCOMPARE(text(everything()), text(before));
        QVERIFY(m_admin->connection().flush(20s).hasValue());
        const std::lock_guard lock(mutex);
        QVERIFY2(noticed.isEmpty(), qPrintable(noticed.join(QLatin1Char('\n'))));
        QVERIFY2(m_broker->log().find("iolation") == std::string::npos, m_broker->log().c_str());
    }

    // The same answers to who may only read.
    void readingIsEnoughForTheSameAnswers_data()
    {
        QTest::addColumn<QString>("stream");
        for (const Watched& stream : kStreams)
            QTest::newRow(stream.name) << QString::fromLatin1(stream.name);
    }
    void readingIsEnoughForTheSameAnswers()
    {
        QFETCH(QString, stream);
        const QString line = QStringLiteral("replay traffic --format json --stream ") + stream;
        const CtlEnd watcher = m_ctl->run(words(line, "watcher"));
        const CtlEnd admin = m_ctl->run(words(line, "admin"));
        QVERIFY2(watcher.exitCode == 0, watcher.describe().constData());
        QCOMPARE(watcher.json()[QStringLiteral("events")].toInt(), left(stream));
        QVERIFY(watcher.json()[QStringLiteral("digest")] == admin.json()[QStringLiteral("digest")]);
        const CtlEnd captured =
            m_ctl->run({QStringLiteral("replay"), QStringLiteral("traffic"), QStringLiteral("--format"),
                        QStringLiteral("json"), QStringLiteral("--capture"),
                        text((*m_folder / (stream.toStdString() + ".jetlag")).string())});
        QVERIFY2(captured.exitCode == 0, captured.describe().constData());
        QVERIFY(captured.json()[QStringLiteral("digest")] == watcher.json()[QStringLiteral("digest")]);
    }

    // The proof that a trace would have been seen above: a consumer that comes, one that only pulls, a denied
    // call.
    void whatIsTouchedShows()
    {
        const std::string before = everything();
        m_admin->createConsumer("LIMITS", R"({"durable_name":"third","ack_policy":"explicit"})");
        QVERIFY(everything() != before);
        m_admin->api("CONSUMER.DELETE.LIMITS.third");
        QCOMPARE(text(everything()), text(before));
        m_pulls = {{"LIMITS", "second", "LIMITS.b", 1, 0}};
        pullAndAck();
        QVERIFY(everything() != before);
    }
    void whatIsDeniedShows()
    {
        const auto watcher = openPatiently(profileOf("watcher"));
        (void)watcher->request("$JS.API.CONSUMER.DURABLE.CREATE.LIMITS.x", "{}", 3s);
        QVERIFY(waitUntil([&] { return m_broker->log().find("iolation") != std::string::npos; }));
        const CtlEnd collector = m_ctl->run(words(
            QStringLiteral("collector traffic --stream LIMITS --name x --until-caught-up --state %1/state"),
            "watcher"));
        QVERIFY2(collector.exitCode == 3, collector.describe().constData());
        QVERIFY2(collector.err.contains("CONSUMER") || collector.err.contains("ermission"),
                 collector.describe().constData());
    }

    // An account that may read no message still has its report.
    void whatIsMissingIsSaidAndCostsNothingElse()
    {
        Broker broker({.extraConfig = R"(
authorization { users: [
  { user: admin, password: admin }
  { user: monitor, password: monitor, permissions: {
      publish: { deny: [ "$JS.API.STREAM.MSG.GET.*", "$JS.API.DIRECT.GET.*" ] } } } ] }
)"});
        TestClient client(profileFromUrl(addressOf(broker, "admin").toStdString()));
        client.createStream(R"({"name":"LIMITS","subjects":["LIMITS.>"],"allow_direct":true})");
        client.createConsumer("LIMITS",
                              R"({"durable_name":"c","ack_policy":"explicit","filter_subject":"LIMITS.a"})");
        client.publishMany("LIMITS.a", "payload", 30);
        const TempFolder folder;
        const Ctl ctl(QString::fromStdString((folder / "state").string()));
        const CtlEnd report =
            ctl.run({QStringLiteral("report"), QStringLiteral("--format"), QStringLiteral("json"),
                     QStringLiteral("--server"), addressOf(broker, "monitor")});
        QVERIFY2(report.exitCode == 0, report.describe());
        const QJsonObject row = report.json()[QStringLiteral("collectors")].toArray().first().toObject();
        QCOMPARE(row[QStringLiteral("lag")].toInteger(), 30);
        // Of an unfiltered one the stream's own times would tell it; this one takes a read.
        QVERIFY2(row[QStringLiteral("time_lag_seconds")].isNull(), report.describe());
        const CtlEnd replay =
            ctl.run({QStringLiteral("replay"), QStringLiteral("traffic"), QStringLiteral("--stream"),
                     QStringLiteral("LIMITS"), QStringLiteral("--server"), addressOf(broker, "monitor")});
        QVERIFY2(replay.exitCode == 3, replay.describe());
        QVERIFY2(replay.err.contains("GET"), replay.describe());
        // And the server's log is where refusals show: the test above would see one.
        QVERIFY(broker.log().find("Violation") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestWatching)
#include "tst_watching.moc"
