#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/clock.h"
#include "model/service/connection_test.h"
#include "ui/theme/glyphs.h"

#include <QWidget>

#include <optional>

class QLabel;
class QPushButton;

namespace jetlag::ui {

class AnswerAbilities;
class AnswerFacts;
class GrantBox;

/// The side panel of Connections: who answered, what this account may see, and the one line that grants what
/// is missing.
class TestPanel final : public QWidget
{
    Q_OBJECT

public:
    explicit TestPanel(QWidget* parent = nullptr);

    /// Nothing was tested yet: says what a test does. `canTest` = something is chosen.
    void showIdle(const QString& name, const QString& environment, bool canTest);
    void showRunning(const QString& name);
    /// `at` = when it was asked for.
    void showResult(const QString& name, const ConnectionTest& test, ServerTime at);
    void showError(const QString& name, const QString& sentence);
    /// A context that cannot be loaded: why, and a way to its file.
    void showBroken(const QString& name, const QString& sentence, const QString& file);

    void setConnectWords(const QString& words);

signals:
    void testWanted();
    void connectWanted();
    void contentChanged(); ///< it may need more room now, or less

private:
    void clear();
    void say(Glyph glyph, const QColor& color, const QString& sentence);
    void offerTest(const QString& words, bool isPossible);

    QLabel* m_name;
    QLabel* m_sign;
    QLabel* m_sentence;
    AnswerFacts* m_facts;
    AnswerAbilities* m_abilities;
    GrantBox* m_grant;
    QPushButton* m_test;
    QPushButton* m_connect;
    QPushButton* m_showFile;
    QString m_file;
    std::optional<ConnectionTest> m_shown;
    ServerTime m_shownAt;
};

} // namespace jetlag::ui
