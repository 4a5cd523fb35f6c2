#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/clock.h"
#include "ui/bridge/live_sessions.h"
#include "ui/pages/page.h"

#include <map>
#include <memory>

class QSplitter;

namespace jetlag::ui {

class AddressRow;
class FoundContexts;
class Offers;
class OpenTiles;
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
    void openLink(const PageLink& link) override;
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
    void refreshState();
    void refreshTarget();
    void rememberConnection() const;
    void chooseContext();
    void chooseAddress();
    /// False: nothing is open.
    bool chooseCurrent();
    void chooseLast();
    void choose(std::optional<Target> target);
    void test();
    void tellOpen();
    [[nodiscard]] bool isOpen(const Target& target) const;
    void connectTo();
    void openCapture(const QString& file);
    void askForCapture();
    void connectParts(OpenTiles& open);
    void fitTest();

    LiveSessions& m_sessions;
    AddressRow* m_address;
    FoundContexts* m_found;
    Offers* m_offers;
    TestPanel* m_test;
    QSplitter* m_split;
    bool m_isSplitMoved = false; ///< by hand, since it lies this way
    std::optional<Target> m_target;
    bool m_choseItself = true; ///< the page did, nobody else
    std::unique_ptr<JobWatch<ConnectionTest>> m_testing;
    bool m_isTold = false; ///< what was found of the target, or it is being found

    struct Told
    {
        ConnectionTest test;
        ServerTime at; ///< when it was asked for, by this machine's clock
    };
    /// By context and address with its login, which no key has: another password may see other things.
    using Login = std::pair<std::string, std::optional<std::string>>;
    [[nodiscard]] static Login loginOf(const Target& target)
    {
        return {target.context, target.request.server};
    }
    std::map<Login, Told> m_told; ///< since the window was opened
};

} // namespace jetlag::ui
