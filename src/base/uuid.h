#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace evodb {

struct uuid {
  std::array<std::uint8_t, 16> octets{};  ///< big-endian, as written in text

  std::string to_text() const;  ///< lower case, with hyphens
  std::uint64_t high() const noexcept;
  std::uint64_t low() const noexcept;

  /// Makes 16 random octets a version 4 uuid.
  static uuid from_random(std::array<std::uint8_t, 16> random) noexcept;
  /// Throws INVALID_ARGUMENT unless the text has the form 8-4-4-4-12.
  static uuid parse(std::string_view text);

  auto operator<=>(const uuid &) const = default;
};

}  // namespace evodb
