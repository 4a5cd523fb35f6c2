// SPDX-License-Identifier: Apache-2.0
#include "app/gui/unix_signals.h"

#include <QApplication>
#include <QSocketNotifier>

#include <array>
#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace jetlag {

namespace {

// A signal handler may only write: the event loop reads at the other end.
std::array<int, 2> signalPipe{-1, -1};

void onSignal(int number)
{
    std::signal(number, SIG_DFL);
    const char byte = 1;
    [[maybe_unused]] const auto written = write(signalPipe[1], &byte, 1);
}

} // namespace

void endOnSignals(QApplication& application)
{
    if (pipe2(signalPipe.data(), O_CLOEXEC | O_NONBLOCK) != 0)
        return; // the default then: the signal ends the program, and children end with it
    auto* notifier = new QSocketNotifier(signalPipe[0], QSocketNotifier::Read, &application);
    QObject::connect(notifier, &QSocketNotifier::activated, &application, [notifier] {
        notifier->setEnabled(false);
        QApplication::closeAllWindows();
        QApplication::quit();
    });
    for (const int number : {SIGINT, SIGTERM, SIGHUP})
        std::signal(number, onSignal);
}

} // namespace jetlag
