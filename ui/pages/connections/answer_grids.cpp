// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/connections/answer_grids.h"

#include "ui/theme/glyphs.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"

#include <QGridLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace jetlag::ui {

namespace {

constexpr int kSignSize = 14;

QLabel* label(const QString& text, const char* role = nullptr)
{
    auto* made = new QLabel(text);
    made->setTextFormat(Qt::PlainText);
    made->setWordWrap(true);
    if (role != nullptr)
        made->setProperty("role", QLatin1String(role));
    return made;
}

struct GrantLook
{
    Glyph glyph;
    QColor color;
    QString word;
    const char* role;
};

GrantLook lookOf(Grant grant)
{
    const Palette& now = colors();
    switch (grant) {
    case Grant::Yes:
        return {Glyph::Disc, now.good, AnswerAbilities::tr("yes"), "good"};
    case Grant::Missing:
        return {Glyph::Cross, now.bad, AnswerAbilities::tr("missing"), "error"};
    case Grant::Off:
        return {Glyph::Ring, now.secondary, AnswerAbilities::tr("off"), "secondary"};
    case Grant::Unknown:
        break;
    }
    return {Glyph::DottedRing, now.secondary, AnswerAbilities::tr("unknown"), "secondary"};
}

} // namespace

AnswerGrid::AnswerGrid(const QString& heading, QWidget* parent)
    : QWidget(parent)
    , m_rows(new QGridLayout)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, Metrics::kSpacing, 0, 0);
    layout->addWidget(label(heading, "heading"));
    m_rows->setHorizontalSpacing(Metrics::kSpacing);
    m_rows->setVerticalSpacing(6);
    layout->addLayout(m_rows);
    hide();
}

void AnswerGrid::clear()
{
    while (QLayoutItem* item = m_rows->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    hide();
}

AnswerFacts::AnswerFacts(QWidget* parent)
    : AnswerGrid(tr("Test"), parent)
{
    m_rows->setColumnStretch(1, 1);
}

void AnswerFacts::show(const ConnectionTest& test)
{
    clear();
    const ServerDescription& server = test.server;
    add(tr("answered"), tr("in %1 ms by %2").arg(test.answeredIn.count()).arg(shown(server.url)));
    if (!server.cluster.empty())
        add(tr("cluster"), shown(server.cluster));
    add(tr("server"), tr("%1 · JetStream %2")
                          .arg(server.version.empty() ? tr("version unknown") : shown(server.version),
                               server.jetStream ? tr("on") : tr("off")));
    add(tr("user"), test.user.empty() ? tr("none") : shown(test.user));
    add(tr("largest message"), bytes(static_cast<double>(server.maxPayload)));
    setVisible(true);
}

void AnswerFacts::add(const QString& what, const QString& value)
{
    const int row = m_rows->rowCount();
    m_rows->addWidget(label(what, "secondary"), row, 0);
    auto* right = label(value);
    right->setAlignment(Qt::AlignRight);
    m_rows->addWidget(right, row, 1);
}

AnswerAbilities::AnswerAbilities(QWidget* parent)
    : AnswerGrid(tr("What this account may see"), parent)
{
    m_rows->setColumnStretch(0, 3);
    m_rows->setColumnStretch(3, 3);
}

void AnswerAbilities::show(const ConnectionTest& test)
{
    clear();
    for (const Ability& ability : test.abilities)
        add(ability);
    setVisible(!test.abilities.empty());
}

void AnswerAbilities::add(const Ability& ability)
{
    const int row = m_rows->rowCount();
    const GrantLook look = lookOf(ability.grant);
    m_rows->addWidget(label(QString::fromStdString(ability.what)), row, 0);
    auto* glyph = new QLabel;
    glyph->setPixmap(glyphPixmap(look.glyph, look.color, kSignSize));
    m_rows->addWidget(glyph, row, 1);
    auto* word = new QLabel(look.word);
    word->setProperty("role", QLatin1String(look.role));
    m_rows->addWidget(word, row, 2);
    auto* note = label(QString::fromStdString(ability.note), "secondary");
    note->setFont(Theme::instance().smallFont());
    m_rows->addWidget(note, row, 3);
}

} // namespace jetlag::ui
