// SPDX-License-Identifier: Apache-2.0
#include "nats/hook/pub_ack.h"

#include <QTest>

using namespace jetlag;

namespace {

// JSON with ' for " and ` for a quote within a string: moc stumbles over raw strings.
QByteArray body(const char* text)
{
    return QByteArray(text).replace('\'', '"').replace('`', '"');
}

} // namespace

class TestPubAck : public QObject
{
    Q_OBJECT
private slots:
    void acks_data();
    void acks();
    void refusals_data();
    void refusals();
    void sentences();
    void noAnswer_data();
    void noAnswer();
};

void TestPubAck::acks_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<quint64>("sequence");
    QTest::addColumn<bool>("duplicate");
    QTest::newRow("2.9 and later") << body("{'stream':'SPARK', 'seq':17}") << quint64(17) << false;
    QTest::newRow("without the blank") << body("{'stream':'SPARK','seq':17}") << quint64(17) << false;
    QTest::newRow("a duplicate") << body("{'stream':'SPARK', 'seq':17,'duplicate': true}") << quint64(17)
                                 << true;
    QTest::newRow("a duplicate without the blank")
        << body("{'stream':'SPARK','seq':17,'duplicate':true}") << quint64(17) << true;
    QTest::newRow("of a domain") << body("{'stream':'SPARK', 'domain':'hub', 'seq':17}") << quint64(17)
                                 << false;
    QTest::newRow("with something new")
        << body("{'stream':'S','seq':9,'duplicate':true,'batch':'b'}") << quint64(9) << true;
    QTest::newRow("not a duplicate, said so")
        << body("{'stream':'S','seq':9,'duplicate':false}") << quint64(9) << false;
    QTest::newRow("a stream that is named like a field")
        << body("{'stream':'\\`seq\\`:5', 'seq':9}") << quint64(9) << false;
    QTest::newRow("another order") << body("{ 'seq': 9, 'stream': 'S' }") << quint64(9) << false;
    QTest::newRow("the largest") << body("{'stream':'S', 'seq':18446744073709551615}")
                                 << quint64(18446744073709551615ULL) << false;
}

void TestPubAck::acks()
{
    QFETCH(QByteArray, body);
    QFETCH(quint64, sequence);
    QFETCH(bool, duplicate);
    const PubAnswer answer = parsePubAnswer({body.constData(), static_cast<std::size_t>(body.size())});
    QVERIFY(answer.ack.has_value());
    QVERIFY(!answer.refusal.has_value());
    QCOMPARE(quint64(answer.ack->sequence.value()), sequence);
    QCOMPARE(answer.ack->duplicate, duplicate);
}

void TestPubAck::refusals_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("errorCode");
    QTest::addColumn<bool>("isFinal");
    QTest::newRow("full") << body("{'error':{'code':503,'err_code':10077,'description':'maximum messages "
                                  "exceeded'},'stream':'S','seq':0}")
                          << 10077 << false;
    QTest::newRow("another stream") << body("{'error':{'code':400,'err_code':10060,'description':'expected "
                                            "stream does not match'},'stream':'OTHER','seq':0}")
                                    << 10060 << true;
    QTest::newRow("too large") << body("{'error':{'code':400,'err_code':10054,'description':'message size "
                                       "exceeds maximum allowed'},'stream':'S','seq':0}")
                               << 10054 << true;
    QTest::newRow("no leader") << body("{'error':{'code':503,'err_code':10008,'description':'no'}}") << 10008
                               << false;
    QTest::newRow("nothing but an error") << body("{'error':{}}") << 0 << false;
}

void TestPubAck::refusals()
{
    QFETCH(QByteArray, body);
    QFETCH(int, errorCode);
    QFETCH(bool, isFinal);
    const PubAnswer answer = parsePubAnswer({body.constData(), static_cast<std::size_t>(body.size())});
    QVERIFY(!answer.ack.has_value());
    QVERIFY(answer.refusal.has_value());
    QCOMPARE(answer.refusal->errorCode, errorCode);
    QCOMPARE(answer.refusal->isFinal(), isFinal);
}

void TestPubAck::sentences()
{
    const auto words = [](int code, int errorCode) {
        return QString::fromStdString(
            refusalError({code, errorCode, "maximum messages exceeded"}, "SPARK", "spark.1.a").message());
    };
    QVERIFY(words(503, kErrorStreamFull)
                .contains("SPARK takes no more messages (maximum messages exceeded): raise"));
    QVERIFY(words(400, kErrorOtherStream).contains("messages for spark.1.a go to another stream than SPARK"));
    QVERIFY(words(400, kErrorMessageTooLarge).contains("max_msg_size"));
    QVERIFY(words(503, 0).contains("no stream takes messages for spark.1.a"));
    QVERIFY(words(503, 10008).contains("JetStream error 10008"));
}

void TestPubAck::noAnswer_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("no JSON") << QByteArray("+OK");
    QTest::newRow("cut short") << body("{'stream':'S', 'seq':12");
    QTest::newRow("no sequence") << body("{'stream':'S'}");
    QTest::newRow("a negative sequence") << body("{'stream':'S', 'seq':-1}");
    QTest::newRow("a sequence beyond 64 bits") << body("{'stream':'S', 'seq':18446744073709551616}");
    QTest::newRow("a list") << QByteArray("[1,2]");
}

void TestPubAck::noAnswer()
{
    QFETCH(QByteArray, body);
    const PubAnswer answer = parsePubAnswer({body.constData(), static_cast<std::size_t>(body.size())});
    QVERIFY(!answer.ack.has_value());
    QVERIFY(!answer.refusal.has_value());
}

QTEST_GUILESS_MAIN(TestPubAck)
#include "tst_pub_ack.moc"
