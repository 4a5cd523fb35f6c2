// SPDX-License-Identifier: Apache-2.0
#include "ui/offsets/box_words.h"
#include "ui/offsets/head_layout.h"
#include "ui/offsets/offset_bar.h"
#include "ui/offsets/strip_layout.h"

#include <QTest>

#include <limits>

using namespace jetlag;
using namespace jetlag::ui;
using namespace std::chrono_literals;

namespace {

StreamSequence seq(std::uint64_t value)
{
    return StreamSequence(value);
}

OffsetFacts facts(std::uint64_t first, std::uint64_t last, std::uint64_t floor, std::uint64_t delivered)
{
    return {.first = seq(first), .last = seq(last), .ackFloor = seq(floor), .delivered = seq(delivered)};
}

HeadKnowledge read(std::uint64_t from, std::uint64_t to, const std::vector<std::uint64_t>& there,
                   const std::string& subject = "a")
{
    HeadKnowledge known{.from = seq(from), .to = seq(to), .messages = {}, .deliveries = {}};
    for (const std::uint64_t sequence : there)
        known.messages.push_back({.sequence = seq(sequence), .subject = subject, .bytes = 7});
    return known;
}

/// One letter per box, from `from` on: what a person can check by eye.
QString letters(const OffsetFacts& facts, const HeadKnowledge& known, std::uint64_t from, std::uint64_t count)
{
    QString text;
    for (const HeadBox& box : headBoxes(facts, known, {.from = seq(from), .count = count})) {
        static const QString kLetters = QStringLiteral("aTHdoLwnxlsc");
        text += kLetters[static_cast<int>(box.state)];
        if (box.redelivered == Answer::Yes)
            text += QLatin1Char('!');
        if (box.redelivered == Answer::Unknown)
            text += QLatin1Char('?');
        if (box.mayBeDeleted)
            text += QLatin1Char('~');
    }
    return text;
}

StripLayout strip(const OffsetFacts& of, const std::vector<SequenceGap>& gaps, double width = 100)
{
    return layOutStrip(of, gaps, {}, {}, 0, width);
}

SequenceGap gap(std::uint64_t first, std::uint64_t last)
{
    return {seq(first), seq(last), GapReason::Deleted};
}

constexpr std::uint64_t kHuge = std::uint64_t(1) << 63;

} // namespace

class TestOffsetLayout final : public QObject
{
    Q_OBJECT

private slots:
    void boxes_data()
    {
        QTest::addColumn<QString>("expected");
        QTest::addColumn<QString>("actual");
        const HeadKnowledge nothing;
        const auto row = [](const char* name, const char* expected, const QString& actual) {
            QTest::newRow(name) << QString::fromLatin1(expected) << actual;
        };
        row("acked, in hand or acked, waiting, to come", "aaddddwwcc",
            letters(facts(1, 8, 2, 6), nothing, 1, 10));
        OffsetFacts hand = facts(1, 8, 2, 6);
        hand.ackPending = 1;
        row("the one right behind the floor is in hand", "aaHdddww", letters(hand, nothing, 1, 8));
        hand.ackPending = 4;
        row("as many in hand as there are", "aaHHHHww", letters(hand, nothing, 1, 8));
        hand.redelivered = 1;
        row("one of them came again, nobody knows which", "aaH?H?H?H?ww", letters(hand, nothing, 1, 8));
        hand.redelivered = 4;
        row("all came again", "aaH!H!H!H!ww", letters(hand, nothing, 1, 8));
        hand.redelivered = 1;
        HeadKnowledge naked;
        naked.deliveries[4] = 3;
        row("an advisory named one", "aaH?H!H?H?ww", letters(hand, naked, 1, 8));

        OffsetFacts holes = facts(1, 8, 2, 6);
        holes.ackPending = 2;
        holes.deleted = 3;
        row("holes that nobody looked for", "a~a~d~d~d~d~w~w~", letters(holes, nothing, 1, 8));
        row("holes that were read, and both that are left are in hand", "aaHxHxxw",
            letters(holes, read(1, 8, {1, 2, 3, 5, 8}), 1, 8));
        row("half was read", "axHxd~d~w~w~", letters(holes, read(1, 4, {1, 3}), 1, 8));
        OffsetFacts filtered = facts(1, 6, 2, 4);
        filtered.filters = {"b.>"};
        filtered.ackPending = 1;
        row("a filter, not read: the floor's neighbour may be another one's", "aaddww",
            letters(filtered, nothing, 1, 6));
        row("a filter that matches nothing of it", "nnnnnn",
            letters(filtered, read(1, 6, {1, 2, 3, 4, 5, 6}), 1, 6));
        HeadKnowledge mixed = read(1, 6, {1, 2, 3, 4, 5, 6});
        mixed.messages[3].subject = mixed.messages[5].subject = "b.1";
        row("a filter that matches two", "nnnHnw", letters(filtered, mixed, 1, 6));

        OffsetFacts queue = facts(3, 8, 2, 6);
        queue.ackDeletes = true;
        queue.ackPending = 2;
        queue.deleted = 2;
        row("a work queue: what is still there is in hand", "xxHxHxww",
            letters(queue, read(3, 8, {3, 5, 7, 8}), 1, 8));
        OffsetFacts noAcks = facts(1, 8, 6, 6);
        noAcks.wantsAcks = false;
        row("no acks are asked for", "TTTTTTww", letters(noAcks, nothing, 1, 8));
        OffsetFacts neverAcked = facts(1, 8, 0, 6);
        neverAcked.isFloorKnown = false;
        row("the floor means nothing yet", "ddddddww", letters(neverAcked, nothing, 1, 8));

        row("lost before it was delivered", "xxxllwwc", letters(facts(6, 7, 2, 3), nothing, 1, 8));
        OffsetFacts filteredLoss = facts(6, 7, 2, 3);
        filteredLoss.filters = {"b"};
        row("under a filter nobody knows whose it was", "xxxxxwwc", letters(filteredLoss, nothing, 1, 8));
        row("all deleted", "xxxxxc", letters(facts(6, 5, 5, 5), nothing, 1, 6));
        row("the stream was put back", "aaaaassscc", letters(facts(1, 5, 8, 8), nothing, 1, 10));
        OffsetFacts back = facts(1, 5, 8, 8);
        back.named = {{.sequence = seq(4), .role = "oldest unread", .isLeft = true}};
        row("and got new ones since", "aaaLLsssc", letters(back, nothing, 1, 9));
        OffsetFacts dead = facts(1, 8, 8, 8);
        dead.named = {{.sequence = seq(3), .role = "out of deliveries", .isLeft = true}};
        row("a dead letter below the floor", "aaLaaaaac", letters(dead, nothing, 1, 9));
        dead.isMisled = true;
        dead.leftBehind = 1;
        row("it is the only one", "aaLaaaaac", letters(dead, nothing, 1, 9));
        dead.leftBehind = 3;
        row("two more, nobody knows which", "ooLooooocc", letters(dead, nothing, 1, 10));
        dead.named.clear();
        dead.leftBehind = 0;
        row("nor how many", "oooooooocc", letters(dead, nothing, 1, 10));
        OffsetFacts stranded = facts(1, 9, 9, 9);
        stranded.isMisled = stranded.isFirstKnown = true;
        stranded.leftBehind = 4;
        stranded.named = {{.sequence = seq(3), .role = "left behind", .isLeft = true}};
        row("behind the first one that was left", "aaLoooooocc", letters(stranded, nothing, 1, 11));
        row("no more are there than were left", "aaLxLxLxLcc",
            letters(stranded, read(3, 9, {3, 5, 7, 9}), 1, 11));
        row("others are among them", "aaLxoxooocc", letters(stranded, read(3, 9, {3, 5, 7, 8, 9}), 1, 11));
    }
    void boxes()
    {
        QFETCH(QString, expected);
        QFETCH(QString, actual);
        QCOMPARE(actual, expected);
    }

    void windows_data()
    {
        QTest::addColumn<OffsetFacts>("of");
        QTest::addColumn<qulonglong>("room");
        QTest::addColumn<qulonglong>("from");
        QTest::addColumn<qulonglong>("count");
        const auto row = [](const char* name, const OffsetFacts& of, qulonglong room, qulonglong from,
                            qulonglong count) { QTest::newRow(name) << of << room << from << count; };
        row("empty stream, nothing delivered", facts(1, 0, 0, 0), 50, 0, 0);
        row("no room", facts(1, 100, 50, 60), 0, 46, 0);
        row("one message", facts(1, 1, 0, 0), 50, 1, 4);
        row("one message far up", facts(900, 900, 899, 899), 50, 854, 50);
        row("around the floor", facts(1, 1000, 500, 700), 50, 491, 50);
        row("near the begin", facts(1, 1000, 2, 700), 50, 1, 50);
        row("all is done: the end", facts(1, 1000, 1000, 1000), 50, 954, 50);
        row("less than there is room for", facts(1, 20, 5, 6), 50, 1, 23);
        row("the floor is long gone: the first that is there", facts(500, 1000, 2, 3), 50, 490, 50);
        row("all deleted", facts(1001, 1000, 1000, 1000), 50, 954, 50);
        row("the position beyond the end", facts(1, 1000, 1041, 1041), 50, 991, 50);
        row("2^63", facts(1, kHuge, kHuge - 10, kHuge - 5), 50, kHuge - 46, 50);
        constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
        row("the very last sequence", facts(1, kMost, kMost - 1, kMost - 1), 10, kMost - 9, 10);
        OffsetFacts named = facts(1, 1000, 900, 900);
        named.named = {{.sequence = seq(100), .role = "left behind", .isLeft = true}};
        row("a message that was left behind", named, 50, 90, 50);
        OffsetFacts neverAcked = facts(1, 1000, 0, 900);
        neverAcked.isFloorKnown = false;
        neverAcked.ackPending = 100;
        row("no floor yet: what is in hand", neverAcked, 50, 791, 50);
    }
    void windows()
    {
        QFETCH(OffsetFacts, of);
        QFETCH(qulonglong, room);
        QFETCH(qulonglong, from);
        QFETCH(qulonglong, count);
        const HeadWindow window = windowAtHead(of, room);
        QCOMPARE(window.count, count);
        if (count > 0)
            QCOMPARE(window.from.value(), from);
        QCOMPARE(headBoxes(of, {}, window).size(), static_cast<std::size_t>(count));
    }

    void aWindowNeverLeavesTheStream()
    {
        const OffsetFacts of = facts(1, 1000, 500, 700);
        QCOMPARE(windowFrom(of, seq(0), 50).from, seq(1));
        QCOMPARE(windowFrom(of, seq(5000), 50).to(), seq(1003));
        QCOMPARE(windowFrom(of, seq(100), 50), (HeadWindow{.from = seq(100), .count = 50}));
    }

    void runsSayHowManyOnlyWhereTheyEnd()
    {
        const auto boxes = headBoxes(facts(1, 20, 7, 12), {}, {.from = seq(5), .count = 20});
        const std::vector<BoxRun> runs = boxRuns(boxes);
        QCOMPARE(runs.size(), std::size_t(4));
        QCOMPARE(runWords(runs[0]), QStringLiteral("acked")); // it began before the window
        QCOMPARE(runWords(runs[1]), QStringLiteral("5 delivered, acked or not"));
        QCOMPARE(runWords(runs[2]), QStringLiteral("8 waiting"));
        QCOMPARE(runWords(runs[3]), QStringLiteral("to come"));
        QVERIFY(boxRuns({}).empty());
    }

    void everyPixelOfABoxIsThatBox()
    {
        for (const double width : {0.0, 11.0, 12.0, 100.0, 333.0, 1000.0}) {
            const std::uint64_t room = BoxGrid::room(width);
            const BoxGrid grid = BoxGrid::fit(40, width, room);
            QVERIFY(grid.count == 0 || grid.right() <= 40 + width + 0.001);
            for (std::size_t box = 0; box < grid.count; ++box) {
                QCOMPARE(grid.boxAt(grid.xOf(box)).value(), box);
                QCOMPARE(grid.boxAt(grid.xOf(box) + grid.boxWidth()).value(), box);
            }
            QVERIFY(!grid.boxAt(39) && !grid.boxAt(40 + width + 30));
        }
        // Few boxes don't become tiles.
        QVERIFY(BoxGrid::fit(0, 1000, 3).boxWidth() <= BoxGrid::kMost);
    }

    void theStripIsSharedOut()
    {
        const StripLayout whole = strip(facts(1, 100, 40, 60), {});
        QCOMPARE(whole.acked, (Stretch{0, 40}));
        QCOMPARE(whole.delivered, (Stretch{40, 20}));
        QCOMPARE(whole.waiting, (Stretch{60, 40}));
        QVERIFY(!whole.isAllInHand);
        OffsetFacts held = facts(1, 100, 40, 60);
        held.ackPending = 20;
        QVERIFY(strip(held, {}).isAllInHand);

        QVERIFY(strip(facts(1, 0, 0, 0), {}).isEmpty());
        QVERIFY(strip(facts(101, 100, 100, 100), {gap(1, 100)}).gaps.empty()); // all deleted
        const StripLayout one = strip(facts(7, 7, 6, 6), {});
        QCOMPARE(one.waiting, (Stretch{0, 100}));
        QCOMPARE(one.acked.width, 0.0);
        // The floor beyond the last: all that is there is below it.
        const StripLayout beyond = strip(facts(1, 100, 141, 141), {});
        QCOMPARE(beyond.acked, (Stretch{0, 100}));
        QCOMPARE(beyond.delivered.width, 0.0);
        QCOMPARE(beyond.waiting.width, 0.0);
        // The floor before the first: what lay between is gone.
        const StripLayout before = strip(facts(50, 149, 10, 20), {});
        QCOMPARE(before.acked.width, 0.0);
        QCOMPARE(before.waiting, (Stretch{0, 100}));
    }

    void whatIsLessThanAPixelIsSeen()
    {
        const StripLayout large = strip(facts(1, kHuge, kHuge - 2, kHuge - 1), {gap(5, 5)});
        QVERIFY(large.delivered.width >= 1 && large.waiting.width >= 1);
        QVERIFY(large.delivered.right() <= 100 && large.waiting.right() <= 100);
        QVERIFY(large.acked.width > 99);
        QCOMPARE(large.gaps.size(), std::size_t(1));
        QVERIFY(large.gaps[0].where.width >= 3 && large.gaps[0].where.x >= 0);
        QCOMPARE(large.gaps[0].deleted, std::uint64_t(1));
        // Where there is no room at all nothing is out of bounds.
        for (const double width : {0.0, 1.0, 2.0, 5.0}) {
            const StripLayout narrow = layOutStrip(facts(1, 1000, 400, 600), std::vector{gap(10, 20)},
                                                   seq(390), seq(440), 10, width);
            for (const Stretch& part : {narrow.acked, narrow.delivered, narrow.waiting, narrow.window}) {
                QVERIFY(part.x >= 10 && part.width >= 0);
                QVERIFY2(part.right() <= 10 + width + 1e-9, qPrintable(QString::number(part.right())));
            }
        }
    }

    void gapsThatLieTooNearBecomeOne()
    {
        std::vector<SequenceGap> gaps;
        for (std::uint64_t at = 100; at < 100'000; at += 10) // every tenth message is deleted
            gaps.push_back(gap(at, at));
        const StripLayout many = strip(facts(1, 100'000, 0, 0), gaps, 500);
        QCOMPARE(many.gaps.size(), std::size_t(1));
        QCOMPARE(many.gaps[0].deleted, std::uint64_t(gaps.size()));
        QVERIFY(many.gaps[0].share > 0.09 && many.gaps[0].share < 0.11); // most of it is there
        const StripLayout two = strip(facts(1, 1000, 0, 0), {gap(100, 299), gap(600, 649), gap(2000, 3000)});
        QCOMPARE(two.gaps.size(), std::size_t(2));
        QCOMPARE(two.gaps[0], (GapStretch{.where = {9.9, 20}, .deleted = 200, .share = 1}));
        QCOMPARE(two.gaps[1].deleted, std::uint64_t(50));
        // Of a gap that reaches out of the stream only the part inside counts.
        const StripLayout cut = strip(facts(50, 149, 0, 0), {gap(1, 59)});
        QCOMPARE(cut.gaps[0].deleted, std::uint64_t(10));
    }

    void sequencesAndPixelsAgree()
    {
        const SequenceScale scale{seq(1000), seq(1'999'999), 20, 500};
        for (const std::uint64_t sequence : {1000ULL, 1001ULL, 77'777ULL, 1'999'998ULL, 1'999'999ULL}) {
            const double middle = (scale.beginOf(seq(sequence)) + scale.endOf(seq(sequence))) / 2;
            QCOMPARE(scale.sequenceAt(middle), seq(sequence));
        }
        QCOMPARE(scale.sequenceAt(0), seq(1000));
        QCOMPARE(scale.sequenceAt(5000), seq(1'999'999));
        const SequenceScale whole{seq(1), seq(std::numeric_limits<std::uint64_t>::max()), 0, 300};
        QCOMPARE(whole.sequenceAt(300), whole.last);
        QCOMPARE(whole.sequenceAt(0), seq(1));
    }

    void theBarOfARow_data()
    {
        QTest::addColumn<OffsetPicture>("at");
        QTest::addColumn<OffsetBar>("expected");
        const auto row = [](const char* name, const OffsetPicture& at, const OffsetBar& expected) {
            QTest::newRow(name) << at << expected;
        };
        row("nothing is known", {}, {});
        row("empty stream", {.first = 11, .ackFloor = 10, .delivered = 10, .last = 10}, {});
        row("one message, not read", {.first = 1, .last = 1}, {.isEmpty = false});
        row("parts", {.first = 1, .ackFloor = 40, .delivered = 60, .last = 100},
            {.acked = 40, .delivered = 60, .isEmpty = false});
        row("one in hand of a million is seen",
            {.first = 1, .ackFloor = 500'000, .delivered = 500'001, .last = 1'000'000},
            {.acked = 50, .delivered = 51.5, .isEmpty = false});
        row("the floor beyond the last", {.first = 1, .ackFloor = 117, .delivered = 117, .last = 76},
            {.acked = 100, .delivered = 100, .isEmpty = false});
        row("the floor before the first", {.first = 50, .ackFloor = 10, .delivered = 20, .last = 149},
            {.isEmpty = false});
        row("half is gone, where nobody knows",
            {.first = 1, .ackFloor = 40, .delivered = 60, .last = 100, .deleted = 50},
            {.acked = 40, .delivered = 60, .goneBefore = 0.5, .goneBehind = 0.5, .isEmpty = false});
        row("gone behind the position only",
            {.first = 1,
             .ackFloor = 60,
             .delivered = 60,
             .last = 100,
             .deleted = 10,
             .deletedBehind = 10,
             .isSplitKnown = true},
            {.acked = 60, .delivered = 60, .goneBehind = 0.25, .isEmpty = false});
        row("gone at both sides",
            {.first = 1,
             .ackFloor = 60,
             .delivered = 60,
             .last = 100,
             .deleted = 40,
             .deletedBehind = 10,
             .isSplitKnown = true},
            {.acked = 60, .delivered = 60, .goneBefore = 0.5, .goneBehind = 0.25, .isEmpty = false});
        row("all but the ends is gone",
            {.first = 1,
             .ackFloor = 1,
             .delivered = 1,
             .last = 1000,
             .deleted = 998,
             .deletedBehind = 998,
             .isSplitKnown = true},
            {.acked = 0.1, .delivered = 0.1, .goneBehind = 998.0 / 999, .isEmpty = false});
        row("2^63", {.first = 1, .ackFloor = kHuge / 2, .delivered = kHuge / 2, .last = kHuge},
            {.acked = 50, .delivered = 50, .isEmpty = false});
        row("numbers that contradict each other",
            {.first = 1,
             .ackFloor = 90,
             .delivered = 80,
             .last = 100,
             .deleted = 5000,
             .deletedBehind = 7000,
             .isSplitKnown = true},
            {.acked = 90, .delivered = 90, .goneBehind = 1, .isEmpty = false});
    }
    void theBarOfARow()
    {
        QFETCH(OffsetPicture, at);
        QFETCH(OffsetBar, expected);
        const OffsetBar bar = layOutBar(at, 100);
        QCOMPARE(bar.isEmpty, expected.isEmpty);
        QCOMPARE(bar.acked, expected.acked);
        QCOMPARE(bar.delivered, expected.delivered);
        QCOMPARE(bar.goneBefore, expected.goneBefore);
        QCOMPARE(bar.goneBehind, expected.goneBehind);
        for (const double width : {0.0, 1.0, 20.0}) { // never out of its cell
            const OffsetBar narrow = layOutBar(at, width);
            QVERIFY(narrow.acked >= 0 && narrow.acked <= narrow.delivered && narrow.delivered <= width);
        }
    }

    void deletedOnesBehindThePosition()
    {
        const OffsetPicture at{.first = 1, .ackFloor = 50, .delivered = 60, .last = 100, .deleted = 30};
        QCOMPARE(deletedBehind(at, 40), std::uint64_t(0));
        QCOMPARE(deletedBehind(at, 25), std::uint64_t(15));
        QCOMPARE(deletedBehind(at, 0), std::uint64_t(30)); // more than there are cannot be
        QCOMPARE(deletedBehind(at, 90), std::uint64_t(0)); // published between two answers
        QCOMPARE(deletedBehind({.first = 81, .delivered = 60, .last = 100, .deleted = 30}, 15),
                 std::uint64_t(5));
        QCOMPARE(deletedBehind({.first = 1, .delivered = 120, .last = 100, .deleted = 30}, 0),
                 std::uint64_t(0));
        QCOMPARE(deletedBehind({}, 0), std::uint64_t(0));
    }

    void wordsSayWhatIsKnownAndWhatNot()
    {
        const ServerTime now{1'790'000'000s};
        OffsetFacts of = facts(1, 8, 2, 6);
        of.ackPending = 4;
        of.redelivered = 1;
        HeadKnowledge known = read(1, 8, {1, 2, 3, 4, 5, 6, 7, 8}, "or\nders");
        known.messages[2].time = now - 372s;
        const std::vector<HeadBox> boxes = headBoxes(of, known, {.from = seq(1), .count = 8});
        const QString line = boxLine(boxes[2], known, of, now);
        QVERIFY2(line.startsWith(QStringLiteral("3 · in hand · perhaps redelivered")), qPrintable(line));
        QVERIFY(line.contains(QStringLiteral("6\u202fm 12\u202fs ago")));
        QVERIFY(line.contains(QStringLiteral("7\u202fB")) && !line.contains(QLatin1Char('\n')));
        QVERIFY(
            boxTip(boxes[2], known, of, now).contains(QStringLiteral("which ones the server does not tell")));
        of.deleted = 2;
        const std::vector<HeadBox> unread = headBoxes(of, {}, {.from = seq(1), .count = 8});
        QVERIFY(boxLine(unread[7], {}, of, now).contains(QStringLiteral("8 · waiting · or deleted")));
        QVERIFY(boxTip(unread[7], {}, of, now).contains(QStringLiteral("Not read yet")));
        for (const BoxState state :
             {BoxState::Acked, BoxState::Taken, BoxState::InHand, BoxState::Delivered, BoxState::AckedOrLeft,
              BoxState::Left, BoxState::Waiting, BoxState::NotWanted, BoxState::Deleted, BoxState::Lost,
              BoxState::Skipped, BoxState::ToCome})
            QVERIFY(!stateWord(state).isEmpty() &&
                    stateSentence({.state = state}).endsWith(QLatin1Char('.')));
    }

    void factsAreTakenAsTheServerMeansThem()
    {
        StreamSnapshot stream;
        stream.firstSequence = seq(1);
        stream.lastSequence = seq(100);
        stream.messages = 100;
        stream.bytes = 6'400;
        CollectorReport row;
        row.consumer.ackPolicy = "explicit";
        row.consumer.deliverPolicy = "new";
        row.consumer.delivered = {ConsumerSequence(0), seq(90)};
        // It has never acked and holds nothing: it begins behind its position.
        QCOMPARE(offsetFacts(stream, row).ackFloor, seq(90));
        QVERIFY(!offsetFacts(stream, row).isFloorTold);
        QCOMPARE(offsetFacts(stream, row).meanBytes, std::uint64_t(64));
        row.consumer.delivered = {ConsumerSequence(5), seq(95)};
        row.consumer.ackPending = 5; // since when, nobody can tell
        QVERIFY(!offsetFacts(stream, row).isFloorKnown);
        row.consumer.ackFloor = {ConsumerSequence(2), seq(92)};
        QVERIFY(offsetFacts(stream, row).isFloorKnown && offsetFacts(stream, row).isFloorTold);
        QCOMPARE(offsetFacts(stream, row).ackFloor, seq(92));
        row.consumer.ackPolicy = "none";
        QCOMPARE(offsetFacts(stream, row).ackFloor, seq(95));
        QVERIFY(!offsetFacts(stream, row).isMisled);
        auto diagnosis = std::make_shared<Diagnosis>();
        diagnosis->cause = Cause::Stranded;
        diagnosis->counter = CounterTruth{"lag 0", "at least 6 unread", "It counts less.", true, 6};
        row.diagnosis = diagnosis;
        QVERIFY(offsetFacts(stream, row).isMisled && offsetFacts(stream, row).isFirstKnown);
        QCOMPARE(offsetFacts(stream, row).leftBehind, std::uint64_t(6));
    }
};

QTEST_MAIN(TestOffsetLayout)
#include "tst_offset_layout.moc"
