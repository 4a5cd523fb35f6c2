// SPDX-License-Identifier: Apache-2.0
//
// What leaves a table and how its columns are chosen, as hands do it: several rows, keys, a menu that is open
// while rows come and go.
#include "tests/ui/ui_test.h"
#include "ui/widgets/record_table.h"
#include "ui/widgets/state_panel.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QStandardItemModel>
#include <QTest>
#include <QTimer>

using namespace jetlag;
using namespace jetlag::test;
using namespace jetlag::ui;

class TestRecordTable : public WidgetTest
{
    Q_OBJECT

private:
    std::unique_ptr<QStandardItemModel> m_model;
    std::unique_ptr<RecordTable> m_table;

    static QList<QStandardItem*> row(const QString& name, int lag)
    {
        auto* text = new QStandardItem(name);
        text->setData(name, ExactRole);
        text->setData(name, SortRole);
        auto* number = new QStandardItem(QString::number(lag));
        number->setData(QString::number(lag), ExactRole);
        number->setData(lag, SortRole);
        return {text, number};
    }
    /// Their place is their lag: a number, or seconds.
    void show(const QStringList& names, int step = 1, bool isDuration = false)
    {
        m_model = std::make_unique<QStandardItemModel>();
        m_model->setColumnCount(2);
        for (int at = 0; at < names.size(); ++at)
            m_model->appendRow(row(names[at], at * step));
        m_table = std::make_unique<RecordTable>(QStringLiteral("test"));
        m_table->setRecords(
            m_model.get(),
            {{.id = QStringLiteral("name"), .title = QStringLiteral("Name"), .isNumber = false},
             {.id = QStringLiteral("lag"), .title = QStringLiteral("Lag"), .isDuration = isDuration}},
            QStringLiteral("lag"), Qt::AscendingOrder);
        m_table->setRowJson(
            [this](int row) { return QStringLiteral("{\"name\":\"%1\"}").arg(m_model->item(row)->text()); });
        m_table->resize(500, 300);
        m_table->show();
        m_table->activateWindow();
        m_table->setFocus();
        QTRY_COMPARE(m_table->proxy().rowCount(), names.size());
    }
    /// Opens the menu of a row, and does `act` with it while it is open.
    void withMenu(const QPoint& at, QContextMenuEvent::Reason reason, const std::function<void(QMenu&)>& act)
    {
        QTimer::singleShot(0, m_table.get(), [act] {
            auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
            if (menu == nullptr)
                return;
            act(*menu);
            menu->close();
        });
        QContextMenuEvent event(reason, at, m_table->viewport()->mapToGlobal(at));
        QApplication::sendEvent(m_table->viewport(), &event);
    }
    static QAction* action(QMenu& menu, const QString& words)
    {
        for (QAction* one : menu.actions()) {
            if (one->text() == words)
                return one;
        }
        return nullptr;
    }
    [[nodiscard]] QPoint middleOf(int row) const
    {
        return m_table->visualRect(m_table->model()->index(row, 0)).center();
    }
    static QString clipboard() { return QApplication::clipboard()->text(); }

private slots:
    void init()
    {
        WidgetTest::init();
        QApplication::clipboard()->clear();
    }
    void cleanup()
    {
        m_table.reset();
        m_model.reset();
    }

    void aFilterTakesDurationsAsTheyAreWritten_data()
    {
        QTest::addColumn<QString>("filter");
        QTest::addColumn<int>("shown"); // of 0, 10, 20 ... 90 minutes
        QTest::newRow("minutes, not millions") << "lag<10m" << 1;
        QTest::newRow("seconds") << "lag<=600s" << 2;
        QTest::newRow("a number alone is seconds") << "lag<=600" << 2;
        QTest::newRow("hours") << "lag>=1h" << 4;
        QTest::newRow("two units") << "lag>1h10m" << 2;
        QTest::newRow("parts of one") << "lag>=1.5h" << 1;
        QTest::newRow("days") << "lag<1d" << 10;
        QTest::newRow("milliseconds") << "lag<1ms" << 1;
    }
    void aFilterTakesDurationsAsTheyAreWritten()
    {
        QFETCH(QString, filter);
        QFETCH(int, shown);
        show(QString(10, QLatin1Char('a')).split(QString(), Qt::SkipEmptyParts), 600, true);
        QCOMPARE(m_table->proxy().setFilter(filter), QString());
        QCOMPARE(m_table->proxy().rowCount(), shown);
    }
    void whatIsNoDurationIsSaid()
    {
        show({QStringLiteral("a"), QStringLiteral("b")}, 600, true);
        for (const char* wrong : {"lag>10k", "lag>m", "lag>10m5", "lag>"}) {
            const QString mistake = m_table->proxy().setFilter(QString::fromLatin1(wrong));
            QVERIFY2(mistake.contains(QLatin1String("as in lag>10m")), wrong);
        }
        show({QStringLiteral("a"), QStringLiteral("b")}, 600); // a number is none
        QVERIFY(
            m_table->proxy().setFilter(QStringLiteral("lag>10s")).contains(QLatin1String("needs a number")));
    }

    void aFilterWithoutHitsSaysSoAndLeadsBack()
    {
        show({QStringLiteral("a"), QStringLiteral("b")});
        const auto* state = m_table->findChild<StatePanel*>();
        QVERIFY(!state->isVisible());
        m_table->proxy().setFilter(QStringLiteral("lag>1000"));
        QVERIFY(state->isVisible());
        QCOMPARE(state->accessibleDescription(), QStringLiteral("None of the 2 rows has what it asks for."));
        QVERIFY(m_table->viewport()->rect().contains(state->geometry()));
        QSignalSpy wanted(m_table.get(), &RecordTable::clearFilterWanted);
        state->findChild<QPushButton*>()->click();
        QCOMPARE(wanted.size(), 1);
        m_table->proxy().setFilter({});
        QVERIFY(!state->isVisible());
    }

    void severalRowsAreCopiedInTheirOrder()
    {
        show({QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c"), QStringLiteral("d")});
        QSignalSpy copied(m_table.get(), &RecordTable::copied);
        QTest::mouseClick(m_table->viewport(), Qt::LeftButton, {}, middleOf(3));
        QTest::mouseClick(m_table->viewport(), Qt::LeftButton, Qt::ControlModifier, middleOf(1));
        QTest::keyClick(m_table.get(), Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(clipboard(), QStringLiteral("b\t1\nd\t3"));
        QCOMPARE(copied[0][0].toString(), QStringLiteral("Copied 2 rows")); // and says so
        QAction* json = nullptr;
        withMenu(middleOf(3), QContextMenuEvent::Mouse, [&](QMenu& menu) {
            json = action(menu, QStringLiteral("Copy 2 rows as JSON"));
            if (json != nullptr)
                json->trigger();
        });
        QVERIFY(json != nullptr);
        QCOMPARE(clipboard(), QStringLiteral("{\"name\":\"b\"}\n{\"name\":\"d\"}"));
    }

    void aCellIsCopied()
    {
        show({QStringLiteral("a"), QStringLiteral("b")});
        QTest::mouseClick(m_table->viewport(), Qt::LeftButton, {}, middleOf(1));
        withMenu(middleOf(1), QContextMenuEvent::Mouse, [](QMenu& menu) {
            if (QAction* cell = action(menu, QStringLiteral("Copy \"b\"")))
                cell->trigger();
        });
        QCOMPARE(clipboard(), QStringLiteral("b"));
    }

    // The menu key acts on the current row, wherever the pointer lies.
    void theMenuKeyIsOfTheCurrentRow()
    {
        show({QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c")});
        m_table->setCurrentIndex(m_table->model()->index(2, 0));
        bool opened = false;
        withMenu(middleOf(0), QContextMenuEvent::Keyboard, [&](QMenu& menu) {
            opened = true;
            if (QAction* json = action(menu, QStringLiteral("Copy as JSON")))
                json->trigger();
        });
        QVERIFY(opened);
        QCOMPARE(clipboard(), QStringLiteral("{\"name\":\"c\"}"));
    }

    // A row that is copied by its number would be another one's.
    void rowsThatGoWhileTheMenuIsOpenChangeNothing()
    {
        show({QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c")});
        m_table->setCurrentIndex(m_table->model()->index(1, 0));
        withMenu(middleOf(1), QContextMenuEvent::Mouse, [this](QMenu& menu) {
            m_model->removeRow(0);
            m_table->proxy().arrangeNow();
            if (QAction* json = action(menu, QStringLiteral("Copy as JSON")))
                json->trigger();
        });
        QCOMPARE(clipboard(), QStringLiteral("{\"name\":\"b\"}"));
    }

    // Five columns are chosen with five clicks, not with five openings of the menu.
    void theMenuOfColumnsStaysOpenForTicks()
    {
        show({QStringLiteral("a")});
        QMenu menu;
        m_table->fillColumnMenu(menu);
        menu.popup(QPoint(10, 10));
        QAction* lag = action(menu, QStringLiteral("Lag"));
        QTest::mouseClick(&menu, Qt::LeftButton, {}, menu.actionGeometry(lag).center());
        QVERIFY(menu.isVisible() && !lag->isChecked() && m_table->isColumnHidden(1));
        menu.setActiveAction(lag);
        QTest::keyClick(&menu, Qt::Key_Space);
        QVERIFY(menu.isVisible() && lag->isChecked() && !m_table->isColumnHidden(1));
        QTest::mouseClick(&menu, Qt::LeftButton, {},
                          menu.actionGeometry(action(menu, QStringLiteral("As at first"))).center());
        QVERIFY(!menu.isVisible());
    }

    void theLastColumnStays()
    {
        show({QStringLiteral("a")});
        QMenu menu;
        m_table->fillColumnMenu(menu);
        action(menu, QStringLiteral("Lag"))->setChecked(false);
        action(menu, QStringLiteral("Name"))->setChecked(false);
        QVERIFY(action(menu, QStringLiteral("Name"))->isChecked());
        QVERIFY(!m_table->isColumnHidden(0));
    }

    void csvIsReadBackAsItIs_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("cell");
        QTest::newRow("plain") << "jobs"
                               << "jobs";
        QTest::newRow("comma and quote") << "a,\"b\""
                                         << "\"a,\"\"b\"\"\"";
        QTest::newRow("return") << "a\rb"
                                << "\"a\rb\"";
        QTest::newRow("formula") << "=1+2"
                                 << "'=1+2";
        QTest::newRow("formula behind a tab") << "\t=1+2"
                                              << "'\t=1+2";
    }
    void csvIsReadBackAsItIs()
    {
        QFETCH(QString, name);
        QFETCH(QString, cell);
        show({name});
        QCOMPARE(m_table->toCsv(), QStringLiteral("name,lag\r\n%1,0\r\n").arg(cell));
    }
};

QTEST_MAIN(TestRecordTable)
#include "tst_record_table.moc"
