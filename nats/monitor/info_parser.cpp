// SPDX-License-Identifier: Apache-2.0
#include "nats/monitor/info_parser.h"

#include "model/base/text.h"
#include "nats/monitor/answer_assets.h"
#include "nats/monitor/answer_values.h"

#include <algorithm>
#include <cstring>

namespace jetlag {

using namespace answer;

namespace {

ApiError readError(od::value value)
{
    ApiError error;
    std::int64_t code = 0;
    std::int64_t errCode = 0;
    forFields(value, [&](std::string_view key, od::value field) {
        if (key == "code")
            read(field, code);
        else if (key == "err_code")
            read(field, errCode);
        else if (key == "description")
            read(field, error.description);
    });
    error.code = code ? static_cast<int>(code) : 500;
    error.errCode = static_cast<int>(errCode);
    return error;
}

/// `Nats-Stream-Source: ORDERS 18 > >`: where a sourcing stream has it from. Servers write it themselves and
/// first drop one that came with the message.
void readOrigin(od::value headers, InfoParser::FoundMessage& into)
{
    constexpr std::string_view kName = "\r\nNats-Stream-Source:";
    std::string text;
    read(headers, text);
    text = base64Decode(text).value_or(std::string());
    const std::size_t at = text.find(kName);
    if (at == std::string::npos)
        return;
    std::string_view value = std::string_view(text).substr(at + kName.size());
    value = value.substr(0, value.find("\r\n"));
    value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
    const std::size_t blank = std::min(value.find(' '), value.size());
    std::string_view number = value.substr(std::min(blank + 1, value.size()));
    const std::optional<std::uint64_t> sequence = parseU64(number.substr(0, number.find(' ')));
    if (!sequence)
        return; // the words of servers before 2.9
    into.origin.assign(value.substr(0, blank));
    into.originSequence = StreamSequence(*sequence);
}

Error cutShort()
{
    return {ErrorCode::Corrupt, "the server's answer is no whole JSON object"};
}

// Called for fields that pages of both kinds have. True when it was one.
template <typename Page>
bool readPageField(std::string_view key, od::value field, Page& into)
{
    if (key == "total")
        read(field, into.page.total);
    else if (key == "limit")
        read(field, into.page.limit);
    else if (key == "missing")
        read(field, into.missing);
    else if (key == "error")
        into.error = readError(field);
    else
        return false;
    return true;
}

} // namespace

struct InfoParser::Impl
{
    od::parser parser;
    std::vector<char> buffer; // the answer with the room behind it that simdjson reads
    od::document document;

    Result<od::object> open(std::string_view answer)
    {
        if (buffer.size() < answer.size() + simdjson::SIMDJSON_PADDING)
            buffer.resize((answer.size() + simdjson::SIMDJSON_PADDING) * 2);
        if (!answer.empty())
            std::memcpy(buffer.data(), answer.data(), answer.size());
        std::memset(buffer.data() + answer.size(), 0, simdjson::SIMDJSON_PADDING);
        od::object root;
        if (parser.iterate(buffer.data(), answer.size(), buffer.size()).get(document) != simdjson::SUCCESS ||
            document.get_object().get(root) != simdjson::SUCCESS)
            return cutShort();
        return root;
    }

    /// Reads the whole answer as one object, unless it holds an API error.
    template <typename Row, typename ReadRow>
    Result<Row> single(std::string_view answer, ReadRow readRow)
    {
        if (const std::optional<ApiError> error = findApiError(answer))
            return error->toError();
        Result<od::object> root = open(answer);
        if (!root)
            return std::move(root).error();
        Row row;
        ServerTime ignored{};
        if (!readRow(*root, row, ignored))
            return cutShort();
        return row;
    }
};

InfoParser::InfoParser()
    : m_impl(std::make_unique<Impl>())
{}
InfoParser::~InfoParser() = default;

Result<StreamPage> InfoParser::streamList(std::string_view answer)
{
    Result<od::object> root = m_impl->open(answer);
    if (!root)
        return std::move(root).error();
    StreamPage page;
    bool whole = true;
    whole = forFields(*root,
                      [&](std::string_view key, od::value field) {
                          if (!readPageField(key, field, page) && key == "streams")
                              whole = forObjects(field,
                                                 [&](od::object object) {
                                                     return readStream(object, page.streams.emplace_back(),
                                                                       page.latest);
                                                 }) &&
                                      whole;
                      }) &&
            whole;
    if (!whole && !page.error)
        return cutShort();
    std::erase_if(page.streams, [](const StreamSnapshot& stream) { return stream.name.empty(); });
    page.page.items = page.streams.size();
    return page;
}

Result<ConsumerPage> InfoParser::consumerList(std::string_view answer, std::vector<ConsumerSnapshot>& into)
{
    Result<od::object> root = m_impl->open(answer);
    if (!root)
        return std::move(root).error();
    ConsumerPage page;
    const std::size_t before = into.size();
    bool whole = true;
    const auto readRow = [&](od::object object) {
        const bool rowIsWhole = readConsumer(object, into.emplace_back(), page.latest);
        if (into.back().name.empty())
            into.pop_back();
        return rowIsWhole;
    };
    whole = forFields(*root,
                      [&](std::string_view key, od::value field) {
                          if (!readPageField(key, field, page) && key == "consumers")
                              whole = forObjects(field, readRow) && whole;
                      }) &&
            whole;
    if (!whole && !page.error) {
        into.resize(before);
        return cutShort();
    }
    page.page.items = into.size() - before;
    return page;
}

Result<StreamSnapshot> InfoParser::stream(std::string_view answer)
{
    return m_impl->single<StreamSnapshot>(answer, readStream);
}

Result<ConsumerSnapshot> InfoParser::consumer(std::string_view answer)
{
    return m_impl->single<ConsumerSnapshot>(answer, readConsumer);
}

Result<InfoParser::FoundMessage> InfoParser::message(std::string_view answer)
{
    return m_impl->single<FoundMessage>(answer, [](od::object root, FoundMessage& into, ServerTime&) {
        return forFields(root, [&](std::string_view key, od::value field) {
            if (key != "message")
                return;
            forFields(field, [&](std::string_view name, od::value part) {
                if (name == "seq")
                    read(part, into.sequence);
                else if (name == "time")
                    read(part, into.time);
                else if (name == "subject")
                    read(part, into.subject);
                else if (name == "data")
                    into.bytes = bytesOfBase64(part);
                else if (name == "hdrs")
                    readOrigin(part, into);
            });
        });
    });
}

Result<std::uint64_t> InfoParser::subjectMessages(std::string_view answer)
{
    struct Counted
    {
        std::uint64_t messages = 0;
        std::uint64_t subjects = 0;
        std::uint64_t total = 0;
    };
    const Result<Counted> counted =
        m_impl->single<Counted>(answer, [](od::object root, Counted& into, ServerTime&) {
            return forFields(root, [&](std::string_view key, od::value field) {
                if (key == "total")
                    read(field, into.total);
                if (key != "state")
                    return;
                forFields(field, [&](std::string_view name, od::value part) {
                    if (name != "subjects")
                        return;
                    forFields(part, [&](std::string_view, od::value count) {
                        std::uint64_t messages = 0;
                        read(count, messages);
                        into.messages += messages;
                        ++into.subjects;
                    });
                });
            });
        });
    if (!counted)
        return counted.error();
    if (counted->total > counted->subjects)
        return Error(ErrorCode::Unsupported,
                     "the filter matches more subjects than the server tells at once");
    return counted->messages;
}

Result<std::vector<SequenceGap>> InfoParser::deleted(std::string_view answer)
{
    Result<std::vector<std::uint64_t>> sequences = m_impl->single<std::vector<std::uint64_t>>(
        answer, [](od::object root, std::vector<std::uint64_t>& into, ServerTime&) {
            return forFields(root, [&](std::string_view key, od::value field) {
                if (key != "state")
                    return;
                forFields(field, [&](std::string_view name, od::value part) {
                    if (name == "deleted")
                        read(part, into);
                });
            });
        });
    if (!sequences)
        return sequences.error();
    std::ranges::sort(*sequences);
    std::vector<SequenceGap> gaps;
    for (const std::uint64_t sequence : *sequences) {
        if (gaps.empty() || sequence > gaps.back().last.value() + 1)
            gaps.push_back({StreamSequence(sequence), StreamSequence(sequence), GapReason::Deleted});
        else
            gaps.back().last = StreamSequence(sequence);
    }
    return gaps;
}

} // namespace jetlag
