// SPDX-License-Identifier: Apache-2.0
#include "model/record/envelope.h"
#include "model/record/headers.h"
#include "model/record/record.h"

#include <QTest>

#include <random>
#include <string>
#include <vector>

using namespace jetlag;

namespace {

constexpr std::string_view kSubject = "hdfs.3.user";

// A hook's message, to be changed by one field.
struct Fields
{
    std::string_view id = "src:10-20"; // views: what parsed() gives points into them
    std::string_view previous = "5";
    std::vector<HeaderField> more;

    [[nodiscard]] Envelope parsed(std::string_view subject = kSubject) const
    {
        std::vector<HeaderField> all{
            {headers::kMessageId, id}, {headers::kPrevious, previous}, {headers::kKey, "key"}};
        all.insert(all.end(), more.begin(), more.end());
        return parseEnvelope(all, subject);
    }
};

bool isChained(const Envelope& envelope)
{
    return envelope.kind == EnvelopeKind::Chained;
}

std::string bytesOf(const QByteArray& bytes)
{
    return bytes.toStdString();
}

} // namespace

class TestEnvelope : public QObject
{
    Q_OBJECT

private slots:
    void aHooksMessageIsReadInFull()
    {
        const Envelope envelope = Fields{
            .id = "host:1:2:10-20:2/3",
            .previous = "5",
            .more = {{headers::kPart, "2/3"},
                     {headers::kZone, "Europe/Berlin"},
                     {headers::kContentEncoding, "zstd"},
                     {headers::kOversize,
                      "67108865"}}}.parsed();
        QVERIFY(isChained(envelope));
        QVERIFY(!envelope.contradictory);
        QCOMPARE(envelope.source, std::string_view("host:1:2")); // read from the right
        QCOMPARE(envelope.firstOffset, std::uint64_t(10));
        QCOMPARE(envelope.lastOffset, std::uint64_t(20));
        QVERIFY(envelope.previous == std::uint64_t(5));
        QCOMPARE(envelope.key, std::string_view("key"));
        QCOMPARE(envelope.zone, std::string_view("Europe/Berlin"));
        QCOMPARE(envelope.encoding, std::string_view("zstd"));
        QCOMPARE(envelope.part, 2u);
        QCOMPARE(envelope.parts, 3u);
        QCOMPARE(envelope.oversize, std::uint64_t(67108865));
        QCOMPARE(envelope.partition.number, 3u);
        QCOMPARE(envelope.partition.begin, std::size_t(5));
        QCOMPARE(envelope.partition.end, std::size_t(7));
    }

    void messageIds_data()
    {
        QTest::addColumn<QByteArray>("id");
        QTest::addColumn<bool>("good");
        QTest::newRow("plain") << QByteArray("s:1-2") << true;
        QTest::newRow("one record") << QByteArray("s:0-0") << true;
        QTest::newRow("the largest offsets")
            << QByteArray("s:18446744073709551615-18446744073709551615") << true;
        QTest::newRow("a part") << QByteArray("s:1-2:1/1") << true;
        QTest::newRow("as many parts as there may be") << QByteArray("s:1-2:65536/65536") << true;
        QTest::newRow("a source that is no text") << QByteArray("\xff\x01:1-2") << true;
        QTest::newRow("empty") << QByteArray() << false;
        QTest::newRow("a colon") << QByteArray(":") << false;
        QTest::newRow("no source") << QByteArray(":1-2") << false;
        QTest::newRow("no source before a part") << QByteArray(":1-2:1/2") << false;
        QTest::newRow("no colon") << QByteArray("1-2") << false;
        QTest::newRow("one offset") << QByteArray("s:1") << false;
        QTest::newRow("no last offset") << QByteArray("s:1-") << false;
        QTest::newRow("no first offset") << QByteArray("s:-1") << false;
        QTest::newRow("backwards") << QByteArray("s:2-1") << false;
        QTest::newRow("three offsets") << QByteArray("s:1-2-3") << false;
        QTest::newRow("signed") << QByteArray("s:+1-2") << false;
        QTest::newRow("hexadecimal") << QByteArray("s:0x1-2") << false;
        QTest::newRow("blank behind") << QByteArray("s:1-2 ") << false;
        QTest::newRow("first beyond 64 bits") << QByteArray("s:18446744073709551616-1") << false;
        QTest::newRow("last beyond 64 bits") << QByteArray("s:1-18446744073709551616") << false;
        QTest::newRow("far beyond 64 bits") << QByteArray("s:1-" + QByteArray(4'000, '9')) << false;
        QTest::newRow("part 0") << QByteArray("s:1-2:0/2") << false;
        QTest::newRow("part 3 of 2") << QByteArray("s:1-2:3/2") << false;
        QTest::newRow("of no parts") << QByteArray("s:1-2:0/0") << false;
        QTest::newRow("too many parts") << QByteArray("s:1-2:1/65537") << false;
        QTest::newRow("parts that wrap round in 32 bits") << QByteArray("s:1-2:1/4294967298") << false;
        QTest::newRow("part without number") << QByteArray("s:1-2:/2") << false;
        QTest::newRow("part without count") << QByteArray("s:1-2:1/") << false;
        QTest::newRow("two slashes") << QByteArray("s:1-2:1/2/2") << false;
        QTest::newRow("a part but no offsets") << QByteArray("s:1/2") << false;
        QTest::newRow("two parts") << QByteArray("s:1-2:1/2:1/2") << false;
        QTest::newRow("a NUL byte in a number") << QByteArray("s:1\0-2", 6) << false;
    }
    void messageIds()
    {
        QFETCH(QByteArray, id);
        QFETCH(bool, good);
        const std::string text = bytesOf(id);
        QCOMPARE(parseMessageId(text).has_value(), good);
        Fields fields{.id = text, .previous = "-", .more = {}};
        const std::size_t slash = text.rfind('/');
        if (good && slash != std::string::npos)
            fields.more.push_back({headers::kPart, std::string_view(text).substr(text.rfind(':') + 1)});
        const Envelope envelope = fields.parsed();
        QCOMPARE(isChained(envelope), good);
        // Its key still counts: such a message is routed, but is no link of a chain.
        QCOMPARE(envelope.key, std::string_view("key"));
        if (!good) {
            QVERIFY(envelope.source.empty());
            QCOMPARE(envelope.lastOffset, std::uint64_t(0));
            QCOMPARE(envelope.partition.end, std::size_t(0));
        }
    }

    void predecessors_data()
    {
        QTest::addColumn<QByteArray>("previous");
        QTest::addColumn<bool>("good");
        QTest::newRow("the first of its chain") << QByteArray("-") << true;
        QTest::newRow("just before") << QByteArray("9") << true;
        QTest::newRow("the very start") << QByteArray("0") << true;
        QTest::newRow("itself") << QByteArray("10") << false;
        QTest::newRow("behind it") << QByteArray("11") << false;
        QTest::newRow("beyond 64 bits") << QByteArray("18446744073709551616") << false;
        QTest::newRow("negative") << QByteArray("-1") << false;
        QTest::newRow("two dashes") << QByteArray("--") << false;
        QTest::newRow("empty") << QByteArray("") << false;
        QTest::newRow("a word") << QByteArray("zzz") << false;
        QTest::newRow("blank in front") << QByteArray(" 9") << false;
    }
    void predecessors()
    {
        QFETCH(QByteArray, previous);
        QFETCH(bool, good);
        const std::string text = bytesOf(previous);
        const Envelope envelope = Fields{.id = "src:10-20", .previous = text, .more = {}}.parsed();
        QCOMPARE(isChained(envelope), good);
        if (good)
            QCOMPARE(envelope.previous.has_value(), text != "-");
    }

    void partitions_data()
    {
        QTest::addColumn<QByteArray>("subject");
        QTest::addColumn<int>("partition"); // -1 = none
        QTest::newRow("plain") << QByteArray("hdfs.3.user") << 3;
        QTest::newRow("prefix with dots") << QByteArray("a.b.c.17.user") << 17;
        QTest::newRow("the last one") << QByteArray("hdfs.255.user") << 255;
        QTest::newRow("beyond the slots") << QByteArray("hdfs.256.user") << -1;
        QTest::newRow("far beyond") << QByteArray("hdfs.99999999999999999999.user") << -1;
        QTest::newRow("a word") << QByteArray("hdfs.x.user") << -1;
        QTest::newRow("signed") << QByteArray("hdfs.-1.user") << -1;
        QTest::newRow("empty token") << QByteArray("hdfs..user") << -1;
        QTest::newRow("two tokens") << QByteArray("3.user") << -1;
        QTest::newRow("one token") << QByteArray("hdfs") << -1;
        QTest::newRow("a dot") << QByteArray(".") << -1;
        QTest::newRow("empty") << QByteArray() << -1;
    }
    void partitions()
    {
        QFETCH(QByteArray, subject);
        QFETCH(int, partition);
        const std::string text = bytesOf(subject);
        const std::optional<PartitionToken> token = findPartitionToken(text);
        QCOMPARE(token ? static_cast<int>(token->number) : -1, partition);
        QCOMPARE(isChained(Fields{}.parsed(text)), partition >= 0);
        if (token)
            QCOMPARE(text.substr(token->begin, token->end - token->begin), std::to_string(partition) + '.');
    }

    void partsMustAgree_data()
    {
        QTest::addColumn<QByteArray>("id");
        QTest::addColumn<QByteArray>("part"); // null = no such header
        QTest::addColumn<bool>("contradictory");
        QTest::newRow("whole") << QByteArray("s:10-20") << QByteArray() << false;
        QTest::newRow("part") << QByteArray("s:10-20:2/3") << QByteArray("2/3") << false;
        QTest::newRow("another number") << QByteArray("s:10-20:2/3") << QByteArray("1/3") << true;
        QTest::newRow("another count") << QByteArray("s:10-20:2/3") << QByteArray("2/4") << true;
        QTest::newRow("only in the id") << QByteArray("s:10-20:2/3") << QByteArray() << true;
        QTest::newRow("only in the header") << QByteArray("s:10-20") << QByteArray("2/3") << true;
        QTest::newRow("more than all") << QByteArray("s:10-20") << QByteArray("4/3") << true;
        QTest::newRow("no numbers") << QByteArray("s:10-20:2/3") << QByteArray("x/y") << true;
        QTest::newRow("empty") << QByteArray("s:10-20:2/3") << QByteArray("") << true;
    }
    void partsMustAgree()
    {
        QFETCH(QByteArray, id);
        QFETCH(QByteArray, part);
        QFETCH(bool, contradictory);
        const std::string text = bytesOf(part);
        const std::string idText = bytesOf(id);
        Fields fields{.id = idText, .previous = "5", .more = {}};
        if (!part.isNull())
            fields.more.push_back({headers::kPart, text});
        const Envelope envelope = fields.parsed();
        QVERIFY(isChained(envelope));
        QCOMPARE(envelope.contradictory, contradictory);
        // A contradictory part is never taken for one.
        QCOMPARE(envelope.part, contradictory || part.isNull() ? 0u : 2u);
        QCOMPARE(envelope.parts, contradictory || part.isNull() ? 0u : 3u);
    }

    void onlyAHookMaySendParts()
    {
        const HeaderField fields[] = {{headers::kKey, "key"}, {headers::kPart, "1/2"}};
        const Envelope envelope = parseEnvelope(fields, kSubject);
        QVERIFY(!isChained(envelope));
        QVERIFY(envelope.contradictory);
        QCOMPARE(envelope.parts, 0u);
    }

    void theRealLengthMustBeAboveTheLimit_data()
    {
        QTest::addColumn<QByteArray>("oversize");
        QTest::addColumn<quint64>("length"); // 0 = contradictory
        QTest::newRow("just above") << QByteArray::number(quint64(kMaxRecordBytes) + 1)
                                    << quint64(kMaxRecordBytes) + 1;
        QTest::newRow("the largest") << QByteArray("18446744073709551615") << quint64(UINT64_MAX);
        QTest::newRow("the limit itself") << QByteArray::number(quint64(kMaxRecordBytes)) << quint64(0);
        QTest::newRow("nothing") << QByteArray("0") << quint64(0);
        QTest::newRow("beyond 64 bits") << QByteArray("18446744073709551616") << quint64(0);
        QTest::newRow("a word") << QByteArray("big") << quint64(0);
        QTest::newRow("empty") << QByteArray("") << quint64(0);
    }
    void theRealLengthMustBeAboveTheLimit()
    {
        QFETCH(QByteArray, oversize);
        QFETCH(quint64, length);
        const std::string text = bytesOf(oversize);
        Fields fields;
        fields.more.push_back({headers::kOversize, text});
        const Envelope envelope = fields.parsed();
        QCOMPARE(quint64(envelope.oversize), length);
        QCOMPARE(envelope.contradictory, length == 0);
    }

    void theFirstOfEachNameCounts()
    {
        // Also where the first is empty.
        Fields fields;
        fields.more = {{headers::kKey, "later"}, {headers::kZone, ""}, {headers::kZone, "Asia/Tokyo"}};
        const Envelope envelope = fields.parsed();
        QCOMPARE(envelope.key, std::string_view("key"));
        QVERIFY(envelope.zone.empty());
    }

    void namesAreComparedAsWritten()
    {
        const HeaderField fields[] = {
            {"nats-msg-id", "src:10-20"}, {"JETLAG-PREV", "5"}, {"jetlag-key", "key"}};
        const Envelope envelope = parseEnvelope(fields, kSubject);
        QVERIFY(!isChained(envelope));
        QVERIFY(!envelope.key.data());
    }

    void ofAForeignMessageOnlyTheZoneIsTaken()
    {
        const HeaderField fields[] = {{headers::kMessageId, "src:10-20:1/2"},
                                      {headers::kPart, "1/2"},
                                      {headers::kOversize, "1"},
                                      {headers::kContentEncoding, "zstd"},
                                      {headers::kZone, "Asia/Tokyo"}};
        const Envelope envelope = parseEnvelope(fields, kSubject);
        QVERIFY(!isChained(envelope));
        QVERIFY(!envelope.contradictory);
        QVERIFY(envelope.encoding.empty());
        QVERIFY(!envelope.key.data());
        QCOMPARE(envelope.zone, std::string_view("Asia/Tokyo"));
        QVERIFY(parseEnvelope({}, kSubject).kind == EnvelopeKind::Foreign);
    }

    void anyBytesAreTolerated()
    {
        // Views must stay inside what was given (the sanitizers watch), and what is called a part must be
        // one.
        std::mt19937 random(11);
        const std::string_view alphabet("0123456789:-/.%x\0\xff", 18);
        const auto noise = [&random, alphabet] {
            std::string text(random() % 24, '\0');
            for (char& c : text)
                c = alphabet[random() % alphabet.size()];
            return text;
        };
        int chained = 0;
        for (int i = 0; i < 200'000; ++i) {
            // Half of the fields are right, or nothing would come far.
            const std::string id = random() % 2 ? noise() : "s:10-20:1/2";
            const std::string previous = random() % 2 ? noise() : "5";
            const std::string part = random() % 2 ? noise() : "1/2";
            const std::string subject = random() % 2 ? noise() : std::string(kSubject);
            const HeaderField fields[] = {
                {headers::kMessageId, id}, {headers::kPrevious, previous}, {headers::kPart, part}};
            const Envelope envelope = parseEnvelope(fields, subject);
            QVERIFY(envelope.part <= envelope.parts);
            QVERIFY(envelope.parts <= kMaxParts);
            QVERIFY(envelope.firstOffset <= envelope.lastOffset);
            QVERIFY(envelope.partition.end <= subject.size());
            if (!isChained(envelope))
                continue;
            ++chained;
            QVERIFY(!envelope.source.empty());
            QVERIFY(!envelope.previous || *envelope.previous < envelope.firstOffset);
        }
        QVERIFY(chained > 1'000);
    }
};

QTEST_GUILESS_MAIN(TestEnvelope)
#include "tst_envelope.moc"
