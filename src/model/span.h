#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.h"

namespace evodb {

/// A piece of a batch's arena; length -1 is null.
struct span {
  std::uint32_t offset = 0;
  std::int32_t length = -1;
  bool is_null() const noexcept { return length < 0; }
};

inline std::string_view text_of(span s, std::string_view arena) noexcept {
  return arena.substr(s.offset, s.is_null() ? 0 : static_cast<std::size_t>(s.length));
}

/// Copies the text into the arena. Throws RESOURCE_EXHAUSTED when the arena would pass 4 GiB.
span keep_in(bytes &arena, std::string_view text);

}  // namespace evodb
