// SPDX-License-Identifier: Apache-2.0
//
// The whole path, with real processes on a real nats-server: logs, hooks, streams, collectors that are
// killed, captures, replays. One digest, nothing lost.

#include "model/engine/sqlite_checkpoint_store.h"
#include "model/workload/workload.h"
#include "tests/support/broker.h"
#include "tests/support/ctl.h"
#include "tests/support/temp_folder.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QTest>

using namespace jetlag;
using namespace jetlag::test;

namespace {

struct Path
{
    const char* kind;
    const char* stream;
    std::uint64_t events;
    int files;
    const char* rate; ///< events/s of a throttled collector: a kill must find it in the middle
};

// 24,000 events in all.
constexpr Path kPaths[] = {{"spark", "SPARK", 8'000, 4, "600"},
                           {"hdfs", "HDFS", 8'000, 2, "600"},
                           {"hive", "HIVE", 8'000, 1, "600"}};

const char* const kEnds[] = {"1", "2", "7"};

QString text(const std::string& bytes)
{
    return QString::fromStdString(bytes);
}

} // namespace

class TestHeadlessPath : public QObject
{
    Q_OBJECT

private:
    QString server() const { return text(m_broker->url()); }
    QString logs(const Path& path) const { return text((m_folder / "logs" / path.kind).string()); }
    QString state(const QString& name) const
    {
        return text((m_folder / "state").string()) + QLatin1Char('/') + name;
    }

    QJsonObject consumer(const QString& stream, const QString& name) const
    {
        const CtlEnd report = m_ctl->run({QStringLiteral("report"), QStringLiteral("--server"), server(),
                                          QStringLiteral("--format"), QStringLiteral("json")});
        const QJsonArray collectors = report.json()[QStringLiteral("collectors")].toArray();
        for (const QJsonValue& row : collectors) {
            if (row[QStringLiteral("stream")] == stream && row[QStringLiteral("collector")] == name)
                return row.toObject();
        }
        return {};
    }

    QStringList collectorArguments(const Path& path, const QString& name) const
    {
        return {QStringLiteral("collector"), QString::fromLatin1(path.kind),
                QStringLiteral("--stream"),  QString::fromLatin1(path.stream),
                QStringLiteral("--name"),    name,
                QStringLiteral("--state"),   state(QString::fromLatin1(path.stream) + name),
                QStringLiteral("--server"),  server(),
                QStringLiteral("--format"),  QStringLiteral("json")};
    }

    std::uint64_t checkpointOf(const QString& stateName) const
    {
        Result<std::unique_ptr<SqliteCheckpointStore>> store =
            SqliteCheckpointStore::open(state(stateName).toStdString());
        if (!store)
            return 0;
        const Result<std::optional<RestoredState>> loaded = (*store)->load();
        return loaded && *loaded ? (*loaded)->header.sequence.value() : 0;
    }

    static QString digest(const CtlEnd& end) { return end.json()[QStringLiteral("digest")].toString(); }

    TempFolder m_folder;
    std::unique_ptr<Broker> m_broker;
    std::unique_ptr<Ctl> m_ctl;
    QHash<QString, QString> m_digests; // stream → digest of the undisturbed collector

private slots:
    void initTestCase()
    {
        m_broker = std::make_unique<Broker>();
        m_ctl = std::make_unique<Ctl>(text((m_folder / "xdg").string()));
        for (const Path& path : kPaths) {
            const Result<void> written =
                writeWorkload(path.kind, m_folder / "logs" / path.kind, path.events, path.files, /*seed=*/7);
            QVERIFY2(written.hasValue(), written ? "" : written.error().message().c_str());
        }
    }

    void hooksPublishEveryRecord_data() { rows(); }
    void hooksPublishEveryRecord()
    {
        const Path& path = row();
        const CtlEnd end = m_ctl->run({QStringLiteral("hook"), QString::fromLatin1(path.kind), logs(path),
                                       QStringLiteral("--stream"), QString::fromLatin1(path.stream),
                                       QStringLiteral("--server"), server(), QStringLiteral("--format"),
                                       QStringLiteral("json")});
        QVERIFY2(end.exitCode == 0, end.describe());
        QCOMPARE(end.json()[QStringLiteral("records")].toInteger(), qint64(path.events));
    }

    void anUndisturbedCollectorGetsThemAll_data() { rows(); }
    void anUndisturbedCollectorGetsThemAll()
    {
        const Path& path = row();
        const CtlEnd end = m_ctl->run(collectorArguments(path, QStringLiteral("calm"))
                                      << QStringLiteral("--until-caught-up"));
        QVERIFY2(end.exitCode == 0, end.describe());
        const QJsonObject result = end.json();
        QCOMPARE(result[QStringLiteral("events")].toInteger(), qint64(path.events));
        QCOMPARE(result[QStringLiteral("lost")].toInteger(), 0);
        QCOMPARE(result[QStringLiteral("quarantined")].toInteger(), 0);
        m_digests[QString::fromLatin1(path.stream)] = digest(end);
        const QJsonObject left = consumer(QString::fromLatin1(path.stream), QStringLiteral("calm"));
        QVERIFY2(left[QStringLiteral("lag")].toInteger(-1) == 0, "caught up means acked");
    }

    void aCollectorKilledThreeTimesGetsTheSame_data() { rows(); }
    void aCollectorKilledThreeTimesGetsTheSame()
    {
        const Path& path = row();
        const QString stream = QString::fromLatin1(path.stream);
        const QString name = QStringLiteral("killed");
        qint64 readAgain = 0;
        qint64 duplicates = 0;
        // An ack wait of 8 s lets two seconds' worth be in flight, twice what a checkpoint covers: a kill always
        // finds events in hand.
        for (int round = 0; round < 3; ++round) {
            // The second kill falls between checkpoint and ack, by the program's own fail point.
            const bool ownKill = round == 1;
            auto process = m_ctl->start(
                collectorArguments(path, name)
                    << QStringLiteral("--max-rate") << QString::fromLatin1(path.rate)
                    << QStringLiteral("--ack-wait") << QStringLiteral("8s"),
                ownKill ? QStringList{QStringLiteral("JETLAG_FAIL_POINT=kill-between-checkpoint-and-ack")}
                        : QStringList());
            const std::uint64_t before = round == 0 ? 0 : checkpointBefore;
            if (ownKill) {
                QVERIFY2(process->waitForFinished(60'000), "the fail point ends the process");
                QVERIFY(process->exitStatus() == QProcess::CrashExit);
            } else {
                // Something new is acked, and something is in hand.
                QTRY_VERIFY_WITH_TIMEOUT(
                    consumer(stream, name)[QStringLiteral("ack_floor")].toInteger() > qint64(before), 60'000);
                Ctl::kill(*process);
            }
            const std::uint64_t checkpoint = checkpointOf(stream + name);
            const QJsonObject there = consumer(stream, name);
            const auto delivered = static_cast<std::uint64_t>(there[QStringLiteral("delivered")].toInteger());
            const auto floor = static_cast<std::uint64_t>(there[QStringLiteral("ack_floor")].toInteger());
            QVERIFY2(checkpoint > 0 && checkpoint < path.events, QByteArray::number(qulonglong(checkpoint)));
            QVERIFY2(delivered > checkpoint, "killed with events in hand");
            QVERIFY2(floor <= checkpoint, "an ack never precedes its checkpoint");
            if (ownKill)
                QVERIFY2(floor < checkpoint, "this kill fell between checkpoint and ack");
            checkpointBefore = checkpoint;
        }
        const CtlEnd end = m_ctl->run(collectorArguments(path, name) << QStringLiteral("--until-caught-up"));
        QVERIFY2(end.exitCode == 0, end.describe());
        const QJsonObject result = end.json();
        readAgain += result[QStringLiteral("read_again")].toInteger();
        duplicates += result[QStringLiteral("duplicates")].toInteger();
        qInfo("%s: read again %lld, duplicates dropped %lld, lost %lld", path.stream, readAgain, duplicates,
              result[QStringLiteral("lost")].toInteger());
        QVERIFY(readAgain > 0);
        QCOMPARE(result[QStringLiteral("lost")].toInteger(), 0);
        QCOMPARE(result[QStringLiteral("events")].toInteger(), qint64(path.events));
        QCOMPARE(digest(end), m_digests[stream]);
        checkpointBefore = 0;
    }

    void replaysOfTheStreamAgree_data() { rows(); }
    void replaysOfTheStreamAgree()
    {
        const Path& path = row();
        for (const char* workers : kEnds) {
            const CtlEnd end = m_ctl->run({QStringLiteral("replay"), QString::fromLatin1(path.kind),
                                           QStringLiteral("--stream"), QString::fromLatin1(path.stream),
                                           QStringLiteral("--server"), server(), QStringLiteral("--workers"),
                                           QString::fromLatin1(workers), QStringLiteral("--format"),
                                           QStringLiteral("json")});
            QVERIFY2(end.exitCode == 0, end.describe());
            QCOMPARE(digest(end), m_digests[QString::fromLatin1(path.stream)]);
        }
    }

    void aCaptureAgreesAndTouchesNothing_data() { rows(); }
    void aCaptureAgreesAndTouchesNothing()
    {
        const Path& path = row();
        const QString stream = QString::fromLatin1(path.stream);
        const QJsonObject before = consumer(stream, QStringLiteral("calm"));
        const QString file = text((m_folder / (std::string(path.kind) + ".jetlag")).string());
        const CtlEnd recorded = m_ctl->run({QStringLiteral("capture"), QStringLiteral("record"), stream,
                                            QStringLiteral("-o"), file, QStringLiteral("--server"), server(),
                                            QStringLiteral("--format"), QStringLiteral("json")});
        QVERIFY2(recorded.exitCode == 0, recorded.describe());
        const CtlEnd info = m_ctl->run({QStringLiteral("capture"), QStringLiteral("info"), file,
                                        QStringLiteral("--format"), QStringLiteral("json")});
        QVERIFY2(info.exitCode == 0, info.describe());
        QCOMPARE(info.json()[QStringLiteral("messages")].toInteger(), qint64(path.events));
        QVERIFY(info.json()[QStringLiteral("clean_close")].toBool());
        const CtlEnd end =
            m_ctl->run({QStringLiteral("replay"), QString::fromLatin1(path.kind), QStringLiteral("--capture"),
                        file, QStringLiteral("--format"), QStringLiteral("json")});
        QVERIFY2(end.exitCode == 0, end.describe());
        QCOMPARE(digest(end), m_digests[stream]);
        QJsonObject after = consumer(stream, QStringLiteral("calm"));
        for (const char* field :
             {"delivered", "ack_floor", "pending", "ack_pending", "redelivered", "waiting"})
            QVERIFY2(before[QLatin1String(field)] == after[QLatin1String(field)], field);
    }

    void theRawLogsAgree_data() { rows(); }
    void theRawLogsAgree()
    {
        const Path& path = row();
        const CtlEnd end =
            m_ctl->run({QStringLiteral("replay"), QString::fromLatin1(path.kind), QStringLiteral("--log"),
                        logs(path), QStringLiteral("--format"), QStringLiteral("json")});
        QVERIFY2(end.exitCode == 0, end.describe());
        QCOMPARE(digest(end), m_digests[QString::fromLatin1(path.stream)]);
    }

    void noConsumerCameOrWent()
    {
        const CtlEnd report =
            m_ctl->run({QStringLiteral("report"), QStringLiteral("--all"), QStringLiteral("--server"),
                        server(), QStringLiteral("--format"), QStringLiteral("json")});
        QVERIFY2(report.exitCode == 0, report.describe());
        QStringList names;
        const QJsonArray collectors = report.json()[QStringLiteral("collectors")].toArray();
        for (const QJsonValue& one : collectors)
            names << one[QStringLiteral("stream")].toString() + QLatin1Char('/') +
                         one[QStringLiteral("collector")].toString();
        names.sort();
        QStringList expected;
        for (const Path& path : kPaths)
            expected << QLatin1String(path.stream) + QStringLiteral("/calm")
                     << QLatin1String(path.stream) + QStringLiteral("/killed");
        expected.sort();
        QCOMPARE(names, expected);
    }

    void theSameFilesAgainChangeNothing_data() { rows(); }
    void theSameFilesAgainChangeNothing()
    {
        // Another state folder knows no positions; the duplicate window of the server is not waited for
        // here: what it lets through, the core's chain drops.
        const Path& path = row();
        const Ctl other(text((m_folder / "other-xdg").string()));
        const CtlEnd again = other.run({QStringLiteral("hook"), QString::fromLatin1(path.kind), logs(path),
                                        QStringLiteral("--stream"), QString::fromLatin1(path.stream),
                                        QStringLiteral("--server"), server(), QStringLiteral("--format"),
                                        QStringLiteral("json")});
        QVERIFY2(again.exitCode == 0, again.describe());
        const CtlEnd end = m_ctl->run(collectorArguments(path, QStringLiteral("calm"))
                                      << QStringLiteral("--until-caught-up"));
        QVERIFY2(end.exitCode == 0, end.describe());
        QCOMPARE(digest(end), m_digests[QString::fromLatin1(path.stream)]);
    }

private:
    void rows()
    {
        QTest::addColumn<int>("index");
        for (int i = 0; i < int(std::size(kPaths)); ++i)
            QTest::newRow(kPaths[i].kind) << i;
    }
    const Path& row() const
    {
        const int index = *static_cast<const int*>(QTest::qData("index", QMetaType::Int));
        return kPaths[index];
    }

    std::uint64_t checkpointBefore = 0;
};

QTEST_GUILESS_MAIN(TestHeadlessPath)
#include "tst_headless_path.moc"
