// SPDX-License-Identifier: Apache-2.0
#include "model/json/json_record.h"

#include "model/base/byte_arena.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace jetlag {

namespace {

static_assert(kPayloadPadding >= simdjson::SIMDJSON_PADDING);

// Below the DOM parser's own limit of 1,024 levels; what is deeper is its business.
constexpr std::size_t kSureDepth = 1'000;
constexpr std::size_t kMostDepth = 1'100;

static_assert(JsonRecord::kShortName + 2 <= kPayloadPadding);

// Whatever has so few digits fits 64 bits; with an exponent of two digits it is also a finite double.
constexpr std::ptrdiff_t kSureDigits = 18;
constexpr std::ptrdiff_t kSureFraction = 25;
constexpr std::ptrdiff_t kSureExponent = 2;
// One that is cut off at the end of the text is looked at no further than into the padding: signs, point, `e`
// and a digit too many of each.
static_assert(kSureDigits + kSureFraction + kSureExponent + 8 <= std::ptrdiff_t(kPayloadPadding));

bool isDigit(char c)
{
    return static_cast<unsigned char>(c - '0') < 10;
}

/// What may stand behind a number or a word inside brackets.
constexpr std::array<bool, 256> kEndsScalar = [] {
    std::array<bool, 256> ends{};
    for (const char c : {',', ']', '}', ' ', '\t', '\n', '\r'})
        ends[static_cast<unsigned char>(c)] = true;
    return ends;
}();

bool endsScalar(char c)
{
    return kEndsScalar[static_cast<unsigned char>(c)];
}

/// Behind the digits that begin at `at`, at most one more than `sure`: a number that was cut off may go on in
/// what stands behind the text, for ever.
const char* behindDigits(const char* at, std::ptrdiff_t sure)
{
    const char* const limit = at + sure + 1;
    while (at != limit && isDigit(*at))
        ++at;
    return at;
}

/// A number that needs no second look. Others may still be right.
bool isPlainNumber(const char* at)
{
    at += *at == '-';
    const char* const first = at;
    at = behindDigits(at, kSureDigits);
    if (at == first || at - first > kSureDigits || (*first == '0' && at - first > 1))
        return false;
    if (*at == '.') {
        const char* const fraction = ++at;
        at = behindDigits(at, kSureFraction);
        if (at == fraction || at - fraction > kSureFraction)
            return false;
    }
    if (*at == 'e' || *at == 'E') {
        ++at;
        at += *at == '-' || *at == '+';
        const char* const exponent = at;
        at = behindDigits(at, kSureExponent);
        if (at == exponent || at - exponent > kSureExponent)
            return false;
    }
    return endsScalar(*at);
}

bool isPlainWord(const char* at)
{
    switch (*at) {
    case 't':
        return std::memcmp(at, "true", 4) == 0 && endsScalar(at[4]);
    case 'f':
        return std::memcmp(at, "false", 5) == 0 && endsScalar(at[5]);
    case 'n':
        return std::memcmp(at, "null", 4) == 0 && endsScalar(at[4]);
    default:
        return false;
    }
}

std::optional<unsigned> hexValue(std::string_view digits)
{
    unsigned value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    return error == std::errc() && end == digits.data() + digits.size() ? std::optional(value) : std::nullopt;
}

} // namespace

struct JsonRecord::Parsers
{
    std::unique_ptr<simdjson::internal::dom_parser_implementation> indexer;
    simdjson::dom::parser judge; ///< asked only where the walk is not sure
};

JsonRecord::JsonRecord()
    : m_parsers(std::make_unique<Parsers>())
{}

JsonRecord::~JsonRecord() = default;

bool JsonRecord::read(std::string_view text, bool padded)
{
    m_hasRoot = false;
    if (!padded) {
        m_copy.reserve(text.size() + kPayloadPadding);
        m_copy.assign(text);
        m_copy.append(kPayloadPadding, ' ');
        text = std::string_view(m_copy).substr(0, text.size());
    }
    if (!index(text.data(), text.size()))
        return false;
    m_hasEscapes = std::memchr(m_text, '\\', m_size) != nullptr;
    if (m_count == 0 || !opens(0))
        return domAccepts();
    const Verdict verdict = walk();
    if (verdict == Verdict::Broken)
        return false;
    if ((verdict == Verdict::Unsure || (m_hasEscapes && !escapesAreSimple())) && !domAccepts())
        return false;
    m_hasRoot = true;
    return true;
}

bool JsonRecord::index(const char* text, std::size_t size)
{
    auto& indexer = m_parsers->indexer;
    if (!indexer || indexer->capacity() < size) {
        // Doubled, so that records that grow don't allocate each time.
        const std::size_t capacity =
            std::max<std::size_t>(size, indexer ? 2 * indexer->capacity() : 16 * 1024);
        indexer.reset();
        if (simdjson::get_active_implementation()->create_dom_parser_implementation(
                std::min<std::size_t>(capacity, simdjson::SIMDJSON_MAXSIZE_BYTES), 1, indexer))
            return false;
    }
    if (indexer->stage1(reinterpret_cast<const std::uint8_t*>(text), size, simdjson::stage1_mode::regular))
        return false;
    m_text = text;
    m_size = size;
    m_tokens = indexer->structural_indexes.get();
    m_count = indexer->n_structural_indexes;
    if (m_closesSize < m_count) {
        m_closesSize = std::max<std::size_t>(m_count, 2 * m_closesSize);
        m_closes = std::make_unique_for_overwrite<std::uint32_t[]>(m_closesSize);
    }
    return true;
}

// Where it stands in the grammar is where it stands in the code, so that the processor learns the pattern of
// a record; texts and numbers in objects, which most of a record is, take the shortest way. Tokens behind the
// last one are sentinels that point at or before the end of the text: looking at the next three is safe, and
// consuming one is what makes the text broken.
JsonRecord::Verdict JsonRecord::walk()
{
    std::array<std::uint32_t, kMostDepth> open;
    std::size_t depth = 0;
    bool unsure = false;
    const char* const text = m_text;
    const std::uint32_t* const tokens = m_tokens;
    const std::uint32_t count = m_count;
    std::uint32_t token = 0;
    // A value that is neither text nor opens anything. False: nothing begins like that.
    const auto takeScalar = [&unsure](const char* at) {
        if (isDigit(*at) || *at == '-')
            unsure |= !isPlainNumber(at);
        else if (*at == 't' || *at == 'f' || *at == 'n')
            unsure |= !isPlainWord(at);
        else
            return false;
        return true;
    };
    const char* at = text + tokens[0];
    if (*at == '[')
        goto beginArray;

beginObject:
    if (depth == kMostDepth)
        return Verdict::Broken;
    open[depth++] = token++;
    if (text[tokens[token]] == '}')
        goto close;
key:
    if (token + 2 >= count || text[tokens[token]] != '"' || text[tokens[token + 1]] != ':')
        return Verdict::Broken;
    token += 2;
    at = text + tokens[token];
    if (*at != '"') {
        if (*at == '{')
            goto beginObject;
        if (*at == '[')
            goto beginArray;
        if (!takeScalar(at))
            return Verdict::Broken;
    }
    ++token;
behindField:
    if (token >= count)
        return Verdict::Broken;
    at = text + tokens[token];
    if (*at == ',') {
        ++token;
        goto key;
    }
    if (*at == '}')
        goto close;
    return Verdict::Broken;

beginArray:
    if (depth == kMostDepth)
        return Verdict::Broken;
    open[depth++] = token++;
    if (text[tokens[token]] == ']')
        goto close;
item:
    if (token >= count)
        return Verdict::Broken;
    at = text + tokens[token];
    if (*at != '"') {
        if (*at == '{')
            goto beginObject;
        if (*at == '[')
            goto beginArray;
        if (!takeScalar(at))
            return Verdict::Broken;
    }
    ++token;
behindItem:
    if (token >= count)
        return Verdict::Broken;
    at = text + tokens[token];
    if (*at == ',') {
        ++token;
        goto item;
    }
    if (*at != ']')
        return Verdict::Broken;

close:
    if (token >= count)
        return Verdict::Broken;
    unsure |= depth > kSureDepth;
    m_closes[open[--depth]] = token++;
    if (depth == 0) {
        if (token != count)
            return Verdict::Broken;
        return unsure ? Verdict::Unsure : Verdict::Good;
    }
    if (text[tokens[open[depth - 1]]] == '{')
        goto behindField;
    goto behindItem;
}

bool JsonRecord::escapesAreSimple() const
{
    // A backslash outside a string was no token that walk() took, so each one here stands in a string.
    const char* const end = m_text + m_size;
    const char* at = m_text;
    while ((at = static_cast<const char*>(std::memchr(at, '\\', static_cast<std::size_t>(end - at))))) {
        if (end - at < 2)
            return false;
        switch (at[1]) {
        case '"':
        case '\\':
        case '/':
        case 'b':
        case 'f':
        case 'n':
        case 'r':
        case 't':
            at += 2;
            break;
        case 'u': {
            constexpr std::ptrdiff_t kEscape = 6;
            const std::optional<unsigned> code =
                end - at < kEscape ? std::nullopt : hexValue(std::string_view(at + 2, 4));
            if (!code || (*code >= 0xd800 && *code < 0xe000))
                return false;
            at += kEscape;
            break;
        }
        default:
            return false;
        }
    }
    return true;
}

bool JsonRecord::domAccepts() const
{
    return !m_parsers->judge.parse(m_text, m_size, /*realloc_if_needed=*/false).error();
}

bool JsonRecord::isRareName(std::uint32_t token, std::string_view name) const
{
    const std::string_view raw = rawText(token);
    return raw.find('\\') == std::string_view::npos ? raw == name : unescaped(raw) == name;
}

std::string JsonRecord::unescaped(std::string_view raw) const
{
    // Never longer than written; simdjson writes in whole vectors.
    std::string text(raw.size() + kPayloadPadding, '\0');
    auto* const begin = reinterpret_cast<std::uint8_t*>(text.data());
    const std::uint8_t* const end =
        m_parsers->indexer->parse_string(reinterpret_cast<const std::uint8_t*>(raw.data()), begin);
    text.resize(end ? static_cast<std::size_t>(end - begin) : 0);
    return text;
}

std::optional<std::string> JsonValue::text() const
{
    if (!isString())
        return std::nullopt;
    const std::string_view raw = m_record->rawText(m_token);
    return m_record->m_hasEscapes && raw.find('\\') != std::string_view::npos ? m_record->unescaped(raw)
                                                                              : std::string(raw);
}

std::string_view JsonValue::view(std::string& scratch) const
{
    if (!isString())
        return {};
    const std::string_view raw = m_record->rawText(m_token);
    if (!m_record->m_hasEscapes || raw.find('\\') == std::string_view::npos)
        return raw;
    scratch = m_record->unescaped(raw);
    return scratch;
}

} // namespace jetlag
