#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/cluster_probe.h"
#include "nats/client/read_only_api.h"
#include "nats/monitor/info_parser.h"
#include "nats/monitor/list_pages.h"
#include "nats/monitor/refused_streams.h"
#include "nats/monitor/request_pump.h"

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <vector>

namespace jetlag {

/// Reads STREAM.LIST and each stream's CONSUMER.LIST page by page. It can be left when nothing comes and gone
/// on with later. One thread at a time.
class Listing final
{
public:
    struct Options
    {
        bool includeHidden = false; ///< consumers of system, KV and object streams too
        unsigned window = 32;
        std::chrono::milliseconds timeout{6'000}; ///< of each page
        const Clock* clock = &systemClock();      ///< says when a refusal is old
    };

    Listing(ReadOnlyApi& api, InfoParser& parser, Options options)
        : m_api(api)
        , m_parser(parser)
        , m_options(options)
        , m_refused(*options.clock)
    {}

    /// Anew; what was under way is forgotten.
    [[nodiscard]] Result<void> start();
    /// On, until all has come or nothing came for as long as is bearable.
    [[nodiscard]] PumpEnd run(std::chrono::milliseconds bearable, const std::stop_token& stop);

    /// Why there is nothing: the first page could not be had.
    [[nodiscard]] const std::optional<Error>& failure() const { return m_failure; }
    /// That failure is what a server answered; else the connection or the account did not let it come.
    [[nodiscard]] bool isAnsweredSo() const { return m_isAnsweredSo; }
    /// Nobody was left out because he did not answer. What this account may not list is no hole.
    [[nodiscard]] bool isWhole() const;
    /// The longest wait for an answer since it was started.
    [[nodiscard]] std::chrono::milliseconds longestWait() const { return m_longestWait; }
    /// What has come, in no order.
    [[nodiscard]] const ClusterSnapshot& soFar() const { return m_snapshot; }
    /// In order and without what came twice. Once.
    [[nodiscard]] ClusterSnapshot take();

private:
    struct Page
    {
        std::string stream; ///< empty: STREAM.LIST
        std::uint64_t offset = 0;
        std::chrono::steady_clock::time_point asked{};
    };
    /// Troubles of many requests in few sentences: the same words are said once, with how many they concern.
    class ProblemList final
    {
    public:
        void add(const Error& error, std::string_view about);
        [[nodiscard]] std::vector<std::string> sentences() const;

    private:
        std::map<ErrorCode, std::pair<std::uint64_t, std::string>> m_problems;
    };

    [[nodiscard]] Result<std::uint64_t> send(Page& page);
    void notListed(const Page& page, const Error& error);
    void streamsCame(const Page& page, std::string_view body);
    void consumersCame(const Page& page, std::string_view body);
    void failed(const Page& page, const Error& error);

    ReadOnlyApi& m_api;
    InfoParser& m_parser;
    const Options m_options;
    std::optional<ReadRequester> m_requester; // made at the first start, kept
    RefusedStreams m_refused;

    RequestPump<Page> m_pump;
    ListPages m_streamPages;
    std::unordered_map<std::string, ListPages> m_consumerPages;
    std::set<std::string> m_listed;
    ClusterSnapshot m_snapshot;
    ProblemList m_problems;
    std::optional<Error> m_failure;
    bool m_isAnsweredSo = false;
    bool m_hasHoles = false; ///< pages that did not come
    ServerTime m_latest{};
    std::chrono::milliseconds m_longestWait{0};
};

} // namespace jetlag
