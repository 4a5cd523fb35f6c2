// SPDX-License-Identifier: Apache-2.0
#include "app/gui/screenshot.h"

#include <QApplication>
#include <QPixmap>
#include <QTimer>
#include <QWidget>

#include <cstdio>

namespace jetlag {

void takeScreenshotLater(QWidget& window, const QString& file, double seconds)
{
    constexpr int kCouldNot = 3;
    QTimer::singleShot(static_cast<int>(seconds * 1000), &window, [&window, file] {
        const bool written = window.grab().save(file);
        if (!written)
            std::fprintf(stderr, "error: cannot write the picture %s; is the folder there, is it a .png?\n",
                         qPrintable(file));
        QApplication::exit(written ? 0 : kCouldNot);
    });
}

} // namespace jetlag
