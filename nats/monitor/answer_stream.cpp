// SPDX-License-Identifier: Apache-2.0
#include "nats/monitor/answer_assets.h"

#include <algorithm>

namespace jetlag::answer {

namespace {

bool readSource(od::object object, std::vector<SourceSnapshot>& into)
{
    SourceSnapshot& source = into.emplace_back();
    return forFields(object, [&](std::string_view key, od::value field) {
        if (key == "name") {
            read(field, source.name);
        } else if (key == "lag") {
            read(field, source.lag);
        } else if (key == "active") {
            std::chrono::nanoseconds active{-1}; // -1: nothing heard yet
            read(field, active);
            if (active.count() >= 0)
                source.active = active;
        } else if (key == "error") {
            forFields(field, [&](std::string_view name, od::value part) {
                if (name == "description")
                    read(part, source.problem);
            });
        }
    });
}

/// One of `sources` in the config, or `mirror`: what is to be copied.
bool readConfigured(od::object object, bool isMirror, std::vector<SourceSnapshot>& into)
{
    SourceSnapshot& source = into.emplace_back();
    source.isMirror = isMirror;
    source.isPlain = true;
    return forFields(object, [&](std::string_view key, od::value field) {
        if (key == "name")
            read(field, source.name);
        else if (key == "filter_subject")
            read(field, source.filter);
        else if (key == "opt_start_seq" || key == "opt_start_time" || key == "external" ||
                 key == "subject_transforms")
            source.isPlain = false;
    });
}

void readMirrored(od::value value, std::vector<SourceSnapshot>& into)
{
    od::object object;
    if (value.get_object().get(object) == simdjson::SUCCESS)
        readConfigured(object, true, into);
}

/// What is copied, and how far that has come, stand apart in an answer.
void joinSources(const std::vector<SourceSnapshot>& configured, std::vector<SourceSnapshot>& told)
{
    for (SourceSnapshot& source : told) {
        const auto isIt = [&](const SourceSnapshot& other) { return other.name == source.name; };
        const auto found = std::ranges::find_if(configured, isIt);
        if (found == configured.end())
            continue;
        source.isMirror = found->isMirror;
        source.isPlain = found->isPlain && std::ranges::count_if(configured, isIt) == 1;
        source.filter = found->filter;
    }
}

void readStreamConfig(od::value value, StreamSnapshot& into, std::vector<SourceSnapshot>& configured)
{
    forFields(value, [&](std::string_view key, od::value field) {
        if (key == "name")
            read(field, into.name);
        else if (key == "subjects")
            read(field, into.subjects);
        else if (key == "retention")
            read(field, into.retention);
        else if (key == "storage")
            read(field, into.storage);
        else if (key == "discard")
            read(field, into.discard);
        else if (key == "max_msgs")
            read(field, into.maxMessages);
        else if (key == "max_bytes")
            read(field, into.maxBytes);
        else if (key == "max_msgs_per_subject")
            read(field, into.maxMessagesPerSubject);
        else if (key == "max_age")
            read(field, into.maxAge);
        else if (key == "allow_direct")
            read(field, into.allowDirect);
        else if (key == "sealed")
            read(field, into.sealed);
        else if (key == "num_replicas")
            read(field, into.configuredReplicas);
        else if (key == "metadata")
            readMetadata(field, into.metadata);
        else if (key == "sources")
            forObjects(field, [&](od::object one) { return readConfigured(one, false, configured); });
        else if (key == "mirror")
            readMirrored(field, configured);
    });
}

void readStreamState(od::value value, StreamSnapshot& into)
{
    forFields(value, [&](std::string_view key, od::value field) {
        if (key == "messages")
            read(field, into.messages);
        else if (key == "bytes")
            read(field, into.bytes);
        else if (key == "first_seq")
            read(field, into.firstSequence);
        else if (key == "last_seq")
            read(field, into.lastSequence);
        else if (key == "first_ts")
            read(field, into.firstTime);
        else if (key == "last_ts")
            read(field, into.lastTime);
        else if (key == "num_subjects")
            read(field, into.subjectCount);
        else if (key == "num_deleted")
            read(field, into.deleted);
        else if (key == "consumer_count")
            read(field, into.consumerCount);
    });
}

void readMirror(od::value value, std::vector<SourceSnapshot>& into)
{
    od::object object;
    if (value.get_object().get(object) == simdjson::SUCCESS)
        readSource(object, into);
}

} // namespace

bool readStream(od::object object, StreamSnapshot& into, ServerTime& latest)
{
    std::vector<SourceSnapshot> configured;
    const bool whole = forFields(object, [&](std::string_view key, od::value field) {
        if (key == "config")
            readStreamConfig(field, into, configured);
        else if (key == "state")
            readStreamState(field, into);
        else if (key == "created")
            read(field, into.created);
        else if (key == "cluster")
            readPlacement(field, into.placement);
        else if (key == "sources")
            forObjects(field, [&](od::object source) { return readSource(source, into.sources); });
        else if (key == "mirror")
            readMirror(field, into.sources);
        else if (key == "ts")
            read(field, into.answered);
    });
    joinSources(configured, into.sources);
    latest = std::max({latest, into.answered.value_or(ServerTime{}), into.lastTime, into.created});
    return whole;
}

} // namespace jetlag::answer
