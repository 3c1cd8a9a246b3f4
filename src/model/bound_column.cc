#include "model/bound_column.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace evodb {

bool bound_column::has_any() const noexcept {
  return std::any_of(sizes_.begin(), sizes_.end(), [](std::uint8_t size) { return size != none; });
}

std::int64_t bound_column::size_in_bytes() const noexcept {
  return static_cast<std::int64_t>(words_.capacity() * sizeof(words_[0]) + sizes_.capacity());
}

void bound_column::reserve(std::size_t rows) {
  words_.reserve(rows);
  sizes_.reserve(rows);
}

void bound_column::resize(std::size_t rows) {
  words_.resize(rows);
  sizes_.resize(rows, none);
}

void bound_column::set(std::size_t row, byte_view bound, bytes &arena) {
  std::uint64_t word = 0;
  const bool is_short = bound.size() <= sizeof word;
  if (!is_short) {
    word = std::bit_cast<std::uint64_t>(keep_in(arena, bound));
  } else if (!bound.empty()) {
    std::memcpy(&word, bound.data(), bound.size());
  }
  words_[row] = word;
  sizes_[row] = is_short ? static_cast<std::uint8_t>(bound.size()) : in_arena;
}

void bound_column::push_same(const bound_column &from, std::size_t row, std::uint32_t offset) {
  resize(size() + 1);
  if (from.empty()) return;
  words_.back() = from.words_[row];
  sizes_.back() = from.sizes_[row];
  if (sizes_.back() != in_arena) return;
  auto moved = std::bit_cast<span>(words_.back());
  moved.offset += offset;
  words_.back() = std::bit_cast<std::uint64_t>(moved);
}

}  // namespace evodb
