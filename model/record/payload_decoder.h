#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/byte_arena.h"
#include "model/record/record.h"

#include <cstdint>
#include <memory>
#include <string_view>

namespace jetlag {

/// A record's bytes as they came out of their encoding, or why they did not.
struct DecodedPayload
{
    std::string_view
        bytes; ///< of a TooLarge one the first kOversizeKeptBytes; of a BadEncoding one as it came
    std::uint64_t fullLength = 0;
    QuarantineReason reason = QuarantineReason::None;
    bool padded = false;
};

/// Undoes Content-Encoding with a bound: never more than kMaxRecordBytes come out, however small the input
/// and whatever it claims. One thread.
class PayloadDecoder final
{
public:
    PayloadDecoder();
    ~PayloadDecoder();
    PayloadDecoder(PayloadDecoder&&) noexcept;
    PayloadDecoder& operator=(PayloadDecoder&&) noexcept;

    /// `padded` says that of `payload`. Decompressed bytes live in `arena`.
    [[nodiscard]] DecodedPayload decode(std::string_view payload, bool padded, std::string_view encoding,
                                        ByteArena& arena);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace jetlag
