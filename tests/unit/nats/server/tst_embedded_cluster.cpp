// SPDX-License-Identifier: Apache-2.0
#include "nats/client/connection.h"
#include "nats/server/embedded_cluster.h"
#include "tests/support/temp_folder.h"
#include "tests/support/wait_until.h"

#include <QTest>

using namespace jetlag;
using namespace jetlag::test;
using namespace std::chrono_literals;

class TestEmbeddedCluster : public QObject
{
    Q_OBJECT

private slots:
    void twoClustersStayApart()
    {
        const TempFolder folder;
        std::vector<EmbeddedCluster> clusters;
        for (const char* name : {"one", "two"}) {
            Result<EmbeddedCluster> started = EmbeddedCluster::start({.folder = folder / name, .nodes = 3});
            QVERIFY2(started, started ? "" : started.error().message().c_str());
            QCOMPARE(started->size(), std::size_t(3));
            clusters.push_back(std::move(*started));
        }
        // Each has three peers of its own, and knows nothing of the other's stream.
        for (std::size_t at = 0; at < clusters.size(); ++at) {
            const auto connection = Connection::open(clusters[at].profile(), {.timeout = 30s});
            QVERIFY(connection);
            const std::string create = "STREAM.CREATE.S" + std::to_string(at);
            // No raw string: moc stumbles over its quotes.
            const std::string config = "{\"name\":\"S" + std::to_string(at) + "\",\"num_replicas\":3}";
            QVERIFY(waitUntil([&] { return (*connection)->apiRequest(create, config, 5s).hasValue(); }));
            std::optional<Result<std::string>> names;
            QVERIFY(waitUntil([&] {
                names = (*connection)->apiRequest("STREAM.NAMES", "", 5s);
                return *names && (*names)->find("S" + std::to_string(at)) != std::string::npos;
            }));
            QVERIFY((*names)->find("S" + std::to_string(1 - at)) == std::string::npos);
        }
    }

    void oneServerIsNoCluster()
    {
        const TempFolder folder;
        Result<EmbeddedCluster> started = EmbeddedCluster::start({.folder = folder / "one", .nodes = 1});
        QVERIFY(started);
        const auto connection = Connection::open(started->profile(), {.timeout = 30s});
        QVERIFY(connection);
        const Result<std::string> created =
            (*connection)->apiRequest("STREAM.CREATE.S", "{\"name\":\"S\",\"num_replicas\":3}", 5s);
        QVERIFY(!created);
        QVERIFY2(created.error().message().find("replicas") != std::string::npos,
                 created.error().message().c_str());
        QVERIFY((*connection)->serverInfo().name == EmbeddedCluster::nameOf(0));
    }
};

QTEST_GUILESS_MAIN(TestEmbeddedCluster)
#include "tst_embedded_cluster.moc"
