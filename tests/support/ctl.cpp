// SPDX-License-Identifier: Apache-2.0
#include "tests/support/ctl.h"

#include <QJsonDocument>
#include <QProcessEnvironment>

#include <csignal>

namespace jetlag::test {

QJsonObject CtlEnd::json() const
{
    const QByteArray line = out.trimmed().split('\n').last();
    return QJsonDocument::fromJson(line).object();
}

QByteArray CtlEnd::describe() const
{
    return "exit " + QByteArray::number(exitCode) + "\nstdout: " + out.right(2'000) +
           "\nstderr: " + err.right(2'000);
}

CtlEnd Ctl::run(const QStringList& arguments, const QStringList& environment) const
{
    return wait(*start(arguments, environment));
}

std::unique_ptr<QProcess> Ctl::start(const QStringList& arguments, const QStringList& environment) const
{
    QProcessEnvironment variables = QProcessEnvironment::systemEnvironment();
    variables.insert(QStringLiteral("XDG_STATE_HOME"), m_stateHome);
    // No context of the machine's user gets in.
    variables.insert(QStringLiteral("XDG_CONFIG_HOME"), m_stateHome);
    for (const QString& assignment : environment)
        variables.insert(assignment.section(QLatin1Char('='), 0, 0), assignment.section(QLatin1Char('='), 1));
    auto process = std::make_unique<QProcess>();
    process->setProcessEnvironment(variables);
    process->start(QStringLiteral(JETLAG_CTL), arguments);
    if (!process->waitForStarted(30'000))
        qFatal("cannot start %s", JETLAG_CTL);
    return process;
}

CtlEnd Ctl::wait(QProcess& process, int milliseconds)
{
    CtlEnd end;
    // One that has ended while the test waited for something else is not waited for: QProcess would say "no".
    if (process.state() != QProcess::NotRunning && !process.waitForFinished(milliseconds))
        kill(process);
    else if (process.exitStatus() == QProcess::NormalExit)
        end.exitCode = process.exitCode();
    end.out = process.readAllStandardOutput();
    end.err = process.readAllStandardError();
    return end;
}

CtlEnd Ctl::interrupt(QProcess& process)
{
    ::kill(static_cast<pid_t>(process.processId()), SIGINT);
    return wait(process);
}

void Ctl::kill(QProcess& process)
{
    process.kill();
    process.waitForFinished(30'000);
}

} // namespace jetlag::test
