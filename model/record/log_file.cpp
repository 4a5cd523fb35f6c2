// SPDX-License-Identifier: Apache-2.0
#include "model/record/log_file.h"

#include "model/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <system_error>

namespace jetlag {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kRolledDirectory = "eventlog_v2_";
constexpr std::string_view kRolledFile = "events_";
constexpr std::string_view kCompacted = ".compact";

struct Roll
{
    std::uint64_t number = 0;
    bool compacted = false;
};

// `events_<number>_<application>...[.compact]`.
std::optional<Roll> rollOf(std::string_view name)
{
    if (!name.starts_with(kRolledFile))
        return std::nullopt;
    const std::string_view rest = name.substr(kRolledFile.size());
    const std::size_t underscore = rest.find('_');
    if (underscore == std::string_view::npos)
        return std::nullopt;
    const std::optional<std::uint64_t> number = parseU64(rest.substr(0, underscore));
    if (!number)
        return std::nullopt;
    return Roll{*number, name.ends_with(kCompacted)};
}

std::string indexText(const Roll& roll)
{
    return std::to_string(roll.number) + (roll.compacted ? std::string(kCompacted) : std::string());
}

LogFile logFile(const fs::path& path)
{
    const std::optional<Roll> roll = rollOf(path.filename().native());
    return {path, roll ? indexText(*roll) : std::string()};
}

Error listingFailed(const fs::path& path, const std::error_code& error)
{
    const bool denied = error == std::errc::permission_denied;
    return {denied ? ErrorCode::Denied : ErrorCode::Io,
            fmt::format("cannot list the directory {}: {}", safeForDisplay(path.native()), error.message())};
}

Result<std::vector<fs::directory_entry>> list(const fs::path& directory)
{
    std::error_code error;
    std::vector<fs::directory_entry> entries;
    for (fs::directory_iterator it(directory, error), end; !error && it != end; it.increment(error)) {
        if (!it->path().filename().native().starts_with('.'))
            entries.push_back(*it);
    }
    if (error)
        return listingFailed(directory, error);
    std::sort(entries.begin(), entries.end(), [](const fs::directory_entry& a, const fs::directory_entry& b) {
        return a.path().filename().native() < b.path().filename().native();
    });
    return entries;
}

bool isRolledLog(const fs::directory_entry& entry)
{
    std::error_code error;
    return entry.path().filename().native().starts_with(kRolledDirectory) && entry.is_directory(error);
}

Result<void> appendRolledLog(const fs::path& directory, std::vector<LogFile>& files)
{
    Result<std::vector<fs::directory_entry>> entries = list(directory);
    if (!entries)
        return std::move(entries).error();

    struct Part
    {
        Roll roll;
        fs::path path;
    };
    std::vector<Part> parts;
    for (const fs::directory_entry& entry : *entries) {
        const std::optional<Roll> roll = rollOf(entry.path().filename().native());
        std::error_code error;
        if (roll && entry.is_regular_file(error))
            parts.push_back({*roll, entry.path()});
    }
    std::stable_sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) {
        // Of one number the compacted file comes last, so that it cuts off the one it was made from.
        return std::pair(a.roll.number, a.roll.compacted) < std::pair(b.roll.number, b.roll.compacted);
    });
    // A compacted file stands for itself and everything before it, as Spark's own reader has it.
    const auto compacted =
        std::find_if(parts.rbegin(), parts.rend(), [](const Part& part) { return part.roll.compacted; });
    if (compacted != parts.rend())
        parts.erase(parts.begin(), std::prev(compacted.base()));
    for (Part& part : parts)
        files.push_back({std::move(part.path), indexText(part.roll)});
    return {};
}

Result<void> appendDirectory(const fs::path& directory, std::vector<LogFile>& files)
{
    Result<std::vector<fs::directory_entry>> entries = list(directory);
    if (!entries)
        return std::move(entries).error();
    for (const fs::directory_entry& entry : *entries) {
        std::error_code error;
        if (isRolledLog(entry)) {
            if (Result<void> done = appendRolledLog(entry.path(), files); !done)
                return done;
        } else if (entry.is_regular_file(error)) {
            files.push_back(logFile(entry.path()));
        }
    }
    return {};
}

} // namespace

Result<std::vector<LogFile>> expandLogPaths(std::span<const fs::path> paths)
{
    std::vector<LogFile> files;
    for (const fs::path& given : paths) {
        std::error_code error;
        // `directory/` has an empty file name.
        const fs::path path = given.has_filename() ? given : given.parent_path();
        const fs::directory_entry entry(path, error);
        if (error || !entry.exists(error)) {
            const bool denied = error == std::errc::permission_denied;
            return Error(denied ? ErrorCode::Denied : ErrorCode::NotFound,
                         fmt::format("there is no log {}{}", safeForDisplay(given.native()),
                                     denied ? " that may be read" : ""));
        }
        Result<void> done;
        if (isRolledLog(entry))
            done = appendRolledLog(path, files);
        else if (entry.is_directory(error))
            done = appendDirectory(path, files);
        else
            files.push_back(logFile(path));
        if (!done)
            return std::move(done).error();
    }
    return files;
}

} // namespace jetlag
