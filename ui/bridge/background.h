#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QThreadPool>

#include <functional>
#include <memory>
#include <utility>

namespace jetlag::ui {

/// Runs blocking work off the UI thread; its answer comes back by a LatestValue. The pool is waited for when
/// the program ends.
inline void inBackground(std::function<void()> work)
{
    QThreadPool::globalInstance()->start(std::move(work));
}

/// Lets go of something whose destructor joins threads or waits for a server.
template <typename Value>
void releaseInBackground(Value value)
{
    auto held = std::make_shared<Value>(std::move(value));
    inBackground([held = std::move(held)]() mutable { held.reset(); });
}

} // namespace jetlag::ui
