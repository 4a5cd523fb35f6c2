// SPDX-License-Identifier: Apache-2.0
#include "nats/hook/tail_file.h"
#include "tests/support/temp_folder.h"

#include <QTest>
#include <zlib.h>

#include <fstream>

using namespace jetlag;

namespace fs = std::filesystem;

namespace {

// All lines that are there now, as `offset:text`.
QStringList linesOf(TailFile& file)
{
    QStringList found;
    LineBlock block;
    while (true) {
        const auto outcome = file.next(block);
        if (!outcome) {
            found << QStringLiteral("error: ") + QString::fromStdString(outcome.error().message());
            return found;
        }
        if (*outcome == LineOutcome::AtEnd)
            return found;
        for (const LogLine& line : block.lines)
            found << QStringLiteral("%1:%2")
                         .arg(line.offset)
                         .arg(
                             QString::fromUtf8(line.bytes.data(), static_cast<qsizetype>(line.bytes.size())));
    }
}

void append(const fs::path& path, std::string_view text)
{
    std::ofstream(path, std::ios::app | std::ios::binary) << text;
}

void writeGzip(const fs::path& path, std::string_view text)
{
    gzFile file = gzopen(path.c_str(), "wb");
    gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
    gzclose(file);
}

TailFile openOrFail(const fs::path& path, bool mayGrow, std::uint64_t offset = 0)
{
    Result<TailFile> file = TailFile::open(path, mayGrow, offset);
    if (!file)
        qFatal("%s", file.error().message().c_str());
    return std::move(*file);
}

} // namespace

class TestTailFile : public QObject
{
    Q_OBJECT
private slots:
    void growsLineByLine();
    void lastLineOfAFileThatDoesNotGrow();
    void goesOnInTheMiddle();
    void goesOnInTheMiddleOfACompressedFile();
    void shorterThanItWas();
    void renamedAndReplaced();
    void removed();
    void cutToNothing();
    void cutAndGrownBeyond();
    void whatCannotBeRead();
};

void TestTailFile::growsLineByLine()
{
    const test::TempFolder folder;
    const fs::path path = folder.write("log", "one\ntw");
    TailFile file = openOrFail(path, true);
    QCOMPARE(linesOf(file), QStringList{"0:one"});
    append(path, "o\nthree");
    QCOMPARE(linesOf(file), QStringList{"4:two"});
    QVERIFY(file.look() == TailFile::State::Same);
    QCOMPARE(linesOf(file), QStringList());
    QCOMPARE(file.bytesRead(), std::uint64_t(13));
    file.finish();
    QCOMPARE(linesOf(file), QStringList{"8:three"});
    QCOMPARE(linesOf(file), QStringList());
}

void TestTailFile::lastLineOfAFileThatDoesNotGrow()
{
    const test::TempFolder folder;
    TailFile file = openOrFail(folder.write("log", "one\ntwo"), false);
    QCOMPARE(linesOf(file), (QStringList{"0:one", "4:two"}));
}

void TestTailFile::goesOnInTheMiddle()
{
    const test::TempFolder folder;
    const fs::path path = folder.write("log", "one\ntwo\nthree\n");
    TailFile file = openOrFail(path, true, 4);
    QCOMPARE(linesOf(file), (QStringList{"4:two", "8:three"}));
    TailFile atEnd = openOrFail(path, true, 14);
    QCOMPARE(linesOf(atEnd), QStringList());
    append(path, "four\n");
    QCOMPARE(linesOf(atEnd), QStringList{"14:four"});
}

void TestTailFile::goesOnInTheMiddleOfACompressedFile()
{
    const test::TempFolder folder;
    writeGzip(folder / "log.gz", "one\ntwo\nthree\n");
    TailFile file = openOrFail(folder / "log.gz", false, 4);
    QVERIFY(file.isCompressed());
    QCOMPARE(linesOf(file), (QStringList{"4:two", "8:three"}));
    TailFile atEnd = openOrFail(folder / "log.gz", false, 14);
    QCOMPARE(linesOf(atEnd), QStringList());
}

void TestTailFile::shorterThanItWas()
{
    const test::TempFolder folder;
    writeGzip(folder / "log.gz", "one\n");
    for (const fs::path& path : {folder.write("log", "one\n"), folder / "log.gz"}) {
        const auto file = TailFile::open(path, true, 5);
        QVERIFY(!file);
        QVERIFY(file.error().code() == ErrorCode::Conflict);
    }
}

void TestTailFile::renamedAndReplaced()
{
    const test::TempFolder folder;
    const fs::path path = folder.write("log", "one\n");
    TailFile file = openOrFail(path, true);
    QCOMPARE(linesOf(file), QStringList{"0:one"});
    fs::rename(path, folder / "log.1");
    QVERIFY(file.look() == TailFile::State::Moved);
    append(folder / "log.1", "two\n"); // its writer has not noticed yet
    folder.write("log", "another\n");
    QVERIFY(file.look() == TailFile::State::Moved);
    QCOMPARE(linesOf(file), QStringList{"4:two"});
    file.setPath(folder / "log.1");
    QVERIFY(file.look() == TailFile::State::Same);
}

void TestTailFile::removed()
{
    const test::TempFolder folder;
    const fs::path path = folder.write("log", "one\ntwo\n");
    TailFile file = openOrFail(path, true);
    fs::remove(path);
    QVERIFY(file.look() == TailFile::State::Moved);
    QCOMPARE(linesOf(file), (QStringList{"0:one", "4:two"}));
}

void TestTailFile::cutToNothing()
{
    const test::TempFolder folder;
    const fs::path path = folder.write("log", "one\ntwo\n");
    TailFile file = openOrFail(path, true);
    linesOf(file);
    fs::resize_file(path, 0);
    QVERIFY(file.look() == TailFile::State::Cut);
}

void TestTailFile::cutAndGrownBeyond()
{
    const test::TempFolder folder;
    const fs::path path = folder.write("log", "one\ntwo\n");
    TailFile file = openOrFail(path, true);
    linesOf(file);
    fs::resize_file(path, 0);
    append(path, "three\nfour\nfive\n");
    QVERIFY(file.look() == TailFile::State::Cut);
}

void TestTailFile::whatCannotBeRead()
{
    const test::TempFolder folder;
    QVERIFY(TailFile::open(folder / "missing", true).error().code() == ErrorCode::NotFound);
    QVERIFY(TailFile::open(folder.path(), true).error().code() == ErrorCode::InvalidArgument);
    const fs::path path = folder.write("log.bz2", "BZh91AY&SY and so on");
    TailFile file = openOrFail(path, false);
    LineBlock block;
    const auto outcome = file.next(block);
    QVERIFY(!outcome);
    QVERIFY(outcome.error().code() == ErrorCode::Unsupported);
}

QTEST_GUILESS_MAIN(TestTailFile)
#include "tst_tail_file.moc"
