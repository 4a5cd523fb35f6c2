#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/profile/secret.h"

#include <optional>
#include <string>
#include <vector>

namespace jetlag {

/// How to reach one NATS account: what a nats context file or a `--server` option says. A plain value;
/// secrets stay references until a connection is made.
struct ConnectionProfile
{
    std::string name;        ///< of the context; empty when made from a URL
    std::string origin;      ///< the file it came from; empty when made from a URL
    std::string description; ///< the user's words
    std::string colorScheme; ///< the user's mark for this environment

    std::vector<std::string> urls = {"nats://127.0.0.1:4222"};

    // At most one of user, creds, nkey, userJwt; a token may stand beside any.
    std::string user;
    std::optional<SecretReference> password;
    std::optional<SecretReference> token;
    std::optional<SecretReference> creds; ///< file with user JWT and seed
    std::optional<SecretReference> nkey;  ///< file with a user seed
    std::optional<SecretReference> userJwt;
    std::optional<SecretReference> userSeed;

    std::string caFile; ///< PEM; paths are expanded already
    std::string certFile;
    std::string keyFile;
    bool tlsFirst = false;  ///< handshake before INFO: not supported, connecting says so
    std::string socksProxy; ///< not supported, connecting says so

    std::string jetStreamDomain;
    std::string jetStreamApiPrefix;   ///< as `$JS.API`; wins over the domain
    std::string jetStreamEventPrefix; ///< as `$JS.EVENT`
    std::string inboxPrefix;          ///< as `_INBOX`

    bool operator==(const ConnectionProfile&) const = default;

    /// `$JS.API`, `$JS.<domain>.API` or the prefix given.
    [[nodiscard]] std::string apiPrefix() const;
    /// `$JS.EVENT` or the prefix given.
    [[nodiscard]] std::string eventPrefix() const;
    /// For messages: the URLs without anything secret that may stand in them.
    [[nodiscard]] std::string displayUrls() const;
    /// What tells this connection from all others, free of secrets: the context's name, else the URLs with
    /// the login that decides which account is seen: "nats://jane@host:4222". A login of one word is a token,
    /// and secret: it shows as "token-3f2a", sixteen bits of its hash, which tell two tokens apart and do not
    /// lead back to them.
    [[nodiscard]] std::string title() const;
};

/// A profile for `--server URL`: a comma list; `nats://` may be left out, user:password@ may be in it.
[[nodiscard]] ConnectionProfile profileFromUrl(std::string_view urls);

} // namespace jetlag
