// SPDX-License-Identifier: Apache-2.0
#include "nats/monitor/listing.h"

#include "model/base/text.h"
#include "model/cluster/visibility.h"
#include "nats/client/api_calls.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

namespace jetlag {

namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

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

std::string offsetBody(std::uint64_t offset)
{
    return fmt::format(R"({{"offset":{}}})", offset);
}

} // namespace

void Listing::ProblemList::add(const Error& error, std::string_view about)
{
    auto& [count, first] = m_problems[error.code()];
    if (count++ == 0)
        first = fmt::format("{}: {}", about, error.message());
}

std::vector<std::string> Listing::ProblemList::sentences() const
{
    std::vector<std::string> list;
    for (const auto& [code, problem] : m_problems)
        list.push_back(problem.first == 1
                           ? problem.second
                           : fmt::format("{} (and {} more like this)", problem.second, problem.first - 1));
    return list;
}

Result<void> Listing::start()
{
    if (!m_requester) {
        Result<ReadRequester> made = m_api.requester({m_options.window, m_options.timeout});
        if (!made)
            return std::move(made).error();
        m_requester.emplace(std::move(*made));
    }
    m_requester->abandon();
    m_pump = {};
    m_streamPages = {};
    m_consumerPages.clear();
    m_listed.clear();
    m_snapshot = {};
    m_problems = {};
    m_failure.reset();
    m_isAnsweredSo = false;
    m_hasHoles = false;
    m_latest = {};
    m_longestWait = {};
    m_pump.add({});
    return {};
}

PumpEnd Listing::run(milliseconds bearable, const std::stop_token& stop)
{
    auto heard = steady_clock::now();
    const auto answered = [&](const Page& page, const RequestAnswer& answer) {
        const auto now = steady_clock::now();
        m_longestWait = std::max(m_longestWait, duration_cast<milliseconds>(now - std::exchange(heard, now)));
        if (answer.error)
            notListed(page, *answer.error);
        else if (page.stream.empty())
            streamsCame(page, answer.body());
        else
            consumersCame(page, answer.body());
    };
    return m_pump.run(
        *m_requester, [this](Page& page) { return send(page); }, answered, bearable, stop);
}

void Listing::notListed(const Page& page, const Error& error)
{
    if (error.code() == ErrorCode::Denied)
        m_refused.note(page.stream, error);
    failed(page, error);
}

bool Listing::isWhole() const
{
    return !m_failure && !m_hasHoles && m_snapshot.missingStreams.empty() &&
           m_snapshot.missingConsumers.empty();
}

Result<std::uint64_t> Listing::send(Page& page)
{
    if (const Error* refusal = m_refused.find(page.stream))
        return *refusal;
    page.asked = steady_clock::now();
    const Result<std::string> call = page.stream.empty() ? Result<std::string>(std::string("STREAM.LIST"))
                                                         : streamCall("CONSUMER.LIST", page.stream);
    if (!call)
        return call.error();
    const Result<ReadSubject> subject = m_api.subject(*call);
    if (!subject)
        return subject.error();
    return m_requester->send(*subject, offsetBody(page.offset));
}

ClusterSnapshot Listing::take()
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

void Listing::failed(const Page& page, const Error& error)
{
    m_hasHoles = m_hasHoles || error.code() != ErrorCode::Denied;
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

void Listing::streamsCame(const Page& page, std::string_view body)
{
    Result<StreamPage> parsed = m_parser.streamList(body);
    if (!parsed)
        return failed(page, parsed.error());
    if (parsed->error) {
        m_isAnsweredSo = true;
        return failed(page, parsed->error->toError());
    }
    m_latest = std::max(m_latest, parsed->latest);
    for (std::uint64_t offset : m_streamPages.afterPage(parsed->page))
        m_pump.add({{}, offset});
    for (std::string& name : parsed->missing)
        m_snapshot.missingStreams.push_back(std::move(name));
    std::size_t coming = m_snapshot.consumers.size();
    const AskedAt askedAt{page.asked, steady_clock::now()};
    for (StreamSnapshot& stream : parsed->streams) {
        stream.askedAt = askedAt;
        coming += std::min<std::size_t>(stream.consumerCount, kMostReserved);
        const bool wanted =
            stream.consumerCount > 0 && (m_options.includeHidden || !isHiddenByDefault(stream));
        if (wanted && m_listed.insert(stream.name).second)
            m_pump.add({stream.name, 0});
        m_snapshot.streams.push_back(std::move(stream));
    }
    m_snapshot.consumers.reserve(std::min(coming, kMostReserved));
}

void Listing::consumersCame(const Page& page, std::string_view body)
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
        m_pump.add({page.stream, offset});
    for (std::string& name : parsed->missing)
        m_snapshot.missingConsumers.push_back({page.stream, std::move(name)});
}

} // namespace jetlag
