// SPDX-License-Identifier: Apache-2.0
#include "nats/monitor/named_look.h"

#include "nats/client/api_calls.h"
#include "nats/client/api_error.h"
#include "nats/monitor/request_pump.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace jetlag {

namespace {

// All at once: those who are silent must not keep the others waiting.
constexpr auto kWindow = static_cast<unsigned>(NamedLook::kMostNames);
// Never what ends a look: that is silence.
constexpr std::chrono::seconds kTimeout{6};

} // namespace

struct NamedLook::Asked
{
    std::string stream;
    std::string consumer; ///< empty: the stream itself
    std::chrono::steady_clock::time_point asked{};
};

void NamedLook::remember(const ClusterSnapshot& listed)
{
    if (listed.unlistedConsumersOf.empty()) {
        m_streams.clear();
        m_consumers.clear();
    }
    add(listed);
}

void NamedLook::add(const ClusterSnapshot& listed)
{
    for (const StreamSnapshot& stream : listed.streams)
        m_streams.insert(stream.name);
    m_streams.insert(listed.missingStreams.begin(), listed.missingStreams.end());
    for (const ConsumerSnapshot& consumer : listed.consumers)
        m_consumers.insert({consumer.stream, consumer.name});
    m_consumers.insert(listed.missingConsumers.begin(), listed.missingConsumers.end());
}

bool NamedLook::knowsNoMoreThan(const ClusterSnapshot& listed) const
{
    NamedLook others(m_api);
    others.add(listed);
    return std::includes(others.m_streams.begin(), others.m_streams.end(), m_streams.begin(),
                         m_streams.end()) &&
           std::includes(others.m_consumers.begin(), others.m_consumers.end(), m_consumers.begin(),
                         m_consumers.end());
}

bool NamedLook::canLook() const
{
    return m_refused.find({}) == nullptr && !m_streams.empty() &&
           m_streams.size() + m_consumers.size() <= kMostNames;
}

Result<ClusterSnapshot> NamedLook::look(InfoParser& parser, std::chrono::milliseconds bearable,
                                        const std::stop_token& stop)
{
    if (!m_requester) {
        Result<ReadRequester> made = m_api.requester({kWindow, kTimeout});
        if (!made)
            return std::move(made).error();
        m_requester.emplace(std::move(*made));
    }
    m_requester->abandon();

    ClusterSnapshot snapshot;
    std::set<std::string> silentStreams = m_streams;
    std::set<ConsumerName> silentConsumers = m_consumers;
    ServerTime latest{};
    std::optional<Error> failure; // the first one, a refusal before any other
    bool isDenied = false;

    // Streams first: what looks lost or never delivered then errs to the safe side.
    RequestPump<Asked> pump;
    for (const std::string& stream : m_streams)
        pump.add({stream, {}});
    for (const ConsumerName& consumer : m_consumers)
        pump.add({consumer.stream, consumer.name});

    const auto send = [this](Asked& asked) -> Result<std::uint64_t> {
        asked.asked = std::chrono::steady_clock::now();
        const Result<std::string> call = asked.consumer.empty()
                                             ? streamCall("STREAM.INFO", asked.stream)
                                             : consumerCall("CONSUMER.INFO", asked.stream, asked.consumer);
        if (!call)
            return call.error();
        const Result<ReadSubject> subject = m_api.subject(*call);
        return subject ? m_requester->send(*subject, "") : Result<std::uint64_t>(subject.error());
    };
    const auto done = [&](const Asked& asked, const RequestAnswer& answer) {
        if (answer.error) {
            const bool isRefusal = answer.error->code() == ErrorCode::Denied;
            if (!failure || (isRefusal && !isDenied))
                failure = answer.error;
            isDenied = isDenied || isRefusal;
            return;
        }
        // "Not found" too is only what a server without a leader believes: a list alone tells who is gone.
        if (findApiError(answer.body()))
            return;
        if (asked.consumer.empty()) {
            Result<StreamSnapshot> stream = parser.stream(answer.body());
            if (!stream)
                return;
            latest = std::max({latest, stream->lastTime, stream->answered.value_or(ServerTime{})});
            stream->askedAt = {asked.asked, std::chrono::steady_clock::now()};
            snapshot.streams.push_back(std::move(*stream));
            silentStreams.erase(asked.stream);
            return;
        }
        Result<ConsumerSnapshot> consumer = parser.consumer(answer.body());
        if (!consumer)
            return;
        latest = std::max({latest, consumer->answered.value_or(ServerTime{}),
                           consumer->lastDelivered.value_or(ServerTime{}),
                           consumer->lastAcked.value_or(ServerTime{})});
        consumer->askedAt = {asked.asked, std::chrono::steady_clock::now()};
        snapshot.consumers.push_back(std::move(*consumer));
        silentConsumers.erase({asked.stream, asked.consumer});
    };
    if (pump.run(*m_requester, send, done, bearable, stop) == PumpEnd::Stopped)
        return Error(ErrorCode::Cancelled, "stopped while looking at the server");
    m_requester->abandon();
    if (isDenied) {
        m_refused.note({}, *failure);
        return *failure;
    }
    m_refused.allow({});
    if (snapshot.streams.empty() && snapshot.consumers.empty())
        return failure.value_or(Error(
            ErrorCode::Timeout,
            fmt::format("nothing is answered within {} ms, neither the list of streams nor any "
                        "of the {} streams and collectors that are known: see whether the servers are up and "
                        "the cluster has a leader",
                        bearable.count(), m_streams.size() + m_consumers.size())));
    std::sort(snapshot.streams.begin(), snapshot.streams.end(),
              [](const StreamSnapshot& a, const StreamSnapshot& b) { return a.name < b.name; });
    std::sort(snapshot.consumers.begin(), snapshot.consumers.end(),
              [](const ConsumerSnapshot& a, const ConsumerSnapshot& b) {
                  return std::tie(a.stream, a.name) < std::tie(b.stream, b.name);
              });
    snapshot.missingStreams.assign(silentStreams.begin(), silentStreams.end());
    snapshot.missingConsumers.assign(silentConsumers.begin(), silentConsumers.end());
    snapshot.at = std::max(systemClock().now(), latest);
    return snapshot;
}

} // namespace jetlag
