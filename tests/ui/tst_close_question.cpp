// SPDX-License-Identifier: Apache-2.0
//
// Closing a connection cuts nothing off without being asked.
#include "tests/ui/event_scenes.h"
#include "tests/ui/ui_test.h"
#include "ui/pages/pages.h"
#include "ui/pages/replay/replay_page.h"
#include "ui/window/connection_chip.h"

#include <QApplication>
#include <QMessageBox>
#include <QPushButton>
#include <QTest>

using namespace jetlag;
using namespace jetlag::test;
using namespace jetlag::ui;

class TestCloseQuestion : public UiTest
{
    Q_OBJECT

private:
    std::shared_ptr<FakeReplayRun> m_run;

    void open()
    {
        for (const char* name : {"prod-eu", "stage-1"}) {
            m_fakes->connections.addServer(name, reportWith(2));
            m_sessions->open({.context = name, .server = std::nullopt});
        }
        m_window = std::make_unique<MainWindow>(*m_sessions);
        addPages(*m_window, *m_sessions);
        m_window->resize(1440, 900);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get(), kPatienceMs));
        QTRY_VERIFY_WITH_TIMEOUT(m_sessions->current().report(), kPatienceMs);
    }
    /// On the connection in front.
    void startReplay()
    {
        m_fakes->replays.onStart = [](FakeReplayRun& run) {
            run.setRange(StreamSequence(1), StreamSequence(100));
        };
        const StreamReplaySource source{.server = m_sessions->current().link(),
                                        .stream = m_sessions->current().report()->streams.front().stream.name,
                                        .likeDurable = std::nullopt};
        m_window->follow({.page = PageId::Replay,
                          .replay = ReplayRequest{.analyzer = "traffic", .source = source},
                          .runReplay = true});
        QTRY_VERIFY_WITH_TIMEOUT(m_fakes->replays.lastRun() != nullptr, kPatienceMs);
        m_run = m_fakes->replays.lastRun();
        QVERIFY(m_run->advance(45));
    }
    [[nodiscard]] ConnectionChip& chip(std::size_t place) const
    {
        for (ConnectionChip* one : m_window->findChildren<ConnectionChip*>()) {
            if (&one->session() == m_sessions->open().at(place))
                return *one;
        }
        qFatal("no such chip");
    }
    [[nodiscard]] QMessageBox* question() const
    {
        for (auto* box : m_window->findChildren<QMessageBox*>()) {
            if (box->isVisible())
                return box;
        }
        return nullptr;
    }
    [[nodiscard]] QPushButton* answer(const QString& words) const
    {
        for (auto* button : question()->findChildren<QPushButton*>()) {
            if (button->text() == words)
                return button;
        }
        return nullptr;
    }
    void closeParts() override { m_run.reset(); }

private slots:
    void whereNothingRunsItClosesAtOnce()
    {
        open();
        emit chip(1).closeWanted();
        QTRY_COMPARE(m_sessions->open().size(), std::size_t{1});
        QVERIFY(question() == nullptr);
    }

    void whatRunsIsNamedAndGoesOnUntilTheAnswer()
    {
        open();
        startReplay();
        auto* page = qobject_cast<ReplayPage*>(m_window->currentPage());
        QTRY_VERIFY_WITH_TIMEOUT(page->running().contains(QStringLiteral("% done")), kPatienceMs);
        const QString what = page->running();
        QVERIFY2(what.startsWith(QStringLiteral("the replay of ")), qPrintable(what));
        emit chip(1).closeWanted();
        QVERIFY(question() != nullptr);
        QVERIFY2(question()->text().contains(QStringLiteral("stage-1")) &&
                     question()->text().contains(QStringLiteral("the replay of")),
                 qPrintable(question()->text()));
        QVERIFY(page->runner().isUnderWay() && m_run->advance(1)); // nobody waits for the answer
        QTest::keyClick(question(), Qt::Key_Escape);
        QTRY_VERIFY(question() == nullptr);
        QCOMPARE(m_sessions->open().size(), std::size_t{2});
        QVERIFY(page->runner().isUnderWay());

        emit chip(1).closeWanted(); // Enter keeps it too
        QTest::keyClick(question(), Qt::Key_Return);
        QTRY_VERIFY(question() == nullptr);
        QCOMPARE(m_sessions->open().size(), std::size_t{2});
    }

    void yesClosesIt()
    {
        open();
        startReplay();
        emit chip(1).closeWanted();
        answer(QStringLiteral("Close and cancel"))->click();
        QTRY_COMPARE(m_sessions->open().size(), std::size_t{1});
        QTRY_VERIFY(question() == nullptr);
        QTRY_VERIFY_WITH_TIMEOUT(m_run->job()->isFinished(), kPatienceMs);
    }

    // It belongs to the connection, not to what is in front.
    void theOtherOneClosesWithoutAQuestion()
    {
        open();
        startReplay();
        emit chip(0).closeWanted();
        QTRY_COMPARE(m_sessions->open().size(), std::size_t{1});
        QVERIFY(question() == nullptr);
        QVERIFY(!m_run->job()->isFinished());
    }

    void oneThatIsDoneAsksNothing()
    {
        open();
        startReplay();
        m_run->finish();
        auto* page = qobject_cast<ReplayPage*>(m_window->currentPage());
        QTRY_VERIFY_WITH_TIMEOUT(page->running().isEmpty(), kPatienceMs);
        emit chip(1).closeWanted();
        QTRY_COMPARE(m_sessions->open().size(), std::size_t{1});
    }

    void aConnectionThatGoesByItselfTakesItsQuestionAlong()
    {
        open();
        startReplay();
        emit chip(1).closeWanted();
        QVERIFY(question() != nullptr);
        m_sessions->close(*m_sessions->open().at(1));
        QTRY_VERIFY(question() == nullptr);
        QCOMPARE(m_sessions->open().size(), std::size_t{1});
    }

    // "Replay from here" of another row finds the page busy: it says so and leaves the run alone.
    void anotherSetUpWaitsForTheRun()
    {
        open();
        startReplay();
        auto* page = qobject_cast<ReplayPage*>(m_window->currentPage());
        QString said;
        connect(page, &Page::done, this, [&said](const QString& words) { said = words; });
        m_window->follow({.page = PageId::Replay,
                          .replay = ReplayRequest{.analyzer = "hdfs",
                                                  .source = CaptureReplaySource{.file = "/x.jetlag"}}});
        QVERIFY2(said.contains(QStringLiteral("the replay of")) && said.contains(QStringLiteral("cancel it")),
                 qPrintable(said));
        QVERIFY(page->runner().isUnderWay());
        QCOMPARE(page->draft().analyzer, std::string("traffic"));
    }
};

QTEST_MAIN(TestCloseQuestion)
#include "tst_close_question.moc"
