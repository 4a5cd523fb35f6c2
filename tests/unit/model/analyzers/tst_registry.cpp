// SPDX-License-Identifier: Apache-2.0
#include "model/analyzers/registry.h"

#include <QTest>

#include <algorithm>
#include <set>
#include <string>

using namespace jetlag;

class TestRegistry : public QObject
{
    Q_OBJECT

private slots:
    void builtInOnesAreFoundByName()
    {
        std::vector<std::string> names;
        for (const Analyzer* analyzer : builtinAnalyzers()) {
            names.emplace_back(analyzer->name());
            QVERIFY(findAnalyzer(analyzer->name()) == analyzer);
        }
        QVERIFY(std::is_sorted(names.begin(), names.end()));
        for (const char* name : {"hdfs", "hive", "traffic"})
            QVERIFY2(std::count(names.begin(), names.end(), name) == 1, name);
        QVERIFY(!findAnalyzer("kafka"));
        QVERIFY(!findAnalyzer(""));
    }

    void everyTableHasAKeyAndNamesOfItsOwn()
    {
        for (const Analyzer* analyzer : builtinAnalyzers()) {
            std::set<std::string> tables;
            for (const TableSchema& table : analyzer->tables({})) {
                QVERIFY2(tables.insert(table.name).second, table.name.c_str());
                std::set<std::string> columns;
                int keys = 0;
                for (const Column& column : table.columns) {
                    QVERIFY2(columns.insert(column.name).second, column.name.c_str());
                    keys += column.merge == Merge::Key;
                }
                QVERIFY2(keys > 0, table.name.c_str());
            }
            QVERIFY(!tables.empty());
        }
    }

    void eachKindKeepsToItsSubjects()
    {
        QVERIFY(belongsToAnotherKind("spark.app", "hdfs"));
        QVERIFY(!belongsToAnotherKind("hdfs.app", "hdfs"));
        QVERIFY(!belongsToAnotherKind("hdfsx.app", "hive"));
        QVERIFY(!belongsToAnotherKind("lines.-", "hive"));
        QVERIFY(!belongsToAnotherKind("", "hive"));
        for (const Analyzer* analyzer : builtinAnalyzers()) {
            QVERIFY(analyzer->accepts("orders.eu"));
            QVERIFY(analyzer->accepts(std::string(analyzer->name()) + ".x"));
        }
    }
};

QTEST_GUILESS_MAIN(TestRegistry)
#include "tst_registry.moc"
