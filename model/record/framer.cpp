// SPDX-License-Identifier: Apache-2.0
#include "model/record/framer.h"

#include "model/base/hash.h"
#include "model/base/text.h"
#include "model/record/record_keys.h"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace jetlag {

namespace {

constexpr std::array<std::pair<RecordKind, std::string_view>, 4> kKinds{{
    {RecordKind::Spark, "spark"},
    {RecordKind::Hdfs, "hdfs"},
    {RecordKind::Hive, "hive"},
    {RecordKind::Lines, "lines"},
}};

constexpr std::string_view kNone = "-";
constexpr std::string_view kInSources = "_./:=-";
constexpr std::string_view kInLabels = "_=-";
constexpr std::size_t kMaxLabelBytes = 128;
// A header value of any length would fit, but keys are kept in memory and in checkpoints.
constexpr std::size_t kMaxKeyBytes = 1024;

// What may wait for Spark's ApplicationStart. Real logs have it within their first six events; the longest
// of those are environments of some 350 KB.
constexpr std::size_t kMaxWaitingRecords = 1'000;
constexpr std::size_t kMaxWaitingBytes = 4 * 1024 * 1024;

std::string thisHost()
{
    char name[256] = {};
    if (::gethostname(name, sizeof name - 1) != 0)
        return "localhost";
    return name;
}

bool isPlainLabel(std::string_view text) noexcept
{
    static constexpr auto kAllowed = [] {
        std::array<bool, 256> allowed{};
        for (char c = '0'; c <= '9'; ++c)
            allowed[static_cast<unsigned char>(c)] = true;
        for (char c = 'a'; c <= 'z'; ++c)
            allowed[static_cast<unsigned char>(c)] = true;
        for (char c = 'A'; c <= 'Z'; ++c)
            allowed[static_cast<unsigned char>(c)] = true;
        for (char c : kInLabels)
            allowed[static_cast<unsigned char>(c)] = true;
        return allowed;
    }();
    if (text.size() > kMaxLabelBytes)
        return false;
    for (char c : text) {
        if (!kAllowed[static_cast<unsigned char>(c)])
            return false;
    }
    return true;
}

// A subject token of at most kMaxLabelBytes.
std::string labelOf(std::string_view name)
{
    if (name.empty())
        return std::string(kNone);
    std::string label = percentEncode(name, kInLabels);
    if (label.size() > kMaxLabelBytes) {
        label.resize(kMaxLabelBytes);
        // Not through the middle of an escape.
        const std::size_t escape = label.rfind('%');
        if (escape != std::string::npos && escape + 3 > label.size())
            label.resize(escape);
    }
    return label;
}

// Names that all records of a file share; lives as long as any batch that has them.
struct FileNames
{
    std::string source;
    std::string key;
    std::string label;
    std::string subject;
    std::string zone;
};

std::string hashOf(const LogLine& line)
{
    if (line.length == line.bytes.size())
        return hash128(line.bytes).toHex();
    Hasher128 hasher; // cut: its beginning and its length stand for it
    hasher.add(line.bytes);
    hasher.add(std::to_string(line.length));
    return hasher.result().toHex();
}

} // namespace

std::string_view toString(RecordKind kind) noexcept
{
    for (const auto& [known, word] : kKinds) {
        if (known == kind)
            return word;
    }
    return "unknown";
}

std::optional<RecordKind> recordKindFrom(std::string_view word) noexcept
{
    for (const auto& [kind, known] : kKinds) {
        if (known == word)
            return kind;
    }
    return std::nullopt;
}

struct RecordFramer::State
{
    FramerOptions options;
    std::string prefix;
    JsonKeyReader json;

    LogFile file;
    std::string place; // `<host>:<device>:<inode>`
    FramerState decided;
    std::shared_ptr<const FileNames> names; // of a decided file
    bool partial = false;

    // A Spark log's lines until its application is known.
    std::vector<LogLine> waiting;
    std::vector<std::shared_ptr<const void>> waitingOwners;
    std::size_t waitingBytes = 0;
    bool waits = false; // this file may still name its application

    // The rolled log that the previous file belonged to, and its application.
    std::filesystem::path rolledLog;
    std::optional<SparkApplication> rolledApplication;
    bool rolledPartial = false;

    explicit State(FramerOptions options_)
        : options(std::move(options_))
        , prefix(options.prefix.empty() ? toString(options.kind) : options.prefix)
    {
        if (options.host.empty())
            options.host = thisHost();
    }

    Result<void> begin(const LogFile& next, FramerState state)
    {
        waiting.clear();
        waitingOwners.clear();
        waitingBytes = 0;
        file = next;
        decided = std::move(state);
        names.reset();
        partial = partial || decided.partial;
        if (options.kind != RecordKind::Spark) {
            place = placeOf(file.path);
            if (place.empty() && options.kind == RecordKind::Lines)
                return Error(errno == ENOENT ? ErrorCode::NotFound : ErrorCode::Io,
                             fmt::format("cannot look at {}: {}", safeForDisplay(file.path.native()),
                                         std::generic_category().message(errno)));
            if (place.empty())
                place = percentEncode(file.path.native(), kInSources);
        } else {
            beginSpark();
        }
        if (decided.decided())
            makeNames();
        return {};
    }

    // Two files differ in it, one file keeps it through a rename. Empty, and errno, when there is no file.
    std::string placeOf(const std::filesystem::path& path) const
    {
        struct stat status
        {};
        if (::stat(path.c_str(), &status) != 0)
            return {};
        return fmt::format("{}:{}:{}", percentEncode(options.host, kInSources), status.st_dev, status.st_ino);
    }

    void beginSpark()
    {
        const std::filesystem::path log =
            file.rollIndex.empty() ? std::filesystem::path() : file.path.parent_path();
        if (log.empty() || log != rolledLog)
            rolledApplication.reset();
        rolledLog = log;
        // Only the first file of a rolled log (or a compacted one, which takes its place) has the event.
        const bool laterRoll =
            !file.rollIndex.empty() && file.rollIndex != "1" && !file.rollIndex.ends_with(".compact");
        waits = !laterRoll || (!rolledApplication && !applicationFromName());
        if (decided.decided())
            rememberRolled();
    }

    std::optional<SparkApplication> applicationFromName() const
    {
        std::optional<SparkApplication> application = sparkApplicationFromName(file.path.filename().native());
        if (!application && !file.rollIndex.empty())
            application = sparkApplicationFromName(file.path.parent_path().filename().native());
        return application;
    }

    void rememberRolled()
    {
        if (rolledLog.empty())
            return;
        rolledApplication = SparkApplication{decided.application, decided.attempt};
        rolledPartial = decided.partial;
    }

    // ---- names -------------------------------------------------------------------------------------------

    void decide(std::string computedSource, SparkApplication application, bool isPartial)
    {
        decided.source = computedSource;
        if (!options.source.empty()) {
            decided.source = percentEncode(options.source, kInSources);
            if (options.severalFiles)
                decided.source += '/' + computedSource;
        }
        decided.application = std::move(application.id);
        decided.attempt = std::move(application.attempt);
        decided.partial = isPartial;
        partial = partial || isPartial;
        makeNames();
    }

    void makeNames()
    {
        auto made = std::make_shared<FileNames>();
        made->source = decided.source;
        if (options.kind == RecordKind::Spark) {
            made->key = SparkApplication{decided.application, decided.attempt}.key();
            made->label = labelOf(decided.application);
        } else {
            made->key = kNone;
            made->label = kNone;
        }
        made->subject = prefix + '.' + made->label;
        made->zone = options.zone;
        names = std::move(made);
    }

    void decideByFirstLine(const LogLine& first)
    {
        bool tells =
            false; // HDFS and Hive: a record of the kind holds time and id, no other log has the same
        if (options.kind == RecordKind::Hdfs)
            tells = !hdfsAuditUser(first.bytes).empty();
        else if (options.kind == RecordKind::Hive)
            tells = !json.hiveNames(first.bytes).queryId.empty();
        decide(tells ? hashOf(first) : place + ':' + hashOf(first), {}, /*isPartial=*/false);
    }

    void decideSpark(const SparkApplication& application, bool isPartial)
    {
        std::string source = percentEncode(application.id, kInSources);
        if (!application.attempt.empty())
            source += '/' + percentEncode(application.attempt, kInSources);
        if (!file.rollIndex.empty())
            source += '/' + file.rollIndex;
        decide(std::move(source), application, isPartial);
        rememberRolled();
    }

    // Nothing in the log named the application, or not soon enough.
    void decideSparkWithoutStart()
    {
        if (rolledApplication)
            return decideSpark(*rolledApplication, rolledPartial);
        if (const std::optional<SparkApplication> named = applicationFromName())
            return decideSpark(*named, /*isPartial=*/false);
        if (!options.application.empty()) {
            const std::size_t slash = options.application.find('/');
            SparkApplication given{options.application.substr(0, slash), {}};
            if (slash != std::string::npos)
                given.attempt = options.application.substr(slash + 1);
            return decideSpark(given, /*isPartial=*/false);
        }
        Hasher128 hasher;
        for (const LogLine& line : waiting) {
            hasher.add(line.bytes);
            hasher.add("\n");
        }
        decideSpark({"unknown:" + hasher.result().toHex(), {}}, /*isPartial=*/true);
    }

    // ---- records -----------------------------------------------------------------------------------------

    void add(const LineBlock& block, FramedBatch& batch)
    {
        if (block.lines.empty())
            return;
        batch.owners.push_back(block.owner);
        switch (options.kind) {
        case RecordKind::Spark:
            return addSpark(block, batch);
        case RecordKind::Hdfs:
        case RecordKind::Hive:
            decideOnce(block, batch);
            for (const LogLine& line : block.lines)
                addKeyed(line, batch);
            return;
        case RecordKind::Lines:
            decideOnce(block, batch);
            for (const LogLine& line : block.lines)
                addShared(line, batch);
            return;
        }
    }

    void decideOnce(const LineBlock& block, FramedBatch& batch)
    {
        if (!names)
            decideByFirstLine(block.lines.front());
        batch.owners.push_back(names);
    }

    FramedRecord& append(const LogLine& line, FramedBatch& batch) const
    {
        FramedRecord& record = batch.records.emplace_back();
        record.source = names->source;
        record.firstOffset = record.lastOffset = line.offset;
        record.zone = names->zone;
        record.payload = line.bytes;
        record.fullLength = line.length;
        return record;
    }

    void addShared(const LogLine& line, FramedBatch& batch) const
    {
        FramedRecord& record = append(line, batch);
        record.key = names->key;
        record.label = names->label;
        record.subject = names->subject;
    }

    // Key and label stand in the line itself.
    void addKeyed(const LogLine& line, FramedBatch& batch)
    {
        std::string_view key;
        std::string_view label;
        if (options.kind == RecordKind::Hdfs) {
            key = label = hdfsAuditUser(line.bytes);
        } else {
            const JsonKeyReader::HiveNames found = json.hiveNames(line.bytes);
            key = batch.arena.copy(found.queryId);
            label = found.user;
        }
        if (key.empty())
            return addShared(line, batch);

        FramedRecord& record = append(line, batch);
        record.key = key.size() <= kMaxKeyBytes ? key : batch.arena.copy('#' + hash128(key).toHex());
        if (label.empty())
            label = kNone;
        else if (!isPlainLabel(label))
            label = batch.arena.copy(labelOf(label));
        char* const place_ = batch.arena.allocate(prefix.size() + 1 + label.size());
        std::memcpy(place_, prefix.data(), prefix.size());
        place_[prefix.size()] = '.';
        std::memcpy(place_ + prefix.size() + 1, label.data(), label.size());
        record.subject = {place_, prefix.size() + 1 + label.size()};
        record.label = record.subject.substr(prefix.size() + 1);
    }

    void addSpark(const LineBlock& block, FramedBatch& batch)
    {
        if (names)
            batch.owners.push_back(names);
        else
            waitingOwners.push_back(block.owner);
        for (const LogLine& line : block.lines) {
            if (names) {
                addSparkLine(line, batch);
                continue;
            }
            if (const std::optional<SparkApplication> start = json.sparkApplicationStart(line.bytes)) {
                decideSpark(*start, /*isPartial=*/false);
                decided.fromStart = true;
                releaseWaiting(batch);
                addShared(line, batch);
                continue;
            }
            waiting.push_back(line);
            waitingBytes += line.length;
            if (!waits || waiting.size() > kMaxWaitingRecords || waitingBytes > kMaxWaitingBytes) {
                decideSparkWithoutStart();
                releaseWaiting(batch);
            }
        }
    }

    void addSparkLine(const LogLine& line, FramedBatch& batch)
    {
        // Several logs in one file: what follows another application's start belongs to that one. A start
        // that came too late changes nothing: the log has its name. The event's name stands in front;
        // looking no further keeps this to some nanoseconds.
        constexpr std::size_t kNameEnds = 64;
        if (decided.fromStart &&
            line.bytes.substr(0, kNameEnds).find("ApplicationStart") != std::string_view::npos) {
            const std::optional<SparkApplication> start = json.sparkApplicationStart(line.bytes);
            if (start && *start != SparkApplication{decided.application, decided.attempt}) {
                decided.application = start->id;
                decided.attempt = start->attempt;
                makeNames();
                batch.owners.push_back(names);
            }
        }
        addShared(line, batch);
    }

    void releaseWaiting(FramedBatch& batch)
    {
        batch.owners.push_back(names);
        for (std::shared_ptr<const void>& owner : waitingOwners)
            batch.owners.push_back(std::move(owner));
        for (const LogLine& line : waiting)
            addShared(line, batch);
        waiting.clear();
        waitingOwners.clear();
        waitingBytes = 0;
    }

    void end(FramedBatch& batch)
    {
        if (waiting.empty())
            return;
        decideSparkWithoutStart();
        releaseWaiting(batch);
    }
};

RecordFramer::RecordFramer(FramerOptions options)
    : m_state(std::make_unique<State>(std::move(options)))
{}
RecordFramer::~RecordFramer() = default;
RecordFramer::RecordFramer(RecordFramer&&) noexcept = default;
RecordFramer& RecordFramer::operator=(RecordFramer&&) noexcept = default;

Result<void> RecordFramer::begin(const LogFile& file, FramerState state)
{
    return m_state->begin(file, std::move(state));
}

void RecordFramer::add(const LineBlock& block, FramedBatch& batch)
{
    m_state->add(block, batch);
}

void RecordFramer::end(FramedBatch& batch)
{
    m_state->end(batch);
}

const FramerState& RecordFramer::state() const noexcept
{
    return m_state->decided;
}

bool RecordFramer::partial() const noexcept
{
    return m_state->partial;
}

std::size_t RecordFramer::waiting() const noexcept
{
    return m_state->waiting.size();
}

} // namespace jetlag
