// SPDX-License-Identifier: Apache-2.0
#include "model/profile/nats_context.h"

#include "model/base/text.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace jetlag {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kExtension = ".json";
// A context holds a dozen short texts, at the most a JWT or two.
constexpr std::uintmax_t kMaxFileBytes = 1024 * 1024;

bool isValidContextName(std::string_view name)
{
    return !name.empty() && name.find('/') == std::string_view::npos &&
           name.find('\\') == std::string_view::npos && name.find("..") == std::string_view::npos;
}

Error broken(const fs::path& file, std::string_view why)
{
    return {ErrorCode::Corrupt,
            fmt::format("the context file {} is broken: {}", safeForDisplay(file.string()), why)};
}

/// Reads texts and flags out of a context's JSON and remembers the first thing that is wrong.
class ContextReader final
{
public:
    ContextReader(const fs::path& file, simdjson::dom::object object)
        : m_file(file)
        , m_object(object)
    {}

    std::string text(std::string_view key)
    {
        simdjson::dom::element value;
        if (m_object[key].get(value) != simdjson::SUCCESS || value.is_null())
            return {};
        std::string_view text;
        if (value.get(text) == simdjson::SUCCESS)
            return std::string(text);
        fail(key, "is no text");
        return {};
    }

    bool flag(std::string_view key)
    {
        simdjson::dom::element value;
        bool result = false;
        if (m_object[key].get(value) != simdjson::SUCCESS || value.is_null())
            return false;
        if (value.get(result) != simdjson::SUCCESS)
            fail(key, "is neither true nor false");
        return result;
    }

    std::optional<SecretReference> secret(std::string_view key, SecretReference::Bare bare)
    {
        std::string value = text(key);
        if (value.empty())
            return std::nullopt;
        return SecretReference{std::move(value), bare};
    }

    /// A path of a TLS file: bare or file://, variables and ~ replaced.
    std::string path(std::string_view key)
    {
        std::string value = text(key);
        std::string_view rest = value;
        if (rest.starts_with("file://"))
            rest.remove_prefix(7);
        else if (rest.find("://") != std::string_view::npos || rest.starts_with("data:"))
            fail(key, "must be a path");
        return expandPath(rest);
    }

    [[nodiscard]] const std::optional<Error>& failure() const { return m_failure; }

private:
    void fail(std::string_view key, std::string_view why)
    {
        if (!m_failure)
            m_failure = broken(m_file, fmt::format("\"{}\" {}", key, why));
    }

    const fs::path& m_file;
    simdjson::dom::object m_object;
    std::optional<Error> m_failure;
};

Result<ConnectionProfile> parseContext(const fs::path& file, const std::string& name, const std::string& json)
{
    simdjson::dom::parser parser;
    simdjson::dom::object object;
    if (const simdjson::error_code failure = parser.parse(json).get(object))
        return broken(file, simdjson::error_message(failure));
    ContextReader reader(file, object);
    const std::string url = reader.text("url");
    ConnectionProfile profile = profileFromUrl(url);
    profile.name = name;
    profile.origin = file.string();
    profile.description = reader.text("description");
    profile.colorScheme = reader.text("color_scheme");
    profile.user = reader.text("user");
    profile.password = reader.secret("password", SecretReference::Bare::Value);
    profile.token = reader.secret("token", SecretReference::Bare::Value);
    profile.creds = reader.secret("creds", SecretReference::Bare::Path);
    profile.nkey = reader.secret("nkey", SecretReference::Bare::Path);
    profile.userJwt = reader.secret("user_jwt", SecretReference::Bare::Value);
    profile.userSeed = reader.secret("user_seed", SecretReference::Bare::Value);
    // The older word for what `creds` can name now; connecting says that it needs a program.
    if (std::string nsc = reader.text("nsc"); !nsc.empty() && !profile.creds)
        profile.creds = SecretReference{std::move(nsc), SecretReference::Bare::Path};
    profile.caFile = reader.path("ca");
    profile.certFile = reader.path("cert");
    profile.keyFile = reader.path("key");
    profile.tlsFirst = reader.flag("tls_first");
    profile.socksProxy = reader.text("socks_proxy");
    profile.jetStreamDomain = reader.text("jetstream_domain");
    profile.jetStreamApiPrefix = reader.text("jetstream_api_prefix");
    profile.jetStreamEventPrefix = reader.text("jetstream_event_prefix");
    profile.inboxPrefix = reader.text("inbox_prefix");
    if (reader.failure())
        return *reader.failure();
    if (profile.certFile.empty() != profile.keyFile.empty())
        return broken(file, "\"cert\" and \"key\" only work together");
    return profile;
}

} // namespace

fs::path contextRoot()
{
    if (const char* config = std::getenv("XDG_CONFIG_HOME"); config && *config)
        return fs::path(config) / "nats";
    if (const char* home = std::getenv("HOME"); home && *home)
        return fs::path(home) / ".config" / "nats";
    return {};
}

std::vector<ContextFile> listContexts(const fs::path& root)
{
    const std::optional<std::string> selected = selectedContext(root);
    std::vector<ContextFile> contexts;
    std::error_code failure;
    for (fs::directory_iterator entry(root / "context", failure), end; !failure && entry != end;
         entry.increment(failure)) {
        const fs::path& path = entry->path();
        const std::string name = path.stem().string();
        if (path.extension() == kExtension && isValidContextName(name))
            contexts.push_back({name, path, selected == name});
    }
    std::sort(contexts.begin(), contexts.end(),
              [](const ContextFile& a, const ContextFile& b) { return a.name < b.name; });
    return contexts;
}

std::optional<std::string> selectedContext(const fs::path& root)
{
    std::ifstream file(root / "context.txt");
    std::string name;
    file >> name;
    if (!isValidContextName(name))
        return std::nullopt;
    return name;
}

Result<ConnectionProfile> loadContext(const fs::path& root, const std::string& name)
{
    if (!isValidContextName(name))
        return Error(ErrorCode::InvalidArgument,
                     fmt::format("\"{}\" cannot be the name of a context", safeForDisplay(name)));
    const fs::path path = root / "context" / (name + std::string(kExtension));
    const std::string shown = safeForDisplay(path.string());
    std::error_code failure;
    const std::uintmax_t size = fs::file_size(path, failure);
    if (failure)
        return Error(ErrorCode::NotFound,
                     fmt::format("there is no context {}: no file {}", safeForDisplay(name), shown));
    if (size == 0)
        return broken(path, "it is empty");
    if (size > kMaxFileBytes)
        return broken(path, "it is too large");
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return Error(ErrorCode::Denied, fmt::format("the context file {} cannot be read", shown));
    const std::string json{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    return parseContext(path, name, json);
}

Result<ConnectionProfile> chooseProfile(const fs::path& root, const std::optional<std::string>& context,
                                        const std::optional<std::string>& server)
{
    if (context && server)
        return Error(ErrorCode::InvalidArgument, "name a context or a server, not both");
    if (server)
        return profileFromUrl(*server);
    if (context)
        return loadContext(root, *context);
    if (const std::optional<std::string> selected = selectedContext(root)) {
        Result<ConnectionProfile> profile = loadContext(root, *selected);
        if (!profile)
            return std::move(profile).error().whileDoing("loading the selected context");
        return profile;
    }
    return ConnectionProfile();
}

} // namespace jetlag
