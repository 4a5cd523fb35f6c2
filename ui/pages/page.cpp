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

QString pageTitle(PageId page)
{
    switch (page) {
    case PageId::Overview:
        return Page::tr("Overview");
    case PageId::Diagnosis:
        return Page::tr("Diagnosis");
    case PageId::Messages:
        return Page::tr("Messages");
    case PageId::Replay:
        return Page::tr("Replay");
    case PageId::Captures:
        return Page::tr("Captures");
    case PageId::Events:
        return Page::tr("Events");
    case PageId::Connections:
        return Page::tr("Connect");
    }
    return {};
}

Glyph pageGlyph(PageId page)
{
    switch (page) {
    case PageId::Overview:
        return Glyph::Overview;
    case PageId::Diagnosis:
        return Glyph::Diagnosis;
    case PageId::Messages:
        return Glyph::Messages;
    case PageId::Replay:
        return Glyph::Replay;
    case PageId::Captures:
        return Glyph::Captures;
    case PageId::Events:
        return Glyph::Events;
    case PageId::Connections:
        return Glyph::Connections;
    }
    return Glyph::Overview;
}

} // namespace jetlag::ui
