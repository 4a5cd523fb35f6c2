#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/analyzers/analyzer.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace jetlag::test {

/// Folds events through an analyzer as the engine does (256 slots, keys to shards, quarantine) without any
/// of its threads, so that an analyzer's test needs nothing else:
///
///     AnalyzerRun run(hdfsAnalyzer(), /*shards=*/7);
///     run.feedLines(text);
///     QCOMPARE(run.text("users"), "alice | 3 | 1 | ...\n");
class AnalyzerRun final
{
public:
    enum class Outcome { Applied, Malformed, Refused, Skipped };

    explicit AnalyzerRun(const Analyzer& analyzer, unsigned shards = 1, AnalyzerOptions options = {});

    /// `key` empty: the analyzer finds it.
    Outcome feed(std::string_view payload, std::string_view subject, std::string_view key = {},
                 std::string_view zone = {});
    /// Every line that ends with a newline and what follows the last one; subject `<analyzer>.-`.
    void feedLines(std::string_view text, std::string_view zone = {});
    /// A plain log or one whose name ends with `.zst`.
    void feedFile(const std::filesystem::path& log, std::string_view zone = {});
    /// Makes further events come as a source gives them that knows no padding.
    void withoutPadding() { m_padded = false; }

    [[nodiscard]] std::uint64_t count(Outcome outcome) const
    {
        return m_counts[static_cast<std::size_t>(outcome)];
    }
    /// The newest snapshot of every key, sorted by key, whichever shard it came from.
    [[nodiscard]] const std::map<std::string, std::string>& snapshots();
    /// Takes over the state of another run, as a restarted process does.
    [[nodiscard]] Result<void> restore(const std::map<std::string, std::string>& snapshots);

    /// Merged and finished.
    [[nodiscard]] std::vector<Table> tables() const;
    [[nodiscard]] Table table(std::string_view name) const;
    /// A row a line, cells separated by ` | `, unknown ones `null`, lists in brackets.
    [[nodiscard]] std::string text(std::string_view table) const;
    /// All tables, each under its name.
    [[nodiscard]] std::string allText() const;

private:
    [[nodiscard]] AnalyzerShard& shardOf(std::string_view key);

    const Analyzer& m_analyzer;
    AnalyzerOptions m_options;
    std::vector<std::unique_ptr<AnalyzerShard>> m_shards;
    std::map<std::string, std::string> m_snapshots;
    std::string m_buffer;
    std::uint64_t m_counts[4] = {};
    bool m_padded = true;
};

[[nodiscard]] std::string toText(const Cell& cell);
[[nodiscard]] std::string toText(const Table& table);

} // namespace jetlag::test
