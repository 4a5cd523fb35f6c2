// SPDX-License-Identifier: Apache-2.0
#include "app/cli/interrupt.h"

#include <csignal>
#include <unistd.h>

namespace jetlag {

namespace {

volatile std::sig_atomic_t interrupted = 0;

extern "C" void onInterrupt(int signal)
{
    if (interrupted)
        _exit(128 + signal);
    interrupted = 1;
}

} // namespace

void catchInterrupts()
{
    struct sigaction action = {};
    action.sa_handler = onInterrupt;
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    // A reader that goes away (`| head`) must not kill the process before it has closed its files.
    std::signal(SIGPIPE, SIG_IGN);
}

bool wasInterrupted() noexcept
{
    return interrupted != 0;
}

} // namespace jetlag
