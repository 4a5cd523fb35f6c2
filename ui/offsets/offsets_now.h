#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/report.h"
#include "ui/offsets/head_reader.h"

#include <QFrame>

#include <memory>

namespace jetlag::ui {

class ElidedLabel;
class LivePill;
class OffsetsView;

/// "Offsets now" of one collector: the picture, its title, and what a box says. Reads what the picture needs
/// while somebody sees it.
class OffsetsNow final : public QFrame
{
    Q_OBJECT

public:
    explicit OffsetsNow(EventsService& events, QWidget* parent = nullptr);

    /// With every report. A null server or stream: what is known from before stays, nothing is read.
    void show(const ClusterReport& report, const CollectorReport& row, std::shared_ptr<ServerLink> server);
    void setCompact(bool compact);
    [[nodiscard]] OffsetsView& view() { return *m_view; }
    [[nodiscard]] QString words() const;

signals:
    /// Of the box under the pointer or the chosen one; empty = none.
    void readOutChanged(const QString& words);
    void messageWanted(jetlag::StreamSequence sequence);
    void replayWanted(jetlag::StreamSequence sequence);
    /// Zero = none is chosen any more.
    void chosenChanged(jetlag::StreamSequence sequence);
    void done(const QString& what);

protected:
    void hideEvent(QHideEvent* event) override;

private:
    void showPicture();
    void showWords();
    void want();
    [[nodiscard]] QString summary() const;

    HeadReader m_reader;
    OffsetsView* m_view;
    ElidedLabel* m_words;
    LivePill* m_follow;
    OffsetFacts m_facts;
    ServerTime m_now{};
    ConsumerName m_name;
    QString m_said; ///< newest of readOutChanged()
    bool m_canRead = false;
    bool m_isOld = false;
};

} // namespace jetlag::ui
