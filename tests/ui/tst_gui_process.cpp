// SPDX-License-Identifier: Apache-2.0
//
// The real `jetlag` as a process: pictures, exit codes, and that it leaves nothing behind however it ends.

#include "tests/support/temp_folder.h"

#include <QDir>
#include <QFile>
#include <QImage>
#include <QProcess>
#include <QTest>

#include <csignal>

using namespace jetlag::test;

namespace {

constexpr int kPatienceMs = 60'000;

struct Process
{
    qint64 pid = 0;
    QByteArray name;
};

/// Processes below `root`, from /proc.
QList<Process> below(qint64 root)
{
    QHash<qint64, QList<Process>> children;
    for (const QString& entry : QDir(QStringLiteral("/proc")).entryList(QDir::Dirs)) {
        QFile stat(QStringLiteral("/proc/%1/stat").arg(entry));
        if (entry[0].isDigit() && stat.open(QIODevice::ReadOnly)) {
            const QByteArray line = stat.readAll();
            const qsizetype end = line.lastIndexOf(')'); // names may hold anything
            const qint64 parent = line.mid(end + 4).split(' ').value(0).toLongLong();
            children[parent] << Process{entry.toLongLong(),
                                        line.mid(line.indexOf('(') + 1, end - line.indexOf('(') - 1)};
        }
    }
    QList<Process> found;
    QList<qint64> open{root};
    while (!open.isEmpty()) {
        for (const Process& child : children.value(open.takeFirst())) {
            found << child;
            open << child.pid;
        }
    }
    return found;
}

bool isAlive(const Process& process)
{
    QFile name(QStringLiteral("/proc/%1/comm").arg(process.pid));
    return name.open(QIODevice::ReadOnly) && name.readAll().trimmed() == process.name;
}

} // namespace

class TestGuiProcess : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<TempFolder> m_folder;
    std::unique_ptr<QProcess> m_process;

    void start(const QStringList& arguments, const char* platform = "offscreen")
    {
        m_process = std::make_unique<QProcess>();
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        for (const char* name :
             {"XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR", "TMPDIR"}) {
            const QString folder = QString::fromStdString((*m_folder / name).string());
            QDir().mkpath(folder);
            QFile::setPermissions(folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
            environment.insert(QLatin1String(name), folder);
        }
        environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QLatin1String(platform));
        if (qstrcmp(platform, "xcb") == 0)
            environment.remove(QStringLiteral("DISPLAY"));
        m_process->setProcessEnvironment(environment);
        m_process->start(QStringLiteral(JETLAG_BINARY_DIR "/jetlag"), arguments);
        QVERIFY(m_process->waitForStarted(kPatienceMs));
    }
    [[nodiscard]] QString path(const char* name) const
    {
        return QString::fromStdString((*m_folder / name).string());
    }

private slots:
    void init() { m_folder = std::make_unique<TempFolder>(); }
    void cleanup()
    {
        if (m_process && m_process->state() != QProcess::NotRunning) {
            m_process->kill();
            m_process->waitForFinished();
        }
        m_process.reset();
        m_folder.reset();
    }

    void helpNeedsNoDisplay()
    {
        start({QStringLiteral("--help")});
        QVERIFY(m_process->waitForFinished(kPatienceMs));
        QCOMPARE(m_process->exitCode(), 0);
        QVERIFY(m_process->readAllStandardOutput().contains("--screenshot"));
    }

    void whatIsWrongNeedsNoDisplay()
    {
        start({QStringLiteral("--page"), QStringLiteral("nosuch")}, "xcb");
        QVERIFY(m_process->waitForFinished(kPatienceMs));
        QCOMPARE(m_process->exitStatus(), QProcess::NormalExit);
        QCOMPARE(m_process->exitCode(), 2);
        QVERIFY(m_process->readAllStandardError().contains("nosuch"));
    }

    void wrongUseIsSaid_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("unknown page") << QStringList{QStringLiteral("--page"), QStringLiteral("nosuch")};
        QTest::newRow("two servers") << QStringList{QStringLiteral("--demo"), QStringLiteral("--server"),
                                                    QStringLiteral("nats://a")};
        QTest::newRow("bad size") << QStringList{QStringLiteral("--size"), QStringLiteral("big")};
        QTest::newRow("unknown option") << QStringList{QStringLiteral("--nope")};
    }
    void wrongUseIsSaid()
    {
        QFETCH(QStringList, arguments);
        start(arguments);
        QVERIFY(m_process->waitForFinished(kPatienceMs));
        QCOMPARE(m_process->exitCode(), 2);
        QVERIFY(!m_process->readAllStandardError().isEmpty());
    }

    void aPictureHasTheSizeAskedFor()
    {
        const QString file = path("page.png");
        start({QStringLiteral("--page"), QStringLiteral("connections"), QStringLiteral("--theme"),
               QStringLiteral("dark"), QStringLiteral("--size"), QStringLiteral("1024x700"),
               QStringLiteral("--server"), QStringLiteral("nats://127.0.0.1:1"),
               QStringLiteral("--screenshot"), file, QStringLiteral("--after"), QStringLiteral("0.5")});
        QVERIFY(m_process->waitForFinished(kPatienceMs));
        QCOMPARE(m_process->exitCode(), 0);
        const QImage picture(file);
        QCOMPARE(picture.size(), QSize(1024, 700));
        QVERIFY(picture.pixelColor(5, 600).lightness() < 60); // dark it is
    }

    void aPictureThatCannotBeWrittenIsSaid()
    {
        start({QStringLiteral("--server"), QStringLiteral("nats://127.0.0.1:1"),
               QStringLiteral("--screenshot"), path("no/such/folder/page.png"), QStringLiteral("--after"),
               QStringLiteral("0.1")});
        QVERIFY(m_process->waitForFinished(kPatienceMs));
        QCOMPARE(m_process->exitCode(), 3);
        QVERIFY(m_process->readAllStandardError().contains("cannot write the picture"));
    }

    // Ctrl-C, a polite end and a crash: server, hooks and collectors of the demo go with the window.
    void theDemoLeavesNothingBehind_data()
    {
        QTest::addColumn<int>("signal");
        QTest::newRow("Ctrl-C") << SIGINT;
        QTest::newRow("SIGTERM") << SIGTERM;
        QTest::newRow("crash") << SIGKILL;
    }
    void theDemoLeavesNothingBehind()
    {
        QFETCH(int, signal);
        start({QStringLiteral("--demo")});
        QList<Process> children;
        // A server, three hooks, three collectors.
        QTRY_VERIFY_WITH_TIMEOUT((children = below(m_process->processId())).size() >= 7, kPatienceMs);
        QVERIFY(std::any_of(children.begin(), children.end(),
                            [](const Process& child) { return child.name == "nats-server"; }));
        ::kill(static_cast<pid_t>(m_process->processId()), signal);
        QVERIFY(m_process->waitForFinished(kPatienceMs));
        if (signal != SIGKILL) {
            QCOMPARE(m_process->exitStatus(), QProcess::NormalExit);
            QCOMPARE(m_process->exitCode(), 0);
        }
        QTRY_VERIFY_WITH_TIMEOUT(std::none_of(children.begin(), children.end(), isAlive), kPatienceMs);
        if (signal != SIGKILL) // a crash cannot tidy up its folder
            QVERIFY(QDir(path("TMPDIR")).isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestGuiProcess)
#include "tst_gui_process.moc"
