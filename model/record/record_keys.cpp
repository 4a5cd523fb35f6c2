// SPDX-License-Identifier: Apache-2.0
#include "model/record/record_keys.h"

#include "model/base/byte_arena.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <utility>

namespace jetlag {

namespace {

bool isDigit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

bool isHexDigit(char c) noexcept
{
    return isDigit(c) || (c >= 'a' && c <= 'f');
}

// Takes `prefix` off the front.
bool take(std::string_view& text, std::string_view prefix) noexcept
{
    if (!text.starts_with(prefix))
        return false;
    text.remove_prefix(prefix.size());
    return true;
}

bool takeDigits(std::string_view& text) noexcept
{
    const auto* const end = std::find_if_not(text.begin(), text.end(), isDigit);
    const auto count = static_cast<std::size_t>(end - text.begin());
    text.remove_prefix(count);
    return count > 0;
}

// Takes an application id off the front; what follows it is left in `text`.
bool takeApplicationId(std::string_view& text) noexcept
{
    if (take(text, "application_"))
        return takeDigits(text) && take(text, "_") && takeDigits(text);
    if (take(text, "app-"))
        return takeDigits(text) && take(text, "-") && takeDigits(text);
    if (take(text, "local-") || take(text, "spark-application-"))
        return takeDigits(text);
    if (take(text, "spark-")) {
        constexpr std::size_t kHexDigits = 32; // Kubernetes: a UUID without its dashes
        if (text.size() < kHexDigits || !std::all_of(text.begin(), text.begin() + kHexDigits, isHexDigit))
            return false;
        text.remove_prefix(kHexDigits);
        return true;
    }
    return false;
}

// Endings that say how a log is stored, not whose it is.
std::string_view withoutEndings(std::string_view name) noexcept
{
    static constexpr std::array<std::string_view, 10> kEndings{
        ".inprogress", ".compact", ".gz", ".gzip", ".zst", ".zstd", ".lz4", ".lzf", ".snappy", ".log"};
    for (bool found = true; found;) {
        found = false;
        for (std::string_view ending : kEndings) {
            if (name.size() > ending.size() && name.ends_with(ending)) {
                name.remove_suffix(ending.size());
                found = true;
            }
        }
    }
    return name;
}

constexpr std::string_view kApplicationStart = "SparkListenerApplicationStart";

} // namespace

bool looksLikeSparkApplicationId(std::string_view text) noexcept
{
    return takeApplicationId(text) && text.empty();
}

std::optional<SparkApplication> sparkApplicationFromName(std::string_view fileName)
{
    std::string_view rest = withoutEndings(fileName);
    if (!take(rest, "eventlog_v2_") && !take(rest, "appstatus_") && take(rest, "events_") &&
        !(takeDigits(rest) && take(rest, "_")))
        return std::nullopt;
    const std::string_view name = rest;
    if (!takeApplicationId(rest))
        return std::nullopt;
    SparkApplication application{std::string(name.substr(0, name.size() - rest.size())), {}};
    if (rest.empty())
        return application;
    if (!take(rest, "_") || rest.empty() || !std::all_of(rest.begin(), rest.end(), isDigit))
        return std::nullopt;
    application.attempt = rest;
    return application;
}

std::string_view hdfsAuditUser(std::string_view line) noexcept
{
    constexpr std::string_view kField = "ugi=";
    for (std::size_t at = line.find(kField); at != std::string_view::npos; at = line.find(kField, at + 1)) {
        if (at == 0 || (line[at - 1] != '\t' && line[at - 1] != ' '))
            continue;
        const std::string_view rest = line.substr(at + kField.size());
        return rest.substr(0, rest.find_first_of("/@ \t"));
    }
    return {};
}

struct JsonKeyReader::State
{
    simdjson::ondemand::parser parser;
};

JsonKeyReader::JsonKeyReader()
    : m_state(std::make_unique<State>())
{}
JsonKeyReader::~JsonKeyReader() = default;
JsonKeyReader::JsonKeyReader(JsonKeyReader&&) noexcept = default;
JsonKeyReader& JsonKeyReader::operator=(JsonKeyReader&&) noexcept = default;

namespace {

static_assert(kPayloadPadding >= simdjson::SIMDJSON_PADDING);

using Object = simdjson::ondemand::object;
using Field = simdjson::ondemand::field;

// Calls `each(key, value)` for the object's fields until it returns true. False when the text is broken
// before that.
template <typename Each>
bool forEachField(Object object, Each&& each)
{
    for (simdjson::simdjson_result<Field> result : object) {
        Field field;
        if (std::move(result).get(field))
            return false;
        std::string_view key;
        if (field.unescaped_key().get(key))
            return false;
        if (each(key, field.value()))
            return true;
    }
    return true;
}

// Takes the first string under that name; other types and repetitions are passed over.
void takeString(std::string_view& to, simdjson::ondemand::value value)
{
    std::string_view text;
    if (to.empty() && !value.get_string().get(text))
        to = text;
}

bool openObject(simdjson::ondemand::parser& parser, std::string_view line,
                simdjson::ondemand::document& document, Object& object)
{
    return !parser.iterate(line.data(), line.size(), line.size() + kPayloadPadding).get(document) &&
           !document.get_object().get(object);
}

// The parser's memory is several times the longest line it saw: a huge one must not leave it that large.
void dropLargeMemory(simdjson::ondemand::parser& parser)
{
    constexpr std::size_t kKept = 4 * 1024 * 1024;
    if (parser.capacity() > kKept)
        parser = simdjson::ondemand::parser();
}

} // namespace

std::optional<SparkApplication> JsonKeyReader::sparkApplicationStart(std::string_view line)
{
    if (line.find(kApplicationStart) == std::string_view::npos)
        return std::nullopt;
    std::string_view event;
    std::string_view id;
    std::string_view attempt;
    simdjson::ondemand::document document;
    Object object;
    bool whole = openObject(m_state->parser, line, document, object);
    whole = whole && forEachField(object, [&](std::string_view key, simdjson::ondemand::value value) {
                if (key == "Event")
                    takeString(event, value);
                else if (key == "App ID")
                    takeString(id, value);
                else if (key == "App Attempt ID")
                    takeString(attempt, value);
                return !event.empty() && !event.ends_with(kApplicationStart);
            });
    std::optional<SparkApplication> application;
    if (whole && event.ends_with(kApplicationStart) && !id.empty())
        application = SparkApplication{std::string(id), std::string(attempt)};
    dropLargeMemory(m_state->parser);
    return application;
}

JsonKeyReader::HiveNames JsonKeyReader::hiveNames(std::string_view line)
{
    dropLargeMemory(m_state->parser); // of the previous call: the names given then are no longer good
    std::string_view queryId;
    std::string_view user;
    std::string_view requestUser;
    std::string_view otherId; // the name that Atlas's and Impala's records use
    simdjson::ondemand::document document;
    Object object;
    bool whole = openObject(m_state->parser, line, document, object);
    whole =
        whole && forEachField(object, [&](std::string_view key, simdjson::ondemand::value value) {
            if (key == "hiveQueryId") {
                takeString(queryId, value);
            } else if (key == "user") {
                takeString(user, value);
            } else if (key == "requestUser") {
                takeString(requestUser, value);
            } else if (key == "queryId") {
                takeString(otherId, value);
            } else if (Object attributes; key == "attributes" && !value.get_object().get(attributes)) {
                forEachField(attributes, [&](std::string_view inner, simdjson::ondemand::value innerValue) {
                    if (inner == "queryId")
                        takeString(otherId, innerValue);
                    else if (inner == "userName")
                        takeString(user, innerValue);
                    return false;
                });
            }
            return !queryId.empty() && !user.empty();
        });
    if (!whole)
        return {};
    return {queryId.empty() ? otherId : queryId, user.empty() ? requestUser : user};
}

} // namespace jetlag
