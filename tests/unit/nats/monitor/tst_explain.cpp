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
            if (!diagnosis->cause)
                continue;
            Diagnosis& last = said[std::string(toString(*diagnosis->cause))];
            // A name outlasts its proof for some seconds: then no message holds anybody up any more.
            if (last.messages.empty() || !diagnosis->messages.empty())
                last = *diagnosis;
        }
    }
    return said;
}

constexpr ServerTime kFound{std::chrono::hours(1)}; ///< when somebody began to look

/// A collector that does not change unless a test changes it; the server tells no time of its own (2.9).
struct Watched
{
    StreamSnapshot stream;
    ConsumerSnapshot consumer;
    VerdictSample reads;
    CollectorWatch watch;
    double at = 0;

    Watched()
    {
        stream.name = consumer.stream = "S";
        stream.retention = "limits";
        stream.firstSequence = StreamSequence(1);
        consumer.name = consumer.durable = "c";
        consumer.deliverPolicy = "all";
        consumer.ackPolicy = "explicit";
        consumer.ackWait = std::chrono::seconds(1);
        consumer.maxAckPending = 1'000;
        publish(100);
    }
    void publish(std::uint64_t last)
    {
        stream.lastSequence = StreamSequence(last);
        stream.messages = last;
        consumer.pending = last - consumer.delivered.stream.value();
    }
    /// All of them, and acks but for `held`, of which the first holds the floor.
    void deliver(std::uint64_t floor, std::uint64_t held)
    {
        consumer.delivered = {ConsumerSequence(stream.lastSequence.value()), stream.lastSequence};
        consumer.pending = 0;
        consumer.ackFloor = {ConsumerSequence(floor), StreamSequence(floor)};
        consumer.ackPending = held;
        consumer.lastDelivered = consumer.lastAcked = now();
    }
    [[nodiscard]] ServerTime now() const
    {
        return kFound + std::chrono::milliseconds(static_cast<std::int64_t>(at * 1e3));
    }
    /// Answers come a little sooner after a look than after the first one.
    std::shared_ptr<const Diagnosis> look(std::vector<AdvisoryNote> advisories = {})
    {
        VerdictSample sample = reads;
        sample.at = at;
        sample.advisories = std::move(advisories);
        sample.stream = std::make_shared<StreamSnapshot>(stream);
        sample.consumer = std::make_shared<ConsumerSnapshot>(consumer);
        const auto said = watch.add(std::move(sample), now() + std::chrono::milliseconds(at == 0 ? 3 : 1));
        at += 1;
        return said;
    }
};

const Evidence* evidenceOf(const Diagnosis& diagnosis, std::string_view what)
{
    const auto found = std::ranges::find(diagnosis.evidence, what, &Evidence::what);
    return found == diagnosis.evidence.end() ? nullptr : &*found;
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

    // The floor stood long before anybody looked: no moment and no length of the watch is told as exact.
    void whatBeganBeforeTheWatchIsAtLeast()
    {
        Watched poisoned;
        poisoned.consumer.redelivered = 1;
        poisoned.reads.afterFloor =
            FoundMessage{.sequence = 50, .time = kFound - std::chrono::minutes(5), .subject = "s.bad"};
        std::shared_ptr<const Diagnosis> said;
        for (std::uint64_t look = 1; look <= 12 && (!said || said->cause != Cause::Poison); ++look) {
            poisoned.publish(100 + 10 * look);
            poisoned.deliver(49, 1);
            said = poisoned.look();
        }
        QVERIFY(said->cause == Cause::Poison);
        QVERIFY(said->sinceOrEarlier);
        for (const char* what : {"ack floor stands for", "acked above the floor since"}) {
            const Evidence* one = evidenceOf(*said, what);
            QVERIFY2(one && one->atLeast && evidenceText(*one).starts_with("at least "), what);
        }
        QVERIFY2(said->sentence.find("while at least ") != std::string::npos, said->sentence.c_str());
        const std::string markdown = diagnosisMarkdown(*said);
        QVERIFY2(markdown.find("| ack floor stands for | at least ") != std::string::npos, markdown.c_str());
        for (const QJsonValue& one : jsonOf(*said)[QStringLiteral("evidence")].toArray())
            QCOMPARE(one[QStringLiteral("at_least")].toBool(),
                     one[QStringLiteral("what")].toString().contains(QStringLiteral("floor s")));

        // One that is seen to begin is exact.
        Watched seen;
        for (std::uint64_t look = 1; look <= 20 && (!said->cause || look <= 5 || said->cause == Cause::None);
             ++look) {
            seen.publish(100 + 10 * look);
            seen.deliver(look < 6 ? 100 + 10 * look : 159, look < 6 ? 0 : 1);
            seen.consumer.redelivered = look < 6 ? 0 : 1;
            said = seen.look();
        }
        QVERIFY(said->cause == Cause::Poison);
        QVERIFY(!said->sinceOrEarlier);
        QVERIFY(!evidenceOf(*said, "ack floor stands for")->atLeast);
    }

    // Where the server tells when it began, that is said, and as old as time lag says it is.
    void theOldestUnreadMessageTellsSinceWhenNobodyAsks()
    {
        Watched unread;
        const ServerTime stored = kFound - std::chrono::seconds(24);
        unread.stream.lastTime = stored;
        unread.reads.unread = FoundMessage{.sequence = 1, .time = stored, .subject = "s.a"};
        std::shared_ptr<const Diagnosis> said;
        for (int look = 0; look < 10; ++look)
            said = unread.look();
        QVERIFY(said->cause == Cause::NoPulls);
        QVERIFY(said->since == stored && !said->sinceOrEarlier);
        for (const char* what : {"seconds without a delivery", "age of the oldest unread message"}) {
            const Evidence* one = evidenceOf(*said, what);
            QVERIFY2(one && std::abs(*one->value - 33.0) < 0.1 && !one->atLeast, what);
        }

        // Older ones may have been deleted: then nobody knows.
        Watched evicted;
        evicted.stream.lastTime = stored;
        evicted.consumer.filters = {"s.a"}; // else they are known to be lost
        evicted.stream.firstSequence = StreamSequence(41);
        evicted.reads.unread = FoundMessage{.sequence = 41, .time = stored, .subject = "s.a"};
        for (int look = 0; look < 10; ++look)
            said = evicted.look();
        QVERIFY(said->cause == Cause::NoPulls);
        QVERIFY(said->sinceOrEarlier);
        QVERIFY(evidenceOf(*said, "seconds without a delivery")->atLeast);
        QVERIFY2(said->sentence.find("for at least ") != std::string::npos, said->sentence.c_str());
    }

    // num_redelivered stands at 1: until it is known whether that one was given up, nothing is called well.
    void redeliveriesThatRestAreNotCalledWell()
    {
        Watched late;
        late.consumer.maxDeliver = 3;
        late.consumer.redelivered = 1;
        bool isNamed = false;
        for (std::uint64_t look = 1; look <= 16; ++look) {
            late.publish(100 + 10 * look);
            late.deliver(100 + 10 * look, 0);
            const std::shared_ptr<const Diagnosis> said = late.look();
            QVERIFY2(!said->cause || said->cause == Cause::DeadLetters, said->sentence.c_str());
            isNamed = said->cause.has_value();
            const Evidence* again = evidenceOf(*said, "num_redelivered");
            QVERIFY2(again && again->value == 1, said->sentence.c_str());
            if (look > 4 && !isNamed)
                QVERIFY2(said->sentence.find("max_deliver 3") != std::string::npos, said->sentence.c_str());
        }
        QVERIFY(isNamed);
        // Without a limit it is merely worked on, as before.
        Watched unlimited;
        unlimited.consumer.redelivered = 1;
        std::shared_ptr<const Diagnosis> said;
        for (std::uint64_t look = 1; look <= 16; ++look) {
            unlimited.publish(100 + 10 * look);
            unlimited.deliver(100 + 10 * look, 0);
            said = unlimited.look();
        }
        QVERIFY(said->cause == Cause::None);
    }

    void whatIsInHandIsNoDeadLetter()
    {
        Watched one;
        one.consumer.maxDeliver = 3;
        std::shared_ptr<const Diagnosis> said;
        for (std::uint64_t look = 1; look <= 8; ++look) {
            one.publish(100 + 10 * look);
            one.deliver(98 + 10 * look, 2);
            one.reads.afterFloor =
                FoundMessage{.sequence = 99 + 10 * look, .time = one.now(), .subject = "s.a"};
            said = one.look(look == 3 ? std::vector<AdvisoryNote>{{.kind = "max_deliver", .sequence = 50}}
                                      : std::vector<AdvisoryNote>());
        }
        QVERIFY(said->cause == Cause::DeadLetters);
        QCOMPARE(said->messages.size(), std::size_t(1));
        QCOMPARE(said->messages.front().sequence, std::uint64_t(50));
    }

    // A name outlasts its proof for some seconds.
    void aFloorThatMovesAgainIsHeldByNobody()
    {
        Watched poisoned;
        poisoned.consumer.redelivered = 1;
        poisoned.reads.afterFloor = FoundMessage{.sequence = 50, .time = kFound, .subject = "s.bad"};
        std::shared_ptr<const Diagnosis> said;
        std::uint64_t look = 1;
        for (; look <= 12 && (!said || said->cause != Cause::Poison); ++look) {
            poisoned.publish(100 + 10 * look);
            poisoned.deliver(49, 1);
            said = poisoned.look();
        }
        QCOMPARE(said->messages.size(), std::size_t(1));
        poisoned.consumer.redelivered = 0;
        poisoned.publish(100 + 10 * look);
        poisoned.deliver(99 + 10 * look, 1);
        poisoned.reads.afterFloor =
            FoundMessage{.sequence = 100 + 10 * look, .time = poisoned.now(), .subject = "s.a"};
        said = poisoned.look();
        QVERIFY(said->cause == Cause::Poison && said->messages.empty());
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

    // What an operator pastes must not turn a collector of the same name, and must do what the words say.
    void commandsAreSafeAndWhole()
    {
        const std::map<std::string, Diagnosis> said = lastOfEachCause();
        for (const auto& [cause, diagnosis] : said) {
            for (const TryStep& step : diagnosis.steps) {
                QVERIFY2(step.command.find("consumer add") == std::string::npos, step.command.c_str());
                QVERIFY2(!step.command.starts_with("nats stream edit") ||
                             step.command.starts_with("nats stream edit --"),
                         step.command.c_str());
            }
        }
        const std::string& copy = said.at("stranded").steps.front().command;
        QVERIFY2(copy.starts_with("nats consumer copy --deliver ") && copy.ends_with("-again"), copy.c_str());
    }

    void theTripleOfAckWaitIsWhole()
    {
        const std::vector<Evidence> evidence = lastOfEachCause().at("ack-wait").evidence;
        const auto triple = std::ranges::find(evidence, "consistent", &Evidence::what);
        QVERIFY(triple != evidence.end());
        for (const char* part : {"ack_wait", "batches of", "max_ack_pending"})
            QVERIFY2(triple->text.find(part) != std::string::npos, triple->text.c_str());
    }

    void oneHasOneDelivery()
    {
        const std::string sentence = lastOfEachCause().at("dead-letters").sentence;
        QVERIFY2(sentence.find(" used up ") != std::string::npos, sentence.c_str());
        QVERIFY2(sentence.find(" 1 deliveries") == std::string::npos, sentence.c_str());
        QVERIFY2(sentence.find("used up their ") != std::string::npos ||
                     sentence.find("used up its ") != std::string::npos,
                 sentence.c_str());
    }

    void aTicketTellsWhenAndWhat()
    {
        const ServerTime at(std::chrono::hours(1));
        Diagnosis diagnosis{
            .stream = "S", .collector = "c", .cause = Cause::Poison, .at = at, .sentence = "Bad."};
        diagnosis.evidence = {{.what = "ack_wait", .value = 1.7, .unit = "s", .at = at}};
        diagnosis.messages = {{.role = "holds the ack floor",
                               .sequence = 7,
                               .time = at - std::chrono::seconds(372),
                               .subject = "s.a",
                               .bytes = 900,
                               .body = "a|b\n" + std::string(76, 'x') + "\u00e4\u00e4"}};
        const QByteArray text = QByteArray::fromStdString(diagnosisMarkdown(diagnosis));
        QVERIFY2(text.contains("| ack_wait | 1.7 s | 1970-01-01T01:00:00Z |"), text);
        QVERIFY2(text.contains("| 6 m 12 s | s.a | 900 | a\\|b\\x0axxx"), text);
        QVERIFY2(text.contains("xxx … |"), text); // not half a character
        const QJsonObject message = jsonOf(diagnosis)[QStringLiteral("events")][0].toObject();
        QCOMPARE(message[QStringLiteral("age_seconds")].toDouble(), 372.0);
        QVERIFY(message[QStringLiteral("body")].toString().startsWith(QLatin1String("a|b")));
        diagnosis.messages.front().body.reset();
        QVERIFY(jsonOf(diagnosis)[QStringLiteral("events")][0][QStringLiteral("body")].isNull());
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
        QCOMPARE(QByteArray::fromStdString(evidenceText({.what = "w", .value = 1.68, .unit = "s"})),
                 QByteArray("1.7 s"));
        QCOMPARE(QByteArray::fromStdString(evidenceText({.what = "w", .value = 1.99, .unit = "s"})),
                 QByteArray("2 s"));
    }

    void aLineOfARecordingReadsAsItWas()
    {
        VerdictSample sample{.at = 12.5, .connected = true};
        sample.advisories = {
            {.kind = "nak", .sequence = 7, .deliveries = 3},
            {.kind = "terminated", .sequence = 9, .reason = "Unacknowledged message was deleted"}};
        sample.unread =
            FoundMessage{.sequence = 8, .time = ServerTime(std::chrono::seconds(100)), .subject = "s.\"a"};
        sample.leftBehind = {
            FoundMessage{.sequence = 11, .time = ServerTime(std::chrono::seconds(101)), .subject = "s.b"},
            FoundMessage{.sequence = 12, .time = ServerTime(std::chrono::seconds(102)), .subject = "s.c"}};
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
        QCOMPARE(back->leftBehind.size(), std::size_t(2));
        QVERIFY(back->leftBehind[1].sequence == 12 && back->leftBehind[1].subject == "s.c");
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
