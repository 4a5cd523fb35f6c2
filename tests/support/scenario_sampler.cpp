// SPDX-License-Identifier: Apache-2.0
#include "tests/support/scenario_sampler.h"

#include "nats/client/api_error.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <stdexcept>

namespace jetlag::test {

namespace {

using namespace std::chrono;
using Json = nlohmann::ordered_json;

constexpr auto kBudget = 950ms;        // of one sample
constexpr unsigned kCountEvery = 5;    // samples between two counts of what matches
constexpr auto kLeastPatience = 100ms; // of the later calls of a sample

/// What an advisory says that recordings keep.
Json noteOf(const Json& advisory)
{
    Json note;
    const std::string type = advisory.value("type", "");
    note["kind"] = type.substr(type.rfind('.') + 1);
    for (const char* key : {"consumer", "stream_seq", "deliveries", "reason", "action"})
        if (advisory.contains(key))
            note[key] = advisory[key];
    return note;
}

/// One look's requests, within its time.
class Asking final
{
public:
    Asking(Connection& connection, steady_clock::time_point end)
        : m_connection(connection)
        , m_end(end)
    {}

    /// Null when there is none; `m_problem` says why.
    Json ask(const std::string& call, const std::string& body)
    {
        if (!m_connection.isConnected()) {
            problem = {{"code", "disconnected"}};
            return nullptr;
        }
        const auto left =
            std::max<milliseconds>(kLeastPatience, duration_cast<milliseconds>(m_end - steady_clock::now()));
        const Result<std::string> answer =
            m_connection.request(m_connection.apiPrefix() + '.' + call, body, left);
        if (!answer) {
            problem = {{"code", "timeout"}, {"description", answer.error().message()}};
            return nullptr;
        }
        if (const std::optional<ApiError> error = findApiError(*answer)) {
            problem = {
                {"code", error->code}, {"err_code", error->errCode}, {"description", error->description}};
            return nullptr;
        }
        return Json::parse(*answer, nullptr, false);
    }

    /// The first message from `sequence` on that one of the filters matches: [sequence, time, subject].
    Json first(const std::string& stream, std::uint64_t sequence, const std::vector<std::string>& filters)
    {
        Json found;
        for (const std::string& filter : filters) {
            const Json answer = ask("STREAM.MSG.GET." + stream,
                                    fmt::format(R"({{"seq":{},"next_by_subj":"{}"}})", sequence, filter));
            if (!answer.is_object() || !answer.contains("message"))
                continue;
            const Json& message = answer["message"];
            if (found.is_null() || message["seq"].get<std::uint64_t>() < found[0].get<std::uint64_t>())
                found = Json::array({message["seq"], message["time"], message["subject"]});
        }
        return found;
    }

    Json problem;

private:
    Connection& m_connection;
    const steady_clock::time_point m_end;
};

std::vector<std::string> filtersOf(const Json& consumer)
{
    const Json& config = consumer["config"];
    if (config.contains("filter_subject") && !config["filter_subject"].get<std::string>().empty())
        return {config["filter_subject"].get<std::string>()};
    if (config.contains("filter_subjects"))
        return config["filter_subjects"].get<std::vector<std::string>>();
    return {">"};
}

} // namespace

ScenarioSampler::ScenarioSampler(Connection& connection, std::string stream, std::string consumer)
    : m_connection(connection)
    , m_stream(std::move(stream))
    , m_consumer(std::move(consumer))
{
    m_listener = connection.listen([this](const ConnectionEvent& event) {
        if (event.kind == ConnectionEvent::Kind::Reconnected)
            m_connected = true;
    });
    for (const std::string& subject :
         {fmt::format("$JS.EVENT.ADVISORY.CONSUMER.*.{}.{}", m_stream, m_consumer),
          fmt::format("$JS.EVENT.ADVISORY.STREAM.*.{}", m_stream)}) {
        Result<NatsSubscription> subscription =
            NatsSubscription::calledBack(connection.handle(), subject, [this](MessageHandle message) {
                const std::lock_guard lock(m_mutex);
                m_advisories.emplace_back(natsMsg_GetData(message.get()),
                                          static_cast<std::size_t>(natsMsg_GetDataLength(message.get())));
            });
        if (!subscription)
            throw std::runtime_error(subscription.error().message());
        m_subscriptions.push_back(std::move(*subscription));
    }
}

ScenarioSampler::Sample ScenarioSampler::take()
{
    Asking asking(m_connection, steady_clock::now() + kBudget);
    Sample sample;
    sample.at = duration<double>(system_clock::now().time_since_epoch()).count();
    Json line = {{"t", sample.at}};
    if (m_connected.exchange(false))
        line["connected"] = true;

    Json stream = asking.ask("STREAM.INFO." + m_stream, "");
    Json consumer = stream.is_object()
                        ? asking.ask(fmt::format("CONSUMER.INFO.{}.{}", m_stream, m_consumer), "")
                        : Json();
    if (stream.is_object()) {
        for (const char* key : {"type", "did_create", "alternates", "total", "offset", "limit"})
            stream.erase(key);
        line["si"] = stream;
    }
    if (consumer.is_object())
        line["ci"] = consumer;
    if (!asking.problem.is_null())
        line["err"] = asking.problem;
    if (stream.is_object() && consumer.is_object()) {
        const std::vector<std::string> filters = filtersOf(consumer);
        const auto behind = [&](const char* position) {
            return consumer[position]["stream_seq"].get<std::uint64_t>() + 1;
        };
        Json reads = {{"unread", asking.first(m_stream, behind("delivered"), filters)},
                      {"floor", asking.first(m_stream, behind("ack_floor"), filters)},
                      {"first", asking.first(m_stream, stream["state"]["first_seq"], filters)}};
        if (m_taken % kCountEvery == 0) {
            std::uint64_t matching = 0;
            for (const std::string& filter : filters) {
                const Json counted = asking.ask("STREAM.INFO." + m_stream,
                                                fmt::format(R"({{"subjects_filter":"{}"}})", filter));
                if (counted.is_object() && counted["state"].contains("subjects"))
                    for (const auto& [subject, count] : counted["state"]["subjects"].items())
                        matching += count.get<std::uint64_t>();
            }
            reads["matching"] = matching;
        }
        line["reads"] = reads;
    }
    ++m_taken;
    Json& notes = line["adv"] = Json::array();
    const std::lock_guard lock(m_mutex);
    for (const std::string& text : m_advisories) {
        const Json advisory = Json::parse(text, nullptr, false);
        if (advisory.is_object())
            notes.push_back(noteOf(advisory));
    }
    m_advisories.clear();
    sample.line = line.dump();
    return sample;
}

} // namespace jetlag::test
