#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"
#include "model/record/framer.h"
#include "model/record/log_file.h"
#include "nats/hook/file_feed.h"
#include "nats/hook/publisher.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace jetlag {

/// One file whose turn it is.
struct ScheduledFeed
{
    std::unique_ptr<FileFeed> feed;
    std::optional<Publisher::Lane> lane; ///< once it has something to send
    std::string group;
    bool namedByUser = false;     ///< not found in a folder: its name may lead to another file any moment
    bool closed = false;          ///< everything is sent; only acks are awaited
    FileFeed::TimePoint lookAt{}; ///< with follow: not before, when it was at its end
};

/// Which files there are and whose turn it is.
///
/// Files of one group go one after the other, each when everything of those before it is acked: the files of
/// a rolled Spark log (its later ones continue the earlier), and all files that are no Spark logs (rotated
/// files of one log). Other Spark logs go side by side, a few at a time. With follow, new files are found by
/// looking again, and a file that is caught up lets the next one begin.
///
/// One thread.
class FeedSchedule final
{
public:
    FeedSchedule(std::vector<std::filesystem::path> paths, FramerOptions framing, FeedContext& context);

    /// Looks what is there. The first time a path that leads nowhere is an error, later it is not (a log may
    /// be between two names).
    [[nodiscard]] Result<void> scan(FileFeed::TimePoint now);
    /// Lets files begin whose turn it is.
    void start();
    /// Takes a feed out: read to its end, given up, or resting. It comes back when its file changes.
    void finish(ScheduledFeed& feed);

    [[nodiscard]] std::vector<std::unique_ptr<ScheduledFeed>>& active() noexcept { return m_active; }
    [[nodiscard]] bool isEmpty() const noexcept { return m_active.empty() && m_waiting.empty(); }
    [[nodiscard]] std::size_t waiting() const noexcept { return m_waiting.size(); }

private:
    using FileId = std::pair<std::uint64_t, std::uint64_t>; // device, inode
    struct WaitingFile
    {
        LogFile file;
        FileId id;
        std::string group;
        bool namedByUser = false;
        FileFeed::TimePoint foundAt;
    };

    [[nodiscard]] bool mayStart(const WaitingFile& file);
    [[nodiscard]] RecordFramer framerFor(const WaitingFile& file);
    void found(const LogFile& file, const FileStamp& stamp, bool namedByUser, FileFeed::TimePoint now);

    const std::vector<std::filesystem::path> m_paths;
    const FramerOptions m_framing;
    FeedContext& m_context;

    std::vector<std::unique_ptr<ScheduledFeed>> m_active;
    std::vector<WaitingFile> m_waiting;
    std::map<FileId, ScheduledFeed*> m_activeById;
    std::map<FileId, FileStamp> m_finished; // as they looked then
    // Of each rolled log the file that was finished last: the first one names the application for all.
    struct RolledFile
    {
        LogFile file;
        FramerState state;
    };
    std::map<std::string, RolledFile> m_rolled;
    bool m_scanned = false;
};

} // namespace jetlag
