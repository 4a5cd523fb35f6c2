// SPDX-License-Identifier: Apache-2.0
#include "model/profile/secret.h"

#include "model/base/text.h"

#include <fmt/format.h>

#include <cctype>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace jetlag {

namespace {

// Far above any key or creds file; keeps a wrong path (a device, a log) from filling memory.
constexpr std::size_t kMaxSecretBytes = 256 * 1024;

bool takePrefix(std::string_view& text, std::string_view prefix)
{
    if (!text.starts_with(prefix))
        return false;
    text.remove_prefix(prefix.size());
    return true;
}

void dropLineEnd(std::string& text)
{
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
        text.pop_back();
}

Result<std::string> readSecretFile(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return Error(ErrorCode::NotFound, fmt::format("the file {} cannot be read", safeForDisplay(path)));
    std::string content;
    char block[4096];
    while (file.read(block, sizeof block) || file.gcount() > 0) {
        content.append(block, static_cast<std::size_t>(file.gcount()));
        if (content.size() > kMaxSecretBytes)
            return Error(ErrorCode::Corrupt,
                         fmt::format("{} is too large for a key or creds file", safeForDisplay(path)));
    }
    dropLineEnd(content);
    if (content.empty())
        return Error(ErrorCode::Corrupt, fmt::format("{} is empty or no file", safeForDisplay(path)));
    return content;
}

Result<std::string> decodeDataUrl(std::string_view rest)
{
    const std::size_t comma = rest.find(',');
    if (comma == std::string_view::npos)
        return Error(ErrorCode::Corrupt, "a data: reference has no comma before its content");
    const std::string_view kind = rest.substr(0, comma);
    const std::string_view body = rest.substr(comma + 1);
    if (!kind.ends_with(";base64"))
        return percentDecode(body);
    std::optional<std::string> decoded = base64Decode(body);
    if (!decoded)
        return Error(ErrorCode::Corrupt, "the content of a data: reference is no base64");
    return std::move(*decoded);
}

Error needsProgram(std::string_view scheme, std::string_view program)
{
    return {ErrorCode::Unsupported,
            fmt::format(
                "{}:// references need the program {}, which is not run; export the secret to a file or a "
                "variable and name it with file:// or env://",
                scheme, program)};
}

} // namespace

Result<std::string> resolveSecret(const SecretReference& reference)
{
    std::string_view rest = reference.text;
    if (takePrefix(rest, "file://"))
        return readSecretFile(expandPath(rest));
    if (takePrefix(rest, "env://")) {
        const std::string name(rest);
        const char* value = std::getenv(name.c_str());
        if (!value || !*value)
            return Error(ErrorCode::NotFound,
                         fmt::format("the variable {} is not set", safeForDisplay(name)));
        return std::string(value);
    }
    if (takePrefix(rest, "data:"))
        return decodeDataUrl(rest);
    if (rest.starts_with("op://"))
        return needsProgram("op", "op (1Password)");
    if (rest.starts_with("nsc://"))
        return needsProgram("nsc", "nsc");
    if (reference.bare == SecretReference::Bare::Path)
        return readSecretFile(expandPath(rest));
    return reference.text;
}

std::string describeSecret(const SecretReference& reference)
{
    for (std::string_view scheme : {"file://", "env://", "op://", "nsc://"})
        if (reference.text.starts_with(scheme))
            return safeForDisplay(reference.text);
    if (reference.text.starts_with("data:") || reference.bare == SecretReference::Bare::Value)
        return "(given in place)";
    return safeForDisplay(reference.text);
}

std::string expandPath(std::string_view path)
{
    std::string expanded;
    if (path == "~" || path.starts_with("~/")) {
        if (const char* home = std::getenv("HOME")) {
            expanded = home;
            path.remove_prefix(1);
        }
    }
    while (!path.empty()) {
        if (path.front() != '$' || path.size() == 1) {
            expanded += path.front();
            path.remove_prefix(1);
            continue;
        }
        path.remove_prefix(1);
        const bool braced = path.front() == '{' && path.find('}') != std::string_view::npos;
        std::size_t length = 0;
        if (braced) {
            path.remove_prefix(1);
            length = path.find('}');
        } else {
            while (length < path.size() &&
                   (std::isalnum(static_cast<unsigned char>(path[length])) || path[length] == '_'))
                ++length;
        }
        if (const char* value = std::getenv(std::string(path.substr(0, length)).c_str()))
            expanded += value;
        else if (length == 0)
            expanded += '$';
        path.remove_prefix(length + (braced ? 1 : 0));
    }
    return expanded;
}

} // namespace jetlag
