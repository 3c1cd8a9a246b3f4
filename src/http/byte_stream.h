#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "http/origin.h"
#include "runtime/task.h"

namespace evodb {

/// One connection to a server. Of one coroutine at a time, on the executor where it was dialled. Every wait ends with
/// CANCELLED when the operation is cancelled, and with STORAGE_UNAVAILABLE when the connection breaks; after either
/// nothing but destroying it makes sense. Destroying closes.
class byte_stream {
 public:
  virtual ~byte_stream() = default;
  virtual task<> write(std::string_view all) = 0;
  /// At least one byte; 0 when the other side has ended.
  virtual task<std::size_t> read_some(std::span<char> into) = 0;
  /// Whether an idle connection is certain to be of no more use: closed by the server, or with bytes that were not asked for.
  virtual bool is_stale() noexcept = 0;
};

/// How far a connection in the making came.
struct dial_progress {
  std::string awaited;  ///< what it waits for, such as "the TLS handshake with HOST:PORT"
};

/// Makes connections: over sockets, or for tests to whatever they play.
class dialer {
 public:
  virtual ~dialer() = default;
  virtual task<std::unique_ptr<byte_stream>> dial(origin to, dial_progress &progress) = 0;
  /// What stands between, as a message adds it: ", through the proxy HOST:PORT (https_proxy)"; empty where nothing does.
  virtual std::string way_to(const origin &) const { return {}; }
};

}  // namespace evodb
