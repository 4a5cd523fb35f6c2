// SPDX-License-Identifier: Apache-2.0
// Which collector the Diagnosis page shows, and whether anybody is called for it.
#include "ui/bridge/event_feed.h"
#include "ui/bridge/live_session.h"
#include "ui/models/verdict_look.h"
#include "ui/pages/diagnosis/diagnosis_page.h"
#include "ui/plots/history_plot.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/muted_sign.h"
#include "ui/widgets/pick_box.h"

#include <QHBoxLayout>
#include <QPushButton>

#include <algorithm>
#include <map>

namespace jetlag::ui {

namespace {

constexpr int kChoiceLength = 40; ///< characters

} // namespace

QLayout* DiagnosisPage::choiceRow()
{
    m_choice->setAccessibleName(tr("Collector"));
    m_choice->setMinimumContentsLength(kChoiceLength); // names may be 255 characters long
    connect(m_choice, &PickBox::opening, this, &DiagnosisPage::markChoices);
    connect(m_choice, &PickBox::activated, this,
            [this](int row) { choose(m_choices[static_cast<std::size_t>(row)]); });
    m_mute->setVisible(m_feed != nullptr);
    m_mute->setToolTip(muteToolTip());
    connect(m_mute, &QPushButton::clicked, this, &DiagnosisPage::toggleMute);
    if (m_feed != nullptr)
        connect(m_feed, &EventFeed::mutedChanged, this, &DiagnosisPage::showReport);
    auto* row = new QHBoxLayout;
    row->setSpacing(Metrics::kSpacing);
    row->addWidget(m_choice);
    row->addStretch(1);
    row->addWidget(m_mute);
    return row;
}

bool DiagnosisPage::isMuted() const
{
    return m_feed != nullptr && m_name && m_feed->isMuted(*m_name);
}

void DiagnosisPage::showMuted()
{
    m_mute->setText(isMuted() ? tr("Unmute") : tr("Mute"));
}

void DiagnosisPage::toggleMute()
{
    if (m_feed == nullptr || !m_name)
        return;
    const bool muted = !isMuted();
    m_feed->setMuted(*m_name, muted);
    emit done(mutedWords({*m_name}, muted));
}

void DiagnosisPage::choose(const ConsumerName& name)
{
    m_session.choose(name);
    look(name);
}

void DiagnosisPage::look(const ConsumerName& name)
{
    m_name = name;
    m_plot->setSubject(HistorySubject{m_session.historyName(), name.stream, name.name}, m_session.history());
    showReport();
}

void DiagnosisPage::lookAtWorst()
{
    const auto& rows = m_session.report()->collectors;
    const bool nobodyAnswers = doesNobodyAnswer(*m_session.report());
    const auto rank = [nobodyAnswers](const CollectorReport& row) {
        return std::pair(severityOfVerdict(nobodyAnswers ? standingVerdict(row) : shownVerdict(row)),
                         row.lag);
    };
    const auto worst = std::max_element(rows.begin(), rows.end(),
                                        [&rank](const auto& a, const auto& b) { return rank(a) < rank(b); });
    if (worst != rows.end())
        look({worst->consumer.stream, worst->consumer.name});
}

// What was chosen on another page; while nobody chooses, whoever comes back sees what is worst by now.
void DiagnosisPage::takeChoice()
{
    if (!m_session.chosen())
        m_name.reset();
    else if (m_session.chosen() != m_name)
        look(*m_session.chosen());
}

void DiagnosisPage::openLink(const PageLink& link)
{
    if (link.collector)
        choose(*link.collector);
}

void DiagnosisPage::showChoices()
{
    if (m_choice->isOpen())
        return; // nothing moves under an open list
    std::vector<ConsumerName> names;
    for (const CollectorReport& row : m_session.report()->collectors)
        names.push_back({row.consumer.stream, row.consumer.name});
    std::sort(names.begin(), names.end());
    if (names != m_choices) {
        m_choices = std::move(names);
        m_choice->clear();
        for (const ConsumerName& name : m_choices)
            m_choice->addItem(tr("%1 › %2").arg(shown(name.stream), shown(name.name)));
    }
    const auto at = std::lower_bound(m_choices.begin(), m_choices.end(), *m_name);
    m_choice->setCurrentIndex(static_cast<int>(at - m_choices.begin()));
}

// In the open list each has the mark of its verdict, and the worst stand first.
void DiagnosisPage::markChoices()
{
    if (!m_session.report())
        return;
    std::map<std::string_view, QIcon> icons;
    for (const CollectorReport& row : m_session.report()->collectors) {
        const ConsumerName name{row.consumer.stream, row.consumer.name};
        const auto at = std::lower_bound(m_choices.begin(), m_choices.end(), name);
        if (at == m_choices.end() || *at != name)
            continue;
        const std::string_view verdict = shownVerdict(row);
        const auto icon = icons.try_emplace(verdict);
        if (icon.second)
            icon.first->second = iconOfVerdict(verdict);
        const int entry = static_cast<int>(at - m_choices.begin());
        m_choice->setItemIcon(entry, icon.first->second);
        m_choice->setItemData(entry, severityOfVerdict(verdict), PickBox::RankRole);
    }
}

} // namespace jetlag::ui
