// SPDX-License-Identifier: Apache-2.0
#include "model/history/history_rollup.h"

#include <algorithm>

namespace jetlag {

namespace {

bool hasRange(HistoryValue value) noexcept
{
    const HistoryKind kind = kindOf(value);
    return kind == HistoryKind::Count || kind == HistoryKind::Measure;
}

/// One value over the samples of one bucket, in what is stored.
class Bucket final
{
public:
    explicit Bucket(HistoryValue value)
        : m_kind(kindOf(value))
        , m_isRate(isRate(value))
    {}
    void add(std::int64_t sample)
    {
        if (sample == kUnknownStored)
            return;
        if (m_count == 0)
            m_low = m_high = sample;
        m_low = std::min(m_low, sample);
        m_high = std::max(m_high, sample);
        m_last = sample;
        if (m_isRate)
            m_sum += fromLogSteps(sample);
        ++m_count;
    }
    void end(HistoryTable& to, RolledColumns at)
    {
        if (m_count == 0) {
            to.columns[at.value].push_back(kUnknownStored);
            if (at.hasRange) {
                to.columns[at.value + 1].push_back(0);
                to.columns[at.value + 2].push_back(0);
            }
        } else if (!at.hasRange) {
            to.columns[at.value].push_back(m_last);
        } else {
            const std::int64_t value =
                m_isRate ? toLogSteps(m_sum / static_cast<double>(m_count)) : coarse(m_last);
            to.columns[at.value].push_back(value);
            to.columns[at.value + 1].push_back(std::max<std::int64_t>(value - coarse(m_low), 0));
            to.columns[at.value + 2].push_back(std::max<std::int64_t>(coarse(m_high) - value, 0));
        }
        m_count = 0;
        m_sum = 0;
    }

private:
    [[nodiscard]] std::int64_t coarse(std::int64_t stored) const
    {
        return m_kind == HistoryKind::Count ? toLogSteps(static_cast<double>(stored)) : stored;
    }

    HistoryKind m_kind;
    bool m_isRate;
    std::int64_t m_low = 0;
    std::int64_t m_high = 0;
    std::int64_t m_last = 0;
    double m_sum = 0;
    std::size_t m_count = 0;
};

} // namespace

RolledColumns rolledColumns(std::span<const HistoryValue> values, std::size_t index) noexcept
{
    std::size_t column = 0;
    for (std::size_t i = 0; i < index; ++i)
        column += hasRange(values[i]) ? 3 : 1;
    return {column, hasRange(values[index])};
}

std::size_t rolledColumnCount(std::span<const HistoryValue> values) noexcept
{
    const RolledColumns last = rolledColumns(values, values.size() - 1);
    return last.value + (last.hasRange ? 3 : 1);
}

HistoryTable rollUp(const HistoryTable& samples, std::span<const HistoryValue> values, std::int64_t bucketMs)
{
    HistoryTable rolled;
    rolled.columns.resize(rolledColumnCount(values));
    std::vector<std::size_t> ends; // of each bucket, in rows of `samples`
    for (std::size_t row = 0; row < samples.rows(); ++row) {
        const std::int64_t bucket = samples.at[row] / bucketMs;
        if (rolled.at.empty() || rolled.at.back() != bucket) {
            rolled.at.push_back(bucket);
            ends.push_back(row);
        }
        ends.back() = row + 1;
    }
    for (std::size_t index = 0; index < values.size(); ++index) {
        const RolledColumns columns = rolledColumns(values, index);
        Bucket bucket(values[index]);
        std::size_t row = 0;
        for (const std::size_t end : ends) {
            for (; row < end; ++row)
                bucket.add(samples.columns[index][row]);
            bucket.end(rolled, columns);
        }
    }
    return rolled;
}

void mergeBuckets(HistoryTable& into, const HistoryTable& more)
{
    for (std::size_t row = 0; row < more.rows(); ++row) {
        const auto place = std::lower_bound(into.at.begin(), into.at.end(), more.at[row]);
        const auto index = place - into.at.begin();
        const bool isThere = place != into.at.end() && *place == more.at[row];
        if (!isThere)
            into.at.insert(place, more.at[row]);
        for (std::size_t column = 0; column < into.columns.size(); ++column) {
            std::vector<std::int64_t>& values = into.columns[column];
            if (isThere)
                values[static_cast<std::size_t>(index)] = more.columns[column][row];
            else
                values.insert(values.begin() + index, more.columns[column][row]);
        }
    }
}

} // namespace jetlag
