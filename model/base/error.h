#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <string>
#include <string_view>

namespace jetlag {

/// What kind of trouble it is: what code can switch on. The words are in Error.
enum class ErrorCode {
    InvalidArgument, ///< the caller asked for something that makes no sense (CLI exit 2)
    NotFound,        ///< the named thing does not exist
    Exists,          ///< the named thing exists and would be overwritten
    Denied,          ///< login or permission refused
    Unavailable,     ///< nobody answers (dead server, closed port)
    Timeout,         ///< somebody should have answered in time
    Corrupt,         ///< bytes that cannot be what they claim to be
    Conflict,        ///< the thing belongs to somebody or something else (other stream, other process)
    Unsupported,     ///< a version or feature this program does not know
    Io,              ///< read or write failed
    NoSpace,         ///< disk full
    Cancelled,       ///< the user stopped it; shown as an outcome, not as a failure
    Internal,        ///< a mistake of ours
};

[[nodiscard]] std::string_view toString(ErrorCode code) noexcept;

/// A failure as a value: a code for the program, one sentence for the user, and the chain of what was
/// being done, outermost first: "opening the capture: reading the header: file is cut short".
class Error final
{
public:
    Error(ErrorCode code, std::string message)
        : m_code(code)
        , m_message(std::move(message))
    {}

    [[nodiscard]] ErrorCode code() const noexcept { return m_code; }
    [[nodiscard]] const std::string& message() const noexcept { return m_message; }

    /// The same error with one more "while doing" in front.
    [[nodiscard]] Error whileDoing(std::string_view doing) &&;
    [[nodiscard]] Error whileDoing(std::string_view doing) const&;

private:
    ErrorCode m_code;
    std::string m_message;
};

} // namespace jetlag
