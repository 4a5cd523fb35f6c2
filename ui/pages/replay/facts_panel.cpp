// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/replay/facts_panel.h"

#include "ui/pages/replay/form_parts.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QGridLayout>
#include <QPainter>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace jetlag::ui {

namespace {

constexpr int kSignSize = 14;

QLabel* heading(const QString& text)
{
    auto* label = new QLabel(text);
    setRole(*label, "heading");
    label->setFont(Theme::instance().smallFont());
    return label;
}

QPushButton* copyButton(QWidget* context, std::function<QString()> text)
{
    auto* button = new QPushButton(QObject::tr("Copy"));
    QObject::connect(button, &QPushButton::clicked, context,
                     [text = std::move(text)] { QApplication::clipboard()->setText(text()); });
    return button;
}

/// A sign that follows the theme.
class Sign final : public QWidget
{
public:
    Sign(Glyph glyph, bool good)
        : m_glyph(glyph)
        , m_good(good)
    {
        setFixedSize(kSignSize, kSignSize + 4);
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const double size = m_good ? kSignSize : 7;
        const QRectF where(m_good ? 0 : 3, (height() - size) / 2 + 1, size, size);
        paintGlyph(painter, m_glyph, where, m_good ? colors().good : colors().secondary);
    }

private:
    Glyph m_glyph;
    bool m_good;
};

void clear(QLayout& layout)
{
    while (QLayoutItem* item = layout.takeAt(0)) {
        if (QWidget* widget = item->widget())
            widget->deleteLater();
        if (item->layout() != nullptr)
            clear(*item->layout());
        delete item;
    }
}

void addPoint(QVBoxLayout& list, Glyph glyph, bool good, const QString& text)
{
    auto* widget = new QWidget;
    auto* row = new QHBoxLayout(widget);
    row->setContentsMargins(0, 0, 0, 0);
    auto* label = new QLabel(text);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    row->addWidget(new Sign(glyph, good), 0, Qt::AlignTop);
    row->addWidget(label, 1);
    list.addWidget(widget);
}

QString rangeWords(const DraftCheck& check)
{
    return check.first && check.last
               ? QObject::tr(", %1 to %2").arg(exact(check.first->value()), exact(check.last->value()))
               : QString();
}

} // namespace

FactsPanel::FactsPanel(QWidget* parent)
    : QWidget(parent)
    , m_resultBox(new QWidget)
    , m_resultLayout(new QBoxLayout(QBoxLayout::TopToBottom, m_resultBox))
    , m_why(fieldNote())
    , m_digestHeading(heading(tr("Digest")))
    , m_digest(new QLabel)
    , m_figures(new QGridLayout)
    , m_figuresBox(new QWidget)
    , m_promiseBox(new QWidget)
    , m_promise(new QVBoxLayout(m_promiseBox))
    , m_sentence(fieldNote())
    , m_commandBox(new QWidget)
    , m_command(new QPlainTextEdit)
{
    m_digest->setFont(Theme::instance().monoFont());
    m_digest->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_digest->setAccessibleName(tr("Digest"));
    m_copyDigest = copyButton(this, [this] { return digest(); });
    m_command->setReadOnly(true);
    m_command->setFont(Theme::instance().monoFont());
    m_command->setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    m_command->setAccessibleName(tr("The same from a shell"));
    m_command->setFixedHeight(5 * m_command->fontMetrics().lineSpacing() + 14);

    m_resultLayout->setContentsMargins(0, 0, 0, 0);
    m_resultLayout->addWidget(m_why, 1);
    auto* digestRow = new QHBoxLayout;
    digestRow->addWidget(m_digest, 1);
    digestRow->addWidget(m_copyDigest);
    m_resultLayout->addWidget(m_digestHeading);
    m_resultLayout->addLayout(digestRow);
    m_figures->setVerticalSpacing(4);
    m_figures->setContentsMargins(0, Metrics::kSpacing, 0, 0);
    m_figures->setColumnStretch(0, 1);
    m_figuresBox->setLayout(m_figures);
    m_resultLayout->addWidget(m_figuresBox);

    m_promise->setContentsMargins(0, 0, 0, 0);
    m_promise->setSpacing(6);
    auto* command = new QVBoxLayout(m_commandBox);
    command->setContentsMargins(0, 0, 0, 0);
    auto* commandHead = new QHBoxLayout;
    commandHead->addWidget(heading(tr("The same from a shell")), 1);
    commandHead->addWidget(copyButton(this, [this] { return this->command(); }));
    command->addLayout(commandHead);
    command->addWidget(m_command);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Metrics::kMargin);
    layout->addWidget(m_resultBox);
    layout->addWidget(m_sentence);
    layout->addWidget(m_promiseBox);
    layout->addWidget(m_commandBox);
    layout->addStretch();
    for (QWidget* box : {m_resultBox, m_promiseBox, m_commandBox})
        box->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    setRole(*this, "panel");
    setAttribute(Qt::WA_StyledBackground);
    m_resultBox->hide();
    m_sentence->hide();
}

void FactsPanel::showPromise(const ReplayDraft& draft, const DraftCheck& check, const SourceFacts& facts)
{
    clear(*m_promise);
    m_promise->addWidget(heading(tr("Will be read")));
    const bool isStream = draft.source == SourceKind::Stream;
    QString what;
    switch (draft.source) {
    case SourceKind::Stream:
        what = draft.stream.empty() ? tr("a stream")
                                    : shown(draft.stream) + rangeWords(check) + tr(", message by message");
        break;
    case SourceKind::Capture:
        what = draft.capture.empty() ? tr("a capture file")
                                     : shown(draft.capture.filename().string()) + rangeWords(check);
        break;
    case SourceKind::Logs:
        what = draft.logs.empty() ? tr("log files") : facts.words;
        break;
    }
    addPoint(*m_promise, Glyph::Square, false, what);
    m_promise->addSpacing(4);
    m_promise->addWidget(heading(tr("Will not be touched")));
    if (isStream) {
        addPoint(*m_promise, Glyph::Tick, true, tr("the stream: nothing published, edited or deleted"));
        addPoint(*m_promise, Glyph::Tick, true,
                 facts.collectors.size() == 1 ? tr("its collector %1: nothing acked, offsets stay")
                                                    .arg(shown(facts.collectors.front().name))
                 : facts.collectors.empty()
                     ? tr("its consumers: nothing acked, offsets stay")
                     : tr("its %1 collectors: nothing acked, offsets stay").arg(facts.collectors.size()));
        addPoint(*m_promise, Glyph::Tick, true, tr("no consumer is created, on any stream"));
        m_sentence->setText(tr(
            "The live stream and its consumers are not touched: no consumer is created, nothing is acked."));
    } else {
        addPoint(*m_promise, Glyph::Tick, true, tr("the files: they are only read"));
        addPoint(*m_promise, Glyph::Tick, true, tr("any server: none is needed, nothing is acked"));
        m_sentence->setText(tr("Files are only read; no server is needed and nothing is acked."));
    }
    m_promise->addSpacing(4);
    m_promise->addWidget(heading(tr("Will be written")));
    addPoint(*m_promise, Glyph::Square, false, tr("nothing: results stay in memory until you export them"));
}

void FactsPanel::setCommand(const QString& command)
{
    if (m_command->toPlainText() != command)
        m_command->setPlainText(command);
}

QString FactsPanel::command() const
{
    return m_command->toPlainText();
}

QString FactsPanel::digest() const
{
    return m_digest->text();
}

void FactsPanel::hideResult()
{
    m_resultBox->hide();
    m_digest->clear();
    setCompact(m_compact);
}

void FactsPanel::setCompact(bool compact)
{
    m_compact = compact;
    m_resultLayout->setDirection(compact ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
    m_promiseBox->setVisible(!compact && m_resultBox->isHidden());
    m_commandBox->setVisible(!compact);
    m_figuresBox->setVisible(!compact);
    m_sentence->setVisible(compact || !m_resultBox->isHidden());
    m_why->setWordWrap(!compact);
    m_sentence->setWordWrap(!compact);
    layout()->setSpacing(compact ? 4 : Metrics::kMargin);
    emit sizeChanged();
}

void FactsPanel::addFigure(const QString& name, const QString& value, const QString& tip)
{
    const int row = m_figures->rowCount();
    auto* words = new QLabel(name);
    setRole(*words, "secondary");
    auto* number = new QLabel(value);
    number->setAlignment(Qt::AlignRight);
    number->setTextInteractionFlags(Qt::TextSelectableByMouse);
    for (QLabel* label : {words, number}) {
        label->setToolTip(tip);
        m_figures->addWidget(label, row, label == words ? 0 : 1);
    }
}

void FactsPanel::showResult(const ReplayResult& result, const ReplayRequest& request)
{
    clear(*m_figures);
    const EngineCounters& counters = result.engine.counters;
    m_why->setText(wholenessOf(result, request));
    setRole(*m_why, result.cancelled || result.engine.partial ? "warning" : "secondary");
    m_digest->setText(QString::fromStdString(result.engine.digest.toHex()));
    m_digest->setToolTip(tr("Of the state of %1 %2 after %3; equal digests mean equal results.")
                             .arg(shown(result.analyzer))
                             .arg(result.version)
                             .arg(exact(result.engine.lastSequence.value())));
    addFigure(tr("events"), exact(counters.events()), tr("applied, quarantined and skipped"));
    addFigure(tr("messages"), exact(counters.records.messages));
    addFigure(tr("duplicates"), exact(counters.records.duplicates), tr("dropped: they were there already"));
    addFigure(tr("parked"), exact(counters.records.parked), tr("wait for a predecessor that has not come"));
    addFigure(tr("lost"), exact(counters.records.lost), tr("gaps given up on"));
    addFigure(tr("skipped"), exact(counters.skipped), tr("of another kind than the analyzer's"));
    addFigure(tr("quarantined"), exact(counters.quarantined),
              tr("could not be read; see the tab Quarantine"));
    addFigure(tr("first"), exact(result.engine.firstSequence.value()));
    addFigure(tr("last"), exact(result.engine.lastSequence.value()));
    m_resultBox->show();
    setCompact(m_compact);
}

QString wholenessOf(const ReplayResult& result, const ReplayRequest& request)
{
    const EngineResult& engine = result.engine;
    if (result.cancelled)
        return engine.counters.records.messages == 0
                   ? QObject::tr("Cancelled before anything was read.")
                   : QObject::tr("Cancelled: the result covers only %1 to %2.")
                         .arg(exact(engine.firstSequence.value()), exact(engine.lastSequence.value()));
    if (!engine.partial)
        return QObject::tr("Whole: nothing before the range is missing.");
    if (std::holds_alternative<LogReplaySource>(request.source) && !request.range.from)
        return QObject::tr("Partial: a file does not name its application.");
    return QObject::tr("Partial: what came before %1 is not in it.").arg(exact(engine.firstSequence.value()));
}

} // namespace jetlag::ui
