// SPDX-License-Identifier: Apache-2.0
#include "model/event/message.h"

namespace jetlag {

std::string_view findHeader(HeaderFields headers, std::string_view name) noexcept
{
    for (const HeaderField& field : headers) {
        if (field.name == name)
            return field.value.data() ? field.value : std::string_view("", 0);
    }
    return {};
}

std::string_view toString(GapReason reason) noexcept
{
    switch (reason) {
    case GapReason::Deleted:
        return "deleted";
    case GapReason::Denied:
        return "denied";
    case GapReason::Damaged:
        return "damaged";
    case GapReason::NotRecorded:
        return "not-recorded";
    }
    return "unknown";
}

} // namespace jetlag
