// SPDX-License-Identifier: Apache-2.0
//
// Bad input through the real command line: a sentence that says what to do, the right exit code, and nothing
// else lost.

#include "model/workload/workload.h"
#include "tests/support/broker.h"
#include "tests/support/ctl.h"
#include "tests/support/temp_folder.h"

#include <QDir>
#include <QJsonArray>
#include <QTest>
#include <zlib.h>
#include <zstd.h>

#include <unistd.h>

using namespace jetlag;
using namespace jetlag::test;

namespace {

constexpr int kFine = 0;
constexpr int kWrongUse = 2;
constexpr int kCouldNot = 3;

QString text(const std::string& bytes)
{
    return QString::fromStdString(bytes);
}

QStringList words(const QString& line)
{
    return line.split(QLatin1Char(' '), Qt::SkipEmptyParts);
}

std::string zstdOf(const std::string& plain)
{
    std::string packed(ZSTD_compressBound(plain.size()), '\0');
    packed.resize(ZSTD_compress(packed.data(), packed.size(), plain.data(), plain.size(), 3));
    return packed;
}

std::string gzipOf(const std::string& plain)
{
    constexpr int kGzipWindow = 15 + 16;
    z_stream stream{};
    deflateInit2(&stream, 6, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY);
    std::string packed(deflateBound(&stream, plain.size()) + 64, '\0');
    stream.next_in =
        reinterpret_cast<Bytef*>(const_cast<char*>(plain.data())); // NOLINT: zlib's old interface
    stream.avail_in = static_cast<uInt>(plain.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
}

/// Lines that do not compress to nothing, so that half the bytes are half the lines.
std::string manyLines(int count)
{
    std::string lines;
    std::uint64_t state = 42;
    for (int line = 0; line < count; ++line) {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        lines += "line " + std::to_string(line) + ' ' + std::to_string(state) + '\n';
    }
    return lines;
}

QString digestOf(const CtlEnd& end)
{
    return end.json()[QStringLiteral("digest")].toString();
}

} // namespace

class TestCtlBadInput : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<TempFolder> m_folder;
    std::unique_ptr<Ctl> m_ctl;

    QString path(const char* name) const { return text((*m_folder / name).string()); }
    QString write(const char* name, const std::string& content) const
    {
        m_folder->write(name, content);
        return path(name);
    }
    /// %1 in a line stands for the test's folder, %2 for the broker's address.
    CtlEnd run(const QString& line, const QString& server = {}) const
    {
        return m_ctl->run(words(QString(line)
                                    .replace(QLatin1String("%1"), text(m_folder->path().string()))
                                    .replace(QLatin1String("%2"), server)));
    }

private slots:
    void init()
    {
        m_folder = std::make_unique<TempFolder>();
        m_ctl = std::make_unique<Ctl>(path("xdg"));
    }

    // One bad line among good ones is quarantined with its reason; the good ones count.
    void malformedLinesDontStopGoodOnes_data()
    {
        QTest::addColumn<QString>("analyzer");
        QTest::addColumn<QByteArray>("bad");
        QTest::newRow("spark") << "spark" << QByteArray("{\"Event\":\"SparkListenerJobStart\",\n");
        QTest::newRow("hdfs") << "hdfs"
                              << QByteArray("2026-11-23 10:00:00,000 INFO nothing of an audit line\n");
        QTest::newRow("hive") << "hive" << QByteArray("{\"eventType\":\"QUERY_SUBMITTED\"\n");
    }
    void malformedLinesDontStopGoodOnes()
    {
        QFETCH(QString, analyzer);
        QFETCH(QByteArray, bad);
        const Result<void> written = writeWorkload(analyzer.toStdString(), *m_folder / "logs", 200, 1, 5);
        QVERIFY(written.hasValue());
        const CtlEnd good = run(
            QStringLiteral("replay %3 --format json --log %1/logs").replace(QLatin1String("%3"), analyzer));
        QCOMPARE(good.exitCode, kFine);
        QCOMPARE(good.json()[QStringLiteral("quarantined")].toInt(), 0);

        QDir logs(path("logs"));
        QFile log(logs.filePath(logs.entryList(QDir::Files).first()));
        QVERIFY(log.open(QIODevice::Append));
        log.write(bad);
        log.close();
        const CtlEnd end = run(
            QStringLiteral("replay %3 --format json --log %1/logs").replace(QLatin1String("%3"), analyzer));
        QVERIFY2(end.exitCode == kFine, end.describe().constData());
        QCOMPARE(end.json()[QStringLiteral("quarantined")].toInt(), 1);
        QCOMPARE(end.json()[QStringLiteral("events")].toInt(),
                 good.json()[QStringLiteral("events")].toInt() + 1);
        QCOMPARE(end.json()[QStringLiteral("result")], good.json()[QStringLiteral("result")]);
        const CtlEnd table =
            run(QStringLiteral("replay %3 --log %1/logs").replace(QLatin1String("%3"), analyzer));
        QVERIFY2(table.out.contains("malformed"), table.describe().constData());
    }

    void anEmptyFileIsNoEvents()
    {
        write("empty.log", "");
        for (const char* analyzer : {"spark", "hdfs", "hive", "traffic"}) {
            const CtlEnd end = run(QStringLiteral("replay %3 --format json --log %1/empty.log")
                                       .replace(QLatin1String("%3"), QLatin1String(analyzer)));
            QVERIFY2(end.exitCode == kFine, end.describe().constData());
            QCOMPARE(end.json()[QStringLiteral("events")].toInt(-1), 0);
            QCOMPARE(digestOf(end).size(), 32);
        }
    }

    void randomBytesAreLinesToTrafficAndQuarantineToOthers()
    {
        std::string bytes = manyLines(50);
        for (std::size_t at = 3; at < bytes.size(); at += 7)
            bytes[at] = static_cast<char>(at * 31);
        write("bytes.log", bytes);
        const CtlEnd traffic = run(QStringLiteral("replay traffic --format json --log %1/bytes.log"));
        QVERIFY2(traffic.exitCode == kFine, traffic.describe().constData());
        const CtlEnd spark = run(QStringLiteral("replay spark --format json --log %1/bytes.log"));
        QVERIFY2(spark.exitCode == kFine, spark.describe().constData());
        QCOMPARE(spark.json()[QStringLiteral("quarantined")].toInt(),
                 spark.json()[QStringLiteral("events")].toInt());
    }

    // A cut archive gives all whole lines before the cut, other files are read all the same, and the end says
    // what is missing.
    void aCutArchive_data()
    {
        QTest::addColumn<QString>("name");
        QTest::newRow("zstd") << "cut.zst";
        QTest::newRow("gzip") << "cut.gz";
    }
    void aCutArchive()
    {
        QFETCH(QString, name);
        const std::string lines = manyLines(20'000);
        const std::string packed = name.endsWith(QLatin1String("zst")) ? zstdOf(lines) : gzipOf(lines);
        m_folder->write(name.toStdString(), packed.substr(0, packed.size() / 2));
        write("other.log", manyLines(10));
        const CtlEnd end = run(QStringLiteral("replay traffic --format json --log %1/%3 %1/other.log")
                                   .replace(QLatin1String("%3"), name));
        QVERIFY2(end.exitCode == kCouldNot, end.describe().constData());
        QVERIFY2(end.err.contains("is cut short") && end.err.contains(name.toUtf8()),
                 end.describe().constData());
        const int events = end.json()[QStringLiteral("events")].toInt();
        QVERIFY2(events > 1'000 && events < 20'010, end.describe().constData());
        QVERIFY(end.json()[QStringLiteral("partial")].toBool());
    }

    // Whoever asks for what is not there or makes no sense gets a sentence that names it.
    void wrongUse_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("no command") << "" << kWrongUse << QByteArray("subcommand");
        QTest::newRow("unknown command") << "raport" << kWrongUse << QByteArray("raport");
        QTest::newRow("unknown option") << "report --nope" << kWrongUse << QByteArray("--nope");
        QTest::newRow("unknown analyzer") << "replay nosuch --log %1/a.log" << kWrongUse
                                          << QByteArray("there are hdfs, hive, spark, traffic");
        QTest::newRow("bad position") << "replay traffic --log %1/a.log --from xyz" << kWrongUse
                                      << QByteArray("neither a sequence (42), a time");
        QTest::newRow("no source") << "replay traffic" << kWrongUse << QByteArray("--log");
        QTest::newRow("two sources") << "replay traffic --log %1/a.log --capture %1/b.jetlag" << kWrongUse
                                     << QByteArray("--capture");
        QTest::newRow("no such log") << "replay traffic --log %1/none.log" << kCouldNot
                                     << QByteArray("none.log");
        QTest::newRow("no such capture")
            << "capture info %1/none.jetlag" << kCouldNot << QByteArray("none.jetlag");
        QTest::newRow("a log is no capture") << "capture info %1/a.log" << kCouldNot << QByteArray("a.log");
        QTest::newRow("no such context") << "report --context nosuch" << kCouldNot << QByteArray("nosuch");
        QTest::newRow("dead server") << "report --server nats://127.0.0.1:1" << kCouldNot
                                     << QByteArray("no NATS server answers at nats://127.0.0.1:1");
        QTest::newRow("dead server, hook") << "hook lines %1/a.log --server nats://127.0.0.1:1" << kCouldNot
                                           << QByteArray("no NATS server answers");
        QTest::newRow("unknown stream, replay") << "replay traffic --stream NOPE --server %2" << kCouldNot
                                                << QByteArray("there is no stream \"NOPE\"");
        QTest::newRow("unknown stream, events")
            << "events NOPE --server %2" << kCouldNot << QByteArray("there is no stream \"NOPE\"");
        QTest::newRow("unknown stream, capture") << "capture record NOPE -o %1/x.jetlag --server %2"
                                                 << kCouldNot << QByteArray("there is no stream \"NOPE\"");
        QTest::newRow("unknown stream, collector")
            << "collector traffic --stream NOPE --name c --until-caught-up --server %2" << kCouldNot
            << QByteArray("there is no stream \"NOPE\"");
        QTest::newRow("a folder is no capture") << "capture info %1" << kWrongUse << QByteArray("is no file");
        QTest::newRow("a folder as output")
            << "capture record S -o %1 --server %2" << kWrongUse << QByteArray("is no file");
        QTest::newRow("output in no folder") << "capture record S -o %1/none/x.jetlag --server %2"
                                             << kCouldNot << QByteArray("cannot be written there");
        QTest::newRow("a file as state folder")
            << "collector traffic --stream S --name c --until-caught-up --state %1/a.log --server %2"
            << kCouldNot << QByteArray("cannot be made: Not a directory");
        QTest::newRow("a file as store")
            << "server --store %1/a.log" << kCouldNot << QByteArray("cannot be made: Not a directory");
        QTest::newRow("hook of no log")
            << "hook lines %1/none --stream S --server %2" << kCouldNot << QByteArray("there is no log");
        QTest::newRow("unknown durable") << "replay traffic --stream S --like nope --server %2" << kCouldNot
                                         << QByteArray("has no consumer \"nope\"");
        QTest::newRow("end before start") << "replay traffic --stream S --from 9 --to 3 --server %2"
                                          << kWrongUse << QByteArray("lies before --from");
        QTest::newRow("unknown zone") << "replay hdfs --log %1/a.log --time-zone Mars/Olympus" << kWrongUse
                                      << QByteArray("is no time zone");
        QTest::newRow("no such samples")
            << "diagnose --samples %1/none.jsonl" << kCouldNot << QByteArray("none.jsonl");
        QTest::newRow("no samples in it")
            << "diagnose --samples %1/a.log" << kCouldNot << QByteArray("a.log, line 1: this is no sample");
        QTest::newRow("hostile stream name")
            << "events a.b>c --server %2" << kWrongUse << QByteArray("a.b>c");
    }
    void wrongUse()
    {
        QFETCH(QString, line);
        QFETCH(int, code);
        QFETCH(QByteArray, says);
        write("a.log", "one\n");
        Broker broker;
        broker.client().createStream(R"({"name":"S","subjects":["s"],"allow_direct":true})");
        const CtlEnd end = run(line, text(broker.url()));
        QVERIFY2(end.exitCode == code, end.describe().constData());
        QVERIFY2(end.err.contains(says), end.describe().constData());
        QVERIFY2(end.out.isEmpty(), end.describe().constData());
        QVERIFY2(!QFile::exists(path("x.jetlag")), "a capture of nothing was left behind");
    }

    void aRefusedLoginIsToldAsSuch()
    {
        Broker broker({.extraConfig = "authorization { user: ops, password: right }\n"});
        const QString address = QStringLiteral("nats://ops:wrong@127.0.0.1:%1").arg(broker.port());
        const CtlEnd end = run(QStringLiteral("report --server %2"), address);
        QVERIFY2(end.exitCode == kCouldNot, end.describe().constData());
        QVERIFY2(end.err.toLower().contains("login") || end.err.toLower().contains("authoriz"),
                 end.describe().constData());
        QVERIFY2(!end.err.contains("wrong"), "the password was printed");
    }

    void aPortInUseIsNamed()
    {
        Broker broker;
        const CtlEnd end = run(QStringLiteral("server --port %3 --store %1/store")
                                   .replace(QLatin1String("%3"), QString::number(broker.port())));
        QVERIFY2(end.exitCode == kCouldNot, end.describe().constData());
        QVERIFY2(end.err.contains("is in use"), end.describe().constData());
        QVERIFY(broker.client().api("INFO").find("memory") != std::string::npos); // and the other is well
    }

    void anOutputFileIsNotOverwritten()
    {
        Broker broker;
        TestClient client = broker.client();
        client.createStream(R"({"name":"S","subjects":["s"],"allow_direct":true})");
        client.publishMany("s", "payload", 20);
        write("old.jetlag", "precious");
        const CtlEnd refused =
            run(QStringLiteral("capture record S -o %1/old.jetlag --server %2"), text(broker.url()));
        QVERIFY2(refused.exitCode == kCouldNot || refused.exitCode == kWrongUse,
                 refused.describe().constData());
        QVERIFY2(refused.err.contains("--force"), refused.describe().constData());
        QFile file(path("old.jetlag"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray("precious"));
        const CtlEnd forced =
            run(QStringLiteral("capture record S -o %1/old.jetlag --force --server %2"), text(broker.url()));
        QVERIFY2(forced.exitCode == kFine, forced.describe().constData());
    }

    // Half a capture is refused with how much of it is there.
    void aCaptureCutInHalf()
    {
        Broker broker;
        TestClient client = broker.client();
        client.createStream(R"({"name":"S","subjects":["s"],"allow_direct":true})");
        for (int message = 0; message < 3000; ++message)
            QVERIFY(client.connection().publish("s", "payload " + std::to_string(message * 7919)).hasValue());
        QVERIFY(client.connection().flush(std::chrono::seconds(20)));
        const CtlEnd recorded =
            run(QStringLiteral("capture record S -o %1/whole.jetlag --server %2"), text(broker.url()));
        QVERIFY2(recorded.exitCode == kFine, recorded.describe().constData());
        QFile whole(path("whole.jetlag"));
        QVERIFY(whole.open(QIODevice::ReadOnly));
        const QByteArray bytes = whole.readAll();
        m_folder->write("half.jetlag", bytes.left(bytes.size() / 2).toStdString());

        for (const char* line : {"capture info %1/half.jetlag", "replay traffic --capture %1/half.jetlag",
                                 "events --capture %1/half.jetlag"}) {
            const CtlEnd end = run(QString::fromLatin1(line));
            QVERIFY2(end.exitCode == kCouldNot, end.describe().constData());
            QVERIFY2(end.err.contains("half.jetlag is cut short") && end.err.contains("are there"),
                     end.describe().constData());
            QVERIFY2(end.out.isEmpty(), end.describe().constData());
        }
        QVERIFY(QFile(path("half.jetlag")).size() == bytes.size() / 2); // nobody has mended or grown it
    }

    void whatMayNotBeReadIsNamed()
    {
        if (::geteuid() == 0)
            QSKIP("root may read everything");
        write("secret.log", "one\n");
        QVERIFY(QFile::setPermissions(path("secret.log"), QFileDevice::WriteOwner));
        const CtlEnd end = run(QStringLiteral("replay traffic --log %1/secret.log"));
        QVERIFY2(end.exitCode == kCouldNot, end.describe().constData());
        QVERIFY2(end.err.contains("secret.log"), end.describe().constData());
    }

    // 5 MB: larger than the server's max_payload; it travels in parts and is one event everywhere.
    void aRecordOfFiveMegabytes()
    {
        std::string lines = manyLines(20);
        std::string large;
        while (large.size() < 5'000'000)
            large += manyLines(1000);
        std::replace(large.begin(), large.end(), '\n', ' ');
        write("big.log", lines + large + "\n" + lines);
        Broker broker;
        const QString server = text(broker.url());
        const CtlEnd log = run(QStringLiteral("replay traffic --format json --log %1/big.log"));
        QVERIFY2(log.exitCode == kFine, log.describe().constData());
        QCOMPARE(log.json()[QStringLiteral("events")].toInt(), 41);

        const CtlEnd hook =
            run(QStringLiteral("hook lines %1/big.log --stream LINES --format json --server %2"), server);
        QVERIFY2(hook.exitCode == kFine, hook.describe().constData());
        const CtlEnd collector =
            run(QStringLiteral("collector traffic --stream LINES --name c --until-caught-up --format json "
                               "--state %1/state --server %2"),
                server);
        QVERIFY2(collector.exitCode == kFine, collector.describe().constData());
        QCOMPARE(collector.json()[QStringLiteral("events")].toInt(), 41);
        QCOMPARE(digestOf(collector), digestOf(log));
        const CtlEnd replay =
            run(QStringLiteral("replay traffic --stream LINES --format json --server %2"), server);
        QCOMPARE(digestOf(replay), digestOf(log));
    }

    void aStateFolderOfAnotherStream()
    {
        Broker broker;
        TestClient client = broker.client();
        for (const char* stream : {"ONE", "TWO"}) {
            const std::string name = stream;
            client.createStream(R"({"name":")" + name + R"(","subjects":[")" + name +
                                R"(.>"],"allow_direct":true})");
            client.publishMany(name + ".a", "payload", 20);
        }
        const QString line = QStringLiteral("collector traffic --stream %3 --name c --until-caught-up "
                                            "--format json --state %1/state --server %2");
        const CtlEnd first =
            run(QString(line).replace(QLatin1String("%3"), QLatin1String("ONE")), text(broker.url()));
        QVERIFY2(first.exitCode == kFine, first.describe().constData());
        const CtlEnd second =
            run(QString(line).replace(QLatin1String("%3"), QLatin1String("TWO")), text(broker.url()));
        QVERIFY2(second.exitCode == kCouldNot, second.describe().constData());
        QVERIFY2(second.err.contains("ONE"), second.describe().constData());
        const CtlEnd again =
            run(QString(line).replace(QLatin1String("%3"), QLatin1String("ONE")), text(broker.url()));
        QVERIFY2(again.exitCode == kFine, again.describe().constData());
        QCOMPARE(digestOf(again), digestOf(first));
    }
};

QTEST_GUILESS_MAIN(TestCtlBadInput)
#include "tst_ctl_bad_input.moc"
