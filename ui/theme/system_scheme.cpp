// SPDX-License-Identifier: Apache-2.0
#include "ui/theme/system_scheme.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#include <QObject>

namespace jetlag::ui {

namespace {

constexpr auto kService = "org.freedesktop.portal.Desktop";
constexpr auto kPath = "/org/freedesktop/portal/desktop";
constexpr auto kInterface = "org.freedesktop.portal.Settings";
constexpr auto kNamespace = "org.freedesktop.appearance";
constexpr auto kKey = "color-scheme";
constexpr uint kNoPreference = 0;
constexpr uint kPreferDark = 1;

class SchemeWatcher final : public QObject
{
    Q_OBJECT

public:
    SchemeWatcher(QObject& owner, std::function<void(bool)> onScheme)
        : QObject(&owner)
        , m_onScheme(std::move(onScheme))
    {
        QDBusConnection bus = QDBusConnection::sessionBus();
        if (!bus.isConnected())
            return;
        bus.connect(QLatin1String(kService), QLatin1String(kPath), QLatin1String(kInterface),
                    QStringLiteral("SettingChanged"), this,
                    SLOT(settingChanged(QString, QString, QDBusVariant)));
        QDBusMessage question = QDBusMessage::createMethodCall(
            QLatin1String(kService), QLatin1String(kPath), QLatin1String(kInterface), QStringLiteral("Read"));
        question << QLatin1String(kNamespace) << QLatin1String(kKey);
        auto* call = new QDBusPendingCallWatcher(bus.asyncCall(question), this);
        connect(call, &QDBusPendingCallWatcher::finished, this, [this, call] {
            const QDBusPendingReply<QDBusVariant> answer = *call;
            if (answer.isValid())
                tell(answer.value());
            call->deleteLater();
        });
    }

private slots:
    void settingChanged(const QString& space, const QString& key, const QDBusVariant& value)
    {
        if (space == QLatin1String(kNamespace) && key == QLatin1String(kKey))
            tell(value);
    }

private:
    void tell(const QDBusVariant& answer)
    {
        QVariant value = answer.variant();
        if (value.canConvert<QDBusVariant>()) // Read wraps its answer twice
            value = value.value<QDBusVariant>().variant();
        if (value.toUInt() != kNoPreference)
            m_onScheme(value.toUInt() == kPreferDark);
    }

    std::function<void(bool)> m_onScheme;
};

} // namespace

void watchSystemScheme(QObject& owner, std::function<void(bool dark)> onScheme)
{
    new SchemeWatcher(owner, std::move(onScheme));
}

} // namespace jetlag::ui

#include "system_scheme.moc"
