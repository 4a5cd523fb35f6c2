// SPDX-License-Identifier: Apache-2.0
#include "ui/plots/plot_table_model.h"
#include "ui/plots/time_plot.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"

#include <QAbstractButton>
#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QDialog>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>
#include <QTimer>
#include <QWheelEvent>

#include <cmath>
#include <limits>

using namespace jetlag;
using namespace jetlag::ui;

namespace {

constexpr double kStart = 1'790'000'000;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

QList<PlotPanel> threePanels()
{
    return {{QStringLiteral("Throughput"),
             PlotUnit::Rate,
             {{QStringLiteral("published"), PlotColor::Published},
              {QStringLiteral("delivered"), PlotColor::Warning},
              {QStringLiteral("acked"), PlotColor::Good}},
             1.25},
            {QStringLiteral("Lag"),
             PlotUnit::Count,
             {{QStringLiteral("unprocessed"), PlotColor::Bad},
              {QStringLiteral("time lag"), PlotColor::Paused, PlotUnit::Seconds}}},
            {QStringLiteral("Offsets"),
             PlotUnit::Sequence,
             {{QStringLiteral("last"), PlotColor::Published},
              {QStringLiteral("delivered"), PlotColor::Warning, {}, true},
              {QStringLiteral("ack floor"), PlotColor::Good},
              {QStringLiteral("first"), PlotColor::Quiet}}}};
}

/// One point a second, `value(second)` each.
template <typename Value>
std::vector<PlotPoint> everySecond(int from, int to, Value value)
{
    std::vector<PlotPoint> points;
    for (int second = from; second <= to; ++second)
        points.push_back({kStart + second, value(second)});
    return points;
}

/// A collector that stops after two thirds of the time.
void tellStory(TimePlot& plot, int seconds)
{
    const int stop = seconds * 62 / 100;
    const auto wave = [](int at) { return 5000 + 400 * std::sin(at / 90.0) + 60 * std::sin(at * 1.7); };
    plot.setData(0, 0, everySecond(0, seconds, wave));
    plot.setData(0, 1, everySecond(0, seconds, [&](int at) { return at < stop ? wave(at) - 250 : 0; }));
    plot.setData(0, 2, everySecond(0, seconds, [&](int at) { return at < stop ? wave(at) - 420 : 0; }));
    plot.setData(
        1, 0, everySecond(0, seconds, [&](int at) { return at < stop ? 400 : 400 + (at - stop) * 3600.0; }));
    plot.setData(1, 1, everySecond(0, seconds, [&](int at) { return at < stop ? 0.4 : (at - stop) * 1.0; }));
    plot.setData(2, 0, everySecond(0, seconds, [](int at) { return 47'000'000 + at * 1300.0; }));
    plot.setData(2, 1,
                 everySecond(0, seconds, [&](int at) { return 46'999'000 + std::min(at, stop) * 1300.0; }));
    plot.setData(2, 2,
                 everySecond(0, seconds, [&](int at) { return 46'996'000 + std::min(at, stop) * 1300.0; }));
    plot.setData(2, 3, everySecond(0, seconds, [](int at) { return 46'400'000 + at * 600.0; }));
    plot.setMarks({{kStart + seconds * 0.34, QStringLiteral("leader n2→n3"), PlotColor::Paused},
                   {kStart + stop, QStringLiteral("no pulls"), PlotColor::Bad}});
}

void wheel(TimePlot& plot, const QPoint& place, int notches)
{
    QWheelEvent event(place, plot.mapToGlobal(place), {}, {0, 120 * notches}, Qt::NoButton, Qt::NoModifier,
                      Qt::NoScrollPhase, false);
    QApplication::sendEvent(&plot, &event);
    plot.refreshNow();
}

/// As the window system would send it; the real pointer of the platform is not needed.
void moveMouse(TimePlot& plot, const QPoint& place, Qt::MouseButtons buttons = Qt::NoButton)
{
    QMouseEvent event(QEvent::MouseMove, place, plot.mapToGlobal(place), Qt::NoButton, buttons,
                      Qt::NoModifier);
    QApplication::sendEvent(&plot, &event);
}

/// How many pixels of a picture have exactly this colour.
int pixelsOf(const QImage& picture, const QColor& color)
{
    int count = 0;
    for (int y = 0; y < picture.height(); ++y) {
        for (int x = 0; x < picture.width(); ++x)
            count += picture.pixelColor(x, y) == color ? 1 : 0;
    }
    return count;
}

QAbstractButton* pillOf(TimePlot& plot)
{
    for (auto* button : plot.findChildren<QAbstractButton*>()) {
        if (button->text() == QLatin1String("Live"))
            return button;
    }
    return nullptr;
}

} // namespace

class TestTimePlot : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        // Everything that Qt or QCustomPlot complains about is a defect.
        qInstallMessageHandler([](QtMsgType type, const QMessageLogContext&, const QString& text) {
            // The one thing the offscreen platform says about itself.
            const bool platform = text.contains(QLatin1String("propagateSizeHints"));
            if (type != QtDebugMsg && type != QtInfoMsg && !platform)
                qFatal("unexpected: %s", qPrintable(text));
        });
        Theme::instance().install(ThemeMode::Dark);
    }

    void init()
    {
        m_plot = std::make_unique<TimePlot>();
        m_plot->resize(1000, 420);
        m_plot->setPanels(threePanels());
        m_plot->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_plot.get()));
    }

    void cleanup() { m_plot.reset(); }

    void theLiveViewFollowsTheNewestPoint()
    {
        m_plot->setSpan(std::chrono::minutes(5));
        tellStory(*m_plot, 600);
        QVERIFY(m_plot->isLive());
        QCOMPARE(m_plot->viewTo(), kStart + 600);
        QCOMPARE(m_plot->viewFrom(), kStart + 300);
        tellStory(*m_plot, 601);
        QCOMPARE(m_plot->viewTo(), kStart + 601);
        m_plot->setNow(kStart + 603);
        QCOMPARE(m_plot->viewTo(), kStart + 603);
        m_plot->setNow(kStart + 1); // an echo of an older answer
        QCOMPARE(m_plot->viewTo(), kStart + 603);
    }

    void timeGoesOnWhenNothingComes()
    {
        tellStory(*m_plot, 600);
        QTRY_VERIFY_WITH_TIMEOUT(m_plot->viewTo() > kStart + 602, 30'000);
        const double last = m_plot->viewTo();
        QTimer echo; // who shows a lost connection says the last moment again and again
        connect(&echo, &QTimer::timeout, m_plot.get(), [this, last] { m_plot->setNow(last); });
        echo.start(100);
        QTRY_VERIFY_WITH_TIMEOUT(m_plot->viewTo() > last + 2, 30'000);
        QVERIFY(m_plot->isLive());
    }

    void aZoomedViewStandsStillWhileDataArrives()
    {
        tellStory(*m_plot, 900);
        m_plot->refreshNow();
        QSignalSpy spy(m_plot.get(), &TimePlot::liveChanged);
        QVERIFY(!pillOf(*m_plot)->isVisible());
        wheel(*m_plot, {500, 100}, 3);
        QCOMPARE(spy.size(), 1);
        QCOMPARE(spy.first().first().toBool(), false);
        QVERIFY(!m_plot->isLive());
        QVERIFY(pillOf(*m_plot)->isVisible());
        const double from = m_plot->viewFrom();
        const double to = m_plot->viewTo();
        QVERIFY(std::abs((to - from) - 900 * 0.8 * 0.8 * 0.8) < 0.01);
        tellStory(*m_plot, 960);
        m_plot->refreshNow();
        QCOMPARE(m_plot->viewFrom(), from);
        QCOMPARE(m_plot->viewTo(), to);

        QTest::mouseClick(pillOf(*m_plot), Qt::LeftButton);
        QVERIFY(m_plot->isLive());
        QVERIFY(!pillOf(*m_plot)->isVisible());
        QCOMPARE(m_plot->viewTo(), kStart + 960);
        QCOMPARE(m_plot->viewTo() - m_plot->viewFrom(), 900.0);
    }

    void theWheelKeepsWhatIsUnderTheMouse()
    {
        tellStory(*m_plot, 900);
        m_plot->refreshNow();
        const QPoint place(600, 100);
        const auto timeUnderMouse = [&] {
            QSignalSpy spy(m_plot.get(), &TimePlot::cursorMoved);
            moveMouse(*m_plot, QPoint(300, 100));
            moveMouse(*m_plot, place);
            return spy.isEmpty() ? QString()
                                 : spy.last().first().toString().section(QStringLiteral(" · "), 0, 0);
        };
        const QString before = timeUnderMouse();
        QVERIFY(!before.isEmpty());
        wheel(*m_plot, place, 5);
        QCOMPARE(timeUnderMouse(), before);
    }

    void draggingPansAndTheRightEndIsNow()
    {
        m_plot->setSpan(std::chrono::minutes(5));
        tellStory(*m_plot, 900);
        m_plot->refreshNow();
        const auto drag = [&](int from, int to) {
            QTest::mousePress(m_plot.get(), Qt::LeftButton, {}, QPoint(from, 100));
            moveMouse(*m_plot, QPoint(to, 100), Qt::LeftButton);
            QTest::mouseRelease(m_plot.get(), Qt::LeftButton, {}, QPoint(to, 100));
        };
        drag(400, 700);
        QVERIFY(!m_plot->isLive());
        QVERIFY(m_plot->viewTo() < kStart + 850);
        QVERIFY(std::abs(m_plot->viewTo() - m_plot->viewFrom() - 300) < 1e-3);
        drag(900, 100);
        QVERIFY(m_plot->isLive());
        QCOMPARE(m_plot->viewTo(), kStart + 900);
        for (int more = 0; more < 20; ++more)
            drag(100, 900);
        QVERIFY(m_plot->viewFrom() >= kStart - 1);
    }

    void doubleClickAndKeysReturnToLive_data()
    {
        QTest::addColumn<int>("key");
        QTest::newRow("double click") << 0;
        QTest::newRow("End") << static_cast<int>(Qt::Key_End);
        QTest::newRow("Home") << static_cast<int>(Qt::Key_Home);
    }

    void doubleClickAndKeysReturnToLive()
    {
        QFETCH(int, key);
        tellStory(*m_plot, 900);
        m_plot->refreshNow();
        QTest::keyClick(m_plot.get(), Qt::Key_Plus);
        QVERIFY(!m_plot->isLive());
        if (key == 0)
            QTest::mouseDClick(m_plot.get(), Qt::LeftButton, {}, QPoint(400, 200));
        else
            QTest::keyClick(m_plot.get(), static_cast<Qt::Key>(key));
        QVERIFY(m_plot->isLive());
        QCOMPARE(m_plot->viewTo(), kStart + 900);
    }

    void theReadOutIsTheNearestSampleNeverAValueBetween()
    {
        // Far apart on the screen: 4 samples in 40 s.
        m_plot->setSpan(std::chrono::seconds(40));
        m_plot->setGapAfter(std::chrono::seconds(15));
        m_plot->setData(0, 0, {{kStart, 100}, {kStart + 10, 900}, {kStart + 20, 100}, {kStart + 30, 300}});
        m_plot->setNow(kStart + 40);
        m_plot->refreshNow();
        QSignalSpy spy(m_plot.get(), &TimePlot::cursorMoved);
        QSet<QString> seen;
        for (int x = 60; x < 990; x += 7) {
            moveMouse(*m_plot, QPoint(x, 80));
            if (!spy.isEmpty())
                seen.insert(spy.last().first().toString().section(QStringLiteral(" · "), 1, 1));
        }
        seen.remove(QStringLiteral("published –")); // too far from any sample
        QCOMPARE(seen, (QSet<QString>{QStringLiteral("published 100/s"), QStringLiteral("published 900/s"),
                                      QStringLiteral("published 300/s")}));
    }

    void theKeyboardStepsFromSampleToSample()
    {
        tellStory(*m_plot, 900);
        m_plot->setData(0, 0, everySecond(0, 900, [](int at) { return at * 1.0; }));
        m_plot->refreshNow();
        QSignalSpy spy(m_plot.get(), &TimePlot::cursorMoved);
        const auto said = [&] { return spy.isEmpty() ? QString() : spy.last().first().toString(); };
        QTest::keyClick(m_plot.get(), Qt::Key_Left);
        QVERIFY2(said().contains(QStringLiteral("published 900/s")), qPrintable(said()));
        QTest::keyClick(m_plot.get(), Qt::Key_Left);
        QVERIFY2(said().contains(QStringLiteral("published 899/s")), qPrintable(said()));
        QTest::keyClick(m_plot.get(), Qt::Key_Left, Qt::ShiftModifier);
        QVERIFY2(said().contains(QStringLiteral("published 889/s")), qPrintable(said()));
        QTest::keyClick(m_plot.get(), Qt::Key_Right);
        QVERIFY2(said().contains(QStringLiteral("published 890/s")), qPrintable(said()));
        QCOMPARE(m_plot->accessibleDescription(), said());
        const ServerTime moment{std::chrono::seconds(static_cast<std::int64_t>(kStart) + 890)};
        QVERIFY(said().startsWith(clockTime(moment)));
        // The other panels' values are said when they are chosen.
        QTest::keyClick(m_plot.get(), Qt::Key_Down);
        QTest::keyClick(m_plot.get(), Qt::Key_Down);
        QVERIFY2(said().contains(QStringLiteral("last ") + exact(47'000'000 + 890 * 1300)),
                 qPrintable(said()));
        QTest::keyClick(m_plot.get(), Qt::Key_Escape);
        QCOMPARE(said(), QString());
    }

    void theCursorFollowsAResizedAndMovingView()
    {
        tellStory(*m_plot, 900);
        m_plot->refreshNow();
        moveMouse(*m_plot, QPoint(300, 80));
        moveMouse(*m_plot, QPoint(500, 80));
        QSignalSpy spy(m_plot.get(), &TimePlot::cursorMoved);
        tellStory(*m_plot, 930);
        m_plot->refreshNow();
        QCOMPARE(spy.size(), 1); // the mouse rests, what is below it is later by 30 s
        QEvent leave(QEvent::Leave);
        QApplication::sendEvent(m_plot.get(), &leave);
        QCOMPARE(spy.last().first().toString(), QString());
    }

    void gapsStayOpen_data()
    {
        QTest::addColumn<bool>("unknown");
        QTest::newRow("unknown values") << true;
        QTest::newRow("no samples") << false;
    }

    void gapsStayOpen()
    {
        QFETCH(bool, unknown);
        m_plot->setPanels(
            {{QStringLiteral("Lag"), PlotUnit::Count, {{QStringLiteral("lag"), PlotColor::Bad}}}});
        const auto columnsWithLine = [&](const std::vector<PlotPoint>& points) {
            m_plot->setData(0, 0, points);
            m_plot->refreshNow();
            const QImage picture = m_plot->grab().toImage();
            int columns = 0;
            for (int x = 0; x < picture.width(); ++x) {
                // Below the legend, whose dash has the same colour.
                const QImage column = picture.copy(x, 40, 1, picture.height() - 40);
                columns += pixelsOf(column, colors().bad) > 0 ? 1 : 0;
            }
            return columns;
        };
        std::vector<PlotPoint> points = everySecond(0, 900, [](int) { return 50.0; });
        const int whole = columnsWithLine(points);
        QVERIFY(whole > 850);
        if (unknown) {
            for (int at = 300; at < 600; ++at)
                points[static_cast<std::size_t>(at)].value = kNaN;
        } else {
            points.erase(points.begin() + 300, points.begin() + 600);
        }
        const int open = columnsWithLine(points);
        QVERIFY2(std::abs(open - whole * 2 / 3) < 8, qPrintable(QString::number(open)));
    }

    void marksStandInAllPanelsAndLeadSomewhere()
    {
        tellStory(*m_plot, 900);
        m_plot->refreshNow();
        const int with = pixelsOf(m_plot->grab().toImage(), colors().bad);
        QSignalSpy spy(m_plot.get(), &TimePlot::markClicked);
        // By the time it has: 62 % of the time area.
        for (int x = 500; x < 800 && spy.isEmpty(); ++x)
            QTest::mouseClick(m_plot.get(), Qt::LeftButton, {}, QPoint(x, 150));
        QCOMPARE(spy.size(), 1);
        QCOMPARE(spy.first().first().toInt(), 1);
        m_plot->setMarks({});
        m_plot->refreshNow();
        // Dashes of 3 in 5 pixels over three panels of about 300 pixels together.
        QVERIFY(with - pixelsOf(m_plot->grab().toImage(), colors().bad) > 120);
        QTest::mouseClick(m_plot.get(), Qt::LeftButton, {}, QPoint(640, 150));
        QCOMPARE(spy.size(), 1);
    }

    // An advisory a second.
    void aRunOfTheSameMarksIsNamedOnce()
    {
        tellStory(*m_plot, 900);
        const double now = m_plot->viewTo();
        const auto pictureOf = [&](const QString& other, double apart) {
            QList<PlotMark> marks;
            for (int i = 0; i < 8; ++i)
                marks.append({.at = now - 800 + i * apart,
                              .word = i == 0 ? QStringLiteral("terminated") : other,
                              .color = PlotColor::Bad});
            m_plot->setMarks(marks);
            m_plot->refreshNow();
            return m_plot->grab().toImage();
        };
        QVERIFY(pictureOf(QStringLiteral("terminated"), 5) == pictureOf({}, 5));
        QVERIFY(pictureOf(QStringLiteral("stopped"), 5) != pictureOf({}, 5));
        QVERIFY(pictureOf(QStringLiteral("terminated"), 100) != pictureOf({}, 100));
    }

    void aHiddenPanelComesBackWithItsData()
    {
        tellStory(*m_plot, 900);
        m_plot->refreshNow();
        const QImage before = m_plot->grab().toImage();
        m_plot->setPanelVisible(2, false);
        m_plot->refreshNow();
        QVERIFY(!m_plot->isPanelVisible(2));
        QVERIFY(m_plot->grab().toImage() != before);
        m_plot->setPanelVisible(2, true);
        m_plot->refreshNow();
        QVERIFY(m_plot->grab().toImage() == before);
    }

    void aChangeOfThemeRecolours()
    {
        tellStory(*m_plot, 900);
        m_plot->refreshNow();
        QVERIFY(pixelsOf(m_plot->grab().toImage(), darkPalette().panel) > 200'000);
        Theme::instance().setMode(ThemeMode::Light);
        m_plot->refreshNow();
        const QImage light = m_plot->grab().toImage();
        Theme::instance().setMode(ThemeMode::Dark);
        QVERIFY(pixelsOf(light, lightPalette().panel) > 200'000);
        QVERIFY(pixelsOf(light, lightPalette().accent) > 500);
        QCOMPARE(pixelsOf(light, darkPalette().accent), 0);
    }

    void anEmptyPlotTakesEverything()
    {
        m_plot->setEmptyText(QStringLiteral("Select a collector"));
        QSignalSpy live(m_plot.get(), &TimePlot::liveChanged);
        QSignalSpy cursor(m_plot.get(), &TimePlot::cursorMoved);
        wheel(*m_plot, {500, 100}, 3);
        moveMouse(*m_plot, QPoint(400, 100));
        for (const Qt::Key key : {Qt::Key_Left, Qt::Key_Right, Qt::Key_Up, Qt::Key_Down, Qt::Key_Plus,
                                  Qt::Key_Minus, Qt::Key_End, Qt::Key_Escape})
            QTest::keyClick(m_plot.get(), key);
        m_plot->setMarks({{kStart, QStringLiteral("early"), PlotColor::Bad}});
        m_plot->setPanels({});
        m_plot->refreshNow();
        QVERIFY(!m_plot->grab().isNull());
        QCOMPARE(live.size(), 0);
        QVERIFY(m_plot->isLive());
        for (const QList<QVariant>& said : cursor)
            QCOMPARE(said.first().toString(), QString());
    }

    void onlyUnknownOrASinglePoint()
    {
        m_plot->setData(0, 0, {{kStart, kNaN}});
        m_plot->refreshNow();
        m_plot->setData(0, 0, {{kStart, 0}});
        m_plot->setData(2, 0, {{kStart, 0}});
        m_plot->refreshNow();
        QTest::keyClick(m_plot.get(), Qt::Key_Left);
        m_plot->clear();
        m_plot->refreshNow();
        QVERIFY(m_plot->isLive());
        // Another server whose clock is behind.
        m_plot->setData(0, 0, {{kStart - 5000, 1}});
        QCOMPARE(m_plot->viewTo(), kStart - 5000);
    }

    void theTableHoldsTheSameNumbers()
    {
        PlotScene scene;
        scene.setPanels(threePanels());
        scene.panel(0).lines[0] = {{kStart, 10}, {kStart + 1, kNaN}, {kStart + 2, 30}};
        scene.panel(1).lines[1] = {{kStart + 2, 72}};
        scene.panel(2).lines[0] = {{kStart + 1, 47'311'905}};
        const PlotTableModel model(scene);
        QAbstractItemModelTester tester(const_cast<PlotTableModel*>(&model),
                                        QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.columnCount(), 10);
        const auto text = [&](int row, int column) { return model.index(row, column).data().toString(); };
        QCOMPARE(text(0, 1), rate(10));
        QCOMPARE(text(1, 1), notApplicable());
        QCOMPARE(text(2, 1), rate(30));
        QCOMPARE(text(0, 5), notApplicable());
        QCOMPARE(text(2, 5), duration(72));
        QCOMPARE(text(1, 6), exact(47'311'905));
        QCOMPARE(model.headerData(6, Qt::Horizontal, Qt::DisplayRole).toString(),
                 QStringLiteral("Offsets: last"));
        const QStringList lines = model.csv().split(QLatin1Char('\n'));
        QCOMPARE(lines[0],
                 QStringLiteral("time,\"Throughput: published\",\"Throughput: delivered\",\"Throughput: "
                                "acked\",\"Lag: unprocessed\",\"Lag: time lag\",\"Offsets: "
                                "last\",\"Offsets: delivered\",\"Offsets: ack floor\",\"Offsets: first\""));
        QCOMPARE(lines[1], QStringLiteral("2026-09-21T14:13:20Z,10,,,,,,,,"));
        QCOMPARE(lines[2], QStringLiteral("2026-09-21T14:13:21Z,,,,,,47311905,,,"));
        QCOMPARE(lines[3], QStringLiteral("2026-09-21T14:13:22Z,30,,,,72,,,,"));
        const PlotTableModel nothing(PlotScene{});
        QCOMPARE(nothing.rowCount(), 0);
        QCOMPARE(nothing.csv(), QStringLiteral("time\n"));
    }

    void theTableOpensByKeyAndCopies()
    {
        m_plot->setData(0, 0, {{kStart, 10}});
        QTest::keyClick(m_plot.get(), Qt::Key_T);
        QPointer<QDialog> dialog = m_plot->findChild<QDialog*>();
        QVERIFY(dialog);
        QVERIFY(QTest::qWaitForWindowExposed(dialog));
        QCOMPARE(dialog->findChild<QTableView*>()->model()->rowCount(), 1);
        for (auto* button : dialog->findChildren<QPushButton*>()) {
            if (button->text().contains(QLatin1String("CSV")))
                button->click();
        }
        QVERIFY(QApplication::clipboard()->text().contains(QLatin1String("T14:13:20Z,10,")));
        dialog->accept();
        QTRY_VERIFY_WITH_TIMEOUT(!dialog, 20'000);
    }

    /// JETLAG_PICTURES=<folder> keeps what it looks like.
    void pictures()
    {
        const QString folder = qEnvironmentVariable("JETLAG_PICTURES");
        if (folder.isEmpty())
            QSKIP("no folder for pictures given");
        for (const auto& [mode, name] :
             {std::pair(ThemeMode::Dark, "dark"), std::pair(ThemeMode::Light, "light")}) {
            Theme::instance().setMode(mode);
            for (const QSize size : {QSize(1000, 420), QSize(900, 250)}) {
                const auto keep = [&](const char* what) {
                    m_plot->refreshNow();
                    m_plot->grab().save(QStringLiteral("%1/%2-%3-%4.png")
                                            .arg(folder, QLatin1String(what), QLatin1String(name))
                                            .arg(size.width()));
                };
                m_plot->clear();
                m_plot->resize(size);
                m_plot->setPanelVisible(2, size.height() > 300);
                keep("empty");
                tellStory(*m_plot, 900);
                keep("live");
                moveMouse(*m_plot, QPoint(300, 80));
                moveMouse(*m_plot, QPoint(760, 80));
                keep("cursor");
                wheel(*m_plot, {600, 80}, 8);
                std::vector<PlotPoint> holed =
                    everySecond(0, 900, [](int at) { return 5000 + 30.0 * (at % 7); });
                holed.erase(holed.begin() + 560, holed.begin() + 600);
                m_plot->setData(0, 0, holed);
                m_plot->setFocus(Qt::TabFocusReason);
                moveMouse(*m_plot, QPoint(800, 180));
                keep("zoomed");
                m_plot->goLive();
                m_plot->clearFocus();
                QEvent leave(QEvent::Leave);
                QApplication::sendEvent(m_plot.get(), &leave);
            }
        }
        Theme::instance().setMode(ThemeMode::Dark);
    }

private:
    std::unique_ptr<TimePlot> m_plot;
};

QTEST_MAIN(TestTimePlot)
#include "tst_time_plot.moc"
