// SPDX-License-Identifier: Apache-2.0
#include "model/profile/connection_profile.h"

#include "model/base/text.h"

namespace jetlag {

namespace {

std::string_view trimmed(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

} // namespace

std::string ConnectionProfile::apiPrefix() const
{
    if (!jetStreamApiPrefix.empty())
        return jetStreamApiPrefix.ends_with('.') ? jetStreamApiPrefix.substr(0, jetStreamApiPrefix.size() - 1)
                                                 : jetStreamApiPrefix;
    return jetStreamDomain.empty() ? "$JS.API" : "$JS." + jetStreamDomain + ".API";
}

std::string ConnectionProfile::eventPrefix() const
{
    return jetStreamEventPrefix.empty() ? "$JS.EVENT" : jetStreamEventPrefix;
}

std::string ConnectionProfile::displayUrls() const
{
    std::string text;
    for (const std::string& url : urls) {
        const std::size_t scheme = url.find("://");
        const std::size_t host = scheme == std::string::npos ? 0 : scheme + 3;
        const std::size_t at = url.rfind('@');
        if (!text.empty())
            text += ", ";
        text += safeForDisplay(
            at == std::string::npos || at < host ? url : url.substr(0, host) + url.substr(at + 1));
    }
    return text;
}

ConnectionProfile profileFromUrl(std::string_view urls)
{
    ConnectionProfile profile;
    profile.urls.clear();
    while (!urls.empty()) {
        const std::size_t comma = urls.find(',');
        const std::string_view url = trimmed(urls.substr(0, comma));
        if (!url.empty())
            profile.urls.push_back((url.find("://") == std::string_view::npos ? "nats://" : "") +
                                   std::string(url));
        urls = comma == std::string_view::npos ? std::string_view() : urls.substr(comma + 1);
    }
    if (profile.urls.empty())
        profile.urls = ConnectionProfile().urls;
    return profile;
}

} // namespace jetlag
