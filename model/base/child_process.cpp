// SPDX-License-Identifier: Apache-2.0
#include "model/base/child_process.h"

#include "model/base/text.h"

#include <fmt/format.h>

#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <fcntl.h>
#include <functional>
#include <future>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

extern char** environ;

namespace jetlag {

namespace {

using namespace std::chrono;

/// Runs one job after the other on a thread that ends with the process and not before: the parent death
/// signal of a child goes off when the thread that forked it ends.
class SpawnerThread final
{
public:
    static SpawnerThread& instance()
    {
        // Never destroyed, never joined: it must live to the very end.
        static SpawnerThread* const spawner = new SpawnerThread;
        return *spawner;
    }

    void runAndWait(const std::function<void()>& job)
    {
        std::packaged_task<void()> task(job);
        std::future<void> done = task.get_future();
        {
            const std::lock_guard lock(m_mutex);
            m_jobs.push_back(std::move(task));
        }
        m_wake.notify_one();
        done.get();
    }

private:
    SpawnerThread()
    {
        std::thread([this] { run(); }).detach();
    }

    [[noreturn]] void run()
    {
        for (;;) {
            std::unique_lock lock(m_mutex);
            m_wake.wait(lock, [this] { return !m_jobs.empty(); });
            std::packaged_task<void()> job = std::move(m_jobs.front());
            m_jobs.pop_front();
            lock.unlock();
            job();
        }
    }

    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<std::packaged_task<void()>> m_jobs;
};

/// Everything the child needs, made before the fork: after it only async-signal-safe calls are allowed,
/// because another thread may have held the heap's lock.
struct PreparedChild
{
    std::vector<std::string> argumentTexts;
    std::vector<std::string> environmentTexts;
    std::vector<char*> argv;
    std::vector<char*> envp;
    std::string outputPath;
    std::string program;
    bool inheritOutput = false;
    int deathSignal = 0;
    pid_t parent = 0;

    explicit PreparedChild(const ChildSpec& spec)
        : outputPath(spec.output.string())
        , program(spec.program.string())
        , inheritOutput(spec.inheritOutput)
        , deathSignal(spec.parentDeathSignal)
        , parent(::getpid())
    {
        argumentTexts.push_back(program);
        argumentTexts.insert(argumentTexts.end(), spec.arguments.begin(), spec.arguments.end());
        for (char** entry = environ; entry && *entry; ++entry) {
            const std::string_view text(*entry);
            bool replaced = false;
            for (const auto& [name, value] : spec.extraEnvironment)
                replaced = replaced || (text.starts_with(name) && text.substr(name.size()).starts_with('='));
            if (!replaced)
                environmentTexts.emplace_back(text);
        }
        for (const auto& [name, value] : spec.extraEnvironment)
            environmentTexts.push_back(name + '=' + value);
        for (std::string& text : argumentTexts)
            argv.push_back(text.data());
        argv.push_back(nullptr);
        for (std::string& text : environmentTexts)
            envp.push_back(text.data());
        envp.push_back(nullptr);
    }
};

// Runs in the child. Reports errno of what failed through `reportFd`, which closes by itself on success.
[[noreturn]] void becomeProgram(const PreparedChild& child, int reportFd) noexcept
{
    const auto fail = [reportFd](int code) {
        [[maybe_unused]] const ssize_t ignored = ::write(reportFd, &code, sizeof code);
        ::_exit(127);
    };

    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, child.deathSignal);
    // The parent may have died before the line above: then nobody would ever send the signal.
    if (::getppid() != child.parent)
        ::_exit(127);

    // An ignored signal stays ignored over exec; the program expects the defaults.
    for (int number = 1; number < NSIG; ++number)
        ::signal(number, SIG_DFL);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);

    const int null = ::open("/dev/null", O_RDWR);
    if (null < 0)
        fail(errno);
    ::dup2(null, STDIN_FILENO);
    if (!child.outputPath.empty()) {
        const int output = ::open(child.outputPath.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
        if (output < 0)
            fail(errno);
        ::dup2(output, STDOUT_FILENO);
        ::dup2(output, STDERR_FILENO);
    } else if (!child.inheritOutput) {
        ::dup2(null, STDOUT_FILENO);
        ::dup2(null, STDERR_FILENO);
    }
    ::syscall(SYS_close_range, 3u, ~0u, 4u /* CLOSE_RANGE_CLOEXEC */);

    ::execve(child.program.c_str(), child.argv.data(), child.envp.data());
    fail(errno);
    ::_exit(127);
}

struct Forked
{
    pid_t pid = -1;
    int pidFd = -1;
    int failure = 0; // errno
};

Forked forkChild(const PreparedChild& child)
{
    Forked result;
    int report[2];
    if (::pipe2(report, O_CLOEXEC) != 0) {
        result.failure = errno;
        return result;
    }
    // No handler of ours may run in the child between fork and exec.
    sigset_t all;
    sigset_t before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    result.pid = ::fork();
    if (result.pid == 0)
        becomeProgram(child, report[1]);
    const int forkError = errno;
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    ::close(report[1]);

    if (result.pid < 0) {
        result.failure = forkError;
    } else {
        int code = 0;
        ssize_t got = 0;
        do
            got = ::read(report[0], &code, sizeof code);
        while (got < 0 && errno == EINTR);
        if (got == static_cast<ssize_t>(sizeof code)) {
            result.failure = code;
            ::waitpid(result.pid, nullptr, 0);
        } else {
            result.pidFd = static_cast<int>(::syscall(SYS_pidfd_open, result.pid, 0u));
            if (result.pidFd >= 0)
                ::fcntl(result.pidFd, F_SETFD, FD_CLOEXEC);
        }
    }
    ::close(report[0]);
    return result;
}

ChildExit exitFromStatus(int status) noexcept
{
    if (WIFSIGNALED(status))
        return {-1, WTERMSIG(status)};
    return {WEXITSTATUS(status), 0};
}

bool isExecutableFile(const std::filesystem::path& path)
{
    std::error_code ignored;
    return std::filesystem::is_regular_file(path, ignored) && ::access(path.c_str(), X_OK) == 0;
}

} // namespace

std::string ChildExit::describe() const
{
    return signal ? fmt::format("was ended by signal {}", signal) : fmt::format("ended with code {}", code);
}

Result<ChildProcess> ChildProcess::start(const ChildSpec& spec)
{
    const PreparedChild child(spec);
    Forked forked;
    SpawnerThread::instance().runAndWait([&] { forked = forkChild(child); });
    if (forked.failure == 0)
        return ChildProcess(forked.pid, forked.pidFd);
    const ErrorCode code = forked.failure == ENOENT   ? ErrorCode::NotFound
                           : forked.failure == EACCES ? ErrorCode::Denied
                                                      : ErrorCode::Io;
    return Error(code, fmt::format("{} cannot be started: {}", safeForDisplay(child.program),
                                   std::strerror(forked.failure)));
}

ChildProcess::~ChildProcess()
{
    kill();
    closePidFd();
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : m_pid(std::exchange(other.m_pid, 0))
    , m_pidFd(std::exchange(other.m_pidFd, -1))
    , m_exit(std::exchange(other.m_exit, std::nullopt))
{}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept
{
    if (this != &other) {
        kill();
        closePidFd();
        m_pid = std::exchange(other.m_pid, 0);
        m_pidFd = std::exchange(other.m_pidFd, -1);
        m_exit = std::exchange(other.m_exit, std::nullopt);
    }
    return *this;
}

void ChildProcess::closePidFd() noexcept
{
    if (m_pidFd >= 0)
        ::close(std::exchange(m_pidFd, -1));
}

bool ChildProcess::isRunning()
{
    return m_pid > 0 && !waitFor(0ms);
}

void ChildProcess::signal(int number)
{
    const std::lock_guard lock(m_mutex);
    if (m_pid > 0 && !m_exit)
        ::kill(m_pid, number);
}

std::optional<ChildExit> ChildProcess::waitFor(milliseconds patience)
{
    const auto deadline = steady_clock::now() + patience;
    for (;;) {
        {
            const std::lock_guard lock(m_mutex);
            if (m_pid <= 0)
                return ChildExit{};
            if (m_exit)
                return m_exit;
            int status = 0;
            const pid_t reaped = ::waitpid(m_pid, &status, WNOHANG);
            if (reaped == m_pid)
                m_exit = exitFromStatus(status);
            else if (reaped < 0 && errno == ECHILD)
                m_exit = ChildExit{}; // somebody else reaped it: it is gone, how is not known
            if (m_exit)
                return m_exit;
        }
        const auto left = duration_cast<milliseconds>(deadline - steady_clock::now());
        if (left <= 0ms)
            return std::nullopt;
        pollfd ended{m_pidFd, POLLIN, 0};
        // Without a pidfd (old kernel) look every 5 ms.
        ::poll(&ended, m_pidFd >= 0 ? 1 : 0, m_pidFd >= 0 ? static_cast<int>(left.count()) + 1 : 5);
    }
}

ChildExit ChildProcess::stop(milliseconds patience)
{
    signal(SIGTERM);
    if (const std::optional<ChildExit> exit = waitFor(patience))
        return *exit;
    return kill();
}

ChildExit ChildProcess::kill()
{
    signal(SIGKILL);
    for (;;) {
        if (const std::optional<ChildExit> exit = waitFor(10s))
            return *exit;
    }
}

std::optional<std::filesystem::path> findProgram(const std::string& name, const char* variable)
{
    if (variable) {
        const char* given = std::getenv(variable);
        if (given && *given)
            return isExecutableFile(given) ? std::optional<std::filesystem::path>(given) : std::nullopt;
    }
    std::string folders;
    if (const char* path = std::getenv("PATH"))
        folders = path;
    folders += ":/usr/sbin:/usr/local/sbin:/sbin";
    std::string_view rest = folders;
    while (!rest.empty()) {
        const std::size_t colon = rest.find(':');
        const std::filesystem::path candidate = std::filesystem::path(rest.substr(0, colon)) / name;
        if (candidate.is_absolute() && isExecutableFile(candidate))
            return candidate;
        rest = colon == std::string_view::npos ? std::string_view() : rest.substr(colon + 1);
    }
    return std::nullopt;
}

} // namespace jetlag
