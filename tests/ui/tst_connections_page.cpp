// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/ui_test.h"
#include "ui/bridge/live_session.h"
#include "ui/models/context_model.h"
#include "ui/pages/connections/connections_page.h"
#include "ui/pages/connections/test_panel.h"
#include "ui/theme/theme.h"

#include <QAbstractItemModelTester>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSplitter>
#include <QTableView>
#include <QTest>

using namespace jetlag;
using namespace jetlag::test;
using namespace jetlag::ui;

namespace {

FoundContext context(const std::string& name, const std::string& url)
{
    return {.name = name, .file = "/home/ops/.config/nats/context/" + name + ".json", .url = url};
}

} // namespace

class TestConnectionsPage : public UiTest
{
    Q_OBJECT

private:
    std::unique_ptr<ConnectionsPage> m_page;

    void show(std::vector<FoundContext> contexts)
    {
        m_fakes->connections.setContexts(std::move(contexts));
        m_page = std::make_unique<ConnectionsPage>(*m_sessions);
        connect(m_page.get(), &Page::linkFollowed, this, [this](const PageLink& link) {
            m_link = link;
            if (link.startDemo) // as the window does
                m_sessions->startDemo();
        });
        m_page->resize(1300, 800);
        m_page->show();
    }
    [[nodiscard]] QTableView& table() const { return *m_page->findChild<QTableView*>(); }
    [[nodiscard]] QString cell(int row, ContextModel::Column column) const
    {
        return table().model()->index(row, column).data().toString();
    }
    [[nodiscard]] QPushButton* button(const QString& words, const QWidget* within = nullptr) const
    {
        for (QPushButton* one : (within != nullptr ? within : m_page.get())->findChildren<QPushButton*>()) {
            if (one->text() == words && one->isVisible())
                return one;
        }
        return nullptr;
    }
    [[nodiscard]] const TestPanel& panel() const { return *m_page->findChild<TestPanel*>(); }
    [[nodiscard]] bool panelSays(const QString& words) const
    {
        for (const QLabel* label : panel().findChildren<QLabel*>()) {
            if (label->isVisible() && label->text().contains(words))
                return true;
        }
        return false;
    }
    void closeParts() override { m_page.reset(); }

private slots:
    void theModelIsSound()
    {
        ContextModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setContexts({context("a", "nats://a"), context("b", "nats://b")});
        model.setInUse({{"a", {QStringLiteral("connected"), true}}});
        model.setTested("b", QStringLiteral("tested just now"));
        QCOMPARE(model.index(0, ContextModel::StateColumn).data().toString(), QStringLiteral("connected"));
        model.setContexts({context("b", "nats://b")});
        QCOMPARE(model.index(0, ContextModel::StateColumn).data().toString(),
                 QStringLiteral("tested just now"));
        model.setContexts({});
        QCOMPARE(model.rowCount(), 0);
    }

    void contextsStandWithTheirFileAndEnvironment()
    {
        FoundContext production = context("orders", "nats://n1:4222");
        production.colorScheme = "red";
        production.credentials = "creds ~/monitor.creds";
        FoundContext broken = context("old", "");
        broken.problem = "\"user\" and \"creds\" are both set. Keep one of them.";
        show({production, broken, context("qa-lab", "nats://10.0.0.1")});
        QCOMPARE(table().model()->rowCount(), 3);
        QCOMPARE(cell(0, ContextModel::EnvironmentColumn), QStringLiteral("production"));
        QCOMPARE(cell(0, ContextModel::FileColumn), QStringLiteral("orders.json"));
        QCOMPARE(cell(0, ContextModel::CredentialsColumn), QStringLiteral("creds ~/monitor.creds"));
        QCOMPARE(cell(1, ContextModel::StateColumn), QStringLiteral("cannot be loaded"));
        QVERIFY(cell(1, ContextModel::AddressColumn).contains(QLatin1String("both set")));
        QCOMPARE(cell(2, ContextModel::EnvironmentColumn), QStringLiteral("lab"));

        table().selectRow(1);
        QVERIFY(button(QStringLiteral("Show the file")));
        QVERIFY(panelSays(QStringLiteral("Keep one of them")));
    }

    // Whoever comes here wants a connection, not a file to mend.
    void theFirstThatLoadsIsChosen()
    {
        FoundContext broken = context("a-broken", "");
        broken.problem = "\"user\" and \"creds\" are both set. Keep one of them.";
        show({broken, context("orders", "nats://n1:4222")});
        QCOMPARE(table().selectionModel()->selectedRows().first().row(), 1);
        m_page.reset();
        show({broken}); // there is no other
        QVERIFY(panelSays(QStringLiteral("Keep one of them")));
    }

    void hostileNamesAreShownSafely()
    {
        show({context("pay\xE2\x80\xAEnimda", "nats://a"), context(std::string(255, 'n'), "nats://b"),
              context("bad\xFF\xFE", "nats://c")});
        QVERIFY(!cell(0, ContextModel::NameColumn).contains(QChar(0x202e)));
        QCOMPARE(cell(1, ContextModel::NameColumn).size(), 255);
        QVERIFY(!cell(2, ContextModel::NameColumn).contains(QChar(QChar::ReplacementCharacter)) ||
                !cell(2, ContextModel::NameColumn).isEmpty());
        (void)m_page->grab(); // paints them all
    }

    void aTestSaysWhatTheAccountMayNotAndHowToAskForIt()
    {
        m_fakes->connections.addServer("orders", reportWith(1));
        m_fakes->connections.setAbilities(
            "orders", {{.what = "Streams: list, detail", .grant = Grant::Yes, .note = "Overview"},
                       {.what = "Messages by message get",
                        .grant = Grant::Missing,
                        .note = "no bodies",
                        .publishSubjects = {"$JS.API.STREAM.MSG.GET.*"}}});
        show({context("orders", "nats://n1:4222")});
        table().selectRow(0);
        QTest::mouseClick(button(QStringLiteral("Test"), &panel()), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(panelSays(QStringLiteral("1 thing is missing")), kPatienceMs);
        QVERIFY(panelSays(QStringLiteral("no bodies")));
        const QPlainTextEdit* grant = panel().findChild<QPlainTextEdit*>();
        QVERIFY(grant->isVisible());
        QVERIFY(grant->toPlainText().contains(QLatin1String("--allow-pub '$JS.API.STREAM.MSG.GET.*'")));
        QCOMPARE(cell(0, ContextModel::StateColumn), QStringLiteral("tested just now"));
        QVERIFY(!m_session->link()); // a test opens nothing
    }

    void whatIsOpenIsToldWithoutBeingAskedForAndOnce()
    {
        m_fakes->connections.addServer("orders", reportWith(1));
        m_fakes->connections.setAbilities("orders", {{.what = "Messages by message get",
                                                      .grant = Grant::Missing,
                                                      .note = "no bodies",
                                                      .publishSubjects = {"$JS.API.STREAM.MSG.GET.*"}}});
        show({context("orders", "nats://n1:4222"), context("other", "nats://n2:4222")});
        table().selectRow(0);
        QCOMPARE(m_fakes->connections.tested.count(), std::size_t{0}); // nobody asked, nothing is open
        m_session->open({.context = "orders"});
        QTRY_VERIFY_WITH_TIMEOUT(panelSays(QStringLiteral("1 thing is missing")), kPatienceMs);
        QVERIFY(panelSays(QStringLiteral("no bodies")));
        table().selectRow(1);
        QVERIFY(!panelSays(QStringLiteral("1 thing is missing")));
        table().selectRow(0);
        QVERIFY(panelSays(QStringLiteral("1 thing is missing")));
        m_page->hide();
        m_page->show();
        QVERIFY(panelSays(QStringLiteral("1 thing is missing")));
        QCOMPARE(m_fakes->connections.tested.count(), std::size_t{1});
    }

    // Whoever comes to see what this account may see means the connection that is shown.
    void whileNobodyChoseItSpeaksOfTheConnectionThatIsShown()
    {
        const std::string login = "nats://less:secret@typed:4222";
        for (const std::string& name : {std::string("stage"), std::string("third"), login})
            m_fakes->connections.addServer(name, reportWith(1));
        m_fakes->connections.setAbilities("stage", {{.what = "Messages by message get",
                                                     .grant = Grant::Missing,
                                                     .note = "no bodies",
                                                     .publishSubjects = {"$JS.API.STREAM.MSG.GET.*"}}});
        LiveSession& stage = m_sessions->open({.context = "stage", .server = std::nullopt});
        QTRY_VERIFY_WITH_TIMEOUT(stage.state() == LiveSession::State::Connected, kPatienceMs);
        show({context("a-production", "nats://p"), context("stage", "nats://s"),
              context("third", "nats://t")});
        const auto chosen = [this] { return table().selectionModel()->selectedRows().value(0).row(); };
        QCOMPARE(chosen(), 1);
        QVERIFY(button(QStringLiteral("Show it, it is open"), &panel()));
        QTRY_VERIFY_WITH_TIMEOUT(panelSays(QStringLiteral("no bodies")), kPatienceMs); // nobody asked

        // Another one comes to the front, with an address that no line shows.
        LiveSession& less = m_sessions->open({.context = std::nullopt, .server = login});
        QTRY_VERIFY_WITH_TIMEOUT(less.state() == LiveSession::State::Connected, kPatienceMs);
        QVERIFY(panelSays(QStringLiteral("nats://less@typed:4222")));
        QTRY_VERIFY_WITH_TIMEOUT(panelSays(QStringLiteral("Asked at ")), kPatienceMs);
        QVERIFY(table().selectionModel()->selectedRows().isEmpty());
        QVERIFY(m_page->findChild<QLineEdit*>()->text().isEmpty());
        QCOMPARE(m_fakes->connections.tested.count(), std::size_t{2});

        // What somebody chose stays, until he asks for what this account may see.
        table().selectRow(2);
        m_sessions->setCurrent(stage);
        QCOMPARE(chosen(), 2);
        m_page->hide();
        m_page->show();
        QCOMPARE(chosen(), 2);
        m_page->openLink({.page = PageId::Connections});
        QCOMPARE(chosen(), 2);
        m_page->openLink({.page = PageId::Connections, .account = true});
        QCOMPARE(chosen(), 1);
        QVERIFY(panelSays(QStringLiteral("no bodies")));
    }

    // Each failed login counts against its owner; and what another password may see is another matter.
    void aLoginThatIsBeingTypedIsNotTried()
    {
        const QString open = QStringLiteral("nats://ops:secret@typed:4222");
        m_fakes->connections.addServer(open.toStdString(), reportWith(1));
        show({});
        m_session->open({.context = std::nullopt, .server = open.toStdString()});
        QTRY_VERIFY_WITH_TIMEOUT(m_session->state() == LiveSession::State::Connected, kPatienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(panelSays(QStringLiteral("Asked at ")), kPatienceMs);
        QCOMPARE(m_fakes->connections.tested.count(), std::size_t{1}); // of what is open
        auto* address = m_page->findChild<QLineEdit*>();
        QTest::keyClicks(address, QStringLiteral("nats://ops:other@typed:4222"));
        QVERIFY(panelSays(QStringLiteral("Not tested")));
        QCOMPARE(m_fakes->connections.tested.count(), std::size_t{1});
        address->selectAll();
        QTest::keyClicks(address, open); // what is open, with its password
        QTRY_VERIFY_WITH_TIMEOUT(panelSays(QStringLiteral("Asked at ")), kPatienceMs);
        address->selectAll();
        QTest::keyClicks(address, QStringLiteral("nats://ops:other@typed:4222"));
        QVERIFY(panelSays(QStringLiteral("Not tested")));
        address->selectAll();
        QTest::keyClicks(address, open); // once is enough
        QVERIFY(panelSays(QStringLiteral("Asked at ")));
        QCOMPARE(m_fakes->connections.tested.count(), std::size_t{1});
    }

    void aDeniedAccountAndADeadServerSayWhy()
    {
        m_fakes->connections.deny("orders");
        m_fakes->connections.addServer("gone", reportWith(1));
        m_fakes->connections.kill("gone");
        show({context("orders", "nats://n1"), context("gone", "nats://n2")});
        for (const int row : {0, 1}) {
            table().selectRow(row);
            QTest::mouseClick(button(QStringLiteral("Test"), &panel()), Qt::LeftButton);
            QTRY_VERIFY_WITH_TIMEOUT(button(QStringLiteral("Test again"), &panel()), kPatienceMs);
            QVERIFY(!panelSays(QStringLiteral("Can be used")));
            QCOMPARE(cell(row, ContextModel::StateColumn), QStringLiteral("no answer"));
        }
    }

    void connectingLeadsToOverview()
    {
        m_fakes->connections.addServer("orders", reportWith(1));
        show({context("orders", "nats://n1:4222")});
        table().selectRow(0);
        QTest::mouseClick(button(QStringLiteral("Connect"), &panel()), Qt::LeftButton);
        QVERIFY(m_link && m_link->page == PageId::Overview);
        QTRY_VERIFY_WITH_TIMEOUT(m_session->state() == LiveSession::State::Connected, kPatienceMs);
        QTRY_COMPARE_WITH_TIMEOUT(cell(0, ContextModel::StateColumn), QStringLiteral("connected"),
                                  kPatienceMs);
    }

    void anAddressConnectsByEnter()
    {
        m_fakes->connections.addServer("nats://typed:4222", reportWith(1));
        show({});
        auto* address = m_page->findChild<QLineEdit*>();
        QVERIFY(m_page->focusFilter());
        QTest::keyClicks(address, QStringLiteral("nats://typed:4222"));
        QTest::keyClick(address, Qt::Key_Return);
        QTRY_VERIFY_WITH_TIMEOUT(m_session->state() == LiveSession::State::Connected, kPatienceMs);
        QVERIFY(m_link && m_link->page == PageId::Overview);
    }

    // What was open last stands ready after a restart; a login in an address is kept nowhere.
    void theLastConnectionStandsReady()
    {
        m_fakes->connections.addServer("orders", reportWith(1));
        m_fakes->connections.addServer("nats://typed:4222", reportWith(1));
        m_fakes->connections.addServer("nats://ops:secret@typed:4222", reportWith(1));
        const std::vector<FoundContext> contexts{context("billing", "nats://b"),
                                                 context("orders", "nats://o")};
        show(contexts);
        m_session->open({.context = "orders", .server = std::nullopt});
        QTRY_VERIFY_WITH_TIMEOUT(m_session->state() == LiveSession::State::Connected, kPatienceMs);
        m_session->close();
        show(contexts); // as after a restart
        QCOMPARE(table().selectionModel()->selectedRows().value(0).row(), 1);

        m_session->open({.context = std::nullopt, .server = "nats://typed:4222"});
        QTRY_VERIFY_WITH_TIMEOUT(m_session->state() == LiveSession::State::Connected, kPatienceMs);
        m_session->close();
        m_session->open({.context = std::nullopt, .server = "nats://ops:secret@typed:4222"});
        QTRY_VERIFY_WITH_TIMEOUT(m_session->state() == LiveSession::State::Connected, kPatienceMs);
        m_session->close();
        show(contexts);
        QCOMPARE(m_page->findChild<QLineEdit*>()->text(), QStringLiteral("nats://typed:4222"));
    }

    // Small windows have the test below: as high as what it says, never more than half.
    void inASmallWindowTheTestTakesWhatItNeeds()
    {
        m_fakes->connections.addServer("orders", reportWith(1));
        std::vector<Ability> abilities;
        for (int number = 0; number < 20; ++number)
            abilities.push_back(
                {.what = "Ability " + std::to_string(number), .grant = Grant::Yes, .note = "a page"});
        m_fakes->connections.setAbilities("orders", std::move(abilities));
        show({context("orders", "nats://n1:4222")});
        m_page->resize(940, 690);
        QTRY_VERIFY(panel().visibleRegion().boundingRect().height() < 690 / 4);
        QVERIFY(button(QStringLiteral("Connect"), &panel()));
        QVERIFY(!button(QStringLiteral("Connect"), &panel())->visibleRegion().isEmpty());
        QTest::mouseClick(button(QStringLiteral("Test"), &panel()), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(button(QStringLiteral("Test again"), &panel()), kPatienceMs);
        QTRY_VERIFY(panel().visibleRegion().boundingRect().height() > 690 / 3);
        QVERIFY(panel().visibleRegion().boundingRect().height() <= 690 / 2);

        auto* split = m_page->findChild<QSplitter*>(); // by hand it stays as it is put
        split->setSizes({500, 190});
        emit split->splitterMoved(500, 1);
        table().selectRow(0);
        QTest::mouseClick(button(QStringLiteral("Test again"), &panel()), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(button(QStringLiteral("Test again"), &panel()), kPatienceMs);
        QCOMPARE(split->sizes().at(1), 190);
    }

    void noColumnIsCut()
    {
        std::vector<FoundContext> contexts;
        for (int number = 0; number < 40; ++number) {
            contexts.push_back(context("customer-" + std::to_string(number) + "-eu-central-monitoring",
                                       "nats://n1.example:4222"));
            contexts.back().credentials = "token (given in place)";
        }
        show(contexts);
        for (const int width : {1356, 940}) { // of the windows of 1440 and 1024
            m_page->resize(width, 700);
            const QHeaderView& header = *table().horizontalHeader();
            QTRY_VERIFY(header.length() <= table().viewport()->width());
            QTRY_VERIFY(header.sectionSize(ContextModel::AddressColumn) >= 100);
        }
        m_page->resize(1900, 900);
        QTRY_VERIFY(!table().isColumnHidden(ContextModel::FileColumn));
    }

    void manyContextsAreFoundByWords()
    {
        std::vector<FoundContext> contexts;
        for (int number = 0; number < 40; ++number)
            contexts.push_back(context("customer-" + std::to_string(number),
                                       "nats://host-" + std::to_string(number) + ".example:4222"));
        contexts[33].colorScheme = "red";
        m_fakes->connections.addServer("customer-33", reportWith(1));
        show(contexts);
        QLineEdit* find = nullptr;
        for (QLineEdit* line : m_page->findChildren<QLineEdit*>()) {
            if (line->accessibleName() == QStringLiteral("Find a context"))
                find = line;
        }
        QVERIFY(find != nullptr && find->isVisible());
        const auto seen = [this] {
            QStringList names;
            for (int row = 0; row < table().model()->rowCount(); ++row) {
                if (!table().isRowHidden(row))
                    names << cell(row, ContextModel::NameColumn);
            }
            return names;
        };
        QCOMPARE(seen().size(), 40);
        QTest::keyClicks(find, QStringLiteral("PRODUCTION host-3"));
        QCOMPARE(seen(), QStringList{QStringLiteral("customer-33")});
        QTest::keyClick(find, Qt::Key_Return); // what is seen is what Enter takes
        QTRY_VERIFY_WITH_TIMEOUT(m_session->state() == LiveSession::State::Connected, kPatienceMs);
        QCOMPARE(m_session->key(), std::string("customer-33"));
        find->clear();
        QCOMPARE(seen().size(), 40);

        m_fakes->connections.setContexts({contexts[0], contexts[1]}); // few need no line
        m_page->refreshNow();
        QVERIFY(!find->isVisible());
    }

    void aTypedPasswordIsNotShownAgain()
    {
        show({});
        auto* address = m_page->findChild<QLineEdit*>();
        address->setFocus();
        QTest::keyClicks(address, QStringLiteral("nats://ops:topsecret@typed:4222"));
        QVERIFY(panelSays(QStringLiteral("nats://ops@typed:4222")));
        QVERIFY(!panelSays(QStringLiteral("topsecret")));
    }

    void twoTokensAreTwoConnections()
    {
        m_fakes->connections.addServer("nats://one@typed:4222", reportWith(1));
        m_fakes->connections.addServer("nats://two@typed:4222", reportWith(2));
        show({});
        m_sessions->open({.context = std::nullopt, .server = "nats://one@typed:4222"});
        m_sessions->open({.context = std::nullopt, .server = "nats://two@typed:4222"});
        m_sessions->open({.context = std::nullopt, .server = "nats://one@typed:4222"}); // the first again
        QCOMPARE(m_sessions->open().size(), std::size_t{2});
        QVERIFY(m_sessions->open()[0]->key() != m_sessions->open()[1]->key());
        for (const LiveSession* session : m_sessions->open()) {
            QVERIFY(session->name().startsWith(QStringLiteral("nats://token-")));
            QVERIFY(!session->name().contains(QStringLiteral("one@")));
        }
    }

    void theDemoStartsFromHere()
    {
        m_fakes->connections.addServer(FakeDemoService::kUrl, reportWith(3));
        show({});
        QTest::mouseClick(button(QStringLiteral("Start the demo")), Qt::LeftButton);
        QVERIFY(m_link && m_link->page == PageId::Overview);
        QTRY_VERIFY_WITH_TIMEOUT(m_session->state() == LiveSession::State::Connected, kPatienceMs);
        QVERIFY(!button(QStringLiteral("Start the demo"))->isEnabled()); // one is enough
        m_page->hide();
        m_page->show(); // it speaks of the demo, and shows that very one
        QVERIFY(panelSays(QStringLiteral("demo")));
        QTRY_VERIFY_WITH_TIMEOUT(button(QStringLiteral("Test again"), &panel()), kPatienceMs);
        QVERIFY(button(QStringLiteral("Show it, it is open"), &panel()));
        QTest::mouseClick(button(QStringLiteral("Show it, it is open"), &panel()), Qt::LeftButton);
        QCOMPARE(m_sessions->open().size(), std::size_t{1});
        QVERIFY(m_sessions->current().isDemo());
    }
};

QTEST_MAIN(TestConnectionsPage)
#include "tst_connections_page.moc"
