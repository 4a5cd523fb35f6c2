// SPDX-License-Identifier: Apache-2.0
//
// The map of folders, as a test: arrows point down, Qt stays in the window, nats.c stays in nats/.

#include <QDirIterator>
#include <QRegularExpression>
#include <QTest>

namespace {

struct Include
{
    QString file; // from the root of the sources
    QString name; // what stands between the quotes or brackets
};

QList<Include> includesBelow(const QString& folder)
{
    // No raw string here: moc stumbles over its quotes.
    static const QRegularExpression pattern(QStringLiteral("^\\s*#\\s*include\\s*[<\"]([^>\"]+)[>\"]"),
                                            QRegularExpression::MultilineOption);
    const QDir root(QStringLiteral(JETLAG_SOURCE_DIR));
    QList<Include> includes;
    QDirIterator files(root.filePath(folder), {QStringLiteral("*.h"), QStringLiteral("*.cpp")}, QDir::Files,
                       QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (!file.open(QIODevice::ReadOnly))
            qFatal("cannot read %s", qPrintable(file.fileName()));
        auto matches = pattern.globalMatch(QString::fromUtf8(file.readAll()));
        while (matches.hasNext())
            includes.append({root.relativeFilePath(file.fileName()), matches.next().captured(1)});
    }
    return includes;
}

bool isQt(const QString& name)
{
    static const QRegularExpression qt(QStringLiteral("^(Q[A-Z]|Qt|qcustomplot)"));
    return qt.match(name).hasMatch();
}

} // namespace

class TestIncludeDirections : public QObject
{
    Q_OBJECT

private slots:
    void foldersIncludeOnlyWhatLiesBelow_data()
    {
        QTest::addColumn<QString>("folder");
        QTest::addColumn<QStringList>("allowed");
        QTest::addColumn<bool>("qtAllowed");
        const auto row = [](const char* folder, const QStringList& allowed, bool qtAllowed) {
            QTest::newRow(folder) << QString::fromLatin1(folder) << allowed << qtAllowed;
        };
        const QString model = QStringLiteral("model/");
        const QString nats = QStringLiteral("nats/");
        const QString replay = QStringLiteral("replay/");
        const QString ui = QStringLiteral("ui/");
        const QString runtime = QStringLiteral("app/runtime/");
        row("model", {model}, false);
        row("nats", {model, nats}, false);
        row("replay", {model, replay}, false);
        row("ui", {model, ui}, true);
        row("app/runtime", {model, nats, replay, runtime}, false);
        row("app/cli", {model, runtime, QStringLiteral("app/cli/")}, false);
        row("app/gui", {model, ui, runtime, QStringLiteral("app/gui/")}, true);
    }
    void foldersIncludeOnlyWhatLiesBelow()
    {
        QFETCH(QString, folder);
        QFETCH(QStringList, allowed);
        QFETCH(bool, qtAllowed);
        static const QRegularExpression ours(QStringLiteral("^(app|ui|model|nats|replay|tests)/"));
        for (const Include& include : includesBelow(folder)) {
            // "nats/nats.h" and <nats.h> are the C library; only our nats/ may see it.
            const bool isNatsC =
                include.name == QLatin1String("nats.h") || include.name == QLatin1String("nats/nats.h");
            const QByteArray where = (include.file + QStringLiteral(" includes ") + include.name).toUtf8();
            if (isNatsC) {
                QVERIFY2(folder == QLatin1String("nats"), where.constData());
                continue;
            }
            if (isQt(include.name))
                QVERIFY2(qtAllowed, where.constData());
            if (!ours.match(include.name).hasMatch())
                continue;
            const bool fine = std::any_of(allowed.begin(), allowed.end(), [&include](const QString& prefix) {
                return include.name.startsWith(prefix);
            });
            QVERIFY2(fine, where.constData());
        }
    }

    void theTestSeesIncludes()
    {
        // Guards against a pattern that matches nothing and so forbids nothing.
        QVERIFY(includesBelow(QStringLiteral("model")).size() > 20);
    }

    void everySourceSaysItsLicence()
    {
        const QDir root(QStringLiteral(JETLAG_SOURCE_DIR));
        for (const char* folder : {"app", "ui", "model", "nats", "replay", "tests"}) {
            QDirIterator files(root.filePath(QString::fromLatin1(folder)),
                               {QStringLiteral("*.h"), QStringLiteral("*.cpp")}, QDir::Files,
                               QDirIterator::Subdirectories);
            while (files.hasNext()) {
                QFile file(files.next());
                QVERIFY(file.open(QIODevice::ReadOnly));
                QVERIFY2(file.read(200).contains("SPDX-License-Identifier: "), qPrintable(file.fileName()));
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestIncludeDirections)
#include "tst_include_directions.moc"
