// SPDX-License-Identifier: Apache-2.0
#include "model/history/history_codec.h"

#include <QTest>

#include <limits>
#include <random>

using namespace jetlag;

namespace {

HistoryTable someTable(std::size_t rows, std::size_t columns, unsigned seed)
{
    std::mt19937_64 random(seed);
    HistoryTable table;
    table.columns.resize(columns);
    std::int64_t at = 1'700'000'000'000;
    std::int64_t value = 47'311'905;
    for (std::size_t row = 0; row < rows; ++row) {
        at += 1000 + static_cast<std::int64_t>(random() % 5);
        value += static_cast<std::int64_t>(random() % 900);
        table.at.push_back(at);
        for (std::size_t column = 0; column < columns; ++column) {
            const bool unknown = random() % 10 == 0;
            const std::int64_t shown = column % 3 == 0   ? value
                                       : column % 3 == 1 ? 1234
                                                         : static_cast<std::int64_t>(random());
            table.columns[column].push_back(unknown ? kUnknownStored : shown);
        }
    }
    return table;
}

} // namespace

class TestHistoryCodec final : public QObject
{
    Q_OBJECT

private slots:
    void measuresKeepTheirValueAndOrder_data();
    void measuresKeepTheirValueAndOrder();
    void whatIsUnknownStaysUnknown();
    void tablesComeBack_data();
    void tablesComeBack();
    void onlyWantedColumnsAreRead();
    void aColumnThatIsNotThereIsUnknown();
    void steadyValuesCostNearlyNothing();
    void damagedBytesAreRefused();
    void tailsComeBackFromPieces();
    void aTailThatBreaksOffKeepsWhatIsWhole();
    void anyBytesAreReadWithoutHarm();
};

void TestHistoryCodec::measuresKeepTheirValueAndOrder_data()
{
    QTest::addColumn<double>("value");
    QTest::newRow("0") << 0.0;
    QTest::newRow("1") << 1.0;
    QTest::newRow("a rate") << 5012.7;
    QTest::newRow("a long time") << 86'400.0 * 365;
    QTest::newRow("bytes per second") << 8.1e9;
    QTest::newRow("beyond all counts") << 1e17;
}

void TestHistoryCodec::measuresKeepTheirValueAndOrder()
{
    QFETCH(double, value);
    const double back = fromLogSteps(toLogSteps(value));
    QVERIFY2(std::abs(back - value) <= value * 0.0007, qPrintable(QString::number(back)));
    QVERIFY(toLogSteps(value * 1.01 + 0.01) > toLogSteps(value));
    if (value <= 1)
        QCOMPARE(back, value);
}

void TestHistoryCodec::whatIsUnknownStaysUnknown()
{
    QCOMPARE(storedMeasure(std::nullopt), kUnknownStored);
    QCOMPARE(storedMeasure(std::numeric_limits<double>::quiet_NaN()), kUnknownStored);
    QCOMPARE(storedMeasure(-3.0), std::int64_t{0});
    QVERIFY(storedMeasure(std::numeric_limits<double>::infinity()) > 30'000);
    // Whole numbers below 700 come back exactly, as gauges promise in the coarse tiers.
    for (int count = 0; count < 700; ++count)
        QCOMPARE(std::round(fromLogSteps(toLogSteps(count))), static_cast<double>(count));
}

void TestHistoryCodec::tablesComeBack_data()
{
    QTest::addColumn<std::size_t>("rows");
    QTest::addColumn<std::size_t>("columns");
    QTest::newRow("nothing") << std::size_t{0} << std::size_t{3};
    QTest::newRow("one row") << std::size_t{1} << std::size_t{1};
    QTest::newRow("five minutes of a collector") << std::size_t{300} << std::size_t{16};
    QTest::newRow("three hours of minutes") << std::size_t{180} << std::size_t{38};
}

void TestHistoryCodec::tablesComeBack()
{
    QFETCH(std::size_t, rows);
    QFETCH(std::size_t, columns);
    for (unsigned seed = 0; seed < 20; ++seed) {
        const HistoryTable table = someTable(rows, columns, seed);
        const Result<HistoryTable> back = unpackTable(packTable(table), columns);
        QVERIFY(back);
        QVERIFY(back->at == table.at);
        QVERIFY(back->columns == table.columns);
    }
}

void TestHistoryCodec::onlyWantedColumnsAreRead()
{
    const HistoryTable table = someTable(100, 16, 1);
    const Result<HistoryTable> back = unpackTable(packTable(table), 16, 1U << 3 | 1U << 15);
    QVERIFY(back);
    QVERIFY(back->columns[3] == table.columns[3]);
    QVERIFY(back->columns[15] == table.columns[15]);
    QVERIFY(back->columns[0].empty());
}

void TestHistoryCodec::aColumnThatIsNotThereIsUnknown()
{
    const HistoryTable table = someTable(10, 4, 1);
    const Result<HistoryTable> back = unpackTable(packTable(table), 6);
    QVERIFY(back);
    QVERIFY(back->columns[5] == std::vector<std::int64_t>(10, kUnknownStored));
    // And one that a newer program wrote is left out.
    const Result<HistoryTable> fewer = unpackTable(packTable(table), 2);
    QVERIFY(fewer);
    QVERIFY(fewer->columns[1] == table.columns[1]);
}

void TestHistoryCodec::steadyValuesCostNearlyNothing()
{
    HistoryTable table;
    table.columns.resize(16);
    for (int row = 0; row < 300; ++row) {
        table.at.push_back(1'700'000'000'000 + row * 1000);
        for (auto& column : table.columns)
            column.push_back(47'311'905);
    }
    QVERIFY(packTable(table).size() < 150);
}

void TestHistoryCodec::damagedBytesAreRefused()
{
    const std::string good = packTable(someTable(50, 5, 3));
    QVERIFY(!unpackTable("", 5));
    QVERIFY(!unpackTable(good.substr(0, 4), 5));
    QVERIFY(!unpackTable(good.substr(0, good.size() - 1), 5));
    for (std::size_t at = 0; at < good.size(); ++at) {
        std::string bad = good;
        bad[at] = static_cast<char>(bad[at] ^ 0x20);
        QVERIFY2(!unpackTable(bad, 5), qPrintable(QString::number(at)));
    }
    // A checksum that fits does not make sense of nonsense.
    QVERIFY(!unpackTable(packBytes("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", false), 5));
}

void TestHistoryCodec::tailsComeBackFromPieces()
{
    const HistoryTable table = someTable(300, 16, 7);
    SampleTail tail(16);
    std::string journal;
    std::size_t journaled = 0;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        HistorySample sample{.at = table.at[row]};
        for (std::size_t column = 0; column < 16; ++column)
            sample.values[column] = table.columns[column][row];
        tail.append(sample);
        if (row % 7 == 0) {
            journal += tail.view().substr(journaled);
            journaled = tail.view().size();
        }
        if (row == 150) { // the program ends, and the next one goes on
            journal += tail.view().substr(journaled);
            tail = SampleTail::resume(journal, 16);
            journaled = tail.view().size();
        }
    }
    QCOMPARE(tail.samples(), table.rows());
    QCOMPARE(tail.newest(), table.at.back());
    const HistoryTable back = tail.table();
    QVERIFY(back.at == table.at);
    QVERIFY(back.columns == table.columns);
}

void TestHistoryCodec::aTailThatBreaksOffKeepsWhatIsWhole()
{
    SampleTail tail(2);
    std::vector<std::size_t> ends{0};
    for (int i = 0; i < 10; ++i) {
        tail.append({.at = 1'700'000'000'000 + i * 1000, .values = {i * 1000, -i}});
        ends.push_back(tail.view().size());
    }
    const std::string bytes(tail.view());
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        const SampleTail back = SampleTail::resume(std::string_view(bytes).substr(0, cut), 2);
        const auto whole = std::ranges::upper_bound(ends, cut) - ends.begin() - 1;
        QCOMPARE(back.samples(), static_cast<std::size_t>(whole));
        QCOMPARE(back.view().size(), ends[static_cast<std::size_t>(whole)]);
    }
}

void TestHistoryCodec::anyBytesAreReadWithoutHarm()
{
    std::mt19937_64 random(11);
    for (int round = 0; round < 3000; ++round) {
        std::string bytes(random() % 80, '\0');
        for (char& byte : bytes)
            byte = static_cast<char>(random());
        const Result<HistoryTable> table = unpackTable(packBytes(bytes, round % 2 == 0), 4);
        if (table)
            QVERIFY(table->rows() <= 100'000);
        QVERIFY(SampleTail::resume(bytes, 4).samples() <= bytes.size());
    }
}

QTEST_GUILESS_MAIN(TestHistoryCodec)
#include "tst_history_codec.moc"
