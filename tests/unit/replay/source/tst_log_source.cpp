// SPDX-License-Identifier: Apache-2.0
#include "replay/source/log_source.h"
#include "tests/support/temp_folder.h"

#include <QTest>
#include <zlib.h>
#include <zstd.h>

#include <fstream>

using namespace jetlag;
using namespace jetlag::test;
namespace fs = std::filesystem;

namespace {

std::string gzip(const std::string& bytes)
{
    z_stream stream{};
    deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, bytes.size()), '\0');
    std::string in = bytes;
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

std::string zstd(const std::string& bytes)
{
    std::string out(ZSTD_compressBound(bytes.size()), '\0');
    out.resize(ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), 3));
    return out;
}

/// "number subject payload" of each message, a line each; the error's words as the last line.
std::string textOf(LogSource& source)
{
    std::string text;
    MessageBatch batch;
    StreamSequence covered;
    for (;;) {
        batch.clear();
        const Result<SourceOutcome> outcome = source.next(batch, std::chrono::milliseconds(10), {});
        if (!outcome)
            return text + outcome.error().message();
        if (*outcome == SourceOutcome::End)
            return text;
        for (const Message& message : batch.messages) {
            if (message.sequence <= covered || !message.padded)
                return text + "out of order, or not padded";
            covered = message.sequence;
            text += std::to_string(message.sequence.value()) + ' ' + std::string(message.subject) + ' ' +
                    std::string(message.payload) + '\n';
        }
        covered = std::max(covered, batch.coveredTo);
    }
}

std::string textOf(LogSourceOptions options)
{
    Result<std::unique_ptr<LogSource>> source = LogSource::open(std::move(options));
    return source ? textOf(**source) : source.error().message();
}

PositionRange numbers(std::uint64_t from, std::uint64_t to)
{
    return {StreamSequence(from), StreamSequence(to)};
}

PositionRange times(const char* from, const char* to)
{
    return {parseRfc3339(from).value(), parseRfc3339(to).value()};
}

std::string auditLine(const char* time, const char* user)
{
    return std::string("2024-05-01 ") + time + " INFO FSNamesystem.audit: allowed=true\tugi=" + user +
           " (auth:SIMPLE)\tip=/10.0.0.1\tcmd=open\tsrc=/a\tdst=null\tperm=null\n";
}

} // namespace

class TestLogSource : public QObject
{
    Q_OBJECT

private slots:
    void filesInTheOrderGiven_data()
    {
        QTest::addColumn<QString>("how");
        for (const char* how : {"plain", "gzip", "zstd"})
            QTest::newRow(how) << how;
    }
    void filesInTheOrderGiven()
    {
        QFETCH(QString, how);
        const auto packed = [&how](const std::string& bytes) {
            return how == "gzip" ? gzip(bytes) : how == "zstd" ? zstd(bytes) : bytes;
        };
        const TempFolder folder;
        folder.write("b.log", packed("one\n\ntwo"));
        folder.write("a.log", packed("three\r\nfour\n"));
        folder.write("empty.log", "");
        QCOMPARE(
            textOf({.paths = {folder / "b.log", folder / "empty.log", folder / "a.log"}}),
            std::string("1 lines.- one\n2 lines.- \n3 lines.- two\n4 lines.- three\r\n5 lines.- four\n"));
    }

    void recordNumbersAreARange()
    {
        const TempFolder folder;
        folder.write("a.log", "1\n2\n3\n");
        folder.write("b.log", "4\n5\n6\n");
        const std::vector<fs::path> paths = {folder / "a.log", folder / "b.log"};
        QCOMPARE(textOf({.paths = paths, .range = numbers(3, 5)}),
                 std::string("3 lines.- 3\n4 lines.- 4\n5 lines.- 5\n"));
        QCOMPARE(textOf({.paths = paths, .range = numbers(6, 99)}), std::string("6 lines.- 6\n"));
        QCOMPARE(textOf({.paths = paths, .range = numbers(7, 9)}), std::string());
        QCOMPARE(textOf({.paths = paths, .range = numbers(5, 4)}), std::string());
        Result<std::unique_ptr<LogSource>> source = LogSource::open({.paths = paths, .range = numbers(3, 5)});
        QCOMPARE((*source)->info().first, StreamSequence(3));
        QCOMPARE((*source)->info().last, std::optional(StreamSequence(5)));
        QVERIFY(!(*source)->info().stream);
    }

    void recordTimesAreARangeWithinEachFile()
    {
        const TempFolder folder;
        // Slightly out of order, and a line without a time in between.
        folder.write("a.log", auditLine("10:00:00,000", "a1") + auditLine("10:00:02,000", "a2") +
                                  "a stack trace\n" + auditLine("10:00:01,000", "a3") +
                                  auditLine("10:00:03,001", "a4"));
        folder.write("b.log", auditLine("09:00:00,000", "b1") + auditLine("10:00:03,000", "b2"));
        const std::string text = textOf({.paths = {folder / "a.log", folder / "b.log"},
                                         .kind = RecordKind::Hdfs,
                                         .range = times("2024-05-01T10:00:01Z", "2024-05-01T10:00:03Z")});
        QString users;
        for (const QString& line : QString::fromStdString(text).split('\n'))
            users += line.section(' ', 0, 1) + '\n';
        QCOMPARE(users.trimmed(), QString("2 hdfs.a2\n3 hdfs.-\n4 hdfs.a3\n7 hdfs.b2"));
        // The same with times that were written in Tokyo.
        const std::string tokyo = textOf({.paths = {folder / "b.log"},
                                          .kind = RecordKind::Hdfs,
                                          .timeZone = "Asia/Tokyo",
                                          .range = times("2024-05-01T00:00:00Z", "2024-05-01T00:30:00Z")});
        QVERIFY2(tokyo.starts_with("1 hdfs.b1") && tokyo.find("b2") == std::string::npos, tokyo.c_str());
    }

    void messagesCarryTimesWhenAsked()
    {
        const TempFolder folder;
        folder.write("a.log", auditLine("10:00:00,250", "a"));
        Result<std::unique_ptr<LogSource>> source =
            LogSource::open({.paths = {folder / "a.log"}, .kind = RecordKind::Hdfs, .wantTimes = true});
        MessageBatch batch;
        QVERIFY((*source)->next(batch, std::chrono::milliseconds(0), {}));
        QCOMPARE(formatRfc3339(batch.messages.at(0).time), std::string("2024-05-01T10:00:00.250Z"));
    }

    void aFilterPicksSubjects()
    {
        const TempFolder folder;
        folder.write("a.log", auditLine("10:00:00,000", "alice") + auditLine("10:00:00,000", "bob") +
                                  auditLine("10:00:00,000", "alice"));
        const LogSourceOptions options{
            .paths = {folder / "a.log"}, .kind = RecordKind::Hdfs, .filters = {"hdfs.bob", "x.>"}};
        QVERIFY(textOf(options).starts_with("2 hdfs.bob "));
        Result<std::unique_ptr<LogSource>> source = LogSource::open(options);
        QCOMPARE((*source)->info().filters, options.filters);
        MessageBatch batch;
        QVERIFY((*source)->next(batch, std::chrono::milliseconds(0), {}));
        QCOMPARE(batch.coveredTo, StreamSequence(3)); // all were looked at
    }

    void whatAStreamWouldDropAsADuplicateIsLeftOut()
    {
        const TempFolder folder;
        folder.write("a.log", "1\n2\n");
        QCOMPARE(textOf({.paths = {folder / "a.log", folder / "a.log"}}),
                 std::string("1 lines.- 1\n2 lines.- 2\n"));

        // A log that was copied while it grew, then whole: one source by its first line.
        const std::string one = auditLine("10:00:00,000", "a"), two = auditLine("10:00:01,000", "b");
        folder.write("early.log", one);
        folder.write("whole.log", one + two);
        Result<std::unique_ptr<LogSource>> source = LogSource::open(
            {.paths = {folder / "early.log", folder / "whole.log"}, .kind = RecordKind::Hdfs});
        const std::string text = textOf(**source);
        QVERIFY2(text.starts_with("1 hdfs.a ") && text.find("\n3 hdfs.b ") != std::string::npos,
                 text.c_str());
        QCOMPARE((*source)->repeatedRecords(), std::uint64_t(1));
    }

    void damageEndsOneFileAndIsSaidAtTheEnd()
    {
        const TempFolder folder;
        std::string many;
        for (int i = 0; i < 2'000; ++i)
            many += "line " + std::to_string(i * 7919 % 100'003) + '\n';
        const std::string whole = zstd(many);
        folder.write("cut.log", whole.substr(0, whole.size() / 2));
        folder.write("good.log", "good\n");
        const std::string text = textOf({.paths = {folder / "cut.log", folder / "good.log"}});
        QVERIFY2(text.find(" good\n") != std::string::npos, text.c_str());
        const std::string lastLine = text.substr(text.rfind('\n') + 1);
        QVERIFY2(lastLine.find("cut.log") != std::string::npos, lastLine.c_str());
    }

    void aRecordAbove64MBComesCut()
    {
        const TempFolder folder;
        std::ofstream(folder / "big.log") << "before\n" << std::string(65 * 1024 * 1024, 'x') << "\nafter\n";
        Result<std::unique_ptr<LogSource>> source = LogSource::open({.paths = {folder / "big.log"}});
        MessageBatch batch;
        std::vector<std::size_t> sizes;
        std::string oversize;
        for (;;) {
            batch.clear();
            const Result<SourceOutcome> outcome = (*source)->next(batch, std::chrono::milliseconds(0), {});
            QVERIFY(outcome);
            if (*outcome == SourceOutcome::End)
                break;
            for (const Message& message : batch.messages) {
                sizes.push_back(message.payload.size());
                oversize += findHeader(message.headers, "Jetlag-Oversize");
            }
        }
        QCOMPARE(sizes, (std::vector<std::size_t>{6, 65'536, 5}));
        QCOMPARE(oversize, std::to_string(65 * 1024 * 1024));
    }

    void progressReachesItsEnd()
    {
        const TempFolder folder;
        folder.write("a.log", std::string(3'000'000, 'a').replace(1'000'000, 1, "\n"));
        folder.write("b.log", gzip("packed\n"));
        Result<std::unique_ptr<LogSource>> source =
            LogSource::open({.paths = {folder / "a.log", folder / "b.log"}});
        QCOMPARE((*source)->fractionRead(), 0.0);
        double before = 0;
        MessageBatch batch;
        while (*(*source)->next(batch, std::chrono::milliseconds(0), {}) != SourceOutcome::End) {
            QVERIFY((*source)->fractionRead() >= before);
            before = (*source)->fractionRead();
            batch.clear();
        }
        QCOMPARE((*source)->fractionRead(), 1.0);
        QVERIFY(!(*source)->partial());
    }

    void aSparkLogWithoutItsStartIsPartial()
    {
        const TempFolder folder;
        folder.write("nameless", R"({"Event":"SparkListenerLogStart","Spark Version":"3.1.1"})"
                                 "\n");
        Result<std::unique_ptr<LogSource>> source =
            LogSource::open({.paths = {folder / "nameless"}, .kind = RecordKind::Spark});
        QVERIFY(textOf(**source).starts_with("1 spark.unknown"));
        QVERIFY((*source)->partial());
    }

    void wrongUseIsSaid()
    {
        const TempFolder folder;
        folder.write("a.log", "1\n");
        QVERIFY(textOf(LogSourceOptions{}).find("no log") != std::string::npos);
        QVERIFY(textOf({.paths = {folder / "missing.log"}}).find("missing.log") != std::string::npos);
        QVERIFY(textOf({.paths = {folder / "a.log"}, .timeZone = "Mars/Olympus"}).find("Mars") !=
                std::string::npos);
        QCOMPARE(logKindFor("traffic"), std::optional(RecordKind::Lines));
        QCOMPARE(logKindFor("hive"), std::optional(RecordKind::Hive));
        QVERIFY(!logKindFor("lines"));
        QVERIFY(!logKindFor("mine"));
    }

    void aStopIsHeard()
    {
        const TempFolder folder;
        folder.write("a.log", "1\n");
        Result<std::unique_ptr<LogSource>> source = LogSource::open({.paths = {folder / "a.log"}});
        std::stop_source stop;
        stop.request_stop();
        MessageBatch batch;
        QCOMPARE(*(*source)->next(batch, std::chrono::milliseconds(0), stop.get_token()),
                 SourceOutcome::Idle);
        QVERIFY(textOf(**source).starts_with("1 ")); // nothing is lost by it
    }
};

QTEST_GUILESS_MAIN(TestLogSource)
#include "tst_log_source.moc"
