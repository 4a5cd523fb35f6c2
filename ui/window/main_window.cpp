// SPDX-License-Identifier: Apache-2.0
#include "ui/window/main_window.h"

#include "ui/bridge/live_session.h"
#include "ui/theme/theme.h"
#include "ui/window/navigation_bar.h"
#include "ui/window/shortcut_sheet.h"
#include "ui/window/status_bar.h"
#include "ui/window/top_bar.h"

#include <QApplication>
#include <QCloseEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSettings>
#include <QShortcut>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace jetlag::ui {

namespace {

constexpr auto kGeometryKey = "window/geometry";
constexpr auto kPageKey = "window/page";

QFrame* line(QFrame::Shape shape)
{
    auto* frame = new QFrame;
    frame->setFrameShape(shape);
    frame->setFrameShadow(QFrame::Plain);
    frame->setLineWidth(1);
    frame->setFixedSize(shape == QFrame::VLine ? QSize(1, QWIDGETSIZE_MAX) : QSize(QWIDGETSIZE_MAX, 1));
    if (shape == QFrame::VLine)
        frame->setMinimumHeight(0);
    else
        frame->setMinimumWidth(0);
    frame->setForegroundRole(QPalette::Mid);
    return frame;
}

bool takesText(const QWidget* widget)
{
    return qobject_cast<const QLineEdit*>(widget) != nullptr ||
           qobject_cast<const QPlainTextEdit*>(widget) != nullptr ||
           (widget != nullptr && widget->inherits("QAbstractSpinBox"));
}

} // namespace

MainWindow::MainWindow(LiveSession& session)
    : m_navigation(new NavigationBar)
    , m_pages(new QStackedWidget)
    , m_status(new StatusBar(session))
{
    setWindowTitle(QStringLiteral("Jetlag"));
    m_pages->setFocusPolicy(Qt::ClickFocus);
    setMinimumSize(900, 560);
    resize(1440, 900);

    auto* top = new TopBar(session);
    auto* right = new QVBoxLayout;
    right->setContentsMargins(0, 0, 0, 0);
    right->setSpacing(0);
    right->addWidget(top);
    right->addWidget(line(QFrame::HLine));
    right->addWidget(m_pages, 1);
    right->addWidget(line(QFrame::HLine));
    right->addWidget(m_status);

    auto* body = new QWidget;
    auto* whole = new QHBoxLayout(body);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->setSpacing(0);
    whole->addWidget(m_navigation);
    whole->addWidget(line(QFrame::VLine));
    whole->addLayout(right, 1);
    setCentralWidget(body);

    connect(m_navigation, &NavigationBar::chosen, this, &MainWindow::showAt);
    connect(top, &TopBar::connectionsWanted, this, [this] { showPage(PageId::Connections); });
    connect(top, &TopBar::shortcutsWanted, this, &MainWindow::showShortcuts);
    connect(&session, &LiveSession::demoMoment, m_status,
            [this](const QString& what) { m_status->flash(tr("demo: %1").arg(what)); });
    addShortcuts();
    qApp->installEventFilter(this);
}

void MainWindow::addPage(Page* page)
{
    m_pages->addWidget(page);
    m_navigation->addPage(page->glyph(), page->title(), pageNumber(page->pageId()));
    connect(page, &Page::badgeChanged, m_navigation,
            [this, index = m_pages->count() - 1](int count) { m_navigation->setBadge(index, count); });
    connect(page, &Page::linkFollowed, this, &MainWindow::follow);
    connect(page, &Page::done, m_status, &StatusBar::flash);
    connect(page, &Page::statusChanged, this, [this, page](const QString& text) {
        if (page == currentPage())
            m_status->setPageText(text);
    });
    if (m_pages->count() == 1)
        showAt(0);
}

Page* MainWindow::page(PageId id) const
{
    for (int index = 0; index < m_pages->count(); ++index) {
        auto* page = qobject_cast<Page*>(m_pages->widget(index));
        if (page->pageId() == id)
            return page;
    }
    return nullptr;
}

Page* MainWindow::currentPage() const
{
    return qobject_cast<Page*>(m_pages->currentWidget());
}

void MainWindow::showPage(PageId id)
{
    if (Page* wanted = page(id))
        showAt(m_pages->indexOf(wanted));
}

void MainWindow::showNumber(int number)
{
    for (int index = 0; index < m_pages->count(); ++index) {
        if (pageNumber(qobject_cast<Page*>(m_pages->widget(index))->pageId()) == number)
            showAt(index);
    }
}

void MainWindow::showAt(int index)
{
    if (index < 0 || index >= m_pages->count())
        return;
    m_pages->setCurrentIndex(index);
    m_navigation->setCurrent(index);
    m_status->setPageText({});
    m_pages->currentWidget()->setFocus(Qt::OtherFocusReason);
    QSettings().setValue(QLatin1String(kPageKey), pageWord(currentPage()->pageId()));
}

void MainWindow::follow(const PageLink& wanted)
{
    PageLink link = wanted;
    if (link.page == PageId::Diagnosis && page(PageId::Diagnosis) == nullptr)
        link.page = PageId::Overview; // knows collectors too
    showPage(link.page);
    if (Page* target = page(link.page))
        target->openLink(link);
}

void MainWindow::addShortcuts()
{
    for (int number = 1; number <= 9; ++number) {
        auto* keys = new QShortcut(QKeySequence(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_0 + number)), this);
        connect(keys, &QShortcut::activated, this, [this, number] { showNumber(number); });
    }
    auto* refresh = new QShortcut(QKeySequence(Qt::Key_F5), this);
    connect(refresh, &QShortcut::activated, this, [this] {
        if (Page* page = currentPage())
            page->refreshNow();
    });
    auto* quit = new QShortcut(QKeySequence(QKeySequence::Quit), this);
    connect(quit, &QShortcut::activated, this, &QWidget::close);
}

// Keys that are also text are keys only where nobody is typing.
bool MainWindow::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() != QEvent::KeyPress || !isActiveWindow() ||
        QApplication::activePopupWidget() != nullptr)
        return QMainWindow::eventFilter(watched, event);
    auto* receiver = qobject_cast<QWidget*>(watched);
    if (receiver == nullptr || receiver->window() != this || receiver != QApplication::focusWidget() ||
        currentPage() == nullptr)
        return QMainWindow::eventFilter(watched, event);

    const auto* press = static_cast<QKeyEvent*>(event);
    if (press->key() == Qt::Key_Escape && !press->modifiers())
        return currentPage()->goBack() || QMainWindow::eventFilter(watched, event);
    if (takesText(receiver) || (press->modifiers() & ~Qt::ShiftModifier) != 0)
        return QMainWindow::eventFilter(watched, event);
    if (press->key() == Qt::Key_Slash && currentPage()->focusFilter())
        return true;
    if (press->key() == Qt::Key_Question) {
        showShortcuts();
        return true;
    }
    const bool pressesButton = receiver->inherits("QAbstractButton") || receiver->inherits("QComboBox");
    if (press->key() == Qt::Key_Space && !pressesButton && currentPage()->playPause())
        return true;
    return QMainWindow::eventFilter(watched, event);
}

void MainWindow::showShortcuts()
{
    auto* sheet = new ShortcutSheet(currentPage(), this);
    sheet->setAttribute(Qt::WA_DeleteOnClose);
    sheet->open();
}

void MainWindow::restoreLayout()
{
    const QSettings settings;
    restoreGeometry(settings.value(QLatin1String(kGeometryKey)).toByteArray());
}

void MainWindow::saveLayout()
{
    QSettings().setValue(QLatin1String(kGeometryKey), saveGeometry());
    for (int index = 0; index < m_pages->count(); ++index)
        qobject_cast<Page*>(m_pages->widget(index))->saveLayout();
}

void MainWindow::showEvent(QShowEvent* event)
{
    QMainWindow::showEvent(event);
    if (Page* page = currentPage())
        page->setFocus(Qt::OtherFocusReason);
    // A page that has nothing to focus yet leaves it to nobody's button.
    if (focusWidget() == nullptr || !focusWidget()->isVisible() || !m_pages->isAncestorOf(focusWidget()))
        m_pages->setFocus(Qt::OtherFocusReason);
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    saveLayout();
    QMainWindow::closeEvent(event);
}

} // namespace jetlag::ui
