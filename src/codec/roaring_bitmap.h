#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace evodb {

/// A bitmap of 32-bit numbers in Roaring's portable format (RoaringFormatSpec), read where it lies. Nothing is trusted:
/// how many numbers there are is known, and bounded by what the data describes, before any of them is made. Every
/// failure is CORRUPT and names the file.
class roaring_bitmap {
 public:
  /// The bitmap that `data` begins with. Both views must outlive it.
  roaring_bitmap(byte_view data, std::string_view file);

  std::size_t size_in_bytes() const noexcept { return size_; }  ///< of the data
  std::int64_t cardinality() const noexcept { return cardinality_; }
  /// Appends base + each number, ascending: exactly as many as the cardinality, or it throws.
  void append_to(std::vector<std::int64_t> &positions, std::int64_t base) const;

 private:
  enum class container_kind { array, bitset, runs };
  struct container {
    std::uint32_t high = 0;  ///< the upper 16 bits of its numbers, in their place
    std::size_t cardinality = 0;
    container_kind kind = container_kind::array;
    byte_view body;
  };

  /// Calls `visit(container)` for each of them, in the order of the data; returns where the last one ends.
  template <typename Visit>
  std::size_t for_each_container(Visit visit) const;
  byte_view part(std::size_t offset, std::size_t length) const;
  [[noreturn]] void fail_corrupt(std::string_view problem) const;

  byte_view data_;
  std::string_view file_;
  std::size_t container_count_ = 0;
  byte_view run_flags_;          ///< a bit for each container; empty: none of them is of runs
  std::size_t descriptors_ = 0;  ///< where they begin
  std::size_t size_ = 0;
  std::int64_t cardinality_ = 0;
};

/// Appends the bitmap of the lower 32 bits of `positions`, which ascend by these, with each container in the smallest of
/// its three forms. These are the bytes that Iceberg Java writes of positions that are deleted one by one.
void append_roaring_bitmap(bytes &to, std::span<const std::int64_t> positions);

}  // namespace evodb
