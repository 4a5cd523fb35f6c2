// SPDX-License-Identifier: Apache-2.0
#include "ui/bridge/notifier.h"

#include <QSettings>

#include <array>

namespace jetlag::ui {

namespace {

constexpr auto kLevelKey = "events/notify";
constexpr std::array<const char*, 3> kLevelWords{"off", "bad", "all"}; // in the order of NoticeLevel

NoticeLevel rememberedLevel()
{
    const QString word = QSettings().value(QLatin1String(kLevelKey)).toString();
    for (std::size_t at = 0; at < kLevelWords.size(); ++at) {
        if (word == QLatin1String(kLevelWords[at]))
            return static_cast<NoticeLevel>(at);
    }
    return NoticeLevel::OnlyBad;
}

} // namespace

Notifier::Notifier()
    : m_level(rememberedLevel())
{}

void Notifier::setLevel(NoticeLevel level)
{
    if (level == m_level)
        return;
    m_level = level;
    QSettings().setValue(QLatin1String(kLevelKey),
                         QLatin1String(kLevelWords[static_cast<std::size_t>(level)]));
    emit levelChanged();
}

} // namespace jetlag::ui
