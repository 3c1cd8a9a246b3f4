#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "model/data_files.h"
#include "runtime/memory_budget.h"

namespace evodb {

/// What one file is known by in two snapshots: a digest of its path; of a deletion vector, of the path, the offset in that
/// file and the data file it applies to, since a Puffin file holds several.
struct file_key {
  std::array<std::uint64_t, 2> digest{};
  auto operator<=>(const file_key &) const = default;
};
file_key file_key_of(const data_files &files, std::size_t row);

/// Many files by their keys alone, each of which can be marked. First all are added, then they are looked for. Their
/// memory is held from the budget. One thread at a time.
class file_keys {
 public:
  explicit file_keys(memory_budget &budget) : budget_(&budget) {}

  /// Makes room for more. Throws RESOURCE_EXHAUSTED.
  void reserve(std::size_t more);
  void add(const file_key &one) { keys_.push_back(one); }
  /// After the last add.
  void close();
  /// Whether it was added; it is marked then.
  bool mark(const file_key &one);
  bool is_marked(const file_key &one) const;

 private:
  std::size_t position_of(const file_key &one) const;  ///< their number if it is none of them

  memory_budget *budget_;
  std::deque<memory_budget::reservation> held_;
  std::vector<file_key> keys_;  ///< ascending once it is closed
  std::vector<bool> marks_;
};

}  // namespace evodb
