#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "runtime/memory_budget.h"

namespace evodb {

/// What one piece of work takes out of a memory budget, little by little, and gives back all at once.
class budget_account {
 public:
  explicit budget_account(memory_budget &budget) noexcept : budget_(budget) {}

  /// `size` bytes more. Throws RESOURCE_EXHAUSTED.
  void take(std::size_t size) {
    used_ += size;
    if (used_ <= reserved_) return;
    const std::size_t step = std::max(used_ - reserved_, least_step);
    reservations_.push_back(budget_.reserve(static_cast<std::int64_t>(step)));
    reserved_ += step;
  }

 private:
  static constexpr std::size_t least_step = 64 * 1024;
  memory_budget &budget_;
  std::vector<memory_budget::reservation> reservations_;
  std::size_t used_ = 0;
  std::size_t reserved_ = 0;
};

}  // namespace evodb
