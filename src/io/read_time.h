#pragma once

#include <algorithm>
#include <cstdint>

#include "io/storage.h"

namespace evodb {

/// When requests began, by the store's clock: made before them, asked after them. What they taught about that clock counts
/// where it makes them earlier: a machine that stood still, and its clock with it, has not read anything lately.
class read_time {
 public:
  explicit read_time(const storage &where)
      : storage_(&where), here_ms_(where.runtime()->now_ms()), ahead_ms_(where.store().clock_ahead_ms()) {}

  std::int64_t ms() const { return here_ms_ + std::min(ahead_ms_, storage_->store().clock_ahead_ms()); }

 private:
  const storage *storage_;
  std::int64_t here_ms_, ahead_ms_;
};

}  // namespace evodb
