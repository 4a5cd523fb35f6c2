// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fake_services.h"
#include "ui/plots/history_plot.h"
#include "ui/plots/history_values.h"
#include "ui/plots/time_plot.h"
#include "ui/theme/theme.h"
#include "ui/widgets/segments.h"

#include <QAbstractButton>
#include <QLabel>
#include <QSet>
#include <QSettings>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <cmath>

using namespace jetlag;
using namespace jetlag::test;
using namespace jetlag::ui;
using namespace std::chrono_literals;

namespace {

constexpr int kPatienceMs = 20'000;
/// Of the clock that the tests' reports have.
constexpr ServerTime kNow = kReportTime;
constexpr auto kKept = 70h;

/// A past with a rhythm of its own: rates between 0 and 10 k, a lag that grows by day.
HistorySeries past(const HistoryQuery& query)
{
    HistorySeries series;
    series.oldest = kNow - kKept;
    series.states = {{1, {"keeping-up", "none"}}, {2, {"slow", "slow"}}, {3, {"stopped", "no-pulls"}}};
    const ServerTime from = std::max(query.from, series.oldest);
    const ServerTime to = std::min(query.to, kNow - 2s);
    const auto step = std::max<std::chrono::nanoseconds>((query.to - query.from) / query.maxPoints, 1s);
    for (const HistoryValue value : query.values) {
        std::vector<HistoryPoint> line;
        for (ServerTime at = from; at <= to; at += step) {
            const double hours = std::chrono::duration<double, std::ratio<3600>>(kNow - at).count();
            const double wave = 5000 + 4000 * std::sin(hours * 1.7) + 300 * std::sin(hours * 800);
            double shownValue = wave;
            if (value == HistoryValue::State)
                shownValue = hours < 1 ? 3 : hours < 20 ? 2 : 1;
            else if (value == HistoryValue::LastSequence)
                shownValue = 50e6 - hours * 4e5;
            else if (value == HistoryValue::Lag)
                shownValue = std::max(0.0, 20 - hours) * 2000;
            const double reach = step > 1s && value != HistoryValue::State ? shownValue * 0.3 : 0;
            line.push_back({at, shownValue, shownValue - reach, shownValue + reach});
        }
        series.lines.push_back(std::move(line));
    }
    return series;
}

} // namespace

class TestHistoryPlot final : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<FakeHistoryService> m_history;
    std::unique_ptr<HistoryPlot> m_plot;
    RecentHistory m_recent;
    ClusterReport m_report;

    [[nodiscard]] HistorySubject subject() const
    {
        return {"prod", m_report.collectors.front().consumer.stream,
                m_report.collectors.front().consumer.name};
    }
    void report()
    {
        m_report = later(std::move(m_report), 1s);
        m_recent.add(m_report);
        m_plot->addReport(m_report, m_recent);
    }
    /// The newest question about the collector's own lines.
    [[nodiscard]] HistoryQuery lastQuestion() const
    {
        return m_history->asked.request(m_history->asked.count() - 1);
    }
    [[nodiscard]] double hours(ServerTime from, ServerTime to) const
    {
        return std::chrono::duration<double, std::ratio<3600>>(to - from).count();
    }
    void choose(const char* word)
    {
        for (QAbstractButton* button : m_plot->findChildren<QAbstractButton*>()) {
            if (button->text() == QLatin1String(word))
                return button->click();
        }
        QFAIL("no such button");
    }
    [[nodiscard]] bool says(const char* words) const
    {
        return std::ranges::any_of(m_plot->findChildren<QLabel*>(), [&](const QLabel* label) {
            return label->text().contains(QLatin1String(words));
        });
    }
    [[nodiscard]] bool isAsked(std::size_t more) const
    {
        return QTest::qWaitFor([&] { return m_history->asked.count() >= more; }, kPatienceMs);
    }
    /// What the cursor says after a key.
    [[nodiscard]] QString readOut(Qt::Key key)
    {
        QSignalSpy moved(m_plot.get(), &HistoryPlot::cursorMoved);
        QTest::keyClick(&m_plot->plot(), key);
        return moved.isEmpty() ? QString() : moved.last().first().toString();
    }

    /// What the cursor says on the newest sample.
    [[nodiscard]] QString newestReadOut()
    {
        QString last = readOut(Qt::Key_Left);
        for (int i = 0; i < 500; ++i) {
            const QString next = readOut(Qt::Key_Right);
            if (next.isEmpty() || next == last)
                break;
            last = next;
        }
        return last;
    }
    /// The lag with both sides, and nothing else.
    void showLag()
    {
        HistoryLine truth{HistoryValue::Lag,
                          {.name = QStringLiteral("unprocessed"), .color = PlotColor::Bad},
                          LagSide::Truth};
        HistoryLine server{HistoryValue::Lag,
                           {.name = QStringLiteral("the server says"), .color = PlotColor::Quiet},
                           LagSide::Misled};
        server.look.occasional = server.look.dashed = true;
        m_plot->setPanels(
            {{.title = QStringLiteral("Lag"), .unit = PlotUnit::Count, .lines = {truth, server}}});
    }
    /// The next report: the server's lag is `lag`, and by its rules in truth `truth` (nullopt = nobody
    /// knows).
    void reportMisled(std::optional<double> truth, std::uint64_t lag = 0)
    {
        const std::string name = subject().collector;
        m_report = later(std::move(m_report), 1s);
        CollectorReport& row = *std::ranges::find_if(
            m_report.collectors, [&](const CollectorReport& one) { return one.consumer.name == name; });
        auto diagnosis = std::make_shared<Diagnosis>();
        diagnosis->cause = Cause::Stranded;
        diagnosis->counter = CounterTruth{"lag 0", "in truth more", "It counts less.", true, truth};
        row.lag = lag;
        row.diagnosis = diagnosis;
        row.verdict = "stuck";
        row.cause = "stranded";
        m_recent.add(m_report);
        m_plot->addReport(m_report, m_recent);
    }

private slots:
    void initTestCase() { Theme::instance().install(ThemeMode::Dark); }
    void init()
    {
        QSettings().remove(QStringLiteral("plots/times"));
        m_recent.clear();
        m_report = reportWith(3);
        m_report.at = kNow - 4s;
        for (CollectorReport& row : m_report.collectors)
            row.consumer.placement.leader = "n2";
        m_history = std::make_unique<FakeHistoryService>();
        m_history->asked.answer = [](const HistoryQuery& query) {
            return std::optional(Result(past(query)));
        };
        m_plot = std::make_unique<HistoryPlot>(*m_history);
        m_plot->setPanels({{.title = QStringLiteral("Throughput"),
                            .unit = PlotUnit::Rate,
                            .lines = {{HistoryValue::InRate, {.name = QStringLiteral("published")}},
                                      {HistoryValue::AckedRate,
                                       {.name = QStringLiteral("acked"), .color = PlotColor::Good}}}},
                           {.title = QStringLiteral("Lag"),
                            .unit = PlotUnit::Count,
                            .lines = {{HistoryValue::Lag,
                                       {.name = QStringLiteral("unprocessed"), .color = PlotColor::Bad}}}},
                           {.title = QStringLiteral("Offsets"),
                            .unit = PlotUnit::Sequence,
                            .lines = {{HistoryValue::LastSequence, {.name = QStringLiteral("last")}}}}});
        m_plot->resize(900, 520);
        m_plot->show();
        report();
    }
    void cleanup()
    {
        m_plot.reset();
        m_history.reset();
    }

    void whereTheServerMisleadsBothNumbersStandThere()
    {
        showLag();
        report();
        for (int i = 0; i < 3; ++i)
            reportMisled(5);
        m_history->asked.answer = [](const HistoryQuery&) { return std::optional(Result(HistorySeries())); };
        m_plot->setSubject(subject(), m_recent); // what was seen before it was chosen, too
        reportMisled(7);
        m_plot->plot().refreshNow();
        const QString now = readOut(Qt::Key_Left);
        QVERIFY2(now.contains(QStringLiteral("unprocessed 7 · the server says 0")), qPrintable(now));
        const QString before = readOut(Qt::Key_Left);
        QVERIFY2(before.contains(QStringLiteral("unprocessed 5 · the server says 0")), qPrintable(before));
        QString first;
        for (int i = 0; i < 3; ++i)
            first = readOut(Qt::Key_Left);
        QVERIFY2(!first.contains(QStringLiteral("the server says")), qPrintable(first)); // it was right
        QVERIFY(first.contains(QStringLiteral("unprocessed ")));
        // Nobody knows how many: then the truth is a gap. What misleads about something else is no second
        // line.
        reportMisled(std::nullopt, 3);
        QString other = newestReadOut();
        QVERIFY2(other.contains(QStringLiteral("unprocessed – · the server says 3")), qPrintable(other));
        auto idle = std::make_shared<Diagnosis>();
        idle->cause = Cause::Idle;
        idle->counter = CounterTruth{"lag 3, nothing published", "producers are refused", "It is full."};
        for (CollectorReport& row : m_report.collectors)
            row.diagnosis = idle;
        report();
        other = newestReadOut();
        QVERIFY2(other.contains(QStringLiteral("unprocessed ")), qPrintable(other));
        QVERIFY2(!other.contains(QStringLiteral("the server says")), qPrintable(other));
    }

    void thePastKnowsTheServersNumberAlone()
    {
        // It has misled for an hour: the history holds the verdict and the server's number.
        m_history->asked.answer = [](const HistoryQuery& query) {
            HistorySeries series;
            series.oldest = kNow - 2h;
            series.states = {{1, {"keeping-up", "none"}}, {2, {"stuck", "stranded"}}};
            for (const HistoryValue value : query.values) {
                std::vector<HistoryPoint> line;
                for (ServerTime at = kNow - 10min; at <= kNow - 60s; at += 10s) {
                    const bool misled = at >= kNow - 5min;
                    const double known = value == HistoryValue::State ? (misled ? 2 : 1) : misled ? 0 : 40;
                    line.push_back({at, known, known, known});
                }
                series.lines.push_back(std::move(line));
            }
            return std::optional(Result(std::move(series)));
        };
        showLag();
        QVERIFY(m_recent.collector({subject().stream, subject().collector}) != nullptr);
        m_plot->setSubject(subject(), m_recent);
        reportMisled(6);
        QVERIFY(isAsked(1));
        const HistoryQuery query = lastQuestion();
        QVERIFY(query.values == (std::vector{HistoryValue::Lag, HistoryValue::State})); // once, not twice
        QTRY_VERIFY_WITH_TIMEOUT(m_plot->plot().viewFrom() > 0 &&
                                     readOut(Qt::Key_Left).contains(QStringLiteral("in truth since ")),
                                 kPatienceMs);
        QString words = newestReadOut();
        QVERIFY2(words.contains(QStringLiteral(" 6 · the server says 0")), qPrintable(words));
        for (int i = 0; i < 200; ++i) {
            words = readOut(Qt::Key_Left);
            if (words.contains(QStringLiteral("– · the server says")))
                break; // the truth of then is not known, and not made up
        }
        QVERIFY2(words.contains(QStringLiteral("– · the server says 0")), qPrintable(words));
        for (int i = 0; i < 60 && words.contains(QStringLiteral("the server says")); ++i)
            words = readOut(Qt::Key_Left);
        QVERIFY2(words.contains(QStringLiteral(" 40")), qPrintable(words)); // before that it was right
    }

    void aSubjectBringsItsPast()
    {
        m_plot->setSubject(subject(), m_recent);
        QVERIFY(isAsked(2)); // of the stream and of the collector
        const HistoryQuery question = lastQuestion();
        QCOMPARE(question.connection, std::string("prod"));
        QCOMPARE(question.collector, subject().collector);
        QVERIFY((question.values == std::vector{HistoryValue::AckedRate, HistoryValue::Lag}));
        QVERIFY(m_history->asked.request(0).collector.empty());
        QVERIFY(hours(question.from, kNow) > 0.25 && hours(question.from, kNow) < 0.6);
        QTRY_VERIFY_WITH_TIMEOUT(readOut(Qt::Key_Left).contains(QStringLiteral("published")), kPatienceMs);
        // The same again asks nothing.
        const std::size_t asked = m_history->asked.count();
        m_plot->setSubject(subject(), m_recent);
        QCOMPARE(m_history->asked.count(), asked);
    }

    void whatIsLiveIsThereAtOnceAndGoesOn()
    {
        m_history->asked.answer = nullptr; // the past never comes
        for (int i = 0; i < 5; ++i)
            report();
        m_plot->setSubject(subject(), m_recent);
        QVERIFY(readOut(Qt::Key_Left).contains(QStringLiteral("acked")));
        report();
        QVERIFY(!readOut(Qt::Key_Left).isEmpty());
    }

    void rangesAskForWhatTheyShow()
    {
        m_plot->setSubject(subject(), m_recent);
        QVERIFY(isAsked(2));
        for (const auto& [word, length] :
             {std::pair{"1 h", 1.0}, {"6 h", 6.0}, {"2 d", 48.0}, {"60 d", 1440.0}}) {
            const std::size_t before = m_history->asked.count();
            choose(word);
            QVERIFY2(isAsked(before + 2), word);
            const HistoryQuery question = lastQuestion();
            QVERIFY(hours(question.from, kNow) >= length);
            QVERIFY(hours(question.from, kNow) <= length * 2.1);
            QVERIFY(question.maxPoints >= 400 && question.maxPoints < 5000);
            QVERIFY(m_plot->plot().isLive());
        }
        // No more than there is: the view holds what is kept, not sixty days of nothing.
        QTRY_VERIFY_WITH_TIMEOUT(std::abs(m_plot->plot().viewTo() - m_plot->plot().viewFrom() - 604'800) < 10,
                                 kPatienceMs);
    }

    void zoomingInAsksForMoreDetail()
    {
        m_plot->setSubject(subject(), m_recent);
        QVERIFY(isAsked(2));
        choose("2 d");
        QVERIFY(isAsked(4));
        QTRY_VERIFY_WITH_TIMEOUT(m_plot->plot().viewTo() - m_plot->plot().viewFrom() > 100'000, kPatienceMs);
        const double from = toPlotTime(kNow - 30h);
        m_plot->plot().setView(from, from + 600);
        QVERIFY(isAsked(6));
        const HistoryQuery question = lastQuestion();
        QVERIFY(toPlotTime(question.from) <= from && toPlotTime(question.to) >= from + 600);
        QVERIFY(hours(question.from, question.to) < 1);
        // A little to the side is there already.
        const std::size_t before = m_history->asked.count();
        QTest::qWait(200);
        m_plot->plot().setView(from + 60, from + 660);
        QTest::qWait(300);
        QCOMPARE(m_history->asked.count(), before);
    }

    void anotherSubjectForgetsTheFirst()
    {
        m_history->asked.answer = nullptr;
        m_plot->setSubject(subject(), m_recent);
        QVERIFY(isAsked(2));
        const auto first = m_history->asked.job(0);
        HistorySubject other = subject();
        other.collector = "another";
        m_plot->setSubject(other, m_recent);
        QVERIFY(isAsked(4));
        QVERIFY(first->isCancelled());
        m_plot->setSubject(std::nullopt, m_recent);
        QVERIFY(m_history->asked.job(2)->isCancelled());
        report();
        QVERIFY(readOut(Qt::Key_Left).isEmpty());
    }

    void marksComeWithTheirSentence()
    {
        HistoryMark mark{.at = kNow - 5min,
                         .kind = MarkKind::Verdict,
                         .stream = subject().stream,
                         .collector = subject().collector,
                         .word = "slow",
                         .detail = "slow (slow); it was keeping-up",
                         .verdict = "slow"};
        m_history->addMark("prod", mark);
        m_plot->setSubject(subject(), m_recent);
        QVERIFY(isAsked(2));
        QSignalSpy clicked(m_plot.get(), &HistoryPlot::markClicked);
        TimePlot& plot = m_plot->plot();
        QTRY_VERIFY_WITH_TIMEOUT(plot.viewTo() - plot.viewFrom() > 800, kPatienceMs);
        const auto click = [&] {
            plot.refreshNow();
            for (int x = 60; x < plot.width() && clicked.isEmpty(); x += 5)
                QTest::mouseClick(&plot, Qt::LeftButton, {}, {x, 60});
            return !clicked.isEmpty();
        };
        QTRY_VERIFY_WITH_TIMEOUT(click(), kPatienceMs);
        QCOMPARE(clicked.first().first().value<HistoryMark>().word, std::string("slow"));
        const PlotMark shownMark = toPlotMark(mark);
        QVERIFY(shownMark.color == PlotColor::Warning);
        QVERIFY(shownMark.detail.endsWith(QStringLiteral("slow (slow); it was keeping-up")));
        // One that comes now is fetched by itself.
        const std::size_t before = m_history->asked.count();
        m_history->addMark("prod", mark);
        QVERIFY(isAsked(before + 2));
    }

    void aFloodOfAdvisoriesHidesNoVerdict()
    {
        HistoryMark mark{.at = kNow - 10min,
                         .kind = MarkKind::Verdict,
                         .stream = subject().stream,
                         .collector = subject().collector,
                         .word = "lost",
                         .verdict = "lost"};
        m_history->addMark("prod", mark);
        mark.kind = MarkKind::Advisory;
        mark.word = "terminated";
        for (int i = 0; i < 1'000; ++i) {
            mark.at = kNow - 9min + i * 500ms;
            m_history->addMark("prod", mark);
        }
        Past loaded;
        PastLoader loader(*m_history, [&loaded](Past past) { loaded = std::move(past); });
        loader.load({.subject = subject(),
                     .ofCollector = {HistoryValue::Lag},
                     .ofStream = {},
                     .from = toPlotTime(kNow - 15min),
                     .to = toPlotTime(kNow)});
        QTRY_VERIFY_WITH_TIMEOUT(!loader.isLoading(), kPatienceMs);
        QCOMPARE(loaded.marks.front().word, std::string("lost"));
        QVERIFY2(loaded.marks.size() > 10 && loaded.marks.size() < 40,
                 qPrintable(QString::number(loaded.marks.size())));
        QVERIFY(std::ranges::is_sorted(loaded.marks, {}, &HistoryMark::at));
        QVERIFY(loaded.marks.back().word.starts_with("terminated ×"));
    }

    // Somebody reads another page for a while: no hole is left of that.
    void whatCameWhileNobodyLookedIsNoGap()
    {
        m_history->asked.answer = [](const HistoryQuery&) { return std::optional(Result(HistorySeries())); };
        m_history->setHealth({.note = "The past is there."});
        m_plot->setSubject(subject(), m_recent);
        report();
        QTRY_VERIFY_WITH_TIMEOUT(says("The past is there."), kPatienceMs);
        m_plot->hide();
        for (int i = 0; i < 12; ++i) {
            m_report = later(std::move(m_report), 1s);
            m_recent.add(m_report);
        }
        const std::size_t before = m_history->asked.count();
        m_plot->show();
        QVERIFY(isAsked(before + 2)); // what left memory, and new marks
        report();
        QSet<QString> seen;
        for (int i = 0; i < 15; ++i) {
            const QString words = readOut(Qt::Key_Left);
            if (!words.isEmpty() && !words.contains(QStringLiteral("–")))
                seen.insert(words);
        }
        QVERIFY2(seen.size() >= 13, qPrintable(QString::number(seen.size())));
    }

    void timesAsOneLikes()
    {
        m_plot->setSubject(subject(), m_recent);
        QVERIFY(isAsked(2));
        QTRY_VERIFY_WITH_TIMEOUT(!readOut(Qt::Key_Left).isEmpty(), kPatienceMs);
        choose("UTC");
        QVERIFY(readOut(Qt::Key_Left).contains(QStringLiteral("UTC")));
        choose("Ago");
        QVERIFY(readOut(Qt::Key_Left).contains(QStringLiteral(" ago")));
        // Remembered.
        HistoryPlot other(*m_history);
        QCOMPARE(other.findChildren<Segments*>().last()->current(), 2);
    }

    void whatIsWrongIsSaid()
    {
        m_history->setHealth({.problem = "The history is not being kept: no space left. It is tried again."});
        m_plot->setSubject(subject(), m_recent);
        QTRY_VERIFY_WITH_TIMEOUT(says("no space left"), kPatienceMs);
        m_history->setHealth({});
        m_history->asked.answer = [](const HistoryQuery&) {
            return std::optional(
                Result<HistorySeries>(Error(ErrorCode::Corrupt, "history.sqlite is damaged")));
        };
        choose("6 h");
        QTRY_VERIFY_WITH_TIMEOUT(says("history.sqlite is damaged"), kPatienceMs);
        QVERIFY(!readOut(Qt::Key_Left).isEmpty()); // what is live stays
    }

    void lanesSayWhatWasSo()
    {
        m_plot->setLanes(true);
        m_history->addMark("prod", {.at = kNow - 10h,
                                    .kind = MarkKind::Leader,
                                    .stream = subject().stream,
                                    .collector = subject().collector,
                                    .word = "leader n2",
                                    .verdict = "n2",
                                    .verdictBefore = "n1"});
        m_plot->setSubject(subject(), m_recent);
        QVERIFY(isAsked(2));
        QVERIFY(lastQuestion().values.back() == HistoryValue::State);
        choose("2 d");
        QVERIFY(isAsked(4));
        report();
        QTRY_VERIFY_WITH_TIMEOUT(readOut(Qt::Key_Left).contains(QStringLiteral("no pulls")) &&
                                     readOut(Qt::Key_Left).contains(QStringLiteral("n2")),
                                 kPatienceMs);
        m_plot->setLanes(false);
        QVERIFY(!readOut(Qt::Key_Left).contains(QStringLiteral("no pulls")));
    }

    void pictures()
    {
        const QString folder = qEnvironmentVariable("JETLAG_PICTURES");
        if (folder.isEmpty())
            QSKIP("no folder for pictures given");
        lanesSayWhatWasSo();
        m_plot->setLanes(true);
        for (int i = 0; i < 3; ++i)
            m_history->addMark("prod", {.at = kNow - (5h + i * 7h),
                                        .kind = i == 1 ? MarkKind::Config : MarkKind::Verdict,
                                        .stream = subject().stream,
                                        .collector = subject().collector,
                                        .word = i == 1 ? "config" : "slow",
                                        .detail = "a sentence",
                                        .verdict = "slow"});
        QTest::qWait(3000);
        for (const ThemeMode mode : {ThemeMode::Dark, ThemeMode::Light}) {
            Theme::instance().install(mode);
            QTest::qWait(200);
            m_plot->grab().save(folder + (mode == ThemeMode::Dark ? QStringLiteral("/history-dark.png")
                                                                  : QStringLiteral("/history-light.png")));
        }
    }
};

QTEST_MAIN(TestHistoryPlot)
#include "tst_history_plot.moc"
