// SPDX-License-Identifier: Apache-2.0
#include "model/cluster/stream_family.h"

#include <algorithm>
#include <string_view>
#include <vector>

namespace jetlag {

namespace {

using Names = std::set<std::string, std::less<>>;
using Families = std::map<std::string_view, std::vector<std::string_view>>; // by the shared words

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isLetter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

/// Where the word ends that begins at `from` or behind the separators there.
std::size_t wordEnd(std::string_view name, std::size_t from)
{
    const auto skip = [&](auto belongs) {
        while (from < name.size() && belongs(name[from]))
            ++from;
    };
    skip([](char c) { return !isLetter(c) && !isDigit(c); });
    if (from < name.size() && isDigit(name[from]))
        skip(isDigit);
    else
        skip(isLetter);
    return from;
}

Families familiesOf(const Names& streams, int words)
{
    Families families;
    for (const std::string_view name : streams) {
        std::size_t end = 0;
        for (int word = 0; word < words; ++word)
            end = wordEnd(name, end);
        families[name.substr(0, end)].push_back(name);
    }
    return families;
}

std::string labelOf(std::string_view words, const std::vector<std::string_view>& members)
{
    if (members.size() == 1)
        return std::string(members.front());
    // What follows the words, where it is no part of another word.
    const auto separator = [&](std::string_view name) {
        const char next = name.size() > words.size() ? name[words.size()] : '\0';
        return isDigit(next) || isLetter(next) ? '\0' : next;
    };
    const char shared = separator(members.front());
    std::string label(words);
    if (shared != '\0' && std::all_of(members.begin(), members.end(),
                                      [&](std::string_view name) { return separator(name) == shared; }))
        label += shared;
    return label + '*';
}

} // namespace

std::map<std::string, std::string, std::less<>> streamFamilies(const Names& streams)
{
    constexpr int kMostWords = 4; // names of more shared words tell little anyway
    Families families = familiesOf(streams, 1);
    for (int words = 2; families.size() == 1 && streams.size() > 1 && words <= kMostWords; ++words) {
        Families finer = familiesOf(streams, words);
        if (finer.size() > 1 && finer.size() == streams.size())
            break; // every stream by itself: no grouping at all
        families = std::move(finer);
    }
    std::map<std::string, std::string, std::less<>> labels;
    for (const auto& [words, members] : families) {
        const std::string label = labelOf(words, members);
        for (const std::string_view name : members)
            labels.emplace(name, label);
    }
    return labels;
}

} // namespace jetlag
