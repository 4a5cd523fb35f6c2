#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/service/connection_test.h"

#include <QWidget>

class QGridLayout;

namespace jetlag::ui {

/// A heading and rows below it; hidden while it has none.
class AnswerGrid : public QWidget
{
    Q_OBJECT

public:
    explicit AnswerGrid(const QString& heading, QWidget* parent = nullptr);
    void clear();

protected:
    QGridLayout* m_rows;
};

/// Who answered a test, in what time, as whom.
class AnswerFacts final : public AnswerGrid
{
    Q_OBJECT

public:
    explicit AnswerFacts(QWidget* parent = nullptr);
    void show(const ConnectionTest& test);

private:
    void add(const QString& what, const QString& value);
};

/// What an account may see: a line for each ability, with what is lost without it.
class AnswerAbilities final : public AnswerGrid
{
    Q_OBJECT

public:
    explicit AnswerAbilities(QWidget* parent = nullptr);
    void show(const ConnectionTest& test);

private:
    void add(const Ability& ability);
};

} // namespace jetlag::ui
