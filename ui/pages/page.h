#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/snapshot.h"
#include "model/history/history_mark.h"
#include "model/service/replay_service.h"
#include "ui/theme/glyphs.h"

#include <QWidget>

#include <functional>
#include <optional>

namespace jetlag::ui {

/// In the order of the bar; Ctrl+1 is the first. A page keeps its number where others are missing.
enum class PageId { Overview, Diagnosis, Messages, Replay, Captures, Events, Connections };

[[nodiscard]] constexpr int pageNumber(PageId page)
{
    return static_cast<int>(page) + 1;
}

/// The word of `--page`: "overview", "diagnosis", "messages", "replay", "captures", "events", "connections".
[[nodiscard]] QString pageWord(PageId page);
[[nodiscard]] std::optional<PageId> pageOfWord(const QString& word);
/// What the bar says of it, made or not.
[[nodiscard]] QString pageTitle(PageId page);
[[nodiscard]] Glyph pageGlyph(PageId page);

/// A message of a stream.
struct MessagePlace
{
    std::string stream;
    StreamSequence sequence; ///< zero = wherever the page thinks best
};

/// Where a row, mark or button leads: a page, and what it is to be filled with.
struct PageLink
{
    PageId page = PageId::Overview;
    /// Overview, Diagnosis: the one to show. Messages: whose positions. Events: whose events.
    std::optional<ConsumerName> collector;
    std::optional<MessagePlace> message; ///< Messages: what to show
    bool deadLetters = false;            ///< Events: the list of those
    std::optional<HistoryMark> mark;     ///< Events: the one that makes this mark in a plot
    std::optional<ReplayRequest> replay; ///< Replay: everything filled in, not yet run
    bool runReplay = false;              ///< and run as soon as it is ready
    bool startDemo = false;              ///< beside what is open, and show it
    bool account = false;                ///< Connections: what the account of the shown connection may see
};

/// One page of the window. It knows its data; the window knows only this. It is made when somebody first
/// opens it, so what must be gathered before lives in the session or its feed.
class Page : public QWidget
{
    Q_OBJECT

public:
    using QWidget::QWidget;
    [[nodiscard]] virtual PageId pageId() const = 0;
    /// Follows a link that leads here.
    virtual void openLink(const PageLink&) {}
    /// F5, `/`, Esc, Space. False = the page has nothing to do with it.
    virtual bool refreshNow() { return false; }
    virtual bool focusFilter() { return false; }
    virtual bool goBack() { return false; }
    virtual bool playPause() { return false; }
    /// What goes on here and would be cut off with the page, in words: "the replay of SPARK, 45 % done".
    /// Empty: nothing.
    [[nodiscard]] virtual QString running() const { return {}; }
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

class LiveSession;

/// A page that is not made yet.
struct PageMaker
{
    PageId page = PageId::Overview;
    std::function<Page*(LiveSession&)> make;
};

} // namespace jetlag::ui
