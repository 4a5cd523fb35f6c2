// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/messages/message_tools.h"

#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/parts.h"
#include "ui/widgets/pick_box.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QStyle>
#include <QVBoxLayout>

#include <algorithm>

namespace jetlag::ui {

MessageTools::MessageTools(QWidget* parent)
    : QWidget(parent)
    , m_stream(new PickBox)
    , m_collector(new PickBox)
    , m_of(barLabel(tr("positions of")))
    , m_goTo(barLabel(tr("go to")))
    , m_place(new QLineEdit)
    , m_follow(new QPushButton(tr("Follow the tail")))
    , m_search(new QLineEdit)
    , m_start(new QPushButton)
    , m_words(new ElidedLabel)
    , m_before(new QPushButton(tr("Previous")))
    , m_behind(new QPushButton(tr("Next")))
{
    m_stream->setAccessibleName(tr("Stream"));
    m_collector->setAccessibleName(tr("Collector whose positions are shown"));
    for (PickBox* combo : {m_stream, m_collector}) {
        combo->setMinimumContentsLength(12);
        combo->setMaximumWidth(220);
    }
    m_place->setPlaceholderText(tr("sequence or time"));
    m_place->setAccessibleName(tr("Go to a sequence or time"));
    m_place->setToolTip(
        tr("A sequence, a time such as 2026-11-23T21:59:16Z, or a span back such as -5m (Ctrl+G)"));
    m_place->setMaximumWidth(220);
    m_follow->setCheckable(true);
    m_follow->setToolTip(tr("Show what comes as it comes"));
    m_search->setPlaceholderText(tr("Search bodies and subjects of the whole stream"));
    m_search->setClearButtonEnabled(true);
    m_search->setAccessibleName(tr("Search"));
    m_search->setMaximumWidth(420);
    m_words->setProperty("role", QStringLiteral("secondary"));

    auto* first = new QHBoxLayout;
    first->addWidget(m_stream);
    first->addWidget(m_of);
    first->addWidget(m_collector);
    first->addWidget(m_goTo);
    for (int jump = 0; jump <= static_cast<int>(Jump::Last); ++jump) {
        auto* button = new QPushButton;
        m_jumps.push_back(button);
        first->addWidget(button);
        connect(button, &QPushButton::clicked, this,
                [this, jump] { emit jumpWanted(static_cast<Jump>(jump)); });
    }
    first->addWidget(m_place, 1);
    first->addStretch();
    first->addWidget(m_follow);
    auto* second = new QHBoxLayout;
    second->addWidget(m_search, 2);
    second->addWidget(m_start);
    second->addWidget(m_words, 3);
    second->addWidget(m_before);
    second->addWidget(m_behind);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(first);
    layout->addLayout(second);

    connect(m_stream, &PickBox::activated, this, &MessageTools::streamChosen);
    connect(m_collector, &PickBox::activated, this, &MessageTools::collectorChosen);
    connect(m_place, &QLineEdit::returnPressed, this,
            [this] { emit placeWanted(m_place->text().trimmed()); });
    connect(m_follow, &QPushButton::clicked, this, &MessageTools::followWanted);
    connect(m_search, &QLineEdit::returnPressed, this, &MessageTools::searchWanted);
    connect(m_start, &QPushButton::clicked, this, [this] {
        if (m_isRunning)
            emit stopWanted();
        else
            emit searchWanted();
    });
    connect(m_before, &QPushButton::clicked, this, [this] { emit matchWanted(-1); });
    connect(m_behind, &QPushButton::clicked, this, [this] { emit matchWanted(1); });
    setNarrow(false);
    setSearch({}, false, 0, std::nullopt);
}

void MessageTools::setNarrow(bool narrow)
{
    const QStringList words =
        narrow ? QStringList{tr("First"), tr("Floor"), tr("Delivered"), tr("Oldest"), tr("Last")}
               : QStringList{tr("First"), tr("Ack floor"), tr("Delivered"), tr("Oldest unprocessed"),
                             tr("Last")};
    for (int jump = 0; jump < words.size(); ++jump)
        m_jumps[static_cast<std::size_t>(jump)]->setText(words[jump]);
    m_jumps[static_cast<std::size_t>(Jump::OldestUnprocessed)]->setToolTip(
        tr("The first message that is not acked"));
    m_of->setVisible(!narrow);
    m_goTo->setVisible(!narrow);
    m_stream->setMaximumWidth(narrow ? 130 : 220);
    m_collector->setMaximumWidth(narrow ? 140 : 220);
    m_follow->setText(narrow ? tr("Follow") : tr("Follow the tail"));
}

void MessageTools::setStreams(const std::vector<std::string>& names)
{
    const QSignalBlocker quiet(m_stream);
    const std::string chosen = stream();
    fillNames(*m_stream, names, chosen.empty() && !names.empty() ? names.front() : chosen);
}

void MessageTools::setCollectors(const std::vector<std::string>& names)
{
    const std::string chosen = collector();
    const QSignalBlocker quiet(m_collector);
    const bool isThere = std::find(names.begin(), names.end(), chosen) != names.end();
    fillNames(*m_collector, names, isThere || names.empty() ? chosen : names.front());
    if (names.empty()) // a collector of another stream stands nowhere in this one
        m_collector->clear();
    m_collector->setEnabled(!names.empty());
    const bool hasOne = !collector().empty();
    for (const Jump jump : {Jump::AckFloor, Jump::Delivered, Jump::OldestUnprocessed})
        m_jumps[static_cast<std::size_t>(jump)]->setEnabled(hasOne);
}

void MessageTools::chooseStream(const std::string& name)
{
    const QSignalBlocker quiet(m_stream);
    for (int at = 0; at < m_stream->count(); ++at) {
        m_stream->setCurrentIndex(at);
        if (stream() == name)
            return;
    }
}

void MessageTools::chooseCollector(const std::string& name)
{
    const QSignalBlocker quiet(m_collector);
    for (int at = 0; at < m_collector->count(); ++at) {
        m_collector->setCurrentIndex(at);
        if (collector() == name)
            return;
    }
}

std::string MessageTools::stream() const
{
    return m_stream->count() == 0 ? std::string() : chosenName(*m_stream);
}

std::string MessageTools::collector() const
{
    return m_collector->count() == 0 ? std::string() : chosenName(*m_collector);
}

QString MessageTools::searched() const
{
    return m_search->text();
}

void MessageTools::setSearch(const QString& words, bool isRunning, std::size_t matches,
                             std::optional<std::size_t> current)
{
    m_isRunning = isRunning;
    m_start->setText(isRunning ? tr("Stop") : tr("Search"));
    QString all = words;
    if (current)
        all = tr("match %1 of %2 · ").arg(exact(*current + 1), exact(matches)) + all;
    m_words->setText(all);
    m_before->setEnabled(matches > 0);
    m_behind->setEnabled(matches > 0);
}

void MessageTools::setFollowing(bool following)
{
    m_follow->setChecked(following);
}

void MessageTools::setMistake(const QString& sentence)
{
    m_place->setProperty("bad", !sentence.isEmpty());
    m_place->style()->unpolish(m_place);
    m_place->style()->polish(m_place);
    if (!sentence.isEmpty())
        m_words->setText(sentence);
}

void MessageTools::focusSearch()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

void MessageTools::focusGoTo()
{
    m_place->setFocus(Qt::ShortcutFocusReason);
    m_place->selectAll();
}

} // namespace jetlag::ui
