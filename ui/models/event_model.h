#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/events/event_log.h"
#include "ui/models/record_model.h"
#include "ui/theme/glyphs.h"

#include <functional>

namespace jetlag::ui {

struct EventRecord
{
    ClusterEvent event;
    bool isMuted = false;
    ServerTime now{}; ///< what "ago" counts from
};

/// One row per event of the log.
class EventModel final : public RecordModel<EventRecord, std::uint64_t>
{
    Q_OBJECT

public:
    enum PictureRole { GlyphRole = RowRole + 10 }; ///< int of a Glyph, where one stands before the text

    explicit EventModel(QObject* parent = nullptr);
    void show(const EventLog& log, ServerTime now, const std::function<bool(const ConsumerName&)>& isMuted);

    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] static QString glyphColumn(); ///< id of the column with a glyph
};

/// A verdict's own sign; a small square for anything else.
[[nodiscard]] Glyph glyphOf(const ClusterEvent& event);
[[nodiscard]] QColor inkOf(const ClusterEvent& event);
/// "verdict", "server", "leader", "config", "limit", "connection", "note": what a filter names.
[[nodiscard]] QString groupOf(MarkKind kind);

} // namespace jetlag::ui
