#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/analyzers/analyzer.h"

#include <cstdint>
#include <functional>

namespace jetlag::test {

/// An analyzer for tests of the engine. A payload is `<key> <number>`; of each key it keeps how many
/// numbers came, the last one, how often one was not larger than the one before, and a hash of all in their
/// order. Table `keys`: `key count last disorder`.
///
/// Payloads that go wrong: `bad` is refused by decode, `throw` makes decode throw, `oom` makes it find no
/// memory, `boom` makes apply throw. Subjects that begin with `other.` are not accepted.
class OrderAnalyzer final : public Analyzer
{
public:
    explicit OrderAnalyzer(std::uint32_t version = 1)
        : m_version(version)
    {}

    [[nodiscard]] std::string_view name() const override { return "order"; }
    [[nodiscard]] std::uint32_t version() const override { return m_version; }
    [[nodiscard]] bool accepts(std::string_view subject) const override;
    [[nodiscard]] std::string_view foreignKey(const Event& event) const override;
    [[nodiscard]] std::unique_ptr<AnalyzerShard> makeShard(const AnalyzerOptions& options) const override;
    [[nodiscard]] std::vector<TableSchema> tables(const AnalyzerOptions& options) const override;

    /// Called before each apply(), on the worker's thread. Set before the engine runs.
    std::function<void()> beforeApply;

private:
    const std::uint32_t m_version;
};

} // namespace jetlag::test
