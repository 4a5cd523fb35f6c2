// SPDX-License-Identifier: Apache-2.0
#include "model/profile/nats_context.h"
#include "tests/support/temp_folder.h"

#include <QTest>

#include <algorithm>

using namespace jetlag;
using jetlag::test::TempFolder;

namespace {

std::string messageOf(const auto& result)
{
    return result ? std::string("(no error)") : result.error().message();
}

// JSON that is easier to read in a C++ string.
std::string withQuotes(std::string text)
{
    std::replace(text.begin(), text.end(), '\'', '"');
    return text;
}

} // namespace

class TestNatsContext : public QObject
{
    Q_OBJECT

private slots:
    void everythingAContextSaysIsRead()
    {
        qputenv("JETLAG_TEST_CERTS", "/certs");
        qputenv("HOME", "/home/jane");
        TempFolder folder;
        folder.write(
            "context/prod.json",
            withQuotes(
                "{"
                "'name': 'another', 'description': 'the real one', 'url': 'nats://a:1, b:2 ,tls://c:3',"
                "'token': 'env://TOKEN', 'user': 'jane', 'password': 'secret', 'creds': '', 'nkey': null,"
                "'cert': '$JETLAG_TEST_CERTS/client.pem', 'key': 'file://${JETLAG_TEST_CERTS}/key.pem', "
                "'ca': '~/ca.pem',"
                "'jetstream_domain': 'hub', 'jetstream_event_prefix': 'evt', 'inbox_prefix': '_IN.jane',"
                "'color_scheme': 'red', 'tls_first': true, 'socks_proxy': '', 'from_the_future': {'a': "
                "[1]}}"));
        const Result<ConnectionProfile> profile = loadContext(folder.path(), "prod");
        QCOMPARE(messageOf(profile), std::string("(no error)"));
        QCOMPARE(profile->name, std::string("prod")); // the file's name, whatever it says inside
        QCOMPARE(profile->origin, (folder / "context/prod.json").string());
        QCOMPARE(profile->description, std::string("the real one"));
        QCOMPARE(profile->urls, (std::vector<std::string>{"nats://a:1", "nats://b:2", "tls://c:3"}));
        QVERIFY(profile->token == SecretReference({"env://TOKEN", SecretReference::Bare::Value}));
        QCOMPARE(profile->user, std::string("jane"));
        QVERIFY(profile->password == SecretReference({"secret", SecretReference::Bare::Value}));
        QVERIFY(!profile->creds && !profile->nkey && !profile->userJwt);
        QCOMPARE(profile->certFile, std::string("/certs/client.pem"));
        QCOMPARE(profile->keyFile, std::string("/certs/key.pem"));
        QCOMPARE(profile->caFile, std::string("/home/jane/ca.pem"));
        QVERIFY(profile->tlsFirst);
        QCOMPARE(profile->apiPrefix(), std::string("$JS.hub.API"));
        QCOMPARE(profile->eventPrefix(), std::string("evt"));
        QCOMPARE(profile->inboxPrefix, std::string("_IN.jane"));
        QCOMPARE(profile->colorScheme, std::string("red"));
    }

    void thePrefixWinsOverTheDomain()
    {
        TempFolder folder;
        folder.write("context/a.json",
                     withQuotes("{'jetstream_domain':'hub','jetstream_api_prefix':'imported.API.'}"));
        QCOMPARE(loadContext(folder.path(), "a")->apiPrefix(), std::string("imported.API"));
        QCOMPARE(loadContext(folder.path(), "a")->urls, ConnectionProfile().urls);
    }

    void whereToConnect()
    {
        TempFolder folder;
        QCOMPARE(chooseProfile(folder.path(), {}, {})->urls, ConnectionProfile().urls); // nothing there
        folder.write("context/a.json", withQuotes("{'url':'nats://a:1'}"));
        folder.write("context/b.json", withQuotes("{'url':'nats://b:1'}"));
        folder.write("context/notes.txt", "no context");
        QCOMPARE(chooseProfile(folder.path(), {}, {})->urls, ConnectionProfile().urls); // none selected
        folder.write("context.txt", "b\n");
        QCOMPARE(chooseProfile(folder.path(), {}, {})->name, std::string("b"));
        QCOMPARE(chooseProfile(folder.path(), "a", {})->name, std::string("a"));
        QCOMPARE(chooseProfile(folder.path(), {}, "c:1,d:2")->urls,
                 (std::vector<std::string>{"nats://c:1", "nats://d:2"}));
        QVERIFY(chooseProfile(folder.path(), "a", "c:1").error().code() == ErrorCode::InvalidArgument);

        const std::vector<ContextFile> contexts = listContexts(folder.path());
        QCOMPARE(contexts.size(), std::size_t(2));
        QCOMPARE(contexts[0].name, std::string("a"));
        QVERIFY(!contexts[0].selected);
        QVERIFY(contexts[1].selected);

        folder.write("context.txt", "gone");
        QVERIFY(chooseProfile(folder.path(), {}, {}).error().code() ==
                ErrorCode::NotFound); // not silently elsewhere
        QCOMPARE(listContexts(folder / "nowhere").size(), std::size_t(0));
    }

    void brokenFilesAreNamed_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QByteArray>("why");
        QTest::newRow("empty") << QByteArray() << QByteArray("empty");
        QTest::newRow("cut short") << QByteArray("{\"url\":\"nats://a") << QByteArray("broken");
        QTest::newRow("no object") << QByteArray("[1]") << QByteArray("broken");
        QTest::newRow("wrong type") << QByteArray("{\"url\":4222}") << QByteArray("\"url\" is no text");
        QTest::newRow("flag as text") << QByteArray("{\"tls_first\":\"yes\"}") << QByteArray("\"tls_first\"");
        QTest::newRow("cert alone") << QByteArray("{\"cert\":\"/a.pem\"}") << QByteArray("\"key\"");
        QTest::newRow("cert by variable")
            << QByteArray("{\"cert\":\"env://A\",\"key\":\"/b\"}") << QByteArray("must be a path");
    }
    void brokenFilesAreNamed()
    {
        QFETCH(QByteArray, content);
        QFETCH(QByteArray, why);
        TempFolder folder;
        const auto file = folder.write("context/bad.json", content.toStdString());
        const Result<ConnectionProfile> profile = loadContext(folder.path(), "bad");
        QVERIFY(!profile.hasValue());
        QVERIFY(profile.error().code() == ErrorCode::Corrupt);
        QVERIFY2(messageOf(profile).find(file.string()) != std::string::npos, messageOf(profile).c_str());
        QVERIFY2(messageOf(profile).find(why.toStdString()) != std::string::npos, messageOf(profile).c_str());
    }

    void namesCannotLeaveTheFolder()
    {
        TempFolder folder;
        folder.write("secret.json", withQuotes("{'url':'nats://a:1'}"));
        for (const char* name : {"", "../secret", "a/b", "..", "a\\b"})
            QVERIFY2(loadContext(folder.path(), name).error().code() == ErrorCode::InvalidArgument, name);
        QVERIFY(loadContext(folder.path(), "absent").error().code() == ErrorCode::NotFound);
    }

    void secretsAreResolvedWhenNeeded()
    {
        TempFolder folder;
        const std::string file = folder.write("seed.nk", "SUAB\n").string();
        qputenv("JETLAG_TEST_SECRET", "from the environment");
        qputenv("JETLAG_TEST_FOLDER", folder.path().c_str());
        using Bare = SecretReference::Bare;
        QCOMPARE(resolveSecret({"plain", Bare::Value}).value(), std::string("plain"));
        QCOMPARE(resolveSecret({file, Bare::Path}).value(), std::string("SUAB"));
        QCOMPARE(resolveSecret({"$JETLAG_TEST_FOLDER/seed.nk", Bare::Path}).value(), std::string("SUAB"));
        QCOMPARE(resolveSecret({"file://" + file, Bare::Value}).value(), std::string("SUAB"));
        QCOMPARE(resolveSecret({"env://JETLAG_TEST_SECRET", Bare::Value}).value(),
                 std::string("from the environment"));
        QCOMPARE(resolveSecret({"data:;base64,Zm9v", Bare::Path}).value(), std::string("foo"));
        QCOMPARE(resolveSecret({"data:,a%20b", Bare::Path}).value(), std::string("a b"));
        QVERIFY(resolveSecret({"env://JETLAG_TEST_UNSET", Bare::Value}).error().code() ==
                ErrorCode::NotFound);
        QVERIFY(resolveSecret({"file:///nowhere/at/all", Bare::Value}).error().code() == ErrorCode::NotFound);
        QVERIFY(resolveSecret({folder.path().string(), Bare::Path}).error().code() == ErrorCode::Corrupt);
        QVERIFY(resolveSecret({"data:;base64,***", Bare::Value}).error().code() == ErrorCode::Corrupt);
        for (const char* program : {"op://vault/item", "nsc://op/acct/user"}) {
            const Result<std::string> refused = resolveSecret({program, Bare::Path});
            QVERIFY(refused.error().code() == ErrorCode::Unsupported);
            QVERIFY(messageOf(refused).find("file:// or env://") != std::string::npos);
        }
    }

    void secretsAreNeverShown()
    {
        using Bare = SecretReference::Bare;
        QCOMPARE(describeSecret({"hunter2", Bare::Value}), std::string("(given in place)"));
        QCOMPARE(describeSecret({"data:;base64,aHVudGVyMg==", Bare::Path}), std::string("(given in place)"));
        QCOMPARE(describeSecret({"env://NAME", Bare::Value}), std::string("env://NAME"));
        QCOMPARE(describeSecret({"/a/b.creds", Bare::Path}), std::string("/a/b.creds"));
        QCOMPARE(profileFromUrl("nats://jane:p@ss@host:1,other").displayUrls(),
                 std::string("nats://host:1, nats://other"));
    }

    void connectionsAreToldApartWithoutSecrets_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("title");
        const auto row = [](const char* name, const char* url, const char* title) {
            QTest::newRow(name) << QString::fromLatin1(url) << QString::fromLatin1(title);
        };
        row("no login", "nats://host:1", "nats://host:1");
        row("no scheme", "host:1", "nats://host:1");
        row("user", "nats://jane:p@ss@host:1", "nats://jane@host:1");
        row("user without password", "nats://jane:@host:1", "nats://jane@host:1");
        row("token", "nats://s3cr3t@host:1", "nats://token-29ed@host:1");
        row("another token", "nats://s3cr3u@host:1", "nats://token-c902@host:1");
        row("several", "jane:x@host:1,host:2", "nats://jane@host:1, nats://host:2");
        row("at sign before the scheme", "a@b://host:1", "a@b://host:1");
        row("nothing", "", "nats://127.0.0.1:4222");
    }
    void connectionsAreToldApartWithoutSecrets()
    {
        QFETCH(QString, url);
        QFETCH(QString, title);
        QCOMPARE(QString::fromStdString(profileFromUrl(url.toStdString()).title()), title);
        QVERIFY(!QString::fromStdString(profileFromUrl(url.toStdString()).displayUrls()).contains("token"));
    }
};

QTEST_GUILESS_MAIN(TestNatsContext)
#include "tst_nats_context.moc"
