// SPDX-License-Identifier: Apache-2.0
//
// The docs' tables say which test or scenario proves a line. Those must exist.

#include "nats/scenario/scenario.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

namespace {

QString textOf(const QString& name)
{
    QFile file(QStringLiteral(JETLAG_SOURCE_DIR "/") + name);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("cannot read %s", qPrintable(name));
    return QString::fromUtf8(file.readAll());
}

QSet<QString> testNames()
{
    QProcess ctest;
    ctest.start(QStringLiteral(JETLAG_CTEST),
                {QStringLiteral("--test-dir"), QStringLiteral(JETLAG_BUILD_DIR), QStringLiteral("-N")});
    if (!ctest.waitForFinished() || ctest.exitCode() != 0)
        qFatal("ctest -N does not work");
    static const QRegularExpression line(QStringLiteral("Test +#\\d+: (\\w+)"));
    QSet<QString> names;
    auto matches = line.globalMatch(QString::fromUtf8(ctest.readAllStandardOutput()));
    while (matches.hasNext())
        names.insert(matches.next().captured(1));
    // A build without the window knows no tests of it.
    for (const QString& file : QDir(QStringLiteral(JETLAG_SOURCE_DIR "/tests/ui")).entryList({"tst_*.cpp"}))
        names.insert(file.chopped(4).mid(4));
    return names;
}

QSet<QString> scenarioNames()
{
    QSet<QString> names;
    for (const jetlag::scenario::Scenario& one : jetlag::scenario::allScenarios())
        names.insert(QString::fromUtf8(one.name.data(), static_cast<qsizetype>(one.name.size())));
    return names;
}

/// The last cells of the rows of each table that has a column "proof".
QStringList proofCells(const QString& text)
{
    QStringList cells;
    bool isProofTable = false;
    for (const QString& line : text.split(QLatin1Char('\n'))) {
        if (!line.startsWith(QLatin1Char('|'))) {
            isProofTable = false;
            continue;
        }
        const QStringList row = line.split(QLatin1Char('|'));
        const QString last = row.value(row.size() - 2).trimmed();
        if (last == QStringLiteral("proof"))
            isProofTable = true;
        else if (isProofTable && !last.startsWith(QStringLiteral("---")))
            cells << last;
    }
    return cells;
}

} // namespace

class TestNamedProofs : public QObject
{
    Q_OBJECT

private slots:
    /// `name` is a test, or a scenario; and each row names one.
    void everyProofThatIsNamedExists()
    {
        const QSet<QString> known = testNames() | scenarioNames();
        QVERIFY(known.contains(QStringLiteral("named_proofs")));
        static const QRegularExpression quoted(QStringLiteral("`([^`]+)`"));
        const QStringList cells = proofCells(textOf(QStringLiteral("HACKING.md")));
        QVERIFY2(cells.size() >= 30, "the tables are not where they were");
        QStringList wrong;
        for (const QString& cell : cells) {
            auto names = quoted.globalMatch(cell);
            if (!names.hasNext())
                wrong << QStringLiteral("no proof: ") + cell;
            while (names.hasNext()) {
                const QString name = names.next().captured(1);
                if (!known.contains(name))
                    wrong << QStringLiteral("neither a test nor a scenario: ") + name;
            }
        }
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(QLatin1Char('\n'))));
    }

    /// Tables elsewhere in HACKING.md that name tests by `ctest -R NAME`.
    void everyTestThatIsToBeRunExists()
    {
        const QSet<QString> known = testNames();
        static const QRegularExpression run(QStringLiteral("ctest [^`|]*-R '?([a-z_]+)'?`"));
        QStringList wrong;
        for (const char* name : {"HACKING.md", "README.md", "model/verdict/README.md"}) {
            auto matches = run.globalMatch(textOf(QString::fromLatin1(name)));
            while (matches.hasNext()) {
                const QString wanted = matches.next().captured(1);
                const bool found = std::any_of(known.begin(), known.end(),
                                               [&](const QString& one) { return one.contains(wanted); });
                if (!found)
                    wrong << QString::fromLatin1(name) + QStringLiteral(": ") + wanted;
            }
        }
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(QLatin1Char('\n'))));
    }
};

QTEST_GUILESS_MAIN(TestNamedProofs)
#include "tst_named_proofs.moc"
