#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QByteArray>
#include <QJsonObject>
#include <QProcess>
#include <QStringList>

#include <memory>

namespace jetlag::test {

/// How one run of `jetlagctl` ended.
struct CtlEnd
{
    int exitCode = -1; ///< -1 = it crashed, was killed, or did not end in time
    QByteArray out;
    QByteArray err;

    [[nodiscard]] QJsonObject json() const; ///< the last line of stdout; empty when it is no object
    /// Exit code, stdout and stderr in one text, for a failing check.
    [[nodiscard]] QByteArray describe() const;
};

/// The real `jetlagctl` as a process of its own, with a state folder of the test's own.
class Ctl final
{
public:
    /// `stateHome` becomes $XDG_STATE_HOME, so that no test sees another's positions.
    explicit Ctl(QString stateHome)
        : m_stateHome(std::move(stateHome))
    {}

    /// Runs to the end, a minute and a half at most.
    [[nodiscard]] CtlEnd run(const QStringList& arguments, const QStringList& environment = {}) const;
    /// Goes on in the background; the caller ends it.
    [[nodiscard]] std::unique_ptr<QProcess> start(const QStringList& arguments,
                                                  const QStringList& environment = {}) const;
    /// Waits for a started one.
    [[nodiscard]] static CtlEnd wait(QProcess& process, int milliseconds = 90'000);
    /// SIGINT, as Ctrl-C, then wait().
    [[nodiscard]] static CtlEnd interrupt(QProcess& process);
    /// SIGKILL, and gone.
    static void kill(QProcess& process);

private:
    QString m_stateHome;
};

} // namespace jetlag::test
