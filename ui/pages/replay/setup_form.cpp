// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/replay/setup_form.h"

#include "model/analyzers/registry.h"
#include "ui/pages/replay/form_parts.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/pick_box.h"
#include "ui/widgets/segments.h"

#include <QComboBox>
#include <QCompleter>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QSpinBox>
#include <QTimeZone>

namespace jetlag::ui {

namespace {

constexpr int kFieldWidth = 190;
constexpr int kMostWorkers = 64;
constexpr int kNameLength = 16; // characters; names may be 255 long

QHBoxLayout* line()
{
    auto* row = new QHBoxLayout;
    row->setSpacing(Metrics::kSpacing);
    return row;
}

void markBad(QWidget& field, const FieldWords& words)
{
    const bool bad = !words.error.isEmpty();
    if (field.property("bad").toBool() == bad)
        return;
    field.setProperty("bad", bad);
    field.setStyleSheet(field.styleSheet()); // has the style look again
}

} // namespace

SetupForm::SetupForm(QWidget* parent)
    : QWidget(parent)
    , m_startKind(new Segments({tr("First"), tr("Sequence"), tr("Time"), tr("Ack floor"), tr("Delivered")}))
    , m_startText(new QLineEdit)
    , m_of(formLabel(tr("of")))
    , m_collector(new PickBox)
    , m_startNote(fieldNote())
    , m_endKind(new Segments({tr("Last at start"), tr("Sequence"), tr("Time")}))
    , m_endText(new QLineEdit)
    , m_endNote(fieldNote())
    , m_analyzer(new PickBox)
    , m_analyzerNote(fieldNote())
    , m_workers(new QSpinBox)
    , m_speed(new QComboBox)
    , m_speedNote(fieldNote())
    , m_filter(new QLineEdit)
    , m_filterNote(fieldNote())
    , m_zoneLabel(formLabel(tr("Time zone")))
    , m_zone(new QComboBox)
    , m_zoneNote(fieldNote())
{
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(Metrics::kSpacing);
    grid->setVerticalSpacing(Metrics::kSpacing);
    grid->setColumnStretch(1, 1);
    addRangeRows(*grid);
    addAnalyzerRows(*grid);
    showFields();
}

void SetupForm::addRangeRows(QGridLayout& grid)
{
    m_of->setMinimumWidth(0);
    for (QLineEdit* field : {m_startText, m_endText})
        field->setMaximumWidth(kFieldWidth);
    m_startText->setAccessibleName(tr("Start"));
    m_endText->setAccessibleName(tr("End"));
    m_collector->setAccessibleName(tr("Collector whose position is the start"));
    m_collector->setMinimumContentsLength(kNameLength);
    m_collector->setPlaceholderText(tr("choose"));

    QHBoxLayout* from = line();
    from->addWidget(m_startKind);
    from->addWidget(m_startText);
    from->addWidget(m_of);
    from->addWidget(m_collector);
    from->addWidget(m_startNote, 1);
    grid.addWidget(formLabel(tr("From")), 0, 0);
    grid.addLayout(from, 0, 1);

    QHBoxLayout* to = line();
    to->addWidget(m_endKind);
    to->addWidget(m_endText);
    to->addWidget(m_endNote, 1);
    grid.addWidget(formLabel(tr("To")), 1, 0);
    grid.addLayout(to, 1, 1);

    const auto kindChanged = [this] {
        showFields();
        emit edited();
        if (m_startKind->current() >= static_cast<int>(StartKind::AckFloor))
            emit collectorChosen(chosenName(*m_collector));
    };
    connect(m_startKind, &Segments::chosen, this, kindChanged);
    connect(m_endKind, &Segments::chosen, this, kindChanged);
    connect(m_startText, &QLineEdit::textEdited, this, &SetupForm::edited);
    connect(m_endText, &QLineEdit::textEdited, this, &SetupForm::edited);
    connect(m_collector, &PickBox::activated, this, [this] {
        emit edited();
        emit collectorChosen(chosenName(*m_collector));
    });
}

void SetupForm::addAnalyzerRows(QGridLayout& grid)
{
    for (const Analyzer* analyzer : builtinAnalyzers())
        m_analyzer->addItem(shown(analyzer->name()),
                            QByteArray::fromStdString(std::string(analyzer->name())));
    m_analyzer->setAccessibleName(tr("Analyzer"));
    m_analyzer->setMinimumContentsLength(8);
    m_workers->setRange(1, kMostWorkers);
    m_workers->setFixedWidth(64);
    m_workers->setAccessibleName(tr("Workers"));
    m_workers->setToolTip(tr("Threads that apply events; the result is the same with any number."));
    m_speed->setEditable(true);
    m_speed->addItems({tr("max"), QStringLiteral("1"), QStringLiteral("10"), QStringLiteral("100"),
                       QStringLiteral("1000")});
    m_speed->setToolTip(tr("max: as fast as it goes; a number: that many times as fast as the events came."));
    m_speed->setAccessibleName(tr("Speed"));
    m_speed->setMaximumWidth(96);
    m_filter->setMaximumWidth(340);
    m_filter->setAccessibleName(tr("Filter"));
    m_filter->setPlaceholderText(tr("patterns such as hive.>"));
    m_zone->setEditable(true);
    m_zone->addItem(QStringLiteral("UTC"));
    for (const QByteArray& zone : QTimeZone::availableTimeZoneIds())
        m_zone->addItem(QString::fromLatin1(zone));
    m_zone->setMaximumWidth(220);
    m_zone->completer()->setCompletionMode(QCompleter::PopupCompletion); // of some six hundred
    m_zone->completer()->setFilterMode(Qt::MatchContains);
    m_zone->setAccessibleName(tr("Time zone of the log's times"));

    QHBoxLayout* analyzer = line();
    analyzer->addWidget(m_analyzer);
    analyzer->addWidget(m_analyzerNote, 1);
    analyzer->addWidget(formLabel(tr("Workers")));
    analyzer->addWidget(m_workers);
    grid.addWidget(formLabel(tr("Analyzer")), 2, 0);
    grid.addLayout(analyzer, 2, 1);

    QHBoxLayout* filter = line();
    filter->addWidget(m_filter, 1);
    filter->addWidget(m_filterNote, 1);
    filter->addWidget(m_speedNote);
    filter->addWidget(formLabel(tr("Speed")));
    filter->addWidget(m_speed);
    grid.addWidget(formLabel(tr("Filter")), 3, 0);
    grid.addLayout(filter, 3, 1);
    for (QLabel* label : findChildren<QLabel*>()) {
        if (label->text() == tr("Workers") || label->text() == tr("Speed"))
            label->setMinimumWidth(0);
    }

    QHBoxLayout* zone = line();
    zone->addWidget(m_zone);
    zone->addWidget(m_zoneNote, 1);
    grid.addWidget(m_zoneLabel, 4, 0);
    grid.addLayout(zone, 4, 1);

    connect(m_analyzer, &PickBox::activated, this, [this] {
        emit analyzerChosen();
        emit edited();
    });
    connect(m_workers, &QSpinBox::valueChanged, this, &SetupForm::edited);
    connect(m_speed, &QComboBox::currentTextChanged, this, &SetupForm::edited);
    connect(m_filter, &QLineEdit::textEdited, this, [this] {
        m_likeFilter.clear(); // the user's own words now
        emit edited();
    });
    connect(m_zone, &QComboBox::currentTextChanged, this, &SetupForm::edited);
}

void SetupForm::showFields()
{
    const auto start = static_cast<StartKind>(m_startKind->current());
    const bool ofCollector = start == StartKind::AckFloor || start == StartKind::Delivered;
    m_startText->setVisible(start == StartKind::Sequence || start == StartKind::Time);
    m_startText->setPlaceholderText(start == StartKind::Time ? tr("21:57:22 or -5m") : tr("47311905"));
    m_of->setVisible(ofCollector);
    m_collector->setVisible(ofCollector);
    const auto end = static_cast<EndKind>(m_endKind->current());
    m_endText->setVisible(end != EndKind::Last);
    m_endText->setPlaceholderText(end == EndKind::Time ? tr("22:03:34") : tr("48551904"));
}

void SetupForm::setDraft(const ReplayDraft& draft)
{
    const QSignalBlocker quiet(this);
    m_startKind->setCurrent(static_cast<int>(draft.start));
    m_startText->setText(draft.startText);
    fillNames(*m_collector, {}, draft.collector);
    m_endKind->setCurrent(static_cast<int>(draft.end));
    m_endText->setText(draft.endText);
    m_analyzer->setCurrentIndex(m_analyzer->findData(QByteArray::fromStdString(draft.analyzer)));
    m_filter->setText(draft.filter);
    m_workers->setValue(static_cast<int>(draft.workers));
    m_speed->setCurrentText(draft.speed.isEmpty() ? tr("max") : draft.speed);
    m_zone->setCurrentText(draft.timeZone.isEmpty() ? QStringLiteral("UTC") : draft.timeZone);
    m_applicationId = draft.applicationId;
    m_likeFilter = draft.likeFilter;
    m_onDemandTables = draft.onDemandTables;
    showFields();
}

void SetupForm::writeTo(ReplayDraft& draft) const
{
    draft.start = static_cast<StartKind>(m_startKind->current());
    draft.startText = m_startText->text();
    draft.collector = chosenName(*m_collector);
    draft.end = static_cast<EndKind>(m_endKind->current());
    draft.endText = m_endText->text();
    draft.analyzer = chosenName(*m_analyzer);
    draft.filter = m_filter->text();
    draft.workers = static_cast<unsigned>(m_workers->value());
    draft.speed = m_speed->currentText() == tr("max") ? QString() : m_speed->currentText();
    draft.timeZone = m_zone->currentText() == QLatin1String("UTC") ? QString() : m_zone->currentText();
    draft.applicationId = m_applicationId;
    draft.likeFilter = m_likeFilter;
    draft.onDemandTables = m_onDemandTables;
}

void SetupForm::setFacts(SourceKind source, const SourceFacts& facts)
{
    const bool isStream = source == SourceKind::Stream;
    const bool isLog = source == SourceKind::Logs;
    m_startKind->setWord(static_cast<int>(StartKind::Sequence), isLog ? tr("Record") : tr("Sequence"));
    m_endKind->setWord(static_cast<int>(EndKind::Sequence), isLog ? tr("Record") : tr("Sequence"));
    m_endKind->setWord(static_cast<int>(EndKind::Last), isStream ? tr("Last at start") : tr("Last"));
    for (const StartKind kind : {StartKind::AckFloor, StartKind::Delivered}) {
        m_startKind->setAvailable(static_cast<int>(kind), isStream);
        if (!isStream && m_startKind->current() == static_cast<int>(kind))
            m_startKind->setCurrent(static_cast<int>(StartKind::First));
    }
    std::vector<std::string> names;
    for (const CollectorPlace& place : facts.collectors)
        names.push_back(place.name);
    std::string chosen = chosenName(*m_collector);
    if (chosen.empty() && !names.empty())
        chosen = names.front();
    fillNames(*m_collector, names, isStream ? chosen : std::string());
    m_zoneLabel->setVisible(isLog);
    m_zone->setVisible(isLog);
    m_zoneNote->setVisible(isLog);
    showFields();
}

void SetupForm::showCheck(const DraftCheck& check)
{
    sayField(*m_startNote, check.start);
    markBad(*m_startText, check.start);
    sayField(*m_endNote, check.end);
    markBad(*m_endText, check.end);
    sayField(*m_analyzerNote, check.analyzer);
    sayField(*m_filterNote, check.filter);
    markBad(*m_filter, check.filter);
    sayField(*m_speedNote, check.speed);
    m_speedNote->setVisible(!check.speed.error.isEmpty());
    const QString zoneMeaning = tr("for times without a zone");
    sayField(*m_zoneNote,
             check.timeZone.error.isEmpty() ? FieldWords{.error = {}, .note = zoneMeaning} : check.timeZone);
}

void SetupForm::focusStart()
{
    QWidget* field = m_startText->isVisible() ? static_cast<QWidget*>(m_startText) : m_startKind;
    field->setFocus(Qt::ShortcutFocusReason);
}

} // namespace jetlag::ui
