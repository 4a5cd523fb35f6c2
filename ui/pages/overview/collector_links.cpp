// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/overview/collector_links.h"

#include "model/base/text.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace jetlag::ui {

namespace {

constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";

bool isControl(char c)
{
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

/// One word for bash and zsh that stands for exactly these bytes. A terminal acts on control characters when
/// they are pasted, quoted or not, and a clipboard holds no bytes that are no text: both are written as
/// escapes.
std::string shellWord(const std::string& text)
{
    if (!text.empty() && text.find_first_not_of(kPlain) == std::string::npos)
        return text;
    const bool isText = isValidUtf8(text);
    const auto needsEscape = [&](char c) {
        return isControl(c) || (!isText && static_cast<unsigned char>(c) >= 0x80);
    };
    const bool escapes = std::any_of(text.begin(), text.end(), needsEscape);
    std::string word = escapes ? "$'" : "'";
    for (const char c : text) {
        if (needsEscape(c)) {
            constexpr std::string_view kDigits = "0123456789abcdef";
            const auto code = static_cast<unsigned char>(c);
            word += {'\\', 'x', kDigits[code >> 4U], kDigits[code & 15U]};
        } else if (escapes && (c == '\'' || c == '\\')) {
            word += {'\\', c};
        } else if (c == '\'') {
            word += "'\\''";
        } else {
            word += c;
        }
    }
    return word + '\'';
}

} // namespace

StreamSequence firstUnprocessed(const CollectorRecord& row)
{
    const ConsumerSnapshot& consumer = row.report.consumer;
    // Until the first delivery the floor means nothing: one that asked for new messages begins at
    // `delivered`.
    const bool begun = !consumer.delivered.consumer.isZero() || !consumer.ackFloor.consumer.isZero();
    const StreamSequence next = begun ? consumer.ackFloor.stream.next()
                                      : std::max(consumer.ackFloor.stream, consumer.delivered.stream).next();
    return row.stream ? std::max(next, row.stream->stream.firstSequence) : next;
}

ReplayRequest replayFromHere(const CollectorRecord& row, std::shared_ptr<ServerLink> server)
{
    const ConsumerSnapshot& consumer = row.report.consumer;
    StreamReplaySource source{.server = std::move(server), .stream = consumer.stream};
    ReplayRequest request;
    // An ephemeral consumer may be gone before the replay asks for its filter.
    if (consumer.isDurable())
        source.likeDurable = consumer.name;
    else
        request.filters = consumer.filters;
    request.source = std::move(source);
    request.range.from = firstUnprocessed(row);
    return request;
}

QString natsInfoCommand(const ConsumerName& name)
{
    const bool looksLikeOption = name.stream.starts_with('-') || name.name.starts_with('-');
    const std::string words = shellWord(name.stream) + ' ' + shellWord(name.name);
    return QStringLiteral("nats consumer info %1%2")
        .arg(looksLikeOption ? QStringLiteral("-- ") : QString(), QString::fromStdString(words));
}

} // namespace jetlag::ui
