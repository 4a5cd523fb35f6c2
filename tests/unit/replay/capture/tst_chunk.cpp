// SPDX-License-Identifier: Apache-2.0
#include "replay/capture/capture_format.h"
#include "replay/capture/chunk_decoder.h"
#include "replay/capture/chunk_encoder.h"
#include "replay/capture/message_id_form.h"

#include <QTest>
#include <zstd.h>

#include "message_maker.h"
#include <random>

using namespace jetlag;
using namespace jetlag::capture;
using test::MessageMaker;

namespace {

struct Encoded
{
    ChunkRow row;
    std::string body;
};

Encoded encode(const std::deque<Message>& messages, ChunkEncoder& encoder)
{
    for (const Message& message : messages)
        encoder.add(message);
    const ChunkSummary summary = encoder.summary();
    Encoded encoded;
    encoder.takeBody(encoded.body);
    encoded.row = {summary.firstSequence.value(), summary.lastSequence.value(), summary.count,
                   summary.payloadBytes, encoded.body.size()};
    return encoded;
}

std::string compress(const std::string& body)
{
    std::string out(ZSTD_compressBound(body.size()), '\0');
    out.resize(ZSTD_compress(out.data(), out.size(), body.data(), body.size(), 1));
    return out;
}

Result<std::vector<Message>> decode(const ChunkRow& row, const std::string& body, ChunkMemory& memory)
{
    ChunkDecoder decoder;
    std::vector<Message> messages;
    const Result<void> done = decoder.decode(row, compress(body), memory, messages);
    if (!done)
        return done.error();
    return messages;
}

std::string roundTripDifference(const std::deque<Message>& wanted)
{
    ChunkEncoder encoder;
    const Encoded encoded = encode(wanted, encoder);
    ChunkMemory memory;
    const Result<std::vector<Message>> got = decode(encoded.row, encoded.body, memory);
    if (!got)
        return got.error().message();
    if (got->size() != wanted.size())
        return "count " + std::to_string(got->size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (const std::string differs = test::difference((*got)[i], wanted[i]); !differs.empty())
            return differs;
        if (!(*got)[i].padded)
            return "not padded";
    }
    return {};
}

} // namespace

class TestChunk : public QObject
{
    Q_OBJECT

private slots:
    void whatGoesInComesOut_data()
    {
        QTest::addColumn<int>("which");
        int which = 0;
        for (const char* name :
             {"one empty message", "hostile subjects", "repeated keys and any byte in values",
              "a hook's chain in several partitions", "parts of a record", "ids that are nearly ours",
              "times that go back", "sequences far apart", "5 MB payload", "many shapes",
              "two ids in one message", "previous before id"})
            QTest::newRow(name) << which++;
    }
    void whatGoesInComesOut()
    {
        QFETCH(int, which);
        MessageMaker maker;
        const std::string everyByte = [] {
            std::string bytes;
            for (int i = 0; i < 256; ++i)
                bytes += static_cast<char>(i);
            return bytes;
        }();
        switch (which) {
        case 0:
            maker.add("a", {}, "");
            break;
        case 1:
            maker.add("\xff\xfe.\x80", {}, "x");
            maker.add("", {}, "x");
            maker.add("..", {}, "x");
            maker.add("a.b", {}, "x");
            maker.add(std::string(5000, 's'), {}, "x");
            break;
        case 2:
            maker.add("a", {{"k", "1"}, {"k", "2"}, {"K", ""}, {"", everyByte}, {"k", "1"}}, "x");
            maker.add("a", {{"k", "2"}, {"k", "2"}, {"K", ""}, {"", everyByte}, {"k", "3"}}, "x");
            maker.add("a", {}, "y");
            break;
        case 3:
            for (int i = 0; i < 600; ++i)
                maker.addChained(i % 7 ? "application_1/1" : "file:with-colons:9-9",
                                 "hdfs." + std::to_string(i % 5) + ".u" + std::to_string(i % 9),
                                 "key" + std::to_string(i % 9),
                                 std::string(static_cast<std::size_t>(i * 13 % 400), 'p'));
            break;
        case 4:
            for (int part = 1; part <= 3; ++part)
                maker.add("spark.0.a",
                          {{"Nats-Msg-Id", "s:77-77:" + std::to_string(part) + "/3"},
                           {"Jetlag-Prev", "5"},
                           {"Jetlag-Part", std::to_string(part) + "/3"}},
                          "part");
            maker.add("spark.0.a", {{"Nats-Msg-Id", "s:99-120"}, {"Jetlag-Prev", "77"}}, "several");
            break;
        case 5:
            for (const char* id : {"",
                                   ":",
                                   "-",
                                   "1-1",
                                   ":1-1",
                                   "s:1-",
                                   "s:-1",
                                   "s:01-01",
                                   "s:1-1:",
                                   "s:1-1:1/",
                                   "s:1-1:/2",
                                   "s:1-1:01/2",
                                   "s:9999999999999999999-9999999999999999999",
                                   "s:10000000000000000000-1",
                                   "s:18446744073709551615-18446744073709551616",
                                   "s:0-0",
                                   "s:5-3",
                                   "s:1-1 ",
                                   "uuid-4",
                                   "a:b:c:1-2:3/4",
                                   "a:1-1:2/3:4-4"}) {
                for (const char* previous :
                     {"-", "", "0", "1", "007", "99999999999999999999", "9999999999999999999", "x"})
                    maker.add("s.1.x", {{"Nats-Msg-Id", id}, {"Jetlag-Prev", previous}}, "p");
            }
            break;
        case 6: {
            maker.add("a", {}, "1");
            maker.add("a", {}, "2").time -= std::chrono::hours(100'000);
            maker.add("a", {}, "3").time =
                ServerTime(std::chrono::nanoseconds(std::numeric_limits<std::int64_t>::max()));
            maker.add("a", {}, "4").time =
                ServerTime(std::chrono::nanoseconds(std::numeric_limits<std::int64_t>::min()));
            break;
        }
        case 7:
            maker.add("a", {}, "1", 5);
            maker.add("a", {}, "2", 1'000'000'000'000);
            maker.add("a", {}, "3", 9'000'000'000'000'000'000);
            break;
        case 8:
            maker.add("a", {{"Content-Encoding", "zstd"}}, std::string(5'000'000, 'z'));
            break;
        case 9:
            for (int i = 0; i < 900; ++i)
                maker.add(
                    "a",
                    MessageMaker::Headers(static_cast<std::size_t>(i % 40), {"h" + std::to_string(i), "v"}),
                    "x");
            break;
        case 10:
            maker.add("s.1.x", {{"Nats-Msg-Id", "s:1-1"}, {"Jetlag-Prev", "-"}}, "x");
            maker.add("s.1.x", {{"Nats-Msg-Id", "s:3-3"}, {"Nats-Msg-Id", "s:3-3"}, {"Jetlag-Prev", "1"}},
                      "x");
            maker.add("s.1.x", {{"Jetlag-Prev", "3"}, {"Jetlag-Prev", "1"}}, "x");
            break;
        case 11:
            for (int i = 0; i < 5; ++i)
                maker.add("s.1.x",
                          {{"Jetlag-Prev", i ? std::to_string(i * 2 - 2) : "-"},
                           {"Nats-Msg-Id", "s:" + std::to_string(i * 2) + '-' + std::to_string(i * 2)}},
                          "x");
            break;
        }
        QCOMPARE(roundTripDifference(maker.messages), std::string());
    }

    void lineEndsInPayloadsComeOut()
    {
        // With and without them in the same chunk, at the ends, and nothing but them.
        for (const std::vector<std::string>& payloads : {std::vector<std::string>{"a", "", "b"},
                                                         {"\n"},
                                                         {"", "", ""},
                                                         {"a\nb", "c"},
                                                         {"a", "b\n"},
                                                         {"\n\n", "", "\n"},
                                                         {std::string("\0\x01\n", 3)}}) {
            MessageMaker maker;
            for (const std::string& payload : payloads)
                maker.add("s", {}, payload);
            QCOMPARE(roundTripDifference(maker.messages), std::string());
        }
    }

    void keysComeOutWhereverTheyStand()
    {
        const auto id = [](int i) { return "query_" + std::to_string(i); };
        MessageMaker maker;
        for (int i = 0; i < 300; ++i) {
            // New ones and known ones, near and far; in the payload, not in it, cut short, with the quote
            // that ends it, empty, and beyond where anybody looks.
            const std::string key = id(i / 2);
            maker.add("hive.1.x", {{"Jetlag-Key", key}}, "{\"event\":1,\"id\":\"" + key + "\"}");
            maker.add("hive.1.x", {{"Jetlag-Key", id(i * 7 % 50)}}, "nothing of the kind");
        }
        maker.add("a", {{"Jetlag-Key", "abc"}}, "xabc");
        maker.add("a", {{"Jetlag-Key", "abd"}}, "abd\"");
        maker.add("a", {{"Jetlag-Key", "abe"}}, "abe");
        maker.add("a", {{"Jetlag-Key", "a\"f"}}, "a\"f\"");
        maker.add("a", {{"Jetlag-Key", ""}}, "\"\"");
        maker.add("a", {{"Jetlag-Key", "abg"}}, std::string(5'000, ' ') + "abg\"");
        maker.add("a", {{"Jetlag-Key", "abh"}, {"Jetlag-Key", "abh"}, {"Jetlag-Key", "abg"}}, "\nabh\"");
        maker.add("a", {{"Jetlag-Key", "abi"}}, "");
        QCOMPARE(roundTripDifference(maker.messages), std::string());
    }

    void aKeyThatThePayloadNamesCostsNextToNothing()
    {
        MessageMaker maker;
        std::mt19937_64 random(5);
        for (int i = 0; i < 2'000; ++i) {
            const std::string key = "hive_20240305_" + std::to_string(random());
            maker.add("hive.1.x", {{"Jetlag-Key", key}},
                      "{\"eventType\":\"QUERY_SUBMITTED\",\"hiveQueryId\":\"" + key + "\"}");
        }
        ChunkEncoder with, without;
        const std::size_t keys = compress(encode(maker.messages, with).body).size();
        for (Message& message : maker.messages)
            message.headers = {};
        const std::size_t bare = compress(encode(maker.messages, without).body).size();
        QVERIFY2(keys - bare < 200, qPrintable(QString::number(keys - bare)));
    }

    void bodiesOfVersion1AreReadStill()
    {
        // "one" and "two", subject "a", no headers, as FORMAT.md had it first.
        const std::string columns("\x01\x02"                     // version, messages
                                  "\x03\x01\x02\x02\x02\x05\x00" // lengths of the sections
                                  "\x01\x01"
                                  "a"            // subjects
                                  "\x00"         // sequences
                                  "\x0e\x02"     // times: 7, 8
                                  "\x00\x00"     // subject numbers
                                  "\x03\x03"     // payload lengths
                                  "\x00\x01\x00" // no names, one shape without fields
                                  "\x00\x00",
                                  24);
        const std::string body = "onetwo" + columns;
        ChunkMemory memory;
        const Result<std::vector<Message>> got = decode({5, 6, 2, 6, body.size()}, body, memory);
        QVERIFY2(got, got ? "" : got.error().message().c_str());
        QCOMPARE(got->size(), std::size_t(2));
        QVERIFY((*got)[0].payload == "one" && (*got)[1].payload == "two");
        QVERIFY((*got)[0].subject == "a" && (*got)[1].sequence == StreamSequence(6));
        QVERIFY((*got)[1].time == ServerTime(std::chrono::nanoseconds(8)));
        // A version that nobody knows yet, and none.
        for (const char version : {'\x00', '\x03'}) {
            std::string other = body;
            other[6] = version;
            QVERIFY(!decode({5, 6, 2, 6, other.size()}, other, memory));
        }
    }

    void anEncoderStartsAnewAfterEachChunk()
    {
        ChunkEncoder encoder;
        std::string first;
        for (int round = 0; round < 3; ++round) {
            MessageMaker maker;
            for (int i = 0; i < 50; ++i)
                maker.addChained("src", "spark.1.app", "app", "{\"n\":" + std::to_string(i) + '}');
            const Encoded encoded = encode(maker.messages, encoder);
            QVERIFY(encoder.empty());
            if (round == 0)
                first = encoded.body;
            QCOMPARE(encoded.body, first);
        }
    }

    void aHooksHeadersCostNextToNothing()
    {
        MessageMaker maker;
        for (int i = 0; i < 1000; ++i)
            maker.addChained("application_1538416563558_0014/1", "spark.3.application_1538416563558_0014",
                             "application_1538416563558_0014/1", std::string(500 + i * 7919ULL % 300, 'x'));
        ChunkEncoder with, without;
        const std::size_t headers = compress(encode(maker.messages, with).body).size();
        for (Message& message : maker.messages)
            message.headers = {};
        const std::size_t bare = compress(encode(maker.messages, without).body).size();
        QVERIFY2(headers - bare < 1000, qPrintable(QString::number(headers - bare)));
    }

    void damagedBodiesAreRefusedAndNeverCrash()
    {
        MessageMaker maker;
        for (int i = 0; i < 40; ++i)
            maker.addChained(i % 3 ? "a" : "b", "spark." + std::to_string(i % 2) + ".x",
                             "key" + std::to_string(i % 4), std::string(20, 'x'));
        maker.add("f", {{"a", "1"}, {"a", "2"}}, "y");
        ChunkEncoder encoder;
        const Encoded good = encode(maker.messages, encoder);
        std::mt19937 random(7);
        ChunkDecoder decoder;
        ChunkMemory memory;
        std::vector<Message> messages;
        int refused = 0;
        for (int i = 0; i < 20'000; ++i) {
            Encoded bad = good;
            // The columns lie behind the payloads.
            const std::size_t columns = bad.body.size() - bad.row.payloadBytes;
            for (unsigned n = random() % 3 + 1; n > 0; --n)
                bad.body[bad.row.payloadBytes + random() % columns] = static_cast<char>(random());
            messages.clear();
            if (!decoder.decode(bad.row, compress(bad.body), memory, messages)) {
                ++refused;
                QVERIFY(messages.empty());
            } else {
                // It may still be a body; then every view must be good.
                std::size_t sum = 0;
                for (const Message& message : messages) {
                    sum += message.subject.size() + message.payload.size();
                    for (const HeaderField& field : message.headers)
                        sum += static_cast<std::size_t>(std::ranges::count(field.value, 'x')) +
                               field.name.size();
                }
                QVERIFY(sum > 0);
            }
        }
        QVERIFY2(refused > 5000, qPrintable(QString::number(refused)));
    }

    void rowsThatLieAreRefused()
    {
        MessageMaker maker;
        maker.add("a", {}, "one");
        maker.add("a", {}, "two");
        ChunkEncoder encoder;
        const Encoded good = encode(maker.messages, encoder);
        ChunkMemory memory;
        QVERIFY(decode(good.row, good.body, memory));
        const auto refused = [&](auto change) {
            ChunkRow row = good.row;
            change(row);
            return !decode(row, good.body, memory).hasValue();
        };
        QVERIFY(refused([](ChunkRow& row) { row.count = 0; }));
        QVERIFY(refused([](ChunkRow& row) { row.count = 3; }));
        QVERIFY(refused([](ChunkRow& row) { row.count = UINT64_MAX; }));
        QVERIFY(refused([](ChunkRow& row) { row.lastSequence += 1; }));
        QVERIFY(refused([](ChunkRow& row) { row.firstSequence = 2; }));
        QVERIFY(refused([](ChunkRow& row) { row.firstSequence = UINT64_MAX; }));
        QVERIFY(refused([](ChunkRow& row) { row.payloadBytes -= 1; }));
        QVERIFY(refused([](ChunkRow& row) { row.payloadBytes = UINT64_MAX; }));
        QVERIFY(refused([](ChunkRow& row) { row.bodyBytes += 1; }));
        QVERIFY(refused([](ChunkRow& row) { row.bodyBytes = UINT64_MAX; }));
        QVERIFY(!decode(good.row, std::string(), memory));
    }
};

QTEST_GUILESS_MAIN(TestChunk)
#include "tst_chunk.moc"
