// SPDX-License-Identifier: Apache-2.0
#include "model/base/state_folder.h"

#include <QtTest>

#include <cstdlib>

using namespace jetlag;

class TestStateFolder : public QObject
{
    Q_OBJECT
private slots:
    void folder_data();
    void folder();
    void nobodySays();
};

void TestStateFolder::folder_data()
{
    QTest::addColumn<QByteArray>("state");
    QTest::addColumn<QByteArray>("home");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("the variable wins")
        << QByteArray("/var/x") << QByteArray("/home/me") << QByteArray("/var/x/jetlag");
    QTest::newRow("empty counts as unset")
        << QByteArray("") << QByteArray("/home/me") << QByteArray("/home/me/.local/state/jetlag");
    QTest::newRow("relative is ignored")
        << QByteArray("x") << QByteArray("/home/me") << QByteArray("/home/me/.local/state/jetlag");
}

void TestStateFolder::folder()
{
    QFETCH(QByteArray, state);
    QFETCH(QByteArray, home);
    QFETCH(QByteArray, expected);
    qputenv("XDG_STATE_HOME", state);
    qputenv("HOME", home);
    const auto folder = defaultStateFolder();
    QVERIFY(bool(folder));
    QCOMPARE(QByteArray::fromStdString(folder->string()), expected);
}

void TestStateFolder::nobodySays()
{
    qunsetenv("XDG_STATE_HOME");
    qunsetenv("HOME");
    const auto folder = defaultStateFolder();
    QVERIFY(!folder);
    QVERIFY(folder.error().code() == ErrorCode::InvalidArgument);
}

QTEST_GUILESS_MAIN(TestStateFolder)
#include "tst_state_folder.moc"
