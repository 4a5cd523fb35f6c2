// SPDX-License-Identifier: Apache-2.0
#include "nats/client/login.h"

#include "model/base/text.h"
#include "nats/client/nkey.h"
#include "nats/client/status.h"

#include <fmt/format.h>

#include <cstring>

namespace jetlag {

namespace {

natsStatus reportFailure(const Error& error, char** customErrorText)
{
    // nats.c frees it with free().
    *customErrorText = strdup(error.message().c_str());
    return NATS_ERR;
}

Result<std::string> readSeed(const Login& login)
{
    Result<std::string> text = resolveSecret(login.seed);
    return text ? seedFromText(*text) : text;
}

natsStatus giveJwt(char** userJwt, char** customErrorText, void* closure)
{
    const auto& login = *static_cast<const Login*>(closure);
    Result<std::string> text = resolveSecret(login.jwt);
    Result<std::string> jwt = text ? jwtFromText(*text) : text;
    if (!jwt)
        return reportFailure(jwt.error(), customErrorText);
    *userJwt = strdup(jwt->c_str());
    return *userJwt ? NATS_OK : NATS_NO_MEMORY;
}

natsStatus signNonce(char** customErrorText, unsigned char** signature, int* signatureLength,
                     const char* nonce, void* closure)
{
    const auto& login = *static_cast<const Login*>(closure);
    // A bearer JWT needs no signature.
    if (login.seed.text.empty()) {
        *signatureLength = 0;
        return NATS_OK;
    }
    const Result<std::string> seed = readSeed(login);
    if (!seed)
        return reportFailure(seed.error(), customErrorText);
    return nats_Sign(seed->c_str(), nonce, signature, signatureLength);
}

Result<void> applySecrets(const ConnectionProfile& profile, natsOptions* options, Login& login)
{
    const int ways = !profile.user.empty() + profile.creds.has_value() + profile.nkey.has_value() +
                     profile.userJwt.has_value();
    if (ways > 1)
        return Error(ErrorCode::InvalidArgument,
                     "name one way to log in, not several of user, creds, nkey and user_jwt");

    natsStatus status = NATS_OK;
    if (profile.token) {
        const Result<std::string> token = resolveSecret(*profile.token);
        if (!token)
            return token.error().whileDoing("reading the token");
        status = natsOptions_SetToken(options, token->c_str());
    }
    if (status == NATS_OK && !profile.user.empty()) {
        Result<std::string> password =
            profile.password ? resolveSecret(*profile.password) : Result<std::string>(std::string());
        if (!password)
            return std::move(password).error().whileDoing("reading the password");
        status = natsOptions_SetUserInfo(options, profile.user.c_str(), password->c_str());
    } else if (status == NATS_OK && profile.nkey) {
        login.seed = *profile.nkey;
        const Result<std::string> seed = readSeed(login);
        const Result<std::string> publicKey = seed ? publicKeyFromSeed(*seed) : seed;
        if (!publicKey)
            return publicKey.error().whileDoing("reading the nkey seed");
        status = natsOptions_SetNKey(options, publicKey->c_str(), &signNonce, &login);
    } else if (status == NATS_OK && (profile.creds || profile.userJwt)) {
        login.jwt = profile.creds ? *profile.creds : *profile.userJwt;
        login.seed = profile.creds ? *profile.creds : profile.userSeed.value_or(SecretReference());
        // Read once here: a missing file is said before anything is sent.
        Result<std::string> text = resolveSecret(login.jwt);
        const Result<std::string> jwt = text ? jwtFromText(*text) : text;
        if (!jwt)
            return jwt.error().whileDoing(
                fmt::format("reading the credentials {}", describeSecret(login.jwt)));
        if (!login.seed.text.empty()) {
            if (const Result<std::string> seed = readSeed(login); !seed)
                return seed.error().whileDoing(
                    fmt::format("reading the credentials {}", describeSecret(login.seed)));
        }
        status = natsOptions_SetUserCredentialsCallbacks(options, &giveJwt, &login, &signNonce, &login);
    }
    if (status != NATS_OK)
        return errorFromStatus(status, "setting the login");
    return {};
}

Result<void> applyTls(const ConnectionProfile& profile, natsOptions* options)
{
    if (profile.certFile.empty() != profile.keyFile.empty())
        return Error(ErrorCode::InvalidArgument, "cert and key of TLS only work together");
    if (!profile.caFile.empty()) {
        if (const natsStatus status = natsOptions_LoadCATrustedCertificates(options, profile.caFile.c_str()))
            return errorFromStatus(
                status, fmt::format("reading the certificates of {}", safeForDisplay(profile.caFile)));
    }
    if (!profile.certFile.empty()) {
        const natsStatus status =
            natsOptions_LoadCertificatesChain(options, profile.certFile.c_str(), profile.keyFile.c_str());
        if (status != NATS_OK)
            return errorFromStatus(status, fmt::format("reading the certificate {} and its key {}",
                                                       safeForDisplay(profile.certFile),
                                                       safeForDisplay(profile.keyFile)));
    }
    if (!profile.caFile.empty() || !profile.certFile.empty())
        natsOptions_SetSecure(options, true);
    return {};
}

} // namespace

Result<std::unique_ptr<Login>> applyLogin(const ConnectionProfile& profile, natsOptions* options)
{
    auto login = std::make_unique<Login>();
    if (Result<void> secrets = applySecrets(profile, options, *login); !secrets)
        return std::move(secrets).error();
    if (Result<void> tls = applyTls(profile, options); !tls)
        return std::move(tls).error();
    return login;
}

} // namespace jetlag
