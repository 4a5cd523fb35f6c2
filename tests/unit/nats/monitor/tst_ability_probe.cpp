// SPDX-License-Identifier: Apache-2.0
#include "nats/monitor/ability_probe.h"
#include "tests/support/broker.h"

#include <QTest>

using namespace jetlag;
using namespace jetlag::test;

namespace {

/// A login that reads everything, and one that lacks what stands in `denied`.
BrokerOptions users(const std::string& publishDenied, const std::string& subscribeDenied)
{
    return {.extraConfig = "authorization { users: [\n"
                           "  { user: all, password: all }\n"
                           "  { user: some, password: some, permissions: {\n"
                           "      publish: { deny: [" +
                           publishDenied +
                           "] }\n"
                           "      subscribe: { deny: [" +
                           subscribeDenied + "] } } }\n] }\n"};
}

ConnectionProfile as(const Broker& broker, const std::string& user)
{
    return profileFromUrl("nats://" + user + ":" + user + "@127.0.0.1:" + std::to_string(broker.port()));
}

std::vector<Ability> abilitiesOf(const ConnectionProfile& profile)
{
    const std::unique_ptr<Connection> connection = openPatiently(profile);
    ReadOnlyApi reads(*connection);
    return probeAbilities(reads);
}

Grant grantOf(const std::vector<Ability>& abilities, std::string_view what)
{
    for (const Ability& ability : abilities) {
        if (ability.what.starts_with(what))
            return ability.grant;
    }
    throw std::runtime_error("no such ability");
}

} // namespace

class TestAbilityProbe : public QObject
{
    Q_OBJECT

private slots:
    void aFullAccountMayAll()
    {
        Broker broker(users("", ""));
        TestClient client(as(broker, "all"));
        client.createStream(R"({"name":"S","subjects":["s"],"allow_direct":true})");
        client.publish("s", "one");
        const std::vector<Ability> abilities = abilitiesOf(as(broker, "all"));
        for (const std::string_view what : {"Account", "Streams", "Collectors", "Messages by direct",
                                            "Messages by message", "Collector adv", "Stream adv"})
            QVERIFY2(grantOf(abilities, what) == Grant::Yes, std::string(what).c_str());
        QVERIFY(grantOf(abilities, "Acks") == Grant::Off);
        const ConnectionTest test{.server = {.jetStream = true}, .abilities = abilities};
        QCOMPARE(QString::fromStdString(testSentence(test)),
                 QStringLiteral("Can be used, nothing is missing."));
        QVERIFY(nscCommand(test).empty());
        QVERIFY(serverPermissions(test).empty());
    }

    // Each missing permission shows as itself and as nothing else, and the line that asks for it grants it.
    void eachMissingPermissionShowsAsItself_data()
    {
        QTest::addColumn<QString>("publishDenied");
        QTest::addColumn<QString>("subscribeDenied");
        QTest::addColumn<QString>("what");
        QTest::newRow("info") << "\"$JS.API.INFO\""
                              << ""
                              << "Account";
        QTest::newRow("stream list") << "\"$JS.API.STREAM.LIST\""
                                     << ""
                                     << "Streams";
        QTest::newRow("stream info") << "\"$JS.API.STREAM.INFO.*\""
                                     << ""
                                     << "Streams";
        QTest::newRow("consumer list") << "\"$JS.API.CONSUMER.LIST.*\""
                                       << ""
                                       << "Collectors";
        QTest::newRow("direct get") << "\"$JS.API.DIRECT.GET.*\""
                                    << ""
                                    << "Messages by direct";
        QTest::newRow("message get") << "\"$JS.API.STREAM.MSG.GET.*\""
                                     << ""
                                     << "Messages by message";
        QTest::newRow("consumer advisories") << ""
                                             << "\"$JS.EVENT.ADVISORY.CONSUMER.>\""
                                             << "Collector adv";
        QTest::newRow("stream advisories") << ""
                                           << "\"$JS.EVENT.ADVISORY.STREAM.>\""
                                           << "Stream adv";
    }
    void eachMissingPermissionShowsAsItself()
    {
        QFETCH(QString, publishDenied);
        QFETCH(QString, subscribeDenied);
        QFETCH(QString, what);
        Broker broker(users(publishDenied.toStdString(), subscribeDenied.toStdString()));
        TestClient client(as(broker, "all"));
        client.createStream(R"({"name":"S","subjects":["s"],"allow_direct":true})");
        client.publish("s", "one");

        const std::vector<Ability> abilities = abilitiesOf(as(broker, "some"));
        for (const Ability& ability : abilities) {
            const bool expected = QString::fromStdString(ability.what).startsWith(what);
            QVERIFY2((ability.grant == Grant::Missing) == expected, ability.what.c_str());
        }
        const ConnectionTest test{.server = {.jetStream = true}, .user = "some", .abilities = abilities};
        QCOMPARE(QString::fromStdString(testSentence(test)),
                 QStringLiteral("Can be used, 1 thing is missing."));
        const QString denied = QString(publishDenied + subscribeDenied).remove(QLatin1Char('"'));
        QVERIFY(QString::fromStdString(nscCommand(test)).contains(denied));
        QVERIFY(QString::fromStdString(serverPermissions(test)).contains(denied));
    }

    void anAccountWithoutDirectGetSaysOff()
    {
        Broker broker;
        TestClient client = broker.client();
        client.createStream(R"({"name":"S","subjects":["s"]})");
        client.publish("s", "one");
        QVERIFY(grantOf(abilitiesOf(broker.profile()), "Messages by direct") == Grant::Off);
    }

    void anEmptyAccountIsNoTrouble()
    {
        Broker broker;
        for (const Ability& ability : abilitiesOf(broker.profile()))
            QVERIFY2(ability.grant == Grant::Yes || ability.grant == Grant::Off, ability.what.c_str());
    }
};

QTEST_GUILESS_MAIN(TestAbilityProbe)
#include "tst_ability_probe.moc"
