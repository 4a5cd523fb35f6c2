// SPDX-License-Identifier: Apache-2.0
//
// Streams read from a real server: by sequence without a consumer, and by a durable that dies, is cut off
// and comes back.

#include "nats/client/read_only_api.h"
#include "nats/client/write_api.h"
#include "nats/source/durable_source.h"
#include "nats/source/sequence_source.h"
#include "tests/support/broker.h"

#include <QScopeGuard>
#include <QTest>
#include <fmt/format.h>

#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

using namespace jetlag;
using namespace jetlag::test;
using namespace std::chrono_literals;

namespace {

using Sequences = std::vector<std::uint64_t>;

struct Link
{
    explicit Link(const ConnectionProfile& profile)
        : connection(openPatiently(profile))
        , reads(*connection)
        , writes(*connection)
    {}
    std::unique_ptr<Connection> connection;
    ReadOnlyApi reads;
    WriteApi writes;
};

struct Read
{
    Sequences sequences;
    std::vector<SequenceGap> gaps;
    std::string firstPayload;
    std::optional<Error> error;
};

// Reads until the end, or until `count` messages are there, half a minute at most.
Read readAll(EventSource& source, std::size_t count = SIZE_MAX)
{
    Read read;
    const auto deadline = std::chrono::steady_clock::now() + 30s;
    MessageBatch batch;
    while (read.sequences.size() < count && std::chrono::steady_clock::now() < deadline) {
        batch.clear();
        const Result<SourceOutcome> outcome = source.next(batch, 200ms, {});
        if (!outcome) {
            read.error = outcome.error();
            break;
        }
        if (*outcome == SourceOutcome::End)
            break;
        for (const Message& message : batch.messages) {
            if (read.sequences.empty())
                read.firstPayload = message.payload;
            read.sequences.push_back(message.sequence.value());
        }
        read.gaps.insert(read.gaps.end(), batch.gaps.begin(), batch.gaps.end());
    }
    return read;
}

Sequences range(std::uint64_t first, std::uint64_t last)
{
    Sequences sequences;
    for (std::uint64_t i = first; i <= last; ++i)
        sequences.push_back(i);
    return sequences;
}

std::unique_ptr<SequenceSource> openSequence(Link& link, SequenceSourceOptions options = {},
                                             const std::string& stream = "S")
{
    Result<std::unique_ptr<SequenceSource>> source =
        SequenceSource::open(link.reads, stream, std::move(options));
    return source ? std::move(*source) : nullptr;
}

std::unique_ptr<DurableSource> openDurable(Link& link, DurableSourceOptions options)
{
    options.stream = "S";
    options.durable = "D";
    std::string created;
    Result<std::unique_ptr<DurableSource>> source =
        DurableSource::open(link.reads, link.writes, std::move(options), created);
    return source ? std::move(*source) : nullptr;
}

ConsumerSnapshot consumer(Link& link)
{
    return lookUpConsumer(link.reads, "S", "D").value();
}

/// As no client library sends it: `headers` as they are.
void publishRaw(std::uint16_t port, const std::string& subject, const std::string& headers,
                const std::string& payload)
{
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto closing = qScopeGuard([socket] { ::close(socket); });
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience{20, 0};
    const std::string text =
        fmt::format("CONNECT {{\"verbose\":false,\"headers\":true}}\r\nHPUB {} {} {}\r\n{}{}\r\nPING\r\n",
                    subject, headers.size(), headers.size() + payload.size(), headers, payload);
    if (::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) != 0 ||
        ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::send(socket, text.data(), text.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(text.size()))
        throw std::runtime_error("the broker cannot be reached");
    std::string answer;
    while (answer.find("PONG") == std::string::npos) {
        char part[4'096];
        const ssize_t length = ::recv(socket, part, sizeof part, 0);
        if (length <= 0)
            throw std::runtime_error("the broker did not take it: " + answer);
        answer.append(part, static_cast<std::size_t>(length));
    }
}

} // namespace

class TestNatsSources : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<Broker> m_broker;
    std::unique_ptr<TestClient> m_client;

    void makeStream(const std::string& more = {})
    {
        m_client->createStream(R"({"name":"S","subjects":["s.>"],"storage":"file","allow_direct":true)" +
                               more + "}");
    }

private slots:
    void init()
    {
        m_broker = std::make_unique<Broker>();
        m_client = std::make_unique<TestClient>(m_broker->profile());
    }
    void cleanup()
    {
        m_client.reset();
        m_broker.reset();
    }

    void aStreamIsReadInOrderAndWithoutAConsumer()
    {
        makeStream();
        m_client->publishMany("s.a", "payload", 5'000);
        Link link(m_broker->profile());
        const Read read = readAll(*openSequence(link));
        QVERIFY(read.sequences == range(1, 5'000));
        QVERIFY(read.gaps.empty());
        QCOMPARE(read.firstPayload, std::string("payload"));
        QVERIFY(lookUpStream(link.reads, "S").value().consumerCount == 0);
    }

    void bothEndsAreIncluded()
    {
        makeStream();
        m_client->publishMany("s.a", "x", 100);
        Link link(m_broker->profile());
        QVERIFY(
            readAll(*openSequence(link, {.from = StreamSequence(10), .to = StreamSequence(20)})).sequences ==
            range(10, 20));
        QVERIFY(readAll(*openSequence(link, {.from = StreamSequence(200)})).sequences.empty());
    }

    void deletedMessagesAreGaps()
    {
        makeStream();
        m_client->publishMany("s.a", "x", 200);
        for (int sequence : {50, 51, 120})
            m_client->api("STREAM.MSG.DELETE.S", "{\"seq\":" + std::to_string(sequence) + "}");
        m_client->api("STREAM.PURGE.S", R"({"seq":10})"); // keeps from 10 on
        for (int sequence = 60; sequence < 110; ++sequence)
            m_client->api("STREAM.MSG.DELETE.S", "{\"seq\":" + std::to_string(sequence) + "}");
        Link link(m_broker->profile());
        const std::unique_ptr<SequenceSource> source = openSequence(link);
        QCOMPARE(source->info().first.value(), 10u);
        const Read read = readAll(*source);
        Sequences expected = range(10, 200);
        std::erase_if(expected,
                      [](std::uint64_t s) { return s == 50 || s == 51 || s == 120 || (s >= 60 && s < 110); });
        QVERIFY(read.sequences == expected);
        std::uint64_t missing = 0;
        for (const SequenceGap& gap : read.gaps)
            missing += countBetween(gap.first, gap.last);
        QCOMPARE(missing, 53u);
        // The server can be asked for them without a read.
        QVERIFY(lookUpDeleted(link.reads, "S").value() ==
                (std::vector<SequenceGap>{{StreamSequence(50), StreamSequence(51)},
                                          {StreamSequence(60), StreamSequence(109)},
                                          {StreamSequence(120), StreamSequence(120)}}));
        QVERIFY(!lookUpDeleted(link.reads, "T").hasValue());
    }

    void aLongGapIsJumped()
    {
        makeStream(R"(,"max_msgs_per_subject":1)");
        m_client->publish("s.first", "x");
        m_client->publishMany("s.same", "x", 20'000); // all but the last are superseded
        Link link(m_broker->profile());
        const Read read = readAll(*openSequence(link));
        QVERIFY(read.sequences == (Sequences{1, 20'001}));
        QVERIFY2(link.reads.footprint().requests < 5'000, "a run of gone ones costs few questions");
    }

    void aFilterIsKept()
    {
        makeStream();
        m_client->publish("s.rare", "x");
        m_client->publishMany("s.a", "x", 5'000);
        m_client->publish("s.rare", "x");
        m_client->publish("s.b.c", "x");
        Link link(m_broker->profile());
        QVERIFY(readAll(*openSequence(link, {.filters = {"s.rare"}})).sequences == (Sequences{1, 5'002}));
        QVERIFY(readAll(*openSequence(link, {.filters = {"s.rare", "s.*.c"}})).sequences ==
                (Sequences{1, 5'002, 5'003}));
        Result<std::unique_ptr<SequenceSource>> bad =
            SequenceSource::open(link.reads, "S", {.filters = {"s..x"}});
        QVERIFY(!bad && bad.error().code() == ErrorCode::InvalidArgument);
    }

    void streamsWithoutDirectGetAreReadThroughTheLeader()
    {
        m_client->createStream(R"({"name":"S","subjects":["s.>"],"storage":"memory","allow_direct":false})");
        m_client->publish("s.a", std::string("\0\xff bytes", 8), {{"A", "1"}, {"A", "2"}, {"B", "3"}});
        m_client->publishMany("s.a", "x", 500);
        Link link(m_broker->profile());
        const std::unique_ptr<SequenceSource> source = openSequence(link, {.headers = HeaderChoice::All});
        MessageBatch batch;
        QVERIFY(source->next(batch, 10s, {}).value() == SourceOutcome::Batch);
        QCOMPARE(batch.messages[0].payload, std::string_view("\0\xff bytes", 8));
        QCOMPARE(findHeader(batch.messages[0].headers, "B"), std::string_view("3"));
        QCOMPARE(batch.messages[0].headers.size(), 3u);
        const std::size_t inFirst = batch.messages.size();
        QCOMPARE(inFirst + readAll(*source).sequences.size(), 501u);
    }

    void aRepublishedMessageKeepsItsOwnHeaders()
    {
        makeStream();
        m_client->publish("s.a", "x",
                          {{"Nats-Sequence", "77"}, {"Nats-Stream", "OTHER"}, {"Nats-Subject", "other"}});
        Link link(m_broker->profile());
        const std::unique_ptr<SequenceSource> source = openSequence(link, {.headers = HeaderChoice::All});
        MessageBatch batch;
        QVERIFY(source->next(batch, 10s, {}).value() == SourceOutcome::Batch);
        QCOMPARE(batch.messages[0].sequence.value(), 1u);
        QCOMPARE(batch.messages[0].subject, std::string_view("s.a"));
        QCOMPARE(findHeader(batch.messages[0].headers, "Nats-Sequence"), std::string_view("77"));
        QCOMPARE(findHeader(batch.messages[0].headers, "Nats-Stream"), std::string_view("OTHER"));
    }

    /// Anybody may store a message whose headers begin like a server's "no message".
    void aStoredStatusLineIsNoAnswerOfTheServer()
    {
        makeStream();
        m_client->publish("s.a", "before");
        publishRaw(m_broker->port(), "s.a", "NATS/1.0 404 No Messages\r\n\r\n", "stored");
        m_client->publish("s.a", "behind");
        Link link(m_broker->profile());
        const Read read = readAll(*openSequence(link, {.headers = HeaderChoice::All}));
        QVERIFY(read.sequences == range(1, 3));
        QVERIFY(read.gaps.empty());
        QVERIFY(!read.error);
    }

    void theTailIsFollowed()
    {
        makeStream();
        m_client->publishMany("s.a", "x", 10);
        Link link(m_broker->profile());
        const std::unique_ptr<SequenceSource> source = openSequence(link, {.follow = true});
        QVERIFY(readAll(*source, 10).sequences == range(1, 10));
        m_client->publishMany("s.a", "x", 10);
        QVERIFY(readAll(*source, 10).sequences == range(11, 20));
    }

    void timesBecomeSequences()
    {
        makeStream();
        m_client->publishMany("s.a", "x", 50);
        Link link(m_broker->profile());
        const StreamSnapshot stream = lookUpStream(link.reads, "S").value();
        QCOMPARE(sequenceAtTime(link.reads, stream, stream.firstTime).value().value(), 1u);
        QCOMPARE(sequenceAtTime(link.reads, stream, stream.lastTime + 1ns).value().value(), 51u);
        QCOMPARE(sequenceAtTime(link.reads, stream, stream.lastTime).value().value(), 50u);
        QCOMPARE(sequenceAtTime(link.reads, stream, ServerTime()).value().value(), 1u);
    }

    void anUnknownStreamIsSaidSo()
    {
        Link link(m_broker->profile());
        const Result<std::unique_ptr<SequenceSource>> source = SequenceSource::open(link.reads, "NOPE", {});
        QVERIFY(!source && source.error().code() == ErrorCode::NotFound);
        QVERIFY(source.error().message().find("NOPE") != std::string::npos);
    }

    void aStreamDeletedWhileReadIsSaidSo()
    {
        makeStream();
        m_client->publishMany("s.a", "x", 10);
        Link link(m_broker->profile());
        const std::unique_ptr<SequenceSource> source = openSequence(link, {.follow = true, .patience = 3s});
        QCOMPARE(readAll(*source, 10).sequences.size(), 10u);
        m_client->api("STREAM.DELETE.S");
        const Read read = readAll(*source, 1);
        QVERIFY(read.error.has_value());
        QVERIFY(read.error->message().find("deleted") != std::string::npos);
    }

    void aServerThatRestartsIsWaitedFor()
    {
        makeStream();
        m_client->publishMany("s.a", "x", 10);
        Link link(m_broker->profile());
        const std::unique_ptr<SequenceSource> source = openSequence(link, {.follow = true});
        QCOMPARE(readAll(*source, 10).sequences.size(), 10u);
        m_broker->stop();
        m_broker->restart();
        TestClient(m_broker->profile()).publishMany("s.a", "x", 5);
        QVERIFY(readAll(*source, 5).sequences == range(11, 15));
    }

    void aDurableAcksWhatIsCheckpointedAndNoMore()
    {
        makeStream();
        m_client->publishMany("s.a", "x", 1'000);
        Link link(m_broker->profile());
        const std::unique_ptr<DurableSource> source = openDurable(link, {.untilCaughtUp = true});
        QVERIFY(readAll(*source).sequences == range(1, 1'000));
        QCOMPARE(consumer(link).ackFloor.stream.value(), 0u);
        QVERIFY(source->checkpointed(StreamSequence(400)).hasValue());
        QVERIFY(waitUntil([&] { return consumer(link).ackFloor.stream.value() == 400; }));
        QVERIFY(source->checkpointed(StreamSequence(1'000)).hasValue());
        QVERIFY(source->flushAcks(20s).hasValue());
        QCOMPARE(consumer(link).lag(), 0u);
    }

    void whatAPredecessorHadInHandIsReadAgainInOrder()
    {
        makeStream();
        m_client->publishMany("s.a", "x", 3'000);
        {
            Link link(m_broker->profile());
            const std::unique_ptr<DurableSource> source = openDurable(link, {});
            QVERIFY(readAll(*source, 1'500).sequences.size() >= 1'500);
            QVERIFY(source->checkpointed(StreamSequence(500)).hasValue());
            QVERIFY(waitUntil([&] { return consumer(link).ackFloor.stream.value() == 500; }));
        }
        Link link(m_broker->profile());
        const std::unique_ptr<DurableSource> source =
            openDurable(link, {.checkpoint = StreamSequence(500), .untilCaughtUp = true});
        QVERIFY(readAll(*source).sequences == range(501, 3'000));
        QVERIFY(source->counters().readAgain >= 1'000);
        QVERIFY(source->checkpointed(StreamSequence(3'000)).hasValue());
        QVERIFY(source->flushAcks(20s).hasValue());
        QVERIFY2(waitUntil([&] { return consumer(link).lag() == 0; }), "no lag is left for ack_wait");
    }

    void aWorkQueueIsAckedOneByOneAndReadAgainToo()
    {
        makeStream(R"(,"retention":"workqueue")");
        m_client->publishMany("s.a", "x", 300);
        {
            Link link(m_broker->profile());
            const std::unique_ptr<DurableSource> source = openDurable(link, {});
            QVERIFY(readAll(*source, 300).sequences == range(1, 300));
            QVERIFY(source->checkpointed(StreamSequence(100)).hasValue());
            QVERIFY(waitUntil([&] { return lookUpStream(link.reads, "S").value().messages == 200; }));
        }
        Link link(m_broker->profile());
        const std::unique_ptr<DurableSource> source =
            openDurable(link, {.checkpoint = StreamSequence(100), .untilCaughtUp = true});
        QVERIFY(readAll(*source).sequences == range(101, 300));
        QVERIFY(source->checkpointed(StreamSequence(300)).hasValue());
        QVERIFY(waitUntil([&] { return lookUpStream(link.reads, "S").value().messages == 0; }));
    }

    void whatComesAgainAfterItsCheckpointIsAckedAtOnce()
    {
        makeStream(R"(,"retention":"workqueue")");
        m_client->publishMany("s.a", "x", 50);
        {
            Link link(m_broker->profile());
            const std::unique_ptr<DurableSource> source = openDurable(link, {.ackWait = 1s});
            QVERIFY(readAll(*source, 50).sequences == range(1, 50));
        }
        // The predecessor died between checkpoint and ack, and nothing new comes that would need a
        // checkpoint.
        Link link(m_broker->profile());
        const std::unique_ptr<DurableSource> source = openDurable(link, {.checkpoint = StreamSequence(50)});
        QVERIFY(waitUntil([&] {
            MessageBatch batch;
            return source->next(batch, 50ms, {}).hasValue() && batch.messages.empty() &&
                   lookUpStream(link.reads, "S").value().messages == 0;
        }));
        QVERIFY(source->counters().redelivered >= 50);
    }

    void acksOfAWorkQueueOutliveABrokenConnection()
    {
        makeStream(R"(,"retention":"workqueue")");
        m_client->publishMany("s.a", "x", 200);
        Link link(m_broker->profile());
        const std::unique_ptr<DurableSource> source = openDurable(link, {.ackWait = 600s});
        QVERIFY(readAll(*source, 200).sequences == range(1, 200));
        m_broker->stop(); // in order, so that the server still knows what it delivered
        QVERIFY(waitUntil([&] { return !link.reads.isConnected(); }));
        QVERIFY(source->checkpointed(StreamSequence(150)).hasValue());
        m_broker->restart();
        QVERIFY(waitUntil([&] {
            MessageBatch batch;
            (void)source->next(batch, 50ms, {});
            (void)source->checkpointed(StreamSequence(160));
            const Result<StreamSnapshot> stream = lookUpStream(link.reads, "S");
            return stream && stream->messages == 40;
        }));
        QCOMPARE(source->counters().redelivered, 0u);
    }

    void redeliveriesAreDropped()
    {
        makeStream();
        m_client->publishMany("s.a", "x", 50);
        Link link(m_broker->profile());
        const std::unique_ptr<DurableSource> source = openDurable(link, {.ackWait = 1s});
        QVERIFY(readAll(*source, 50).sequences == range(1, 50));
        // Pulls stay open past ack_wait: the server delivers again what nobody has acked.
        MessageBatch batch;
        QVERIFY(waitUntil([&] {
            batch.clear();
            return source->next(batch, 100ms, {}).hasValue() && batch.messages.empty() &&
                   source->counters().redelivered >= 50;
        }));
        QVERIFY(source->checkpointed(StreamSequence(50)).hasValue());
        QVERIFY(waitUntil([&] { return consumer(link).lag() == 0; }));
    }

    void aBrokerKilledUnderADurableCostsNothing()
    {
        makeStream();
        m_client->publishMany("s.a", "x", 2'000);
        Link link(m_broker->profile());
        const std::unique_ptr<DurableSource> source = openDurable(link, {});
        const Read before = readAll(*source, 1'000);
        m_broker->kill9();
        m_broker->restart();
        TestClient fresh(m_broker->profile()); // the link may not be back yet
        fresh.publishMany("s.a", "x", 10);
        ReadOnlyApi reads(fresh.connection());
        const std::uint64_t last = lookUpStream(reads, "S").value().lastSequence.value();
        const Read after = readAll(*source, last - before.sequences.size());
        Sequences all = before.sequences;
        all.insert(all.end(), after.sequences.begin(), after.sequences.end());
        QVERIFY2(!after.error, after.error ? after.error->message().c_str() : "");
        QVERIFY(all == range(1, last));
        QVERIFY(source->checkpointed(StreamSequence(last)).hasValue());
        QVERIFY(waitUntil([&] {
            MessageBatch batch;
            return source->next(batch, 50ms, {}).hasValue() && consumer(link).lag() == 0;
        }));
    }

    void aConsumerDeletedWhileReadIsSaidSo()
    {
        makeStream();
        m_client->publishMany("s.a", "x", 10);
        Link link(m_broker->profile());
        const std::unique_ptr<DurableSource> source = openDurable(link, {});
        QCOMPARE(readAll(*source, 10).sequences.size(), 10u);
        m_client->api("CONSUMER.DELETE.S.D");
        const Read read = readAll(*source, 1);
        QVERIFY(read.error.has_value());
        QVERIFY(read.error->code() == ErrorCode::NotFound);
    }

    void anotherKindOfConsumerIsRefused_data()
    {
        QTest::addColumn<QByteArray>("config");
        QTest::newRow("push") << QByteArray(
            R"({"durable_name":"D","ack_policy":"explicit","deliver_subject":"d"})");
        QTest::newRow("no acks") << QByteArray(R"({"durable_name":"D","ack_policy":"none"})");
        QTest::newRow("gives up") << QByteArray(
            R"({"durable_name":"D","ack_policy":"explicit","max_deliver":3})");
    }
    void anotherKindOfConsumerIsRefused()
    {
        QFETCH(QByteArray, config);
        makeStream();
        m_client->createConsumer("S", config.toStdString());
        Link link(m_broker->profile());
        std::string created;
        const Result<std::unique_ptr<DurableSource>> source =
            DurableSource::open(link.reads, link.writes, {.stream = "S", .durable = "D"}, created);
        QVERIFY(!source && source.error().code() == ErrorCode::Conflict);
    }
};

QTEST_GUILESS_MAIN(TestNatsSources)
#include "tst_nats_sources.moc"
