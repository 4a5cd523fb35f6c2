// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/model/analyzers/spark/table_compare.h"

#include "tests/support/analyzer_run.h"
#include "tests/support/temp_folder.h"

#include <QDateTime>
#include <QJsonObject>
#include <QTest>

#include <algorithm>

namespace jetlag::test {

QJsonDocument readJson(const std::filesystem::path& path)
{
    return QJsonDocument::fromJson(QByteArray::fromStdString(readFile(path)));
}

// A cell and the oracle's value, in one form. Unknown text and null are one.
QString shown(const Cell& cell)
{
    const std::string text = toText(cell);
    return text == "null" ? QString() : QString::fromStdString(text);
}

QString shown(const QJsonValue& value)
{
    if (value.isDouble())
        return QString::number(value.toInteger());
    if (value.isBool())
        return value.toBool() ? QStringLiteral("true") : QStringLiteral("false");
    if (value.isArray()) {
        QStringList items;
        for (const QJsonValue& item : value.toArray())
            items << shown(item);
        // The server lists what it iterates over; the order is no statement.
        std::sort(items.begin(), items.end());
        return QLatin1Char('[') + items.join(QLatin1Char(',')) + QLatin1Char(']');
    }
    // "2015-02-03T16:43:06.286GMT", as the REST API writes times.
    const QString text = value.toString();
    if (text.size() == 26 && text.endsWith(QLatin1String("GMT")) && text[10] == QLatin1Char('T'))
        return QString::number(
            QDateTime::fromString(text.left(23) + QLatin1Char('Z'), Qt::ISODateWithMs).toMSecsSinceEpoch());
    return text;
}

bool hasColumn(const Table& table, const QString& name)
{
    const std::vector<Column>& columns = table.schema().columns;
    return std::any_of(columns.begin(), columns.end(),
                       [&](const Column& column) { return column.name == name.toStdString(); });
}

std::size_t columnOf(const Table& table, const QString& name)
{
    const std::vector<Column>& columns = table.schema().columns;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (columns[i].name == name.toStdString())
            return i;
    }
    qFatal("no column %s", qPrintable(name));
    return 0;
}

const Row* findRow(const Table& table, const QStringList& keyColumns, const QJsonObject& wanted)
{
    for (const Row& row : table.rows()) {
        bool equal = true;
        for (const QString& column : keyColumns)
            equal = equal && shown(row[columnOf(table, column)]) == shown(wanted[column]);
        if (equal)
            return &row;
    }
    return nullptr;
}

namespace {

bool isAsWanted(const Table& table, const Row& row, const QString& field, const QJsonObject& object)
{
    const QString ours = shown(row[columnOf(table, field)]);
    const QString theirs = shown(object[field]);
    if (ours == theirs)
        return true;
    // The second reading keeps only the beginning of long reasons.
    if (field == QLatin1String("failureReason") && theirs.size() == 200 && ours.startsWith(theirs))
        return true;
    QTest::qFail(qPrintable(QStringLiteral("%1: %2 is %3, the oracle says %4; in %5")
                                .arg(QString::fromStdString(table.schema().name), field, ours, theirs,
                                     QString::fromUtf8(
                                         QJsonDocument(object).toJson(QJsonDocument::Compact).left(300)))),
                 __FILE__, __LINE__);
    return false;
}

} // namespace

int compare(const Table& table, const QStringList& keyColumns, const QStringList& fields,
            const QJsonArray& wanted)
{
    int compared = 0;
    for (const QJsonValue& value : wanted) {
        const QJsonObject object = value.toObject();
        const Row* row = findRow(table, keyColumns, object);
        if (row == nullptr) {
            QTest::qFail(
                QJsonDocument(object).toJson(QJsonDocument::Compact).left(300).prepend("no row for "),
                __FILE__, __LINE__);
            return compared;
        }
        for (const QString& field : fields) {
            if (!object.contains(field))
                continue;
            if (!isAsWanted(table, *row, field, object))
                return compared;
            ++compared;
        }
    }
    return compared;
}

} // namespace jetlag::test
