// SPDX-License-Identifier: Apache-2.0
#include "model/analyzers/table.h"

#include <QTest>

using namespace jetlag;

namespace {

Table tableOf(std::vector<Row> rows)
{
    Table table({.name = "t",
                 .columns = {{"key", Unit::None, Merge::Key},
                             {"count", Unit::Count, Merge::Sum},
                             {"first", Unit::UnixMillis, Merge::Min},
                             {"last", Unit::UnixMillis, Merge::Max}}});
    for (Row& row : rows)
        table.add(std::move(row));
    return table;
}

Row row(const char* key, std::int64_t count, Cell first, Cell last)
{
    return {std::string(key), count, std::move(first), std::move(last)};
}

} // namespace

class TestTable : public QObject
{
    Q_OBJECT

private slots:
    void rowsOfOneKeyBecomeOne()
    {
        Table table = tableOf({row("b", 1, std::int64_t(5), std::int64_t(5)),
                               row("a", 2, std::int64_t(9), std::int64_t(9)),
                               row("b", 3, std::int64_t(2), std::int64_t(7))});
        table.merge();
        const std::vector<Row> expected{row("a", 2, std::int64_t(9), std::int64_t(9)),
                                        row("b", 4, std::int64_t(2), std::int64_t(7))};
        QVERIFY(table.rows() == expected);
    }

    void unknownGivesWayToKnown()
    {
        Table table = tableOf(
            {row("a", 1, std::monostate(), std::int64_t(1)), row("a", 1, std::int64_t(3), std::monostate())});
        table.merge();
        QVERIFY(table.rows() == std::vector<Row>{row("a", 2, std::int64_t(3), std::int64_t(1))});
    }

    void theOrderOfPartsDoesNotMatter()
    {
        const std::vector<Row> rows{row("a", 1, std::int64_t(4), std::int64_t(4)),
                                    row("b", 2, std::int64_t(1), std::int64_t(1)),
                                    row("a", 5, std::int64_t(2), std::int64_t(8))};
        Table forward = tableOf(rows);
        Table backward = tableOf({rows.rbegin(), rows.rend()});
        forward.merge();
        backward.merge();
        QVERIFY(forward.rows() == backward.rows());
    }

    void appendingMovesTheRows()
    {
        Table a = tableOf({row("a", 1, std::int64_t(1), std::int64_t(1))});
        Table b = tableOf({row("a", 1, std::int64_t(2), std::int64_t(2))});
        a.append(std::move(b));
        a.merge();
        QCOMPARE(a.rows().size(), 1u);
        QCOMPARE(std::get<std::int64_t>(a.rows()[0][1]), 2);
    }
};

QTEST_GUILESS_MAIN(TestTable)
#include "tst_table.moc"
