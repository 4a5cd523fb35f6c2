// SPDX-License-Identifier: Apache-2.0
//
// Choosing one of a thousand: by words, by keys, by mouse; and boxes that show what they have.
#include "tests/ui/ui_test.h"
#include "ui/widgets/filter_line.h"
#include "ui/widgets/pick_box.h"
#include "ui/widgets/pick_popup.h"

#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QSignalSpy>
#include <QTest>
#include <QVBoxLayout>
#include <QWheelEvent>

using namespace jetlag;
using namespace jetlag::test;
using namespace jetlag::ui;

class TestPickBox : public WidgetTest
{
    Q_OBJECT

private:
    std::unique_ptr<QWidget> m_window;
    PickBox* m_box = nullptr;

    [[nodiscard]] static PickPopup* popup()
    {
        return qobject_cast<PickPopup*>(QApplication::activePopupWidget());
    }
    [[nodiscard]] static QStringList entries()
    {
        QStringList texts;
        const auto* list = popup()->findChild<QListView*>();
        for (int row = 0; row < list->model()->rowCount(); ++row)
            texts << list->model()->index(row, 0).data().toString();
        return texts;
    }
    static void type(const QString& text) { QTest::keyClicks(QApplication::focusWidget(), text); }
    static void press(Qt::Key key) { QTest::keyClick(QApplication::focusWidget(), key); }

    void open(int count)
    {
        m_window = std::make_unique<QWidget>();
        m_box = new PickBox;
        m_box->setMinimumContentsLength(20);
        for (int i = 0; i < count; ++i)
            m_box->addItem(QStringLiteral("STREAM_%1 › jobs-%2").arg(i / 20).arg(i % 20));
        auto* column = new QVBoxLayout(m_window.get());
        column->addWidget(m_box);
        m_window->resize(500, 60);
        m_window->show();
        m_window->activateWindow();
        m_box->setFocus();
        QTRY_VERIFY(m_box->hasFocus());
    }

private slots:
    void cleanup() { m_window.reset(); }

    void wordsInAnyOrderFindOneOfAThousand()
    {
        open(1'000);
        QSignalSpy activated(m_box, &PickBox::activated);
        QTest::mouseClick(m_box, Qt::LeftButton);
        QTRY_VERIFY(popup() != nullptr);
        QCOMPARE(entries().size(), 1'000);
        type(QStringLiteral("JOBS-7 _31"));
        QCOMPARE(entries(), QStringList{QStringLiteral("STREAM_31 › jobs-7")});
        press(Qt::Key_Return);
        QTRY_VERIFY(popup() == nullptr);
        QCOMPARE(m_box->currentText(), QStringLiteral("STREAM_31 › jobs-7"));
        QCOMPARE(activated.count(), 1);
        QCOMPARE(activated[0][0].toInt(), 31 * 20 + 7);
        QTRY_VERIFY(m_box->hasFocus());
    }

    void lettersOnTheClosedBoxOpenIt()
    {
        open(1'000);
        type(QStringLiteral("4"));
        QTRY_VERIFY(popup() != nullptr);
        type(QStringLiteral("9 jobs-19"));
        QCOMPARE(entries().size(), 1);
        press(Qt::Key_Escape);
        QTRY_VERIFY(popup() == nullptr);
        QCOMPARE(m_box->currentIndex(), 0); // Esc chooses nothing
    }

    void arrowsMoveWhileTyping()
    {
        open(1'000);
        m_box->showPopup();
        type(QStringLiteral("STREAM_3 jobs-1"));
        QVERIFY(entries().size() > 10);
        press(Qt::Key_Down);
        press(Qt::Key_Down);
        press(Qt::Key_Up);
        const QString second = entries().at(1);
        press(Qt::Key_Enter);
        QCOMPARE(m_box->currentText(), second);
    }

    void nothingFoundIsSaidAndEnterKeepsTheOldOne()
    {
        open(1'000);
        m_box->setCurrentIndex(5);
        m_box->showPopup();
        type(QStringLiteral("nobody"));
        bool said = false;
        for (const QLabel* label : popup()->findChildren<QLabel*>())
            said |= label->text() == QStringLiteral("Nothing has these words");
        QVERIFY(said);
        press(Qt::Key_Return);
        QCOMPARE(m_box->currentIndex(), 5);
    }

    void theChosenOneIsInSight()
    {
        open(1'000);
        m_box->setCurrentIndex(700);
        m_box->showPopup();
        auto* list = popup()->findChild<QListView*>();
        QCOMPARE(list->currentIndex().row(), 700);
        QTRY_VERIFY(list->viewport()->rect().contains(list->visualRect(list->currentIndex())));
    }

    void worseOnesComeFirst()
    {
        open(1'000);
        m_box->setItemData(900, 7, PickBox::RankRole);
        m_box->setItemData(300, 7, PickBox::RankRole);
        m_box->setItemData(100, 3, PickBox::RankRole);
        m_box->showPopup();
        QCOMPARE(entries().mid(0, 4), (QStringList{m_box->itemText(300), m_box->itemText(900),
                                                   m_box->itemText(100), m_box->itemText(0)}));
    }

    void aClickPicks()
    {
        open(1'000);
        m_box->showPopup();
        type(QStringLiteral("STREAM_12"));
        auto* list = popup()->findChild<QListView*>();
        const QRect third = list->visualRect(list->model()->index(2, 0));
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, third.center());
        QCOMPARE(m_box->currentText(), QStringLiteral("STREAM_12 › jobs-2"));
    }

    void shortListsHaveNoLine()
    {
        open(4);
        m_box->showPopup();
        QVERIFY(!popup()->findChild<QLineEdit*>()->isVisible());
        press(Qt::Key_Down);
        press(Qt::Key_Return);
        QCOMPARE(m_box->currentIndex(), 1);
    }

    void theWheelIsThePagesOwn()
    {
        open(100);
        QWheelEvent wheel(QPointF(5, 5), m_box->mapToGlobal(QPointF(5, 5)), {}, {0, -120}, Qt::NoButton,
                          Qt::NoModifier, Qt::NoScrollPhase, false);
        QApplication::sendEvent(m_box, &wheel);
        QCOMPARE(m_box->currentIndex(), 0);
    }

    void anOpenListStaysAsItIs()
    {
        open(0);
        fillNames(*m_box, {"a", "b", "c"}, "b");
        m_box->showPopup();
        fillNames(*m_box, {"x"}, "x");
        QCOMPARE(m_box->count(), 3);
        m_box->hidePopup();
        QTRY_VERIFY(!m_box->isOpen());
        fillNames(*m_box, {"x"}, "x");
        QCOMPARE(chosenName(*m_box), std::string("x"));
    }

    // Whole, however long it is, and nothing moves for it.
    void aMistakeHangsBelowTheFilter()
    {
        QWidget page;
        FilterLine line(QStringLiteral("Filter: a"), &page);
        page.resize(700, 400);
        line.setGeometry(20, 10, 660, line.sizeHint().height());
        page.show();
        line.setCounts(QStringLiteral("3 of 7"));
        const QString sentence = QStringLiteral("There is no column \"x\". There are: ") +
                                 QStringLiteral("a_long_name, ").repeated(30);
        const auto labelOf = [&page](const QString& words) -> const QLabel* {
            for (const QLabel* label : page.findChildren<QLabel*>()) {
                if (label->isVisible() && label->text() == words)
                    return label;
            }
            return nullptr;
        };
        const QRect before = line.geometry();
        line.setMistake(sentence);
        const QLabel* note = labelOf(sentence);
        QVERIFY(note != nullptr && labelOf(QStringLiteral("3 of 7")) != nullptr);
        QCOMPARE(line.geometry(), before);
        QVERIFY(note->mapTo(&page, QPoint()).y() >= line.geometry().bottom() - 8);
        QVERIFY(note->height() >= note->heightForWidth(note->width()));
        QVERIFY(page.rect().contains(QRect(note->mapTo(&page, QPoint()), note->size())));
        line.hide();
        QVERIFY(labelOf(sentence) == nullptr);
        line.show();
        QVERIFY(labelOf(sentence) != nullptr);
        line.setMistake({});
        QVERIFY(labelOf(sentence) == nullptr);
    }
};

QTEST_MAIN(TestPickBox)
#include "tst_pick_box.moc"
