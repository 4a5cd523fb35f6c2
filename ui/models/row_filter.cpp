// SPDX-License-Identifier: Apache-2.0
#include "ui/models/row_filter.h"

#include <QHash>
#include <QObject>
#include <QRegularExpression>

#include <algorithm>

namespace jetlag::ui {

namespace {

constexpr QLatin1Char kAtMost('l');
constexpr QLatin1Char kWholeText('t');
constexpr QLatin1Char kAtLeast('g');

std::optional<double> parseNumber(const QString& text)
{
    static const QRegularExpression form(QStringLiteral("^([0-9]+(?:\\.[0-9]+)?)([kKmMgG]?)$"));
    const QRegularExpressionMatch match = form.match(text);
    if (!match.hasMatch())
        return std::nullopt;
    double factor = 1;
    const QString unit = match.captured(2).toLower();
    if (unit == QLatin1String("k"))
        factor = 1e3;
    else if (unit == QLatin1String("m"))
        factor = 1e6;
    else if (unit == QLatin1String("g"))
        factor = 1e9;
    return match.captured(1).toDouble() * factor;
}

/// "90", "10m", "1h30m": seconds.
std::optional<double> parseSeconds(const QString& text)
{
    static const QHash<QString, double> units{
        {QStringLiteral("ms"), 1e-3},        {QStringLiteral("s"), 1},      {QStringLiteral("m"), 60},
        {QStringLiteral("h"), 3'600},        {QStringLiteral("d"), 86'400}, {QStringLiteral("w"), 7 * 86'400},
        {QStringLiteral("y"), 365 * 86'400},
    };
    static const QRegularExpression part(QStringLiteral("\\G([0-9]+(?:\\.[0-9]+)?)(ms|[smhdwy])"),
                                         QRegularExpression::CaseInsensitiveOption);
    bool isNumber = false;
    if (const double alone = text.toDouble(&isNumber); isNumber && alone >= 0)
        return alone;
    double seconds = 0;
    qsizetype read = 0;
    for (auto parts = part.globalMatch(text); parts.hasNext();) {
        const QRegularExpressionMatch match = parts.next();
        seconds += match.captured(1).toDouble() * units.value(match.captured(2).toLower());
        read = match.capturedEnd();
    }
    return read > 0 && read == text.size() ? std::optional(seconds) : std::nullopt;
}

} // namespace

RowFilter RowFilter::parse(const QString& text, const FilterColumns& columns)
{
    RowFilter filter;
    for (const QString& word : text.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
        if (std::optional<Term> term = parseTerm(word, columns, filter.m_mistake))
            filter.m_terms.push_back(std::move(*term));
    }
    if (!filter.m_mistake.isEmpty())
        filter.m_terms.clear();
    return filter;
}

std::optional<RowFilter::Term> RowFilter::parseTerm(const QString& word, const FilterColumns& columns,
                                                    QString& mistake)
{
    static const QRegularExpression form(QStringLiteral("^([A-Za-z_]+)(<=|>=|<|>|=|:)(.*)$"));
    const QRegularExpressionMatch match = form.match(word);
    const QString column = match.captured(1).toLower();
    if (!match.hasMatch() || (match.captured(2) == QLatin1String(":") && !columns.all.contains(column)))
        return Term{.comparison = QLatin1Char(':'), .text = word};
    if (!columns.all.contains(column)) {
        mistake = QObject::tr("There is no column \"%1\". There are: %2.")
                      .arg(match.captured(1), columns.all.join(QStringLiteral(", ")));
        return std::nullopt;
    }
    const QString comparison = match.captured(2);
    const QString value = match.captured(3);
    if (comparison == QLatin1String(":"))
        return Term{.column = column, .comparison = QLatin1Char(':'), .text = value};
    if (columns.texts.contains(column)) {
        if (comparison == QLatin1String("="))
            return Term{.column = column, .comparison = kWholeText, .text = value};
        mistake = QObject::tr("\"%1\" holds text: %1:part or %1=whole.").arg(column);
        return std::nullopt;
    }
    const bool isDuration = columns.durations.contains(column);
    const std::optional<double> number = isDuration ? parseSeconds(value) : parseNumber(value);
    if (!number) {
        mistake =
            (isDuration ? QObject::tr("\"%1\" needs a duration, as in %2%3%4 or %2%330s.")
                        : QObject::tr("\"%1\" needs a number, as in %2%3%4."))
                .arg(word, column, comparison, isDuration ? QStringLiteral("10m") : QStringLiteral("10k"));
        return std::nullopt;
    }
    QChar kind = comparison[0];
    if (comparison.size() == 2)
        kind = QChar(comparison[0] == QLatin1Char('<') ? kAtMost : kAtLeast);
    return Term{.column = column, .comparison = kind, .number = *number};
}

bool RowFilter::holds(const Term& term, const Values& values, const std::function<QStringList()>& texts)
{
    if (term.column.isEmpty()) {
        const QStringList all = texts();
        return std::any_of(all.begin(), all.end(), [&](const QString& text) {
            return text.contains(term.text, Qt::CaseInsensitive);
        });
    }
    const QVariant value = values(term.column);
    // A word of a filter holds no blank: "verdict:keeping-up" finds "keeping up".
    const QString text = value.toString();
    const QString hyphened = QString(text).replace(QLatin1Char(' '), QLatin1Char('-'));
    if (term.comparison == QLatin1Char(':'))
        return text.contains(term.text, Qt::CaseInsensitive) ||
               hyphened.contains(term.text, Qt::CaseInsensitive);
    if (term.comparison == kWholeText)
        return text.compare(term.text, Qt::CaseInsensitive) == 0 ||
               hyphened.compare(term.text, Qt::CaseInsensitive) == 0;
    bool isNumber = false;
    const double number = value.toDouble(&isNumber);
    if (!isNumber)
        return false;
    if (term.comparison == QLatin1Char('<'))
        return number < term.number;
    if (term.comparison == QLatin1Char('>'))
        return number > term.number;
    if (term.comparison == kAtMost)
        return number <= term.number;
    if (term.comparison == kAtLeast)
        return number >= term.number;
    return number == term.number;
}

bool RowFilter::accepts(const Values& values, const std::function<QStringList()>& texts) const
{
    return std::all_of(m_terms.begin(), m_terms.end(),
                       [&](const Term& term) { return holds(term, values, texts); });
}

} // namespace jetlag::ui
