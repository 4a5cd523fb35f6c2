#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/bridge/job_watch.h"
#include "ui/bridge/latest_value.h"
#include "ui/pages/replay/replay_draft.h"
#include "ui/pages/replay/source_facts.h"

#include <QObject>

#include <memory>

namespace jetlag::ui {

class LiveSession;

/// What is known of the chosen source: of a stream from the newest report, of a capture from its indexes, of
/// log files from a look at them. Answers come by signal; an answer about a source that is no longer chosen
/// is dropped.
class SourceWatch final : public QObject
{
    Q_OBJECT

public:
    explicit SourceWatch(LiveSession& session, QObject* parent = nullptr);
    ~SourceWatch() override;

    /// Looks at the draft's source, again where it is the same.
    void look(const ReplayDraft& draft);

    [[nodiscard]] const SourceFacts& facts() const { return m_facts; }
    /// True while the answer is on its way.
    [[nodiscard]] bool isPending() const { return m_pending; }
    /// Whose events these look like; empty = nobody can tell.
    [[nodiscard]] const std::string& proposal() const { return m_proposal; }
    /// Streams of the server, in the order of the report.
    [[nodiscard]] std::vector<std::string> serverStreams() const;
    /// Streams in the capture.
    [[nodiscard]] const std::vector<std::string>& captureStreams() const { return m_captureStreams; }

signals:
    void factsChanged();
    /// Another server, or other streams on it.
    void serverChanged();

private:
    void lookAtStream();
    void lookAtCapture();
    void lookAtLogFiles();
    void answer(SourceFacts facts, std::string proposal);
    void wait(const QString& words);

    struct LogAnswer
    {
        std::uint64_t generation = 0;
        LogLook look;
    };

    LiveSession& m_session;
    ReplayDraft m_draft;
    SourceFacts m_facts;
    bool m_pending = false;
    std::string m_proposal;
    std::vector<std::string> m_captureStreams;
    std::uint64_t m_generation = 0; ///< which look an answer belongs to
    std::unique_ptr<JobWatch<CaptureDescription>> m_describing;
    LatestValue<LogAnswer> m_logAnswers;
};

} // namespace jetlag::ui
