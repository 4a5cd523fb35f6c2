// SPDX-License-Identifier: Apache-2.0
#include "model/base/text.h"
#include "model/record/assembler.h"
#include "model/record/envelope.h"
#include "model/record/headers.h"
#include "model/record/outgoing.h"
#include "model/record/record.h"
#include "tests/unit/model/record/record_test_support.h"

#include <QTest>

#include <algorithm>
#include <random>
#include <string>

using namespace jetlag;
using namespace jetlag::test;

namespace {

constexpr AssemblerRange kFromStart{.filtered = false, .first = StreamSequence(1)};

// Bytes that no compression helps.
std::string noise(std::size_t size)
{
    std::mt19937_64 random(17);
    std::string bytes(size, '\0');
    for (char& c : bytes)
        c = static_cast<char>(random());
    return bytes;
}

FramedRecord recordOf(std::string_view payload)
{
    FramedRecord record;
    record.source = "local-1/2";
    record.firstOffset = 100;
    record.lastOffset = 100;
    record.key = "local-1/2";
    record.label = "local-1";
    record.subject = "spark.local-1";
    record.payload = payload;
    record.fullLength = payload.size();
    return record;
}

OutgoingBuilder builderFor(std::size_t maxPayload = 1024 * 1024)
{
    return OutgoingBuilder({.prefix = "spark", .stream = "SPARK", .partitions = 8, .maxPayload = maxPayload});
}

// What a stream would store; empty when there was an error.
std::vector<StoredMessage> sent(OutgoingBuilder& builder, const FramedRecord& record,
                                std::optional<std::uint64_t> previous = std::nullopt)
{
    std::vector<StoredMessage> messages;
    const auto built = builder.build(record, previous);
    if (built) {
        for (const OutgoingMessage& message : *built)
            messages.emplace_back(message);
    }
    return messages;
}

bool same(const std::vector<StoredMessage>& a, const std::vector<StoredMessage>& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const StoredMessage& left, const StoredMessage& right) {
                          return left.subject == right.subject && left.headers == right.headers &&
                                 left.payload == right.payload;
                      });
}

std::string valueOf(const StoredMessage& message, std::string_view name)
{
    for (const auto& [key, value] : message.headers) {
        if (key == name)
            return value;
    }
    return "(none)";
}

// What the core makes of messages that a stream holds from sequence 1 on.
struct Received
{
    ByteArena arena;
    std::vector<Record> records;
    RecordCounters counters;
};
Received received(const std::vector<StoredMessage>& messages)
{
    Received result;
    RecordAssembler assembler(kFromStart);
    StoredMessages views;
    std::uint64_t sequence = 0;
    std::vector<Record> records;
    for (const StoredMessage& message : messages) {
        records.clear();
        assembler.add(views.view(message, ++sequence), records, result.arena);
        for (Record record : records) {
            // Views into messages that the caller may have made in passing.
            for (std::string_view* view :
                 {&record.event.key, &record.event.zone, &record.event.subject, &record.event.payload})
                *view = result.arena.copy(*view);
            result.records.push_back(record);
        }
    }
    result.counters = assembler.counters();
    return result;
}

} // namespace

class TestOutgoing : public QObject
{
    Q_OBJECT

private slots:
    void aRecordTravelsUntouched()
    {
        OutgoingBuilder builder = builderFor();
        FramedRecord record = recordOf("payload");
        record.zone = "Europe/Berlin";
        const unsigned partition = builder.partitionFor(record);
        QVERIFY(partition < 8);
        const auto built = builder.build(record, 40);
        QVERIFY(built.hasValue());
        QCOMPARE(built->size(), std::size_t(1));
        const OutgoingMessage& message = built->front();
        QCOMPARE(message.subject, "spark." + std::to_string(partition) + ".local-1");
        QVERIFY(message.payload.data() == record.payload.data());
        QCOMPARE(message.header(headers::kMessageId), std::string_view("local-1/2:100-100"));
        QCOMPARE(message.header(headers::kExpectedStream), std::string_view("SPARK"));
        QCOMPARE(message.header(headers::kPrevious), std::string_view("40"));
        QCOMPARE(message.header(headers::kKey), std::string_view("local-1/2"));
        QCOMPARE(message.header(headers::kZone), std::string_view("Europe/Berlin"));
        QVERIFY(!message.header(headers::kPart).data());
        QVERIFY(!message.header(headers::kContentEncoding).data());
        QVERIFY(!message.header(headers::kOversize).data());
        QCOMPARE(message.headers.size(), std::size_t(5));
        QCOMPARE(builder.build(record, std::nullopt)->front().header(headers::kPrevious),
                 std::string_view("-"));
    }

    void whatTheServerCountsIsTheHeaderBlockAndThePayload()
    {
        OutgoingBuilder builder = builderFor();
        const std::vector<StoredMessage> messages = sent(builder, recordOf("payload"));
        std::string block = "NATS/1.0\r\n";
        for (const auto& [name, value] : messages.at(0).headers)
            block += name + ": " + value + "\r\n";
        block += "\r\n";
        QCOMPARE(builder.build(recordOf("payload"), std::nullopt)->front().wireBytes(),
                 block.size() + std::string_view("payload").size());
    }

    void keysComeBack()
    {
        for (int byte = 0; byte < 256; ++byte) {
            const std::string key = std::string("a") + static_cast<char>(byte) + "b";
            const std::string header = keyForHeader(key);
            QCOMPARE(percentDecode(header), key);
            QVERIFY(std::none_of(header.begin(), header.end(),
                                 [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f; }));
        }
        QCOMPARE(keyForHeader("%41"), std::string("%2541")); // or it would come back as A
        QCOMPARE(keyForHeader({}), std::string());
        const std::string hostile = "x\r\nJetlag-Prev: 0\r\n\r\n";
        OutgoingBuilder builder = builderFor();
        FramedRecord record = recordOf("p");
        record.key = hostile;
        const Received result = received(sent(builder, record));
        QCOMPARE(result.records.size(), std::size_t(1));
        QCOMPARE(std::string(result.records[0].event.key), hostile);
    }

    void onlyLargeRecordsAreCompressedAndOnlyWhereItHelps_data()
    {
        QTest::addColumn<int>("size");
        QTest::addColumn<bool>("compressible");
        QTest::addColumn<bool>("compressed");
        QTest::newRow("64 KB") << int(kCompressAbove) << true << false;
        QTest::newRow("64 KB and a byte") << int(kCompressAbove) + 1 << true << true;
        QTest::newRow("64 KB and a byte of noise") << int(kCompressAbove) + 1 << false << false;
    }
    void onlyLargeRecordsAreCompressedAndOnlyWhereItHelps()
    {
        QFETCH(int, size);
        QFETCH(bool, compressible);
        QFETCH(bool, compressed);
        const auto length = static_cast<std::size_t>(size);
        const std::string payload = compressible ? std::string(length, 'x') : noise(length);
        OutgoingBuilder builder = builderFor();
        const std::vector<StoredMessage> messages = sent(builder, recordOf(payload));
        QCOMPARE(messages.size(), std::size_t(1));
        QCOMPARE(valueOf(messages[0], headers::kContentEncoding), compressed ? "zstd" : "(none)");
        QCOMPARE(messages[0].payload.size() < length, compressed);
        const Received result = received(messages);
        QCOMPARE(result.records.size(), std::size_t(1));
        QVERIFY(result.records[0].event.payload == payload);
    }

    void whateverTheServerTakesTheRecordComesBack_data()
    {
        QTest::addColumn<int>("maxPayload");
        for (int maxPayload : {200, 255, 256, 257, 1'000, 4'096, 65'536, 100'000})
            QTest::addRow("%d bytes", maxPayload) << maxPayload;
    }
    void whateverTheServerTakesTheRecordComesBack()
    {
        QFETCH(int, maxPayload);
        const auto most = static_cast<std::size_t>(maxPayload);
        OutgoingBuilder builder = builderFor(most);
        for (const std::size_t size :
             {std::size_t(0), std::size_t(1), most - 1, most, most + 1, 3 * most, std::size_t(70'000)}) {
            const std::string payload = noise(size);
            FramedRecord record = recordOf(payload);
            record.zone = "Asia/Tokyo";
            const auto built = builder.build(record, std::nullopt);
            QVERIFY2(built.hasValue(), built ? "" : built.error().message().c_str());
            for (const OutgoingMessage& message : *built)
                QVERIFY(message.wireBytes() <= most);
            const Received result = received(sent(builder, record));
            QCOMPARE(result.records.size(), std::size_t(1));
            const Record& back = result.records[0];
            QVERIFY(back.reason == QuarantineReason::None);
            QVERIFY(back.event.payload == payload);
            QCOMPARE(std::string(back.event.key), std::string(record.key));
            QCOMPARE(std::string(back.event.subject), std::string(record.subject));
            QCOMPARE(std::string(back.event.zone), std::string(record.zone));
            QCOMPARE(back.sequence.value(), std::uint64_t(built->size()));
        }
    }

    void partsBeginWhereOneByteTooManyIs()
    {
        const std::string payload = noise(1'000);
        OutgoingBuilder roomy = builderFor();
        const std::size_t wire = roomy.build(recordOf(payload), std::nullopt)->front().wireBytes();
        OutgoingBuilder exact = builderFor(wire);
        QCOMPARE(sent(exact, recordOf(payload)).size(), std::size_t(1));
        OutgoingBuilder tight = builderFor(wire - 1);
        const std::vector<StoredMessage> messages = sent(tight, recordOf(payload));
        QCOMPARE(messages.size(), std::size_t(2));
        for (std::size_t i = 0; i < messages.size(); ++i) {
            const std::string part = std::to_string(i + 1) + "/2";
            // One id for two parts would have the server drop the second as a duplicate.
            QCOMPARE(valueOf(messages[i], headers::kMessageId), "local-1/2:100-100:" + part);
            QCOMPARE(valueOf(messages[i], headers::kPart), part);
            QCOMPARE(messages[i].payload.size(), std::size_t(500));
        }
    }

    void compressedRecordsTravelInPartsToo()
    {
        // Half of it compresses.
        const std::string payload = noise(150'000) + std::string(150'000, 'x');
        OutgoingBuilder builder = builderFor(20'000);
        const std::vector<StoredMessage> messages = sent(builder, recordOf(payload));
        QVERIFY(messages.size() > 5);
        QVERIFY(messages.size() < 12); // of 300,000 bytes it would be more than 15
        QVERIFY(std::all_of(messages.begin(), messages.end(), [](const StoredMessage& message) {
            return valueOf(message, headers::kContentEncoding) == "zstd";
        }));
        const Received result = received(messages);
        QCOMPARE(result.records.size(), std::size_t(1));
        QVERIFY(result.records[0].event.payload == payload);
    }

    void theSameRecordAlwaysBecomesTheSameMessages()
    {
        const std::string payload = noise(100'000) + std::string(100'000, 'x');
        OutgoingBuilder builder = builderFor(10'000);
        const std::vector<StoredMessage> first = sent(builder, recordOf(payload));
        QVERIFY(first.size() > 2);
        (void)sent(builder, recordOf(std::string(200'000, 'y')));
        QVERIFY(same(sent(builder, recordOf(payload)), first));
        OutgoingBuilder another = builderFor(10'000);
        QVERIFY(same(sent(another, recordOf(payload)), first));
    }

    void nothingOfTheRecordBeforeIsLeft()
    {
        OutgoingBuilder builder = builderFor(10'000);
        const std::string large = noise(30'000) + std::string(100'000, 'x');
        FramedRecord record = recordOf(large);
        record.zone = "Asia/Tokyo";
        record.fullLength = kMaxRecordBytes + 1;
        QVERIFY(sent(builder, record, 7).size() > 1);
        OutgoingBuilder fresh = builderFor(10'000);
        QVERIFY(same(sent(builder, recordOf("small")), sent(fresh, recordOf("small"))));
    }

    void ofARecordAboveTheLimitTheBeginningTravels()
    {
        const std::string beginning = noise(kOversizeKeptBytes);
        FramedRecord record = recordOf(beginning);
        record.fullLength = kMaxRecordBytes + 5;
        for (const std::size_t maxPayload : {std::size_t(1024 * 1024), std::size_t(8'192)}) {
            OutgoingBuilder builder = builderFor(maxPayload);
            const std::vector<StoredMessage> messages = sent(builder, record);
            QCOMPARE(valueOf(messages.at(0), headers::kOversize), std::to_string(kMaxRecordBytes + 5));
            const Received result = received(messages);
            QCOMPARE(result.records.size(), std::size_t(1));
            QVERIFY(result.records[0].reason == QuarantineReason::TooLarge);
            QVERIFY(result.records[0].event.payload == beginning);
            QCOMPARE(result.records[0].fullLength, std::uint64_t(kMaxRecordBytes + 5));
        }
    }

    void tooSmallAServerIsSaidSo_data()
    {
        QTest::addColumn<int>("maxPayload");
        QTest::addColumn<int>("size");
        QTest::newRow("nothing at all") << 0 << 10;
        QTest::newRow("not even the headers") << 100 << 10;
        QTest::newRow("not even the headers of an empty record") << 100 << 0;
    }
    void tooSmallAServerIsSaidSo()
    {
        QFETCH(int, maxPayload);
        QFETCH(int, size);
        const std::string payload = noise(static_cast<std::size_t>(size));
        OutgoingBuilder builder = builderFor(static_cast<std::size_t>(maxPayload));
        const auto built = builder.build(recordOf(payload), std::nullopt);
        QVERIFY(!built.hasValue());
        QVERIFY(built.error().code() == ErrorCode::InvalidArgument);
        QVERIFY2(built.error().message().find("max_payload") != std::string::npos,
                 built.error().message().c_str());
    }

    void moreThanTheMostPartsIsAnErrorAndNotASplit()
    {
        // The smallest server that takes a record in parts: it leaves one byte for each.
        std::size_t most = 100;
        const std::string small = noise(200);
        for (; most < 1'000; ++most) {
            OutgoingBuilder builder = builderFor(most);
            if (builder.build(recordOf(small), std::nullopt).hasValue())
                break;
        }
        OutgoingBuilder builder = builderFor(most);
        QCOMPARE(sent(builder, recordOf(small)).size(), small.size());

        const std::string payload = noise(kMaxParts + 1);
        const auto refused = builder.build(recordOf(payload), std::nullopt);
        QVERIFY(!refused.hasValue());
        QVERIFY(refused.error().code() == ErrorCode::InvalidArgument);
        const std::string_view fitting = std::string_view(payload).substr(1);
        const std::vector<StoredMessage> messages = sent(builder, recordOf(fitting));
        QCOMPARE(messages.size(), std::size_t(kMaxParts));
        const Received result = received(messages);
        QCOMPARE(result.records.size(), std::size_t(1));
        QVERIFY(result.records[0].event.payload == fitting);
    }
};

QTEST_GUILESS_MAIN(TestOutgoing)
#include "tst_outgoing.moc"
