// SPDX-License-Identifier: Apache-2.0
#include "model/record/assembler.h"
#include "model/record/headers.h"
#include "model/record/local_messages.h"
#include "model/record/outgoing.h"
#include "model/record/record.h"
#include "tests/unit/model/record/record_test_support.h"

#include <QTest>

#include <string>
#include <vector>

using namespace jetlag;
using namespace jetlag::test;

namespace {

struct Line
{
    std::string key;
    std::string zone;
    std::string payload;
    std::uint64_t fullLength = 0; // 0 = the payload's
};

FramedBatch batchOf(const std::vector<Line>& lines)
{
    FramedBatch batch;
    std::uint64_t offset = 0;
    for (const Line& line : lines) {
        FramedRecord& record = batch.records.emplace_back();
        record.source = batch.arena.copy("src");
        record.firstOffset = record.lastOffset = offset;
        record.key = batch.arena.copy(line.key);
        record.label = batch.arena.copy("user");
        record.subject = batch.arena.copy("hdfs.user");
        record.zone = line.zone.empty() ? std::string_view() : batch.arena.copy(line.zone);
        record.payload = batch.arena.copy(line.payload);
        record.fullLength = line.fullLength > 0 ? line.fullLength : line.payload.size();
        offset += line.payload.size() + 1;
    }
    return batch;
}

// All that a record's digest may depend on.
std::string textOf(const Record& record)
{
    return std::string(record.event.key) + "|" + std::string(record.event.subject) + "|" +
           std::string(record.event.zone) + "|" + std::string(toString(record.reason)) + "|" +
           std::to_string(record.fullLength) + "|" + std::string(record.event.payload);
}

std::vector<std::string> recordsOf(const MessageBatch& batch)
{
    RecordAssembler assembler({.filtered = false, .first = StreamSequence(1)});
    std::vector<Record> records;
    ByteArena arena;
    (void)assembler.addBatch(batch, 0, SIZE_MAX, records, arena);
    std::vector<std::string> texts;
    for (const Record& record : records)
        texts.push_back(textOf(record));
    return texts;
}

std::vector<std::string> recordsOfStream(const FramedBatch& batch, std::size_t maxPayload)
{
    OutgoingBuilder builder({.prefix = "hdfs", .stream = "S", .partitions = 1, .maxPayload = maxPayload});
    RecordAssembler assembler({.filtered = false, .first = StreamSequence(1)});
    std::vector<std::string> texts;
    std::optional<std::uint64_t> previous;
    std::uint64_t sequence = 0;
    for (const FramedRecord& framed : batch.records) {
        const auto built = builder.build(framed, previous);
        if (!built)
            return {built.error().message()};
        previous = framed.lastOffset;
        for (const OutgoingMessage& message : *built) {
            const StoredMessage stored(message);
            StoredMessages views;
            std::vector<Record> records;
            ByteArena arena;
            assembler.add(views.view(stored, ++sequence), records, arena);
            for (const Record& record : records)
                texts.push_back(textOf(record));
        }
    }
    return texts;
}

std::vector<Line> variedLines()
{
    return {{"alice", "", "one"},
            {"alice", "", "two"},
            {"bob", "", "three"},
            {"bob", "Europe/Berlin", "four"},
            {"bob", "Europe/Berlin", ""},
            {"-", "", "no key"},
            {"a key\r\n100%\xff", "", "odd key"},
            {"bob", "", std::string(kOversizeKeptBytes, 'x'), kMaxRecordBytes + 1},
            {"bob", "", std::string(kOversizeKeptBytes, 'y'), kMaxRecordBytes + 2},
            {"bob", "", "after the large ones"},
            {"bob", "", std::string(200'000, 'z')}};
}

} // namespace

class TestLocalMessages : public QObject
{
    Q_OBJECT

private slots:
    void aLogGivesTheVeryEventsOfItsStream()
    {
        const FramedBatch published = batchOf(variedLines());
        FramedBatch read = batchOf(variedLines());
        MessageBatch out;
        appendLocalMessages(read, StreamSequence(1), out);
        const std::vector<std::string> local = recordsOf(out);
        QCOMPARE(local.size(), variedLines().size());
        for (const std::size_t maxPayload : {std::size_t(1024 * 1024), std::size_t(1'000)}) {
            const std::vector<std::string> streamed = recordsOfStream(published, maxPayload);
            QCOMPARE(streamed.size(), local.size());
            for (std::size_t i = 0; i < local.size(); ++i)
                QVERIFY2(streamed[i] == local[i], qPrintable(QString::number(i)));
        }
    }

    void recordsAreCountedOn()
    {
        FramedBatch batch = batchOf({{"a", "", "1"}, {"a", "", "2"}});
        MessageBatch out;
        appendLocalMessages(batch, StreamSequence(41), out);
        QCOMPARE(out.messages.size(), std::size_t(2));
        QCOMPARE(out.messages[0].sequence.value(), std::uint64_t(41));
        QCOMPARE(out.coveredTo.value(), std::uint64_t(42));
        QVERIFY(batch.records.empty());
        QVERIFY(batch.owners.empty());

        batch = batchOf({{"b", "", "3"}});
        appendLocalMessages(batch, out.coveredTo.next(), out);
        QCOMPARE(out.messages.size(), std::size_t(3));
        QCOMPARE(out.messages[2].sequence.value(), std::uint64_t(43));
        QCOMPARE(out.coveredTo.value(), std::uint64_t(43));
        // The first ones are still whole.
        QCOMPARE(out.messages[0].payload, std::string_view("1"));
        QCOMPARE(findHeader(out.messages[1].headers, headers::kKey), std::string_view("a"));
    }

    void nothingFramedChangesNothing()
    {
        MessageBatch out;
        out.coveredTo = StreamSequence(5);
        FramedBatch empty;
        appendLocalMessages(empty, StreamSequence(6), out);
        QVERIFY(out.messages.empty());
        QCOMPARE(out.coveredTo.value(), std::uint64_t(5));
    }

    void onlyTheLengthThatIsTheirsIsSaid()
    {
        FramedBatch batch = batchOf({{"a", "", "1"},
                                     {"a", "", "cut", kMaxRecordBytes + 1},
                                     {"a", "", "cut", kMaxRecordBytes + 2},
                                     {"a", "", "4"},
                                     {"a", "", "5"}});
        MessageBatch out;
        appendLocalMessages(batch, StreamSequence(1), out);
        std::vector<std::string> lengths;
        for (const Message& message : out.messages)
            lengths.emplace_back(findHeader(message.headers, headers::kOversize));
        QVERIFY((lengths == std::vector<std::string>{"", std::to_string(kMaxRecordBytes + 1),
                                                     std::to_string(kMaxRecordBytes + 2), "", ""}));
        // No chain: a file has its records in order and once.
        for (const Message& message : out.messages) {
            QVERIFY(!findHeader(message.headers, headers::kPrevious).data());
            QVERIFY(!findHeader(message.headers, headers::kMessageId).data());
        }
        QVERIFY(out.messages[3].headers.data() == out.messages[4].headers.data()); // shared, not made anew
    }

    void theBatchOwnsWhatItShows()
    {
        MessageBatch moved;
        {
            FramedBatch batch = batchOf(variedLines());
            auto owner = std::make_shared<std::string>("shared bytes");
            batch.records[0].payload = *owner;
            batch.records[0].fullLength = owner->size();
            batch.owners.push_back(std::move(owner));
            MessageBatch out;
            appendLocalMessages(batch, StreamSequence(1), out);
            moved = std::move(out);
        }
        QCOMPARE(moved.messages[0].payload, std::string_view("shared bytes"));
        QCOMPARE(findHeader(moved.messages[3].headers, headers::kZone), std::string_view("Europe/Berlin"));
        QCOMPARE(findHeader(moved.messages[6].headers, headers::kKey),
                 std::string_view("a%20key%0D%0A100%25\xff"));
    }
};

QTEST_GUILESS_MAIN(TestLocalMessages)
#include "tst_local_messages.moc"
