#pragma once

#include <atomic>
#include <cstdint>

namespace evodb {

/// How far copying has come. Any thread.
struct transfer_progress {
  std::atomic<std::int64_t> done_bytes{0};
  std::atomic<std::int64_t> total_bytes{0};  ///< 0 until it is known
};

}  // namespace evodb
