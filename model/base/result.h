#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/error.h"

#include <cstdlib>
#include <optional>
#include <utility>
#include <variant>

namespace jetlag {

/// A value or an Error (std::expected comes with C++23). Asking an error for its value ends the program:
/// that is a mistake of ours, never of the input.
template <typename T>
class [[nodiscard]] Result final
{
public:
    Result(T value)
        : m_state(std::in_place_index<0>, std::move(value))
    {}
    Result(Error error)
        : m_state(std::in_place_index<1>, std::move(error))
    {}

    [[nodiscard]] bool hasValue() const noexcept { return m_state.index() == 0; }
    explicit operator bool() const noexcept { return hasValue(); }

    [[nodiscard]] T& value() & { return check(), *std::get_if<0>(&m_state); }
    [[nodiscard]] const T& value() const& { return check(), *std::get_if<0>(&m_state); }
    [[nodiscard]] T&& value() && { return check(), std::move(*std::get_if<0>(&m_state)); }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*this).value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

    [[nodiscard]] const Error& error() const& { return *std::get_if<1>(&m_state); }
    [[nodiscard]] Error&& error() && { return std::move(*std::get_if<1>(&m_state)); }

private:
    void check() const
    {
        if (!hasValue())
            std::abort();
    }

    std::variant<T, Error> m_state;
};

/// Success without a value, or an Error. `return {};` is success.
template <>
class [[nodiscard]] Result<void> final
{
public:
    Result() = default;
    Result(Error error)
        : m_error(std::move(error))
    {}

    [[nodiscard]] bool hasValue() const noexcept { return !m_error.has_value(); }
    explicit operator bool() const noexcept { return hasValue(); }
    [[nodiscard]] const Error& error() const& { return *m_error; }
    [[nodiscard]] Error&& error() && { return std::move(*m_error); }

private:
    std::optional<Error> m_error;
};

} // namespace jetlag
