#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "http/connection_pool.h"
#include "http/http_exchange.h"
#include "runtime/async_semaphore.h"

namespace evodb {

/// One try of a request, over a connection that is kept for the next one. Any thread.
class http_client {
 public:
  struct limits {
    std::chrono::nanoseconds connect = std::chrono::seconds(10);   ///< name, connection, proxy and TLS
    std::chrono::nanoseconds exchange = std::chrono::seconds(60);  ///< the request and its answer
    std::size_t connections = 64;       ///< in use at a time; a request that finds none waits, until it is cancelled
    std::size_t idle_connections = 16;  ///< for each I/O thread
    std::chrono::nanoseconds longest_idle = std::chrono::seconds(20);
  };

  http_client(std::weak_ptr<runtime> environment, std::shared_ptr<dialer> by, origin to, limits within);

  const origin &to() const noexcept { return to_; }
  std::int64_t connections_opened() const noexcept { return connections_opened_; }
  std::size_t connections_in_use() const { return in_use_.taken(); }
  std::int64_t waits_for_a_connection() const { return in_use_.waits(); }

  /// Throws what exchange and dialling throw, STORAGE_UNAVAILABLE when a limit has passed, and CANCELLED naming what was
  /// waited for. A server that lets wait for its first answer for five seconds is warned of. `progress` says then, and
  /// when the operation was cancelled, whether the request may have reached the server.
  task<http_answer> send(const http_request &request, std::int64_t largest_body, exchange_progress &progress);

 private:
  task<std::unique_ptr<byte_stream>> connect(runtime &environment);
  std::string awaited(const exchange_progress &so_far) const;

  const std::weak_ptr<runtime> environment_;
  const std::shared_ptr<dialer> dialer_;
  const origin to_;
  const limits within_;
  async_semaphore in_use_;
  connection_pool idle_;
  std::atomic<std::int64_t> connections_opened_{0};
};

}  // namespace evodb
