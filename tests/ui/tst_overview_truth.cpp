// SPDX-License-Identifier: Apache-2.0
//
// What Overview shows beside what the server itself says, and beside a pace that the test drives.

#include "app/runtime/runtime.h"
#include "tests/support/broker.h"
#include "tests/support/ctl.h"
#include "tests/support/temp_folder.h"
#include "ui/bridge/live_session.h"
#include "ui/models/collector_model.h"
#include "ui/models/stream_model.h"
#include "ui/pages/overview/overview_page.h"
#include "ui/theme/theme.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTest>
#include <QThreadPool>

#include <thread>

using namespace jetlag;
using namespace jetlag::test;
using namespace jetlag::ui;
using namespace std::chrono_literals;

namespace {

constexpr int kPatienceMs = 30'000;

QJsonObject ask(TestClient& client, const std::string& call)
{
    return QJsonDocument::fromJson(QByteArray::fromStdString(client.api(call))).object();
}

/// Publishes at a steady pace until it is stopped; knows how many it has sent. What it could not send while
/// the machine stood still it does not catch up on: that would be a spike indeed.
class Driver final
{
public:
    Driver(const ConnectionProfile& profile, std::string subject, double perSecond)
        : m_client(profile)
        , m_thread([this, subject = std::move(subject), perSecond](const std::stop_token& stop) {
            const auto period = std::chrono::duration_cast<std::chrono::nanoseconds>(
                std::chrono::duration<double>(1 / perSecond));
            auto next = std::chrono::steady_clock::now();
            while (!stop.stop_requested()) {
                std::this_thread::sleep_until(next);
                next = std::max(next + period, std::chrono::steady_clock::now());
                m_client.publish(subject, "payload");
                ++m_sent;
            }
        })
    {}
    std::uint64_t stop()
    {
        m_thread.request_stop();
        m_thread.join();
        return m_sent;
    }

private:
    TestClient m_client;
    std::atomic<std::uint64_t> m_sent = 0;
    std::jthread m_thread;
};

} // namespace

class TestOverviewTruth : public QObject
{
    Q_OBJECT

private:
    OwnDataHome m_dataHome;
    std::unique_ptr<Broker> m_broker;
    std::unique_ptr<TestClient> m_client;
    std::unique_ptr<Runtime> m_runtime;
    std::unique_ptr<LiveSession> m_session;
    std::unique_ptr<OverviewPage> m_page;

    void stream(const std::string& name, const std::string& more = {})
    {
        m_client->createStream(R"({"name":")" + name + R"(","subjects":[")" + name +
                               R"(.>"],"storage":"file","allow_direct":true)" + more + "}");
    }
    void consumer(const std::string& streamName, const std::string& name, const std::string& more = {})
    {
        m_client->createConsumer(streamName,
                                 R"({"durable_name":")" + name + R"(","ack_policy":"explicit")" + more + "}");
    }
    void show()
    {
        m_session->open({.context = std::nullopt, .server = m_broker->url()});
        m_page = std::make_unique<OverviewPage>(*m_session);
        m_page->resize(1300, 800);
        m_page->show();
        QTRY_VERIFY_WITH_TIMEOUT(m_session->report(), kPatienceMs);
    }
    [[nodiscard]] QString shownBy(const char* column, const std::string& streamName,
                                  const std::string& name) const
    {
        const auto* model = m_page->findChild<CollectorModel*>();
        const std::optional<int> row = model->rowOf({streamName, name});
        return row ? model->index(*row, model->columnOf(QLatin1String(column))).data(ExactRole).toString()
                   : QStringLiteral("no such row");
    }
    /// A report whose look began after now.
    [[nodiscard]] bool newLook() const
    {
        ServerTime before = systemClock().now();
        const auto isNewer = [&] { return m_session->report()->at > before; };
        if (!QTest::qWaitFor(isNewer, kPatienceMs)) // its look may have begun already
            return false;
        before = m_session->report()->at;
        return QTest::qWaitFor(isNewer, kPatienceMs);
    }
    /// Reports from now on that all hold.
    [[nodiscard]] bool newReports(int count) const
    {
        int seen = 0;
        ServerTime last = m_session->report()->at;
        return QTest::qWaitFor(
            [&] {
                if (m_session->report()->at != last) {
                    last = m_session->report()->at;
                    ++seen;
                }
                return seen >= count;
            },
            kPatienceMs);
    }

private slots:
    void initTestCase() { Theme::instance().install(ThemeMode::Dark); }
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
        m_broker = std::make_unique<Broker>();
        m_client = std::make_unique<TestClient>(m_broker->profile());
        m_runtime = std::make_unique<Runtime>();
        m_session = std::make_unique<LiveSession>(m_runtime->services());
    }
    void cleanup()
    {
        m_page.reset();
        m_session.reset();
        QThreadPool::globalInstance()->waitForDone();
        m_runtime.reset();
        m_client.reset();
        m_broker.reset();
    }

    // Nothing moves: every count is the server's own, and that of `jetlagctl report`.
    void atRestEveryCountIsTheServersOwn()
    {
        for (int number = 0; number < 4; ++number) {
            const std::string name = "S" + std::to_string(number);
            stream(name);
            m_client->publishMany(name + ".a", "payload", 100 + 10 * static_cast<std::uint64_t>(number));
            m_client->publishMany(name + ".b", "payload", 5);
            consumer(name, "all");
            consumer(name, "some", R"(,"filter_subject":")" + name + R"(.b")");
        }
        m_client->api("STREAM.PURGE.S3", R"({"seq":50})");
        show();
        QVERIFY(newReports(2));
        const TempFolder folder;
        const Ctl ctl(QString::fromStdString((folder / "state").string()));
        const CtlEnd report =
            ctl.run({QStringLiteral("report"), QStringLiteral("--format"), QStringLiteral("json"),
                     QStringLiteral("--server"), QString::fromStdString(m_broker->url())});
        const QJsonArray rows = report.json()[QStringLiteral("collectors")].toArray();
        QCOMPARE(rows.size(), 8);
        for (const QJsonValue& value : rows) {
            const QJsonObject row = value.toObject();
            const std::string streamName = row[QStringLiteral("stream")].toString().toStdString();
            const std::string name = row[QStringLiteral("collector")].toString().toStdString();
            for (const char* column :
                 {"lag", "pending", "ack_pending", "redelivered", "waiting", "delivered", "ack_floor"})
                QCOMPARE(shownBy(column, streamName, name),
                         QString::number(row[QLatin1String(column)].toInteger()));
            const QJsonObject own = ask(*m_client, "CONSUMER.INFO." + streamName + "." + name);
            QCOMPARE(shownBy("pending", streamName, name),
                     QString::number(own[QStringLiteral("num_pending")].toInteger()));
        }
        const auto* streams = m_page->findChild<StreamModel*>();
        QCOMPARE(streams->rowCount(), 4);
        for (const StreamRecord& row : streams->records()) {
            const QJsonObject state =
                ask(*m_client, "STREAM.INFO." + row.report.stream.name)[QStringLiteral("state")].toObject();
            QCOMPARE(qint64(row.report.stream.messages), state[QStringLiteral("messages")].toInteger());
            QCOMPARE(qint64(row.report.stream.bytes), state[QStringLiteral("bytes")].toInteger());
            QCOMPARE(qint64(row.report.stream.firstSequence.value()),
                     state[QStringLiteral("first_seq")].toInteger());
            QCOMPARE(qint64(row.report.stream.lastSequence.value()),
                     state[QStringLiteral("last_seq")].toInteger());
        }
    }

    // While it runs: the counter shown lies between two answers of the server taken around it, the rates come
    // to what the counter grew by, and after the last message they are 0.
    void aKnownPaceIsShownAndAStoppedOneIsNone()
    {
        constexpr double kPace = 150;
        stream("S");
        consumer("S", "c");
        show();
        Driver driver(m_broker->profile(), "S.a", kPace);
        QVERIFY(newReports(2));
        const auto lastSequence = [&] {
            return ask(*m_client, "STREAM.INFO.S")[QStringLiteral("state")][QStringLiteral("last_seq")]
                .toInteger();
        };
        const ServerTime from = m_session->report()->at;
        for (int look = 0; look < 10; ++look) {
            const qint64 before = lastSequence();
            QVERIFY(newLook());
            const qint64 shownLast = qint64(m_session->report()->streams.front().stream.lastSequence.value());
            const qint64 after = lastSequence();
            QVERIFY2(before <= shownLast && shownLast <= after,
                     qPrintable(QStringLiteral("%1 %2 %3").arg(before).arg(shownLast).arg(after)));
        }
        double told = 0;
        double grown = 0;
        int count = 0;
        const StreamSample* last = nullptr;
        for (const StreamSample& sample : *m_session->history().stream("S")) {
            if (last && sample.at > from && sample.in) {
                told += *sample.in * std::chrono::duration<double>(sample.at - last->at).count();
                grown += static_cast<double>(sample.last.value() - last->last.value());
                ++count;
            }
            last = &sample;
        }
        QVERIFY(count >= 9);
        QVERIFY2(grown > 0 && std::abs(told - grown) <= grown * 0.05,
                 qPrintable(QStringLiteral("%1 told, %2 stored").arg(told).arg(grown)));
        const std::uint64_t sent = driver.stop();
        QTRY_VERIFY_WITH_TIMEOUT(m_session->report()->streams.front().inPerSecond.value_or(-1) == 0 &&
                                     m_session->report()->streams.front().stream.lastSequence.value() == sent,
                                 kPatienceMs);
        QCOMPARE(shownBy("lag", "S", "c"), QString::number(sent));
    }

    // A purge, a recreated stream and a restarted server are no traffic.
    void whatIsNoTrafficMakesNoSpike()
    {
        constexpr double kPace = 100;
        stream("S");
        consumer("S", "c");
        m_client->publishMany("S.a", "payload", 5'000);
        show();
        {
            Driver driver(m_broker->profile(), "S.a", kPace);
            QVERIFY(newReports(3));
            m_client->api("STREAM.PURGE.S");
            QVERIFY(newReports(3));
            (void)driver.stop();
        }
        m_client->api("STREAM.DELETE.S");
        stream("S");
        consumer("S", "c");
        QVERIFY(newReports(3));
        m_broker->kill9();
        m_broker->restart();
        QTRY_VERIFY_WITH_TIMEOUT(m_session->state() == LiveSession::State::Connected, kPatienceMs);
        QVERIFY(newReports(3));
        for (const StreamSample& sample : *m_session->history().stream("S"))
            QVERIFY2(sample.in.value_or(0) >= 0 && sample.in.value_or(0) < 2 * kPace,
                     qPrintable(QString::number(sample.in.value_or(0))));
        for (const CollectorSample& sample : *m_session->history().collector({"S", "c"})) {
            QVERIFY(sample.delivered.value_or(0) == 0);
            QVERIFY(sample.acked.value_or(0) == 0);
        }
    }

    void aStreamDeletedWhileItsCollectorIsChosen()
    {
        stream("S");
        consumer("S", "c");
        stream("T");
        consumer("T", "d");
        show();
        QTRY_COMPARE_WITH_TIMEOUT(m_page->findChild<CollectorModel*>()->rowCount(), 2, kPatienceMs);
        m_client->api("STREAM.DELETE.S");
        QTRY_COMPARE_WITH_TIMEOUT(m_page->findChild<CollectorModel*>()->rowCount(), 1, kPatienceMs);
        (void)m_page->grab();
    }
};

QTEST_MAIN(TestOverviewTruth)
#include "tst_overview_truth.moc"
