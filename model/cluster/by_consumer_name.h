#pragma once

// SPDX-License-Identifier: Apache-2.0

namespace jetlag {

/// Orders whatever has a stream and a name: maps by ConsumerName are searched with a snapshot, without a copy
/// of its names.
struct ByConsumerName
{
    using is_transparent = void;
    template <typename One, typename Other>
    [[nodiscard]] bool operator()(const One& one, const Other& other) const noexcept
    {
        const int stream = one.stream.compare(other.stream);
        return stream != 0 ? stream < 0 : one.name < other.name;
    }
};

} // namespace jetlag
