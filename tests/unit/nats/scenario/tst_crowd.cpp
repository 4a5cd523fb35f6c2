// SPDX-License-Identifier: Apache-2.0
//
// A demo of many: all of it is there, those that shall keep up do, and each trouble is one.
#include "nats/scenario/crowd.h"
#include "tests/support/broker.h"
#include "tests/support/temp_folder.h"
#include "tests/support/wait_until.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <map>
#include <set>

using namespace jetlag;
using namespace jetlag::scenario;
using namespace jetlag::test;
using namespace std::chrono_literals;

class TestCrowd : public QObject
{
    Q_OBJECT

private:
    static constexpr CrowdSize kSize{.streams = 16, .collectors = 20};

    std::unique_ptr<TempFolder> m_folder;
    std::optional<EmbeddedCluster> m_servers;
    std::unique_ptr<Crowd> m_crowd;
    std::unique_ptr<Connection> m_connection;

    QJsonObject ask(const std::string& call)
    {
        const Result<std::string> answer = m_connection->apiRequest(call, "", 20s);
        return answer ? QJsonDocument::fromJson(QByteArray::fromStdString(*answer)).object() : QJsonObject();
    }
    QJsonObject consumer(unsigned stream, unsigned collector)
    {
        return ask("CONSUMER.INFO." + Crowd::streamName(stream) + "." +
                   Crowd::collectorName(stream, collector));
    }

private slots:
    void initTestCase()
    {
        m_folder = std::make_unique<TempFolder>();
        Result<EmbeddedCluster> started =
            EmbeddedCluster::start({.folder = m_folder->path() / "servers", .nodes = 1});
        QVERIFY2(started, started ? "" : started.error().message().c_str());
        m_servers = std::move(*started);
        m_connection = openPatiently(m_servers->profile());
        Result<std::unique_ptr<Crowd>> crowd = Crowd::start(*m_servers, kSize);
        QVERIFY2(crowd, crowd ? "" : crowd.error().message().c_str());
        m_crowd = std::move(*crowd);
    }
    void cleanupTestCase()
    {
        m_crowd.reset();
        m_connection.reset();
        m_servers.reset();
    }

    void everyStreamHasItsCollectors()
    {
        for (unsigned stream = 0; stream < kSize.streams; ++stream) {
            const QJsonObject names = ask("CONSUMER.NAMES." + Crowd::streamName(stream));
            QCOMPARE(names["consumers"].toArray().size(), 20);
        }
    }

    void everyTroubleIsThere()
    {
        std::set<Trouble> seen;
        for (unsigned stream = 0; stream < kSize.streams; ++stream) {
            for (unsigned collector = 0; collector < kSize.collectors; ++collector)
                seen.insert(Crowd::troubleOf(stream, collector, kSize));
        }
        QCOMPARE(seen.size(), std::size_t{8}); // seven and none
    }

    void eachTroubleShows()
    {
        for (unsigned stream = 0; stream < kSize.streams; ++stream) {
            for (unsigned collector = 0; collector < kSize.collectors; ++collector) {
                const Trouble trouble = Crowd::troubleOf(stream, collector, kSize);
                if (trouble != Trouble::None)
                    QVERIFY2(
                        waitUntil([&] { return shows(trouble, stream, consumer(stream, collector)); }, 40s),
                        qPrintable(QStringLiteral("trouble %1 of stream %2")
                                       .arg(static_cast<int>(trouble))
                                       .arg(stream)));
            }
        }
    }

    static bool shows(Trouble trouble, unsigned stream, const QJsonObject& now)
    {
        const qint64 floor = now["ack_floor"].toObject()["stream_seq"].toInteger();
        switch (trouble) {
        case Trouble::NoPulls:
        case Trouble::Lost:
            return floor == 0 && now["num_waiting"].toInt() == 0 && now["num_pending"].toInt() > 0;
        case Trouble::Slow:
            return now["num_pending"].toInt() > 0 && now["delivered"].toObject()["stream_seq"].toInt() > 0;
        case Trouble::Poison:
            return floor == 99 && now["delivered"].toObject()["stream_seq"].toInteger() >= 200;
        case Trouble::Capped:
            return now["num_ack_pending"].toInt() == 20;
        case Trouble::DeadLetters:
            return now["num_redelivered"].toInt() > 0;
        case Trouble::RedeliveryLoop:
            return floor == 0 && now["num_redelivered"].toInt() > 0;
        case Trouble::None:
            break;
        }
        return stream < kSize.streams;
    }

    void theOthersKeepUpForLongerThanAPull()
    {
        std::map<unsigned, qint64> before;
        const auto floorOf = [this](unsigned stream) {
            return consumer(stream, 19)["ack_floor"].toObject()["stream_seq"].toInteger();
        };
        for (const unsigned stream : {0U, 1U, 4U}) {
            QVERIFY(Crowd::troubleOf(stream, 19, kSize) == Trouble::None);
            QVERIFY(waitUntil([&] { return floorOf(stream) >= 200; }, 40s));
            before[stream] = floorOf(stream);
        }
        for (const unsigned stream : {0U, 1U, 4U})
            QVERIFY(waitUntil([&] { return floorOf(stream) > before[stream] + 25; }, 60s));
        QVERIFY(waitUntil([&] { return consumer(0, 19)["num_pending"].toInt() == 0; }, 40s));
    }

    void aSilentStreamStaysAsItIs()
    {
        QVERIFY(Crowd::rateOf(9) == 0);
        QCOMPARE(ask("STREAM.INFO." + Crowd::streamName(9))["state"].toObject()["last_seq"].toInt(), 200);
    }
};

QTEST_GUILESS_MAIN(TestCrowd)
#include "tst_crowd.moc"
