// SPDX-License-Identifier: Apache-2.0
#include "model/cluster/source_watch.h"

#include <QTest>

#include <map>

using namespace jetlag;
using namespace std::chrono_literals;

namespace {

struct Stored
{
    ServerTime time{};
    std::string origin;
    std::uint64_t originSequence = 0;
};

/// Streams as a server holds them: SRC copies from O, MIR mirrors it.
class Account final : public ClusterProbe
{
public:
    std::map<std::string, std::map<std::uint64_t, Stored>> streams;
    std::map<std::string, ServerTime> created;
    std::uint64_t sourceLag = 0;
    std::string retention = "limits";
    bool isPlain = true;
    bool isRefused = false;
    std::size_t reads = 0;

    ServerTime time{1'000'000s};

    void publish(std::uint64_t first, std::uint64_t last)
    {
        for (std::uint64_t seq = first; seq <= last; ++seq)
            streams["O"][seq] = {.time = (time += 10ms)};
    }
    void copy(std::uint64_t first, std::uint64_t last)
    {
        for (std::uint64_t seq = first; seq <= last; ++seq) {
            auto& into = streams["SRC"];
            into[into.empty() ? 1 : into.rbegin()->first + 1] = {(time += 1ms), "O", seq};
        }
    }
    void mirror(std::uint64_t first, std::uint64_t last)
    {
        for (std::uint64_t seq = first; seq <= last; ++seq)
            streams["MIR"][seq] = streams["O"].at(seq);
    }
    void makeAnew()
    {
        streams["O"].clear();
        created["O"] = (time += 1s);
    }

    ClusterSnapshot snapshot()
    {
        ClusterSnapshot look;
        look.sampled = std::chrono::steady_clock::time_point((time += 1s).time_since_epoch());
        for (const auto& [name, messages] : streams) {
            StreamSnapshot& stream = look.streams.emplace_back();
            stream.name = name;
            stream.created = created[name];
            stream.retention = retention;
            stream.messages = messages.size();
            if (!messages.empty()) {
                stream.firstSequence = StreamSequence(messages.begin()->first);
                stream.lastSequence = StreamSequence(messages.rbegin()->first);
                stream.firstTime = messages.begin()->second.time;
                stream.lastTime = messages.rbegin()->second.time;
                stream.deleted = messages.rbegin()->first - messages.begin()->first + 1 - messages.size();
            }
            if (name != "O")
                stream.sources = {{.name = "O",
                                   .lag = sourceLag,
                                   .active = 10ms,
                                   .isMirror = name == "MIR",
                                   .isPlain = isPlain}};
        }
        return look;
    }

    Result<ClusterSnapshot> look(std::stop_token) override { return snapshot(); }
    std::vector<std::optional<OldestMessage>> oldestMessages(std::span<const OldestMessageQuery> queries,
                                                             std::stop_token) override
    {
        std::vector<std::optional<OldestMessage>> found;
        for (const OldestMessageQuery& query : queries) {
            ++reads;
            const auto& messages = streams[query.stream];
            const auto next = messages.upper_bound(query.after.value());
            found.push_back(
                next == messages.end() || isRefused
                    ? std::nullopt
                    : std::optional(OldestMessage{StreamSequence(next->first), next->second.time}));
        }
        return found;
    }
    std::vector<std::optional<CopiedMessage>> copies(std::span<const CopyQuery> queries,
                                                     std::stop_token) override
    {
        std::vector<std::optional<CopiedMessage>> found;
        for (const CopyQuery& query : queries) {
            ++reads;
            const auto& messages = streams[query.stream];
            const auto it = messages.find(query.sequence.value());
            found.push_back(it == messages.end() || isRefused
                                ? std::nullopt
                                : std::optional(CopiedMessage{it->second.time, it->second.origin,
                                                              StreamSequence(it->second.originSequence)}));
        }
        return found;
    }
};

/// What is found of `copy` after so many looks.
QString after(Account& account, SourceWatch& watch, const char* copy, int looks = 40)
{
    for (int i = 0; i < looks; ++i)
        watch.look(account.snapshot(), account, {});
    QStringList found;
    for (const StreamFinding& finding : watch.findings(copy))
        found << QString::fromStdString(finding.kind + ": " + finding.sentence);
    return found.join(QLatin1Char('\n'));
}

QString whenOpenedNow(Account& account, const char* copy)
{
    SourceWatch watch;
    return after(account, watch, copy);
}

} // namespace

class TestSourceWatch : public QObject
{
    Q_OBJECT

private slots:
    /// As nats-server 2.9 and 2.10 do: they go on behind the last sequence that they copied.
    void theFirstMessagesOfASourceMadeAnewWereSkipped()
    {
        Account account;
        account.publish(1, 2'000);
        account.copy(1, 2'000);
        account.makeAnew();
        account.publish(1, 5'000);
        account.copy(2'001, 5'000);
        const QString found = whenOpenedNow(account, "SRC");
        QVERIFY2(found.contains(QStringLiteral("source-skipped: its source O was deleted and made anew")),
                 qPrintable(found));
        QVERIFY2(found.contains(QStringLiteral("000 messages of the new one (1 to 2")), qPrintable(found));
        QVERIFY2(account.reads < 80, qPrintable(QString::number(account.reads)));
        // What the source no longer holds itself is no matter any more.
        SourceWatch watch;
        QVERIFY(!after(account, watch, "SRC").isEmpty());
        std::erase_if(account.streams["O"], [](const auto& one) { return one.first <= 2'000; });
        QCOMPARE(after(account, watch, "SRC"), QString());
    }

    /// 2.9.10 was seen to skip the first message only.
    void oneMessageIsEnough()
    {
        Account account;
        account.publish(1, 20);
        account.copy(1, 20);
        account.makeAnew();
        account.publish(1, 8);
        account.copy(2, 8);
        QVERIFY(whenOpenedNow(account, "SRC")
                    .contains(QStringLiteral(
                        "and message 1 of the new one was not copied, though its lag says 0")));
    }

    /// Its first messages aged out, and the next one never came over, as a duplicate does not: that is the
    /// same picture but for the old copies, which nothing proves to be of another stream.
    void aSourceThatLostItsFirstMessagesWasNotMadeAnew()
    {
        Account account;
        account.publish(1, 5);
        account.copy(1, 5);
        account.publish(6, 20);
        account.copy(7, 20);
        std::erase_if(account.streams["O"], [](const auto& one) { return one.first <= 5; });
        QCOMPARE(whenOpenedNow(account, "SRC"), QString());
    }

    void whatIsNotCopiedAtAllIsSaidAfterTheServersOwnPace()
    {
        Account account;
        account.publish(1, 20);
        account.copy(1, 20);
        SourceWatch watch;
        QCOMPARE(after(account, watch, "SRC"), QString());
        account.makeAnew();
        account.publish(1, 8);
        QCOMPARE(after(account, watch, "SRC", 10), QString()); // ten seconds: it may still come
        const QString found = after(account, watch, "SRC", 30);
        QVERIFY2(found.contains(QStringLiteral("nothing of the new one is copied (8 messages up to 8)")),
                 qPrintable(found));
        account.publish(9, 30);
        account.copy(9, 30); // where the old one ended is passed; the join tells from now on
        const QString later = after(account, watch, "SRC");
        QVERIFY2(later.contains(QStringLiteral("8 messages of the new one (1 to 8)")), qPrintable(later));
    }

    void aServerThatCatchesUpSkippedNothing()
    {
        Account account;
        account.publish(1, 20);
        account.copy(1, 20);
        SourceWatch watch;
        (void)after(account, watch, "SRC", 5);
        account.makeAnew();
        account.publish(1, 30);
        account.sourceLag = 30;
        QCOMPARE(after(account, watch, "SRC", 60), QString()); // it says so itself
        account.sourceLag = 0;
        account.copy(1, 30);
        QCOMPARE(after(account, watch, "SRC"), QString());
        QCOMPARE(whenOpenedNow(account, "SRC"), QString());
    }

    /// An archive keeps what its source has dropped long ago.
    void anArchiveIsNoSkip()
    {
        Account account;
        account.publish(1, 3'000);
        account.copy(1, 3'000);
        account.mirror(1, 3'000);
        std::erase_if(account.streams["O"], [](const auto& one) { return one.first < 2'900; });
        SourceWatch watch;
        QCOMPARE(after(account, watch, "SRC"), QString());
        QCOMPARE(after(account, watch, "MIR"), QString());
        const std::size_t reads = account.reads;
        QCOMPARE(after(account, watch, "SRC"), QString());
        QCOMPARE(account.reads, reads); // asked once
        account.streams["O"].clear();   // purged
        account.publish(3'001, 3'100);
        account.copy(3'001, 3'100);
        account.mirror(3'001, 3'100);
        QCOMPARE(after(account, watch, "SRC"), QString());
        QCOMPARE(after(account, watch, "MIR"), QString());
    }

    void withoutProofNothingIsSaid()
    {
        Account account;
        account.publish(1, 20);
        account.copy(1, 20);
        account.makeAnew();
        account.publish(1, 60);
        account.copy(21, 60);
        QVERIFY(!whenOpenedNow(account, "SRC").isEmpty());
        account.isRefused = true; // messages may not be read
        QCOMPARE(whenOpenedNow(account, "SRC"), QString());
        account.isRefused = false;
        account.isPlain = false; // begins elsewhere, or lies in another account
        QCOMPARE(whenOpenedNow(account, "SRC"), QString());
        account.isPlain = true;
        account.retention = "workqueue"; // what was copied first is gone
        QCOMPARE(whenOpenedNow(account, "SRC"), QString());
        account.retention = "limits";
        account.streams["SRC"].erase(30); // deletes inside: the first copies may be gone
        QCOMPARE(whenOpenedNow(account, "SRC"), QString());
        account.streams["SRC"][30] = {account.streams["SRC"][29].time, "O", 30};
        // The source's first messages have left it: what now lies under 20 may be older or newer.
        std::erase_if(account.streams["O"], [](const auto& one) { return one.first <= 20; });
        QCOMPARE(whenOpenedNow(account, "SRC"), QString());
    }

    void aMirrorHoldsAnEarlierStream()
    {
        Account account;
        account.publish(1, 20);
        account.mirror(1, 20);
        SourceWatch watch;
        QCOMPARE(after(account, watch, "MIR"), QString());
        account.makeAnew();
        account.publish(1, 8);
        QString found = after(account, watch, "MIR");
        QVERIFY2(found.contains(QStringLiteral("it ends at 8, this mirror at 20")), qPrintable(found));
        account.publish(9, 46);
        account.mirror(21, 46);
        found = after(account, watch, "MIR");
        QVERIFY2(found.contains(QStringLiteral("its message 1 is of")), qPrintable(found));
        QCOMPARE(whenOpenedNow(account, "MIR"), found);
        // Also where the mirror has limits of its own, by one read.
        std::erase_if(account.streams["MIR"], [](const auto& one) { return one.first < 10; });
        QVERIFY(whenOpenedNow(account, "MIR").contains(QStringLiteral("its message 10 is of")));
        std::erase_if(account.streams["MIR"], [](const auto& one) { return one.first < 21; });
        QCOMPARE(whenOpenedNow(account, "MIR"), QString()); // the same messages from here on
    }
};

QTEST_GUILESS_MAIN(TestSourceWatch)
#include "tst_source_watch.moc"
