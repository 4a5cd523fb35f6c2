// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/raw_lister.h"

#include "tests/bench/figures.h"

namespace jetlag::bench {

using namespace std::chrono_literals;

RawLister::RawLister(Connection& connection, unsigned window)
    : m_connection(connection)
    , m_window(window)
    , m_inbox(connection.newInbox())
{
    Result<NatsSubscription> answers = NatsSubscription::polled(connection.handle(), m_inbox);
    if (!answers)
        giveUp(answers.error().message());
    m_answers = std::move(*answers);
}

std::size_t RawLister::refresh(Pendings* into)
{
    std::vector<std::string> todo;
    ask("$JS.API.STREAM.LIST");
    for (simdjson::dom::element stream : next()["streams"])
        todo.push_back("$JS.API.CONSUMER.LIST." + std::string(stream["config"]["name"].get_string().value()));
    std::size_t found = 0;
    std::size_t asked = 0;
    std::size_t inFlight = 0;
    while (asked < todo.size() || inFlight > 0) {
        while (asked < todo.size() && inFlight < m_window) {
            ask(todo[asked++]);
            ++inFlight;
        }
        const simdjson::dom::element answer = next();
        --inFlight;
        for (simdjson::dom::element consumer : answer["consumers"]) {
            ++found;
            const std::uint64_t pending = consumer["num_pending"].get_uint64().value();
            m_sum += pending;
            if (into != nullptr)
                (*into)[{std::string(consumer["stream_name"].get_string().value()),
                         std::string(consumer["name"].get_string().value())}] = pending;
        }
    }
    return found;
}

void RawLister::ask(const std::string& subject)
{
    static constexpr std::string_view kBody = R"({"offset":0})";
    natsConnection_PublishRequest(m_connection.handle(), subject.c_str(), m_inbox.c_str(), kBody.data(),
                                  static_cast<int>(kBody.size()));
}

simdjson::dom::element RawLister::next()
{
    Result<MessageHandle> message = m_answers.next(20s);
    if (!message || !*message)
        giveUp("no answer to a list request");
    m_message = std::move(*message);
    return m_parser
        .parse(natsMsg_GetData(m_message.get()),
               static_cast<std::size_t>(natsMsg_GetDataLength(m_message.get())))
        .value();
}

} // namespace jetlag::bench
