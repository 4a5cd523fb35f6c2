// SPDX-License-Identifier: Apache-2.0
#include "nats/monitor/ability_probe.h"

#include "nats/client/api_calls.h"
#include "nats/monitor/info_parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <set>

namespace jetlag {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kPatience = 2s;
constexpr std::chrono::milliseconds kRefusalTravels = 200ms;

// Stands in where the account has no stream to try a call on: that it may ask shows all the same.
constexpr std::string_view kNobody = "JETLAG_ABILITY_PROBE";

/// One question, and what its answer says about permissions alone: "no such stream" is a yes.
Grant ask(ReadOnlyApi& api, std::string_view call, std::string_view body, const std::stop_token& stop,
          std::chrono::milliseconds patience = kPatience)
{
    const Result<std::string> answer = api.request(call, body, patience, stop);
    if (answer)
        return Grant::Yes;
    switch (answer.error().code()) {
    case ErrorCode::Denied:
        return Grant::Missing;
    case ErrorCode::Timeout:
    case ErrorCode::Cancelled:
        return Grant::Unknown;
    default:
        return Grant::Yes;
    }
}

/// Subscriptions that the server refused, as they are told behind our back.
class Refusals final
{
public:
    explicit Refusals(ReadOnlyApi& api)
        : m_listener(api.listenToConnection([this](const ConnectionEvent& event) {
            if (event.kind != ConnectionEvent::Kind::SubscribeDenied)
                return;
            {
                const std::lock_guard lock(m_mutex);
                m_subjects.insert(event.subject);
            }
            m_told.notify_all();
        }))
    {}
    /// Refusals travel by a thread of their own: one that is on its way gets a moment to arrive.
    [[nodiscard]] bool has(const std::string& subject)
    {
        std::unique_lock lock(m_mutex);
        return m_told.wait_for(lock, kRefusalTravels, [&] { return m_subjects.contains(subject); });
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_told;
    std::set<std::string> m_subjects;
    ConnectionListener m_listener;
};

Ability listenAbility(ReadOnlyApi& api, std::string what, std::string_view events, std::string_view note,
                      std::string_view without, const std::stop_token& stop)
{
    const std::string subject = fmt::format("{}.{}", api.profile().eventPrefix(), events);
    Ability ability{.what = std::move(what), .subscribeSubjects = {subject}};
    Refusals refusals(api);
    const Result<NatsSubscription> heard = api.listenTo(subject, [](const auto&) {});
    // A question behind the subscription: when it is answered, or refused, the subscription was looked at.
    [[maybe_unused]] const Grant asked = ask(api, "INFO", "", stop);
    ability.grant = !heard || refusals.has(subject) ? Grant::Missing : Grant::Yes;
    ability.note = ability.grant == Grant::Yes ? note : without;
    return ability;
}

struct Asset
{
    std::string stream{kNobody};
    StreamSequence first;
    bool any = false;
};

class Prober final
{
public:
    Prober(ReadOnlyApi& api, std::stop_token stop)
        : m_api(api)
        , m_stop(std::move(stop))
    {}

    std::vector<Ability> run()
    {
        add("Account and limits", {"INFO"}, "limits and use of the account",
            "limits of the account stay unknown", [this] { return ask(m_api, "INFO", "", m_stop); });
        add("Streams: list, detail", {"STREAM.LIST", "STREAM.INFO.*"}, "Overview",
            "nothing can be shown without it", [this] { return streams(); });
        add("Collectors: list, detail", {"CONSUMER.LIST.*", "CONSUMER.INFO.*.*"}, "Overview",
            "no collectors, no lag", [this] { return collectors(); });
        addDirectGet();
        add("Messages by message get", {"STREAM.MSG.GET.*"}, "time lag, Replay of streams without direct get",
            "streams without direct get: no bodies, no time lag, no replay",
            [this] { return ask(m_api, "STREAM.MSG.GET." + m_any.stream, getBody(m_any), m_stop); });
        m_found.push_back(listenAbility(m_api, "Collector advisories", "ADVISORY.CONSUMER.>",
                                        "dead letters at once", "dead letters show later or not at all",
                                        m_stop));
        m_found.push_back(listenAbility(m_api, "Stream advisories", "ADVISORY.STREAM.>",
                                        "leader changes at once", "leader changes show up to 1 s late",
                                        m_stop));
        m_found.push_back({.what = "Acks, edits, deletes",
                           .grant = Grant::Off,
                           .note = "never asked for: Jetlag only reads"});
        return std::move(m_found);
    }

private:
    template <typename Question>
    void add(std::string what, std::initializer_list<std::string_view> calls, std::string_view note,
             std::string_view without, const Question& question)
    {
        Ability ability{.what = std::move(what)};
        for (const std::string_view call : calls)
            ability.publishSubjects.push_back(fmt::format("{}.{}", m_api.profile().apiPrefix(), call));
        ability.grant = question();
        switch (ability.grant) {
        case Grant::Missing:
            ability.note = without;
            break;
        case Grant::Unknown:
            ability.note = "no answer within 2 s";
            break;
        default:
            ability.note = note;
        }
        m_found.push_back(std::move(ability));
    }

    static std::string getBody(const Asset& asset)
    {
        return fmt::format(R"({{"seq":{}}})", std::max<std::uint64_t>(1, asset.first.value()));
    }

    Grant streams()
    {
        const Result<std::string> answer = m_api.request("STREAM.LIST", R"({"offset":0})", kPatience, m_stop);
        if (answer) {
            if (const Result<StreamPage> page = m_parser.streamList(*answer))
                choose(page->streams);
        }
        const Grant list = answer ? Grant::Yes : ask(m_api, "STREAM.LIST", R"({"offset":0})", m_stop);
        const Grant detail = ask(m_api, "STREAM.INFO." + m_any.stream, "", m_stop);
        return std::max(list, detail, worse);
    }

    Grant collectors()
    {
        const Grant list = ask(m_api, "CONSUMER.LIST." + m_any.stream, R"({"offset":0})", m_stop);
        const Grant detail =
            ask(m_api, fmt::format("CONSUMER.INFO.{}.{}", m_any.stream, kNobody), "", m_stop);
        return std::max(list, detail, worse);
    }

    /// Where no stream allows it nobody answers: that is no denial, which the server would tell at once.
    void addDirectGet()
    {
        add("Messages by direct get", {"DIRECT.GET.*"}, "time lag, Replay",
            "no bodies, no time lag, no replay", [this] {
                return ask(m_api, "DIRECT.GET." + m_direct.stream, getBody(m_direct), m_stop,
                           m_direct.any ? kPatience : kRefusalTravels);
            });
        if (!m_direct.any && m_found.back().grant != Grant::Missing) {
            m_found.back().grant = Grant::Off;
            m_found.back().note = m_any.any ? "no stream here allows it" : "no stream to try it on";
        }
    }

    /// Streams whose names can stand in a subject; the rest would break the question.
    void choose(const std::vector<StreamSnapshot>& streams)
    {
        for (const StreamSnapshot& stream : streams) {
            if (!isValidAssetName(stream.name))
                continue;
            const Asset asset{.stream = stream.name, .first = stream.firstSequence, .any = true};
            if (!m_any.any)
                m_any = asset;
            if (!m_direct.any && stream.allowDirect && stream.messages > 0)
                m_direct = asset;
        }
    }

    static bool worse(Grant one, Grant other)
    {
        const auto rank = [](Grant grant) {
            return grant == Grant::Missing ? 2 : grant == Grant::Unknown ? 1 : 0;
        };
        return rank(one) < rank(other);
    }

    ReadOnlyApi& m_api;
    std::stop_token m_stop;
    InfoParser m_parser;
    Asset m_any;
    Asset m_direct;
    std::vector<Ability> m_found;
};

} // namespace

std::vector<Ability> probeAbilities(ReadOnlyApi& api, std::stop_token stop)
{
    return Prober(api, std::move(stop)).run();
}

} // namespace jetlag
