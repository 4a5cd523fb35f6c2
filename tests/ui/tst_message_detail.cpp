// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/ui_test.h"
#include "ui/theme/theme.h"
#include "ui/widgets/byte_text.h"
#include "ui/widgets/message_detail.h"

#include <QAbstractButton>
#include <QPlainTextEdit>
#include <QTest>
#include <QTextBlock>
#include <QTextLayout>

using namespace jetlag;
using namespace jetlag::test;
using namespace jetlag::ui;

namespace {

StoredMessage message(std::string payload, std::uint64_t sequence = 17)
{
    return {.sequence = StreamSequence(sequence),
            .time = ServerTime(std::chrono::seconds(1'795'471'042)),
            .subject = "orders.new",
            .headers = {{"Nats-Msg-Id", "h3:1"}, {"Jetlag-Key", "k"}},
            .payload = payload,
            .bytes = payload.size()};
}

} // namespace

class TestMessageDetail : public WidgetTest
{
    Q_OBJECT

private:
    std::unique_ptr<MessageDetail> m_detail;

    [[nodiscard]] QAbstractButton* form(const QString& words) const
    {
        for (auto* one : m_detail->findChildren<QAbstractButton*>()) {
            if (one->text().startsWith(words))
                return one;
        }
        return nullptr;
    }

private slots:
    void init()
    {
        WidgetTest::init();
        m_detail = std::make_unique<MessageDetail>();
        m_detail->show();
    }

    void json_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("lines"); // empty = no JSON
        const auto row = [](const char* name, const char* bytes, const char* lines) {
            QTest::newRow(name) << QByteArray(bytes) << QString::fromUtf8(lines);
        };
        row("an object", "{\"a\":1,\"b\":[true,null]}",
            "{\n  \"a\": 1,\n  \"b\": [\n    true,\n    null\n  ]\n}");
        row("numbers keep their digits", "[12345678901234567890123,1.10,-0.0e5]",
            "[\n  12345678901234567890123,\n  1.10,\n  -0.0e5\n]");
        row("empty ones stay short", "{\"a\":{},\"b\":[ ]}", "{\n  \"a\": {},\n  \"b\": []\n}");
        row("braces in texts are text", "{\"a\":\"{\\\"x\\\":[1,2]}\\\\\"}",
            "{\n  \"a\": \"{\\\"x\\\":[1,2]}\\\\\"\n}");
        row("blanks go", " \n{ \"a\" :\t1 }\r\n", "{\n  \"a\": 1\n}");
        row("a bare number is text", "42", "");
        row("cut short", "{\"a\":1", "");
        row("nothing", "", "");
        row("no UTF-8", "{\"a\":\"\xff\"}", "");
    }
    void json()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, lines);
        QCOMPARE(prettyJson({bytes.data(), static_cast<std::size_t>(bytes.size())}).value_or(QString()),
                 lines);
    }

    void oneLineOfTextAndOfBytes()
    {
        QCOMPARE(bytesInOneLine("plain text"), QStringLiteral("plain text"));
        QCOMPARE(bytesInOneLine(std::string_view("\x28\xb5\x2f\xfd", 4)), QStringLiteral("28 b5 2f fd "));
        QVERIFY(bytesInOneLine(std::string(1'000, 'x')).size() < 400);
        // A character that the cut divides does not make a text bytes.
        QVERIFY(bytesInOneLine(std::string(299, 'x') + "\xc3\xa4 and more").startsWith(QLatin1String("xxx")));
    }

    void jsonIsLaidOutAndItsFormIsRemembered()
    {
        m_detail->showMessage("S", message("{\"a\":1}"), {}, QStringLiteral("good"));
        QCOMPARE(m_detail->bodyText(), QStringLiteral("{\n  \"a\": 1\n}"));
        form(QStringLiteral("Hex"))->click();
        QVERIFY(m_detail->bodyText().startsWith(QLatin1String("00000000  7b 22")));
        m_detail->showMessage("S", message("{\"b\":2}", 18), {}, QStringLiteral("good"));
        QVERIFY(m_detail->bodyText().startsWith(QLatin1String("00000000")));
        m_detail->showMessage("T", message("{\"b\":2}", 18), {}, QStringLiteral("good")); // another stream
        QVERIFY(m_detail->bodyText().startsWith(QLatin1String("{\n")));
    }

    // Beside a list there is less room than below one.
    void linesOfBytesNeverWrap()
    {
        m_detail->showMessage("S", message("0123456789abcdef0123456789abcdef"), {}, QStringLiteral("good"));
        form(QStringLiteral("Hex"))->click();
        const auto* text = m_detail->findChild<QPlainTextEdit*>();
        for (const auto& [width, lines] : {std::pair{900, 2}, {430, 4}, {300, 8}, {900, 2}}) {
            m_detail->resize(width, 500);
            QTRY_COMPARE_WITH_TIMEOUT(static_cast<int>(m_detail->bodyText().count(QLatin1Char('\n'))), lines,
                                      kPatienceMs);
            for (QTextBlock line = text->document()->begin(); line.isValid(); line = line.next())
                QVERIFY(line.layout()->lineCount() <= 1);
        }
    }

    void whatIsNoJsonIsText()
    {
        m_detail->showMessage("S", message("line one\nline \x1b two"), {}, QStringLiteral("good"));
        QCOMPARE(m_detail->bodyText(), QStringLiteral("line one\nline \\x1b two"));
        QVERIFY(!form(QStringLiteral("JSON"))->isVisible());
    }

    void tabsAreText()
    {
        QCOMPARE(byteText("a\tb\x1b\t\nc"), QStringLiteral("a\tb\\x1b\t\nc"));
        QCOMPARE(bytesInOneLine("a\tb"), QStringLiteral("a b"));
    }

    void headersAreListed()
    {
        m_detail->showMessage("S", message("x"), {}, QStringLiteral("good"));
        QAbstractButton* headers = form(QStringLiteral("Headers"));
        QCOMPARE(headers->text(), QStringLiteral("Headers 2"));
        headers->click();
        QCOMPARE(m_detail->bodyText(), QStringLiteral("Nats-Msg-Id: h3:1\nJetlag-Key: k"));
    }

    void whatIsGoneIsSaid()
    {
        m_detail->showMessage("S", message("x"), {}, QStringLiteral("good"));
        m_detail->say(QStringLiteral("Message 17 is gone"), QStringLiteral("a limit"));
        QVERIFY(!m_detail->message());
        QVERIFY(m_detail->bodyText().isEmpty());
    }

    void commandsNameTheStreamAsOneWord()
    {
        QCOMPARE(natsGetCommand("ORDERS", StreamSequence(5)), QStringLiteral("nats stream get ORDERS 5"));
        QCOMPARE(natsGetCommand("a b", StreamSequence(5)), QStringLiteral("nats stream get 'a b' 5"));
        QCOMPARE(natsGetCommand("-x", StreamSequence(5)), QStringLiteral("nats stream get -- -x 5"));
    }
};

QTEST_MAIN(TestMessageDetail)
#include "tst_message_detail.moc"
