#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/little_endian.h"
#include "model/span.h"

namespace evodb {

/// The lower or the upper bounds of a column, one for each file or none: single-value bytes. Bounds of up to eight bytes,
/// as numbers and dates have them, stand in the column itself, so that to compare those of all files is one pass over
/// memory; longer ones are in the batch's arena.
class bound_column {
 public:
  static constexpr std::size_t bytes_a_row = sizeof(std::uint64_t) + sizeof(std::uint8_t);

  bool empty() const noexcept { return sizes_.empty(); }
  std::size_t size() const noexcept { return sizes_.size(); }
  bool has_any() const noexcept;
  std::int64_t size_in_bytes() const noexcept;

  void reserve(std::size_t rows);
  void resize(std::size_t rows);  ///< rows that are new have no bound
  void clear(std::size_t row) noexcept { sizes_[row] = none; }
  /// `arena`: the batch's. Throws as keep_in does.
  void set(std::size_t row, byte_view bound, bytes &arena);
  /// Adds a row, the same as one of a column whose arena was appended to this one's at `offset`.
  void push_same(const bound_column &from, std::size_t row, std::uint32_t offset);

  /// Nothing where the file has no bound; in an empty column no file has one. Valid until the column or the arena changes.
  std::optional<byte_view> at(std::size_t row, byte_view arena) const noexcept {
    const std::uint8_t size = empty() ? none : sizes_[row];
    if (size == none) return std::nullopt;
    if (size == in_arena) return text_of(load_le<span>(&words_[row]), arena);
    return byte_view(reinterpret_cast<const char *>(&words_[row]), size);
  }
  /// The number that a bound of just its width is; false where the file has another bound or none.
  template <typename Number>
  bool load(std::size_t row, Number &number) const noexcept {
    static_assert(sizeof(Number) <= sizeof(std::uint64_t));
    if (empty() || sizes_[row] != sizeof(Number)) return false;
    number = load_le<Number>(&words_[row]);
    return true;
  }

 private:
  static constexpr std::uint8_t in_arena = 254, none = 255;  // in the place of a size

  std::vector<std::uint64_t> words_;  ///< bounds, or their spans
  std::vector<std::uint8_t> sizes_;
};

}  // namespace evodb
