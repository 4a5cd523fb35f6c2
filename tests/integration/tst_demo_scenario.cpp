// SPDX-License-Identifier: Apache-2.0
//
// `jetlagctl demo --scenario`, as an operator trains on it.
#include "tests/support/ctl.h"
#include "tests/support/temp_folder.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace jetlag;
using namespace jetlag::test;

class TestDemoScenario : public QObject
{
    Q_OBJECT

private:
    TempFolder m_folder;
    Ctl m_ctl{QString::fromStdString(m_folder.path().string())};

private slots:
    void theListNamesAllOfThem()
    {
        const CtlEnd end = m_ctl.run({"demo", "--scenario", "list", "--format", "json"});
        QVERIFY2(end.exitCode == 0, end.describe());
        const QJsonArray list = QJsonDocument::fromJson(end.out).array();
        QVERIFY(list.size() > 80);
        bool found = false;
        for (const QJsonValue& one : list)
            found |= one["name"].toString() == QStringLiteral("no_interest_first") &&
                     one["cause"].toString() == QStringLiteral("no-interest") &&
                     one["seconds"].toDouble() > 0 && one["servers"].toInt() == 1 &&
                     !one["shows"].toString().isEmpty();
        QVERIFY(found);
    }

    void manyAreShownAtAnAddress()
    {
        const std::unique_ptr<QProcess> demo = m_ctl.start({"demo", "--many", "2x3", "--format", "json"});
        QTRY_VERIFY_WITH_TIMEOUT(demo->bytesAvailable() > 0, 40'000);
        const QJsonObject said = QJsonDocument::fromJson(demo->readLine()).object();
        QCOMPARE(said["collectors"].toInt(), 6);
        const CtlEnd report = m_ctl.run({"report", "--server", said["url"].toString(), "--format", "json"});
        QVERIFY2(report.exitCode == 0, report.describe());
        QCOMPARE(report.json()["collectors"].toArray().size(), 6);
        const CtlEnd end = Ctl::interrupt(*demo);
        QVERIFY2(end.exitCode == 0, end.describe());
    }

    void aSizeThatIsNoneIsRefusedInASentence()
    {
        for (const char* size : {"50", "0x20", "axb", "20000x2", "5x5x5", "-1x3"}) {
            const CtlEnd end = m_ctl.run({"demo", "--many", QString::fromLatin1(size)});
            QVERIFY2(end.exitCode == 2, end.describe());
            QVERIFY2(end.err.contains("50x20"), end.describe());
        }
    }

    void anUnknownOneIsRefusedInASentence()
    {
        const CtlEnd end = m_ctl.run({"demo", "--scenario", "nonsense"});
        QVERIFY2(end.exitCode == 2, end.describe());
        QVERIFY2(end.err.contains("demo --scenario list"), end.describe());
    }

    // Somebody trains on it: the trouble stays to be looked at.
    void whatItComesToStaysUntilCtrlC()
    {
        const std::unique_ptr<QProcess> demo =
            m_ctl.start({"demo", "--scenario", "no_interest_first", "--format", "json"});
        QByteArray said;
        QTRY_VERIFY_WITH_TIMEOUT((said += demo->readAllStandardOutput()).contains("all is shown"), 60'000);
        const QByteArray begun = demo->readAllStandardError();
        const QString server = QString::fromUtf8(begun.mid(begun.lastIndexOf("--server ") + 9).trimmed());
        const CtlEnd report = m_ctl.run({"report", "--check", "--server", server, "--format", "json"});
        QVERIFY2(report.exitCode == 1, report.describe());
        QVERIFY2(report.out.contains("no-interest"), report.describe());
        const CtlEnd end = Ctl::interrupt(*demo);
        QVERIFY2(end.exitCode == 0, end.describe());
    }

    void oneIsPlayedAsLongAsItIsTold()
    {
        const CtlEnd end =
            m_ctl.run({"demo", "--scenario", "no_interest_first", "--seconds", "15", "--format", "json"});
        QVERIFY2(end.exitCode == 0, end.describe()); // its last word was right
        bool told = false;
        bool named = false;
        for (const QByteArray& line : end.out.split('\n')) {
            const QJsonObject object = QJsonDocument::fromJson(line).object();
            named |= object["cause"].toString() == QStringLiteral("no-interest") &&
                     object["verdict"].toString() == QStringLiteral("stopped");
            told |= object["right"].toArray() == QJsonArray{QStringLiteral("no-interest")} &&
                    object["t"].toDouble() == 0 &&
                    object["what"].toString().contains(QStringLiteral("nobody"));
        }
        QVERIFY2(told, end.describe());
        QVERIFY2(named, end.describe());
    }
};

QTEST_GUILESS_MAIN(TestDemoScenario)
#include "tst_demo_scenario.moc"
