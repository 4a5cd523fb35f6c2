#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/pages/replay/replay_draft.h"

#include <QWidget>

class QLabel;
class QMimeData;
class QPushButton;
class QStackedWidget;

namespace jetlag::ui {

class PickBox;
class Segments;
struct FieldWords;

/// Where events come from: a stream of the server, a capture, or raw log files.
class SourcePicker final : public QWidget
{
    Q_OBJECT

public:
    explicit SourcePicker(QWidget* parent = nullptr);

    void setDraft(const ReplayDraft& draft);
    void writeTo(ReplayDraft& draft) const;
    /// Empty name = no server.
    void setServer(const QString& name, const std::vector<std::string>& streams);
    void setCaptureStreams(const std::vector<std::string>& streams);
    void say(const FieldWords& words);

    /// Takes captures, log files and folders that are dropped; false when there is none among them.
    [[nodiscard]] static bool canTake(const QMimeData& dropped);
    bool take(const QMimeData& dropped);

signals:
    void sourceChanged();

private:
    void askForCapture();
    void askForLogs();
    void showFiles();

    Segments* m_kind;
    QStackedWidget* m_details;
    PickBox* m_stream;
    QPushButton* m_capture;
    PickBox* m_captureStream;
    QPushButton* m_logs;
    QLabel* m_note;
    std::filesystem::path m_captureFile;
    std::vector<std::filesystem::path> m_logFiles;
};

} // namespace jetlag::ui
