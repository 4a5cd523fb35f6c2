// SPDX-License-Identifier: Apache-2.0
#include "model/cluster/stream_findings.h"

#include <QTest>

using namespace jetlag;
using namespace std::chrono_literals;

namespace {

StreamSnapshot queue(std::uint64_t messages)
{
    StreamSnapshot stream;
    stream.name = "S";
    stream.retention = "workqueue";
    stream.discard = "new";
    stream.messages = messages;
    stream.bytes = 100 * messages;
    return stream;
}

ConsumerSnapshot taking(const std::string& filter, std::uint64_t pending)
{
    ConsumerSnapshot consumer;
    consumer.stream = "S";
    consumer.name = "c-" + filter;
    if (!filter.empty())
        consumer.filters = {filter};
    consumer.pending = pending;
    return consumer;
}

QByteArray kindsOf(const StreamSnapshot& stream, const std::vector<ConsumerSnapshot>& consumers = {})
{
    std::vector<const ConsumerSnapshot*> views;
    for (const ConsumerSnapshot& consumer : consumers)
        views.push_back(&consumer);
    QByteArrayList kinds;
    for (const StreamFinding& finding : findingsOf(stream, views)) {
        kinds << QByteArray::fromStdString(finding.kind);
        if (finding.sentence.empty())
            kinds << "without a sentence";
    }
    return kinds.join(' ');
}

} // namespace

class TestStreamFindings : public QObject
{
    Q_OBJECT

private slots:
    void aFullStreamThatDiscardsNewRefuses()
    {
        StreamSnapshot stream = queue(1'000);
        stream.retention = "limits";
        QCOMPARE(kindsOf(stream), QByteArray()); // no limit
        stream.maxMessages = 1'000;
        QCOMPARE(kindsOf(stream), QByteArray("refusing"));
        stream.maxMessages = 1'100;
        QCOMPARE(kindsOf(stream), QByteArray("limits-near"));
        stream.maxMessages = 2'000;
        QCOMPARE(kindsOf(stream), QByteArray());
        stream.maxBytes = 100'050; // the next message does not fit
        QCOMPARE(kindsOf(stream), QByteArray("refusing"));
        stream.discard = "old"; // makes room by itself
        QCOMPARE(kindsOf(stream), QByteArray());
    }

    void aWorkQueueHoldsWhatNobodyClaims()
    {
        StreamSnapshot stream = queue(1'000);
        QCOMPARE(kindsOf(stream), QByteArray("unclaimed")); // no consumer at all
        stream.consumerCount = 1;
        QCOMPARE(kindsOf(stream, {taking("s.a", 600)}), QByteArray("unclaimed"));
        QCOMPARE(kindsOf(stream, {taking("s.a", 990)}), QByteArray()); // taken moments apart
        QCOMPARE(kindsOf(stream, {taking("", 0)}), QByteArray());      // takes every subject
        QCOMPARE(kindsOf(stream), QByteArray());                       // its consumers could not be listed
        ConsumerSnapshot silent = taking("s.a", 600);
        silent.stale = true;
        QCOMPARE(kindsOf(stream, {silent}), QByteArray());
        stream.retention = "limits";
        QCOMPARE(kindsOf(stream, {taking("s.a", 600)}), QByteArray());
    }

    void aSourceFallsBehind()
    {
        StreamSnapshot stream = queue(0);
        stream.sources = {{.name = "up", .lag = 3, .active = 1s}};
        QCOMPARE(kindsOf(stream), QByteArray());
        stream.sources[0].lag = 5'000;
        QCOMPARE(kindsOf(stream), QByteArray("source-behind"));
        stream.sources[0] = {.name = "quiet", .lag = 0, .active = 900s};
        QCOMPARE(kindsOf(stream), QByteArray()); // nothing to copy
        stream.sources[0].lag = 1;
        QCOMPARE(kindsOf(stream), QByteArray("source-behind"));
        stream.sources[0] = {.name = "gone", .problem = "stream not found"};
        QCOMPARE(kindsOf(stream), QByteArray("source-behind"));
        stream.stale = true;
        QCOMPARE(kindsOf(stream), QByteArray());
    }
};

QTEST_GUILESS_MAIN(TestStreamFindings)
#include "tst_stream_findings.moc"
