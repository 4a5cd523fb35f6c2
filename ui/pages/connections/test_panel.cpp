// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/connections/test_panel.h"

#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QDesktopServices>
#include <QGridLayout>
#include <QLabel>
#include <QPainter>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTabBar>
#include <QUrl>
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

QPixmap sign(Glyph glyph, const QColor& color)
{
    constexpr int kScale = 2;
    QPixmap pixmap(kSignSize * kScale, kSignSize * kScale);
    pixmap.setDevicePixelRatio(kScale);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    paintGlyph(painter, glyph, QRectF(0, 0, kSignSize, kSignSize), color);
    return pixmap;
}

struct GrantLook
{
    Glyph glyph;
    QColor color;
    QString word;
};

GrantLook lookOf(Grant grant)
{
    const Palette& now = colors();
    switch (grant) {
    case Grant::Yes:
        return {Glyph::Disc, now.good, QObject::tr("yes")};
    case Grant::Missing:
        return {Glyph::Cross, now.bad, QObject::tr("missing")};
    case Grant::Off:
        return {Glyph::Ring, now.secondary, QObject::tr("off")};
    case Grant::Unknown:
        break;
    }
    return {Glyph::DottedRing, now.secondary, QObject::tr("unknown")};
}

void empty(QGridLayout& grid)
{
    while (QLayoutItem* item = grid.takeAt(0)) {
        delete item->widget();
        delete item;
    }
}

QWidget* box(QGridLayout*& grid, const QString& heading)
{
    auto* widget = new QWidget;
    auto* layout = new QVBoxLayout(widget);
    layout->setContentsMargins(0, Metrics::kSpacing, 0, 0);
    layout->addWidget(label(heading, "heading"));
    grid = new QGridLayout;
    grid->setHorizontalSpacing(Metrics::kSpacing);
    grid->setVerticalSpacing(6);
    layout->addLayout(grid);
    return widget;
}

} // namespace

TestPanel::TestPanel(QWidget* parent)
    : QWidget(parent)
    , m_name(label({}))
    , m_sign(new QLabel)
    , m_sentence(label({}))
    , m_factsBox(box(m_facts, tr("Test")))
    , m_abilitiesBox(box(m_abilities, tr("What this account may see")))
    , m_grantBox(new QWidget)
    , m_grantKind(new QTabBar)
    , m_grantText(new QPlainTextEdit)
    , m_test(new QPushButton(tr("Test")))
    , m_connect(new QPushButton(tr("Connect")))
    , m_copy(new QPushButton(tr("Copy")))
    , m_showFile(new QPushButton(tr("Show the file")))
{
    setProperty("role", QStringLiteral("panel"));
    setAttribute(Qt::WA_StyledBackground);
    m_name->setFont(Theme::instance().titleFont());
    m_sign->setFixedWidth(kSignSize + 4);
    m_sign->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_sign->setContentsMargins(0, 3, 0, 0);
    m_grantText->setReadOnly(true);
    m_grantText->setFont(Theme::instance().monoFont());
    m_grantText->setLineWrapMode(QPlainTextEdit::WidgetWidth);
    m_grantText->setAccessibleName(tr("What to ask the administrator for"));
    m_connect->setProperty("role", QStringLiteral("primary"));
    m_grantKind->addTab(tr("nsc"));
    m_grantKind->addTab(tr("server config"));
    m_grantKind->setDrawBase(false);

    auto* grant = new QVBoxLayout(m_grantBox);
    grant->setContentsMargins(0, Metrics::kSpacing, 0, 0);
    grant->addWidget(label(tr("The one thing to ask for"), "heading"));
    grant->addWidget(m_grantKind);
    grant->addWidget(m_grantText);
    auto* grantFoot = new QHBoxLayout;
    grantFoot->addWidget(label(tr("Grants reading only; nothing it could change."), "secondary"), 1);
    grantFoot->addWidget(m_copy);
    grant->addLayout(grantFoot);

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
    layout->addWidget(m_factsBox);
    layout->addWidget(m_abilitiesBox);
    layout->addWidget(m_grantBox);
    layout->addStretch();

    connect(m_test, &QPushButton::clicked, this, &TestPanel::testWanted);
    connect(m_connect, &QPushButton::clicked, this, &TestPanel::connectWanted);
    connect(m_showFile, &QPushButton::clicked, this,
            [this] { QDesktopServices::openUrl(QUrl::fromLocalFile(m_file)); });
    connect(m_copy, &QPushButton::clicked, this,
            [this] { QApplication::clipboard()->setText(m_grantText->toPlainText()); });
    connect(m_grantKind, &QTabBar::currentChanged, this, [this] {
        if (m_shown)
            showGrant(*m_shown);
    });
    connect(&Theme::instance(), &Theme::changed, this, [this] {
        if (m_shown)
            showResult(m_name->text(), ConnectionTest(*m_shown));
    });
    showIdle({}, {}, false);
}

void TestPanel::setConnectWords(const QString& words)
{
    m_connect->setText(words);
}

void TestPanel::clear()
{
    empty(*m_facts);
    empty(*m_abilities);
    m_shown.reset();
    m_connect->show();
    m_test->show();
    m_showFile->hide();
    m_factsBox->hide();
    m_abilitiesBox->hide();
    m_grantBox->hide();
}

void TestPanel::say(Glyph glyph, const QColor& color, const QString& sentence)
{
    m_sign->setPixmap(sign(glyph, color));
    m_sentence->setText(sentence);
}

void TestPanel::showIdle(const QString& name, const QString& environment, bool canTest)
{
    clear();
    m_name->setText(name.isEmpty()          ? tr("Nothing chosen")
                    : environment.isEmpty() ? name
                                            : tr("%1 · %2").arg(name, environment));
    say(Glyph::Ring, colors().secondary,
        canTest ? tr("Not tested. A test connects for a moment and asks for each thing that Jetlag would "
                     "read; it "
                     "changes nothing.")
                : tr("Choose a context at the left or type an address."));
    m_test->setEnabled(canTest);
    m_connect->setEnabled(canTest);
    m_test->setText(tr("Test"));
}

void TestPanel::showRunning(const QString& name)
{
    clear();
    m_name->setText(name);
    say(Glyph::DottedRing, colors().secondary, tr("Connecting and asking …"));
    m_test->setEnabled(false);
    m_connect->setEnabled(false);
}

void TestPanel::showError(const QString& name, const QString& sentence)
{
    clear();
    m_name->setText(name);
    say(Glyph::Cross, colors().bad, sentence);
    m_test->setEnabled(true);
    m_test->setText(tr("Test again"));
    m_connect->setEnabled(true);
}

void TestPanel::showBroken(const QString& name, const QString& sentence, const QString& file)
{
    clear();
    m_name->setText(name);
    say(Glyph::Cross, colors().bad, sentence);
    m_file = file;
    m_connect->hide();
    m_test->hide();
    m_showFile->show();
}

void TestPanel::showResult(const QString& name, const ConnectionTest& test)
{
    clear();
    m_shown = test;
    m_name->setText(name);
    const bool complete = std::none_of(test.abilities.begin(), test.abilities.end(),
                                       [](const Ability& one) { return one.grant == Grant::Missing; });
    say(test.server.jetStream ? Glyph::Disc : Glyph::Cross,
        test.server.jetStream ? (complete ? colors().good : colors().warning) : colors().bad,
        QString::fromStdString(testSentence(test)));
    m_test->setEnabled(true);
    m_test->setText(tr("Test again"));
    m_connect->setEnabled(true);

    addFact(tr("answered"), tr("in %1 ms by %2").arg(test.answeredIn.count()).arg(shown(test.server.url)));
    if (!test.server.cluster.empty())
        addFact(tr("cluster"), shown(test.server.cluster));
    addFact(tr("server"),
            tr("%1 · JetStream %2")
                .arg(test.server.version.empty() ? tr("version unknown") : shown(test.server.version),
                     test.server.jetStream ? tr("on") : tr("off")));
    addFact(tr("user"), test.user.empty() ? tr("none") : shown(test.user));
    addFact(tr("largest message"), bytes(static_cast<double>(test.server.maxPayload)));
    m_factsBox->show();

    for (const Ability& ability : test.abilities)
        addAbility(ability);
    m_abilitiesBox->setVisible(!test.abilities.empty());
    showGrant(test);
}

void TestPanel::addFact(const QString& what, const QString& value)
{
    const int row = m_facts->rowCount();
    m_facts->addWidget(label(what, "secondary"), row, 0);
    auto* right = label(value);
    right->setAlignment(Qt::AlignRight);
    m_facts->addWidget(right, row, 1);
    m_facts->setColumnStretch(1, 1);
}

void TestPanel::addAbility(const Ability& ability)
{
    const int row = m_abilities->rowCount();
    const GrantLook look = lookOf(ability.grant);
    m_abilities->addWidget(label(QString::fromStdString(ability.what)), row, 0);
    auto* glyph = new QLabel;
    glyph->setPixmap(sign(look.glyph, look.color));
    m_abilities->addWidget(glyph, row, 1);
    auto* word = new QLabel(look.word);
    if (ability.grant == Grant::Missing)
        word->setProperty("role", QStringLiteral("error"));
    else if (ability.grant == Grant::Yes)
        word->setProperty("role", QStringLiteral("good"));
    else
        word->setProperty("role", QStringLiteral("secondary"));
    m_abilities->addWidget(word, row, 2);
    auto* note = label(QString::fromStdString(ability.note), "secondary");
    note->setFont(Theme::instance().smallFont());
    m_abilities->addWidget(note, row, 3);
    m_abilities->setColumnStretch(0, 3);
    m_abilities->setColumnStretch(3, 3);
}

void TestPanel::showGrant(const ConnectionTest& test)
{
    const std::string text = m_grantKind->currentIndex() == 0 ? nscCommand(test) : serverPermissions(test);
    m_grantText->setPlainText(QString::fromStdString(text));
    const int lines = static_cast<int>(std::count(text.begin(), text.end(), '\n')) + 2;
    m_grantText->setFixedHeight(std::max(3, lines) * m_grantText->fontMetrics().lineSpacing() + 16);
    m_grantBox->setVisible(!text.empty());
}

} // namespace jetlag::ui
