#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/byte_io.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace jetlag {

/// Operations counted over a span of record times (milliseconds UTC).
struct OperationTally
{
    std::uint64_t count = 0; ///< denied ones included
    std::uint64_t denied = 0;
    std::int64_t firstTime = std::numeric_limits<std::int64_t>::max();
    std::int64_t lastTime = std::numeric_limits<std::int64_t>::min();

    void add(std::int64_t time, bool wasDenied);
    void snapshot(ByteWriter& writer) const;
    void restore(ByteReader& reader);
    bool operator==(const OperationTally&) const = default;
};

/// What one user did, bounded whatever the user does: a limit that is hit moves counts into a tally of its
/// own, so sums stay exact and what was not kept one by one is visible. Depends on nothing but this user's
/// lines in their order.
class UserActivity final
{
public:
    /// Names of commands come from outside; NameNodes know about a hundred.
    static constexpr std::size_t kMaxCommands = 256;
    static constexpr std::size_t kMaxCommandBytes = 128;
    /// 100 days of a user who works around the clock, 24 bytes each. The newest are kept.
    static constexpr std::size_t kMaxHours = 2'400;
    /// As many as a person would look at. The first ones are kept: what was denied early keeps being
    /// counted however many other paths a crawler tries later.
    static constexpr std::size_t kMaxDenied = 1'000;
    static constexpr std::size_t kMaxDeniedBytes = 256 * 1024; ///< of their commands and paths together

    static constexpr std::int64_t kHourMillis = 3'600'000;

    struct Command
    {
        std::string name;
        OperationTally tally;
    };
    struct Hour
    {
        std::int64_t start = 0; ///< milliseconds UTC
        std::uint64_t count = 0;
        std::uint64_t denied = 0;
    };
    struct DeniedAccess
    {
        std::string command;
        std::string path;
    };
    struct ByCommandAndPath
    {
        using is_transparent = void;
        template <typename A, typename B>
        bool operator()(const A& a, const B& b) const noexcept
        {
            return std::tuple<std::string_view, std::string_view>(a.command, a.path) <
                   std::tuple<std::string_view, std::string_view>(b.command, b.path);
        }
    };
    using DeniedAccesses = std::map<DeniedAccess, OperationTally, ByCommandAndPath>;

    /// `time` in milliseconds UTC.
    void add(std::int64_t time, bool wasDenied, std::string_view command, std::string_view path);

    void snapshot(ByteWriter& writer) const;
    [[nodiscard]] bool restore(ByteReader& reader);

    [[nodiscard]] const OperationTally& total() const noexcept { return m_total; }
    [[nodiscard]] const std::vector<Command>& commands() const noexcept { return m_commands; }
    [[nodiscard]] const std::vector<Hour>& hours() const noexcept { return m_hours; } ///< ascending
    [[nodiscard]] const DeniedAccesses& denied() const noexcept { return m_denied; }
    /// What did not fit into the three above.
    [[nodiscard]] const OperationTally& otherCommands() const noexcept { return m_otherCommands; }
    [[nodiscard]] const Hour& earlierHours() const noexcept
    {
        return m_earlierHours;
    } ///< its start means nothing
    [[nodiscard]] const OperationTally& otherDenied() const noexcept { return m_otherDenied; }

private:
    OperationTally& tallyOf(std::string_view command);
    Hour& hourOf(std::int64_t time);
    OperationTally& deniedTallyOf(std::string_view command, std::string_view path);

    OperationTally m_total;
    std::vector<Command> m_commands; ///< in order of appearance: the frequent ones come early
    OperationTally m_otherCommands;
    std::vector<Hour> m_hours;
    Hour m_earlierHours;
    DeniedAccesses m_denied;
    std::size_t m_deniedBytes = 0;
    OperationTally m_otherDenied;
};

} // namespace jetlag
