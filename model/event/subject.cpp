// SPDX-License-Identifier: Apache-2.0
#include "model/event/subject.h"

namespace jetlag {

namespace {

// Takes the first token off `rest`; `rest.data()` becomes nullptr after the last.
std::string_view takeToken(std::string_view& rest) noexcept
{
    const std::size_t dot = rest.find('.');
    const std::string_view token = rest.substr(0, dot);
    rest = dot == std::string_view::npos ? std::string_view() : rest.substr(dot + 1);
    return token;
}

} // namespace

bool subjectMatches(std::string_view pattern, std::string_view subject) noexcept
{
    if (pattern.empty())
        return true;
    bool morePattern = true;
    bool moreSubject = true;
    while (morePattern && moreSubject) {
        const std::string_view wanted = takeToken(pattern);
        morePattern = pattern.data() != nullptr;
        if (wanted == ">" && !morePattern)
            return true;
        const std::string_view token = takeToken(subject);
        moreSubject = subject.data() != nullptr;
        if (wanted != "*" && wanted != token)
            return false;
    }
    return morePattern == moreSubject;
}

bool isValidSubjectPattern(std::string_view pattern) noexcept
{
    if (pattern.empty() || pattern.find_first_of(" \t\r\n") != std::string_view::npos)
        return false;
    while (pattern.data() != nullptr) {
        const std::string_view token = takeToken(pattern);
        if (token.empty() || (token == ">" && pattern.data() != nullptr))
            return false;
    }
    return true;
}

std::string_view firstToken(std::string_view subject) noexcept
{
    return subject.substr(0, subject.find('.'));
}

} // namespace jetlag
