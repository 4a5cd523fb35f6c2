// SPDX-License-Identifier: Apache-2.0
#include "model/analyzers/hive/query_facts.h"

#include <QTest>

using namespace jetlag;

namespace {

HiveEvent submission()
{
    HiveEvent event;
    event.phase = HivePhase::Submitted;
    event.startTime = 100;
    event.user = "hive";
    event.requestUser = "alice";
    event.queue = "etl";
    event.operation = "QUERY";
    event.queryText = "select 1";
    event.tablesRead = {"a.b", "c.d"};
    event.tablesWritten.emplace();
    return event;
}

HiveEvent completion(HiveOutcome outcome, std::int64_t time)
{
    HiveEvent event;
    event.phase = HivePhase::Completed;
    event.outcome = outcome;
    event.endTime = time;
    event.user = "not asked";
    event.executionMode = "TEZ";
    event.error = outcome == HiveOutcome::Failed ? "went wrong" : "";
    event.tablesWritten = {"x.y"};
    return event;
}

HiveEvent other()
{
    HiveEvent event;
    event.user = "somebody";
    return event;
}

std::string packed(const QueryFacts& facts)
{
    ByteWriter writer;
    facts.pack(writer);
    return writer.take();
}

std::string joined(const std::vector<HiveEvent>& events)
{
    std::string bytes;
    for (const HiveEvent& event : events) {
        QueryFacts facts;
        ByteReader reader(bytes);
        if (!bytes.empty() && !facts.unpack(reader))
            qFatal("own bytes are refused");
        facts.add(event);
        bytes = packed(facts);
    }
    return bytes;
}

// Views into `bytes`.
QueryFacts unpacked(const std::string& bytes)
{
    QueryFacts facts;
    ByteReader reader(bytes);
    if (!facts.unpack(reader) || !reader.atEnd())
        qFatal("own bytes are refused");
    return facts;
}

QueryFacts unpacked(std::string&&) = delete;

} // namespace

class TestQueryFacts : public QObject
{
    Q_OBJECT

private slots:
    void submissionAndCompletionMeetInAnyOrder()
    {
        const std::string bytes = joined({submission(), completion(HiveOutcome::Failed, 250)});
        QCOMPARE(joined({completion(HiveOutcome::Failed, 250), submission()}), bytes);
        const QueryFacts facts = unpacked(bytes);
        QVERIFY(facts.submitted && facts.completed);
        QVERIFY(facts.outcome == HiveOutcome::Failed);
        QCOMPARE(*facts.startTime, std::int64_t(100));
        QCOMPARE(*facts.endTime, std::int64_t(250));
        QCOMPARE(std::string(facts.user), std::string("hive"));         // the submission's
        QCOMPARE(std::string(facts.executionMode), std::string("TEZ")); // only the completion knew
        QCOMPARE(std::string(facts.error), std::string("went wrong"));
        QCOMPARE(facts.tablesRead->size(), std::size_t(2));
        QVERIFY(facts.tablesWritten->empty()); // the submission said: none
    }

    void theFirstOfTwoCounts()
    {
        const std::string once = joined({submission(), completion(HiveOutcome::Succeeded, 250)});
        HiveEvent again = submission();
        again.startTime = 500;
        again.queryText = "select 2";
        QCOMPARE(joined({submission(), completion(HiveOutcome::Succeeded, 250),
                         completion(HiveOutcome::Failed, 300), again}),
                 once);
    }

    void otherEventsOnlyFillIn()
    {
        const auto userOf = [](const std::vector<HiveEvent>& events) {
            const std::string bytes = joined(events);
            return std::string(unpacked(bytes).user);
        };
        QCOMPARE(userOf({other(), submission()}), std::string("hive"));
        QCOMPARE(userOf({submission(), other()}), std::string("hive"));
        QCOMPARE(userOf({other()}), std::string("somebody"));
        const std::string bytes = joined({other(), submission()});
        QVERIFY(!unpacked(bytes).completed);
    }

    void longTextsAreCutOnceAndSaySo()
    {
        HiveEvent event = submission();
        const std::string longText(200'000, 'q');
        const std::string longName(5'000, 'n');
        std::vector<std::string> many;
        for (int i = 0; i < 1'500; ++i)
            many.push_back("db.t" + std::to_string(i));
        event.queryText = longText;
        event.queue = longName;
        event.tablesRead.emplace(many.begin(), many.end());
        event.tablesRead->push_back("db.t0"); // not another one
        event.tablesWritten = {longName, longName};
        const std::string bytes = joined({event});
        const QueryFacts facts = unpacked(bytes);
        QVERIFY(facts.queryText.size() <= 64 * 1024);
        QVERIFY(facts.queryText.ends_with("q... [200000 bytes]"));
        QVERIFY(facts.queue.size() <= 1'024);
        QVERIFY(facts.queue.ends_with("n... [5000 bytes]"));
        QCOMPARE(facts.tablesRead->size(), std::size_t(1'000));
        QCOMPARE(std::string(facts.tablesRead->at(998)), std::string("db.t998"));
        QCOMPARE(std::string(facts.tablesRead->back()), std::string("... [501 more]"));
        QCOMPARE(facts.tablesWritten->size(), std::size_t(1));
        QCOMPARE(packed(facts), bytes);
    }

    void charactersAreNotCutInTwo()
    {
        QCOMPARE(clipped("short", 5), std::string("short"));
        std::string umlauts;
        for (int i = 0; i < 100; ++i)
            umlauts += "ü";
        QCOMPARE(clipped(umlauts, 35), std::string("ü... [200 bytes]"));
        QCOMPARE(clipped(umlauts, 36), std::string("üü... [200 bytes]"));
        QCOMPARE(clipped(umlauts, 1), std::string("... [200 bytes]"));
    }

    void foreignBytesAreRefused()
    {
        const std::string bytes = joined({submission(), completion(HiveOutcome::Failed, 250)});
        const auto isRefused = [](std::string_view some) {
            QueryFacts facts;
            ByteReader reader(some);
            return !facts.unpack(reader) || !reader.atEnd();
        };
        QVERIFY(!isRefused(bytes));
        for (std::size_t length = 0; length < bytes.size(); ++length)
            QVERIFY(isRefused(bytes.substr(0, length)));
        QVERIFY(isRefused(bytes + "x"));
        QVERIFY(isRefused("\x40" + bytes.substr(1))); // a flag that we do not know
        QVERIFY(isRefused(bytes.substr(0, 1) + "\x03" + bytes.substr(2)));
    }
};

QTEST_GUILESS_MAIN(TestQueryFacts)
#include "tst_query_facts.moc"
