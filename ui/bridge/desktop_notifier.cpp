// SPDX-License-Identifier: Apache-2.0
#include "ui/bridge/notifier.h"

#include <QApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QSystemTrayIcon>

#include <map>

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
    }

    void tell(const Notice& notice) override
    {
        if (!QDBusConnection::sessionBus().isConnected())
            return tellByTray(notice);
        auto* call =
            new QDBusPendingCallWatcher(QDBusConnection::sessionBus().asyncCall(messageOf(notice)), this);
        connect(call, &QDBusPendingCallWatcher::finished, this, [this, call, notice] {
            const QDBusPendingReply<uint> answer = *call;
            if (answer.isError())
                tellByTray(notice);
            else
                m_standing[answer.value()] = notice;
            call->deleteLater();
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
    static QDBusMessage messageOf(const Notice& notice)
    {
        QDBusMessage message = QDBusMessage::createMethodCall(
            QLatin1String(kService), QLatin1String(kPath), QLatin1String(kService), QStringLiteral("Notify"));
        const bool isBad = notice.severity == EventSeverity::Bad;
        // Servers take the body for markup.
        message << QCoreApplication::applicationName() << uint(0) << QStringLiteral("jetlag")
                << QString::fromStdString(notice.title) << QString::fromStdString(notice.text).toHtmlEscaped()
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
