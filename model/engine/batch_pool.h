#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/event/message.h"

#include <memory>
#include <mutex>
#include <vector>

namespace jetlag {

/// Batches that are filled again once nobody looks at them, so that their vectors and arenas keep their
/// room. The last owner of a batch gives it back, on any thread; the pool may be gone by then.
class BatchPool final : public std::enable_shared_from_this<BatchPool>
{
public:
    [[nodiscard]] static std::shared_ptr<BatchPool> make();
    /// A cleared batch.
    [[nodiscard]] std::shared_ptr<MessageBatch> take();

private:
    BatchPool() = default;
    void giveBack(std::unique_ptr<MessageBatch> batch) noexcept;

    std::mutex m_mutex;
    std::vector<std::unique_ptr<MessageBatch>> m_spare;
};

} // namespace jetlag
