// SPDX-License-Identifier: Apache-2.0
#include "tests/support/server_count.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace jetlag::test {

namespace {

sockaddr_in localAddress(std::uint16_t port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

std::string httpGet(std::uint16_t port, const std::string& path)
{
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = localAddress(port);
    if (fd < 0 || ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        ::close(fd);
        throw std::runtime_error("the server's monitoring port does not answer");
    }
    const std::string request = fmt::format("GET {} HTTP/1.0\r\n\r\n", path);
    const bool sent = ::write(fd, request.data(), request.size()) == static_cast<ssize_t>(request.size());
    std::string answer;
    std::array<char, 65'536> buffer{};
    for (ssize_t got = 0; sent && (got = ::read(fd, buffer.data(), buffer.size())) > 0;)
        answer.append(buffer.data(), static_cast<std::size_t>(got));
    ::close(fd);
    const std::size_t body = answer.find("\r\n\r\n");
    if (body == std::string::npos)
        throw std::runtime_error("the server's monitoring port gives no answer");
    return answer.substr(body + 4);
}

} // namespace

std::optional<ServerCount> countOf(std::uint16_t monitoring, std::string_view clientName)
{
    simdjson::dom::parser parser;
    const simdjson::padded_string answer(httpGet(monitoring, "/connz?limit=1024"));
    simdjson::dom::array connections;
    if (parser.parse(answer)["connections"].get(connections) != simdjson::SUCCESS)
        throw std::runtime_error("the server does not list its connections");
    for (simdjson::dom::element connection : connections) {
        std::string_view name;
        if (connection["name"].get(name) != simdjson::SUCCESS || name != clientName)
            continue;
        const auto number = [&](const char* key) { return connection[key].get_uint64().value(); };
        // As the server sees it: in is what the client sent.
        return ServerCount{number("in_msgs"), number("out_msgs"), number("in_bytes"), number("out_bytes")};
    }
    return std::nullopt;
}

std::uint16_t freePort()
{
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = localAddress(0);
    socklen_t length = sizeof address;
    const bool found = fd >= 0 && ::bind(fd, reinterpret_cast<sockaddr*>(&address), length) == 0 &&
                       ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) == 0;
    ::close(fd);
    if (!found)
        throw std::runtime_error("no free port");
    return ntohs(address.sin_port);
}

} // namespace jetlag::test
