// SPDX-License-Identifier: Apache-2.0
#include "model/base/error.h"

#include <fmt/format.h>

namespace jetlag {

std::string_view toString(ErrorCode code) noexcept
{
    switch (code) {
    case ErrorCode::InvalidArgument:
        return "invalid argument";
    case ErrorCode::NotFound:
        return "not found";
    case ErrorCode::Exists:
        return "exists already";
    case ErrorCode::Denied:
        return "denied";
    case ErrorCode::Unavailable:
        return "unavailable";
    case ErrorCode::Timeout:
        return "timed out";
    case ErrorCode::Corrupt:
        return "corrupt";
    case ErrorCode::Conflict:
        return "conflict";
    case ErrorCode::Unsupported:
        return "unsupported";
    case ErrorCode::Io:
        return "I/O error";
    case ErrorCode::NoSpace:
        return "no space left";
    case ErrorCode::Cancelled:
        return "cancelled";
    case ErrorCode::Internal:
        return "internal error";
    }
    return "unknown";
}

Error Error::whileDoing(std::string_view doing) &&
{
    m_message = fmt::format("{}: {}", doing, m_message);
    return std::move(*this);
}

Error Error::whileDoing(std::string_view doing) const&
{
    return Error(*this).whileDoing(doing);
}

} // namespace jetlag
