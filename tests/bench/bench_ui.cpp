// SPDX-License-Identifier: Apache-2.0
//
// The window as a whole: start to first paint beside a bare QMainWindow; first rows after connecting; one
// core's share, memory and the longest stall of the event loop with 1,000 collectors refreshed each second,
// alone and while a replay runs at full speed, and with 10,000 at the pace that the console takes for them.
// QT_QPA_PLATFORM=offscreen (or xcb under Xvfb).
//
//     bench_ui [start|live|many]...      without arguments: all three

#include "app/runtime/runtime.h"
#include "model/workload/workload.h"
#include "nats/client/connection.h"
#include "nats/server/embedded_server.h"
#include "tests/support/temp_folder.h"
#include "ui/bridge/live_sessions.h"
#include "ui/pages/pages.h"
#include "ui/theme/theme.h"
#include "ui/window/main_window.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QMainWindow>
#include <QPaintEvent>
#include <QProcess>
#include <QTableView>
#include <QThreadPool>
#include <QTimer>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <fstream>
#include <optional>
#include <unistd.h>
#include <vector>

using namespace jetlag;
using namespace jetlag::ui;
using namespace std::chrono_literals;

namespace {

constexpr int kRounds = 9;
constexpr int kWatchSeconds = 12;

struct Account
{
    int streams = 50;
    int collectorsEach = 20;
};
constexpr Account kMany{200, 50};
constexpr int kWatchManySeconds = 45; ///< a handful of looks

/// Ends the process with the first paint of any top-level window.
class EndAtFirstPaint final : public QObject
{
public:
    bool eventFilter(QObject* watched, QEvent* event) override
    {
        if (event->type() == QEvent::Paint && qobject_cast<QMainWindow*>(watched) != nullptr)
            QTimer::singleShot(0, [] { _exit(0); });
        return false;
    }
};

int startBare(QApplication& application)
{
    QMainWindow window;
    window.resize(1440, 900);
    window.show();
    return application.exec();
}

int startWhole(QApplication& application)
{
    const test::OwnDataHome dataHome;
    Runtime runtime;
    Theme::instance().install(ThemeMode::Dark);
    LiveSessions sessions(runtime.services());
    MainWindow window(sessions);
    addPages(window, sessions);
    window.resize(1440, 900);
    sessions.open({.context = std::nullopt, .server = "nats://127.0.0.1:1"});
    window.show();
    return application.exec();
}

double startMs(const QString& mode)
{
    QElapsedTimer timer;
    timer.start();
    QProcess process;
    process.start(QCoreApplication::applicationFilePath(), {mode});
    if (!process.waitForFinished(30'000) || process.exitCode() != 0)
        qFatal("the window %s never painted", qPrintable(mode));
    return static_cast<double>(timer.nsecsElapsed()) / 1e6;
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

void measureStart()
{
    std::vector<double> bare;
    std::vector<double> whole;
    for (int round = 0; round < kRounds; ++round) {
        bare.push_back(startMs(QStringLiteral("--bare")));
        whole.push_back(startMs(QStringLiteral("--whole")));
    }
    fmt::print("start to first paint: {:.0f} ms, bare QMainWindow {:.0f} ms, +{:.0f} ms (goal +150)\n",
               median(whole), median(bare), median(whole) - median(bare));
}

double cpuSeconds(clockid_t clock)
{
    timespec time{};
    clock_gettime(clock, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

double residentMegabytes()
{
    std::ifstream file("/proc/self/statm");
    double total = 0;
    double resident = 0;
    file >> total >> resident;
    return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e6;
}

/// Streams with some collectors each, all of them with lag.
void fill(const std::string& url, Account account)
{
    const std::unique_ptr<Connection> connection = Connection::open(profileFromUrl(url)).value();
    const auto api = [&](const std::string& call, const std::string& body) {
        const Result<std::string> answer = connection->apiRequest(call, body, 20s);
        if (!answer)
            qFatal("%s", answer.error().message().c_str());
    };
    for (int stream = 0; stream < account.streams; ++stream) {
        const std::string name = fmt::format("STREAM-{:03}", stream);
        api("STREAM.CREATE." + name,
            fmt::format(R"({{"name":"{0}","subjects":["{0}.>"],"storage":"memory","allow_direct":true}})",
                        name));
        for (int message = 0; message < 20 + stream; ++message)
            (void)connection->publish(name + ".a", "payload");
        for (int collector = 0; collector < account.collectorsEach; ++collector)
            api(fmt::format("CONSUMER.DURABLE.CREATE.{}.collector-{:02}", name, collector),
                fmt::format(
                    R"({{"stream_name":"{}","config":{{"durable_name":"collector-{:02}","ack_policy":"explicit","mem_storage":true}}}})",
                    name, collector));
    }
}

/// Watches the event loop for a while: the longest time beyond the beat in which it did not turn.
struct Watched
{
    double longestStallMs = 0;
    double processShare = 0; ///< of one core
    double uiThreadShare = 0;
};

Watched watch(int seconds)
{
    constexpr int kBeatMs = 2;
    Watched watched;
    QElapsedTimer sinceBeat;
    sinceBeat.start();
    QTimer beat;
    beat.setTimerType(Qt::PreciseTimer);
    QObject::connect(&beat, &QTimer::timeout, [&] {
        watched.longestStallMs =
            std::max(watched.longestStallMs, static_cast<double>(sinceBeat.nsecsElapsed()) / 1e6 - kBeatMs);
        sinceBeat.restart();
    });
    beat.start(kBeatMs);
    const double process = cpuSeconds(CLOCK_PROCESS_CPUTIME_ID);
    const double thread = cpuSeconds(CLOCK_THREAD_CPUTIME_ID);
    QEventLoop loop;
    QTimer::singleShot(seconds * 1000, &loop, &QEventLoop::quit);
    loop.exec();
    watched.processShare = (cpuSeconds(CLOCK_PROCESS_CPUTIME_ID) - process) / seconds;
    watched.uiThreadShare = (cpuSeconds(CLOCK_THREAD_CPUTIME_ID) - thread) / seconds;
    return watched;
}

void print(const char* what, const Watched& watched)
{
    fmt::print("{}: process {:.1f} % of one core (UI thread {:.1f} %), longest stall {:.0f} ms, {:.0f} MB "
               "resident (goals 10 %, 50 ms, 150 MB)\n",
               what, watched.processShare * 100, watched.uiThreadShare * 100, watched.longestStallMs,
               residentMegabytes());
}

/// The window on a server with so many collectors, opened and with its first rows.
class OpenWindow final
{
public:
    OpenWindow(Runtime& runtime, const std::string& url, Account account)
        : m_sessions(runtime.services())
        , m_window(m_sessions)
    {
        addPages(m_window, m_sessions);
        m_window.resize(1440, 900);
        m_window.show();
        QCoreApplication::processEvents();
        QElapsedTimer timer;
        timer.start();
        m_sessions.open({.context = std::nullopt, .server = url});
        while (!m_sessions.current().report())
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        (void)m_window.grab();
        const std::size_t rows = m_sessions.current().report()->collectors.size();
        fmt::print("first rows after connecting: {} ms for {} collectors (goal 300 for 1,000)\n",
                   timer.elapsed(), rows);
        if (rows != static_cast<std::size_t>(account.streams * account.collectorsEach))
            qFatal("not every collector is there");
    }
    /// Reports while so many seconds pass.
    [[nodiscard]] Watched watchFor(int seconds, int& reports)
    {
        reports = 0;
        QObject context;
        QObject::connect(&m_sessions.current(), &LiveSession::reportChanged, &context,
                         [&reports] { ++reports; });
        return watch(seconds);
    }

private:
    LiveSessions m_sessions;
    MainWindow m_window;
};

/// A replay at full speed, started again whenever it is through.
void measureBesideReplay(Runtime& runtime, const std::filesystem::path& logs)
{
    std::shared_ptr<ReplayRun> run;
    std::uint64_t events = 0;
    QTimer again;
    QObject::connect(&again, &QTimer::timeout, [&] {
        if (run && !run->job()->isFinished())
            return;
        if (run)
            events += run->progress().events;
        run = runtime.services().replays.start(
            {.analyzer = "hdfs", .source = LogReplaySource{.paths = {logs}}});
    });
    again.start(5);
    print("the same with a replay at full speed", watch(kWatchSeconds));
    again.stop();
    run->job()->cancel();
    while (!run->job()->isFinished())
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 20);
    fmt::print("events replayed meanwhile: {:.0f} k/s\n", static_cast<double>(events) / kWatchSeconds / 1000);
}

void measureLive(Account account, int seconds, bool besideReplay)
{
    const test::TempFolder folder;
    Result<EmbeddedServer> server = EmbeddedServer::start({.store = folder / "store"});
    if (!server)
        qFatal("%s", server.error().message().c_str());
    fill(server->url(), account);
    if (besideReplay && !writeWorkload("hdfs", folder / "logs", 200'000, 1, 1))
        qFatal("no workload");
    const test::OwnDataHome dataHome;
    Runtime runtime;
    {
        Theme::instance().install(ThemeMode::Dark);
        OpenWindow window(runtime, server->url(), account);
        (void)watch(3);
        int reports = 0;
        const Watched watched = window.watchFor(seconds, reports);
        print(fmt::format("{} collectors, {} looks in {} s", account.streams * account.collectorsEach,
                          reports, seconds)
                  .c_str(),
              watched);
        if (besideReplay)
            measureBesideReplay(runtime, folder / "logs");
    }
    QThreadPool::globalInstance()->waitForDone();
}

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    QCoreApplication::setOrganizationName(QStringLiteral("jetlag-bench"));
    EndAtFirstPaint filter;
    const QString mode = QApplication::arguments().value(1);
    if (mode == QLatin1String("--bare") || mode == QLatin1String("--whole")) {
        application.installEventFilter(&filter);
        return mode == QLatin1String("--bare") ? startBare(application) : startWhole(application);
    }
    const QStringList wanted = QApplication::arguments().mid(1);
    if (wanted.isEmpty() || wanted.contains(QLatin1String("start")))
        measureStart();
    if (wanted.isEmpty() || wanted.contains(QLatin1String("live")))
        measureLive({}, kWatchSeconds, /*besideReplay=*/true);
    if (wanted.isEmpty() || wanted.contains(QLatin1String("many")))
        measureLive(kMany, kWatchManySeconds, /*besideReplay=*/false);
    return 0;
}
