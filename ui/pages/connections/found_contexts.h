#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/models/context_model.h"

#include <QWidget>

class QFileSystemWatcher;
class QLabel;
class QLineEdit;
class QTableView;

namespace jetlag {
class ConnectionService;
}

namespace jetlag::ui {

/// The nats contexts of this machine as a table, read again when their folders change. Where there are many,
/// a line above finds some by words.
class FoundContexts final : public QWidget
{
    Q_OBJECT

public:
    explicit FoundContexts(ConnectionService& connections, QWidget* parent = nullptr);

    void read();
    [[nodiscard]] ContextModel& model() const { return *m_contexts; }
    /// Null when no row is chosen.
    [[nodiscard]] const FoundContext* chosen() const;
    /// False: there is none of that name.
    bool choose(const std::string& name);
    /// The one of that name, else the one that `nats` uses, else the first.
    void chooseOr(const std::string& name);
    void clearChoice();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

signals:
    void chosenChanged();
    void activated(); ///< Enter or a double click on the chosen one

private:
    [[nodiscard]] QWidget* titleRow();
    void makeTable();
    void watchFolders();
    void filter();
    void fitHeight();
    void fitColumns();
    void say(int broken);

    ConnectionService& m_connections;
    ContextModel* m_contexts;
    QFileSystemWatcher* m_files;
    QLabel* m_words;
    QLineEdit* m_filter;
    QTableView* m_table;
};

} // namespace jetlag::ui
