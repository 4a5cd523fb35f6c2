#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/service/replay_service.h"
#include "ui/theme/glyphs.h"

#include <QWidget>

#include <optional>

namespace jetlag::ui {

enum class PageId { Overview, Replay, Connections };

/// The word of `--page`: "overview", "replay", "connections".
[[nodiscard]] QString pageWord(PageId page);
[[nodiscard]] std::optional<PageId> pageOfWord(const QString& word);

/// Where a row, mark or button leads: a page, and what it is to be filled with.
struct PageLink
{
    PageId page = PageId::Overview;
    std::optional<ReplayRequest> replay; ///< Replay: everything filled in, not yet run
    bool runReplay = false;              ///< and run as soon as it is ready
};

/// One page of the window. It knows its data; the window knows only this.
class Page : public QWidget
{
    Q_OBJECT

public:
    using QWidget::QWidget;
    [[nodiscard]] virtual PageId pageId() const = 0;
    [[nodiscard]] virtual QString title() const = 0;
    [[nodiscard]] virtual Glyph glyph() const = 0;
    /// Follows a link that leads here.
    virtual void openLink(const PageLink&) {}
    /// F5, `/`, Esc, Space. False = the page has nothing to do with it.
    virtual bool refreshNow() { return false; }
    virtual bool focusFilter() { return false; }
    virtual bool goBack() { return false; }
    virtual bool playPause() { return false; }
    /// Keys of this page for the `?` sheet: "Enter" → "Replay from here".
    [[nodiscard]] virtual QList<std::pair<QString, QString>> shortcuts() const { return {}; }
    /// Columns, splitters and the like, before the window closes and whenever they change.
    virtual void saveLayout() {}

signals:
    void linkFollowed(const jetlag::ui::PageLink& link);
    /// What the right half of the status bar says: the cursor's read-outs, counts.
    void statusChanged(const QString& text);
    /// Something small is done that nothing else shows: "Copied as JSON".
    void done(const QString& what);
};

} // namespace jetlag::ui
