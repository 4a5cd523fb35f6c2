// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/save_text.h"

#include <QFileDialog>
#include <QMessageBox>
#include <QSaveFile>

namespace jetlag::ui {

void saveText(QWidget& parent, const QString& title, const QString& fileName, const QString& text)
{
    const QString path = QFileDialog::getSaveFileName(&parent, title, fileName);
    if (path.isEmpty())
        return;
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(text.toUtf8()) < 0 || !file.commit())
        QMessageBox::warning(
            &parent, title,
            QObject::tr("%1 could not be written: %2. Choose another place.").arg(path, file.errorString()));
}

} // namespace jetlag::ui
