#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/pages/replay/replay_draft.h"
#include "ui/pages/replay/source_facts.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace jetlag {
class ServerLink;
}

namespace jetlag::ui {

/// One line of the form: what is wrong with it, or what it means. At most one of the two is said.
struct FieldWords
{
    QString error;
    QString note;
};

/// A set-up held against what is known of its source.
struct DraftCheck
{
    FieldWords source;
    FieldWords start;
    FieldWords end;
    FieldWords analyzer;
    FieldWords filter;
    FieldWords speed;
    FieldWords timeZone;

    PositionRange range;
    std::vector<std::string> filters;
    double factor = 0;
    /// Sequences of the range where they are known or can be told from times; for the picture.
    std::optional<StreamSequence> first;
    std::optional<StreamSequence> last;
    /// What will be read, roughly.
    std::optional<std::uint64_t> events;
    std::optional<std::uint64_t> bytes;

    [[nodiscard]] bool isGood() const;
    /// The first error; empty when good.
    [[nodiscard]] QString firstError() const;
};

/// `hasServer`: a connection to read a stream through. Pure.
[[nodiscard]] DraftCheck checkDraft(const ReplayDraft& draft, const SourceFacts& facts, bool hasServer,
                                    ServerTime now);

/// Of a draft that was found good. `server` is needed for streams only.
[[nodiscard]] ReplayRequest requestOf(const ReplayDraft& draft, const DraftCheck& check,
                                      std::shared_ptr<ServerLink> server);

/// The same as a line for a shell. `serverOption`: how the command line reaches the server, "--context prod";
/// empty = its default.
[[nodiscard]] QString commandLineOf(const ReplayDraft& draft, const DraftCheck& check,
                                    const QString& serverOption);

} // namespace jetlag::ui
