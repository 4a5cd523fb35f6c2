#pragma once

// SPDX-License-Identifier: Apache-2.0

class QWidget;

namespace jetlag::ui {

struct PlotScene;

/// Opens a window of its own with the plot's numbers as they are now; it closes itself.
void showPlotTable(const PlotScene& scene, QWidget* parent);

} // namespace jetlag::ui
