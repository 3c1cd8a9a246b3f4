#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <type_traits>

#include "base/error.h"

/// What fuzzers share: an input as text, and what is a finding. A sanitizer's report, an exception that leaves the
/// fuzzer and a property that does not hold are findings; an evodb::error where the input may be refused is none.
namespace evodb::fuzz {

inline std::string_view text_of(const std::uint8_t *data, std::size_t size) noexcept {
  return {reinterpret_cast<const char *>(data), size};
}

inline void require(bool holds, const char *property) noexcept {
  if (holds) return;
  std::fprintf(stderr, "the property does not hold: %s\n", property);
  std::abort();
}

/// What `f` returns (for void: true); null where it refuses its input, for one of the reasons `expected` (none given: any
/// but INTERNAL).
template <typename F>
auto attempt(F &&f, std::initializer_list<status> expected = {}) {
  using result = std::decay_t<decltype(f())>;
  try {
    if constexpr (std::is_void_v<result>) {
      f();
      return true;
    } else {
      return std::optional<result>(f());
    }
  } catch (const error &refused) {
    const bool is_expected = expected.size() == 0
                                 ? refused.code() != status::INTERNAL
                                 : std::find(expected.begin(), expected.end(), refused.code()) != expected.end();
    if (!is_expected) throw;
    if constexpr (std::is_void_v<result>) {
      return false;
    } else {
      return std::optional<result>();
    }
  }
}

}  // namespace evodb::fuzz
