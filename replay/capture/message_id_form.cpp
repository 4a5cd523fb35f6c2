// SPDX-License-Identifier: Apache-2.0
#include "replay/capture/message_id_form.h"

#include <charconv>

namespace jetlag::capture {

namespace {

/// Takes the canonical number at the end of `text`; nullopt when there is none.
std::optional<std::uint64_t> takeNumberFromEnd(std::string_view& text) noexcept
{
    std::size_t begin = text.size();
    while (begin > 0 && text[begin - 1] >= '0' && text[begin - 1] <= '9')
        --begin;
    const std::optional<std::uint64_t> number = parseCanonicalDecimal(text.substr(begin));
    if (number)
        text = text.substr(0, begin);
    return number;
}

bool takeMarkFromEnd(std::string_view& text, char mark) noexcept
{
    if (text.empty() || text.back() != mark)
        return false;
    text.remove_suffix(1);
    return true;
}

} // namespace

std::optional<std::uint64_t> parseCanonicalDecimal(std::string_view text) noexcept
{
    if (text.empty() || text.size() > kMaxFormDigits || (text.front() == '0' && text.size() > 1))
        return std::nullopt;
    std::uint64_t value = 0;
    for (const char digit : text) {
        if (digit < '0' || digit > '9')
            return std::nullopt;
        value = value * 10 + static_cast<std::uint64_t>(digit - '0');
    }
    return value;
}

std::optional<MessageIdForm> parseMessageIdForm(std::string_view text) noexcept
{
    MessageIdForm form;
    std::optional<std::uint64_t> number = takeNumberFromEnd(text);
    if (!number)
        return std::nullopt;
    if (takeMarkFromEnd(text, '/')) {
        form.hasPart = true;
        form.parts = *number;
        number = takeNumberFromEnd(text);
        if (!number || !takeMarkFromEnd(text, ':'))
            return std::nullopt;
        form.part = *number;
        number = takeNumberFromEnd(text);
        if (!number)
            return std::nullopt;
    }
    form.last = *number;
    if (!takeMarkFromEnd(text, '-'))
        return std::nullopt;
    number = takeNumberFromEnd(text);
    if (!number || !takeMarkFromEnd(text, ':'))
        return std::nullopt;
    form.first = *number;
    form.source = text;
    return form;
}

char* writeDecimal(char* to, std::uint64_t value) noexcept
{
    return std::to_chars(to, to + 20, value).ptr;
}

} // namespace jetlag::capture
