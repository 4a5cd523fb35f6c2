// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/event_scenes.h"
#include "tests/ui/ui_test.h"
#include "ui/bridge/live_session.h"
#include "ui/pages/pages.h"
#include "ui/theme/theme.h"
#include "ui/widgets/record_table.h"
#include "ui/window/main_window.h"
#include "ui/window/shortcut_sheet.h"

#include <QAbstractButton>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include <array>

using namespace jetlag;
using namespace jetlag::test;
using namespace jetlag::ui;

namespace {

constexpr std::array kAllPages{PageId::Overview, PageId::Diagnosis, PageId::Messages,
                               PageId::Replay,   PageId::Events,    PageId::Connections};

} // namespace

class TestMainWindow : public UiTest
{
    Q_OBJECT

private:
    void open()
    {
        m_window = std::make_unique<MainWindow>(*m_sessions);
        addPages(*m_window, *m_sessions);
        m_window->restoreLayout();
        m_window->show();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get(), kPatienceMs));
    }
    [[nodiscard]] PageId page() const { return m_window->currentPage()->pageId(); }
    [[nodiscard]] int pagesMade() const { return static_cast<int>(m_window->findChildren<Page*>().size()); }
    /// hive-queries stops while its connection is watched, a minute after it was first seen.
    void trouble(FakeServerLink& server)
    {
        const std::pair<const char*, const char*> well{"keeping-up", "none"};
        int second = 1;
        for (const auto& first : {well, std::pair<const char*, const char*>{"stopped", "no-pulls"}}) {
            QSignalSpy came(m_session, &LiveSession::reportChanged);
            server.monitor().setReport(verdictReport(second, {first, well, well}));
            QTRY_VERIFY_WITH_TIMEOUT(!came.isEmpty(), kPatienceMs);
            second = 60;
        }
    }
    /// What the button of a page says beside its name.
    [[nodiscard]] QString badgeOf(const QString& title) const
    {
        for (const QAbstractButton* button : m_window->findChildren<QAbstractButton*>()) {
            if (button->accessibleName() == title && button->isCheckable())
                return button->accessibleDescription();
        }
        return QStringLiteral("no such page");
    }
    void press(int key, Qt::KeyboardModifiers modifiers = {}) const
    {
        QWidget* focus = QApplication::focusWidget();
        QTest::keyClick(focus != nullptr ? focus : m_window.get(), static_cast<Qt::Key>(key), modifiers);
    }

private slots:
    void keysReachEveryPage()
    {
        open();
        press(Qt::Key_4, Qt::ControlModifier);
        QVERIFY(page() == PageId::Replay);
        press(Qt::Key_7, Qt::ControlModifier);
        QVERIFY(page() == PageId::Connections);
        press(Qt::Key_1, Qt::ControlModifier);
        QVERIFY(page() == PageId::Overview);
        press(Qt::Key_9, Qt::ControlModifier); // there is none: nothing happens
        QVERIFY(page() == PageId::Overview);
    }

    void aPageIsMadeWhenSomebodyFirstOpensIt()
    {
        open();
        QCOMPARE(pagesMade(), 1);
        QVERIFY(m_window->page(PageId::Overview) != nullptr);
        int made = 1;
        for (const PageId one : kAllPages) {
            if (one != PageId::Overview) {
                QVERIFY2(m_window->page(one) == nullptr, qPrintable(pageWord(one)));
                m_window->showPage(one);
                ++made;
            }
            QVERIFY2(page() == one && m_window->page(one) != nullptr, qPrintable(pageWord(one)));
            QCOMPARE(pagesMade(), made);
        }
        const Page* overview = m_window->page(PageId::Overview);
        m_window->showPage(PageId::Overview); // the same one again
        QVERIFY(m_window->currentPage() == overview);
        QCOMPARE(pagesMade(), made);
    }

    void aWindowThatStartsOnAnotherPageMakesOnlyThat()
    {
        m_window = std::make_unique<MainWindow>(*m_sessions);
        addPages(*m_window, *m_sessions);
        QCOMPARE(pagesMade(), 0);
        m_window->showPage(PageId::Events);
        m_window->show();
        QVERIFY(page() == PageId::Events);
        QCOMPARE(pagesMade(), 1);
    }

    void anotherConnectionMakesOnlyThePageInFront()
    {
        for (const char* name : {kServer, "nats://other:4222"})
            m_fakes->connections.addServer(name, reportWith(3));
        open();
        openServer();
        m_window->showPage(PageId::Diagnosis);
        const Page* ofFirst = m_window->page(PageId::Diagnosis);
        m_sessions->open({.context = std::nullopt, .server = "nats://other:4222"});
        QVERIFY(page() == PageId::Diagnosis && m_window->currentPage() != ofFirst);
        QVERIFY(m_window->page(PageId::Overview) == nullptr);
        m_sessions->setCurrent(*m_session);
        QVERIFY(m_window->currentPage() == ofFirst && m_window->page(PageId::Overview) != nullptr);
    }

    // Nobody has opened Events yet: they are counted and kept all the same, and there when it opens.
    void eventsAreGatheredBeforeTheirPageIsMade()
    {
        const auto server = m_fakes->connections.addServer(kServer, verdictReport(0, {}));
        open();
        openServer();
        QTRY_VERIFY_WITH_TIMEOUT(m_session->report(), kPatienceMs);
        QCOMPARE(badgeOf(QStringLiteral("Events")), QString());
        trouble(*server);
        QVERIFY(m_window->page(PageId::Events) == nullptr);
        QVERIFY(badgeOf(QStringLiteral("Events")).startsWith(QLatin1String("1 ")));
        m_window->showPage(PageId::Events);
        const auto* table = m_window->currentPage()->findChild<RecordTable*>(QStringLiteral("events"));
        QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 1, kPatienceMs);
        QCOMPARE(badgeOf(QStringLiteral("Events")), QString());
    }

    // A connection in the background has its own number; the bar shows the one of whom it shows.
    void badgesBelongToTheirConnection()
    {
        const auto server = m_fakes->connections.addServer(kServer, verdictReport(0, {}));
        m_fakes->connections.addServer("nats://other:4222", verdictReport(0, {}));
        open();
        openServer();
        QTRY_VERIFY_WITH_TIMEOUT(m_session->report(), kPatienceMs);
        LiveSession& other = m_sessions->open({.context = std::nullopt, .server = "nats://other:4222"});
        trouble(*server);
        QCOMPARE(badgeOf(QStringLiteral("Events")), QString());
        m_sessions->setCurrent(*m_session);
        QVERIFY(badgeOf(QStringLiteral("Events")).startsWith(QLatin1String("1 ")));
        m_sessions->setCurrent(other);
        QCOMPARE(badgeOf(QStringLiteral("Events")), QString());
    }

    void slashFiltersAndTypingIsText()
    {
        m_fakes->connections.addServer(kServer, reportWith(5));
        open();
        openServer();
        QTRY_VERIFY_WITH_TIMEOUT(m_session->report(), kPatienceMs);
        press(Qt::Key_Slash);
        auto* filter = qobject_cast<QLineEdit*>(QApplication::focusWidget());
        QVERIFY(filter != nullptr);
        QTest::keyClicks(filter, QStringLiteral("a/b?"));
        QCOMPARE(filter->text(), QStringLiteral("a/b?"));
        press(Qt::Key_Escape);
        QCOMPARE(filter->text(), QString());
    }

    void theSheetOfKeysOpensAndCloses()
    {
        open();
        press(Qt::Key_Question);
        auto* sheet = m_window->findChild<ShortcutSheet*>();
        QVERIFY(sheet != nullptr && sheet->isVisible());
        QTest::keyClick(sheet, Qt::Key_Escape);
        QTRY_VERIFY(m_window->findChild<ShortcutSheet*>() == nullptr);
    }

    void aLinkFillsThePageItLeadsTo()
    {
        open();
        PageLink link{.page = PageId::Replay};
        link.replay = ReplayRequest{.source = CaptureReplaySource{.file = "/nowhere/incident.jetlag"}};
        m_window->follow(link);
        QVERIFY(page() == PageId::Replay);
    }

    void nobodyNamedAServerAndNoneAnswers()
    {
        open();
        m_fakes->connections.addServer(FakeConnectionService::kSelected, reportWith(1));
        m_fakes->connections.kill(FakeConnectionService::kSelected);
        m_session->open({});
        QTRY_VERIFY_WITH_TIMEOUT(page() == PageId::Connections, kPatienceMs);
        m_window->showPage(PageId::Overview); // whoever goes back is left there
        m_session->tryNow();
        QTest::qWait(50);
        QVERIFY(page() == PageId::Overview);
    }

    void aNamedServerThatIsDeadStaysOnOverview()
    {
        open();
        m_fakes->connections.addServer(kServer, reportWith(1));
        m_fakes->connections.kill(kServer);
        openServer();
        QTRY_VERIFY_WITH_TIMEOUT(m_session->state() == LiveSession::State::Waiting, kPatienceMs);
        QVERIFY(page() == PageId::Overview);
    }

    void bothThemesPaintEveryPageAtEverySize()
    {
        m_fakes->connections.addServer(kServer, reportWith(50));
        open();
        openServer();
        QTRY_VERIFY_WITH_TIMEOUT(m_session->report(), kPatienceMs);
        for (const ThemeMode mode : {ThemeMode::Dark, ThemeMode::Light}) {
            Theme::instance().setMode(mode);
            for (const QSize size : {QSize(1440, 900), QSize(1024, 700), QSize(900, 560)}) {
                m_window->resize(size);
                for (const PageId one : {PageId::Overview, PageId::Replay, PageId::Connections}) {
                    m_window->showPage(one);
                    QCoreApplication::processEvents();
                    QVERIFY(!m_window->grab().isNull());
                    QCOMPARE(m_window->size(), size); // no page forces it wider
                }
            }
        }
    }

    // What happens in the demo and what was copied is said in the status bar.
    void theStatusBarSaysWhatHappened()
    {
        m_fakes->connections.addServer(FakeDemoService::kUrl, reportWith(3));
        open();
        m_session->startDemo();
        QTRY_VERIFY_WITH_TIMEOUT(m_session->report(), kPatienceMs);
        m_fakes->demos.happens({.what = "hive-queries stopped"});
        const auto says = [this](const QString& words) {
            const QList<QLabel*> labels = m_window->findChildren<QLabel*>();
            return std::any_of(labels.begin(), labels.end(), [&](const QLabel* label) {
                return label->isVisible() && label->text().contains(words);
            });
        };
        QTRY_VERIFY_WITH_TIMEOUT(says(QStringLiteral("demo: hive-queries stopped")), kPatienceMs);
        for (QAction* action : m_window->findChildren<QAction*>()) {
            if (action->text() == QLatin1String("nats command"))
                action->trigger();
        }
        QTRY_VERIFY_WITH_TIMEOUT(says(QStringLiteral("Copied: nats consumer info")), kPatienceMs);
    }

    void theWindowComesBackAsItWas()
    {
        open();
        m_window->resize(1111, 777);
        QVERIFY(m_window->close());
        m_window.reset();
        open();
        QCOMPARE(m_window->size(), QSize(1111, 777));
    }
};

QTEST_MAIN(TestMainWindow)
#include "tst_main_window.moc"
