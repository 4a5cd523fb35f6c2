// SPDX-License-Identifier: Apache-2.0
//
// The rules over recorded samples of real servers, each with the causes that are right at every second.

#include "model/base/child_process.h"
#include "model/verdict/judge.h"
#include "model/verdict/slower_poll.h"
#include "nats/monitor/sample_line.h"
#include "tests/support/extra_data.h"
#include "tests/support/read_log.h"
#include "tests/support/temp_folder.h"

#include <QDirIterator>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTest>

#include <map>
#include <set>

using namespace jetlag;
using namespace jetlag::test;

namespace {

/// How often a cause was right at a recording's end and never wrong before; each recording and phase counts.
struct Marks
{
    int right = 0;
    int late = 0;    ///< ends with the name from before a change
    int unnamed = 0; ///< ends observing
    int wrong = 0;   ///< once there was a name that neither is right nor was lately
    [[nodiscard]] int all() const { return right + late + unnamed + wrong; }
};

struct Line
{
    VerdictSample sample;
    std::set<QString> want; ///< empty text = nothing needs to be named
};

QString cause(const Judgement& judgement)
{
    return judgement.cause ? QString::fromLatin1(toString(*judgement.cause).data()) : QString();
}

/// Of a plain or compressed file.
QList<Line> recording(const QString& path)
{
    SampleLineReader reader;
    QList<Line> lines;
    for (const std::string& text : linesOf(path.toStdString())) {
        Result<VerdictSample> sample = reader.read(text);
        if (!sample)
            qFatal("%s: %s", qPrintable(path), sample.error().message().c_str());
        Line line{.sample = std::move(*sample)};
        const QJsonValue want =
            QJsonDocument::fromJson(QByteArray::fromStdString(text))[QStringLiteral("want")];
        for (const QJsonValue& one : want.isArray() ? want.toArray() : QJsonArray{want})
            line.want.insert(one.toString());
        lines << line;
    }
    return lines;
}

/// A name that was right before a change may stay for so long: it is late, not wrong.
double maySpeakLate(int every)
{
    constexpr double kSeconds = 12.5; // names are kept for ten seconds
    constexpr double kPolls = 3.1;
    return std::max(kSeconds, kPolls * every);
}

/// Every `every`-th sample from `phase` on, judged; what is wrong or late is told.
void judge(const QList<Line>& lines, int every, int phase, const QString& name, Marks& marks)
{
    SlowerPoll poll(static_cast<unsigned>(every), static_cast<unsigned>(phase));
    VerdictJudge judge;
    std::map<QString, double> wanted; ///< when last
    QString said;
    QString wrong;
    bool endsRight = false;
    for (const Line& line : lines) {
        for (const QString& one : line.want)
            wanted[one] = line.sample.at;
        std::optional<VerdictSample> seen = poll.take(line.sample);
        if (!seen)
            continue;
        said = cause(judge.add(std::move(*seen)));
        endsRight = line.want.contains(said);
        const bool isWrong = !said.isEmpty() &&
                             (!wanted.contains(said) || line.sample.at - wanted[said] > maySpeakLate(every));
        if (wrong.isEmpty() && isWrong)
            wrong = QStringLiteral("%1 at %2 s")
                        .arg(said)
                        .arg(line.sample.at - lines.front().sample.at, 0, 'f', 0);
    }
    if (!wrong.isEmpty()) {
        ++marks.wrong;
        qWarning("%s, every %d from %d: %s", qPrintable(name), every, phase, qPrintable(wrong));
    } else if (endsRight) {
        ++marks.right;
    } else if (said.isEmpty()) {
        ++marks.unnamed;
    } else {
        ++marks.late;
    }
}

} // namespace

class TestVerdictRecordings : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<TempFolder> m_folder;
    std::map<QString, QList<Line>> m_recordings;

private slots:
    void initTestCase()
    {
        m_folder = std::make_unique<TempFolder>();
        if (!hasExtraData() || !findProgram("tar"))
            return;
        const QString archive =
            QString::fromStdString((extraData() / "verdicts/recordings.tar.zst").string());
        const QString folder = QString::fromStdString(m_folder->path().string());
        QCOMPARE(QProcess::execute(QStringLiteral("tar"), {QStringLiteral("--zstd"), QStringLiteral("-xf"),
                                                           archive, QStringLiteral("-C"), folder}),
                 0);
        QDirIterator files(folder, {QStringLiteral("*.jsonl")}, QDir::Files, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            const QString path = files.next();
            m_recordings[path.mid(folder.size() + 1)] = recording(path);
        }
    }

    // Of our own scenarios: runs everywhere.
    void ourOwnRecordingsAreNamedRight_data()
    {
        QTest::addColumn<QString>("path");
        QDirIterator files(QString::fromStdString((testData() / "verdicts").string()),
                           {QStringLiteral("*.jsonl.zst")}, QDir::Files);
        QVERIFY(files.hasNext());
        while (files.hasNext()) {
            const QString path = files.next();
            QTest::newRow(qPrintable(QFileInfo(path).fileName())) << path;
        }
    }
    void ourOwnRecordingsAreNamedRight()
    {
        QFETCH(QString, path);
        const QList<Line> lines = recording(path);
        QVERIFY(lines.size() >= 10);
        Marks marks;
        judge(lines, 1, 0, path, marks);
        QCOMPARE(marks.right, 1);
        for (const int every : {2, 3, 4, 5, 7, 10}) {
            for (int phase = 0; phase < every; ++phase)
                judge(lines, every, phase, path, marks);
        }
        QCOMPARE(marks.wrong, 0);
    }

    // The marks are exact, so that a threshold that is moved shows at once what it gains and what it breaks.
    // The recordings are 14 to 64 seconds long: at slow polls many end before anything can be proved.
    void noPollNamesAWrongCause_data()
    {
        QTest::addColumn<int>("every");
        QTest::addColumn<int>("right");
        QTest::addColumn<int>("late");
        QTest::addColumn<int>("unnamed");
        QTest::newRow("every sample") << 1 << 287 << 0 << 0;
        QTest::newRow("every second") << 2 << 562 << 0 << 12;
        QTest::newRow("every third") << 3 << 859 << 0 << 2;
        QTest::newRow("every fifth") << 5 << 1260 << 16 << 159;
        QTest::newRow("every eighth") << 8 << 1344 << 72 << 880;
    }
    void noPollNamesAWrongCause()
    {
        JETLAG_NEED_EXTRA_DATA();
        if (!findProgram("tar"))
            QSKIP("no tar here");
        QFETCH(int, every);
        QVERIFY(m_recordings.size() > 200);
        Marks marks;
        for (const auto& [name, lines] : m_recordings) {
            for (int phase = 0; phase < every; ++phase)
                judge(lines, every, phase, name, marks);
        }
        qInfo("%d right, %d late, %d unnamed, %d wrong of %d", marks.right, marks.late, marks.unnamed,
              marks.wrong, marks.all());
        QCOMPARE(marks.wrong, 0);
        QTEST(marks.right, "right");
        QTEST(marks.late, "late");
        QTEST(marks.unnamed, "unnamed");
    }
};

QTEST_GUILESS_MAIN(TestVerdictRecordings)
#include "tst_verdict_recordings.moc"
