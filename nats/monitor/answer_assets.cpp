// SPDX-License-Identifier: Apache-2.0
#include "nats/monitor/answer_assets.h"

#include <algorithm>

namespace jetlag::answer {

namespace {

void readReplicas(od::value value, std::vector<ReplicaSnapshot>& into)
{
    forObjects(value, [&](od::object object) {
        ReplicaSnapshot& replica = into.emplace_back();
        return forFields(object, [&](std::string_view key, od::value field) {
            if (key == "name")
                read(field, replica.name);
            else if (key == "current")
                read(field, replica.current);
            else if (key == "offline")
                read(field, replica.offline);
            else if (key == "active")
                read(field, replica.active);
            else if (key == "lag")
                read(field, replica.lag);
        });
    });
}

} // namespace

void readMetadata(od::value value, AssetMetadata& into)
{
    od::object object;
    if (value.get_object().get(object) != simdjson::SUCCESS)
        return;
    for (auto entry : object) {
        od::field field;
        std::string_view key; // owners' own words: any
        if (std::move(entry).get(field) != simdjson::SUCCESS ||
            field.unescaped_key().get(key) != simdjson::SUCCESS)
            return;
        auto& [name, text] = into.emplace_back();
        name.assign(key);
        read(field.value(), text);
    }
}

void readPlacement(od::value value, PlacementSnapshot& into)
{
    forFields(value, [&](std::string_view key, od::value field) {
        if (key == "name")
            read(field, into.cluster);
        else if (key == "leader")
            read(field, into.leader);
        else if (key == "replicas")
            readReplicas(field, into.replicas);
    });
}

} // namespace jetlag::answer
