// SPDX-License-Identifier: Apache-2.0
#include "model/service/connection_test.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace jetlag {

namespace {

std::vector<std::string> missing(const ConnectionTest& test, std::vector<std::string> Ability::*subjects)
{
    std::vector<std::string> all;
    for (const Ability& ability : test.abilities) {
        if (ability.grant != Grant::Missing)
            continue;
        for (const std::string& subject : ability.*subjects) {
            if (std::find(all.begin(), all.end(), subject) == all.end())
                all.push_back(subject);
        }
    }
    return all;
}

std::string quotedList(const std::vector<std::string>& subjects)
{
    std::vector<std::string> quoted;
    quoted.reserve(subjects.size());
    for (const std::string& subject : subjects)
        quoted.push_back(fmt::format("\"{}\"", subject));
    return fmt::format("[{}]", fmt::join(quoted, ", "));
}

} // namespace

std::string testSentence(const ConnectionTest& test)
{
    if (!test.server.jetStream)
        return "Answers, but JetStream is off for this account: there is nothing to watch.";
    const auto lacks = std::count_if(test.abilities.begin(), test.abilities.end(),
                                     [](const Ability& one) { return one.grant == Grant::Missing; });
    if (lacks == 0)
        return "Can be used, nothing is missing.";
    return fmt::format("Can be used, {} {} missing.", lacks, lacks == 1 ? "thing is" : "things are");
}

std::string nscCommand(const ConnectionTest& test)
{
    const std::vector<std::string> publish = missing(test, &Ability::publishSubjects);
    const std::vector<std::string> subscribe = missing(test, &Ability::subscribeSubjects);
    if (publish.empty() && subscribe.empty())
        return {};
    std::string command = fmt::format("nsc edit user -n {}", test.user.empty() ? "USER" : test.user);
    for (const std::string& subject : publish)
        command += fmt::format(" \\\n  --allow-pub '{}'", subject);
    for (const std::string& subject : subscribe)
        command += fmt::format(" \\\n  --allow-sub '{}'", subject);
    return command;
}

std::string publishPermission(const std::vector<std::string>& subjects)
{
    return subjects.empty() ? std::string() : fmt::format("publish: {{ allow: {} }}", quotedList(subjects));
}

std::string serverPermissions(const ConnectionTest& test)
{
    const std::vector<std::string> publish = missing(test, &Ability::publishSubjects);
    const std::vector<std::string> subscribe = missing(test, &Ability::subscribeSubjects);
    if (publish.empty() && subscribe.empty())
        return {};
    std::string block = "permissions: {\n";
    if (!publish.empty())
        block += fmt::format("  {}\n", publishPermission(publish));
    if (!subscribe.empty())
        block += fmt::format("  subscribe: {{ allow: {} }}\n", quotedList(subscribe));
    return block + "}";
}

} // namespace jetlag
