// SPDX-License-Identifier: Apache-2.0
#include "ui/window/navigation_bar.h"

#include "ui/theme/theme.h"

#include <QAbstractButton>
#include <QButtonGroup>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>

namespace jetlag::ui {

namespace {

constexpr int kButtonHeight = 62;
constexpr int kIconSize = 20;

class NavigationButton final : public QAbstractButton
{
public:
    NavigationButton(Glyph glyph, const QString& title)
        : m_glyph(glyph)
    {
        setText(title);
        setAccessibleName(title);
        setCheckable(true);
        setFocusPolicy(Qt::TabFocus);
        setMinimumHeight(kButtonHeight);
        setAttribute(Qt::WA_Hover);
    }
    [[nodiscard]] QSize sizeHint() const override { return {Metrics::kNavigationWidth, kButtonHeight}; }
    void setBadge(int count)
    {
        m_badge = count;
        setAccessibleDescription(count > 0 ? NavigationBar::tr("%n not seen", nullptr, count) : QString());
        update();
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        const Palette& now = colors();
        QPainter painter(this);
        if (isChecked()) {
            painter.fillRect(rect(), now.raised);
            painter.fillRect(QRect(0, 0, 2, height()), now.accent);
        }
        const QColor ink = isChecked() || underMouse() ? now.text : now.secondary;
        const QRectF icon(width() / 2.0 - kIconSize / 2.0, 11, kIconSize, kIconSize);
        paintGlyph(painter, m_glyph, icon, ink);
        painter.setPen(ink);
        painter.setFont(Theme::instance().smallFont());
        painter.drawText(QRect(0, 36, width(), 20), Qt::AlignCenter, text());
        if (m_badge > 0)
            paintBadge(painter);
        if (hasFocus()) {
            painter.setPen(now.accent);
            painter.drawRect(rect().adjusted(3, 2, -3, -3));
        }
    }

private:
    void paintBadge(QPainter& painter) const
    {
        const QString words =
            m_badge > kMostInBadge ? QStringLiteral("%1+").arg(kMostInBadge) : QString::number(m_badge);
        const int wide = std::max(16, painter.fontMetrics().horizontalAdvance(words) + 8);
        const QRectF room(width() / 2.0 + 6, 5, wide, 16);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(colors().bad);
        painter.drawRoundedRect(room, 8, 8);
        painter.setPen(colors().onAccent);
        painter.drawText(room, Qt::AlignCenter, words);
    }

    static constexpr int kMostInBadge = 99;

    Glyph m_glyph;
    int m_badge = 0;
};

} // namespace

NavigationBar::NavigationBar(QWidget* parent)
    : QWidget(parent)
    , m_layout(new QVBoxLayout(this))
    , m_buttons(new QButtonGroup(this))
{
    setProperty("role", QStringLiteral("bar"));
    setAttribute(Qt::WA_StyledBackground);
    setAccessibleName(tr("Pages"));
    setFixedWidth(Metrics::kNavigationWidth);
    m_layout->setContentsMargins(0, Metrics::kTopBarHeight, 0, 0);
    m_layout->setSpacing(0);
    m_layout->addStretch();
    m_buttons->setExclusive(true);
    connect(m_buttons, &QButtonGroup::idClicked, this,
            [this](int id) { emit chosen(static_cast<PageId>(id)); });
}

void NavigationBar::addPage(PageId page)
{
    const int id = static_cast<int>(page);
    if (m_buttons->button(id) != nullptr)
        return;
    const QString title = pageTitle(page);
    auto* button = new NavigationButton(pageGlyph(page), title);
    button->setToolTip(tr("%1 (Ctrl+%2)").arg(title).arg(pageNumber(page)));
    m_layout->insertWidget(static_cast<int>(m_buttons->buttons().size()), button);
    m_buttons->addButton(button, id);
}

void NavigationBar::setBadge(PageId page, int count)
{
    if (auto* button = dynamic_cast<NavigationButton*>(m_buttons->button(static_cast<int>(page))))
        button->setBadge(count);
}

void NavigationBar::setCurrent(PageId page)
{
    if (QAbstractButton* button = m_buttons->button(static_cast<int>(page)))
        button->setChecked(true);
}

} // namespace jetlag::ui
