#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QString>
#include <QStringList>
#include <QVariant>

#include <functional>
#include <optional>
#include <vector>

namespace jetlag::ui {

/// What a filter may name: ids of columns.
struct FilterColumns
{
    QStringList all;
    QStringList texts;     ///< those of them that hold text, which has no order
    QStringList durations; ///< and those that hold seconds
};

/// What a filter box says: words separated by blanks, all of which must hold.
///
///     lag>10k stream:SPARK jobs
///
/// `name:text` looks into one column, `name>number` (also < >= <= =) compares one, with k, M, G, a duration
/// as Prometheus and `nats` write it: `runway<10m`, `time_lag>1h30m`, a number alone are seconds.
/// `name=text` is the whole text of a column that holds text. Anything else is looked for in every text of
/// the row. Case counts nowhere.
class RowFilter final
{
public:
    /// Answers for one row: a column's value by its id; invalid = the column does not exist or is unknown.
    using Values = std::function<QVariant(const QString& column)>;

    static RowFilter parse(const QString& text, const FilterColumns& columns);

    /// In a sentence, where there is one: then nothing is filtered out.
    [[nodiscard]] const QString& mistake() const { return m_mistake; }
    [[nodiscard]] bool isEmpty() const { return m_terms.empty(); }
    /// `texts`: all texts of the row; asked for only where free words need them.
    [[nodiscard]] bool accepts(const Values& values, const std::function<QStringList()>& texts) const;

private:
    struct Term
    {
        QString column;   ///< empty = anywhere
        QChar comparison; ///< ':' '<' '>' '=' 'l' (<=) 'g' (>=) 't' (whole text)
        QString text;
        double number = 0;
    };
    [[nodiscard]] static std::optional<Term> parseTerm(const QString& word, const FilterColumns& columns,
                                                       QString& mistake);
    [[nodiscard]] static bool holds(const Term& term, const Values& values,
                                    const std::function<QStringList()>& texts);

    std::vector<Term> m_terms;
    QString m_mistake;
};

} // namespace jetlag::ui
