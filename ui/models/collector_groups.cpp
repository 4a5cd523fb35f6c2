// SPDX-License-Identifier: Apache-2.0
#include "ui/models/collector_groups.h"

#include "model/cluster/stream_family.h"
#include "ui/models/collector_model.h"
#include "ui/models/verdict_look.h"
#include "ui/theme/number_format.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

namespace jetlag::ui {

namespace {

constexpr auto kNeedALook = "need-a-look"; // families begin with "family:"
constexpr std::size_t kFewCollectors = 3;
constexpr std::size_t kFewStreams = 2;

/// What groups count, in fixed places. Stale stands with those that are still looked at.
constexpr std::array<std::string_view, 5> kCounted{"catching-up", "paused", "", "keeping-up", "idle"};

QString familyId(const std::string& family)
{
    // Bytes that are no UTF-8 must not make two families one.
    return QStringLiteral("family:") + QString::fromLatin1(QByteArray::fromStdString(family));
}

QString streamWords(std::size_t rows, std::size_t streams)
{
    return streams == 1 ? QObject::tr("%1 in one stream").arg(rows)
                        : QObject::tr("%1 in %2 streams").arg(rows).arg(streams);
}

} // namespace

QString needALookId()
{
    return QLatin1String(kNeedALook);
}

bool needsALook(const CollectorReport& row, bool nobodyAnswers)
{
    return isTrouble(nobodyAnswers ? standingVerdict(row) : shownVerdict(row));
}

CollectorGroups::CollectorGroups(const CollectorModel& model)
    : m_model(model)
{
    // Before the table hears of it, which asks for groups at once.
    connect(&model, &QAbstractItemModel::rowsAboutToBeInserted, this, [this] { m_stale = true; });
    connect(&model, &QAbstractItemModel::rowsAboutToBeRemoved, this, [this] { m_stale = true; });
    connect(&model, &QAbstractItemModel::modelAboutToBeReset, this, [this] { m_stale = true; });
}

void CollectorGroups::nameFamilies()
{
    if (!m_stale)
        return;
    m_stale = false;
    std::map<std::string, std::size_t, std::less<>> collectors;
    for (const CollectorRecord& row : m_model.records())
        ++collectors[row.report->consumer.stream];
    std::set<std::string, std::less<>> streams;
    for (const auto& [stream, count] : collectors)
        streams.insert(stream);
    m_groupOf = streamFamilies(streams);
    std::map<std::string, std::size_t, std::less<>> members;
    for (const auto& [stream, family] : m_groupOf)
        ++members[family];
    const auto isSmall = [&](const std::string& stream, const std::string& family) {
        return members[family] == 1 && collectors[stream] < kFewCollectors;
    };
    const auto small = std::count_if(m_groupOf.begin(), m_groupOf.end(),
                                     [&](const auto& one) { return isSmall(one.first, one.second); });
    if (static_cast<std::size_t>(small) < kFewStreams)
        return;
    for (auto& [stream, family] : m_groupOf) {
        if (isSmall(stream, family))
            family.clear();
    }
}

std::string_view CollectorGroups::familyOf(const CollectorReport& row) const
{
    const auto family = m_groupOf.find(row.consumer.stream);
    return family == m_groupOf.end() ? std::string_view() : family->second;
}

std::vector<RowGroup> CollectorGroups::groups(const std::vector<int>& rows)
{
    nameFamilies();
    const bool nobodyAnswers = std::all_of(m_model.records().begin(), m_model.records().end(),
                                           [](const auto& row) { return row.report->consumer.stale; });
    RowGroup look{.id = needALookId(), .alwaysOpen = true, .rows = {}};
    std::map<std::string_view, std::vector<int>> families;
    for (const int row : rows) {
        const CollectorReport& collector = *m_model.record(row).report;
        if (needsALook(collector, nobodyAnswers))
            look.rows.push_back(row);
        else
            families[familyOf(collector)].push_back(row);
    }
    std::vector<RowGroup> groups{std::move(look)};
    for (auto& [family, members] : families) {
        if (!family.empty())
            groups.push_back({.id = familyId(std::string(family)), .rows = std::move(members)});
    }
    if (const auto others = families.find(std::string_view()); others != families.end())
        groups.push_back({.id = QStringLiteral("others"), .rows = std::move(others->second)});
    return groups;
}

GroupLook CollectorGroups::look(const RowGroup& group) const
{
    GroupLook look;
    if (group.id == needALookId()) {
        look.title = tr("Need a look");
        look.note = tr("%1, always open").arg(group.rows.size());
        return look;
    }
    std::array<int, kCounted.size()> counts{};
    std::set<std::string_view> streams;
    for (const int row : group.rows) {
        const CollectorReport& collector = *m_model.record(row).report;
        streams.insert(collector.consumer.stream);
        const auto place = std::find(kCounted.begin(), kCounted.end(), standingVerdict(collector));
        ++counts[place == kCounted.end() ? 2 : static_cast<std::size_t>(place - kCounted.begin())];
    }
    look.note = streamWords(group.rows.size(), streams.size());
    if (!group.rows.empty()) {
        const std::string_view family = familyOf(*m_model.record(group.rows.front()).report);
        look.title = family.empty() ? tr("Other streams") : shown(family);
    }
    for (std::size_t at = 0; at < kCounted.size(); ++at)
        look.counts << GroupCount{.glyph = glyphOfVerdict(kCounted[at]),
                                  .ink = inkMemberOfVerdict(kCounted[at]),
                                  .count = counts[at],
                                  .word = wordOfVerdict(kCounted[at])};
    return look;
}

} // namespace jetlag::ui
