// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/replay/source_facts.h"

#include "model/analyzers/registry.h"
#include "model/event/subject.h"
#include "ui/theme/number_format.h"

#include <QObject>
#include <QStringList>

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>

namespace jetlag::ui {

namespace {

constexpr std::size_t kHeadBytes = 64 * 1024;
constexpr std::uint64_t kFilesLookedAt = 10'000;

QString eventsAndBytes(std::uint64_t events, std::uint64_t size)
{
    return QObject::tr("%1 events · %2")
        .arg(count(static_cast<double>(events)), bytes(static_cast<double>(size)));
}

CollectorPlace placeOf(const ConsumerSnapshot& consumer)
{
    CollectorPlace place{.name = consumer.name, .filters = consumer.filters};
    // An ack floor counts only once something was acked; a durable that was never given anything starts
    // where its delivered position stands.
    if (consumer.ackFloor.consumer.value() > 0)
        place.afterAckFloor = consumer.ackFloor.stream.next();
    else if (consumer.delivered.consumer.isZero())
        place.afterAckFloor = consumer.delivered.stream.next();
    place.afterDelivered = consumer.delivered.stream.next();
    return place;
}

/// The kind that a first line belongs to.
std::string kindOfLine(std::string_view head)
{
    if (head.find("\"Event\":\"SparkListener") != std::string_view::npos)
        return "spark";
    if (head.find("ugi=") != std::string_view::npos && head.find("cmd=") != std::string_view::npos)
        return "hdfs";
    if (head.find("hiveQueryId") != std::string_view::npos ||
        head.find("QUERY_SUBMITTED") != std::string_view::npos)
        return "hive";
    return {};
}

std::string lower(std::string_view text)
{
    std::string small(text);
    std::transform(small.begin(), small.end(), small.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return small;
}

std::string kindOfName(std::string_view name)
{
    const std::string small = lower(name);
    const auto has = [&small](std::string_view part) { return small.find(part) != std::string::npos; };
    if (has("spark") || has("eventlog") || small.starts_with("application_") || small.starts_with("app-") ||
        small.starts_with("local-"))
        return "spark";
    if (has("hdfs"))
        return "hdfs";
    if (has("hive"))
        return "hive";
    return has("audit") ? "hdfs" : std::string();
}

class LogLooker
{
public:
    LogLook look(const std::vector<std::filesystem::path>& paths)
    {
        for (const std::filesystem::path& path : paths) {
            std::error_code failed;
            if (std::filesystem::is_directory(path, failed))
                takeFolder(path);
            else
                takeFile(path);
        }
        if (m_look.files == 0 && m_look.problem.empty())
            m_look.problem = "There is no file in it.";
        if (m_look.analyzer.empty() && !paths.empty())
            m_look.analyzer = kindOfName(paths.front().filename().string());
        return m_look;
    }

private:
    void takeFolder(const std::filesystem::path& folder)
    {
        std::error_code failed;
        for (std::filesystem::recursive_directory_iterator at(folder, failed), end; !failed && at != end;
             at.increment(failed)) {
            if (at->is_regular_file(failed) && m_look.files < kFilesLookedAt)
                takeFile(at->path());
        }
        if (failed)
            m_look.problem = folder.string() + ": " + failed.message() + ".";
    }

    void takeFile(const std::filesystem::path& path)
    {
        std::error_code failed;
        const std::uintmax_t size = std::filesystem::file_size(path, failed);
        std::ifstream file(path, std::ios::binary);
        if (failed || !file) {
            m_look.problem = path.string() + " cannot be read: " +
                             (failed ? failed.message() : std::string("it may not be opened by this user")) +
                             ".";
            return;
        }
        ++m_look.files;
        m_look.bytes += size;
        std::string head(std::min<std::uintmax_t>(size, kHeadBytes), '\0');
        file.read(head.data(), static_cast<std::streamsize>(head.size()));
        const bool packed = head.starts_with("\x1f\x8b") || head.starts_with("\x28\xb5\x2f\xfd");
        m_look.compressed = m_look.compressed || packed;
        if (m_look.analyzer.empty())
            m_look.analyzer = packed ? kindOfName(path.filename().string()) : kindOfLine(head);
    }

    LogLook m_look;
};

} // namespace

SourceFacts streamFacts(const ClusterReport& report, const std::string& stream)
{
    SourceFacts facts;
    const auto found = std::find_if(report.streams.begin(), report.streams.end(),
                                    [&stream](const StreamReport& row) { return row.stream.name == stream; });
    if (found == report.streams.end()) {
        facts.problem =
            QObject::tr("There is no stream %1 here, or this account may not see it.").arg(shown(stream));
        return facts;
    }
    const StreamSnapshot& now = found->stream;
    facts.messages = now.messages;
    facts.bytes = now.bytes;
    facts.subjects = now.subjects;
    facts.maxAge = now.maxAge;
    facts.words = eventsAndBytes(now.messages, now.bytes);
    facts.words += QObject::tr(" · %1").arg(shown(now.retention));
    if (now.maxAge.count() > 0)
        facts.words +=
            QObject::tr(", max age %1").arg(duration(std::chrono::duration<double>(now.maxAge).count()));
    if (now.messages > 0) {
        facts.first = now.firstSequence;
        facts.last = now.lastSequence;
        facts.firstTime = now.firstTime;
        facts.lastTime = now.lastTime;
    } else {
        facts.problem = QObject::tr("%1 is empty: there is nothing to replay.").arg(shown(stream));
    }
    for (const CollectorReport& collector : report.collectors) {
        if (collector.consumer.stream == stream)
            facts.collectors.push_back(placeOf(collector.consumer));
    }
    std::sort(facts.collectors.begin(), facts.collectors.end(),
              [](const CollectorPlace& a, const CollectorPlace& b) { return a.name < b.name; });
    return facts;
}

SourceFacts captureFacts(const CaptureDescription& capture, const std::string& stream)
{
    SourceFacts facts;
    facts.note = shown(capture.recovery);
    const auto found =
        std::find_if(capture.streams.begin(), capture.streams.end(), [&stream](const CapturedStream& one) {
            return stream.empty() || one.identity.name == stream;
        });
    if (found == capture.streams.end()) {
        facts.problem = stream.empty() ? QObject::tr("The capture holds no stream.")
                                       : QObject::tr("The capture holds no stream %1.").arg(shown(stream));
        return facts;
    }
    facts.messages = found->messages;
    facts.bytes = found->bytes;
    facts.gaps = found->gaps;
    facts.subjects = {found->identity.name};
    facts.words = eventsAndBytes(found->messages, found->bytes);
    if (found->messages > 0) {
        facts.first = found->firstSequence;
        facts.last = found->lastSequence;
        facts.firstTime = found->firstTime;
        facts.lastTime = found->lastTime;
    } else {
        facts.problem = QObject::tr("The capture holds no events: there is nothing to replay.");
    }
    return facts;
}

LogLook lookAtLogs(const std::vector<std::filesystem::path>& paths)
{
    return LogLooker().look(paths);
}

SourceFacts logFacts(const LogLook& look)
{
    SourceFacts facts;
    facts.problem = shown(look.problem);
    if (!look.compressed)
        facts.bytes = look.bytes;
    facts.words = look.files == 1 ? QObject::tr("1 file") : QObject::tr("%1 files").arg(exact(look.files));
    facts.words += QObject::tr(" · %1").arg(bytes(static_cast<double>(look.bytes)));
    if (look.compressed)
        facts.words += QObject::tr(", compressed");
    return facts;
}

std::string proposedAnalyzer(const SourceFacts& facts, const std::string& name)
{
    for (const std::string& subject : facts.subjects) {
        const std::string_view kind = firstToken(subject);
        if (kind != "traffic" && findAnalyzer(kind) != nullptr)
            return std::string(kind);
    }
    for (const std::string& subject : facts.subjects) {
        if (std::string kind = kindOfName(subject); !kind.empty())
            return kind;
    }
    std::string kind = kindOfName(name);
    return kind.empty() ? "traffic" : kind;
}

} // namespace jetlag::ui
