// SPDX-License-Identifier: Apache-2.0
#include "nats/hook/feed_schedule.h"

#include "model/base/log.h"

#include <algorithm>

namespace jetlag {

namespace fs = std::filesystem;

namespace {

// Files open at a time; each holds a megabyte or two. Read once, a few are enough to keep the broker busy
// over the end of one; followed, as many as may well grow at the same time.
constexpr std::size_t kMostOpenAtOnce = 4;
constexpr std::size_t kMostOpenFollowed = 64;

} // namespace

FeedSchedule::FeedSchedule(std::vector<fs::path> paths, FramerOptions framing, FeedContext& context)
    : m_paths(std::move(paths))
    , m_framing(std::move(framing))
    , m_context(context)
{}

Result<void> FeedSchedule::scan(FileFeed::TimePoint now)
{
    std::map<FileId, FileStamp> stillThere;
    for (const fs::path& path : m_paths) {
        const Result<std::vector<LogFile>> files = expandLogPaths({&path, 1});
        if (!files) {
            if (!m_scanned)
                return files.error();
            log().debug("looking for files: {}", files.error().message());
            continue;
        }
        for (const LogFile& file : *files) {
            const std::optional<FileStamp> stamp = stampOf(file.path);
            if (!stamp && m_scanned)
                continue;
            const FileStamp seen = stamp.value_or(FileStamp());
            if (const auto finished = m_finished.find({seen.device, seen.inode});
                stamp && finished != m_finished.end()) {
                if (finished->second == seen) {
                    stillThere.insert(*finished);
                    continue;
                }
            }
            found(file, seen, file.path == path, now);
        }
    }
    m_finished = std::move(stillThere);
    m_scanned = true;
    return {};
}

void FeedSchedule::found(const LogFile& file, const FileStamp& stamp, bool namedByUser,
                         FileFeed::TimePoint now)
{
    const FileId id{stamp.device, stamp.inode};
    if (stamp != FileStamp()) {
        if (const auto active = m_activeById.find(id); active != m_activeById.end()) {
            FileFeed& feed = *active->second->feed;
            if (feed.file().path != file.path && feed.isMoved())
                feed.renamed(file.path);
            return;
        }
        const auto waits = std::find_if(m_waiting.begin(), m_waiting.end(),
                                        [&](const WaitingFile& waiting) { return waiting.id == id; });
        if (waits != m_waiting.end()) {
            if (!stampOf(waits->file.path))
                waits->file = file; // renamed before its turn
            return;
        }
    }
    WaitingFile waiting{file, id, {}, namedByUser, now};
    if (!file.rollIndex.empty())
        waiting.group = file.path.parent_path().native();
    else if (m_framing.kind == RecordKind::Spark)
        waiting.group = "file " + file.path.native();
    m_waiting.push_back(std::move(waiting));
}

bool FeedSchedule::mayStart(const WaitingFile& file)
{
    for (const std::unique_ptr<ScheduledFeed>& other : m_active) {
        if (other->group != file.group)
            continue;
        // Only the end of a followed file is no end for good.
        const bool mayStayOpen = m_context.follow && file.file.rollIndex.empty();
        // What stood in the other one when this one appeared comes first.
        const bool atEnd = other->feed->caughtUp() && other->feed->lastEnd() >= file.foundAt;
        const bool caughtUp = atEnd && other->feed->sentRecords() == other->feed->ackedRecords();
        if (!atEnd)
            other->lookAt = {};
        if (mayStayOpen && caughtUp)
            continue;
        if (m_context.follow && !file.file.rollIndex.empty() && atEnd)
            other->feed->close(); // the next file of the series is there: this one is finished
        return false;
    }
    return true;
}

RecordFramer FeedSchedule::framerFor(const WaitingFile& file)
{
    RecordFramer framer(m_framing);
    const auto before = file.file.rollIndex.empty() ? m_rolled.end() : m_rolled.find(file.group);
    if (before != m_rolled.end())
        (void)framer.begin(before->second.file, before->second.state); // cannot fail for Spark
    return framer;
}

void FeedSchedule::start()
{
    const std::size_t most = m_context.follow ? kMostOpenFollowed : kMostOpenAtOnce;
    std::set<std::string> held; // groups whose earlier file still waits
    for (auto file = m_waiting.begin(); file != m_waiting.end();) {
        const bool room = m_active.size() < most || file->namedByUser;
        if (!room || held.contains(file->group) || !mayStart(*file)) {
            held.insert(file->group);
            ++file;
            continue;
        }
        auto scheduled = std::make_unique<ScheduledFeed>();
        scheduled->feed = std::make_unique<FileFeed>(file->file, framerFor(*file), m_context);
        scheduled->group = file->group;
        scheduled->namedByUser = file->namedByUser;
        if (file->id != FileId())
            m_activeById.emplace(file->id, scheduled.get());
        m_active.push_back(std::move(scheduled));
        file = m_waiting.erase(file);
    }
}

void FeedSchedule::finish(ScheduledFeed& feed)
{
    if (!feed.feed->file().rollIndex.empty() && feed.feed->framerState().decided())
        m_rolled[feed.group] = {feed.feed->file(), feed.feed->framerState()};
    const FileStamp stamp = feed.feed->stamp();
    const bool wasCut = feed.feed->wasCut(); // the same inode now holds another log
    for (auto known = m_activeById.begin(); known != m_activeById.end();) {
        if (known->second == &feed) {
            if (!wasCut && known->first == FileId{stamp.device, stamp.inode})
                m_finished[known->first] = stamp;
            known = m_activeById.erase(known);
        } else {
            ++known;
        }
    }
    std::erase_if(m_active,
                  [&](const std::unique_ptr<ScheduledFeed>& other) { return other.get() == &feed; });
}

} // namespace jetlag
