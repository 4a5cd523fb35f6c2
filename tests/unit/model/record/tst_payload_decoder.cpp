// SPDX-License-Identifier: Apache-2.0
#include "model/record/payload_decoder.h"
#include "tests/unit/model/record/record_test_support.h"

#include <QTest>

#include <random>
#include <string>

using namespace jetlag;
using namespace jetlag::test;

namespace {

std::string manyLines(std::size_t bytes)
{
    std::string text;
    for (int i = 0; text.size() < bytes; ++i)
        text += "line " + std::to_string(i * 7919) + '\n';
    text.resize(bytes);
    return text;
}

// A frame header that declares `length` bytes of content in eight bytes, a window of its own (8 MB), and
// no checksum.
std::string frameThatDeclares(std::uint64_t length)
{
    std::string frame("\x28\xb5\x2f\xfd\xc0\x68", 6);
    for (int shift = 0; shift < 64; shift += 8)
        frame += static_cast<char>(length >> shift & 0xff);
    return frame;
}

// The last block of a frame, raw.
std::string lastRawBlock(std::string_view bytes)
{
    const std::uint32_t header = static_cast<std::uint32_t>(bytes.size()) << 3 | 1;
    std::string block;
    for (int shift = 0; shift < 24; shift += 8)
        block += static_cast<char>(header >> shift & 0xff);
    return block.append(bytes);
}

// A block that is `count` times one byte; four bytes stand for up to 128 KB.
std::string repeatedBlock(std::uint32_t count, bool last)
{
    const std::uint32_t header = count << 3 | 1u << 1 | (last ? 1u : 0u);
    std::string block;
    for (int shift = 0; shift < 24; shift += 8)
        block += static_cast<char>(header >> shift & 0xff);
    return block + 'z';
}

// A frame of `blocks` times 128 KB that does not say how long it is.
std::string endlessFrame(int blocks)
{
    std::string frame("\x28\xb5\x2f\xfd\x00\x68", 6);
    for (int i = 1; i <= blocks; ++i)
        frame += repeatedBlock(128 * 1024, i == blocks);
    return frame;
}
constexpr int kBlocksOfTheLimit = kMaxRecordBytes / (128 * 1024);

struct Decoding
{
    ByteArena arena;
    DecodedPayload payload;
};
Decoding decoded(std::string_view payload, std::string_view encoding = "zstd")
{
    PayloadDecoder decoder;
    Decoding decoding;
    decoding.payload = decoder.decode(payload, /*padded=*/false, encoding, decoding.arena);
    return decoding;
}

} // namespace

class TestPayloadDecoder : public QObject
{
    Q_OBJECT

private slots:
    void withoutAnEncodingNothingIsCopied()
    {
        const std::string bytes = "plain";
        for (const char* encoding : {"", "identity"}) {
            const Decoding decoding = decoded(bytes, encoding);
            QVERIFY(decoding.payload.reason == QuarantineReason::None);
            QVERIFY(decoding.payload.bytes.data() == bytes.data());
            QCOMPARE(decoding.payload.fullLength, std::uint64_t(5));
            QVERIFY(!decoding.payload.padded);
            QCOMPARE(decoding.arena.bytesUsed(), std::size_t(0));
        }
    }

    void unknownEncodingsAreSetAside()
    {
        for (const char* encoding : {"gzip", "ZSTD", "zstd ", "zstd, zstd", "\xff"}) {
            const std::string bytes = zstdCompressed("x");
            const Decoding decoding = decoded(bytes, encoding);
            QVERIFY2(decoding.payload.reason == QuarantineReason::BadEncoding, encoding);
            QVERIFY(decoding.payload.bytes == bytes); // as it came
        }
    }

    void zstdIsUndone_data()
    {
        QTest::addColumn<int>("size");
        QTest::addColumn<bool>("withLength");
        for (int size : {0, 1, 65'536, 1'000'000, 9'000'000}) {
            QTest::addRow("%d bytes, length said", size) << size << true;
            QTest::addRow("%d bytes, length not said", size) << size << false;
        }
    }
    void zstdIsUndone()
    {
        QFETCH(int, size);
        QFETCH(bool, withLength);
        const std::string bytes = manyLines(static_cast<std::size_t>(size));
        const Decoding decoding = decoded(zstdCompressed(bytes, withLength));
        QVERIFY(decoding.payload.reason == QuarantineReason::None);
        QVERIFY(decoding.payload.bytes == bytes);
        QCOMPARE(decoding.payload.fullLength, bytes.size());
        QVERIFY(decoding.payload.padded);
    }

    void severalFramesAreOnePayload()
    {
        const std::string skippable("\x50\x2a\x4d\x18\x03\0\0\0abc", 11);
        const std::string one = zstdCompressed("one"), two = zstdCompressed("two", /*withLength=*/false);
        QVERIFY(decoded(one + two).payload.bytes == "onetwo");
        QVERIFY(decoded(two + one).payload.bytes == "twoone");
        QVERIFY(decoded(skippable + one).payload.bytes == "one");
        QVERIFY(decoded(one + skippable).payload.bytes == "one");
        const Decoding nothing = decoded(skippable);
        QVERIFY(nothing.payload.reason == QuarantineReason::None);
        QVERIFY(nothing.payload.bytes.empty());
    }

    void damagedInputIsSetAsideAsItCame_data()
    {
        QTest::addColumn<QByteArray>("payload");
        const std::string whole = zstdCompressed(manyLines(100'000));
        const std::string open = zstdCompressed(manyLines(100'000), /*withLength=*/false);
        const auto row = [](const char* name, const std::string& bytes) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes);
        };
        row("empty", {});
        row("no zstd", "plain text");
        row("the magic alone", whole.substr(0, 4));
        row("the header alone", whole.substr(0, 8));
        row("cut in the middle", whole.substr(0, whole.size() / 2));
        row("the last byte is missing", whole.substr(0, whole.size() - 1));
        row("cut in the middle, length not said", open.substr(0, open.size() / 2));
        row("the last byte is missing, length not said", open.substr(0, open.size() - 1));
        row("other bytes behind", whole + "garbage");
        row("half a frame behind", whole + open.substr(0, open.size() / 2));
        row("says more than it holds", frameThatDeclares(1'000) + lastRawBlock("abc"));
        row("says less than it holds", frameThatDeclares(2) + lastRawBlock("abc"));
        row("says 64 MB and holds nothing", frameThatDeclares(kMaxRecordBytes));
        row("says 65 MB and holds nothing", frameThatDeclares(65 << 20));
        row("says 65 MB and holds three bytes", frameThatDeclares(65 << 20) + lastRawBlock("abc"));
        row("says nearly 2^64", frameThatDeclares(UINT64_MAX - 2) + lastRawBlock("abc"));
        row("an unknown block", frameThatDeclares(3) + std::string("\x07\0\0", 3));
        // Window descriptor 0xff: a window of terabytes.
        row("wants a window of terabytes", std::string("\x28\xb5\x2f\xfd\x00\xff", 6) + lastRawBlock("abc"));
    }
    void damagedInputIsSetAsideAsItCame()
    {
        QFETCH(QByteArray, payload);
        const std::string bytes = payload.toStdString();
        const Decoding decoding = decoded(bytes);
        QVERIFY(decoding.payload.reason == QuarantineReason::BadEncoding);
        QVERIFY(decoding.payload.bytes == bytes);
        QVERIFY(decoding.payload.bytes.data() == bytes.data());
        QCOMPARE(decoding.payload.fullLength, bytes.size());
        QVERIFY(decoding.arena.bytesUsed() <= kMaxRecordBytes);
    }

    void anHonestFrameOfThisMakeIsRead()
    {
        // Or the rows above would prove nothing.
        QVERIFY(decoded(frameThatDeclares(3) + lastRawBlock("abc")).payload.bytes == "abc");
    }

    void aFlippedByteIsNeverTakenForData()
    {
        // The hook's frames carry a checksum; so does what is tried here.
        std::string packed;
        {
            OutgoingBuilder builder(
                {.prefix = "lines", .stream = "S", .partitions = 8, .maxPayload = 1 << 20});
            const std::string large = manyLines(kCompressAbove + 1);
            FramedRecord record;
            record.source = "s";
            record.payload = large;
            record.fullLength = large.size();
            packed = builder.build(record, std::nullopt)->front().payload;
            QVERIFY(decoded(packed).payload.bytes == large);
        }
        for (std::size_t at = 0; at < packed.size(); at += 97) {
            std::string damaged = packed;
            damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
            const Decoding decoding = decoded(damaged);
            QVERIFY2(decoding.payload.reason != QuarantineReason::None, qPrintable(QString::number(at)));
        }
    }

    void theLimitIsAMatterOfOneByte_data()
    {
        QTest::addColumn<bool>("withLength");
        QTest::newRow("length said") << true;
        QTest::newRow("length not said") << false;
    }
    void theLimitIsAMatterOfOneByte()
    {
        QFETCH(bool, withLength);
        std::string bytes = manyLines(kMaxRecordBytes);
        {
            const Decoding exact = decoded(zstdCompressed(bytes, withLength));
            QVERIFY(exact.payload.reason == QuarantineReason::None);
            QVERIFY(exact.payload.bytes == bytes);
        }
        bytes += 'x';
        const Decoding above = decoded(zstdCompressed(bytes, withLength));
        QVERIFY(above.payload.reason == QuarantineReason::TooLarge);
        QVERIFY(above.payload.bytes == std::string_view(bytes).substr(0, kOversizeKeptBytes));
        QCOMPARE(above.payload.fullLength, kMaxRecordBytes + 1);
        QVERIFY(above.payload.padded);
        QCOMPARE(above.arena.bytesUsed(), kOversizeKeptBytes);
    }

    void aFrameOfTheLimitMayEndInABlockOfItsOwn()
    {
        // The bytes are complete before the frame is: an empty last block, and frames without content,
        // follow.
        std::string frame("\x28\xb5\x2f\xfd\x00\x68", 6);
        for (int i = 0; i < kBlocksOfTheLimit; ++i)
            frame += repeatedBlock(128 * 1024, /*last=*/false);
        frame += lastRawBlock({});
        const std::string skippable("\x50\x2a\x4d\x18\x03\0\0\0abc", 11);
        for (const std::string& tail : {std::string(), skippable, zstdCompressed({})}) {
            const Decoding decoding = decoded(frame + tail);
            QVERIFY(decoding.payload.reason == QuarantineReason::None);
            QCOMPARE(decoding.payload.bytes.size(), kMaxRecordBytes);
        }
    }

    void aBombStaysSmall()
    {
        // 8 GB in 256 KB.
        const std::string bomb = endlessFrame(64 * 1024);
        QVERIFY(bomb.size() < 300 * 1024);
        const Decoding decoding = decoded(bomb);
        QVERIFY(decoding.payload.reason == QuarantineReason::TooLarge);
        QVERIFY(decoding.payload.bytes == std::string(kOversizeKeptBytes, 'z'));
        QCOMPARE(decoding.payload.fullLength, kMaxRecordBytes + 1); // "more than the limit"
        QCOMPARE(decoding.arena.bytesUsed(), kOversizeKeptBytes);
    }

    void aBombOfManyFramesStaysSmall()
    {
        std::string bomb;
        const std::string frame = zstdCompressed(std::string(1 << 20, 'z'));
        for (int i = 0; i < 65; ++i)
            bomb += frame;
        const Decoding decoding = decoded(bomb);
        QVERIFY(decoding.payload.reason == QuarantineReason::TooLarge);
        QCOMPARE(decoding.payload.fullLength, kMaxRecordBytes + 1);
    }

    void rawBytesAboveTheLimitAreCutToo()
    {
        const std::string bytes(kMaxRecordBytes + 1, 'x');
        const Decoding decoding = decoded(bytes, "");
        QVERIFY(decoding.payload.reason == QuarantineReason::TooLarge);
        QCOMPARE(decoding.payload.bytes.size(), kOversizeKeptBytes);
        QCOMPARE(decoding.payload.fullLength, kMaxRecordBytes + 1);
        const Decoding atLimit = decoded(std::string_view(bytes).substr(1), "");
        QVERIFY(atLimit.payload.reason == QuarantineReason::None);
    }

    void oneDecoderGoesOnAfterAnything()
    {
        PayloadDecoder decoder;
        ByteArena arena;
        const std::string good = zstdCompressed("good", /*withLength=*/false);
        const std::string bad[] = {good.substr(0, good.size() - 1), "plain",
                                   endlessFrame(kBlocksOfTheLimit + 1),
                                   frameThatDeclares(65 << 20) + repeatedBlock(128 * 1024, false)};
        for (const std::string& hostile : bad) {
            QVERIFY(decoder.decode(hostile, false, "zstd", arena).reason != QuarantineReason::None);
            const DecodedPayload after = decoder.decode(good, false, "zstd", arena);
            QVERIFY(after.reason == QuarantineReason::None);
            QVERIFY(after.bytes == "good");
        }
    }

    void noiseIsSurvived()
    {
        std::mt19937 random(3);
        const std::string good = zstdCompressed(manyLines(3'000));
        PayloadDecoder decoder;
        for (int i = 0; i < 5'000; ++i) {
            std::string noise = good;
            for (unsigned flips = 1 + random() % 8; flips > 0; --flips)
                noise[random() % noise.size()] = static_cast<char>(random());
            ByteArena arena;
            const DecodedPayload payload = decoder.decode(noise, false, "zstd", arena);
            QVERIFY(payload.bytes.size() <= kMaxRecordBytes);
            QVERIFY(payload.reason != QuarantineReason::None || payload.padded);
        }
    }
};

QTEST_GUILESS_MAIN(TestPayloadDecoder)
#include "tst_payload_decoder.moc"
