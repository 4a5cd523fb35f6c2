// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/replay/source_watch.h"

#include "ui/bridge/background.h"
#include "ui/bridge/live_session.h"
#include "ui/theme/number_format.h"

#include <utility>

namespace jetlag::ui {

SourceWatch::SourceWatch(LiveSession& session, QObject* parent)
    : QObject(parent)
    , m_session(session)
    , m_logAnswers([this](LogAnswer answered) {
        if (answered.generation == m_generation)
            answer(logFacts(answered.look), std::move(answered.look.analyzer));
    })
{
    const auto reportCame = [this] {
        emit serverChanged();
        if (m_draft.source == SourceKind::Stream)
            lookAtStream();
    };
    connect(&session, &LiveSession::stateChanged, this, reportCame);
    connect(&session, &LiveSession::reportChanged, this, reportCame);
}

SourceWatch::~SourceWatch() = default;

void SourceWatch::look(const ReplayDraft& draft)
{
    ++m_generation;
    m_draft = draft;
    m_describing.reset();
    switch (draft.source) {
    case SourceKind::Stream:
        lookAtStream();
        break;
    case SourceKind::Capture:
        lookAtCapture();
        break;
    case SourceKind::Logs:
        lookAtLogFiles();
        break;
    }
}

std::vector<std::string> SourceWatch::serverStreams() const
{
    std::vector<std::string> names;
    if (m_session.report()) {
        for (const StreamReport& row : m_session.report()->streams)
            names.push_back(row.stream.name);
    }
    return names;
}

void SourceWatch::lookAtStream()
{
    if (m_session.report() && !m_draft.stream.empty()) {
        SourceFacts facts = streamFacts(*m_session.report(), m_draft.stream);
        std::string proposal =
            facts.subjects.empty() ? std::string() : proposedAnalyzer(facts, m_draft.stream);
        return answer(std::move(facts), std::move(proposal));
    }
    m_pending = m_session.link() != nullptr && !m_session.report();
    m_facts = {};
    m_proposal.clear();
    emit factsChanged();
}

void SourceWatch::lookAtCapture()
{
    m_captureStreams.clear();
    if (m_draft.capture.empty())
        return answer({}, {});
    wait(tr("being opened"));
    m_describing = std::make_unique<JobWatch<CaptureDescription>>(
        m_session.services().captures.describe(m_draft.capture), [this](Result<CaptureDescription> capture) {
            m_describing.reset();
            if (!capture) {
                SourceFacts unreadable;
                unreadable.problem = shown(capture.error().message());
                return answer(std::move(unreadable), {});
            }
            for (const CapturedStream& stream : capture->streams)
                m_captureStreams.push_back(stream.identity.name);
            SourceFacts facts = captureFacts(*capture, m_draft.captureStream);
            std::string proposal = proposedAnalyzer(facts, m_draft.capture.filename().string());
            answer(std::move(facts), std::move(proposal));
        });
}

void SourceWatch::lookAtLogFiles()
{
    if (m_draft.logs.empty())
        return answer({}, {});
    wait(tr("being looked at"));
    inBackground([paths = m_draft.logs, generation = m_generation, deliver = m_logAnswers.inlet()] {
        deliver({generation, lookAtLogs(paths)});
    });
}

void SourceWatch::wait(const QString& words)
{
    m_pending = true;
    m_facts = {};
    m_facts.words = words;
    m_proposal.clear();
    emit factsChanged();
}

void SourceWatch::answer(SourceFacts facts, std::string proposal)
{
    m_pending = false;
    m_facts = std::move(facts);
    m_proposal = std::move(proposal);
    emit factsChanged();
}

} // namespace jetlag::ui
