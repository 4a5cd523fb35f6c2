// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/replay/source_picker.h"

#include "ui/pages/replay/form_parts.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/pick_box.h"
#include "ui/widgets/segments.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QMimeData>
#include <QPushButton>
#include <QStackedWidget>
#include <QUrl>

namespace jetlag::ui {

namespace {

constexpr int kNameLength = 20; // characters; names may be 255 long

QWidget* row(std::initializer_list<QWidget*> parts)
{
    auto* widget = new QWidget;
    auto* layout = new QHBoxLayout(widget);
    layout->setContentsMargins(0, 0, 0, 0);
    for (QWidget* part : parts)
        layout->addWidget(part);
    return widget;
}

std::filesystem::path pathOf(const QString& file)
{
    return QFile::encodeName(file).toStdString();
}

bool isCapture(const QString& file)
{
    return file.endsWith(QLatin1String(".jetlag"));
}

} // namespace

SourcePicker::SourcePicker(QWidget* parent)
    : QWidget(parent)
    , m_kind(new Segments({tr("Stream"), tr("Capture file"), tr("Log files")}))
    , m_details(new QStackedWidget)
    , m_stream(new PickBox)
    , m_capture(new QPushButton)
    , m_captureStream(new PickBox)
    , m_logs(new QPushButton)
    , m_note(fieldNote())
{
    m_stream->setAccessibleName(tr("Stream"));
    m_stream->setPlaceholderText(tr("choose"));
    m_captureStream->setAccessibleName(tr("Stream in the capture"));
    for (PickBox* box : {m_stream, m_captureStream})
        box->setMinimumContentsLength(kNameLength);
    m_captureStream->hide();
    m_details->addWidget(row({m_stream}));
    m_details->addWidget(row({m_capture, m_captureStream}));
    m_details->addWidget(row({m_logs}));
    m_details->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);

    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_kind);
    layout->addSpacing(Metrics::kSpacing);
    layout->addWidget(m_details);
    layout->addWidget(m_note, 1);

    connect(m_kind, &Segments::chosen, this, [this](int kind) {
        m_details->setCurrentIndex(kind);
        if (kind == 1 && m_captureFile.empty())
            askForCapture();
        else if (kind == 2 && m_logFiles.empty())
            askForLogs();
        emit sourceChanged();
    });
    connect(m_stream, &PickBox::activated, this, &SourcePicker::sourceChanged);
    connect(m_captureStream, &PickBox::activated, this, &SourcePicker::sourceChanged);
    connect(m_capture, &QPushButton::clicked, this, &SourcePicker::askForCapture);
    connect(m_logs, &QPushButton::clicked, this, &SourcePicker::askForLogs);
    showFiles();
}

void SourcePicker::setDraft(const ReplayDraft& draft)
{
    m_kind->setCurrent(static_cast<int>(draft.source));
    m_details->setCurrentIndex(static_cast<int>(draft.source));
    m_captureFile = draft.capture;
    m_logFiles = draft.logs;
    std::vector<std::string> streams;
    for (int at = 0; at < m_stream->count(); ++at)
        streams.push_back(m_stream->itemData(at).toByteArray().toStdString());
    fillNames(*m_stream, streams, draft.stream);
    fillNames(*m_captureStream, {}, draft.captureStream);
    showFiles();
}

void SourcePicker::writeTo(ReplayDraft& draft) const
{
    draft.source = static_cast<SourceKind>(m_kind->current());
    draft.stream = chosenName(*m_stream);
    draft.capture = m_captureFile;
    draft.captureStream = chosenName(*m_captureStream);
    draft.logs = m_logFiles;
}

void SourcePicker::setServer(const QString& name, const std::vector<std::string>& streams)
{
    m_kind->setWord(0, name.isEmpty() ? tr("Stream") : tr("Stream of %1").arg(name));
    fillNames(*m_stream, streams, chosenName(*m_stream));
}

void SourcePicker::setCaptureStreams(const std::vector<std::string>& streams)
{
    std::string chosen = chosenName(*m_captureStream);
    if (chosen.empty() && streams.size() > 1)
        chosen = streams.front();
    fillNames(*m_captureStream, streams, streams.size() > 1 ? chosen : std::string());
    m_captureStream->setVisible(streams.size() > 1);
}

void SourcePicker::say(const FieldWords& words)
{
    sayField(*m_note, words);
}

void SourcePicker::showFiles()
{
    m_capture->setText(m_captureFile.empty() ? tr("Choose …") : shown(m_captureFile.filename().string()));
    m_capture->setToolTip(shown(m_captureFile.string()));
    QString logs = tr("Choose …");
    if (m_logFiles.size() == 1)
        logs = shown(m_logFiles.front().filename().string());
    else if (m_logFiles.size() > 1)
        logs = tr("%1 and %2 more")
                   .arg(shown(m_logFiles.front().filename().string()))
                   .arg(m_logFiles.size() - 1);
    m_logs->setText(m_logs->fontMetrics().elidedText(logs, Qt::ElideMiddle, 320));
    QStringList paths;
    for (const std::filesystem::path& path : m_logFiles)
        paths << shown(path.string());
    m_logs->setToolTip(paths.mid(0, 30).join(QLatin1Char('\n')));
}

void SourcePicker::askForCapture()
{
    const QString file = QFileDialog::getOpenFileName(this, tr("Open a capture"), {},
                                                      tr("Captures (*.jetlag);;All files (*)"));
    if (file.isEmpty())
        return;
    m_captureFile = pathOf(file);
    fillNames(*m_captureStream, {}, {});
    showFiles();
    emit sourceChanged();
}

void SourcePicker::askForLogs()
{
    const QStringList files = QFileDialog::getOpenFileNames(this, tr("Open log files"));
    if (files.isEmpty())
        return;
    m_logFiles.clear();
    for (const QString& file : files)
        m_logFiles.push_back(pathOf(file));
    showFiles();
    emit sourceChanged();
}

bool SourcePicker::canTake(const QMimeData& dropped)
{
    const QList<QUrl> urls = dropped.urls();
    return std::any_of(urls.begin(), urls.end(), [](const QUrl& url) { return url.isLocalFile(); });
}

bool SourcePicker::take(const QMimeData& dropped)
{
    std::vector<std::filesystem::path> logs;
    std::filesystem::path capture;
    for (const QUrl& url : dropped.urls()) {
        if (!url.isLocalFile())
            continue;
        if (isCapture(url.toLocalFile()))
            capture = pathOf(url.toLocalFile());
        else
            logs.push_back(pathOf(url.toLocalFile()));
    }
    if (capture.empty() && logs.empty())
        return false;
    ReplayDraft draft;
    writeTo(draft);
    draft.source = capture.empty() ? SourceKind::Logs : SourceKind::Capture;
    if (capture.empty()) {
        draft.logs = logs;
    } else {
        draft.capture = capture;
        draft.captureStream.clear();
    }
    setDraft(draft);
    emit sourceChanged();
    return true;
}

} // namespace jetlag::ui
