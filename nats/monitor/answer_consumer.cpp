// SPDX-License-Identifier: Apache-2.0
#include "nats/monitor/answer_assets.h"

#include <algorithm>

namespace jetlag::answer {

namespace {

template <typename Position>
void readPosition(od::value value, Position& into, std::optional<ServerTime>& lastActive)
{
    forFields(value, [&](std::string_view key, od::value field) {
        if (key == "consumer_seq")
            read(field, into.consumer);
        else if (key == "stream_seq")
            read(field, into.stream);
        else if (key == "last_active")
            read(field, lastActive);
    });
}

PriorityGroup& findOrAdd(std::vector<PriorityGroup>& groups, const std::string& name)
{
    for (PriorityGroup& group : groups) {
        if (group.name == name)
            return group;
    }
    return groups.emplace_back(PriorityGroup{.name = name});
}

void readConsumerConfig(od::value value, ConsumerSnapshot& into)
{
    forFields(value, [&](std::string_view key, od::value field) {
        if (key == "durable_name") {
            read(field, into.durable);
        } else if (key == "deliver_subject") {
            read(field, into.deliverSubject);
        } else if (key == "deliver_group") {
            read(field, into.deliverGroup);
        } else if (key == "deliver_policy") {
            read(field, into.deliverPolicy);
        } else if (key == "ack_policy") {
            read(field, into.ackPolicy);
        } else if (key == "filter_subject") {
            std::string filter;
            read(field, filter);
            if (!filter.empty())
                into.filters.push_back(std::move(filter));
        } else if (key == "filter_subjects") {
            read(field, into.filters);
        } else if (key == "ack_wait") {
            read(field, into.ackWait);
        } else if (key == "max_deliver") {
            read(field, into.maxDeliver);
        } else if (key == "max_ack_pending") {
            read(field, into.maxAckPending);
        } else if (key == "max_waiting") {
            read(field, into.maxWaiting);
        } else if (key == "priority_policy") {
            read(field, into.priorityPolicy);
        } else if (key == "priority_groups") {
            std::vector<std::string> names;
            read(field, names);
            for (std::string& name : names)
                findOrAdd(into.priorityGroups, name);
        } else if (key == "metadata") {
            readMetadata(field, into.metadata);
        }
    });
}

/// Beside the config: who is pinned. A server tells of the groups that it serves, which may be fewer.
void readPriorityGroups(od::value value, std::vector<PriorityGroup>& into)
{
    forObjects(value, [&](od::object object) {
        std::string name;
        std::string client;
        const bool whole = forFields(object, [&](std::string_view key, od::value field) {
            if (key == "group")
                read(field, name);
            else if (key == "pinned_client_id")
                read(field, client);
        });
        if (whole && !client.empty())
            findOrAdd(into, name).isPinned = true;
        return whole;
    });
}

} // namespace

bool readConsumer(od::object object, ConsumerSnapshot& into, ServerTime& latest)
{
    const bool whole = forFields(object, [&](std::string_view key, od::value field) {
        if (key == "stream_name")
            read(field, into.stream);
        else if (key == "name")
            read(field, into.name);
        else if (key == "created")
            read(field, into.created);
        else if (key == "config")
            readConsumerConfig(field, into);
        else if (key == "delivered")
            readPosition(field, into.delivered, into.lastDelivered);
        else if (key == "ack_floor")
            readPosition(field, into.ackFloor, into.lastAcked);
        else if (key == "num_ack_pending")
            read(field, into.ackPending);
        else if (key == "num_redelivered")
            read(field, into.redelivered);
        else if (key == "num_waiting")
            read(field, into.waiting);
        else if (key == "num_pending")
            read(field, into.pending);
        else if (key == "push_bound")
            read(field, into.pushBound);
        else if (key == "paused")
            read(field, into.paused);
        else if (key == "pause_remaining")
            read(field, into.pauseRemaining);
        else if (key == "priority_groups")
            readPriorityGroups(field, into.priorityGroups);
        else if (key == "cluster")
            readPlacement(field, into.placement);
        else if (key == "ts")
            read(field, into.answered);
    });
    latest = std::max({latest, into.answered.value_or(ServerTime{}),
                       into.lastDelivered.value_or(ServerTime{}), into.lastAcked.value_or(ServerTime{})});
    return whole;
}

} // namespace jetlag::answer
