#include "base/uuid.h"

#include <fmt/format.h>

#include <cctype>
#include <cstring>

#include "base/bytes.h"
#include "base/error.h"

namespace evodb {
namespace {

std::uint64_t load_big_endian(const std::uint8_t *from) noexcept {
  std::uint64_t value = 0;
  for (int i = 0; i < 8; ++i) value = value << 8 | from[i];
  return value;
}

constexpr bool is_hyphen_position(std::size_t at) noexcept {
  return at == 8 || at == 13 || at == 18 || at == 23;
}
constexpr std::size_t text_size = 36;

}  // namespace

std::string uuid::to_text() const {
  std::string text = to_hex(byte_view(reinterpret_cast<const char *>(octets.data()), octets.size()));
  for (std::size_t at = 0; at < text_size; ++at) {
    if (is_hyphen_position(at)) text.insert(at, 1, '-');
  }
  return text;
}

std::uint64_t uuid::high() const noexcept {
  return load_big_endian(octets.data());
}
std::uint64_t uuid::low() const noexcept {
  return load_big_endian(octets.data() + 8);
}

uuid uuid::from_random(std::array<std::uint8_t, 16> random) noexcept {
  uuid made{random};
  made.octets[6] = static_cast<std::uint8_t>((made.octets[6] & 0x0f) | 0x40);
  made.octets[8] = static_cast<std::uint8_t>((made.octets[8] & 0x3f) | 0x80);
  return made;
}

uuid uuid::parse(std::string_view text) {
  std::string digits;
  bool well_formed = text.size() == text_size;
  for (std::size_t at = 0; well_formed && at < text_size; ++at) {
    const bool hyphen = text[at] == '-';
    well_formed = hyphen == is_hyphen_position(at) && (hyphen || std::isxdigit(static_cast<unsigned char>(text[at])));
    if (!hyphen) digits += text[at];
  }
  if (!well_formed) fail(status::INVALID_ARGUMENT, fmt::format("not a uuid: '{}'", text));
  const bytes octets = from_hex(digits);
  uuid parsed;
  std::memcpy(parsed.octets.data(), octets.data(), parsed.octets.size());
  return parsed;
}

}  // namespace evodb
