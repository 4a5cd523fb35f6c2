// SPDX-License-Identifier: Apache-2.0
#include "model/base/log.h"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdlib>

namespace jetlag {

spdlog::logger& log()
{
    static const std::shared_ptr<spdlog::logger> logger = [] {
        auto made = std::make_shared<spdlog::logger>("jetlag",
                                                     std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
        const char* wanted = std::getenv("JETLAG_LOG");
        made->set_level(wanted ? spdlog::level::from_str(wanted) : spdlog::level::warn);
        made->set_pattern("%Y-%m-%dT%H:%M:%S.%e %^%l%$ %v");
        return made;
    }();
    return *logger;
}

} // namespace jetlag
