// SPDX-License-Identifier: Apache-2.0
#include "ui/window/main_window.h"

#include "ui/bridge/live_sessions.h"
#include "ui/bridge/session_words.h"
#include "ui/theme/theme.h"
#include "ui/window/close_question.h"
#include "ui/window/navigation_bar.h"
#include "ui/window/page_book.h"
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

MainWindow::MainWindow(LiveSessions& sessions)
    : m_sessions(sessions)
    , m_navigation(new NavigationBar)
    , m_pages(new PageBook)
    , m_status(new StatusBar(sessions))
{
    m_pages->setFocusPolicy(Qt::ClickFocus);
    setMinimumSize(900, 560);
    resize(1440, 900);

    auto* top = new TopBar(sessions);
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

    connect(m_navigation, &NavigationBar::chosen, this, &MainWindow::showPage);
    connect(m_pages, &PageBook::made, this, &MainWindow::take);
    connect(m_pages, &PageBook::badgeChanged, this,
            [this](PageId id) { m_navigation->setBadge(id, m_pages->badge(id)); });
    connect(top, &TopBar::connectionsWanted, this, [this] { showPage(PageId::Connections); });
    connect(top, &TopBar::connectionChosen, this, &MainWindow::showChosen);
    connect(top, &TopBar::shortcutsWanted, this, &MainWindow::showShortcuts);
    connect(&sessions, &LiveSessions::added, this, &MainWindow::watch);
    connect(&sessions, &LiveSessions::closing, m_pages, &PageBook::drop);
    connect(&sessions, &LiveSessions::currentChanged, this, &MainWindow::followCurrent);
    connect(&sessions, &LiveSessions::changed, this, &MainWindow::showTitle);
    for (const auto& session : sessions.all())
        watch(*session);
    m_pages->turnTo(sessions.current());
    showTitle();
    new CloseQuestion(sessions, *m_pages, this);
    addShortcuts();
    qApp->installEventFilter(this);
}

void MainWindow::setPages(std::vector<PageMaker> ofConnection, std::vector<PageMaker> shared)
{
    for (const std::vector<PageMaker>* makers : {&ofConnection, &shared}) {
        for (const PageMaker& maker : *makers)
            m_navigation->addPage(maker.page);
    }
    m_pages->setMakers(std::move(ofConnection), std::move(shared));
    followCurrent();
}

void MainWindow::addPage(Page* page)
{
    m_navigation->addPage(page->pageId());
    m_pages->addShared(page);
    if (m_pages->count() == 1)
        showPage(page->pageId());
}

void MainWindow::take(Page* page)
{
    connect(page, &Page::linkFollowed, this, &MainWindow::follow);
    connect(page, &Page::done, m_status, &StatusBar::flash);
    connect(page, &Page::statusChanged, this, [this, page](const QString& text) {
        if (page == currentPage())
            m_status->setPageText(text);
    });
}

void MainWindow::setBadge(LiveSession& session, PageId page, int count)
{
    m_pages->setBadge(session, page, count);
}

void MainWindow::watch(LiveSession& session)
{
    connect(&session, &LiveSession::demoMoment, this, [this, &session](const QString& what) {
        if (&session == &m_sessions.current())
            flash(tr("demo: %1").arg(what));
    });
}

void MainWindow::followCurrent()
{
    m_pages->turnTo(m_sessions.current());
    m_status->setPageText({});
    if (Page* page = currentPage(); page != nullptr && isVisible())
        page->setFocus(Qt::OtherFocusReason);
    showTitle();
}

void MainWindow::showTitle()
{
    const QString title = titleOf(m_sessions.current());
    setWindowTitle(title.isEmpty() ? QStringLiteral("Jetlag") : tr("%1 – Jetlag").arg(title));
}

void MainWindow::flash(const QString& text)
{
    m_status->flash(text);
}

Page* MainWindow::page(PageId id) const
{
    return m_pages->page(id);
}

Page* MainWindow::currentPage() const
{
    return m_pages->current();
}

PageId MainWindow::currentPageId() const
{
    return m_pages->shown();
}

void MainWindow::showPage(PageId id)
{
    if (!m_pages->has(id))
        return;
    m_pages->show(id);
    m_navigation->setCurrent(id);
    m_status->setPageText({});
    currentPage()->setFocus(Qt::OtherFocusReason);
    if (id != PageId::Connections)
        m_ofConnection = id;
    QSettings().setValue(QLatin1String(kPageKey), pageWord(id));
}

void MainWindow::showChosen()
{
    if (currentPageId() == PageId::Connections)
        showPage(m_ofConnection);
}

void MainWindow::showConnection(int number)
{
    const std::vector<LiveSession*> open = m_sessions.open();
    if (number > static_cast<int>(open.size()))
        return;
    m_sessions.setCurrent(*open[static_cast<std::size_t>(number) - 1]);
    showChosen();
}

void MainWindow::follow(const PageLink& wanted)
{
    PageLink link = wanted;
    if (link.startDemo)
        m_sessions.startDemo();
    if (link.page == PageId::Diagnosis && !m_pages->has(PageId::Diagnosis))
        link.page = PageId::Overview; // knows collectors too
    showPage(link.page);
    if (Page* target = page(link.page))
        target->openLink(link);
}

void MainWindow::addShortcuts()
{
    for (int number = 1; number <= 9; ++number) {
        const auto key = static_cast<Qt::Key>(Qt::Key_0 + number);
        auto* pages = new QShortcut(QKeySequence(Qt::CTRL | key), this);
        connect(pages, &QShortcut::activated, this,
                [this, number] { showPage(static_cast<PageId>(number - 1)); });
        auto* connections = new QShortcut(QKeySequence(Qt::ALT | key), this);
        connect(connections, &QShortcut::activated, this, [this, number] { showConnection(number); });
    }
    auto* next = new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_Tab), this);
    connect(next, &QShortcut::activated, this, [this] { m_sessions.turn(1); });
    auto* before = new QShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Backtab), this);
    connect(before, &QShortcut::activated, this, [this] { m_sessions.turn(-1); });
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
    for (Page* page : m_pages->all())
        page->saveLayout();
}

// Not before: whoever starts on another page need not make the first.
void MainWindow::setVisible(bool visible)
{
    if (visible && currentPage() == nullptr)
        showPage(currentPageId());
    QMainWindow::setVisible(visible);
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
