// SPDX-License-Identifier: Apache-2.0
#include "model/base/child_process.h"
#include "tests/support/temp_folder.h"

#include <QTest>

#include <csignal>
#include <fstream>
#include <unistd.h>

using namespace jetlag;
using namespace jetlag::test;
using namespace std::chrono_literals;

namespace {

ChildSpec shell(const std::string& script)
{
    ChildSpec spec;
    spec.program = "/bin/sh";
    spec.arguments = {"-c", script};
    return spec;
}

} // namespace

class TestChildProcess : public QObject
{
    Q_OBJECT

private slots:
    void outputEnvironmentAndExitCodeComeBack()
    {
        TempFolder folder;
        ChildSpec spec = shell("echo \"$JETLAG_TEST_WORD\"; echo error >&2; cat; exit 7");
        spec.extraEnvironment = {{"JETLAG_TEST_WORD", "two words"}};
        spec.output = folder / "out";
        ChildProcess child = ChildProcess::start(spec).value();
        const ChildExit exit = child.waitFor(30s).value();
        QCOMPARE(exit.code, 7);
        QCOMPARE(exit.describe(), std::string("ended with code 7"));
        QCOMPARE(readFile(folder / "out"), std::string("two words\nerror\n")); // and stdin was empty
        QVERIFY(!child.isRunning());
        child.signal(SIGTERM); // nobody is hit
    }

    void stopsGentlyThenHard()
    {
        TempFolder folder;
        ChildSpec gentle = shell("trap 'exit 3' TERM; echo ready; while :; do sleep 0.05; done");
        gentle.output = folder / "gentle";
        ChildProcess child = ChildProcess::start(gentle).value();
        QTRY_COMPARE_WITH_TIMEOUT(readFile(folder / "gentle"), std::string("ready\n"), 30'000);
        QVERIFY(!child.waitFor(0ms));
        QCOMPARE(child.stop(30s).code, 3);

        ChildSpec deaf = shell("trap '' TERM; echo ready; while :; do sleep 0.05; done");
        deaf.output = folder / "deaf";
        ChildProcess other = ChildProcess::start(deaf).value();
        QTRY_COMPARE_WITH_TIMEOUT(readFile(folder / "deaf"), std::string("ready\n"), 30'000);
        const ChildExit exit = other.stop(100ms);
        QCOMPARE(exit.signal, SIGKILL);
        QCOMPARE(exit.describe(), std::string("was ended by signal 9"));
    }

    void inheritsNeitherFilesNorSignalsNorGroup()
    {
        TempFolder folder;
        std::ofstream held(folder / "held"); // a descriptor without close-on-exec, as libraries leave them
        const int leaked = ::dup(2);
        ::signal(SIGUSR1, SIG_IGN);
        ChildSpec spec = shell(
            "ls /proc/self/fd | wc -l; grep SigIgn /proc/self/status; cut -d' ' -f5 /proc/$$/stat; echo $$");
        spec.output = folder / "out";
        ChildProcess child = ChildProcess::start(spec).value();
        QCOMPARE(child.waitFor(30s).value().code, 0);
        ::signal(SIGUSR1, SIG_DFL);
        ::close(leaked);
        const QStringList lines = QString::fromStdString(readFile(folder / "out")).split('\n');
        QCOMPARE(lines[0].trimmed(), QString("4")); // three and the folder being listed
        QVERIFY(lines[1].endsWith("0000000000000000"));
        QCOMPARE(lines[2], lines[3]); // it leads a group of its own
    }

    void endsWithItsOwnerAndMovesWithIt()
    {
        pid_t pid = 0;
        {
            ChildProcess first = ChildProcess::start(shell("sleep 600")).value();
            pid = first.pid();
            ChildProcess second = std::move(first);
            QVERIFY(second.isRunning());
            QVERIFY(!first.isRunning()); // NOLINT: moved-from holds no child
            QCOMPARE(::kill(pid, 0), 0);
        }
        QVERIFY(::kill(pid, 0) != 0);
    }

    void whatCannotBeStartedIsNamed()
    {
        ChildSpec spec;
        spec.program = "/nowhere/at/all";
        const Result<ChildProcess> missing = ChildProcess::start(spec);
        QVERIFY(missing.error().code() == ErrorCode::NotFound);
        QVERIFY(missing.error().message().find("/nowhere/at/all") != std::string::npos);
        TempFolder folder;
        spec.program = folder.write("text", "no program");
        QVERIFY(ChildProcess::start(spec).error().code() == ErrorCode::Denied);
    }

    void programsAreFound()
    {
        QVERIFY(findProgram("sh").has_value());
        QVERIFY(!findProgram("no-such-program-anywhere").has_value());
        qputenv("JETLAG_TEST_PROGRAM", "/bin/sh");
        QCOMPARE(findProgram("anything", "JETLAG_TEST_PROGRAM")->string(), std::string("/bin/sh"));
        qputenv("JETLAG_TEST_PROGRAM", "/nowhere"); // named but not there: not silently another one
        QVERIFY(!findProgram("sh", "JETLAG_TEST_PROGRAM").has_value());
    }
};

QTEST_GUILESS_MAIN(TestChildProcess)
#include "tst_child_process.moc"
