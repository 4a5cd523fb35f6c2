// SPDX-License-Identifier: Apache-2.0
#include "model/service/result_format.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <cmath>

using namespace jetlag;

namespace {

Table smallTable()
{
    Table table({.name = "jobs", .columns = {{"jobId"}, {"name"}, {"stageIds"}, {"ratio"}, {"done"}}});
    table.add({std::uint64_t(1), std::string("say \"hi\", all"), std::vector<std::int64_t>{0, 1}, 0.5, true});
    table.add({UINT64_MAX, std::monostate(), std::vector<std::string>{}, std::nan(""), false});
    return table;
}

QJsonObject parsed(const std::string& json)
{
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(QByteArray::fromStdString(json), &error);
    return error.error == QJsonParseError::NoError ? document.object() : QJsonObject();
}

} // namespace

class TestResultFormat : public QObject
{
    Q_OBJECT

private slots:
    void replayJsonHoldsTheContract()
    {
        ReplayResult result;
        result.analyzer = "spark";
        result.version = 1;
        result.engine.counters.applied = 3;
        result.engine.counters.quarantined = 1;
        result.engine.counters.skipped = 2;
        result.engine.firstSequence = StreamSequence(5);
        result.engine.lastSequence = StreamSequence(10);
        result.engine.tables.push_back(smallTable());
        const std::string json = replayResultJson(result);
        const QJsonObject object = parsed(json);
        for (const char* name :
             {"analyzer", "version", "events", "quarantined", "skipped", "messages", "duplicates", "parked",
              "lost", "partial", "first_sequence", "last_sequence", "digest", "result"})
            QVERIFY2(object.contains(QLatin1String(name)), name);
        QCOMPARE(object[QStringLiteral("events")].toInt(), 6);
        const QJsonArray rows = object[QStringLiteral("result")][QStringLiteral("jobs")].toArray();
        QCOMPARE(rows.size(), 2);
        QVERIFY2(json.find("\"stageIds\":[0,1]") != std::string::npos, "lists of numbers hold numbers");
        QVERIFY2(json.find("\"stageIds\":[]") != std::string::npos, "an empty list is no unknown one");
        QVERIFY2(rows[1][QStringLiteral("name")].isNull(), "unknown is null");
        QVERIFY2(rows[1][QStringLiteral("ratio")].isNull(), "NaN is null");
        QVERIFY2(json.find("18446744073709551615") != std::string::npos, "integers stay exact");
    }

    void onlyTheTablesAskedFor()
    {
        ReplayResult result;
        result.engine.tables.push_back(smallTable());
        result.engine.tables.emplace_back(TableSchema{.name = "stages", .columns = {{"stageId"}}});
        const QJsonObject object = parsed(replayResultJson(result, {"stages"}));
        QCOMPARE(object[QStringLiteral("result")].toObject().keys(), QStringList{QStringLiteral("stages")});
    }

    void csvQuotesWhatNeedsIt()
    {
        QCOMPARE(tableCsv(smallTable()), std::string("jobId,name,stageIds,ratio,done\r\n"
                                                     "1,\"say \"\"hi\"\", all\",0 1,0.5,true\r\n"
                                                     "18446744073709551615,,,,false\r\n"));
    }

    void aMessageIsOneLineWhateverItsBytes()
    {
        const HeaderField fields[] = {{"A", "1"}, {"A", "2"}, {"B", "\xff"}};
        const Message message{.sequence = StreamSequence(7),
                              .time = ServerTime(std::chrono::seconds(1)),
                              .subject = "bad.\xff",
                              .headers = fields,
                              .payload = std::string_view("\0\xfe", 2)};
        const std::string line = messageJson(message);
        QVERIFY(line.find('\n') == std::string::npos);
        const QJsonObject object = parsed(line);
        QCOMPARE(object[QStringLiteral("sequence")].toInt(), 7);
        QCOMPARE(object[QStringLiteral("headers")][QStringLiteral("A")].toArray().size(), 2);
        QCOMPARE(object[QStringLiteral("body_base64")].toString(), QStringLiteral("AP4="));
        QVERIFY(!object.contains(QStringLiteral("body")));
        QCOMPARE(object[QStringLiteral("subject")].toString(), QStringLiteral("bad.%FF"));
        QVERIFY(object[QStringLiteral("subject_encoded")].toBool());
    }

    void aPlainMessageShowsItsText()
    {
        const Message message{.sequence = StreamSequence(1), .subject = "a.b", .payload = "{\"x\":1}\n"};
        const QJsonObject object = parsed(messageJson(message));
        QCOMPARE(object[QStringLiteral("body")].toString(), QStringLiteral("{\"x\":1}\n"));
        QVERIFY(object[QStringLiteral("headers")].isObject());
    }
};

QTEST_GUILESS_MAIN(TestResultFormat)
#include "tst_result_format.moc"
