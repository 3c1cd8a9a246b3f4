#include "base/utf8.h"

#include <fmt/format.h>

#include <cstdint>

#include "base/little_endian.h"

namespace evodb {
namespace {

constexpr std::uint32_t last_code_point = 0x10ffff;
constexpr std::uint32_t first_surrogate = 0xd800;
constexpr std::uint32_t behind_surrogates = 0xe000;

bool is_continuation(char c) noexcept {
  return (c & 0xc0) == 0x80;
}

/// How many octets at the front are ASCII, as far as eight at a time show.
std::size_t leading_ascii(std::string_view text) noexcept {
  std::size_t count = 0;
  while (text.size() - count >= 8 && (load_le<std::uint64_t>(text.data() + count) & 0x8080808080808080) == 0)
    count += 8;
  return count;
}

/// Decodes the code point at the front and returns its length; 0 where the text is ill-formed.
std::size_t decode(std::string_view text, std::uint32_t &code_point) noexcept {
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80) {
    code_point = lead;
    return 1;
  }
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  constexpr std::uint32_t lowest[] = {0, 0, 0x80, 0x800, 0x10000};  // what a shorter form could have said is overlong
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return 0;
  code_point = lead & (0x7fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if (!is_continuation(text[i])) return 0;
    code_point = code_point << 6 | (static_cast<unsigned char>(text[i]) & 0x3f);
  }
  const bool surrogate = code_point >= first_surrogate && code_point < behind_surrogates;
  return code_point >= lowest[length] && code_point <= last_code_point && !surrogate ? length : 0;
}

void encode(std::uint32_t code_point, std::string &to) {
  if (code_point < 0x80) {
    to += static_cast<char>(code_point);
    return;
  }
  const int continuations = code_point < 0x800 ? 1 : code_point < 0x10000 ? 2 : 3;
  constexpr unsigned char leads[] = {0, 0xc0, 0xe0, 0xf0};
  to += static_cast<char>(leads[continuations] | code_point >> (6 * continuations));
  for (int i = continuations - 1; i >= 0; --i) to += static_cast<char>(0x80 | (code_point >> (6 * i) & 0x3f));
}

}  // namespace

bool is_utf8(std::string_view text) noexcept {
  std::uint32_t code_point = 0;
  for (text.remove_prefix(leading_ascii(text)); !text.empty(); text.remove_prefix(leading_ascii(text))) {
    const std::size_t length = decode(text, code_point);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string with_escapes(std::string text) {
  if (is_utf8(text)) return text;
  std::string escaped;
  for (std::string_view rest = text; !rest.empty();) {
    std::uint32_t code_point = 0;
    const std::size_t length = decode(rest, code_point);
    if (length != 0) {
      escaped += rest.substr(0, length);
    } else {
      escaped += fmt::format("\\x{:02x}", static_cast<unsigned char>(rest.front()));
    }
    rest.remove_prefix(length == 0 ? 1 : length);
  }
  return escaped;
}

std::size_t offset_of_code_point(std::string_view text, std::size_t count) noexcept {
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    if (!is_continuation(text[at]) && count-- == 0) break;
  }
  return at;
}

std::optional<std::string> truncate_up(std::string_view text, std::size_t count) {
  if (!is_utf8(text)) return std::nullopt;
  const std::size_t end = offset_of_code_point(text, count);
  if (end == text.size()) return std::string(text);
  std::string cut(text.substr(0, end));
  while (!cut.empty()) {
    std::size_t last = cut.size() - 1;
    while (is_continuation(cut[last])) --last;
    std::uint32_t code_point = 0;
    decode(std::string_view(cut).substr(last), code_point);
    cut.resize(last);
    if (code_point != last_code_point) {
      encode(code_point + 1 == first_surrogate ? behind_surrogates : code_point + 1, cut);
      return cut;
    }
  }
  return std::nullopt;
}

std::optional<std::string> truncate_bytes_up(std::string_view data, std::size_t count) {
  if (data.size() <= count) return std::string(data);
  std::string cut(data.substr(0, count));
  while (!cut.empty()) {
    if (static_cast<unsigned char>(cut.back()) != 0xff) {
      ++cut.back();
      return cut;
    }
    cut.pop_back();
  }
  return std::nullopt;
}

}  // namespace evodb
