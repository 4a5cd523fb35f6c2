// SPDX-License-Identifier: Apache-2.0
#include "nats/monitor/monitor_probe.h"

#include "model/base/text.h"
#include "nats/client/api_calls.h"
#include "nats/monitor/advisory_feed.h"
#include "nats/monitor/info_parser.h"
#include "nats/monitor/listing.h"
#include "nats/monitor/named_look.h"
#include "nats/monitor/refused_streams.h"
#include "nats/monitor/request_pump.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace jetlag {

namespace {

using namespace std::chrono;

// A read may have to scan a large stream, but a look must not wait for a stream that has lost its leader.
constexpr seconds kReadPatience{3};

/// JSON text of a string: filters come from outside.
std::string jsonText(std::string_view text)
{
    std::string result = "\"";
    for (char c : text) {
        if (c == '"' || c == '\\')
            result += '\\';
        if (static_cast<unsigned char>(c) < 0x20)
            fmt::format_to(std::back_inserter(result), "\\u{:04x}", static_cast<unsigned>(c));
        else
            result += c;
    }
    return result + '"';
}

Error stopped()
{
    return {ErrorCode::Cancelled, "stopped while looking at the server"};
}

} // namespace

struct MonitorProbe::Impl
{
    Impl(ReadOnlyApi& theApi, MonitorProbeOptions theOptions)
        : api(theApi)
        , options(theOptions)
        , listing(theApi, parser, {options.includeHidden, options.window, options.timeout, options.clock})
        , named(theApi, *options.clock)
        , unread(*options.clock)
        , uncounted(*options.clock)
    {}

    ReadOnlyApi& api;
    MonitorProbeOptions options;
    InfoParser parser;
    Listing listing;
    NamedLook named;
    bool isByName = false;                  ///< lists are not answered; one is read on beside the looks
    bool lacked = false;                    ///< the last list that was read beside lacked somebody
    milliseconds longestWait{0};            ///< of the last list that was answered as it should be
    std::optional<ReadRequester> requester; ///< of reads; made at the first look, kept
    std::optional<AdvisoryFeed> feed;       ///< the same
    std::string versionOf;                  ///< id of the server that `version` is of
    std::string version;                    ///< empty = unknown
    RefusedStreams unread;                  ///< messages of these may not be read
    RefusedStreams uncounted;               ///< these may not be asked for what their subjects hold

    /// Asked once of each server that one is connected to: it takes a visit of its own.
    const std::string& versionOfServer()
    {
        std::string id = api.connectedServerId();
        if (id != versionOf && !id.empty()) {
            version = api.serverInfo().version.value_or("");
            versionOf = std::move(id);
        }
        return version;
    }

    void tellRefused(ClusterSnapshot& snapshot) const
    {
        const auto tell = [&](const RefusedStreams& streams, std::string_view mayNot,
                              std::string_view unknown, const std::string& call) {
            if (std::optional<std::string> said = streams.sentence(mayNot, unknown, call))
                snapshot.problems.push_back(std::move(*said));
            std::ranges::move(streams.subjects(call), std::back_inserter(snapshot.missingPermissions));
        };
        const std::string prefix = api.profile().apiPrefix();
        tell(unread, "read messages of",
             "time lag there may be ?, and verdicts that need a message read are not given",
             prefix + ".STREAM.MSG.GET.");
        tell(uncounted, "count by subject the messages of", "whether some are stranded there is not known",
             prefix + ".STREAM.INFO.");
    }

    /// A server that is far away or busy is given more time than one that always answers at once.
    [[nodiscard]] milliseconds bearable() const
    {
        return std::clamp(3 * longestWait, options.patience, options.timeout);
    }

    /// Reads on in the list beside the looks. False when lists are answered again.
    Result<bool> isStillByName(const std::stop_token& stop)
    {
        if (listing.run(0ms, stop) != PumpEnd::AllAnswered) {
            named.add(listing.soFar());
            return true;
        }
        const bool isWhole = listing.isWhole();
        // A server that has just lost its cluster may list nobody: what drops a row is said twice.
        const bool isBelieved = isWhole && (lacked || named.knowsNoMoreThan(listing.soFar()));
        lacked = isWhole && !isBelieved;
        if (isBelieved)
            named.remember(listing.soFar());
        else
            named.add(listing.soFar());
        if (Result<void> again = listing.start(); !again)
            return std::move(again).error();
        return !isBelieved;
    }

    Result<ClusterSnapshot> lookByName(const std::stop_token& stop)
    {
        Result<ClusterSnapshot> snapshot = named.look(parser, bearable(), stop);
        if (snapshot)
            snapshot->problems.push_back(
                fmt::format("The list of streams is not answered within {} ms, as when a stream or the "
                            "cluster has no leader: "
                            "the {} streams and {} collectors that are known are asked one by one",
                            bearable().count(), snapshot->streams.size() + snapshot->missingStreams.size(),
                            snapshot->consumers.size() + snapshot->missingConsumers.size()));
        return snapshot;
    }

    /// By the list; by name while that is not answered.
    Result<ClusterSnapshot> lookAtAll(const std::stop_token& stop)
    {
        if (isByName) {
            const Result<bool> still = isStillByName(stop);
            if (!still)
                return still.error();
            isByName = *still;
        } else if (Result<void> started = listing.start(); !started) {
            return std::move(started).error();
        }
        if (isByName && named.canLook())
            return lookByName(stop);
        PumpEnd end = listing.run(named.canLook() ? bearable() : 2 * options.timeout, stop);
        const bool isUnavailable = end == PumpEnd::AllAnswered && listing.isAnsweredSo();
        if ((end == PumpEnd::Silent || isUnavailable) && named.canLook()) {
            named.add(listing.soFar());
            Result<ClusterSnapshot> snapshot = lookByName(stop);
            isByName = snapshot || snapshot.error().code() != ErrorCode::Denied;
            if (isByName)
                return !snapshot && isUnavailable ? Result<ClusterSnapshot>(*listing.failure())
                                                  : std::move(snapshot);
            end = listing.run(2 * options.timeout, stop); // who may only list waits for the list
        }
        if (end == PumpEnd::Stopped)
            return stopped();
        if (end == PumpEnd::Silent)
            return Error(ErrorCode::Timeout, "listing streams: no answer");
        if (listing.failure())
            return *listing.failure();
        if (listing.isWhole()) // one with holes was not slow: it waited for members that are gone
            longestWait = listing.longestWait();
        ClusterSnapshot snapshot = listing.take();
        named.remember(snapshot);
        return snapshot;
    }

    Result<void> ready()
    {
        if (options.advisories && !feed)
            feed.emplace(api, *options.clock);
        if (requester) {
            requester->abandon();
            return {};
        }
        Result<ReadRequester> made = api.requester({options.window, options.timeout});
        if (!made)
            return std::move(made).error();
        requester.emplace(std::move(*made));
        return {};
    }

    /// False when stopped.
    template <typename Item, typename Send, typename Done>
    bool readAll(RequestPump<Item>& pump, Send send, Done done, const std::stop_token& stop)
    {
        const PumpEnd end = pump.run(*requester, send, done, kReadPatience, stop);
        if (end == PumpEnd::Silent)
            pump.giveUp(*requester, done);
        return end != PumpEnd::Stopped;
    }

    /// STREAM.INFO first: what looks lost or never delivered then errs to the safe side.
    Result<ClusterSnapshot> lookAtOne(const ConsumerName& name, const std::stop_token& stop)
    {
        ClusterSnapshot snapshot;
        const Result<std::string> streamInfo = streamCall("STREAM.INFO", name.stream);
        const Result<std::string> consumerInfo = consumerCall("CONSUMER.INFO", name.stream, name.name);
        if (!streamInfo || !consumerInfo)
            return streamInfo ? consumerInfo.error() : streamInfo.error();
        const Result<std::string> streamText = api.request(*streamInfo, "", options.timeout, stop);
        if (!streamText)
            return streamText.error();
        Result<StreamSnapshot> stream = parser.stream(*streamText);
        if (!stream)
            return stream.error();
        const Result<std::string> consumerText = api.request(*consumerInfo, "", options.timeout, stop);
        if (consumerText) {
            Result<ConsumerSnapshot> consumer = parser.consumer(*consumerText);
            if (!consumer)
                return consumer.error();
            consumer->rawJson = *consumerText;
            snapshot.consumers.push_back(std::move(*consumer));
        } else if (consumerText.error().code() == ErrorCode::Timeout) {
            snapshot.missingConsumers.push_back(name);
        } else if (consumerText.error().code() != ErrorCode::NotFound) {
            return consumerText.error();
        }
        stream->rawJson = *streamText;
        ServerTime latest = std::max(stream->lastTime, stream->answered.value_or(ServerTime{}));
        for (const ConsumerSnapshot& consumer : snapshot.consumers)
            latest = std::max({latest, consumer.answered.value_or(ServerTime{}),
                               consumer.lastDelivered.value_or(ServerTime{}),
                               consumer.lastAcked.value_or(ServerTime{})});
        snapshot.streams.push_back(std::move(*stream));
        snapshot.at = std::max(systemClock().now(), latest);
        return snapshot;
    }
};

MonitorProbe::MonitorProbe(ReadOnlyApi& api, MonitorProbeOptions options)
    : m_impl(std::make_unique<Impl>(api, options))
{}
MonitorProbe::~MonitorProbe() = default;

Result<ClusterSnapshot> MonitorProbe::look(std::stop_token stop)
{
    if (Result<void> ready = m_impl->ready(); !ready)
        return std::move(ready).error();
    // One that is found again at once costs no look.
    (void)m_impl->api.waitUntilConnected(m_impl->options.patience, stop);
    const auto begin = steady_clock::now();
    Result<ClusterSnapshot> snapshot =
        m_impl->options.only ? m_impl->lookAtOne(*m_impl->options.only, stop) : m_impl->lookAtAll(stop);
    if (!snapshot)
        return snapshot;
    snapshot->sampled = begin;
    snapshot->took = steady_clock::now() - begin;
    snapshot->server = m_impl->api.connectedUrl();
    snapshot->serverVersion = m_impl->versionOfServer();
    m_impl->tellRefused(*snapshot);
    return snapshot;
}

std::vector<std::optional<OldestMessage>>
MonitorProbe::oldestMessages(std::span<const OldestMessageQuery> queries, std::stop_token stop)
{
    std::vector<std::optional<OldestMessage>> found(queries.size());
    if (!m_impl->ready())
        return found;
    // One get per filter; the smallest sequence of a consumer's filters counts, and only if all were
    // answered.
    struct Get
    {
        std::size_t query;
        std::string filter;
    };
    RequestPump<Get> gets;
    std::vector<bool> unknown(queries.size(), false);
    for (std::size_t i = 0; i < queries.size(); ++i) {
        if (m_impl->unread.find(queries[i].stream) != nullptr) {
            unknown[i] = true;
            continue;
        }
        if (queries[i].filters.empty())
            gets.add({i, ">"});
        for (const std::string& filter : queries[i].filters)
            gets.add({i, filter});
    }
    const auto send = [&](const Get& get) -> Result<std::uint64_t> {
        const OldestMessageQuery& query = queries[get.query];
        // Message get is answered by the leader: a direct get may come from a replica or mirror that lags.
        const Result<std::string> call = streamCall("STREAM.MSG.GET", query.stream);
        if (!call)
            return call.error();
        const Result<ReadSubject> subject = m_impl->api.subject(*call);
        if (!subject)
            return subject.error();
        return m_impl->requester->send(*subject, fmt::format(R"({{"seq":{},"next_by_subj":{}}})",
                                                             query.after.value() + 1, jsonText(get.filter)));
    };
    const auto done = [&](const Get& get, const RequestAnswer& answer) {
        if (answer.error) {
            unknown[get.query] = true;
            if (answer.error->code() == ErrorCode::Denied)
                m_impl->unread.note(queries[get.query].stream, *answer.error);
            return;
        }
        m_impl->unread.allow(queries[get.query].stream);
        std::optional<OldestMessage>& oldest = found[get.query];
        const Result<InfoParser::FoundMessage> message = m_impl->parser.message(answer.body());
        if (!message)
            unknown[get.query] = unknown[get.query] || message.error().code() != ErrorCode::NotFound;
        else if (!oldest || message->sequence < oldest->sequence)
            oldest = OldestMessage{message->sequence, message->time, message->subject, message->bytes};
    };
    if (!m_impl->readAll(gets, send, done, stop))
        return std::vector<std::optional<OldestMessage>>(queries.size());
    for (std::size_t i = 0; i < queries.size(); ++i)
        if (unknown[i])
            found[i].reset();
    return found;
}

std::vector<std::optional<std::uint64_t>> MonitorProbe::countMatching(std::span<const MatchingQuery> queries,
                                                                      std::stop_token stop)
{
    std::vector<std::optional<std::uint64_t>> found(queries.size());
    if (!m_impl->ready())
        return found;
    struct Count
    {
        std::size_t query;
        std::string filter;
    };
    RequestPump<Count> counts;
    std::vector<bool> unknown(queries.size(), false);
    for (std::size_t i = 0; i < queries.size(); ++i) {
        if (m_impl->uncounted.find(queries[i].stream) != nullptr) {
            unknown[i] = true;
            continue;
        }
        for (const std::string& filter : queries[i].filters)
            counts.add({i, filter});
    }
    const auto send = [&](const Count& count) -> Result<std::uint64_t> {
        const Result<std::string> call = streamCall("STREAM.INFO", queries[count.query].stream);
        if (!call)
            return call.error();
        const Result<ReadSubject> subject = m_impl->api.subject(*call);
        if (!subject)
            return subject.error();
        return m_impl->requester->send(*subject,
                                       fmt::format(R"({{"subjects_filter":{}}})", jsonText(count.filter)));
    };
    const auto done = [&](const Count& count, const RequestAnswer& answer) {
        const Result<std::uint64_t> messages = answer.error ? Result<std::uint64_t>(*answer.error)
                                                            : m_impl->parser.subjectMessages(answer.body());
        if (answer.error && answer.error->code() == ErrorCode::Denied)
            m_impl->uncounted.note(queries[count.query].stream, *answer.error);
        if (messages) {
            found[count.query] = found[count.query].value_or(0) + *messages;
            m_impl->uncounted.allow(queries[count.query].stream);
        } else {
            unknown[count.query] = true;
        }
    };
    if (!m_impl->readAll(counts, send, done, stop))
        return std::vector<std::optional<std::uint64_t>>(queries.size());
    for (std::size_t i = 0; i < queries.size(); ++i)
        if (unknown[i])
            found[i].reset();
    return found;
}

std::vector<std::optional<CopiedMessage>> MonitorProbe::copies(std::span<const CopyQuery> queries,
                                                               std::stop_token stop)
{
    std::vector<std::optional<CopiedMessage>> found(queries.size());
    if (!m_impl->ready())
        return found;
    RequestPump<std::size_t> gets;
    for (std::size_t i = 0; i < queries.size(); ++i) {
        if (m_impl->unread.find(queries[i].stream) == nullptr)
            gets.add(i);
    }
    const auto send = [&](std::size_t query) -> Result<std::uint64_t> {
        const Result<std::string> call = streamCall("STREAM.MSG.GET", queries[query].stream);
        if (!call)
            return call.error();
        const Result<ReadSubject> subject = m_impl->api.subject(*call);
        if (!subject)
            return subject.error();
        return m_impl->requester->send(*subject,
                                       fmt::format(R"({{"seq":{}}})", queries[query].sequence.value()));
    };
    const auto done = [&](std::size_t query, const RequestAnswer& answer) {
        if (answer.error) {
            if (answer.error->code() == ErrorCode::Denied)
                m_impl->unread.note(queries[query].stream, *answer.error);
            return;
        }
        m_impl->unread.allow(queries[query].stream);
        if (Result<InfoParser::FoundMessage> message = m_impl->parser.message(answer.body()))
            found[query] = CopiedMessage{message->time, std::move(message->origin), message->originSequence};
    };
    if (!m_impl->readAll(gets, send, done, stop))
        return std::vector<std::optional<CopiedMessage>>(queries.size());
    return found;
}

std::vector<Advisory> MonitorProbe::takeAdvisories()
{
    return m_impl->feed ? m_impl->feed->take() : std::vector<Advisory>();
}

} // namespace jetlag
