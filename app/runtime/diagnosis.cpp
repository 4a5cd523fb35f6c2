// SPDX-License-Identifier: Apache-2.0
#include "app/runtime/diagnosis.h"

#include "model/base/text.h"
#include "model/verdict/slower_poll.h"
#include "nats/monitor/sample_line.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace jetlag {

JobPtr<std::uint64_t> RealDiagnosisService::judge(SamplesRequest request,
                                                  std::function<void(const JudgedSample&)> each)
{
    return m_runner.start<std::uint64_t>([request = std::move(request), each = std::move(each)](
                                             Job<std::uint64_t>& job) -> Result<std::uint64_t> {
        const std::string name = safeForDisplay(request.file.string());
        std::ifstream file(request.file);
        if (!file || std::filesystem::is_directory(request.file))
            return Error(ErrorCode::NotFound,
                         fmt::format("cannot read the samples {}: is it a file that you may read?", name));
        SampleLineReader reader;
        SlowerPoll poll(request.every);
        VerdictJudge judge;
        std::string line;
        std::uint64_t used = 0;
        for (std::uint64_t number = 0; std::getline(file, line) && !job.isCancelled(); ++number) {
            if (line.empty())
                continue;
            Result<VerdictSample> sample = reader.read(line);
            if (!sample)
                return sample.error().whileDoing(fmt::format("{}, line {}", name, number + 1));
            std::optional<VerdictSample> seen = poll.take(std::move(*sample));
            if (!seen)
                continue;
            const double at = seen->at;
            each({.at = at, .judgement = judge.add(std::move(*seen))});
            ++used;
            job.setProgress({.done = used, .unit = "samples", .words = "judging"});
        }
        return used;
    });
}

} // namespace jetlag
