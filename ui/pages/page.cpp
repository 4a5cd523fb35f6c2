// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/page.h"

#include <array>

namespace jetlag::ui {

namespace {

struct Word
{
    PageId page;
    const char* word;
};
constexpr std::array<Word, 7> kWords{{{PageId::Overview, "overview"},
                                      {PageId::Diagnosis, "diagnosis"},
                                      {PageId::Messages, "messages"},
                                      {PageId::Replay, "replay"},
                                      {PageId::Captures, "captures"},
                                      {PageId::Events, "events"},
                                      {PageId::Connections, "connections"}}};

} // namespace

QString pageWord(PageId page)
{
    for (const Word& known : kWords) {
        if (known.page == page)
            return QLatin1String(known.word);
    }
    return {};
}

std::optional<PageId> pageOfWord(const QString& word)
{
    for (const Word& known : kWords) {
        if (word == QLatin1String(known.word))
            return known.page;
    }
    return std::nullopt;
}

} // namespace jetlag::ui
