#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/service/connection_test.h"
#include "ui/theme/glyphs.h"

#include <QWidget>

#include <optional>

class QGridLayout;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QTabBar;
class QVBoxLayout;

namespace jetlag::ui {

/// The right side of Connections: who answered, what this account may see, and the one line that grants what
/// is missing.
class TestPanel final : public QWidget
{
    Q_OBJECT

public:
    explicit TestPanel(QWidget* parent = nullptr);

    /// Nothing was tested yet: says what a test does. `canTest` = something is chosen.
    void showIdle(const QString& name, const QString& environment, bool canTest);
    void showRunning(const QString& name);
    void showResult(const QString& name, const ConnectionTest& test);
    void showError(const QString& name, const QString& sentence);
    /// A context that cannot be loaded: why, and a way to its file.
    void showBroken(const QString& name, const QString& sentence, const QString& file);

    void setConnectWords(const QString& words);

signals:
    void testWanted();
    void connectWanted();

private:
    void clear();
    void addFact(const QString& what, const QString& value);
    void addAbility(const Ability& ability);
    void showGrant(const ConnectionTest& test);
    void say(Glyph glyph, const QColor& color, const QString& sentence);

    QLabel* m_name;
    QLabel* m_sign;
    QLabel* m_sentence;
    QWidget* m_factsBox;
    QGridLayout* m_facts;
    QWidget* m_abilitiesBox;
    QGridLayout* m_abilities;
    QWidget* m_grantBox;
    QTabBar* m_grantKind;
    QPlainTextEdit* m_grantText;
    QPushButton* m_test;
    QPushButton* m_connect;
    QPushButton* m_copy;
    QPushButton* m_showFile;
    QString m_file;
    std::optional<ConnectionTest> m_shown;
};

} // namespace jetlag::ui
