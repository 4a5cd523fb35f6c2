// SPDX-License-Identifier: Apache-2.0
//
// The rules over recorded samples of real servers, each with the causes that are right at every second.

#include "model/base/child_process.h"
#include "model/verdict/judge.h"
#include "nats/monitor/sample_line.h"
#include "tests/support/extra_data.h"
#include "tests/support/temp_folder.h"

#include <QDirIterator>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTest>

#include <set>

using namespace jetlag;
using namespace jetlag::test;

namespace {

struct Second
{
    double at = 0;
    std::set<QString> want; ///< empty text = nothing needs to be named
    QString said;           ///< empty = observing
};

QString cause(const Judgement& judgement)
{
    return judgement.cause ? QString::fromLatin1(toString(*judgement.cause).data()) : QString();
}

/// Every `every`-th sample of a recording, judged.
QList<Second> judge(const QString& path, int every)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("cannot read %s", qPrintable(path));
    SampleLineReader reader;
    VerdictJudge judge;
    QList<Second> seconds;
    for (int number = 0; !file.atEnd(); ++number) {
        const QByteArray line = file.readLine();
        if (number % every != 0)
            continue;
        Result<VerdictSample> sample = reader.read({line.data(), static_cast<std::size_t>(line.size())});
        if (!sample)
            qFatal("%s: %s", qPrintable(path), sample.error().message().c_str());
        Second second{.at = sample->at};
        const QJsonValue want = QJsonDocument::fromJson(line)[QStringLiteral("want")];
        const QJsonArray causes = want.isArray() ? want.toArray() : QJsonArray{want};
        for (const QJsonValue& one : causes)
            second.want.insert(one.toString());
        second.said = cause(judge.add(std::move(*sample)));
        seconds << second;
    }
    return seconds;
}

/// A name that was right before a change is late, not wrong.
QString firstWrong(const QList<Second>& seconds)
{
    std::set<QString> rightBefore;
    for (const Second& second : seconds) {
        if (second.said.isEmpty())
            continue;
        if (second.want.contains(second.said))
            rightBefore.insert(second.want.begin(), second.want.end());
        else if (!rightBefore.contains(second.said))
            return QStringLiteral("%1 s: %2").arg(second.at - seconds.front().at, 0, 'f', 0).arg(second.said);
    }
    return {};
}

} // namespace

class TestVerdictRecordings : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<TempFolder> m_folder;

private slots:
    void initTestCase() { m_folder = std::make_unique<TempFolder>(); }

    void everyRecordingIsNamedRight()
    {
        JETLAG_NEED_EXTRA_DATA();
        if (!findProgram("tar"))
            QSKIP("no tar here");
        const QString archive =
            QString::fromStdString((extraData() / "verdicts/recordings.tar.zst").string());
        const QString folder = QString::fromStdString(m_folder->path().string());
        QCOMPARE(QProcess::execute(QStringLiteral("tar"), {QStringLiteral("--zstd"), QStringLiteral("-xf"),
                                                           archive, QStringLiteral("-C"), folder}),
                 0);
        int right = 0;
        int all = 0;
        QDirIterator files(folder, {QStringLiteral("*.jsonl")}, QDir::Files, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            const QString path = files.next();
            const QList<Second> seconds = judge(path, 1);
            const QString wrong = firstWrong(seconds);
            const bool endsRight = seconds.back().want.contains(seconds.back().said);
            ++all;
            if (wrong.isEmpty() && endsRight)
                ++right;
            else
                qWarning("%s: %s; at the end \"%s\"", qPrintable(path.mid(folder.size() + 1)),
                         qPrintable(wrong), qPrintable(seconds.back().said));
        }
        qInfo("%d of %d recordings", right, all);
        QVERIFY(all > 200);
        QCOMPARE(right, all);
    }
};

QTEST_GUILESS_MAIN(TestVerdictRecordings)
#include "tst_verdict_recordings.moc"
