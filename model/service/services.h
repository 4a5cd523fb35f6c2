#pragma once

// SPDX-License-Identifier: Apache-2.0

namespace jetlag {

class CaptureService;
class ConnectionService;
class DemoService;
class DiagnosisService;
class EventsService;
class HistoryService;
class LocalServerService;
class PipelineService;
class ReplayService;

/// All that the window and the command line see of the program below them. app/runtime makes the real
/// ones, tests hand in fakes.
struct Services
{
    ConnectionService& connections;
    ReplayService& replays;
    CaptureService& captures;
    EventsService& events;
    PipelineService& pipeline;
    LocalServerService& localServers;
    DemoService& demos;
    DiagnosisService& diagnosis;
    HistoryService& history;
};

} // namespace jetlag
