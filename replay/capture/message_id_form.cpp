// SPDX-License-Identifier: Apache-2.0
#include "replay/capture/message_id_form.h"

#include <charconv>

namespace jetlag::capture {

namespace {

/// Cuts the digits from the end of `text`; empty when there are none, too many, or a leading zero.
std::string_view takeDigitsFromEnd(std::string_view& text) noexcept
{
    std::size_t begin = text.size();
    while (begin > 0 && text[begin - 1] >= '0' && text[begin - 1] <= '9')
        --begin;
    const std::string_view digits = text.substr(begin);
    if (digits.size() > kMaxFormDigits || (digits.size() > 1 && digits.front() == '0'))
        return {};
    text = text.substr(0, begin);
    return digits;
}

std::uint64_t valueOf(std::string_view digits) noexcept
{
    std::uint64_t value = 0;
    for (const char digit : digits)
        value = value * 10 + static_cast<std::uint64_t>(digit - '0');
    return value;
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
    std::string_view rest = text;
    const std::string_view digits = takeDigitsFromEnd(rest);
    if (digits.empty() || digits.size() != text.size())
        return std::nullopt;
    return valueOf(digits);
}

std::optional<MessageIdForm> parseMessageIdForm(std::string_view text) noexcept
{
    MessageIdForm form;
    std::string_view digits = takeDigitsFromEnd(text);
    if (digits.empty())
        return std::nullopt;
    if (takeMarkFromEnd(text, '/')) {
        form.hasPart = true;
        form.parts = valueOf(digits);
        digits = takeDigitsFromEnd(text);
        if (digits.empty() || !takeMarkFromEnd(text, ':'))
            return std::nullopt;
        form.part = valueOf(digits);
        digits = takeDigitsFromEnd(text);
        if (digits.empty())
            return std::nullopt;
    }
    form.lastDigits = digits;
    if (!takeMarkFromEnd(text, '-'))
        return std::nullopt;
    const std::string_view firstDigits = takeDigitsFromEnd(text);
    if (firstDigits.empty() || !takeMarkFromEnd(text, ':'))
        return std::nullopt;
    form.last = valueOf(form.lastDigits);
    // Nearly always the same number: comparing is cheaper than reading it again.
    form.first = firstDigits == form.lastDigits ? form.last : valueOf(firstDigits);
    form.source = text;
    return form;
}

char* writeDecimal(char* to, std::uint64_t value) noexcept
{
    return std::to_chars(to, to + 20, value).ptr;
}

} // namespace jetlag::capture
