// SPDX-License-Identifier: Apache-2.0
#include "model/profile/connection_profile.h"

#include "model/base/hash.h"
#include "model/base/text.h"

#include <fmt/format.h>

namespace jetlag {

namespace {

std::string_view trimmed(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

/// Where host and login begin, and where the login's "@" is; npos = no login.
struct UrlParts
{
    std::size_t host = 0;
    std::size_t at = std::string::npos;
};

UrlParts partsOf(const std::string& url)
{
    const std::size_t scheme = url.find("://");
    UrlParts parts{.host = scheme == std::string::npos ? 0 : scheme + 3, .at = url.rfind('@')};
    if (parts.at != std::string::npos && parts.at < parts.host)
        parts.at = std::string::npos;
    return parts;
}

// Two tokens of one server are two accounts, and a token has no name. Sixteen bits of a hash tell the few
// that anybody uses apart, and are far too few to find the token by.
std::string nameOfLogin(const std::string& login)
{
    const std::size_t colon = login.find(':');
    return colon != std::string::npos ? login.substr(0, colon)
                                      : fmt::format("token-{:04x}", hash64(login) & 0xffffU);
}

std::string joined(const std::vector<std::string>& urls, bool withUser)
{
    std::string text;
    for (const std::string& url : urls) {
        const auto [host, at] = partsOf(url);
        if (!text.empty())
            text += ", ";
        if (at == std::string::npos) {
            text += safeForDisplay(url);
            continue;
        }
        const std::string login = withUser ? nameOfLogin(url.substr(host, at - host)) + "@" : std::string();
        text += safeForDisplay(url.substr(0, host) + login + url.substr(at + 1));
    }
    return text;
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
    return joined(urls, /*withUser=*/false);
}

std::string ConnectionProfile::title() const
{
    return name.empty() ? joined(urls, /*withUser=*/true) : name;
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
