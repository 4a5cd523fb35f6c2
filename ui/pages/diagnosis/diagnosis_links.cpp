// SPDX-License-Identifier: Apache-2.0
// Where the Diagnosis page leads: to a replay, to messages, to the clipboard.
#include "ui/bridge/live_session.h"
#include "ui/pages/diagnosis/diagnosis_page.h"
#include "ui/pages/diagnosis/held_messages.h"
#include "ui/pages/overview/collector_links.h"
#include "ui/theme/number_format.h"

#include <QPushButton>

namespace jetlag::ui {

void DiagnosisPage::nameReplay()
{
    const CollectorReport* row = chosen();
    m_replay->setEnabled(row != nullptr && m_session.link() != nullptr);
    if (row == nullptr)
        return;
    const StreamSequence from = m_box.isZero() ? replayBegin(recordOf(*row)) : m_box;
    m_replay->setText(tr("Replay from %1").arg(exact(from.value())));
}

void DiagnosisPage::boxChosen(StreamSequence sequence)
{
    m_box = sequence;
    m_messages->choose(sequence.value());
    nameReplay();
}

void DiagnosisPage::replayFromHere()
{
    if (const CollectorReport* row = chosen())
        replayFrom(m_box.isZero() ? replayBegin(recordOf(*row)) : m_box);
}

void DiagnosisPage::replayFrom(StreamSequence sequence)
{
    const CollectorReport* row = chosen();
    if (row == nullptr || !m_session.link())
        return;
    ReplayRequest request = ui::replayFromHere(recordOf(*row), m_session.link());
    request.range.from = sequence;
    emit linkFollowed({.page = PageId::Replay, .replay = std::move(request)});
}

void DiagnosisPage::showMessage(StreamSequence sequence)
{
    if (m_name)
        emit linkFollowed({.page = PageId::Messages,
                           .collector = m_name,
                           .message = MessagePlace{m_name->stream, sequence}});
}

void DiagnosisPage::copyMarkdown()
{
    if (const CollectorReport* row = chosen())
        emit done(copyDiagnosis(*row));
}

} // namespace jetlag::ui
