// SPDX-License-Identifier: Apache-2.0
#include "model/record/log_file.h"
#include "tests/support/temp_folder.h"

#include <QTest>

using namespace jetlag;
using namespace jetlag::test;

namespace {

// "name" or "name#rollIndex", relative to the folder.
QStringList expanded(const TempFolder& folder, std::initializer_list<std::string_view> names)
{
    std::vector<std::filesystem::path> paths;
    for (std::string_view name : names)
        paths.push_back(folder / name);
    const Result<std::vector<LogFile>> files = expandLogPaths(paths);
    if (!files)
        return {QString::fromStdString("error: " + files.error().message())};
    QStringList texts;
    for (const LogFile& file : *files) {
        std::string text = file.path.lexically_relative(folder.path()).native();
        if (!file.rollIndex.empty())
            text += '#' + file.rollIndex;
        texts += QString::fromStdString(text);
    }
    return texts;
}

} // namespace

class TestLogFile : public QObject
{
    Q_OBJECT

private slots:
    void filesAreThemselvesInTheOrderGiven()
    {
        const TempFolder folder;
        folder.write("b", "");
        folder.write("a", "");
        QCOMPARE(expanded(folder, {"b", "a"}), QStringList({"b", "a"}));
    }

    void aDirectoryIsItsFilesByName()
    {
        const TempFolder folder;
        folder.write("logs/b", "");
        folder.write("logs/a", "");
        folder.write("logs/.a.crc", "");
        folder.write("logs/deeper/c", "");
        QCOMPARE(expanded(folder, {"logs"}), QStringList({"logs/a", "logs/b"}));
        QCOMPARE(expanded(folder, {"logs/"}), QStringList({"logs/a", "logs/b"}));
    }

    void aRolledSparkLogIsItsPartsByNumber()
    {
        const TempFolder folder;
        for (const char* name : {"events_10_local-1", "events_2_local-1", "events_1_local-1.zstd",
                                 "appstatus_local-1", ".events_2_local-1.crc", "notes.txt"})
            folder.write(std::string("eventlog_v2_local-1/") + name, "");
        const QStringList parts{"eventlog_v2_local-1/events_1_local-1.zstd#1",
                                "eventlog_v2_local-1/events_2_local-1#2",
                                "eventlog_v2_local-1/events_10_local-1#10"};
        QCOMPARE(expanded(folder, {"eventlog_v2_local-1"}), parts);
        QCOMPARE(expanded(folder, {"eventlog_v2_local-1/"}), parts);

        // Inside a directory of logs it stands where its name stands.
        const TempFolder all;
        all.write("logs/app-1", "");
        all.write("logs/local-2", "");
        all.write("logs/eventlog_v2_x/events_1_x", "");
        QCOMPARE(expanded(all, {"logs"}),
                 QStringList({"logs/app-1", "logs/eventlog_v2_x/events_1_x#1", "logs/local-2"}));
    }

    void aPartNamedAloneKnowsItsNumber()
    {
        const TempFolder folder;
        folder.write("eventlog_v2_local-1/events_2_local-1", "");
        QCOMPARE(expanded(folder, {"eventlog_v2_local-1/events_2_local-1"}),
                 QStringList({"eventlog_v2_local-1/events_2_local-1#2"}));
    }

    void whatACompactionReplacedIsLeftOut()
    {
        const TempFolder folder;
        for (const char* name :
             {"events_1_a", "events_2_a", "events_2_a.compact", "events_3_a", "events_4_a"})
            folder.write(std::string("eventlog_v2_a/") + name, "");
        QCOMPARE(expanded(folder, {"eventlog_v2_a"}),
                 QStringList({"eventlog_v2_a/events_2_a.compact#2.compact", "eventlog_v2_a/events_3_a#3",
                              "eventlog_v2_a/events_4_a#4"}));
    }

    void whatIsMissingIsNamed()
    {
        const TempFolder folder;
        const QStringList failed = expanded(folder, {"nothing"});
        QVERIFY(failed.size() == 1 && failed[0].startsWith("error: there is no log"));
        QVERIFY(failed[0].endsWith("nothing"));
        std::filesystem::create_directory(folder / "empty");
        QCOMPARE(expanded(folder, {"empty"}), QStringList());
    }
};

QTEST_GUILESS_MAIN(TestLogFile)
#include "tst_log_file.moc"
