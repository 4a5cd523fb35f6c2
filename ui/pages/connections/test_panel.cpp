// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/connections/test_panel.h"

#include "ui/pages/connections/answer_grids.h"
#include "ui/pages/connections/grant_box.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"

#include <QDesktopServices>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QUrl>
#include <QVBoxLayout>

#include <algorithm>

namespace jetlag::ui {

namespace {

constexpr int kSignSize = 14;

QLabel* wrapped()
{
    auto* label = new QLabel;
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    return label;
}

} // namespace

TestPanel::TestPanel(QWidget* parent)
    : QWidget(parent)
    , m_name(wrapped())
    , m_sign(new QLabel)
    , m_sentence(wrapped())
    , m_facts(new AnswerFacts)
    , m_abilities(new AnswerAbilities)
    , m_grant(new GrantBox)
    , m_test(new QPushButton(tr("Test")))
    , m_connect(new QPushButton(tr("Connect")))
    , m_showFile(new QPushButton(tr("Show the file")))
{
    setProperty("role", QStringLiteral("panel"));
    setAttribute(Qt::WA_StyledBackground);
    m_name->setFont(Theme::instance().titleFont());
    m_sign->setFixedWidth(kSignSize + 4);
    m_sign->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_sign->setContentsMargins(0, 3, 0, 0);
    m_connect->setProperty("role", QStringLiteral("primary"));

    auto* state = new QHBoxLayout;
    state->addWidget(m_sign, 0, Qt::AlignTop);
    state->addWidget(m_sentence, 1);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_connect);
    buttons->addWidget(m_test);
    buttons->addWidget(m_showFile);
    buttons->addStretch();

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, Metrics::kMargin, 16, Metrics::kMargin);
    layout->addWidget(m_name);
    layout->addLayout(state);
    layout->addLayout(buttons);
    layout->addWidget(m_facts);
    layout->addWidget(m_abilities);
    layout->addWidget(m_grant);
    layout->addStretch();

    connect(m_test, &QPushButton::clicked, this, &TestPanel::testWanted);
    connect(m_connect, &QPushButton::clicked, this, &TestPanel::connectWanted);
    connect(m_showFile, &QPushButton::clicked, this,
            [this] { QDesktopServices::openUrl(QUrl::fromLocalFile(m_file)); });
    connect(&Theme::instance(), &Theme::changed, this, [this] {
        if (m_shown)
            showResult(m_name->text(), ConnectionTest(*m_shown), m_shownAt);
    });
    showIdle({}, {}, false);
}

void TestPanel::setConnectWords(const QString& words)
{
    m_connect->setText(words);
}

void TestPanel::clear()
{
    m_facts->clear();
    m_abilities->clear();
    m_grant->clear();
    m_shown.reset();
    m_connect->show();
    m_test->show();
    m_showFile->hide();
}

void TestPanel::say(Glyph glyph, const QColor& color, const QString& sentence)
{
    m_sign->setPixmap(glyphPixmap(glyph, color, kSignSize));
    m_sentence->setText(sentence);
    emit contentChanged();
}

void TestPanel::offerTest(const QString& words, bool isPossible)
{
    m_test->setText(words);
    m_test->setEnabled(isPossible);
    m_connect->setEnabled(isPossible);
}

void TestPanel::showIdle(const QString& name, const QString& environment, bool canTest)
{
    clear();
    m_name->setText(name.isEmpty()          ? tr("Nothing chosen")
                    : environment.isEmpty() ? name
                                            : tr("%1 · %2").arg(name, environment));
    offerTest(tr("Test"), canTest);
    say(Glyph::Ring, colors().secondary,
        canTest ? tr("Not tested. A test connects for a moment and asks for each thing that Jetlag would "
                     "read; it changes nothing.")
                : tr("Choose a context or type an address."));
}

void TestPanel::showRunning(const QString& name)
{
    clear();
    m_name->setText(name);
    offerTest(tr("Test"), false);
    say(Glyph::DottedRing, colors().secondary, tr("Connecting and asking …"));
}

void TestPanel::showError(const QString& name, const QString& sentence)
{
    clear();
    m_name->setText(name);
    offerTest(tr("Test again"), true);
    say(Glyph::Cross, colors().bad, sentence);
}

void TestPanel::showBroken(const QString& name, const QString& sentence, const QString& file)
{
    clear();
    m_name->setText(name);
    m_file = file;
    m_connect->hide();
    m_test->hide();
    m_showFile->show();
    say(Glyph::Cross, colors().bad, sentence);
}

void TestPanel::showResult(const QString& name, const ConnectionTest& test, ServerTime at)
{
    clear();
    m_shown = test;
    m_shownAt = at;
    m_name->setText(name);
    offerTest(tr("Test again"), true);
    m_facts->show(test);
    m_abilities->show(test);
    m_grant->show(test);
    const bool complete = std::none_of(test.abilities.begin(), test.abilities.end(),
                                       [](const Ability& one) { return one.grant == Grant::Missing; });
    say(test.server.jetStream ? Glyph::Disc : Glyph::Cross,
        test.server.jetStream ? (complete ? colors().good : colors().warning) : colors().bad,
        tr("%1 Asked at %2.").arg(QString::fromStdString(testSentence(test)), clockTime(at)));
}

} // namespace jetlag::ui
