// SPDX-License-Identifier: Apache-2.0
#include "tests/support/order_analyzer.h"

#include "model/analyzers/keyed_shard.h"
#include "model/base/text.h"

#include <new>
#include <stdexcept>

namespace jetlag::test {

namespace {

struct OrderState
{
    std::uint64_t count = 0;
    std::uint64_t last = 0;
    std::uint64_t disorder = 0;
    std::uint64_t hash = 0;

    void snapshot(ByteWriter& writer) const
    {
        for (const std::uint64_t value : {count, last, disorder, hash})
            writer.u64(value);
    }
    bool restore(ByteReader& reader)
    {
        for (std::uint64_t* value : {&count, &last, &disorder, &hash})
            *value = reader.u64();
        return true;
    }
};

class OrderShard final : public KeyedShard<OrderState>
{
public:
    explicit OrderShard(const OrderAnalyzer& analyzer)
        : m_analyzer(analyzer)
    {}

    bool decode(const Event& event) override
    {
        m_event = event;
        m_boom = event.payload == "boom";
        if (event.payload == "throw")
            throw std::runtime_error("decode was told to throw");
        if (event.payload == "oom")
            throw std::bad_alloc();
        if (m_boom)
            return true;
        const std::size_t space = event.payload.find(' ');
        const std::optional<std::uint64_t> value =
            space == std::string_view::npos ? std::nullopt : parseU64(event.payload.substr(space + 1));
        m_value = value.value_or(0);
        return value.has_value();
    }

    void apply() override
    {
        if (m_analyzer.beforeApply)
            m_analyzer.beforeApply();
        if (m_boom)
            throw std::logic_error("apply was told to throw");
        OrderState& state = changing(m_event.key);
        state.disorder += m_value <= state.last && state.count > 0 ? 1 : 0;
        state.last = m_value;
        state.hash = state.hash * 31 + m_value + 1;
        ++state.count;
    }

protected:
    void fillRows(std::string_view key, const OrderState& state, std::vector<Table>& tables) const override
    {
        tables.at(0).add({std::string(key), state.count, state.last, state.disorder});
    }

private:
    const OrderAnalyzer& m_analyzer;
    Event m_event;
    std::uint64_t m_value = 0;
    bool m_boom = false;
};

} // namespace

bool OrderAnalyzer::accepts(std::string_view subject) const
{
    return !subject.starts_with("other.");
}

std::string_view OrderAnalyzer::foreignKey(const Event& event) const
{
    const std::size_t space = event.payload.find(' ');
    return space == std::string_view::npos ? std::string_view("-") : event.payload.substr(0, space);
}

std::unique_ptr<AnalyzerShard> OrderAnalyzer::makeShard(const AnalyzerOptions&) const
{
    return std::make_unique<OrderShard>(*this);
}

std::vector<TableSchema> OrderAnalyzer::tables(const AnalyzerOptions&) const
{
    return {{"keys",
             {{"key", Unit::None, Merge::Key},
              {"count", Unit::Count, Merge::Sum},
              {"last", Unit::None, Merge::Max},
              {"disorder", Unit::Count, Merge::Sum}}}};
}

} // namespace jetlag::test
