// SPDX-License-Identifier: Apache-2.0
#include "app/runtime/runtime.h"

#include "app/runtime/captures.h"
#include "app/runtime/connections.h"
#include "app/runtime/demo/demo.h"
#include "app/runtime/diagnosis.h"
#include "app/runtime/events.h"
#include "app/runtime/history.h"
#include "app/runtime/local_servers.h"
#include "app/runtime/pipelines.h"
#include "app/runtime/replays.h"

namespace jetlag {

struct Runtime::Impl
{
    RealLocalServerService localServers;
    // Jobs hold what they work on by themselves; the runner goes after the services that start them.
    JobRunner runner;
    RealConnectionService connections{runner};
    RealReplayService replays{runner};
    RealCaptureService captures{runner};
    RealEventsService events{runner};
    RealPipelineService pipeline{runner};
    RealDemoService demos{localServers, connections};
    RealDiagnosisService diagnosis{runner};
    RealHistoryService history;
};

Runtime::Runtime()
    : m_impl(std::make_unique<Impl>())
{}
Runtime::~Runtime() = default;

Services Runtime::services()
{
    return {.connections = m_impl->connections,
            .replays = m_impl->replays,
            .captures = m_impl->captures,
            .events = m_impl->events,
            .pipeline = m_impl->pipeline,
            .localServers = m_impl->localServers,
            .demos = m_impl->demos,
            .diagnosis = m_impl->diagnosis,
            .history = m_impl->history};
}

} // namespace jetlag
