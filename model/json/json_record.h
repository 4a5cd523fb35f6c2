#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace jetlag {

class JsonValue;
class JsonFields;

/// One JSON text, judged as a whole and read in place:
///
///     JsonRecord record;                       // kept and used again: it owns the buffers
///     if (!record.read(payload, padded))       // not well-formed as a whole
///         ...
///     record.root()["Task Info"]["Index"].integer();
///
/// It accepts exactly what simdjson's DOM parser accepts, which is the strict reading of the whole text, for
/// about half of the cost: no tree is built. simdjson's first stage finds brackets, commas, colons and where
/// values begin (and refuses broken UTF-8, open strings and control characters); one pass over them checks
/// the grammar and remembers where every bracket closes, so that a reader can jump. Values that cannot be
/// judged at a glance (numbers of many digits, surrogates, great depth) are left to the DOM parser itself.
///
/// Values are views: good until the next read() and while the payload lives. One thread.
class JsonRecord final
{
public:
    JsonRecord();
    ~JsonRecord();
    JsonRecord(const JsonRecord&) = delete;
    JsonRecord& operator=(const JsonRecord&) = delete;

    /// Longer names are found too, only not at a glance.
    static constexpr std::size_t kShortName = 62;

    /// False: refused. `padded`: kPayloadPadding readable bytes follow the text; without it the text is
    /// copied.
    [[nodiscard]] bool read(std::string_view text, bool padded);
    /// Absent when the text is one lone string, number or word: nothing to look into.
    [[nodiscard]] JsonValue root() const;

private:
    friend class JsonValue;
    friend class JsonFields;

    enum class Verdict { Good, Broken, Unsure };
    [[nodiscard]] bool index(const char* text, std::size_t size);
    [[nodiscard]] Verdict walk();
    [[nodiscard]] bool escapesAreSimple() const;
    [[nodiscard]] bool domAccepts() const;

    [[nodiscard]] char at(std::uint32_t token) const { return m_text[m_tokens[token]]; }
    [[nodiscard]] bool opens(std::uint32_t token) const { return at(token) == '{' || at(token) == '['; }
    /// The token behind the value that begins at `token`.
    [[nodiscard]] std::uint32_t behind(std::uint32_t token) const
    {
        return (opens(token) ? m_closes[token] : token) + 1;
    }
    /// What stands between the quotes, as written.
    [[nodiscard]] std::string_view rawText(std::uint32_t token) const
    {
        const std::size_t begin = m_tokens[token] + 1;
        std::size_t end = m_tokens[token + 1];
        // Nothing but white space can stand between a string and the token behind it.
        while (m_text[--end] != '"') {
        }
        return {m_text + begin, end - begin};
    }
    [[nodiscard]] bool isName(std::uint32_t token, std::string_view name) const
    {
        // Looks past the end of shorter names, at most into the padding. A name that holds an escape never
        // looks like what it means.
        const char* const written = m_text + m_tokens[token] + 1;
        if (name.size() <= kShortName && written[name.size()] == '"' &&
            std::memcmp(written, name.data(), name.size()) == 0)
            return true;
        return (m_hasEscapes || name.size() > kShortName) && isRareName(token, name);
    }
    [[nodiscard]] bool isRareName(std::uint32_t token, std::string_view name) const;
    [[nodiscard]] std::string unescaped(std::string_view raw) const;

    struct Parsers;
    std::unique_ptr<Parsers> m_parsers;
    std::string m_copy; ///< of a text that brought no padding
    const char* m_text = nullptr;
    std::size_t m_size = 0;
    const std::uint32_t* m_tokens = nullptr; ///< where in the text each token begins
    std::uint32_t m_count = 0;
    std::unique_ptr<std::uint32_t[]> m_closes; ///< of a token that opens: the token that closes it
    std::size_t m_closesSize = 0;
    bool m_hasEscapes = false;
    bool m_hasRoot = false;
};

/// A value, or the absence of one: whatever is asked of an absent value, or of one of another type, is
/// absent.
class JsonValue final
{
public:
    JsonValue() = default;

    /// The same place of the same record.
    [[nodiscard]] bool operator==(const JsonValue&) const = default;

    [[nodiscard]] bool exists() const { return m_record != nullptr; }
    [[nodiscard]] bool isObject() const { return exists() && m_record->at(m_token) == '{'; }
    [[nodiscard]] bool isArray() const { return exists() && m_record->at(m_token) == '['; }
    [[nodiscard]] bool isString() const { return exists() && m_record->at(m_token) == '"'; }

    /// The first field of that name.
    [[nodiscard]] JsonValue operator[](std::string_view name) const;

    /// A whole number written as one (1.0 is none) within 64 bits; those that only fit unsigned wrap around
    /// when `wrap` says so.
    [[nodiscard]] std::optional<std::int64_t> integer(bool wrap = false) const;
    [[nodiscard]] bool isTrue() const { return exists() && m_record->at(m_token) == 't'; }
    [[nodiscard]] std::optional<std::string> text() const;
    /// The same without a copy where nothing is escaped; `scratch` holds it otherwise. Empty when it is none.
    [[nodiscard]] std::string_view view(std::string& scratch) const;

    /// Calls `each(JsonValue)` for the items of an array.
    template <typename Each>
    void forEachItem(Each each) const
    {
        if (!isArray())
            return;
        std::uint32_t token = m_token + 1;
        while (m_record->at(token) != ']') {
            each(JsonValue(*m_record, token));
            token = m_record->behind(token);
            if (m_record->at(token) == ',')
                ++token;
        }
    }

private:
    friend class JsonRecord;
    friend class JsonFields;
    JsonValue(const JsonRecord& record, std::uint32_t token)
        : m_record(&record)
        , m_token(token)
    {}

    const JsonRecord* m_record = nullptr;
    std::uint32_t m_token = 0;
};

/// An object's fields asked for in about the order in which they were written: each look-up goes on where the
/// last one ended, where a look-up by name alone would begin at the front again.
class JsonFields final
{
public:
    explicit JsonFields(JsonValue object)
        : m_object(object.isObject() ? object : JsonValue())
        , m_next(object.m_token + 1)
    {}

    [[nodiscard]] JsonValue operator[](std::string_view name);

private:
    /// The value of the first field called `name` from the key `from` on, before the key `until`.
    [[nodiscard]] JsonValue find(std::string_view name, std::uint32_t from, std::uint32_t until);

    JsonValue m_object;
    std::uint32_t m_next;
};

inline std::optional<std::int64_t> JsonValue::integer(bool wrap) const
{
    if (!exists())
        return std::nullopt;
    const char* at = m_record->m_text + m_record->m_tokens[m_token];
    const bool negative = *at == '-';
    at += negative;
    // Within 64 bits, as read() saw to; of a number with a fraction this is thrown away.
    std::uint64_t value = 0;
    const char* const first = at;
    for (; static_cast<unsigned char>(*at - '0') < 10; ++at)
        value = value * 10 + static_cast<unsigned char>(*at - '0');
    if (at == first || *at == '.' || *at == 'e' || *at == 'E')
        return std::nullopt;
    if (negative)
        return static_cast<std::int64_t>(0 - value);
    if (!wrap && value > static_cast<std::uint64_t>(INT64_MAX))
        return std::nullopt;
    return static_cast<std::int64_t>(value);
}

inline JsonValue JsonRecord::root() const
{
    return m_hasRoot ? JsonValue(*this, 0) : JsonValue();
}

inline JsonValue JsonFields::find(std::string_view name, std::uint32_t from, std::uint32_t until)
{
    const JsonRecord& record = *m_object.m_record;
    for (std::uint32_t key = from; key < until && record.at(key) == '"';) {
        const std::uint32_t value = key + 2;
        std::uint32_t next = record.behind(value);
        if (record.at(next) == ',')
            ++next;
        if (record.isName(key, name)) {
            m_next = next;
            return JsonValue(record, value);
        }
        key = next;
    }
    return {};
}

inline JsonValue JsonFields::operator[](std::string_view name)
{
    if (!m_object.exists())
        return {};
    const std::uint32_t begin = m_next;
    const JsonValue found = find(name, begin, UINT32_MAX);
    return found.exists() ? found : find(name, m_object.m_token + 1, begin);
}

inline JsonValue JsonValue::operator[](std::string_view name) const
{
    return JsonFields(*this)[name];
}

} // namespace jetlag
