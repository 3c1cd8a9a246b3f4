#pragma once

#include <atomic>
#include <cstdint>

#include "http/http_exchange.h"
#include "io/store_counter.h"

namespace evodb {

/// Counts what is sent and what comes back. Any thread.
class request_counters {
 public:
  void count(const http_request &sent, bool is_retry) noexcept;
  void count(const http_answer &received) noexcept;

  /// Not of connections, which the HTTP client counts.
  std::int64_t of(store_counter which) const noexcept;

 private:
  std::atomic<std::int64_t> gets_{0}, heads_{0}, puts_{0}, lists_{0}, deletes_{0}, retries_{0}, bytes_sent_{0},
      bytes_received_{0};
};

}  // namespace evodb
