// SPDX-License-Identifier: Apache-2.0
#include "nats/client/server_greeting.h"

#include "model/base/text.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <memory>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace jetlag {

namespace {

using namespace std::chrono;

class Socket final
{
public:
    explicit Socket(int fd)
        : m_fd(fd)
    {}
    ~Socket()
    {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    [[nodiscard]] int fd() const noexcept { return m_fd; }

private:
    int m_fd;
};

bool waitFor(int fd, short events, steady_clock::time_point deadline)
{
    const auto left = duration_cast<milliseconds>(deadline - steady_clock::now()).count();
    pollfd entry{fd, events, 0};
    return left > 0 && ::poll(&entry, 1, static_cast<int>(left)) == 1;
}

bool connectTo(int fd, const addrinfo& address, steady_clock::time_point deadline)
{
    if (::connect(fd, address.ai_addr, address.ai_addrlen) == 0)
        return true;
    if (errno != EINPROGRESS || !waitFor(fd, POLLOUT, deadline))
        return false;
    int failure = 0;
    socklen_t size = sizeof failure;
    return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &failure, &size) == 0 && failure == 0;
}

// Up to the first line end; an INFO line is a few hundred bytes.
std::string readLine(int fd, steady_clock::time_point deadline)
{
    constexpr std::size_t kMaxLine = 64 * 1024;
    std::string line;
    char block[2048];
    while (line.find('\n') == std::string::npos && line.size() < kMaxLine && waitFor(fd, POLLIN, deadline)) {
        const ssize_t got = ::recv(fd, block, sizeof block, 0);
        if (got <= 0)
            break;
        line.append(block, static_cast<std::size_t>(got));
    }
    line.resize(std::min(line.size(), line.find('\n')));
    return line;
}

void read(const simdjson::dom::object& root, std::string_view name, std::string& into)
{
    std::string_view text;
    if (root[name].get(text) == simdjson::SUCCESS)
        into = text;
}

Result<ServerGreeting> parseGreeting(std::string_view line)
{
    const Error noServer(ErrorCode::Corrupt, "what answers there is no NATS server");
    if (!line.starts_with("INFO "))
        return noServer;
    simdjson::dom::parser parser;
    simdjson::dom::object root;
    const std::string json(line.substr(5));
    if (parser.parse(json).get(root) != simdjson::SUCCESS)
        return noServer;
    ServerGreeting greeting;
    read(root, "version", greeting.version);
    read(root, "server_name", greeting.name);
    read(root, "cluster", greeting.cluster);
    read(root, "server_id", greeting.id);
    read(root, "domain", greeting.domain);
    bool flag = false;
    greeting.jetStream = root["jetstream"].get(flag) == simdjson::SUCCESS && flag;
    greeting.tlsRequired = root["tls_required"].get(flag) == simdjson::SUCCESS && flag;
    std::int64_t number = 0;
    if (root["max_payload"].get(number) == simdjson::SUCCESS)
        greeting.maxPayload = number;
    return greeting;
}

} // namespace

Result<ServerGreeting> readServerGreeting(const std::string& host, std::uint16_t port, milliseconds patience)
{
    const auto deadline = steady_clock::now() + patience;
    const std::string shown = fmt::format("{}:{}", safeForDisplay(host), port);
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0)
        return Error(ErrorCode::Unavailable,
                     fmt::format("the name {} cannot be resolved", safeForDisplay(host)));
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> addresses(found, &::freeaddrinfo);
    for (const addrinfo* address = addresses.get(); address; address = address->ai_next) {
        const Socket socket(::socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        if (socket.fd() < 0 || !connectTo(socket.fd(), *address, deadline))
            continue;
        Result<ServerGreeting> greeting = parseGreeting(readLine(socket.fd(), deadline));
        if (!greeting)
            return std::move(greeting).error().whileDoing(shown);
        return greeting;
    }
    return Error(ErrorCode::Unavailable, fmt::format("nobody listens at {}", shown));
}

std::optional<std::pair<std::string, std::uint16_t>> hostAndPort(std::string_view url)
{
    if (const std::size_t scheme = url.find("://"); scheme != std::string_view::npos)
        url.remove_prefix(scheme + 3);
    if (const std::size_t at = url.rfind('@'); at != std::string_view::npos)
        url.remove_prefix(at + 1);
    while (url.ends_with('/'))
        url.remove_suffix(1);
    std::uint64_t port = 4222;
    const std::size_t colon = url.rfind(':');
    const std::size_t bracket = url.rfind(']');
    if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
        const std::optional<std::uint64_t> given = parseU64(url.substr(colon + 1));
        if (!given || *given == 0 || *given > 65'535)
            return std::nullopt;
        port = *given;
        url = url.substr(0, colon);
    }
    if (url.starts_with('[') && url.ends_with(']'))
        url = url.substr(1, url.size() - 2);
    if (url.empty())
        return std::nullopt;
    return std::pair(std::string(url), static_cast<std::uint16_t>(port));
}

} // namespace jetlag
