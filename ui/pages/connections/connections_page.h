#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/bridge/live_sessions.h"
#include "ui/models/context_model.h"
#include "ui/pages/page.h"

#include <memory>

class QFileSystemWatcher;
class QLabel;
class QLineEdit;
class QSplitter;
class QTableView;

namespace jetlag::ui {

class Offers;
class TestPanel;

/// What is open, and where else to connect: the contexts of this machine, an address, the demo, or a capture
/// without any server.
class ConnectionsPage final : public Page
{
    Q_OBJECT

public:
    explicit ConnectionsPage(LiveSessions& sessions, QWidget* parent = nullptr);
    ~ConnectionsPage() override;

    [[nodiscard]] PageId pageId() const override { return PageId::Connections; }
    bool refreshNow() override;
    bool focusFilter() override;
    [[nodiscard]] QList<std::pair<QString, QString>> shortcuts() const override;

protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    /// What the right side speaks of.
    struct Target
    {
        ConnectionRequest request;
        QString name;
        QString environment;
        std::string key;     ///< of the connection that it would be
        std::string context; ///< empty = an address
    };

    void readContexts();
    void watchContexts();
    void refreshState();
    void refreshTarget();
    void rememberConnection() const;
    void chooseRow();
    void chooseAddress();
    void choose(std::optional<Target> target);
    void test();
    void connectTo();
    void openCapture(const QString& file);
    void askForCapture();
    [[nodiscard]] QWidget* addressRow();
    [[nodiscard]] QWidget* foundBox();

    LiveSessions& m_sessions;
    ContextModel* m_contexts;
    QFileSystemWatcher* m_files;
    QLineEdit* m_address;
    QLabel* m_found;
    QTableView* m_table;
    Offers* m_offers;
    TestPanel* m_test;
    QSplitter* m_split;
    std::optional<Target> m_target;
    std::unique_ptr<JobWatch<ConnectionTest>> m_testing;
};

} // namespace jetlag::ui
