// SPDX-License-Identifier: Apache-2.0
#include "model/base/child_process.h"
#include "nats/client/connection.h"
#include "nats/client/nkey.h"
#include "nats/client/requester.h"
#include "tests/support/broker.h"
#include "tests/support/operator_jwts.h"

#include <QTest>
#include <fmt/format.h>

#include <map>

using namespace jetlag;
using namespace jetlag::test;
using namespace std::chrono_literals;

namespace {

// The pair that the NATS documentation prints: an oracle that nobody here made.
constexpr const char* kSeed = "SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VY";
constexpr const char* kPublicKey = "UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4";

std::string messageOf(const auto& result)
{
    return result ? std::string("(no error)") : result.error().message();
}

std::string answerOf(const ConnectionProfile& profile)
{
    Result<std::unique_ptr<Connection>> connection = Connection::open(profile);
    if (!connection)
        return connection.error().message();
    return messageOf((*connection)->apiRequest("INFO", "", 20s));
}

SecretReference value(const std::string& text)
{
    return {text, SecretReference::Bare::Value};
}

/// A certificate authority, a server's and a client's certificate, made by the openssl program.
class Certificates final
{
public:
    [[nodiscard]] static bool canBeMade() { return findProgram("openssl").has_value(); }
    bool make()
    {
        return run({"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-keyout", path("ca.key"), "-out", path("ca.pem"), "-subj", "/CN=jetlag test", "-days",
                    "2"}) &&
               sign("server") && sign("client");
    }
    [[nodiscard]] std::string path(const std::string& name) const { return (m_folder / name).string(); }

private:
    bool sign(const std::string& name)
    {
        m_folder.write("extensions", "subjectAltName=IP:127.0.0.1,DNS:localhost\n");
        return run({"req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
                    path(name + ".key"), "-out", path(name + ".csr"), "-subj", "/CN=" + name}) &&
               run({"x509", "-req", "-in", path(name + ".csr"), "-CA", path("ca.pem"), "-CAkey",
                    path("ca.key"), "-CAcreateserial", "-out", path(name + ".pem"), "-days", "2", "-extfile",
                    path("extensions")});
    }
    // Not QProcess: it starts a thread in the forked child, which the thread sanitizer refuses.
    static bool run(std::vector<std::string> arguments)
    {
        ChildSpec spec;
        spec.program = findProgram("openssl").value();
        spec.arguments = std::move(arguments);
        Result<ChildProcess> openssl = ChildProcess::start(spec);
        if (!openssl)
            return false;
        const std::optional<ChildExit> exit = openssl->waitFor(60s);
        return exit && exit->code == 0;
    }

    TempFolder m_folder;
};

} // namespace

class TestLogin : public QObject
{
    Q_OBJECT

private slots:
    void userAndPassword()
    {
        Broker broker({.extraConfig = "authorization { user: jane, password: \"s3cret\" }"});
        ConnectionProfile profile = broker.profile();
        profile.user = "jane";
        profile.password = value("s3cret");
        QCOMPARE(answerOf(profile), std::string("(no error)"));

        profile.password = value("wrong");
        const auto refused = Connection::open(profile);
        QVERIFY(!refused.hasValue());
        QVERIFY(refused.error().code() == ErrorCode::Denied);
        QVERIFY2(messageOf(refused).find("refused the login") != std::string::npos,
                 messageOf(refused).c_str());
        QVERIFY(messageOf(refused).find("wrong") == std::string::npos);

        const auto nobody = Connection::open(broker.profile());
        QVERIFY(nobody.error().code() == ErrorCode::Denied);

        ConnectionProfile inUrl =
            profileFromUrl(fmt::format("nats://jane:s3cret@127.0.0.1:{}", broker.port()));
        QCOMPARE(answerOf(inUrl), std::string("(no error)"));
    }

    void tokenFromTheEnvironment()
    {
        Broker broker({.extraConfig = "authorization { token: \"t0ken\" }"});
        ConnectionProfile profile = broker.profile();
        qputenv("JETLAG_TEST_TOKEN", "t0ken");
        profile.token = value("env://JETLAG_TEST_TOKEN");
        QCOMPARE(answerOf(profile), std::string("(no error)"));
        profile.token = value("env://JETLAG_TEST_NO_TOKEN");
        QCOMPARE(answerOf(profile),
                 std::string("reading the token: the variable JETLAG_TEST_NO_TOKEN is not set"));
    }

    void nkeySeedFile()
    {
        QCOMPARE(publicKeyFromSeed(kSeed).value(), std::string(kPublicKey));
        for (const char* bad :
             {"", "SU", "SAAB", "SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU4VY",
              "UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4"})
            QVERIFY2(!publicKeyFromSeed(bad).hasValue(), bad);

        Broker broker(
            {.extraConfig = fmt::format("authorization {{ users: [ {{ nkey: {} }} ] }}", kPublicKey)});
        TempFolder folder;
        ConnectionProfile profile = broker.profile();
        profile.nkey = SecretReference{folder.write("user.nk", std::string(kSeed) + "\n").string(),
                                       SecretReference::Bare::Path};
        QCOMPARE(answerOf(profile), std::string("(no error)"));
        profile.nkey = SecretReference{
            folder
                .write("marked.nk",
                       fmt::format("-----BEGIN USER NKEY SEED-----\n{}\n------END USER NKEY SEED------\n",
                                   kSeed))
                .string(),
            SecretReference::Bare::Path};
        QCOMPARE(answerOf(profile), std::string("(no error)"));

        profile.nkey =
            SecretReference{folder.write("bad.nk", "no seed").string(), SecretReference::Bare::Path};
        QVERIFY(answerOf(profile).find("no user seed") != std::string::npos);
        profile.nkey = SecretReference{"/nowhere/user.nk", SecretReference::Bare::Path};
        QVERIFY(answerOf(profile).find("/nowhere/user.nk") != std::string::npos);
        profile.nkey = SecretReference{"op://vault/nkey", SecretReference::Bare::Path};
        QVERIFY(answerOf(profile).find("1Password") != std::string::npos);
    }

    void oneWayToLogInOnly()
    {
        ConnectionProfile profile;
        profile.user = "jane";
        profile.nkey = SecretReference{"/a", SecretReference::Bare::Path};
        QVERIFY(Connection::open(profile).error().code() == ErrorCode::InvalidArgument);
        ConnectionProfile tlsFirst;
        tlsFirst.tlsFirst = true;
        QVERIFY(Connection::open(tlsFirst).error().code() == ErrorCode::Unsupported);
        ConnectionProfile noAddress = profileFromUrl("nats://:::");
        QVERIFY(!Connection::open(noAddress).hasValue());
    }

    void tlsWithAuthorityAndClientCertificate()
    {
        Certificates certificates;
        if (!Certificates::canBeMade())
            QSKIP("the openssl program, which makes the certificates, is not installed");
        QVERIFY(certificates.make());
        Broker broker(
            {.extraConfig = fmt::format(
                 "tls {{ cert_file: \"{}\", key_file: \"{}\", ca_file: \"{}\", verify: true, timeout: 10 }}",
                 certificates.path("server.pem"), certificates.path("server.key"),
                 certificates.path("ca.pem"))});
        ConnectionProfile profile = broker.profile();
        profile.caFile = certificates.path("ca.pem");
        profile.certFile = certificates.path("client.pem");
        profile.keyFile = certificates.path("client.key");
        QCOMPARE(answerOf(profile), std::string("(no error)"));

        ConnectionProfile noAuthority = broker.profile();
        const auto refused = Connection::open(noAuthority);
        QVERIFY(!refused.hasValue());
        QVERIFY2(refused.error().code() == ErrorCode::Denied, messageOf(refused).c_str());
        QVERIFY2(messageOf(refused).find("TLS") != std::string::npos, messageOf(refused).c_str());

        ConnectionProfile noClient = broker.profile();
        noClient.caFile = certificates.path("ca.pem");
        QVERIFY(!Connection::open(noClient).hasValue());

        ConnectionProfile missing = profile;
        missing.caFile = "/nowhere/ca.pem";
        QVERIFY2(messageOf(Connection::open(missing)).find("/nowhere/ca.pem") != std::string::npos,
                 messageOf(Connection::open(missing)).c_str());
    }

    void tlsAskedOfAServerWithoutIt()
    {
        Broker broker;
        const auto refused =
            Connection::open(profileFromUrl(fmt::format("tls://127.0.0.1:{}", broker.port())));
        QVERIFY(!refused.hasValue());
        QVERIFY2(messageOf(refused).find("offers none") != std::string::npos, messageOf(refused).c_str());
    }

    void deniedSubjectIsNamedAtOnce()
    {
        Broker broker({.extraConfig = R"(accounts { A { jetstream: enabled, users: [
            { user: u, password: p, permissions: { publish: { deny: ["$JS.API.STREAM.INFO.*", "secret.>"] } } } ] } })"});
        ConnectionProfile profile = broker.profile();
        profile.user = "u";
        profile.password = value("p");
        const auto connection = Connection::open(profile).value();
        // Far below the timeout, or this test runs into its own.
        const Result<std::string> denied = connection->apiRequest("STREAM.INFO.ORDERS", "", 100s);
        QVERIFY(denied.error().code() == ErrorCode::Denied);
        QCOMPARE(messageOf(denied), std::string("the account may not publish to $JS.API.STREAM.INFO.ORDERS"));
        // Others go on, and several denials are told apart.
        QVERIFY(connection->apiRequest("INFO", "", 20s).hasValue());
        Requester requester = Requester::create(*connection, {.window = 8, .timeout = 100s}).value();
        std::map<std::uint64_t, std::string> asked;
        for (const char* name : {"A", "B", "C"})
            asked[requester.send(fmt::format("$JS.API.STREAM.INFO.{}", name), "").value()] = name;
        const std::uint64_t allowed = requester.send("$JS.API.INFO", "").value();
        for (int i = 0; i < 4; ++i) {
            const std::optional<RequestAnswer> answer = requester.next(60s);
            QVERIFY(answer.has_value());
            QCOMPARE(answer->error.has_value(), answer->id != allowed);
            if (answer->error)
                QVERIFY(answer->error->message().ends_with("STREAM.INFO." + asked[answer->id]));
        }
    }

    void deniedInboxIsExplained()
    {
        Broker broker({.extraConfig = R"(accounts { A { jetstream: enabled, users: [
            { user: u, password: p, permissions: { subscribe: { allow: ["_IN.u.>"] } } } ] } })"});
        ConnectionProfile profile = broker.profile();
        profile.user = "u";
        profile.password = value("p");
        QVERIFY2(answerOf(profile).find("inbox_prefix") != std::string::npos, answerOf(profile).c_str());
        profile.inboxPrefix = "_IN.u";
        QCOMPARE(answerOf(profile), std::string("(no error)"));
    }

    void credentialsOfAnOperatorsAccount()
    {
        Broker broker(
            {.extraConfig = fmt::format(
                 "operator: {}\nresolver: MEMORY\nsystem_account: {}\nresolver_preload {{ {}: {}, {}: {} }}",
                 kOperator, kSystemKey, kAccountKey, kAccount, kSystemKey, kSystem)});
        TempFolder folder;
        const std::string creds =
            fmt::format("-----BEGIN NATS USER JWT-----\n{}\n------END NATS USER JWT------\n\n"
                        "-----BEGIN USER NKEY SEED-----\n{}\n------END USER NKEY SEED------\n",
                        kUser, kUserSeed);
        ConnectionProfile profile = broker.profile();
        const auto file = folder.write("user.creds", creds);
        profile.creds = SecretReference{file.string(), SecretReference::Bare::Path};
        QCOMPARE(answerOf(profile), std::string("(no error)"));

        ConnectionProfile pair = broker.profile();
        pair.userJwt = value(kUser);
        pair.userSeed = value(kUserSeed);
        QCOMPARE(answerOf(pair), std::string("(no error)"));
        pair.userSeed = value(kSeed); // somebody else's
        QVERIFY(Connection::open(pair).error().code() == ErrorCode::Denied);

        // The file is read anew at every reconnect, and after a restart it still opens the door.
        const auto connection = Connection::open(profile).value();
        broker.restart();
        QVERIFY(waitUntil([&] { return connection->apiRequest("INFO", "", 2s).hasValue(); }));

        folder.write("user.creds", "nothing");
        QVERIFY2(answerOf(profile).find(file.string()) != std::string::npos, answerOf(profile).c_str());
    }
};

QTEST_GUILESS_MAIN(TestLogin)
#include "tst_login.moc"
