// SPDX-License-Identifier: Apache-2.0
//
// The collector as a process, when acks come too early or too late, and on a cluster that loses its leader.

#include "model/engine/sqlite_checkpoint_store.h"
#include "model/workload/workload.h"
#include "tests/support/broker.h"
#include "tests/support/ctl.h"
#include "tests/support/temp_folder.h"

#include <QJsonArray>
#include <QTest>

using namespace jetlag;
using namespace jetlag::test;

namespace {

QString text(const std::string& bytes)
{
    return QString::fromStdString(bytes);
}

QStringList words(const char* line)
{
    return QString::fromLatin1(line).split(QLatin1Char(' '), Qt::SkipEmptyParts);
}

} // namespace

class TestCollectorFaults : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<TempFolder> m_folder;
    std::unique_ptr<Ctl> m_ctl;
    QString m_server;

    QStringList collector(const char* more, const char* ackWait = "1s") const
    {
        return words("collector hdfs --stream HDFS --name c --format json --ack-wait") + words(ackWait) +
               words(more) +
               QStringList{QStringLiteral("--state"), text((*m_folder / "state").string()),
                           QStringLiteral("--server"), m_server};
    }
    CtlEnd hook() const
    {
        return m_ctl->run(
            words("hook hdfs --stream HDFS --format json") +
            QStringList{text((*m_folder / "logs").string()), QStringLiteral("--server"), m_server});
    }
    QString logDigest() const
    {
        const CtlEnd end = m_ctl->run(words("replay hdfs --format json --log") +
                                      QStringList{text((*m_folder / "logs").string())});
        return end.json()[QStringLiteral("digest")].toString();
    }
    QJsonObject consumer() const
    {
        const CtlEnd end = m_ctl->run(words("report --format json --server") + QStringList{m_server});
        return end.json()[QStringLiteral("collectors")].toArray().first().toObject();
    }
    qint64 ackFloor() const { return consumer()[QStringLiteral("ack_floor")].toInteger(); }
    qint64 checkpointed() const
    {
        Result<std::unique_ptr<SqliteCheckpointStore>> store =
            SqliteCheckpointStore::open((*m_folder / "state").string());
        if (!store)
            return 0;
        const Result<std::optional<RestoredState>> loaded = (*store)->load();
        return loaded && *loaded ? qint64((*loaded)->header.sequence.value()) : 0;
    }

private slots:
    void init()
    {
        m_folder = std::make_unique<TempFolder>();
        m_ctl = std::make_unique<Ctl>(text((*m_folder / "xdg").string()));
        const Result<void> written = writeWorkload("hdfs", *m_folder / "logs", 3'000, 1, /*seed=*/3);
        QVERIFY2(written.hasValue(), written ? "" : written.error().message().c_str());
    }

    void acksBeforeTheCheckpointAreFoundOut()
    {
        // The mutant: on an interest stream an acked message is gone, so a collector that acks first and
        // checkpoints then cannot go on, and must say so instead of losing events in silence.
        constexpr auto kAckWait = "8s"; // a checkpoint each second
        Broker broker;
        m_server = text(broker.url());
        broker.client().createStream(
            R"({"name":"HDFS","subjects":["hdfs.>"],"retention":"interest","storage":"file","allow_direct":true})");
        const CtlEnd first = m_ctl->run(collector("--until-caught-up", kAckWait));
        QVERIFY2(first.exitCode == 0, first.describe());
        const CtlEnd published = hook();
        QVERIFY2(published.exitCode == 0, published.describe());
        // Until it is killed between an ack and the checkpoint of it.
        qint64 acked = 0;
        do {
            const qint64 before = acked;
            auto process = m_ctl->start(collector("--max-rate 300", kAckWait),
                                        {QStringLiteral("JETLAG_FAIL_POINT=ack-before-checkpoint")});
            QTRY_VERIFY_WITH_TIMEOUT(ackFloor() > before, 60'000);
            Ctl::kill(*process);
            acked = ackFloor();
        } while (acked <= checkpointed());
        const CtlEnd after = m_ctl->run(collector("--until-caught-up", kAckWait));
        QVERIFY2(after.exitCode == 3, after.describe());
        QVERIFY2(after.err.contains("--accept-partial"), after.describe());
        const CtlEnd partial = m_ctl->run(collector("--until-caught-up --accept-partial", kAckWait));
        QVERIFY2(partial.exitCode == 0, partial.describe());
        QVERIFY(partial.json()[QStringLiteral("partial")].toBool());
    }

    void acksThatComeTooLateCostNothing()
    {
        Broker broker;
        m_server = text(broker.url());
        QVERIFY(hook().exitCode == 0);
        const CtlEnd end = m_ctl->run(collector("--until-caught-up --max-rate 600"),
                                      {QStringLiteral("JETLAG_FAIL_POINT=hold-acks-ms=2500")});
        QVERIFY2(end.exitCode == 0, end.describe());
        qInfo("redelivered %lld, lost %lld", end.json()[QStringLiteral("redelivered")].toInteger(),
              end.json()[QStringLiteral("lost")].toInteger());
        QVERIFY(end.json()[QStringLiteral("redelivered")].toInteger() > 0);
        QCOMPARE(end.json()[QStringLiteral("events")].toInteger(), 3'000);
        QCOMPARE(end.json()[QStringLiteral("digest")].toString(), logDigest());
    }

    void aStateOfAnotherStreamIsRefused()
    {
        Broker broker;
        m_server = text(broker.url());
        QVERIFY(hook().exitCode == 0);
        QVERIFY(m_ctl->run(collector("--until-caught-up")).exitCode == 0);
        TestClient client = broker.client();
        client.api("STREAM.DELETE.HDFS");
        client.createStream(R"({"name":"HDFS","subjects":["hdfs.>"],"storage":"file","allow_direct":true})");
        client.publishMany("hdfs.0.a", "x", 5'000);
        const CtlEnd end = m_ctl->run(collector("--until-caught-up"));
        QVERIFY2(end.exitCode == 3, end.describe());
        QVERIFY2(end.err.contains("belongs to"), end.describe());
    }

    void aClusterThatLosesItsLeaderLosesNoEvent()
    {
        BrokerCluster cluster;
        QStringList servers;
        for (std::size_t node = 0; node < BrokerCluster::kNodes; ++node)
            servers << text(cluster.url(node));
        m_server = servers.join(QLatin1Char(','));
        cluster.client().createStream(
            R"({"name":"HDFS","subjects":["hdfs.>"],"storage":"file","allow_direct":true,"num_replicas":3,"duplicate_window":30000000000})");
        cluster.waitForLeaders();
        auto publisher = m_ctl->start(
            words("hook hdfs --stream HDFS --format json --rate 400") +
            QStringList{text((*m_folder / "logs").string()), QStringLiteral("--server"), m_server});
        auto process = m_ctl->start(collector("--max-rate 1000"));
        QTRY_VERIFY_WITH_TIMEOUT(ackFloor() > 0, 60'000);
        const std::size_t leader = cluster.streamLeader("HDFS");
        cluster.kill9(leader);
        QTRY_VERIFY_WITH_TIMEOUT(consumer()[QStringLiteral("collector")].toString() == QStringLiteral("c"),
                                 60'000);
        cluster.restart(leader);
        const CtlEnd published = Ctl::wait(*publisher);
        QVERIFY2(published.exitCode == 0, published.describe());
        QCOMPARE(published.json()[QStringLiteral("records")].toInteger(), 3'000);
        const CtlEnd stopped = Ctl::interrupt(*process);
        QVERIFY2(stopped.exitCode == 0, stopped.describe());
        const CtlEnd end = m_ctl->run(collector("--until-caught-up"));
        QVERIFY2(end.exitCode == 0, end.describe());
        QCOMPARE(end.json()[QStringLiteral("events")].toInteger(), 3'000);
        QCOMPARE(end.json()[QStringLiteral("lost")].toInteger(), 0);
        QCOMPARE(end.json()[QStringLiteral("digest")].toString(), logDigest());
    }

    void aBrokerThatIsKilledAndComesBackLosesNoEvent()
    {
        Broker broker;
        m_server = text(broker.url());
        auto publisher = m_ctl->start(
            words("hook hdfs --stream HDFS --format json --rate 300") +
            QStringList{text((*m_folder / "logs").string()), QStringLiteral("--server"), m_server});
        QTRY_VERIFY_WITH_TIMEOUT(
            m_ctl->run(words("events HDFS --count 1 --server") + QStringList{m_server}).exitCode == 0,
            60'000);
        auto process = m_ctl->start(collector("--max-rate 1000"));
        for (int kill = 0; kill < 2; ++kill) {
            const qint64 before = consumer()[QStringLiteral("ack_floor")].toInteger();
            QTRY_VERIFY_WITH_TIMEOUT(consumer()[QStringLiteral("ack_floor")].toInteger() > before + 300,
                                     60'000);
            QVERIFY2(publisher->state() == QProcess::Running, "everything was published before the kill");
            broker.kill9();
            broker.restart();
        }
        const CtlEnd published = Ctl::wait(*publisher);
        QVERIFY2(published.exitCode == 0, published.describe());
        QCOMPARE(published.json()[QStringLiteral("records")].toInteger(), 3'000);
        // The very process that saw both kills goes on by itself, to the end.
        QTRY_VERIFY_WITH_TIMEOUT(consumer()[QStringLiteral("lag")].toInteger(-1) == 0, 60'000);
        const CtlEnd end = Ctl::interrupt(*process);
        QVERIFY2(end.exitCode == 0, end.describe());
        QCOMPARE(end.json()[QStringLiteral("events")].toInteger(), 3'000);
        QCOMPARE(end.json()[QStringLiteral("lost")].toInteger(), 0);
        QCOMPARE(end.json()[QStringLiteral("digest")].toString(), logDigest());
    }
};

QTEST_GUILESS_MAIN(TestCollectorFaults)
#include "tst_collector_faults.moc"
