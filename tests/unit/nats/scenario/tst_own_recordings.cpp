// SPDX-License-Identifier: Apache-2.0
//
// The rules over samples of our own scenarios (tests/data/verdicts): runs everywhere, without servers.
#include "model/verdict/judge.h"
#include "nats/monitor/sample_line.h"
#include "tests/support/extra_data.h"
#include "tests/support/read_log.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <map>

using namespace jetlag;
using namespace jetlag::test;

namespace {

// Names are kept for ten seconds when nothing else is proved.
constexpr double kMayBeHeld = 12.5;

struct Outcome
{
    QString wrong; ///< a cause that was right neither now nor lately
    bool endsRight = false;
    std::size_t samples = 0;
};

Outcome judged(const std::filesystem::path& file)
{
    SampleLineReader reader;
    VerdictJudge judge;
    std::map<QString, double> right; ///< when last
    Outcome outcome;
    const std::vector<std::string> lines = linesOf(file);
    for (std::size_t number = 0; number < lines.size(); ++number) {
        Result<VerdictSample> sample = reader.read(lines[number]);
        if (!sample)
            qFatal("%s: %s", file.c_str(), sample.error().message().c_str());
        const QJsonArray want =
            QJsonDocument::fromJson(QByteArray::fromStdString(lines[number]))[QStringLiteral("want")]
                .toArray();
        for (const QJsonValue& one : want)
            right[one.toString()] = sample->at;
        const double at = sample->at;
        const Judgement judgement = judge.add(std::move(*sample));
        const QString said =
            judgement.cause ? QString::fromLatin1(toString(*judgement.cause).data()) : QString();
        ++outcome.samples;
        outcome.endsRight = want.contains(said.isEmpty() ? QJsonValue() : QJsonValue(said));
        if (!said.isEmpty() && outcome.wrong.isEmpty() &&
            (!right.count(said) || at - right[said] > kMayBeHeld))
            outcome.wrong = QStringLiteral("%1 at sample %2").arg(said).arg(number);
    }
    return outcome;
}

} // namespace

class TestOwnRecordings : public QObject
{
    Q_OBJECT

private slots:
    void everyRecordingIsNamedRight_data()
    {
        QTest::addColumn<QString>("file");
        const QDir folder(QString::fromStdString((testData() / "verdicts").string()));
        const QStringList files = folder.entryList({QStringLiteral("*.jsonl.zst")}, QDir::Files);
        QVERIFY(files.size() > 30);
        for (const QString& file : files)
            QTest::newRow(qPrintable(file.section(QLatin1Char('.'), 0, 0))) << folder.filePath(file);
    }
    void everyRecordingIsNamedRight()
    {
        QFETCH(QString, file);
        const Outcome outcome = judged(file.toStdString());
        QVERIFY(outcome.samples > 10);
        QVERIFY2(outcome.wrong.isEmpty(), qPrintable(outcome.wrong));
        QVERIFY(outcome.endsRight);
    }
};

QTEST_GUILESS_MAIN(TestOwnRecordings)
#include "tst_own_recordings.moc"
