// SPDX-License-Identifier: Apache-2.0
#include "nats/client/status.h"

#include "model/base/text.h"

#include <fmt/format.h>

#include <string>

namespace jetlag {

namespace {

ErrorCode codeOf(natsStatus status) noexcept
{
    switch (status) {
    case NATS_TIMEOUT:
        return ErrorCode::Timeout;
    case NATS_NO_SERVER:
    case NATS_IO_ERROR:
    case NATS_CONNECTION_CLOSED:
    case NATS_CONNECTION_DISCONNECTED:
    case NATS_STALE_CONNECTION:
    case NATS_NO_RESPONDERS:
    case NATS_NOT_YET_CONNECTED:
    case NATS_DRAINING:
        return ErrorCode::Unavailable;
    case NATS_CONNECTION_AUTH_FAILED:
    case NATS_NOT_PERMITTED:
    case NATS_SECURE_CONNECTION_WANTED:
    case NATS_SECURE_CONNECTION_REQUIRED:
    case NATS_SSL_ERROR:
        return ErrorCode::Denied;
    case NATS_NOT_FOUND:
        return ErrorCode::NotFound;
    case NATS_ADDRESS_MISSING:
    case NATS_INVALID_SUBJECT:
    case NATS_INVALID_ARG:
    case NATS_INVALID_TIMEOUT:
    case NATS_INVALID_QUEUE_NAME:
    case NATS_MAX_PAYLOAD:
    case NATS_LINE_TOO_LONG:
        return ErrorCode::InvalidArgument;
    case NATS_NO_SERVER_SUPPORT:
        return ErrorCode::Unsupported;
    case NATS_PROTOCOL_ERROR:
        return ErrorCode::Corrupt;
    case NATS_NO_MEMORY:
        return ErrorCode::NoSpace;
    default:
        return ErrorCode::Internal;
    }
}

// The library keeps one text per thread, also from calls before this one: believed only for this status.
std::string libraryText(natsStatus status)
{
    natsStatus last = NATS_OK;
    const char* text = nats_GetLastError(&last);
    return last == status && text ? safeForDisplay(text) : std::string();
}

bool contains(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

} // namespace

Error errorFromStatus(natsStatus status, std::string_view doing)
{
    const std::string detail = libraryText(status);
    std::string words = natsStatus_GetText(status);
    if (!detail.empty() && detail != words)
        words += " (" + detail + ')';
    return Error(codeOf(status), std::move(words)).whileDoing(doing);
}

Error connectError(natsStatus status, std::string_view urls)
{
    const std::string detail = libraryText(status);
    switch (status) {
    case NATS_NO_SERVER:
    case NATS_IO_ERROR:
    case NATS_TIMEOUT:
    case NATS_CONNECTION_CLOSED:
        // A server that wants TLS before anything else, or no NATS server at all, shows up here too.
        return {ErrorCode::Unavailable,
                fmt::format("no NATS server answers at {}: start one or connect to another", urls)};
    case NATS_CONNECTION_AUTH_FAILED:
        return {ErrorCode::Denied,
                fmt::format("{} refused the login{}: check user, password, token or credentials", urls,
                            contains(detail, "expired") ? " (expired)" : "")};
    case NATS_SECURE_CONNECTION_REQUIRED:
        return {ErrorCode::Denied,
                fmt::format("{} wants TLS: name its authority with ca in the context, or use tls://", urls)};
    case NATS_SECURE_CONNECTION_WANTED:
        return {ErrorCode::Denied,
                fmt::format("TLS is asked for, but {} offers none: use nats:// or another port", urls)};
    case NATS_SSL_ERROR:
        return {ErrorCode::Denied, fmt::format("the TLS handshake with {} failed{}{}: check ca, cert and key",
                                               urls, detail.empty() ? "" : ": ", detail)};
    case NATS_ADDRESS_MISSING:
    case NATS_INVALID_ARG:
        return {ErrorCode::InvalidArgument,
                fmt::format("{} is no address such as nats://127.0.0.1:4222", urls)};
    default:
        return errorFromStatus(status, fmt::format("connecting to {}", urls));
    }
}

} // namespace jetlag
