// SPDX-License-Identifier: Apache-2.0
#include "nats/client/server_greeting.h"
#include "nats/server/embedded_server.h"
#include "tests/support/broker.h"

#include <QProcess>
#include <QTest>

#include <cerrno>
#include <csignal>

using namespace jetlag;
using namespace jetlag::test;
using namespace std::chrono_literals;

namespace {

std::string messageOf(const auto& result)
{
    return result ? std::string("(no error)") : result.error().message();
}

bool isGone(pid_t pid)
{
    return ::kill(pid, 0) != 0 && errno == ESRCH;
}

bool answers(std::uint16_t port)
{
    return readServerGreeting("127.0.0.1", port, 2s).hasValue();
}

} // namespace

class TestEmbeddedServer : public QObject
{
    Q_OBJECT

private slots:
    void keepsItsMessagesOverAKillAndARestart()
    {
        TempFolder folder;
        EmbeddedServer server =
            EmbeddedServer::start({.store = folder / "with \"quotes\" and blanks"}).value();
        const std::uint16_t port = server.port();
        {
            TestClient client(profileFromUrl(server.url()));
            client.createStream(R"({"name":"S","subjects":["s"]})");
            client.publishMany("s", "x", 10);
        }
        server.kill();
        QVERIFY(!server.isRunning());
        QVERIFY(!answers(port));
        QCOMPARE(messageOf(server.restart()), std::string("(no error)"));
        QCOMPARE(server.port(), port);
        {
            TestClient client(profileFromUrl(server.url()));
            QVERIFY(client.api("STREAM.INFO.S").find(R"("messages":10)") != std::string::npos);
        }
        server.stop();
        QVERIFY(!answers(port));
    }

    void endsWithItsOwner()
    {
        TempFolder folder;
        pid_t pid = 0;
        {
            const EmbeddedServer server = EmbeddedServer::start({.store = folder / "a"}).value();
            pid = server.pid();
            QVERIFY(!isGone(pid));
        }
        QVERIFY(isGone(pid));
    }

    void diesWithAParentThatIsKilled()
    {
        TempFolder folder;
        QProcess parent;
        parent.start(SERVER_PARENT, {QString::fromStdString((folder / "a").string())});
        QVERIFY(parent.waitForReadyRead(60'000));
        const QList<QByteArray> words = parent.readLine().trimmed().split(' ');
        QCOMPARE(words.size(), 2);
        const pid_t server = words[0].toInt();
        const auto port = static_cast<std::uint16_t>(words[1].toInt());
        QVERIFY(answers(port)); // it outlives the thread that started it
        parent.kill();
        QVERIFY(parent.waitForFinished(30'000));
        QVERIFY(waitUntil([&] { return isGone(server) || !answers(port); }));
        QVERIFY(waitUntil([&] { return !answers(port); }));
        // The folder is free again.
        QCOMPARE(messageOf(EmbeddedServer::start({.store = folder / "a"})), std::string("(no error)"));
    }

    void aPortInUseIsSaid()
    {
        Broker other;
        TempFolder folder;
        const Result<EmbeddedServer> refused =
            EmbeddedServer::start({.store = folder / "a", .port = other.port()});
        QVERIFY(refused.error().code() == ErrorCode::Conflict);
        QCOMPARE(messageOf(refused),
                 "port " + std::to_string(other.port()) +
                     " on 127.0.0.1 is in use by another program: stop it or choose another port");
        QVERIFY(answers(other.port()));
    }

    void aFolderInUseIsSaid()
    {
        TempFolder folder;
        const EmbeddedServer first = EmbeddedServer::start({.store = folder / "a"}).value();
        const Result<EmbeddedServer> second = EmbeddedServer::start({.store = folder / "a"});
        QVERIFY(second.error().code() == ErrorCode::Conflict);
        QVERIFY(answers(first.port()));
    }

    void aMissingProgramNamesThePackage()
    {
        TempFolder folder;
        qputenv("NATS_SERVER", "/nowhere/nats-server");
        const Result<EmbeddedServer> refused = EmbeddedServer::start({.store = folder / "a"});
        qunsetenv("NATS_SERVER");
        QVERIFY(refused.error().code() == ErrorCode::NotFound);
        QVERIFY(messageOf(refused).find("install the package nats-server") != std::string::npos);
    }

    void aBrokenConfigIsQuoted()
    {
        TempFolder folder;
        const Result<EmbeddedServer> refused =
            EmbeddedServer::start({.store = folder / "a", .extraConfig = "authorization { users: 7 }"});
        QVERIFY(!refused.hasValue());
        QVERIFY2(messageOf(refused).find("ended with code 1 at once: ") != std::string::npos,
                 messageOf(refused).c_str());
        QVERIFY2(messageOf(refused).find("users") != std::string::npos, messageOf(refused).c_str());
        const Result<EmbeddedServer> noFolder = EmbeddedServer::start({.store = "/proc/no/folder"});
        QVERIFY(noFolder.error().code() == ErrorCode::Io);
    }
};

QTEST_GUILESS_MAIN(TestEmbeddedServer)
#include "tst_embedded_server.moc"
