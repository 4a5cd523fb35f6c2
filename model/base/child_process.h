#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"

#include <chrono>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace jetlag {

/// What to start and how.
struct ChildSpec
{
    std::filesystem::path program;      ///< a path, not searched in PATH (see findProgram)
    std::vector<std::string> arguments; ///< without the program's own name
    std::vector<std::pair<std::string, std::string>> extraEnvironment; ///< on top of ours
    std::filesystem::path output; ///< stdout and stderr are appended here; empty = see inheritOutput
    bool inheritOutput = false;   ///< without `output`: ours instead of /dev/null
    /// What the child gets when this process dies, however it dies.
    int parentDeathSignal = 9;
};

/// How a child ended.
struct ChildExit
{
    int code = -1;                              ///< exit code; -1 when a signal ended it
    int signal = 0;                             ///< the signal; 0 when it ended by itself
    [[nodiscard]] std::string describe() const; ///< "ended with code 1", "was ended by signal 9"
};

/// A child process that cannot outlive its owner: destroyed with the object, and ended by the kernel when
/// this process dies without a chance to clean up.
///
/// It is started from one helper thread that lives as long as the process (the kernel's death signal goes
/// by the starting thread, not by the process), runs in a process group of its own, so that Ctrl-C in the
/// terminal reaches us first and we stop children in the right order, and inherits no descriptor but its
/// three standard ones (stdin is /dev/null).
///
/// Every call may come from any thread.
class ChildProcess final
{
public:
    /// NotFound or Denied when the program cannot be run.
    [[nodiscard]] static Result<ChildProcess> start(const ChildSpec& spec);

    ChildProcess() = default; ///< no child
    ~ChildProcess();          ///< kills at once (SIGKILL) what still runs
    ChildProcess(ChildProcess&& other) noexcept;
    ChildProcess& operator=(ChildProcess&& other) noexcept;

    [[nodiscard]] pid_t pid() const noexcept { return m_pid; } ///< 0 = no child was started
    [[nodiscard]] bool isRunning();
    void signal(int number);
    /// nullopt while it still runs after `patience`.
    [[nodiscard]] std::optional<ChildExit> waitFor(std::chrono::milliseconds patience);
    /// SIGTERM, then SIGKILL after `patience`; returns how it ended. Without a child: a plain ChildExit.
    ChildExit stop(std::chrono::milliseconds patience);
    ChildExit kill();

private:
    ChildProcess(pid_t pid, int pidFd)
        : m_pid(pid)
        , m_pidFd(pidFd)
    {}
    void closePidFd() noexcept;

    mutable std::mutex m_mutex; // guards reaping: a pid is signalled only while it is still ours
    pid_t m_pid = 0;
    int m_pidFd = -1; // readable when the child ended; -1 where the kernel has none
    std::optional<ChildExit> m_exit;
};

/// The first of these that is an executable file: $`variable`, then `name` in PATH, then in /usr/sbin,
/// /usr/local/sbin and /sbin, which are not in every user's PATH.
[[nodiscard]] std::optional<std::filesystem::path> findProgram(const std::string& name,
                                                               const char* variable = nullptr);

} // namespace jetlag
