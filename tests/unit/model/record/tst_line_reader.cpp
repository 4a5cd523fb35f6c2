// SPDX-License-Identifier: Apache-2.0
#include "model/base/byte_arena.h"
#include "model/record/line_reader.h"
#include "model/record/record.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/model/record/record_test_support.h"

#include <QTest>

#include <numeric>

using namespace jetlag;
using namespace jetlag::test;

namespace {

LinesRead linesOf(std::string bytes, std::size_t step = SIZE_MAX)
{
    LineReader reader(uncompressed(std::make_unique<MemoryStream>(std::move(bytes), step), "memory"),
                      LastLine::IsRecord);
    return readLines(reader);
}

// 3 MB: several blocks, lines of many lengths, some longer than others by far.
std::string manyLines()
{
    std::string bytes;
    for (int i = 0; bytes.size() < 3'000'000; ++i)
        bytes += std::to_string(i) + std::string(static_cast<std::size_t>(i * 7919 % 3001), 'x') + '\n';
    return bytes;
}

std::string joined(const LinesRead& read)
{
    std::string bytes;
    for (const LineCopy& line : read.lines) {
        if (line.offset != bytes.size())
            return "offset " + std::to_string(line.offset) + " is not " + std::to_string(bytes.size());
        bytes += line.bytes + '\n';
    }
    return bytes;
}

} // namespace

class TestLineReader : public QObject
{
    Q_OBJECT

private slots:
    void linesKeepTheirBytesAndSayWhereTheyBegin()
    {
        const LinesRead read = linesOf("one\n\ntwo\r\n three \nlast without end");
        QCOMPARE(read.error, std::string());
        QVERIFY(read.lines == (std::vector<LineCopy>{{0, "one", 3},
                                                     {4, "", 0},
                                                     {5, "two\r", 4},
                                                     {10, " three ", 7},
                                                     {18, "last without end", 16}}));
    }

    void anUnfinishedLastLineIsALine()
    {
        QVERIFY(linesOf("a\nb").lines == (std::vector<LineCopy>{{0, "a", 1}, {2, "b", 1}}));
        QVERIFY(linesOf("a\nb\n").lines == (std::vector<LineCopy>{{0, "a", 1}, {2, "b", 1}}));
        QVERIFY(linesOf("\n").lines == (std::vector<LineCopy>{{0, "", 0}}));
        QVERIFY(linesOf("").lines.empty());
    }

    void linesMayHoldZeroBytes()
    {
        const std::string bytes("a\0b\nc", 5);
        QVERIFY(linesOf(bytes).lines == (std::vector<LineCopy>{{0, std::string("a\0b", 3), 3}, {4, "c", 1}}));
    }

    void blocksJoinToTheFile_data()
    {
        QTest::addColumn<int>("step");
        QTest::newRow("at once") << -1;
        QTest::newRow("in pieces of 1,000 bytes") << 1'000;
        QTest::newRow("in pieces of 65,537 bytes") << 65'537;
    }
    void blocksJoinToTheFile()
    {
        QFETCH(int, step);
        const std::string bytes = manyLines();
        for (const std::string& stored :
             {bytes, gzipped(bytes), zstdCompressed(bytes), zstdCompressed(bytes, false)}) {
            // A stream that gives few bytes at a time looks at its end all the time: read on until it is.
            auto memory =
                std::make_unique<MemoryStream>(stored, step < 0 ? SIZE_MAX : static_cast<std::size_t>(step));
            LineReader reader(uncompressed(std::move(memory), "memory"), LastLine::IsRecord);
            const LinesRead read = readLines(reader);
            QCOMPARE(read.error, std::string());
            QVERIFY(joined(read) == bytes);
            QCOMPARE(reader.nextOffset(), bytes.size());
        }
    }

    void spareBytesFollowEveryLine()
    {
        LineReader reader(std::make_unique<MemoryStream>("short\n" + std::string(70'000, 'x') + "\nend"),
                          LastLine::IsRecord);
        LineBlock block;
        int seen = 0;
        while (*reader.next(block) == LineOutcome::Lines) {
            for (const LogLine& line : block.lines) {
                // Read under a sanitizer: this is the check.
                const char* end = line.bytes.data() + line.bytes.size();
                seen += std::accumulate(end, end + kPayloadPadding, 0) >= -100'000 ? 1 : 0;
            }
        }
        QCOMPARE(seen, 3);
    }

    void viewsLiveAsLongAsTheirOwner()
    {
        const std::string bytes = manyLines();
        std::vector<LineBlock> blocks;
        {
            LineReader reader(std::make_unique<MemoryStream>(bytes), LastLine::IsRecord);
            LineBlock block;
            while (*reader.next(block) == LineOutcome::Lines)
                blocks.push_back(block);
        }
        std::string again;
        for (const LineBlock& block : blocks) {
            for (const LogLine& line : block.lines)
                again.append(line.bytes).push_back('\n');
        }
        QVERIFY(again == bytes);
        QVERIFY(blocks.size() >= 3);
    }

    void aGrowingFileGoesOn()
    {
        auto owned = std::make_unique<MemoryStream>("one\ntw");
        MemoryStream& file = *owned;
        LineReader reader(uncompressed(std::move(owned), "growing"), LastLine::MayGrow);
        QVERIFY(readLines(reader).lines == (std::vector<LineCopy>{{0, "one", 3}}));
        QCOMPARE(reader.nextOffset(), std::uint64_t(4));
        QVERIFY(readLines(reader).lines.empty());
        file.grow("o\nthree");
        QVERIFY(readLines(reader).lines == (std::vector<LineCopy>{{4, "two", 3}}));

        LineBlock block;
        const Result<LineOutcome> closed = reader.close(block);
        QVERIFY(closed && *closed == LineOutcome::Lines);
        QCOMPARE(block.lines.size(), std::size_t(1));
        QCOMPARE(block.lines[0].bytes, std::string_view("three"));
        QCOMPARE(block.lines[0].offset, std::uint64_t(8));
        QVERIFY(readLines(reader).lines.empty());
    }

    void aGrowingFileMayBeginWithHalfASignature()
    {
        // 0x28 begins a zstd file, and this plain line.
        auto owned = std::make_unique<MemoryStream>("(");
        MemoryStream& file = *owned;
        LineReader reader(uncompressed(std::move(owned), "growing"), LastLine::MayGrow);
        QVERIFY(readLines(reader).lines.empty());
        file.grow("a)\n");
        QVERIFY(readLines(reader).lines == (std::vector<LineCopy>{{0, "(a)", 3}}));
        // And one that ends there.
        QVERIFY(linesOf("(").lines == (std::vector<LineCopy>{{0, "(", 1}}));
    }

    void aCompressedFileMayGrowToo()
    {
        const std::string packed = zstdCompressed("one\ntwo\nthree\n");
        auto owned = std::make_unique<MemoryStream>(packed.substr(0, packed.size() / 2));
        MemoryStream& file = *owned;
        LineReader reader(uncompressed(std::move(owned), "growing"), LastLine::MayGrow);
        LinesRead first = readLines(reader);
        QCOMPARE(first.error, std::string());
        file.grow(packed.substr(packed.size() / 2));
        const LinesRead rest = readLines(reader);
        QCOMPARE(rest.error, std::string());
        first.lines.insert(first.lines.end(), rest.lines.begin(), rest.lines.end());
        QVERIFY(joined(first) == "one\ntwo\nthree\n");
    }

    void severalMembersAreOneLog()
    {
        QVERIFY(joined(linesOf(gzipped("a\nb") + gzipped("b\n") + gzipped("") + gzipped("c\n"))) ==
                "a\nbb\nc\n");
        QVERIFY(joined(linesOf(zstdCompressed("a\nb") + zstdCompressed("b\n") + zstdCompressed("c\n"))) ==
                "a\nbb\nc\n");
        // A skippable frame, as parallel compressors write in front.
        const std::string skippable("\x50\x2a\x4d\x18\x03\0\0\0abc", 11);
        QVERIFY(joined(linesOf(skippable + zstdCompressed("a\n"))) == "a\n");
        // Zeros behind a gzip file are padding.
        const LinesRead padded = linesOf(gzipped("a\n") + std::string(512, '\0'));
        QCOMPARE(padded.error, std::string());
        QVERIFY(joined(padded) == "a\n");
    }

    void aFileCutShortGivesWhatCameBefore_data()
    {
        QTest::addColumn<bool>("zstd");
        QTest::newRow("gzip") << false;
        QTest::newRow("zstd") << true;
    }
    void aFileCutShortGivesWhatCameBefore()
    {
        QFETCH(bool, zstd);
        const std::string bytes = manyLines();
        std::string packed = zstd ? zstdCompressed(bytes) : gzipped(bytes);
        packed.resize(packed.size() * 2 / 3);
        const TempFolder folder;
        const LinesRead read = readLines(folder.write("app.log", packed));
        const std::string whole = joined(read);
        QVERIFY(whole.size() > bytes.size() / 4);
        QVERIFY(bytes.starts_with(whole));
        QVERIFY2(read.error.find("app.log is cut short") != std::string::npos, read.error.c_str());
        // The sentence adds up: what could be read is the lines and the broken one.
        QVERIFY2(read.error.find("bytes of log could be read") != std::string::npos, read.error.c_str());
        QVERIFY2(read.error.find("are no whole line and were left out") != std::string::npos,
                 read.error.c_str());
    }

    void aDamagedFileGivesWhatCameBefore()
    {
        const std::string bytes = manyLines();
        for (std::string packed : {gzipped(bytes), zstdCompressed(bytes)}) {
            for (std::size_t i = packed.size() / 2; i < packed.size() / 2 + 64; ++i)
                packed[i] = '\x55';
            const LinesRead read = linesOf(packed);
            // A flipped bit may pass for data until a checksum; the lines before it are right.
            QVERIFY(read.lines.size() > 10);
            QVERIFY(bytes.starts_with(read.lines[0].bytes + '\n' + read.lines[1].bytes));
            QVERIFY2(read.error.find("memory is damaged") != std::string::npos ||
                         read.error.find("cut short") != std::string::npos,
                     read.error.c_str());
        }
    }

    void otherBytesBehindTheDataAreToldAbout()
    {
        const LinesRead gzip = linesOf(gzipped("a\n") + "garbage");
        QVERIFY(joined(gzip) == "a\n");
        QVERIFY2(gzip.error.find("other bytes behind the end") != std::string::npos, gzip.error.c_str());
        const LinesRead zstd = linesOf(zstdCompressed("a\n") + "garbage");
        QVERIFY(joined(zstd) == "a\n");
        QVERIFY2(zstd.error.find("other bytes behind the end") != std::string::npos, zstd.error.c_str());
    }

    void anErrorStays()
    {
        LineReader reader(uncompressed(std::make_unique<MemoryStream>(gzipped("a\n") + "x"), "file"),
                          LastLine::IsRecord);
        const LinesRead first = readLines(reader);
        QVERIFY(!first.error.empty());
        const LinesRead second = readLines(reader);
        QVERIFY(second.lines.empty());
        QCOMPARE(second.error, first.error);
    }

    void otherCompressionIsNamed_data()
    {
        QTest::addColumn<QByteArray>("start");
        QTest::addColumn<QByteArray>("name");
        QTest::newRow("lz4") << QByteArray("\x04\x22\x4d\x18xxxx") << QByteArray("LZ4");
        QTest::newRow("spark's lz4") << QByteArray("LZ4Block\x25") << QByteArray("LZ4");
        QTest::newRow("snappy") << QByteArray("\x82SNAPPY\0\0\0", 10) << QByteArray("Snappy");
        QTest::newRow("lzf") << QByteArray("ZV\1\0\0") << QByteArray("LZF");
        QTest::newRow("bzip2") << QByteArray("BZh91AY&SYxx") << QByteArray("bzip2");
        QTest::newRow("xz") << QByteArray("\xfd"
                                          "7zXZ\0\0",
                                          7)
                            << QByteArray("xz");
    }
    void otherCompressionIsNamed()
    {
        QFETCH(QByteArray, start);
        QFETCH(QByteArray, name);
        const LinesRead read = linesOf(start.toStdString());
        QVERIFY(read.lines.empty());
        QVERIFY2(read.error.find("compressed with " + name.toStdString()) != std::string::npos,
                 read.error.c_str());
    }

    void readingGoesOnAtAnOffset()
    {
        const std::string bytes = manyLines();
        const TempFolder folder;
        const std::uint64_t offset = bytes.find('\n', bytes.size() / 2) + 1;
        for (const std::string& stored : {bytes, gzipped(bytes), zstdCompressed(bytes)}) {
            const auto path = folder.write("log", stored);
            const LinesRead read = readLines(path, offset);
            QCOMPARE(read.error, std::string());
            QCOMPARE(read.lines.front().offset, offset);
            std::string rest;
            for (const LineCopy& line : read.lines)
                rest += line.bytes + '\n';
            QVERIFY(rest == bytes.substr(offset));

            QVERIFY(readLines(path, bytes.size()).lines.empty());
            const LinesRead beyond = readLines(path, bytes.size() + 1);
            QVERIFY2(beyond.error.find("is not the file that was read before") != std::string::npos,
                     beyond.error.c_str());
        }
    }

    void whatFollowsAnOffsetIsNotTakenForAFilesStart()
    {
        const TempFolder folder;
        const auto path = folder.write("log", "first\nBZh91AY&SY\n");
        QVERIFY(readLines(path, 6).lines == (std::vector<LineCopy>{{6, "BZh91AY&SY", 10}}));
    }

    void missingAndForbiddenFilesAreNamed()
    {
        const TempFolder folder;
        const LinesRead missing = readLines(folder / "no such log");
        QVERIFY2(missing.error.find("no such log") != std::string::npos, missing.error.c_str());
        QVERIFY(openLogBytes(folder / "no such log").error().code() == ErrorCode::NotFound);
        QVERIFY(openLogBytes(folder.path()).error().code() == ErrorCode::InvalidArgument);
    }

    void aRecordOfFiveMegabytesIsWhole()
    {
        const std::string big(5'000'000, 'j');
        const LinesRead read = linesOf("a\n" + big + "\nb\n");
        QVERIFY(read.lines ==
                (std::vector<LineCopy>{{0, "a", 1}, {2, big, big.size()}, {2 + big.size() + 1, "b", 1}}));
    }

    void aRecordAtTheLimitIsWholeAndOneAboveIsCut_data()
    {
        QTest::addColumn<quint64>("length");
        QTest::addColumn<QByteArray>("behind");
        QTest::newRow("at the limit") << quint64(kMaxRecordBytes) << QByteArray("\nb\n");
        QTest::newRow("at the limit, without end") << quint64(kMaxRecordBytes) << QByteArray();
        QTest::newRow("one more") << quint64(kMaxRecordBytes + 1) << QByteArray("\nb\n");
        QTest::newRow("one more, without end") << quint64(kMaxRecordBytes + 1) << QByteArray();
        QTest::newRow("far more") << quint64(3 * kMaxRecordBytes + 17) << QByteArray("\nb\nc");
        QTest::newRow("far more, without end") << quint64(3 * kMaxRecordBytes + 17) << QByteArray();
    }
    void aRecordAtTheLimitIsWholeAndOneAboveIsCut()
    {
        QFETCH(quint64, length);
        QFETCH(QByteArray, behind);
        LineReader reader(std::make_unique<LongStream>("first\n", length, 'z', behind.toStdString()),
                          LastLine::IsRecord);
        LineBlock block;
        std::vector<LogLine> seen;
        std::vector<LineBlock> kept;
        while (*reader.next(block) == LineOutcome::Lines) {
            for (const LogLine& line : block.lines)
                seen.push_back(line);
            kept.push_back(block);
        }
        QCOMPARE(seen[0].bytes, std::string_view("first"));
        QCOMPARE(seen[1].offset, std::uint64_t(6));
        QCOMPARE(seen[1].length, std::uint64_t(length));
        const std::size_t expected = length > kMaxRecordBytes ? kOversizeKeptBytes : length;
        QCOMPARE(seen[1].bytes.size(), expected);
        QCOMPARE(seen[1].bytes.find_first_not_of('z'), std::string_view::npos);
        if (behind.isEmpty()) {
            QCOMPARE(seen.size(), std::size_t(2));
        } else {
            QCOMPARE(seen[2].bytes, std::string_view("b"));
            QCOMPARE(seen[2].offset, std::uint64_t(6 + length + 1));
        }
        if (behind.endsWith('c'))
            QCOMPARE(seen[3].bytes, std::string_view("c"));
        QCOMPARE(reader.nextOffset(), std::uint64_t(6 + length + static_cast<quint64>(behind.size())));
    }
};

QTEST_GUILESS_MAIN(TestLineReader)
#include "tst_line_reader.moc"
