// SPDX-License-Identifier: Apache-2.0
#include "nats/source/raw_headers.h"

#include "model/record/headers.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <string>

namespace jetlag {

namespace {

struct FreeArray
{
    void operator()(const char** array) const noexcept { std::free(static_cast<void*>(array)); }
};
using StringArray = std::unique_ptr<const char*[], FreeArray>;

bool readByCore(std::string_view name)
{
    return std::find(std::begin(headers::kReadByCore), std::end(headers::kReadByCore), name) !=
           std::end(headers::kReadByCore);
}

bool isDirectGetField(std::string_view name)
{
    return name == "Nats-Stream" || name == "Nats-Subject" || name == "Nats-Sequence" ||
           name == "Nats-Time-Stamp";
}

} // namespace

void parseHeaderBlock(std::string_view block, HeaderChoice choice, std::vector<HeaderField>& out)
{
    const std::size_t firstLine = block.find("\r\n");
    if (firstLine == std::string_view::npos)
        return;
    block.remove_prefix(firstLine + 2);
    while (!block.empty()) {
        const std::size_t end = block.find("\r\n");
        const std::string_view line = block.substr(0, end);
        block.remove_prefix(end == std::string_view::npos ? block.size() : end + 2);
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos || colon == 0)
            continue;
        const std::string_view name = line.substr(0, colon);
        std::string_view value = line.substr(colon + 1);
        const std::size_t begin = value.find_first_not_of(" \t");
        value.remove_prefix(begin == std::string_view::npos ? value.size() : begin);
        if (choice == HeaderChoice::All || readByCore(name))
            out.push_back({name, value});
    }
}

void liftHeaders(natsMsg* message, HeaderChoice choice, bool directGet, std::vector<HeaderField>& out)
{
    if (choice == HeaderChoice::Core) {
        for (std::string_view name : headers::kReadByCore) {
            const char* value = nullptr;
            // The names are literals: data() ends with a zero.
            if (natsMsgHeader_Get(message, name.data(), &value) == NATS_OK && value)
                out.push_back({name, value});
        }
        return;
    }
    const char** rawKeys = nullptr;
    int keyCount = 0;
    if (natsMsgHeader_Keys(message, &rawKeys, &keyCount) != NATS_OK)
        return;
    const StringArray keys(rawKeys);
    std::sort(keys.get(), keys.get() + keyCount,
              [](const char* a, const char* b) { return std::string_view(a) < std::string_view(b); });
    for (int i = 0; i < keyCount; ++i) {
        const char** rawValues = nullptr;
        int valueCount = 0;
        if (natsMsgHeader_Values(message, keys[i], &rawValues, &valueCount) != NATS_OK)
            continue;
        const StringArray values(rawValues);
        const int own = directGet && isDirectGetField(keys[i]) ? 1 : 0;
        for (int j = 0; j + own < valueCount; ++j)
            out.push_back({keys[i], values[j]});
    }
}

std::string_view lastHeaderValue(natsMsg* message, const char* name)
{
    const char** rawValues = nullptr;
    int count = 0;
    if (natsMsgHeader_Values(message, name, &rawValues, &count) != NATS_OK || count == 0)
        return {};
    const StringArray values(rawValues);
    return values[count - 1];
}

} // namespace jetlag
