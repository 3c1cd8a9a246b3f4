#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "http/byte_stream.h"
#include "runtime/runtime.h"

namespace evodb {

/// Connections to one endpoint that are open and idle. Each stays on the executor where it was dialled. Any thread.
class connection_pool {
 public:
  connection_pool(std::size_t most_idle, std::chrono::nanoseconds longest_idle)
      : most_idle_(most_idle), longest_idle_(longest_idle) {}

  /// The one that was used last on that executor, as far as it seems to be of use still; null if there is none.
  std::unique_ptr<byte_stream> take(const executor &here, steady_time now);
  void give_back(const executor &here, std::unique_ptr<byte_stream> idle, steady_time now);

 private:
  struct entry {
    executor home;
    std::unique_ptr<byte_stream> stream;
    steady_time since{};
  };
  void drop_old(const executor &here, steady_time now);

  const std::size_t most_idle_;
  const std::chrono::nanoseconds longest_idle_;
  std::mutex state_;
  std::vector<entry> idle_;  ///< oldest first
};

}  // namespace evodb
