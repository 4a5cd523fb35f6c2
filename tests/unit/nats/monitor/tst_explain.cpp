// SPDX-License-Identifier: Apache-2.0
//
// What is said about recordings of every cause: a sentence, numbers, and commands fit for a shell.

#include "model/verdict/collector_watch.h"
#include "nats/monitor/sample_line.h"
#include "tests/support/read_log.h"

#include <QDirIterator>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <map>

using namespace jetlag;
using namespace jetlag::test;

namespace {

/// Every whole diagnosis of a cause that the project's recordings show: its last one of each.
std::map<std::string, Diagnosis> lastOfEachCause()
{
    std::map<std::string, Diagnosis> said;
    QDirIterator files(QStringLiteral(JETLAG_RECORDINGS), {QStringLiteral("*.zst")});
    while (files.hasNext()) {
        SampleLineReader reader;
        CollectorWatch watch;
        for (const std::string& text : linesOf(files.next().toStdString())) {
            Result<VerdictSample> sample = reader.read(text);
            if (!sample)
                qFatal("%s", sample.error().message().c_str());
            const ServerTime at = sample->consumer && sample->consumer->lastDelivered
                                      ? *sample->consumer->lastDelivered
                                      : ServerTime(std::chrono::hours(1));
            const std::shared_ptr<const Diagnosis> diagnosis = watch.add(std::move(*sample), at);
            if (diagnosis->cause)
                said[std::string(toString(*diagnosis->cause))] = *diagnosis;
        }
    }
    return said;
}

QJsonObject jsonOf(const Diagnosis& diagnosis)
{
    return QJsonDocument::fromJson(QByteArray::fromStdString(diagnosisJson(diagnosis))).object();
}

} // namespace

class TestExplain : public QObject
{
    Q_OBJECT

private slots:
    void everyCauseIsExplained()
    {
        const std::map<std::string, Diagnosis> said = lastOfEachCause();
        for (const char* cause :
             {"none", "paused", "capped", "no-pulls", "pull-flood", "redelivery-loop", "poison", "slow",
              "catching-up", "burst", "idle", "lost", "limits-near", "cluster", "recreated", "no-interest",
              "ack-wait", "stranded", "dead-letters"}) {
            QVERIFY2(said.contains(cause), cause);
            const Diagnosis& diagnosis = said.at(cause);
            QVERIFY2(diagnosis.sentence.size() > 15 && diagnosis.sentence.ends_with('.'), cause);
            QVERIFY2(!diagnosis.evidence.empty(), cause);
            QVERIFY2(diagnosis.since.has_value(), cause);
            QVERIFY2(!diagnosis.steps.empty() || std::string_view(cause) == "none", cause);
            for (const TryStep& step : diagnosis.steps) {
                QVERIFY2(!step.advice.empty(), cause);
                QVERIFY2(step.command.empty() || step.command.starts_with("nats "), step.command.c_str());
            }
            // What scripts read: all fields, numbers as numbers.
            const QJsonObject json = jsonOf(diagnosis);
            QCOMPARE(json[QStringLiteral("cause")].toString(), QLatin1String(cause));
            QVERIFY2(!json[QStringLiteral("verdict")].toString().isEmpty(), cause);
            for (const char* field :
                 {"stream", "collector", "since", "at", "evidence", "also", "try", "events"})
                QVERIFY2(json.contains(QLatin1String(field)), field);
            QVERIFY2(
                QByteArray::fromStdString(diagnosisMarkdown(diagnosis)).contains(diagnosis.sentence.c_str()),
                cause);
        }
    }

    void theCauseIsProvedByItsOwnNumbers()
    {
        const std::map<std::string, Diagnosis> said = lastOfEachCause();
        const auto shows = [&](const std::string& cause, const std::string& what) {
            const std::vector<Evidence>& evidence = said.at(cause).evidence;
            return std::any_of(evidence.begin(), evidence.end(),
                               [&](const Evidence& one) { return one.what == what && one.value; });
        };
        QVERIFY(shows("capped", "max_ack_pending"));
        QVERIFY(shows("no-pulls", "seconds without a delivery"));
        QVERIFY(shows("pull-flood", "max_waiting"));
        QVERIFY(shows("slow", "needed factor"));
        QVERIFY(shows("catching-up", "first deliveries"));
        QVERIFY(shows("ack-wait", "redelivered share"));
        QVERIFY(shows("poison", "sequence that holds the floor"));
        QVERIFY(shows("redelivery-loop", "num_redelivered"));
        QVERIFY(shows("lost", "lost unread"));
        const Diagnosis& lost = said.at("lost");
        double all = 0;
        for (const Evidence& one : lost.evidence)
            all += one.what.starts_with("lost ") ? one.value.value_or(0) : 0;
        QVERIFY(all > 0);
        // The message that holds a collector up is named.
        QVERIFY(!said.at("poison").messages.empty());
        QVERIFY(said.at("poison").messages.front().sequence > 0);
        // Where the server's counter misleads, both numbers stand there.
        QVERIFY(said.at("stranded").counter.has_value());
        // And the truth as a number, for plots; where it is none, nothing is made up.
        for (const auto& [cause, diagnosis] : said) {
            const bool isCount = diagnosis.counter && (cause == "dead-letters" || cause == "stranded") &&
                                 diagnosis.counter->truth.find("to come") == std::string::npos;
            const bool isCounted = diagnosis.counter && diagnosis.counter->unprocessed.has_value();
            QVERIFY2(isCounted == isCount, cause.c_str());
            QVERIFY2(!isCounted || (diagnosis.counter->isOfLag && *diagnosis.counter->unprocessed >= 1),
                     cause.c_str());
        }
    }

    void whatLiesInHandIsNotDone()
    {
        // Fetches 540 a second of 830 and acks 400: it needs twice as much, not one and a half times.
        SampleLineReader reader;
        CollectorWatch watch;
        std::shared_ptr<const Diagnosis> diagnosis;
        for (const std::string& text : linesOf(JETLAG_RECORDINGS "/slow_ahead.jsonl.zst")) {
            Result<VerdictSample> sample = reader.read(text);
            QVERIFY(sample);
            diagnosis = watch.add(std::move(*sample), ServerTime(std::chrono::hours(1)));
        }
        QVERIFY(diagnosis && diagnosis->cause == Cause::Slow);
        const auto needed = std::find_if(diagnosis->evidence.begin(), diagnosis->evidence.end(),
                                         [](const Evidence& one) { return one.what == "needed factor"; });
        QVERIFY(needed != diagnosis->evidence.end());
        QVERIFY2(*needed->value > 1.8 && *needed->value < 2.4, evidenceText(*needed).c_str());
    }

    // Whoever opens a console finds things as they are: the moment is not that of the beginning.
    void whatWasFoundSoMayBeOlder()
    {
        SampleLineReader reader;
        CollectorWatch watch;
        ServerTime at(std::chrono::hours(1));
        std::vector<std::pair<Cause, bool>> said; // each name, and whether it may be older
        const auto add = [&](VerdictSample sample) {
            const std::shared_ptr<const Diagnosis> diagnosis =
                watch.add(std::move(sample), at += std::chrono::seconds(1));
            const bool isTold = diagnosisMarkdown(*diagnosis).find(" or earlier") != std::string::npos;
            QCOMPARE(isTold, diagnosis->sinceOrEarlier);
            QCOMPARE(jsonOf(*diagnosis)[QStringLiteral("since_or_earlier")].toBool(), isTold);
            if (diagnosis->cause && (said.empty() || said.back().first != *diagnosis->cause))
                said.emplace_back(*diagnosis->cause, diagnosis->sinceOrEarlier);
        };
        VerdictSample last;
        for (const std::string& text : linesOf(JETLAG_RECORDINGS "/paused_later.jsonl.zst")) {
            Result<VerdictSample> sample = reader.read(text);
            QVERIFY(sample);
            last = *sample;
            add(std::move(*sample));
        }
        QVERIFY(said.size() >= 2);
        QVERIFY(said.front() == std::pair(Cause::None, true));
        QVERIFY(std::ranges::find(said, std::pair(Cause::Paused, false)) != said.end());
        QVERIFY(std::all_of(said.begin() + 1, said.end(), [](const auto& one) { return !one.second; }));
        // Nobody knows what happens while nothing is answered.
        const std::size_t before = said.size();
        for (int second = 1; second <= 60; ++second)
            add({.at = last.at + second, .error = SampleError::NoAnswer});
        QVERIFY(said.size() == before || !said.back().second);
        said.clear();
        auto consumer = std::make_shared<ConsumerSnapshot>(*last.consumer);
        consumer->paused = true;
        last.consumer = consumer;
        for (int second = 61; second <= 70; ++second) {
            last.at += second == 61 ? 61 : 1;
            add(last);
        }
        QVERIFY(!said.empty());
        QVERIFY(said.back() == std::pair(Cause::Paused, true));
    }

    void commandsHoldExactlyTheNames()
    {
        // A name that a shell or `nats` itself would read otherwise.
        SampleLineReader reader;
        VerdictJudge judge;
        VerdictSample sample{.at = 1};
        auto stream = std::make_shared<StreamSnapshot>();
        stream->name = "it's $(reboot)";
        auto consumer = std::make_shared<ConsumerSnapshot>();
        consumer->stream = stream->name;
        consumer->name = "-x";
        consumer->paused = true;
        sample.stream = stream;
        sample.consumer = consumer;
        CollectorWatch watch;
        const std::shared_ptr<const Diagnosis> diagnosis =
            watch.add(std::move(sample), ServerTime(std::chrono::hours(1)));
        QVERIFY(diagnosis->cause == Cause::Paused);
        QCOMPARE(QByteArray::fromStdString(diagnosis->steps.at(0).command),
                 QByteArray("nats consumer resume -- 'it'\\''s $(reboot)' -x"));
    }

    void oneIsSingular()
    {
        QCOMPARE(QByteArray::fromStdString(evidenceText({.what = "w", .value = 1, .unit = "messages"})),
                 QByteArray("1 message"));
        QCOMPARE(QByteArray::fromStdString(evidenceText({.what = "w", .value = 2, .unit = "deliveries"})),
                 QByteArray("2 deliveries"));
        QCOMPARE(QByteArray::fromStdString(evidenceText({.what = "w", .value = 1, .unit = "deliveries"})),
                 QByteArray("1 delivery"));
        QCOMPARE(QByteArray::fromStdString(evidenceText({.what = "w", .value = 372, .unit = "s"})),
                 QByteArray("6 m 12 s"));
    }

    void aLineOfARecordingReadsAsItWas()
    {
        VerdictSample sample{.at = 12.5, .connected = true};
        sample.advisories = {
            {.kind = "nak", .sequence = 7, .deliveries = 3},
            {.kind = "terminated", .sequence = 9, .reason = "Unacknowledged message was deleted"}};
        sample.unread =
            FoundMessage{.sequence = 8, .time = ServerTime(std::chrono::seconds(100)), .subject = "s.\"a"};
        sample.matching = 4;
        auto stream = std::make_shared<StreamSnapshot>();
        stream->rawJson = R"({"config":{"name":"S"},"state":{"messages":3,"first_seq":1,"last_seq":3}})";
        auto consumer = std::make_shared<ConsumerSnapshot>();
        consumer->rawJson = R"({"stream_name":"S","name":"c","num_pending":2,"ts":"2026-11-25T20:00:00Z"})";
        sample.stream = stream;
        sample.consumer = consumer;
        SampleLineReader reader;
        const Result<VerdictSample> back = reader.read(sampleLine(sample));
        QVERIFY(back);
        QCOMPARE(back->at, 12.5);
        QVERIFY(back->connected && back->error == SampleError::None && back->isWhole());
        QCOMPARE(back->stream->messages, std::uint64_t(3));
        QCOMPARE(back->consumer->pending, std::uint64_t(2));
        QVERIFY(back->serverNow.has_value());
        QCOMPARE(back->unread->sequence, std::uint64_t(8));
        QVERIFY(back->unread->subject == "s.\"a");
        QVERIFY(back->unread->time == sample.unread->time);
        QVERIFY(!back->afterFloor);
        QCOMPARE(back->matching.value(), std::uint64_t(4));
        QCOMPARE(back->advisories.size(), std::size_t(2));
        QCOMPARE(back->advisories[0].deliveries, std::uint64_t(3));
        QVERIFY(back->advisories[1].reason == sample.advisories[1].reason);
        // Nobody answered: that is kept too, and which way.
        for (const SampleError error :
             {SampleError::NoAnswer, SampleError::NoConsumer, SampleError::SystemTemporary}) {
            const Result<VerdictSample> silent = reader.read(sampleLine({.at = 1, .error = error}));
            QVERIFY(silent && silent->error == error && !silent->isWhole());
        }
    }
};

QTEST_GUILESS_MAIN(TestExplain)
#include "tst_explain.moc"
