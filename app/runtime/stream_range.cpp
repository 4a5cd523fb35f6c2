// SPDX-License-Identifier: Apache-2.0
#include "app/runtime/stream_range.h"

namespace jetlag {

Result<std::unique_ptr<SequenceSource>> openStreamRange(ReadOnlyApi& reads, const std::string& stream,
                                                        const PositionRange& range,
                                                        SequenceSourceOptions options, std::stop_token stop)
{
    const Result<StreamSnapshot> snapshot = lookUpStream(reads, stream, stop);
    if (!snapshot)
        return snapshot.error();
    if (range.from) {
        if (const auto* time = std::get_if<ServerTime>(&*range.from)) {
            const Result<StreamSequence> sequence = sequenceAtTime(reads, *snapshot, *time, stop);
            if (!sequence)
                return sequence.error();
            options.from = *sequence;
        } else {
            options.from = std::get<StreamSequence>(*range.from);
        }
    }
    if (range.to) {
        if (const auto* time = std::get_if<ServerTime>(&*range.to)) {
            // Included: up to the last one before the first that is later.
            const Result<StreamSequence> behind =
                sequenceAtTime(reads, *snapshot, *time + std::chrono::nanoseconds(1), stop);
            if (!behind)
                return behind.error();
            options.to = behind->previous();
        } else {
            options.to = std::get<StreamSequence>(*range.to);
        }
    }
    return SequenceSource::open(reads, stream, std::move(options), stop);
}

} // namespace jetlag
