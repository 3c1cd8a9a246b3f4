#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "runtime/task.h"

namespace evodb {

/// Bytes that are not in memory, to be stored: their number is known, and any part can be read, more than once and
/// several at a time.
class byte_source {
 public:
  virtual ~byte_source() = default;

  virtual std::int64_t size() const noexcept = 0;
  /// Exactly these, which lie within the size; throws where that cannot be.
  virtual task<bytes> read(std::int64_t offset, std::int64_t length) = 0;
  /// Called by a store when it has taken so many of them.
  virtual void was_stored(std::int64_t) noexcept {}
};

}  // namespace evodb
