#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/report.h"
#include "ui/bridge/held_reader.h"

#include <QWidget>

#include <span>
#include <vector>

class QLabel;
class QTableWidget;

namespace jetlag::ui {

class ElidedLabel;

/// One message that holds a collector up.
struct HeldRow
{
    std::string role; ///< what the rules found of it, or how far the collector is with it
    std::uint64_t sequence = 0;
    std::optional<ServerTime> time;
    std::string subject;
    std::optional<std::uint64_t> bytes; ///< of the whole payload
    std::optional<std::string> body;    ///< its begin; nullopt = not read
};

/// What the rules named, and where the server counts lag the first messages behind the ack floor, in the
/// order of the stream. Without lag only what was named holds it up: its neighbours are processed. What was
/// named keeps its role; which of the others are acked already the server does not tell, but for those at or
/// below the floor: a collector that flows is through with them before they are read again.
[[nodiscard]] std::vector<HeldRow> heldRows(const CollectorReport& row, std::span<const StoredMessage> read,
                                            StreamSequence firstUnprocessed);

/// The messages that hold a collector up, a row each with subject, age, size and the begin of the body; as
/// high as its rows, and gone without any. Of a collector that works through them faster than they can be
/// read only what the rules named is listed, and read only where that stands still.
class HeldMessages final : public QWidget
{
    Q_OBJECT

public:
    static constexpr std::uint64_t kMostMessages = 10;

    explicit HeldMessages(EventsService& events, QWidget* parent = nullptr);
    /// With each report while it is seen. A null server: what is known stays, nothing is read.
    void show(const CollectorReport& row, StreamSequence firstUnprocessed,
              const std::shared_ptr<ServerLink>& server);
    /// A low window: fewer rows, more to scroll.
    void setCompact(bool compact);
    /// Selects its row; nothing where it is not among them.
    void choose(quint64 sequence);
    [[nodiscard]] QTableWidget& table() const { return *m_table; }

signals:
    /// Enter or double click.
    void messageWanted(quint64 sequence);
    /// Somebody went to its row.
    void messageChosen(quint64 sequence);

protected:
    void hideEvent(QHideEvent* event) override;

private:
    void makeTable();
    void showRows();
    void showRow(int at, const HeldRow& row);
    void judgeFlow(const CollectorReport& row);
    [[nodiscard]] bool judgeNamed(const CollectorReport& row);
    [[nodiscard]] bool isNamed(std::uint64_t sequence) const;
    void showTitle(std::size_t rows);
    [[nodiscard]] quint64 sequenceAt(int row) const;

    HeldReader m_reader;
    QTableWidget* m_table;
    ElidedLabel* m_counts;
    QLabel* m_hint;
    CollectorReport m_row;     ///< of the newest show()
    StreamSequence m_first;    ///< that it has not processed
    bool m_flows = false;      ///< it is through with the first ones before they are read again
    std::uint64_t m_named = 0; ///< first of what the rules named; 0 = nothing
    ServerTime m_namedSince{};
    bool m_readsNamed = false; ///< it flows, and what is named stands still
    bool m_isCompact = false;
};

} // namespace jetlag::ui
