// SPDX-License-Identifier: Apache-2.0
#include "model/engine/engine.h"

#include "model/base/text.h"
#include "model/engine/engine_run.h"
#include "model/engine/engine_state.h"

#include <fmt/format.h>

#include <exception>
#include <new>
#include <utility>

namespace jetlag {

struct Engine::Impl
{
    EngineState state;
};

Engine::Engine(const Analyzer& analyzer, EngineOptions options)
    : m_impl(new Impl{{analyzer, std::move(options)}})
{}

Engine::~Engine() = default;

Result<void> Engine::restore(CheckpointStore& store)
{
    return m_impl->state.restore(store);
}

Result<EngineOutcome> Engine::run(EventSource& source, std::stop_token stop, CheckpointStore* store,
                                  AckSink* acks)
{
    EngineState& state = m_impl->state;
    const auto failed = [&state](std::string_view what) {
        state.lost = true;
        return Error(ErrorCode::Internal, fmt::format("processing events with the analyzer {} failed: {}",
                                                      state.analyzer.name(), what));
    };
    if (state.lost)
        return failed("its state was lost by an earlier failure");
    if (store && state.unsaved)
        return failed("events were applied without a store, a checkpoint would miss them");
    state.unsaved = store == nullptr;
    try {
        EngineRun run(state, source, std::move(stop), store, acks);
        return run.run();
    } catch (const std::bad_alloc&) {
        return failed("out of memory");
    } catch (const std::exception& exception) {
        return failed(safeForDisplay(exception.what()));
    } catch (...) {
        return failed("an unknown exception");
    }
}

EngineResult Engine::result()
{
    EngineState& state = m_impl->state;
    EngineResult result = state.latest;
    if (state.lost)
        return result;
    std::vector<std::vector<Table>> parts;
    for (unsigned i = 0; i < state.pool.size(); ++i)
        parts.push_back(state.pool.worker(i).tables());
    result.tables = state.merge(std::move(parts));
    return result;
}

EngineProgress Engine::progress() const noexcept
{
    const EngineState& state = m_impl->state;
    const SharedProgress& shared = state.progress;
    const auto relaxed = [](const std::atomic<std::uint64_t>& value) {
        return value.load(std::memory_order_relaxed);
    };
    EngineProgress progress;
    progress.messages = relaxed(shared.messages);
    progress.bytes = relaxed(shared.bytes);
    progress.quarantined = state.before.quarantined + relaxed(shared.setAside) + state.pool.quarantined();
    progress.events = progress.quarantined + state.before.applied + state.before.skipped +
                      relaxed(shared.skipped) + state.pool.applied();
    progress.sequence = StreamSequence(relaxed(shared.sequence));
    progress.checkpoint = StreamSequence(relaxed(shared.checkpoint));
    return progress;
}

std::optional<EngineResult> Engine::requestTables(std::chrono::milliseconds patience)
{
    std::optional<TableSnapshot> snapshot = m_impl->state.requests.ask(patience);
    if (!snapshot)
        return std::nullopt;
    EngineResult result = std::move(snapshot->result);
    result.tables = m_impl->state.merge(std::move(snapshot->parts));
    return result;
}

} // namespace jetlag
