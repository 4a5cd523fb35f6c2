// SPDX-License-Identifier: Apache-2.0
#include "model/base/thread_name.h"

#include <pthread.h>

namespace jetlag {

void setCurrentThreadName(const std::string& name) noexcept
{
    constexpr std::size_t kKept = 15;
    char kept[kKept + 1] = {};
    name.copy(kept, kKept);
    pthread_setname_np(pthread_self(), kept);
}

} // namespace jetlag
