#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/analyzers/table.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonValue>
#include <QStringList>

#include <filesystem>

/// Tables of the Spark analyzer beside answers that somebody else worked out.
namespace jetlag::test {

[[nodiscard]] QJsonDocument readJson(const std::filesystem::path& path);

/// A cell and an oracle's value in one form: whole numbers as digits, times of the REST API
/// ("2015-02-03T16:43:06.286GMT") as milliseconds, unknown text and null as nothing.
[[nodiscard]] QString shown(const Cell& cell);
[[nodiscard]] QString shown(const QJsonValue& value);

[[nodiscard]] bool hasColumn(const Table& table, const QString& name);
[[nodiscard]] std::size_t columnOf(const Table& table, const QString& name);
/// The row whose `keyColumns` are those of `wanted`; null when there is none.
[[nodiscard]] const Row* findRow(const Table& table, const QStringList& keyColumns,
                                 const QJsonObject& wanted);

/// Every field of `fields` in every object of `wanted` stands in the row with the same key; fails the running
/// test otherwise. A field that an object does not have is passed over. Returns how many were compared.
int compare(const Table& table, const QStringList& keyColumns, const QStringList& fields,
            const QJsonArray& wanted);

} // namespace jetlag::test
