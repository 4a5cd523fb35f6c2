#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QFrame>
#include <QSortFilterProxyModel>

class QAbstractItemModel;
class QLabel;
class QLineEdit;
class QListView;

namespace jetlag::ui {

/// Leaves the rows whose text holds every typed word, whatever the case and the order.
class WordsProxy final : public QSortFilterProxyModel
{
    Q_OBJECT

public:
    using QSortFilterProxyModel::QSortFilterProxyModel;
    void setWords(const QString& typed);
    void order(); ///< by PickBox::RankRole, highest first; equal ones as they are

protected:
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex& parent) const override;
    [[nodiscard]] bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

private:
    QStringList m_words;
};

/// The list that a PickBox opens. It goes when something is picked, or with Esc or a click elsewhere.
class PickPopup final : public QFrame
{
    Q_OBJECT

public:
    /// `entries` must outlive it. `current`: its row that is chosen now, or -1.
    PickPopup(QAbstractItemModel& entries, int current, QWidget* parent);

    void type(const QString& text);
    /// Below `box`, or above where there is more room; at least as wide.
    void openAt(const QWidget& box);

signals:
    void picked(int row); ///< of the entries

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void filter(const QString& typed);
    void pick(const QModelIndex& index);

    WordsProxy* m_proxy;
    QLineEdit* m_line;
    QListView* m_list;
    QLabel* m_words;
};

} // namespace jetlag::ui
