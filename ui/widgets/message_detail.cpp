// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/message_detail.h"

#include "model/base/text.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/byte_text.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/json_ink.h"
#include "ui/widgets/parts.h"
#include "ui/widgets/segments.h"
#include "ui/widgets/shell_word.h"
#include "ui/widgets/state_panel.h"

#include <QApplication>
#include <QClipboard>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSaveFile>
#include <QSettings>
#include <QStackedWidget>
#include <QStyle>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace jetlag::ui {

namespace {

constexpr std::size_t kShownBytes = 256 * 1024; // of a body: beyond it a text view only waits
constexpr std::size_t kHexBytes = 64 * 1024;

void setRoleOf(QLabel& label, const QString& role)
{
    if (label.property("role").toString() == role)
        return;
    label.setProperty("role", role);
    label.style()->unpolish(&label);
    label.style()->polish(&label);
}

QString headerLines(const StoredMessage& message)
{
    QStringList lines;
    for (const auto& [name, value] : message.headers)
        lines << shown(name) + QStringLiteral(": ") + shown(value);
    return lines.isEmpty() ? QObject::tr("It has no headers.") : lines.join(QLatin1Char('\n'));
}

} // namespace

MessageDetail::MessageDetail(QWidget* parent)
    : QWidget(parent)
    , m_body(new QStackedWidget)
    , m_state(new StatePanel)
    , m_title(titleLabel())
    , m_status(new QLabel)
    , m_subject(new ElidedLabel)
    , m_facts(barLabel())
    , m_forms(new Segments({tr("JSON"), tr("Text"), tr("Hex"), tr("Headers")}))
    , m_note(barLabel())
    , m_text(new QPlainTextEdit)
    , m_ink(new JsonInk(m_text->document()))
{
    m_body->addWidget(content());
    m_body->addWidget(m_state);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_body);
    connect(m_forms, &Segments::chosen, this, &MessageDetail::chooseForm);
    connect(&Theme::instance(), &Theme::changed, m_ink, &QSyntaxHighlighter::rehighlight);
    say({}, tr("Choose a message."));
}

QWidget* MessageDetail::content()
{
    m_status->setTextFormat(Qt::PlainText);
    m_subject->setProperty("role", QStringLiteral("secondary"));
    m_text->setReadOnly(true);
    m_text->setFont(Theme::instance().monoFont());
    m_text->setAccessibleName(tr("Body of the message"));
    m_text->installEventFilter(this);
    m_text->setLineWrapMode(QPlainTextEdit::WidgetWidth);
    m_text->setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);

    auto* replay = new QPushButton(tr("Replay from here"));
    replay->setProperty("role", QStringLiteral("primary"));
    auto* copy = new QToolButton;
    copy->setText(tr("Copy"));
    copy->setIcon(glyphIcon(Glyph::ChevronDown));
    copy->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    copy->setLayoutDirection(Qt::RightToLeft);
    copy->setPopupMode(QToolButton::InstantPopup);
    auto* menu = new QMenu(copy);
    copy->setMenu(menu);
    auto* save = new QPushButton(tr("Save bytes …"));

    auto* part = new QWidget;
    auto* column = new QVBoxLayout(part);
    column->setContentsMargins(Metrics::kMargin, Metrics::kMargin, Metrics::kMargin, Metrics::kMargin);
    auto* head = new QHBoxLayout;
    head->addWidget(m_title);
    head->addStretch();
    head->addWidget(m_status);
    column->addLayout(head);
    column->addWidget(m_subject);
    column->addWidget(m_facts);
    auto* forms = new QHBoxLayout;
    forms->addWidget(m_forms);
    forms->addStretch();
    forms->addWidget(m_note);
    column->addLayout(forms);
    column->addWidget(m_text, 1);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(replay);
    buttons->addWidget(copy);
    buttons->addWidget(save);
    buttons->addStretch();
    column->addLayout(buttons);

    connect(replay, &QPushButton::clicked, this, &MessageDetail::replayWanted);
    connect(save, &QPushButton::clicked, this, &MessageDetail::saveBytes);
    connect(menu, &QMenu::aboutToShow, this, [this, menu] {
        menu->clear();
        fillCopyMenu(*menu);
    });
    return part;
}

void MessageDetail::say(const QString& title, const QString& sentence)
{
    m_message.reset();
    m_state->say(title, sentence);
    m_body->setCurrentIndex(1);
}

void MessageDetail::setStatus(const QString& status, const QString& role)
{
    m_status->setText(status);
    setRoleOf(*m_status, role);
}

void MessageDetail::showMessage(const std::string& stream, StoredMessage message, const QString& status,
                                const QString& role)
{
    const bool isSame = m_message && m_stream == stream && m_message->sequence == message.sequence;
    m_stream = stream;
    setStatus(status, role);
    m_body->setCurrentIndex(0);
    if (isSame && m_message->payload.size() == message.payload.size())
        return; // where somebody reads, nothing moves
    m_message = std::move(message);
    m_title->setText(exact(m_message->sequence.value()));
    m_subject->setText(shown(m_message->subject));
    m_facts->setText(tr("%1 · %2 bytes").arg(detailTime(m_message->time), exact(m_message->bytes)));
    m_json = m_message->payload.size() <= kShownBytes ? prettyJson(m_message->payload) : std::nullopt;
    m_forms->setAvailable(Json, m_json.has_value());
    m_forms->setWord(Headers, m_message->headers.empty() ? tr("Headers")
                                                         : tr("Headers %1").arg(m_message->headers.size()));
    int form = QSettings().value(settingsKey(), Json).toInt();
    if (form < Json || form > Headers || (form == Json && !m_json))
        form = Text;
    m_forms->setCurrent(form);
    showForm();
}

void MessageDetail::chooseForm(int form)
{
    QSettings().setValue(settingsKey(), form);
    showForm();
}

void MessageDetail::showForm()
{
    if (!m_message)
        return;
    const std::string_view body = m_message->payload;
    const auto form = static_cast<Form>(m_forms->current());
    std::size_t most = body.size();
    m_ink->setJson(form == Json);
    switch (form) {
    case Json:
        m_text->setPlainText(m_json.value_or(QString()));
        break;
    case Text:
        most = std::min(most, kShownBytes);
        m_text->setPlainText(byteText(body.substr(0, most)));
        break;
    case Hex:
        most = std::min(most, kHexBytes);
        m_hexBytes = hexBytesPerLine();
        m_text->setPlainText(hexDump(body.substr(0, most), m_hexBytes));
        break;
    case Headers:
        m_text->setPlainText(headerLines(*m_message));
        break;
    }
    const bool isCut = form != Headers && most < m_message->bytes;
    m_note->setText(isCut ? tr("the first %1").arg(bytes(static_cast<double>(most)))
                    : m_message->bytes == 0 && form != Headers ? tr("an empty body")
                                                               : QString());
}

// A line that wraps is no dump any more. Room for the scroll bar is kept, whether it is there or not, so that
// it does not change the width that decides about it.
std::size_t MessageDetail::hexBytesPerLine() const
{
    const int margin = static_cast<int>(m_text->document()->documentMargin()) + m_text->frameWidth();
    const int room = m_text->width() - 2 * margin - m_text->style()->pixelMetric(QStyle::PM_ScrollBarExtent);
    return hexBytesThatFit(room / std::max(1, m_text->fontMetrics().horizontalAdvance(QLatin1Char('0'))));
}

bool MessageDetail::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Resize && m_message && m_forms->current() == Hex &&
        hexBytesPerLine() != m_hexBytes)
        showForm();
    return QWidget::eventFilter(watched, event);
}

void MessageDetail::setMarked(const QString& text)
{
    m_ink->setMarked(text);
}

QString MessageDetail::bodyText() const
{
    return m_message ? m_text->toPlainText() : QString();
}

void MessageDetail::fillCopyMenu(QMenu& menu)
{
    if (!m_message)
        return;
    const auto add = [&](const QString& words, const QString& text) {
        connect(menu.addAction(words), &QAction::triggered, this, [this, words, text] {
            QApplication::clipboard()->setText(text);
            emit done(tr("Copied: %1").arg(words));
        });
    };
    add(tr("What is shown"), m_text->toPlainText());
    add(tr("Sequence"), QString::number(m_message->sequence.value()));
    add(tr("Subject"),
        QString::fromUtf8(m_message->subject.data(), static_cast<qsizetype>(m_message->subject.size())));
    add(tr("Headers"), headerLines(*m_message));
    add(tr("nats command"), natsGetCommand(m_stream, m_message->sequence));
}

void MessageDetail::saveBytes()
{
    if (!m_message)
        return;
    const QString name = QStringLiteral("%1.bin").arg(m_message->sequence.value());
    const QString file = QFileDialog::getSaveFileName(this, tr("Save bytes"), name);
    if (file.isEmpty())
        return;
    QSaveFile out(file);
    const auto size = static_cast<qint64>(m_message->payload.size());
    const bool isWritten =
        out.open(QIODevice::WriteOnly) && out.write(m_message->payload.data(), size) == size && out.commit();
    emit done(isWritten ? tr("Saved %1 bytes").arg(size)
                        : tr("Could not write %1: %2").arg(file, out.errorString()));
}

QString MessageDetail::settingsKey() const
{
    return QStringLiteral("messages/form/%1").arg(QString::fromStdString(percentEncode(m_stream, "_.-")));
}

QString natsGetCommand(const std::string& stream, StreamSequence sequence)
{
    return QStringLiteral("nats stream get %1%2 %3")
        .arg(stream.starts_with('-') ? QStringLiteral("-- ") : QString(), shellWord(stream))
        .arg(sequence.value());
}

} // namespace jetlag::ui
