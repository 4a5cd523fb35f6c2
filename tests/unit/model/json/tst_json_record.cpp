// SPDX-License-Identifier: Apache-2.0
//
// JsonRecord beside simdjson's DOM parser, which is the judge: the same texts are refused, and what is read
// is the same.

#include "model/base/byte_arena.h"
#include "model/json/json_record.h"
#include "tests/support/extra_data.h"
#include "tests/support/read_log.h"
#include "tests/support/temp_folder.h"

#include <QTest>
#include <simdjson.h>

#include <random>
#include <vector>

using namespace jetlag;

namespace {

using Dom = simdjson::dom::element;

/// What this reads, word for word what the DOM reads; the first difference as text.
std::string difference(const Dom& dom, JsonValue ours, const std::string& where)
{
    if (!ours.exists())
        return where + ": absent";
    std::string scratch;
    switch (dom.type()) {
    case simdjson::dom::element_type::OBJECT: {
        if (!ours.isObject())
            return where + ": no object";
        JsonFields fields(ours);
        std::vector<std::string_view> seen;
        for (const auto& [key, value] : simdjson::dom::object(dom)) {
            // Of a repeated name both find the first.
            if (std::find(seen.begin(), seen.end(), key) != seen.end())
                return {};
            seen.push_back(key);
            const std::string inside = where + "/" + std::string(key);
            if (std::string found = difference(value, ours[key], inside); !found.empty())
                return found;
            if (fields[key] != ours[key])
                return inside + ": another when asked for in order";
        }
        return ours["no such name"].exists() ? where + ": too much" : std::string();
    }
    case simdjson::dom::element_type::ARRAY: {
        std::vector<JsonValue> items;
        ours.forEachItem([&items](JsonValue item) { items.push_back(item); });
        std::size_t at = 0;
        for (const Dom& item : simdjson::dom::array(dom)) {
            if (at == items.size())
                return where + ": items missing";
            if (std::string found = difference(item, items[at++], where + "[]"); !found.empty())
                return found;
        }
        return at == items.size() ? std::string() : where + ": items too many";
    }
    case simdjson::dom::element_type::STRING: {
        const std::string_view wanted = dom;
        return ours.text() == wanted && ours.view(scratch) == wanted ? std::string() : where + ": text";
    }
    case simdjson::dom::element_type::INT64:
        return ours.integer() == std::int64_t(dom) ? std::string() : where + ": integer";
    case simdjson::dom::element_type::UINT64:
        return !ours.integer() && ours.integer(true) == std::int64_t(std::uint64_t(dom))
                   ? std::string()
                   : where + ": unsigned";
    case simdjson::dom::element_type::DOUBLE:
        return ours.integer() || ours.text() ? where + ": double" : std::string();
    case simdjson::dom::element_type::BOOL:
        return ours.isTrue() == bool(dom) && !ours.text() ? std::string() : where + ": bool";
    case simdjson::dom::element_type::NULL_VALUE:
        return ours.integer() || ours.text() || ours.isTrue() || ours.isObject() ? where + ": null"
                                                                                 : std::string();
    }
    return where + ": unknown type";
}

struct Judges
{
    JsonRecord ours;
    simdjson::dom::parser dom;

    /// Empty when both say the same. What stands behind the text is meant to mislead.
    std::string disagree(const std::string& text, char behind = '}')
    {
        // Not a byte more, so that the address sanitizer sees who looks further.
        std::vector<char> padded(text.begin(), text.end());
        padded.insert(padded.end(), kPayloadPadding, behind);
        Dom root;
        const bool wanted = !dom.parse(padded.data(), text.size(), false).get(root);
        const bool padding = behind != '\0';
        const std::vector<char> exact(text.begin(), text.end());
        const std::string_view given(padding ? padded.data() : exact.data(), text.size());
        const bool got = ours.read(given, padding);
        if (wanted != got)
            return wanted ? "refused what is right" : "took what is wrong";
        const bool container = wanted && (root.is_object() || root.is_array());
        if (!container)
            return ours.root().exists() ? "a root that is none" : "";
        return difference(root, ours.root(), "");
    }
};

QByteArray shown(const std::string& text, const std::string& what)
{
    return QByteArray::fromStdString(what + ": ") +
           QByteArray::fromStdString(text).toPercentEncoding(" {}[]:,\"'");
}

/// One to three changes that keep most of the text: that is where the two could part.
std::string mutated(const std::string& line, std::mt19937& random)
{
    static const std::vector<std::string> kPieces{"{",
                                                  "}",
                                                  "[",
                                                  "]",
                                                  ",",
                                                  ":",
                                                  "\"",
                                                  "\\",
                                                  "\\u",
                                                  "\\ud800",
                                                  "\\udc00",
                                                  "\\u00e4",
                                                  "\\ud83d\\ude00",
                                                  "\\x",
                                                  "0",
                                                  "-",
                                                  "-0",
                                                  "1.",
                                                  ".5",
                                                  "1e5",
                                                  "1e400",
                                                  "1E+30",
                                                  "12345678901234567890",
                                                  "18446744073709551616",
                                                  "-9223372036854775809",
                                                  "true",
                                                  "tru",
                                                  "false",
                                                  "null",
                                                  "nul",
                                                  "NaN",
                                                  " ",
                                                  "\t",
                                                  "\n",
                                                  "\r",
                                                  "\x01",
                                                  "\xc3\xa4",
                                                  "\xff",
                                                  "\xed\xa0\x80",
                                                  "{}",
                                                  "[]",
                                                  "\"\"",
                                                  "\"a\":",
                                                  ",,",
                                                  "/*x*/"};
    std::string text = line;
    const auto place = [&] { return std::size_t(random() % (text.size() + 1)); };
    for (unsigned change = random() % 3 + 1; change > 0; --change) {
        switch (random() % 6) {
        case 0:
            text.insert(place(), kPieces[random() % kPieces.size()]);
            break;
        case 1:
            text.erase(place(), random() % 4 + 1);
            break;
        case 2:
            text.resize(place());
            break;
        case 3:
            if (!text.empty())
                text[random() % text.size()] = static_cast<char>(random());
            break;
        case 4: {
            const std::size_t from = place();
            text.insert(place(), text.substr(from, random() % 40));
            break;
        }
        default: {
            const std::string& piece = kPieces[random() % kPieces.size()];
            text.replace(place(), piece.size(), piece);
            break;
        }
        }
    }
    return text;
}

std::vector<std::string> lines()
{
    std::vector<std::string> all = test::linesOf(test::testData() / "hive" / "query-events.jsonl");
    for (const std::string& line : test::linesOf(test::testData() / "spark" / "app-20240305101500-0001"))
        all.push_back(line);
    all.push_back(
        R"( { "a" : [ 1 , -2.50e+3 , true , false , null , "x\n\u00e4\ud83d\ude00\\" , { } , [ ] ] ,)"
        "\t\"b\\\"c\" : { \"d\" : 18446744073709551615 } , \"a\" : 2 } \r");
    return all;
}

} // namespace

class TestJsonRecord : public QObject
{
    Q_OBJECT

private slots:
    void isJudgedAsTheDomJudges_data()
    {
        QTest::addColumn<QByteArray>("text");
        const char* const texts[] = {"",
                                     " ",
                                     "\n",
                                     "{}",
                                     "[]",
                                     " { } ",
                                     "{} {}",
                                     "{}x",
                                     "[1,]",
                                     "[,1]",
                                     "[1 2]",
                                     "{\"a\"}",
                                     "{\"a\":}",
                                     "{\"a\":1,}",
                                     "{,}",
                                     "{1:2}",
                                     "{\"a\":1",
                                     "{\"a\":1]",
                                     "[{]}",
                                     "{\"a\": tru",
                                     "{\"a\": tru}",
                                     "[truex]",
                                     "[true\"a\"]",
                                     "[1\"a\"]",
                                     "[\"a\"b]",
                                     "[\"a\"\\]",
                                     "[1\\n]",
                                     "[nulls]",
                                     "[NaN]",
                                     "[Infinity]",
                                     "[-]",
                                     "[-a]",
                                     "[+1]",
                                     "[01]",
                                     "[-01]",
                                     "[-0]",
                                     "[1",
                                     "[-1.2",
                                     "[{\"a\":1.25e1",
                                     "[tru",
                                     "[0]",
                                     "[0.0]",
                                     "[1.]",
                                     "[.5]",
                                     "[1.e5]",
                                     "[1e]",
                                     "[1e+]",
                                     "[1e400]",
                                     "[-1e400]",
                                     "[1e-400]",
                                     "[1e99]",
                                     "[9223372036854775807]",
                                     "[9223372036854775808]",
                                     "[18446744073709551615]",
                                     "[18446744073709551616]",
                                     "[-9223372036854775808]",
                                     "[-9223372036854775809]",
                                     "[999999999999999999]",
                                     "[123456789012345678901234567890.0]",
                                     "[\"\\u0041\"]",
                                     "[\"\\u004\"]",
                                     "[\"\\uD800\"]",
                                     "[\"\\uDC00\"]",
                                     "[\"\\ud83d\\ude00\"]",
                                     "[\"\\ud83d\\u0041\"]",
                                     "[\"\\q\"]",
                                     "[\"\\",
                                     "[\"a\tb\"]",
                                     "[\"\xff\"]",
                                     "{\"\\u0061\":1}",
                                     "{\"a\":1,\"a\":2}",
                                     "1",
                                     "\"a\"",
                                     "true",
                                     "1 2",
                                     "\xef\xbb\xbf{}",
                                     "]",
                                     "}"};
        for (const char* text : texts)
            QTest::newRow(text) << QByteArray(text);
        QTest::newRow("a zero byte") << QByteArray("[\"a\0b\"]", 7);
        for (const int depth : {999, 1'000, 1'001, 1'022, 1'023, 1'024, 1'025, 1'099, 1'100, 1'101, 5'000}) {
            QTest::addRow("%d arrays", depth) << QByteArray(depth, '[') + QByteArray(depth, ']');
            QTest::addRow("%d objects", depth)
                << QByteArray("{\"a\":").repeated(depth) + "1" + QByteArray(depth, '}');
        }
        QTest::newRow("a long fraction") << QByteArray("[0." + QByteArray(500, '3') + "]");
        QTest::newRow("a long number") << QByteArray("[" + QByteArray(500, '3') + ".0]");
    }
    void isJudgedAsTheDomJudges()
    {
        QFETCH(QByteArray, text);
        Judges judges;
        for (const char behind : {'}', ']', ' ', '"', '1', '\0'}) {
            const std::string found = judges.disagree(text.toStdString(), behind);
            QVERIFY2(found.empty(), shown(text.toStdString(), found).constData());
            QCOMPARE(judges.disagree("{\"still\":[\"works\"]}"), std::string());
        }
    }

    void ofManyBrokenRecordsBothSayTheSame()
    {
        const std::vector<std::string> seeds = lines();
        QVERIFY(seeds.size() > 20);
        std::mt19937 random(20240305); // NOLINT: the same texts in every run
        Judges judges;
        int refused = 0;
        constexpr int kTexts = 60'000;
        for (int i = 0; i < kTexts; ++i) {
            const std::string text = mutated(seeds[static_cast<std::size_t>(i) % seeds.size()], random);
            const std::string found = judges.disagree(text, "}]\" 1,:"[i % 7]);
            QVERIFY2(found.empty(), shown(text, found).constData());
            refused += !judges.ours.root().exists();
        }
        // Both kinds must be there, or nothing was shown.
        QVERIFY2(refused > kTexts / 4 && refused < kTexts * 9 / 10, qPrintable(QString::number(refused)));
    }

    void ofRealRecordsBothReadTheSame()
    {
        JETLAG_NEED_EXTRA_DATA();
        Judges judges;
        std::mt19937 random(7); // NOLINT
        for (const char* log : {"spark/spark-rapids-tools/gpu_oom_eventlog.zst",
                                "spark/spark-rapids-tools/malformed_json_eventlog",
                                "spark/apache-spark/application_1538416563558_0014"}) {
            int left = 2'000;
            for (const std::string& line : test::linesOf(test::extraData() / log)) {
                if (line.size() > 64 * 1024 || left-- == 0)
                    continue;
                for (const std::string& text : {line, mutated(line, random)}) {
                    const std::string found = judges.disagree(text);
                    QVERIFY2(found.empty(), shown(text.substr(0, 2'000), found).constData());
                }
            }
        }
    }

    void fieldsAreFoundInAnyOrder()
    {
        JsonRecord record;
        QVERIFY(record.read(R"({"a":1,"b":{"x":[1,{"y":2}]},"c":3})", false));
        JsonFields fields(record.root());
        for (const auto& [name, value] :
             {std::pair("c", 3), std::pair("a", 1), std::pair("c", 3), std::pair("a", 1)})
            QCOMPARE(fields[name].integer().value_or(0), std::int64_t(value));
        QVERIFY(!fields["d"].exists());
        QCOMPARE(fields["a"].integer().value_or(0), std::int64_t(1));
        QVERIFY(!fields["a"]["b"]["c"].exists());
        QVERIFY(!JsonFields(JsonValue())["a"].exists());
    }
};

QTEST_GUILESS_MAIN(TestJsonRecord)
#include "tst_json_record.moc"
