#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"
#include "model/record/framer.h"
#include "model/record/slot.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace jetlag {

struct OutgoingHeader
{
    std::string_view name; ///< ends with a NUL byte: it is one of the constants of headers.h
    std::string value;     ///< holds no control byte
};

/// One message as a hook publishes it.
struct OutgoingMessage
{
    std::string subject;
    std::vector<OutgoingHeader> headers;
    std::string_view payload;

    [[nodiscard]] std::string_view header(std::string_view name) const noexcept;
    /// What the server counts against max_payload: payload and header block.
    [[nodiscard]] std::size_t wireBytes() const noexcept;
};

struct OutgoingOptions
{
    std::string prefix; ///< what subjects begin with; may hold dots
    std::string stream; ///< the only stream that may store the messages
    unsigned partitions = kDefaultPartitions;
    std::size_t maxPayload = 1024 * 1024; ///< the server's, headers included
};

/// Makes messages of framed records: subject, headers, compression, parts. A record above kCompressAbove is
/// compressed; one that is still larger than the server takes travels in parts of equal size; of one above
/// kMaxRecordBytes only the beginning travels, marked as such. The same record always becomes the same
/// messages, so that what is sent again is recognised. One thread.
class OutgoingBuilder final
{
public:
    explicit OutgoingBuilder(OutgoingOptions options);
    ~OutgoingBuilder();
    OutgoingBuilder(OutgoingBuilder&&) noexcept;
    OutgoingBuilder& operator=(OutgoingBuilder&&) noexcept;

    [[nodiscard]] unsigned partitionFor(const FramedRecord& record) const noexcept;
    /// The messages that carry `record`, to be published in this order; `previous` is the chain's last record
    /// before it. Views and strings are good until the next call, the record's payload as long as its batch.
    /// InvalidArgument when max_payload is too small for the headers alone.
    [[nodiscard]] Result<std::span<const OutgoingMessage>> build(const FramedRecord& record,
                                                                 std::optional<std::uint64_t> previous);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// A key as a header value: bytes that headers cannot hold, blanks and `%` are percent-encoded. Undone by
/// percentDecode.
[[nodiscard]] std::string keyForHeader(std::string_view key);

} // namespace jetlag
