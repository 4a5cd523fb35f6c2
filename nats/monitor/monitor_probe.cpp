// SPDX-License-Identifier: Apache-2.0
#include "nats/monitor/monitor_probe.h"

#include "model/base/text.h"
#include "model/cluster/visibility.h"
#include "nats/client/api_calls.h"
#include "nats/monitor/advisory_feed.h"
#include "nats/monitor/info_parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>
#include <numeric>
#include <set>
#include <tuple>
#include <unordered_map>

namespace jetlag {

namespace {

using namespace std::chrono;

// How long next() may sleep before the stop token is looked at is up to the requester; this is only a bound
// for a wait in which nothing can come any more.
constexpr milliseconds kWaitStep{1'000};

// What an account may not read is asked again so rarely: each refusal is a line in the server's log.
constexpr minutes kAskRefusedAgain{1};

// nats.c wakes a thread for each message that is given back while that thread waits, so answers are kept and
// go together: so many at once, which are a few megabytes.
constexpr std::size_t kAnswersKept = 256;

// Room made ahead for rows; a server's word for how many come is not believed beyond it.
constexpr std::size_t kMostReserved = 20'000;

/// Sorts by `less` and drops what comes twice (two pages overlap when something was deleted in between).
/// Rows are large, so nothing moves where they came in order, as most do; else indices are sorted and each
/// row moves once.
template <typename Row, typename Less>
void sortAndDedupe(std::vector<Row>& rows, Less less)
{
    const auto outOfOrder = [&](const Row& a, const Row& b) { return !less(a, b); };
    if (std::adjacent_find(rows.begin(), rows.end(), outOfOrder) == rows.end())
        return;
    std::vector<std::uint32_t> order(rows.size());
    std::iota(order.begin(), order.end(), 0u);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return less(rows[a], rows[b]); });
    std::vector<Row> sorted;
    sorted.reserve(rows.size());
    for (std::uint32_t index : order)
        if (sorted.empty() || less(sorted.back(), rows[index]))
            sorted.push_back(std::move(rows[index]));
    rows = std::move(sorted);
}

/// Troubles of many requests in few sentences: the same words are said once, with how many they concern.
class ProblemList final
{
public:
    void add(const Error& error, std::string_view about)
    {
        auto& [count, first] = m_problems[error.code()];
        if (count++ == 0)
            first = fmt::format("{}: {}", about, error.message());
    }

    [[nodiscard]] std::vector<std::string> sentences() const
    {
        std::vector<std::string> list;
        for (const auto& [code, problem] : m_problems)
            list.push_back(problem.first == 1 ? problem.second
                                              : fmt::format("{} (and {} more like this)", problem.second,
                                                            problem.first - 1));
        return list;
    }

private:
    std::map<ErrorCode, std::pair<std::uint64_t, std::string>> m_problems;
};

std::string offsetBody(std::uint64_t offset)
{
    return fmt::format(R"({{"offset":{}}})", offset);
}

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

struct PageRequest
{
    std::string stream; ///< empty: STREAM.LIST
    std::uint64_t offset = 0;
    steady_clock::time_point asked{}; // when it was sent
};

} // namespace

struct MonitorProbe::Impl
{
    Impl(ReadOnlyApi& theApi, MonitorProbeOptions theOptions)
        : api(theApi)
        , options(theOptions)
    {}

    ReadOnlyApi& api;
    MonitorProbeOptions options;
    std::optional<ReadRequester> requester;                  // made at the first look, kept
    std::optional<AdvisoryFeed> feed;                        // the same
    std::map<std::string, steady_clock::time_point> refused; // streams whose messages may not be read

    [[nodiscard]] bool isRefused(const std::string& stream) const
    {
        const auto found = refused.find(stream);
        return found != refused.end() && steady_clock::now() - found->second < kAskRefusedAgain;
    }

    /// In one sentence for all streams: what is missing, and what to ask for.
    void tellRefused(ClusterSnapshot& snapshot) const
    {
        if (refused.empty())
            return;
        const std::string first = api.profile().apiPrefix() + ".STREAM.MSG.GET." + refused.begin()->first;
        snapshot.problems.push_back(fmt::format(
            "Time lag, and verdicts that take a read, are missing for some collectors of {}{}: this account "
            "may "
            "not read messages. Ask for permission to publish to {}",
            safeForDisplay(refused.begin()->first),
            refused.size() == 1 ? std::string() : fmt::format(" and {} more streams", refused.size() - 1),
            safeForDisplay(first)));
    }
    InfoParser parser;

    Result<void> ready()
    {
        if (options.advisories && !feed)
            feed.emplace(api);
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

    /// Keeps the window full with `todo`, to which `done` may add, until all is answered. `send(item)` gives
    /// the request's id; `done(item, answer)` is called once for each, also for what could not be sent. False
    /// when stopped.
    template <typename Item, typename Send, typename Done>
    bool pump(std::deque<Item>& todo, const std::stop_token& stop, Send send, Done done)
    {
        std::vector<MessageHandle> answered;
        std::unordered_map<std::uint64_t, Item> inFlight;
        while (!todo.empty() || !inFlight.empty()) {
            if (stop.stop_requested())
                return false;
            while (!todo.empty() && requester->hasRoom()) {
                Item item = std::move(todo.front());
                todo.pop_front();
                const Result<std::uint64_t> id = send(item);
                if (id)
                    inFlight.emplace(*id, std::move(item));
                else
                    done(item, RequestAnswer{0, nullptr, id.error()});
            }
            if (inFlight.empty())
                continue;
            std::optional<RequestAnswer> answer = requester->next(kWaitStep, stop);
            const auto asked = answer ? inFlight.find(answer->id) : inFlight.end();
            if (asked == inFlight.end())
                continue;
            const Item item = std::move(asked->second);
            inFlight.erase(asked);
            done(item, *answer);
            if (answered.size() >= kAnswersKept)
                answered.clear();
            answered.push_back(std::move(answer->message));
        }
        return true;
    }

    /// STREAM.INFO first: what looks lost or never delivered then errs to the safe side.
    Result<ClusterSnapshot> lookAtOne(const ConsumerName& name, const std::stop_token& stop)
    {
        ClusterSnapshot snapshot;
        snapshot.sampled = steady_clock::now();
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
        snapshot.took = steady_clock::now() - snapshot.sampled;
        snapshot.at = std::max(systemClock().now(), latest);
        snapshot.server = api.connectedUrl();
        return snapshot;
    }

    Result<std::uint64_t> send(PageRequest& page)
    {
        page.asked = steady_clock::now();
        const Result<std::string> call = page.stream.empty() ? Result<std::string>(std::string("STREAM.LIST"))
                                                             : streamCall("CONSUMER.LIST", page.stream);
        if (!call)
            return call.error();
        const Result<ReadSubject> subject = api.subject(*call);
        if (!subject)
            return subject.error();
        return requester->send(*subject, offsetBody(page.offset));
    }
};

namespace {

/// One look under way: what is still to be asked, what has come.
class Look final
{
public:
    Look(InfoParser& parser, bool includeHidden)
        : m_parser(parser)
        , m_includeHidden(includeHidden)
    {
        m_todo.push_back({});
    }

    [[nodiscard]] std::deque<PageRequest>& todo() { return m_todo; }

    void answered(const PageRequest& page, std::string_view body)
    {
        if (page.stream.empty())
            streamsCame(page, body);
        else
            consumersCame(page, body);
    }

    void failed(const PageRequest& page, const Error& error)
    {
        if (page.stream.empty()) {
            // Without the first page nothing is known.
            if (page.offset == 0)
                m_failure = error.whileDoing("listing streams");
            else
                m_problems.add(error, "listing further streams");
            return;
        }
        m_problems.add(error, fmt::format("listing the consumers of {}", safeForDisplay(page.stream)));
        m_snapshot.unlistedConsumersOf.push_back(page.stream);
    }

    [[nodiscard]] const std::optional<Error>& failure() const { return m_failure; }

    [[nodiscard]] ClusterSnapshot finish()
    {
        sortAndDedupe(m_snapshot.streams,
                      [](const StreamSnapshot& a, const StreamSnapshot& b) { return a.name < b.name; });
        sortAndDedupe(m_snapshot.consumers, [](const ConsumerSnapshot& a, const ConsumerSnapshot& b) {
            return std::tie(a.stream, a.name) < std::tie(b.stream, b.name);
        });
        m_snapshot.problems = m_problems.sentences();
        const ServerTime local = systemClock().now();
        // A server's clock may be ahead of ours; what it has dated already lies in its past.
        m_snapshot.at = std::max(local, m_latest);
        return std::move(m_snapshot);
    }

private:
    void streamsCame(const PageRequest& page, std::string_view body)
    {
        Result<StreamPage> parsed = m_parser.streamList(body);
        if (!parsed)
            return failed(page, parsed.error());
        if (parsed->error)
            return failed(page, parsed->error->toError());
        m_latest = std::max(m_latest, parsed->latest);
        for (std::uint64_t offset : m_streamPages.afterPage(parsed->page))
            m_todo.push_back({{}, offset});
        for (std::string& name : parsed->missing)
            m_snapshot.missingStreams.push_back(std::move(name));
        std::size_t coming = m_snapshot.consumers.size();
        const AskedAt askedAt{page.asked, steady_clock::now()};
        for (StreamSnapshot& stream : parsed->streams) {
            stream.askedAt = askedAt;
            coming += std::min<std::size_t>(stream.consumerCount, kMostReserved);
            const bool wanted = stream.consumerCount > 0 && (m_includeHidden || !isHiddenByDefault(stream));
            if (wanted && m_listed.insert(stream.name).second)
                m_todo.push_back({stream.name, 0});
            m_snapshot.streams.push_back(std::move(stream));
        }
        m_snapshot.consumers.reserve(std::min(coming, kMostReserved));
    }

    void consumersCame(const PageRequest& page, std::string_view body)
    {
        const std::size_t before = m_snapshot.consumers.size();
        Result<ConsumerPage> parsed = m_parser.consumerList(body, m_snapshot.consumers);
        const AskedAt askedAt{page.asked, steady_clock::now()};
        for (std::size_t i = before; i < m_snapshot.consumers.size(); ++i)
            m_snapshot.consumers[i].askedAt = askedAt;
        if (!parsed)
            return failed(page, parsed.error());
        if (parsed->error) {
            // Deleted between the two lists: then it has no consumers either.
            if (parsed->error->errCode != kApiStreamNotFound)
                failed(page, parsed->error->toError());
            return;
        }
        m_latest = std::max(m_latest, parsed->latest);
        for (std::uint64_t offset : m_consumerPages[page.stream].afterPage(parsed->page))
            m_todo.push_back({page.stream, offset});
        for (std::string& name : parsed->missing)
            m_snapshot.missingConsumers.push_back({page.stream, std::move(name)});
    }

    InfoParser& m_parser;
    const bool m_includeHidden;
    std::deque<PageRequest> m_todo;
    ListPages m_streamPages;
    std::unordered_map<std::string, ListPages> m_consumerPages;
    std::set<std::string> m_listed;
    ClusterSnapshot m_snapshot;
    ProblemList m_problems;
    std::optional<Error> m_failure;
    ServerTime m_latest{};
};

Error stopped()
{
    return {ErrorCode::Cancelled, "stopped while looking at the server"};
}

} // namespace

MonitorProbe::MonitorProbe(ReadOnlyApi& api, MonitorProbeOptions options)
    : m_impl(std::make_unique<Impl>(api, options))
{}
MonitorProbe::~MonitorProbe() = default;

Result<ClusterSnapshot> MonitorProbe::look(std::stop_token stop)
{
    if (Result<void> ready = m_impl->ready(); !ready)
        return std::move(ready).error();
    const auto begin = steady_clock::now();
    if (m_impl->options.only) {
        Result<ClusterSnapshot> one = m_impl->lookAtOne(*m_impl->options.only, stop);
        if (one)
            m_impl->tellRefused(*one);
        return one;
    }
    Look look(m_impl->parser, m_impl->options.includeHidden);
    const auto done = [&look](const PageRequest& page, const RequestAnswer& answer) {
        if (answer.error)
            look.failed(page, *answer.error);
        else
            look.answered(page, answer.body());
    };
    const auto send = [this](PageRequest& page) { return m_impl->send(page); };
    if (!m_impl->pump(look.todo(), stop, send, done))
        return stopped();
    if (look.failure())
        return *look.failure();
    ClusterSnapshot snapshot = look.finish();
    snapshot.sampled = begin;
    snapshot.took = steady_clock::now() - begin;
    snapshot.server = m_impl->api.connectedUrl();
    m_impl->tellRefused(snapshot);
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
    std::deque<Get> todo;
    std::vector<bool> unknown(queries.size(), false);
    for (std::size_t i = 0; i < queries.size(); ++i) {
        if (m_impl->isRefused(queries[i].stream)) {
            unknown[i] = true;
            continue;
        }
        if (queries[i].filters.empty())
            todo.push_back({i, ">"});
        for (const std::string& filter : queries[i].filters)
            todo.push_back({i, filter});
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
                m_impl->refused[queries[get.query].stream] = steady_clock::now();
            return;
        }
        m_impl->refused.erase(queries[get.query].stream);
        std::optional<OldestMessage>& oldest = found[get.query];
        const Result<InfoParser::FoundMessage> message = m_impl->parser.message(answer.body());
        if (!message)
            unknown[get.query] = unknown[get.query] || message.error().code() != ErrorCode::NotFound;
        else if (!oldest || message->sequence < oldest->sequence)
            oldest = OldestMessage{message->sequence, message->time, message->subject, message->bytes};
    };
    if (!m_impl->pump(todo, stop, send, done))
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
    std::deque<Count> todo;
    std::vector<bool> unknown(queries.size(), false);
    for (std::size_t i = 0; i < queries.size(); ++i) {
        for (const std::string& filter : queries[i].filters)
            todo.push_back({i, filter});
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
        if (messages)
            found[count.query] = found[count.query].value_or(0) + *messages;
        else
            unknown[count.query] = true;
    };
    if (!m_impl->pump(todo, stop, send, done))
        return std::vector<std::optional<std::uint64_t>>(queries.size());
    for (std::size_t i = 0; i < queries.size(); ++i)
        if (unknown[i])
            found[i].reset();
    return found;
}

std::vector<Advisory> MonitorProbe::takeAdvisories()
{
    return m_impl->feed ? m_impl->feed->take() : std::vector<Advisory>();
}

} // namespace jetlag
