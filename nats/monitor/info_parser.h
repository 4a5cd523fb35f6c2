#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"
#include "model/cluster/snapshot.h"
#include "model/event/message.h"
#include "nats/client/api_error.h"
#include "nats/monitor/list_pages.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jetlag {

/// One page of STREAM.LIST.
struct StreamPage
{
    PageInfo page;
    std::vector<StreamSnapshot> streams;
    std::vector<std::string> missing; ///< exist, but their leader did not answer in time
    std::optional<ApiError> error;
    ServerTime latest{}; ///< the latest server time anywhere in it: a lower bound of the server's now
};

/// One page of CONSUMER.LIST, without the rows.
struct ConsumerPage
{
    PageInfo page;
    std::vector<std::string> missing;
    std::optional<ApiError> error;
    ServerTime latest{};
};

/// Parses answers of the JetStream API in one pass. Tolerant, because servers grow: unknown fields are
/// skipped, unknown words kept as they are, a field of a wrong type stays at its default. Only what is no
/// JSON object is an error. Keep one per thread: it keeps its buffers.
class InfoParser final
{
public:
    InfoParser();
    ~InfoParser();

    [[nodiscard]] Result<StreamPage> streamList(std::string_view answer);
    /// The rows are appended to `into`: there may be thousands of them, and each is large to move.
    [[nodiscard]] Result<ConsumerPage> consumerList(std::string_view answer,
                                                    std::vector<ConsumerSnapshot>& into);
    /// One object, as STREAM.INFO and CONSUMER.INFO answer.
    [[nodiscard]] Result<StreamSnapshot> stream(std::string_view answer);
    [[nodiscard]] Result<ConsumerSnapshot> consumer(std::string_view answer);
    /// `message` of STREAM.MSG.GET without its body. NotFound when there is none.
    struct FoundMessage
    {
        StreamSequence sequence;
        ServerTime time{};
        std::string subject;
        std::uint64_t bytes = 0; ///< of the payload
        /// The stream and sequence that it was copied from as a source; empty = it was not.
        std::string origin;
        StreamSequence originSequence;
    };
    [[nodiscard]] Result<FoundMessage> message(std::string_view answer);
    /// How many messages the subjects of STREAM.INFO with `subjects_filter` hold. Unsupported: more subjects
    /// than one page tells.
    [[nodiscard]] Result<std::uint64_t> subjectMessages(std::string_view answer);
    /// The ranges that `state.deleted` of STREAM.INFO with `deleted_details` makes, ascending.
    [[nodiscard]] Result<std::vector<SequenceGap>> deleted(std::string_view answer);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace jetlag
