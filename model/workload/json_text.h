#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <charconv>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace jetlag {

/// Appends one line of JSON to a string, some ten times as fast as building a document first. Whoever
/// uses it keeps begin and end balanced.
///
///     JsonText json(line);
///     json.beginObject();
///     json.field("Event", "SparkListenerJobEnd").field("Job ID", 3);
///     json.key("Job Result").beginObject().field("Result", "JobSucceeded").endObject();
///     json.endObject();
class JsonText final
{
public:
    explicit JsonText(std::string& to)
        : m_to(to)
    {}

    JsonText& beginObject() { return begin('{'); }
    JsonText& endObject() { return end('}'); }
    JsonText& beginArray() { return begin('['); }
    JsonText& endArray() { return end(']'); }

    JsonText& key(std::string_view name)
    {
        separate();
        quote(name);
        m_to += ':';
        m_first = true; // the value needs no comma
        return *this;
    }

    JsonText& value(std::string_view text)
    {
        separate();
        quote(text);
        return *this;
    }
    JsonText& value(const char* text) { return value(std::string_view(text)); }
    JsonText& value(std::same_as<bool> auto flag)
    {
        separate();
        m_to += flag ? "true" : "false";
        return *this;
    }
    template <std::integral Integer>
    requires(!std::same_as<Integer, bool>) JsonText& value(Integer number)
    {
        separate();
        char digits[24];
        const auto [last, failure] = std::to_chars(digits, digits + sizeof(digits), number);
        static_cast<void>(failure); // 24 characters hold every 64-bit number
        m_to.append(digits, last);
        return *this;
    }
    JsonText& null()
    {
        separate();
        m_to += "null";
        return *this;
    }
    template <typename Value>
    JsonText& field(std::string_view name, const Value& value_)
    {
        return key(name).value(value_);
    }

private:
    JsonText& begin(char bracket)
    {
        separate();
        m_to += bracket;
        m_first = true;
        return *this;
    }
    JsonText& end(char bracket)
    {
        m_to += bracket;
        m_first = false;
        return *this;
    }
    void separate()
    {
        if (!m_first)
            m_to += ',';
        m_first = false;
    }
    void quote(std::string_view text)
    {
        m_to += '"';
        for (char c : text) {
            switch (c) {
            case '"':
                m_to += "\\\"";
                break;
            case '\\':
                m_to += "\\\\";
                break;
            case '\n':
                m_to += "\\n";
                break;
            case '\t':
                m_to += "\\t";
                break;
            default:
                m_to += c; // our own texts hold no other control characters
            }
        }
        m_to += '"';
    }

    std::string& m_to;
    bool m_first = true;
};

} // namespace jetlag
