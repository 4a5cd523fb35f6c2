// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/ui_test.h"
#include "ui/bridge/notifier.h"

#include <QApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QTest>

#include <unistd.h>
#include <vector>

using namespace jetlag;
using namespace jetlag::test;
using namespace jetlag::ui;

namespace {

constexpr auto kService = "org.freedesktop.Notifications";
constexpr auto kPath = "/org/freedesktop/Notifications";

struct Shown
{
    uint id = 0;
    uint replaces = 0;
    QString title;
    QString body;
    QStringList actions;
    QVariantMap hints;
};

Notice stopped(const char* collector)
{
    return {.title = std::string(collector) + ": no-pulls",
            .text = "nobody fetches <b>now</b> & 3 wait",
            .severity = EventSeverity::Bad,
            .collector = ConsumerName{"SPARK", collector}};
}

} // namespace

/// A notification service that shows nothing and keeps everything.
class FakeNotificationService final : public QObject
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.Notifications")

public:
    FakeNotificationService()
        : m_bus(QDBusConnection::connectToBus(QDBusConnection::SessionBus, QStringLiteral("service")))
    {}
    ~FakeNotificationService() override { QDBusConnection::disconnectFromBus(QStringLiteral("service")); }

    [[nodiscard]] bool appear()
    {
        return m_bus.registerObject(QLatin1String(kPath), this,
                                    QDBusConnection::ExportAllSlots | QDBusConnection::ExportAllSignals) &&
               m_bus.registerService(QLatin1String(kService));
    }
    void vanish()
    {
        m_bus.unregisterObject(QLatin1String(kPath));
        m_bus.unregisterService(QLatin1String(kService));
    }

    QStringList capabilities{QStringLiteral("body"), QStringLiteral("body-markup"),
                             QStringLiteral("actions")};
    int asked = 0;
    std::vector<Shown> shown;

public slots:
    QStringList GetCapabilities()
    {
        ++asked;
        return capabilities;
    }
    uint Notify(const QString&, uint replaces, const QString&, const QString& title, const QString& body,
                const QStringList& actions, const QVariantMap& hints, int)
    {
        const uint id = replaces != 0 ? replaces : ++m_last;
        shown.push_back({id, replaces, title, body, actions, hints});
        return id;
    }

signals:
    void ActionInvoked(uint id, const QString& action);
    void NotificationClosed(uint id, uint reason);

private:
    QDBusConnection m_bus;
    uint m_last = 40;
};

class TestDesktopNotifier : public WidgetTest
{
    Q_OBJECT

private:
    std::unique_ptr<FakeNotificationService> m_desktop;
    std::unique_ptr<Notifier> m_notifier;
    std::vector<Notice> m_wanted; // "Show" was pressed
    std::vector<Notice> m_inside;

    void open()
    {
        m_notifier = makeDesktopNotifier();
        connect(m_notifier.get(), &Notifier::showWanted, this,
                [this](const Notice& notice) { m_wanted.push_back(notice); });
        connect(m_notifier.get(), &Notifier::stayedInside, this,
                [this](const Notice& notice) { m_inside.push_back(notice); });
    }
    void tell(const Notice& notice)
    {
        const std::size_t before = m_desktop->shown.size();
        m_notifier->tell(notice);
        QTRY_COMPARE_WITH_TIMEOUT(m_desktop->shown.size(), before + 1, kPatienceMs);
        QCoreApplication::processEvents(); // its number comes back
    }
    /// Presses until it is heard: the number of a notice comes back some time after it was shown.
    [[nodiscard]] bool pressed(uint id)
    {
        return QTest::qWaitFor(
            [&] {
                if (m_wanted.empty())
                    emit m_desktop->ActionInvoked(id, QStringLiteral("default"));
                return !m_wanted.empty();
            },
            kPatienceMs);
    }

private slots:
    void initTestCase()
    {
        WidgetTest::initTestCase();
        QVERIFY(QDBusConnection::sessionBus().isConnected());
    }
    void init()
    {
        WidgetTest::init();
        m_wanted.clear();
        m_inside.clear();
        m_desktop = std::make_unique<FakeNotificationService>();
        QVERIFY(m_desktop->appear());
    }
    void cleanup()
    {
        m_notifier.reset();
        m_desktop->vanish();
        m_desktop.reset();
    }

    void aNoticeIsShownWithItsUrgencyAndNoMarkup()
    {
        open();
        tell(stopped("jobs"));
        const Shown& one = m_desktop->shown.back();
        QCOMPARE(one.title, QStringLiteral("jobs: no-pulls"));
        QCOMPARE(one.body, QStringLiteral("nobody fetches &lt;b&gt;now&lt;/b&gt; &amp; 3 wait"));
        QCOMPARE(one.hints.value(QStringLiteral("urgency")).toInt(), 2);
        QVERIFY(one.actions.contains(QStringLiteral("default")));
        Notice mild = stopped("stages");
        mild.severity = EventSeverity::Information;
        tell(mild);
        QCOMPARE(m_desktop->shown.back().hints.value(QStringLiteral("urgency")).toInt(), 1);
    }

    void aServiceWithoutMarkupGetsPlainText()
    {
        m_desktop->capabilities = {QStringLiteral("body")};
        open();
        QTRY_COMPARE_WITH_TIMEOUT(m_desktop->asked, 1, kPatienceMs);
        const auto isPlain = [&] { // the answer may still be on its way
            tell(stopped("jobs"));
            return m_desktop->shown.back().body == QLatin1String("nobody fetches <b>now</b> & 3 wait");
        };
        QVERIFY(QTest::qWaitFor(isPlain, kPatienceMs));
    }

    void pressingItLeadsToItsCollector()
    {
        open();
        tell(stopped("jobs"));
        QVERIFY(pressed(m_desktop->shown.back().id));
        QVERIFY(m_wanted.front().collector == (ConsumerName{"SPARK", "jobs"}));
    }

    void theNewestOfACollectorReplacesWhatStands()
    {
        open();
        tell(stopped("jobs"));
        const uint first = m_desktop->shown.back().id;
        QVERIFY(pressed(first)); // its number is known
        tell(stopped("jobs"));
        QCOMPARE(m_desktop->shown.back().replaces, first);
        tell(stopped("stages"));
        QCOMPARE(m_desktop->shown.back().replaces, 0U);
        emit m_desktop->NotificationClosed(first, 2);
        tell(stopped("hive"));
        m_wanted.clear();
        QVERIFY(pressed(m_desktop->shown.back().id)); // so the end of the first one was heard too
        tell(stopped("jobs"));
        QCOMPARE(m_desktop->shown.back().replaces, 0U);
    }

    void whatNoServiceShowsStaysInside()
    {
        m_desktop->vanish();
        open();
        m_notifier->tell(stopped("jobs"));
        QTRY_COMPARE_WITH_TIMEOUT(m_inside.size(), 1U, kPatienceMs);
        QCOMPARE(m_inside.front().title, std::string("jobs: no-pulls"));
        QVERIFY(m_desktop->appear()); // it comes back: the next one is shown
        tell(stopped("jobs"));
    }
};

/// On a session bus of its own, which must be there before the application is: it begins again within one.
int main(int argc, char** argv)
{
    constexpr auto kOnOwnBus = "JETLAG_TEST_ON_OWN_BUS";
    if (!qEnvironmentVariableIsSet(kOnOwnBus)) {
        qputenv(kOnOwnBus, "1");
        std::vector<const char*> words{"dbus-run-session", "--"};
        words.insert(words.end(), argv, argv + argc + 1); // with the null at the end
        execvp(words.front(), const_cast<char* const*>(words.data()));
        qFatal("dbus-run-session cannot be run; install the package dbus-daemon");
    }
    const QApplication application(argc, argv);
    TestDesktopNotifier test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_desktop_notifier.moc"
