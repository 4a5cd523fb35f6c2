// SPDX-License-Identifier: Apache-2.0
#include "ui/bridge/notifier.h"

#include <QApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QSystemTrayIcon>

#include <algorithm>
#include <map>
#include <utility>

namespace jetlag::ui {

namespace {

constexpr auto kService = "org.freedesktop.Notifications";
constexpr auto kPath = "/org/freedesktop/Notifications";
constexpr int kServersChoice = -1; // how long it stands
constexpr uchar kNormal = 1;
constexpr uchar kCritical = 2;

class DesktopNotifier final : public Notifier
{
    Q_OBJECT

public:
    DesktopNotifier()
    {
        QDBusConnection bus = QDBusConnection::sessionBus();
        if (!bus.isConnected())
            return;
        bus.connect(QLatin1String(kService), QLatin1String(kPath), QLatin1String(kService),
                    QStringLiteral("ActionInvoked"), this, SLOT(actionInvoked(uint, QString)));
        bus.connect(QLatin1String(kService), QLatin1String(kPath), QLatin1String(kService),
                    QStringLiteral("NotificationClosed"), this, SLOT(closed(uint, uint)));
        askWhetherBodiesAreMarkup();
    }

    void tell(const Notice& notice) override
    {
        if (!QDBusConnection::sessionBus().isConnected())
            return tellByTray(notice);
        whenAnswered<uint>(messageOf(notice), [this, notice](const QDBusPendingReply<uint>& answer) {
            if (answer.isError())
                tellByTray(notice);
            else
                m_standing[answer.value()] = notice;
        });
    }

private slots:
    void actionInvoked(uint id, const QString&)
    {
        const auto notice = m_standing.find(id);
        if (notice != m_standing.end())
            emit showWanted(notice->second);
    }
    void closed(uint id, uint) { m_standing.erase(id); }

private:
    [[nodiscard]] static QDBusMessage call(const char* method)
    {
        return QDBusMessage::createMethodCall(QLatin1String(kService), QLatin1String(kPath),
                                              QLatin1String(kService), QLatin1String(method));
    }

    template <typename Value, typename Then>
    void whenAnswered(const QDBusMessage& message, Then then)
    {
        auto* watcher = new QDBusPendingCallWatcher(QDBusConnection::sessionBus().asyncCall(message), this);
        connect(watcher, &QDBusPendingCallWatcher::finished, this, [watcher, then = std::move(then)] {
            then(QDBusPendingReply<Value>(*watcher));
            watcher->deleteLater();
        });
    }

    void askWhetherBodiesAreMarkup()
    {
        whenAnswered<QStringList>(call("GetCapabilities"), [this](const auto& answer) {
            m_bodiesAreMarkup = answer.isError() || answer.value().contains(QLatin1String("body-markup"));
        });
    }

    /// What stands of the same collector is replaced: its newest state is the one that counts.
    [[nodiscard]] uint standingOf(const Notice& notice) const
    {
        const auto same = std::find_if(m_standing.begin(), m_standing.end(), [&](const auto& one) {
            return notice.collector && one.second.collector == notice.collector &&
                   one.second.connection == notice.connection;
        });
        return same == m_standing.end() ? 0 : same->first;
    }

    [[nodiscard]] QDBusMessage messageOf(const Notice& notice) const
    {
        const bool isBad = notice.severity == EventSeverity::Bad;
        const QString text = QString::fromStdString(notice.text);
        QDBusMessage message = call("Notify");
        message << QCoreApplication::applicationName() << standingOf(notice) << QStringLiteral("jetlag")
                << QString::fromStdString(notice.title) << (m_bodiesAreMarkup ? text.toHtmlEscaped() : text)
                << QStringList{QStringLiteral("default"), tr("Show"), QStringLiteral("show"), tr("Show")}
                << QVariantMap{{QStringLiteral("urgency"), QVariant::fromValue(isBad ? kCritical : kNormal)},
                               {QStringLiteral("desktop-entry"), QStringLiteral("jetlag")}}
                << kServersChoice;
        return message;
    }

    void tellByTray(const Notice& notice)
    {
        if (!QSystemTrayIcon::isSystemTrayAvailable() || !QSystemTrayIcon::supportsMessages()) {
            emit stayedInside(notice);
            return;
        }
        if (!m_tray) {
            m_tray = std::make_unique<QSystemTrayIcon>(QApplication::windowIcon());
            connect(m_tray.get(), &QSystemTrayIcon::messageClicked, this,
                    [this] { emit showWanted(m_inTray); });
            m_tray->show();
        }
        m_inTray = notice;
        m_tray->showMessage(QString::fromStdString(notice.title), QString::fromStdString(notice.text),
                            notice.severity == EventSeverity::Bad ? QSystemTrayIcon::Critical
                                                                  : QSystemTrayIcon::Information);
    }

    bool m_bodiesAreMarkup = true;     ///< until the service says otherwise: shown escaped is better than not
    std::map<uint, Notice> m_standing; ///< by the service's number, until it is closed
    std::unique_ptr<QSystemTrayIcon> m_tray;
    Notice m_inTray;
};

} // namespace

std::unique_ptr<Notifier> makeDesktopNotifier()
{
    return std::make_unique<DesktopNotifier>();
}

} // namespace jetlag::ui

#include "desktop_notifier.moc"
