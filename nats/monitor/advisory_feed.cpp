// SPDX-License-Identifier: Apache-2.0
#include "nats/monitor/advisory_feed.h"

#include "model/base/log.h"
#include "nats/monitor/refused_streams.h"

#include <nlohmann/json.hpp>

#include <iterator>

namespace jetlag {

namespace {

using Json = nlohmann::json;

/// A tenth of a second of a loop that naks as fast as it can; older ones go first.
constexpr std::size_t kMostWaiting = 20'000;

std::string textOf(const Json& object, const char* key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::uint64_t numberOf(const Json& object, const char* key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

} // namespace

Result<Advisory> parseAdvisory(std::string_view text)
{
    const Json json = Json::parse(text, nullptr, false);
    if (!json.is_object())
        return Error(ErrorCode::Corrupt, "this advisory is no JSON object");
    const std::string type = textOf(json, "type");
    if (type.empty())
        return Error(ErrorCode::Corrupt, "this advisory tells no type");
    Advisory advisory;
    advisory.kind = type.substr(type.rfind('.') + 1);
    advisory.id = textOf(json, "id");
    if (const Result<ServerTime> time = parseRfc3339(textOf(json, "timestamp")))
        advisory.time = *time;
    advisory.stream = textOf(json, "stream");
    advisory.consumer = textOf(json, "consumer");
    advisory.sequence = numberOf(json, "stream_seq");
    advisory.deliveries = numberOf(json, "deliveries");
    advisory.reason = textOf(json, "reason");
    advisory.action = textOf(json, "action");
    if (advisory.action.empty())
        advisory.action = textOf(json, "leader");
    if (advisory.kind == "consumer_pause") {
        const auto paused = json.find("paused");
        advisory.action =
            paused != json.end() && paused->is_boolean() && paused->get<bool>() ? "paused" : "resumed";
    }
    return advisory;
}

AdvisoryFeed::AdvisoryFeed(ReadOnlyApi& api, const Clock& clock)
    : m_api(api)
    , m_clock(clock)
    , m_ears{Ear{.subject = api.profile().eventPrefix() + ".ADVISORY.CONSUMER.>"},
             Ear{.subject = api.profile().eventPrefix() + ".ADVISORY.STREAM.>"}}
    , m_listener(api.listenToConnection([this](const ConnectionEvent& event) { onEvent(event); }))
{
    for (Ear& ear : m_ears)
        subscribe(ear);
}

AdvisoryFeed::~AdvisoryFeed()
{
    for (Ear& ear : m_ears)
        ear.subscription = NatsSubscription(); // waits for a running call
}

void AdvisoryFeed::subscribe(Ear& ear)
{
    ear.subscription = NatsSubscription(); // the old one first: else all comes twice
    Result<NatsSubscription> made = m_api.listenTo(ear.subject, [this](const MessageHandle& message) {
        heard(
            {natsMsg_GetData(message.get()), static_cast<std::size_t>(natsMsg_GetDataLength(message.get()))});
    });
    if (made)
        ear.subscription = std::move(*made);
    else
        log().info("not listening to {}: {}", ear.subject, made.error().message());
}

void AdvisoryFeed::onEvent(const ConnectionEvent& event)
{
    const std::lock_guard lock(m_mutex);
    for (Ear& ear : m_ears) {
        if (event.kind == ConnectionEvent::Kind::SubscribeDenied && event.subject == ear.subject)
            ear.refused = m_clock.steadyNow();
        else if (event.kind == ConnectionEvent::Kind::Reconnected)
            ear.refused.reset(); // nats.c has subscribed anew
    }
}

void AdvisoryFeed::askAgain()
{
    for (Ear& ear : m_ears) {
        {
            const std::lock_guard lock(m_mutex);
            if (!ear.refused || m_clock.steadyNow() - *ear.refused < kAskAgainAfter)
                continue;
            ear.refused.reset();
        }
        subscribe(ear);
    }
}

void AdvisoryFeed::heard(std::string_view json)
{
    Result<Advisory> advisory = parseAdvisory(json);
    if (!advisory)
        return; // somebody else's message on this subject
    const std::lock_guard lock(m_mutex);
    m_waiting.push_back(std::move(*advisory));
    if (m_waiting.size() > kMostWaiting)
        m_waiting.pop_front();
}

std::vector<Advisory> AdvisoryFeed::take()
{
    askAgain();
    const std::lock_guard lock(m_mutex);
    std::vector<Advisory> taken(std::make_move_iterator(m_waiting.begin()),
                                std::make_move_iterator(m_waiting.end()));
    m_waiting.clear();
    return taken;
}

} // namespace jetlag
