#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "runtime/runtime.h"

namespace evodb {

/// Addresses of hosts, kept for a while. A look-up that hangs in the system ends for its caller when that is cancelled.
/// Any thread.
class name_resolver {
 public:
  explicit name_resolver(std::weak_ptr<runtime> environment) : environment_(std::move(environment)) {}

  using addresses = std::vector<boost::asio::ip::address>;
  /// At least one. Throws STORAGE_UNAVAILABLE naming the host.
  task<addresses> resolve(std::string host);
  /// After no connection to any of them could be made.
  void forget(const std::string &host);

 private:
  struct known {
    addresses found;
    steady_time until{};
  };

  const std::weak_ptr<runtime> environment_;
  std::mutex state_;
  std::map<std::string, known> known_;
};

}  // namespace evodb
