#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/bridge/message_reader.h"

#include <QWidget>

#include <optional>

class QHBoxLayout;
class QLabel;
class QMenu;
class QPlainTextEdit;
class QPushButton;
class QStackedWidget;
class QToolButton;

namespace jetlag::ui {

class ElidedLabel;
class JsonInk;
class Segments;
class StatePanel;

/// One message: who it is, its body as JSON, text or hex, its headers. Which form is remembered per stream.
class MessageDetail final : public QWidget
{
    Q_OBJECT

public:
    explicit MessageDetail(QWidget* parent = nullptr);

    /// `status`: how it stands with its collector, in `role`'s colour ("good", "warning", "secondary").
    void showMessage(const std::string& stream, StoredMessage message, const QString& status,
                     const QString& role);
    void setStatus(const QString& status, const QString& role);
    /// Nothing to show, and why.
    void say(const QString& title, const QString& sentence);
    /// Marked wherever it stands; empty = nothing.
    void setMarked(const QString& text);
    [[nodiscard]] const std::optional<StoredMessage>& message() const { return m_message; }
    [[nodiscard]] QString bodyText() const;

signals:
    void replayWanted(); ///< from this message on
    void done(const QString& what);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    enum Form { Json, Text, Hex, Headers };

    [[nodiscard]] QWidget* content();
    void showForm();
    [[nodiscard]] std::size_t hexBytesPerLine() const;
    void chooseForm(int form);
    void fillCopyMenu(QMenu& menu);
    void saveBytes();
    [[nodiscard]] QString settingsKey() const;

    std::string m_stream;
    std::optional<StoredMessage> m_message;
    std::optional<QString> m_json;
    QStackedWidget* m_body;
    StatePanel* m_state;
    QLabel* m_title;
    QLabel* m_status;
    ElidedLabel* m_subject;
    QLabel* m_facts;
    Segments* m_forms;
    QLabel* m_note;
    QPlainTextEdit* m_text;
    std::size_t m_hexBytes = 0; ///< a line, as shown
    JsonInk* m_ink;
};

/// `nats stream get STREAM SEQUENCE` with the name as one word for a shell.
[[nodiscard]] QString natsGetCommand(const std::string& stream, StreamSequence sequence);

} // namespace jetlag::ui
