#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/clock.h"
#include "model/base/strong_id.h"

#include <simdjson.h>

#include <chrono>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// How InfoParser and its parts read values out of an answer. Private to nats/monitor.
namespace jetlag::answer {

namespace od = simdjson::ondemand;

// Readers of one value each: a wrong type leaves the target as it is. What is not read is skipped by the
// next step of the iteration.

inline void read(od::value value, std::string& into)
{
    std::string_view text;
    if (value.get_string().get(text) == simdjson::SUCCESS)
        into.assign(text);
}

inline void read(od::value value, bool& into)
{
    bool flag = false;
    if (value.get_bool().get(flag) == simdjson::SUCCESS)
        into = flag;
}

inline void read(od::value value, std::int64_t& into)
{
    std::int64_t number = 0;
    if (value.get_int64().get(number) == simdjson::SUCCESS)
        into = number;
}

inline void read(od::value value, std::uint64_t& into)
{
    std::uint64_t number = 0;
    if (value.get_uint64().get(number) == simdjson::SUCCESS)
        into = number;
}

inline void read(od::value value, std::uint32_t& into)
{
    std::uint64_t number = 0;
    if (value.get_uint64().get(number) == simdjson::SUCCESS &&
        number <= std::numeric_limits<std::uint32_t>::max())
        into = static_cast<std::uint32_t>(number);
}

inline void read(od::value value, std::chrono::nanoseconds& into)
{
    std::int64_t number = 0;
    if (value.get_int64().get(number) == simdjson::SUCCESS)
        into = std::chrono::nanoseconds(number);
}

template <typename Tag>
void read(od::value value, StrongId<Tag>& into)
{
    std::uint64_t number = 0;
    if (value.get_uint64().get(number) == simdjson::SUCCESS)
        into = StrongId<Tag>(number);
}

inline void read(od::value value, ServerTime& into)
{
    std::string_view text;
    if (value.get_string().get(text) != simdjson::SUCCESS)
        return;
    if (const Result<ServerTime> time = parseRfc3339(text))
        into = *time;
}

inline void read(od::value value, std::optional<ServerTime>& into)
{
    ServerTime time{};
    read(value, time);
    if (time != ServerTime{})
        into = time;
}

template <typename Item>
void read(od::value value, std::vector<Item>& into)
{
    od::array array;
    if (value.get_array().get(array) != simdjson::SUCCESS)
        return;
    for (auto element : array) {
        od::value field;
        if (element.get(field) != simdjson::SUCCESS)
            return;
        Item item{};
        read(field, item);
        into.push_back(std::move(item));
    }
}

/// Calls `each(key, value)` for every field. False when the text broke off. The key is given as it is
/// written: ours have no escapes, and undoing those of forty keys a row is a tenth of all parsing. One that
/// has some is none of ours, also where it is cut at an escaped quote: the backslash before it stays.
template <typename Each>
bool forFields(od::object object, Each each)
{
    for (auto entry : object) {
        od::field field;
        if (std::move(entry).get(field) != simdjson::SUCCESS)
            return false;
        const char* const key = field.key().raw();
        const char* const end = std::strchr(key, '"'); // the buffer ends with zeros
        if (end == nullptr)
            return false;
        each(std::string_view(key, static_cast<std::size_t>(end - key)), field.value());
    }
    return true;
}

template <typename Each>
bool forFields(od::value value, Each each)
{
    od::object object;
    return value.get_object().get(object) == simdjson::SUCCESS && forFields(object, each);
}

template <typename Each>
bool forObjects(od::value value, Each each)
{
    od::array array;
    if (const simdjson::error_code failure = value.get_array().get(array))
        return failure == simdjson::INCORRECT_TYPE; // `null` for an empty list
    for (auto element : array) {
        od::object object;
        if (element.get_object().get(object) == simdjson::SUCCESS && !each(object))
            return false;
    }
    return true;
}

/// The length of what base64 text stands for.
inline std::uint64_t bytesOfBase64(od::value value)
{
    std::string_view text;
    if (value.get_string().get(text) != simdjson::SUCCESS || text.empty())
        return 0;
    const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
    return text.size() / 4 * 3 - padding;
}

} // namespace jetlag::answer
